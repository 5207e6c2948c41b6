//! What is too much, said with the limit's name.

use super::graphs::{Asked, ask, catalog, json, router, router_of, shelf};
use djinn_router::Limits;
use std::{fmt::Write, sync::Arc};

async fn refused(query: &str) -> (String, String) {
    let answer = json(&ask(&router(), query).await);
    assert!(answer.get("data").is_none(), "{answer}");
    let error = &answer["errors"][0];
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    (text(&error["extensions"]["code"]), text(&error["message"]))
}

fn is(code: &str, words: &str, found: &(String, String)) {
    assert!(found.0 == code && found.1.contains(words), "{found:?}");
}

#[tokio::test]
async fn depth_is_counted_through_fragments() {
    let deep = |levels: usize| {
        let body = (0..levels).fold("id".to_owned(), |inner, _| format!("related {{ {inner} }}"));
        format!("{{ game(id: \"1\") {{ ...F }} }} fragment F on Game {{ {body} }}")
    };
    assert!(ask(&router(), &deep(3)).await.errors().is_empty());
    is("QUERY_TOO_DEEP", "12 levels", &refused(&deep(11)).await);
}

#[tokio::test]
async fn aliases_are_counted_through_fragments() {
    let mut query =
        "query { game(id: \"1\") { related { ...F related { ...F ...F } } } } fragment F on Game {"
            .to_owned();
    for number in 0..11 {
        write!(query, " a{number}: id").unwrap();
    }
    query.push('}');
    is("QUERY_TOO_COMPLEX", "30 aliases", &refused(&query).await);
}

#[tokio::test]
async fn root_fields_tokens_and_directives_are_bounded() {
    let many = |count: usize, one: &str| vec![one; count].join(" ");
    is(
        "QUERY_TOO_COMPLEX",
        "20 root fields",
        &refused(&format!("{{ {} }}", many(21, "echo"))).await,
    );
    is(
        "QUERY_TOO_COMPLEX",
        "2000 tokens",
        &refused(&format!("{{ {} }}", many(2_000, "echo"))).await,
    );
    is(
        "QUERY_TOO_COMPLEX",
        "50 directives",
        &refused(&format!("{{ echo {} }}", many(51, "@include(if: true)"))).await,
    );
}

#[tokio::test]
async fn fragments_that_double_each_time_are_refused_before_they_are_spread() {
    let mut query = "{ game(id: \"1\") { ...F0 } }".to_owned();
    for number in 0..40 {
        write!(
            query,
            " fragment F{number} on Game {{ ...F{n} ...F{n} }}",
            n = number + 1
        )
        .unwrap();
    }
    query.push_str(" fragment F40 on Game { id }");
    is("QUERY_TOO_COMPLEX", "5000 fields", &refused(&query).await);
}

#[tokio::test]
async fn a_chain_of_7500_fragments_and_a_cycle_are_refused_without_harm() {
    let limits = Limits {
        tokens: 1_000_000,
        document_bytes: 16 * 1024 * 1024,
        ..Limits::default()
    };
    let asked = Arc::new(Asked::default());
    let router = router_of(vec![Arc::new(catalog()), Arc::new(shelf(&asked))], limits);
    let mut chain = "{ game(id: \"1\") { ...F0 } }".to_owned();
    for number in 0..7_500 {
        write!(
            chain,
            " fragment F{number} on Game {{ ...F{} }}",
            number + 1
        )
        .unwrap();
    }
    let cycle = format!("{chain} fragment F7500 on Game {{ ...F0 }}");
    chain.push_str(" fragment F7500 on Game { id }");
    assert_eq!(ask(&router, &chain).await.code(), Some("QUERY_TOO_DEEP"));
    assert_eq!(
        ask(&router, &cycle).await.code(),
        Some("GRAPHQL_VALIDATION_FAILED")
    );
    // With the limits in force, the tokens refuse both first.
    is("QUERY_TOO_COMPLEX", "2000 tokens", &refused(&chain).await);
}

#[tokio::test]
async fn a_text_that_nests_without_end_is_refused_by_the_parser() {
    for text in [
        format!("{{ echo(text: {}", "[".repeat(900)),
        "{ a ".repeat(900),
        "{".repeat(1_900),
    ] {
        is("GRAPHQL_PARSE_FAILED", "", &refused(&text).await);
    }
}

#[tokio::test]
async fn a_text_that_is_not_graphql_is_told_the_place() {
    let answer = json(&ask(&router(), "{ echo\n  (").await);
    assert_eq!(
        answer["errors"][0]["extensions"]["code"],
        "GRAPHQL_PARSE_FAILED"
    );
    assert_eq!(answer["errors"][0]["locations"][0]["line"], 2, "{answer}");
}

#[tokio::test]
async fn the_name_of_a_type_takes_no_argument() {
    for query in [
        "{ __typename(a: 1) }",
        "{ ... { game(id: \"1\") { __typename(a: 1) } } }",
    ] {
        let answer = json(&ask(&router(), query).await);
        let error = &answer["errors"][0];
        assert_eq!(
            error["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED",
            "{query}: {answer}"
        );
        assert_eq!(error["message"], "Unknown argument \"a\".", "{query}");
    }
}

#[tokio::test]
async fn no_mistake_gets_a_suggestion_or_the_name_of_a_type() {
    for query in [
        "{ gam(id: \"1\") { id } }",
        "{ game(idd: \"1\") { id } }",
        "{ game(id: \"1\") }",
        "{ game(id: \"1\") { titel } }",
        "{ echo { id } }",
        "{ echo(number: \"x\") }",
        "{ game { id } }",
        "query($x: Nonsense) { echo(text: $x) }",
        "query($x: Int) { echo(text: $x) }",
        "{ ... on Player { id } echo }",
        "{ echo: echo(number: 1) echo: echo(number: 2) }",
    ] {
        let answer = json(&ask(&router(), query).await);
        assert_eq!(
            answer["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED",
            "{query}: {answer}"
        );
        let said = answer["errors"].to_string();
        for leak in [
            "Did you mean",
            "Game",
            "Query",
            "String",
            "Int\"",
            "Boolean",
            "Player",
        ] {
            assert!(!said.contains(leak), "{query}: {said}");
        }
    }
}

/// Within every limit, and made to be as much work as possible: none may take long, and none may
/// exhaust the stack.
#[tokio::test]
async fn documents_made_to_be_slow_are_not() {
    let many = |count: usize, one: &str| vec![one; count].join(" ");
    let nested = format!(
        "{{ game(id: \"1\") {{ {} id {} }} }}",
        "... on Game {".repeat(45),
        "}".repeat(45)
    );
    let chained = (0..55).fold(
        "{ game(id: \"1\") { ...F0 } }".to_owned(),
        |query, number| {
            format!(
                "{query} fragment F{number} on Game {{ ...F{} }}",
                number + 1
            )
        },
    ) + " fragment F55 on Game { id }";
    let doubling = (0..10).fold("{ game(id: \"1\") { ...F0 } }".to_owned(), |query, n| {
        let next = n + 1;
        format!("{query} fragment F{n} on Game {{ id ...F{next} title ...F{next} }}")
    }) + " fragment F10 on Game { id }";
    let related = (0..6).fold("id title".to_owned(), |inner, _| {
        format!("related {{ id playtime stars owner {{ name }} {inner} }}")
    });
    for query in [
        format!("{{ game(id: \"1\") {{ {} }} }}", many(1_900, "id")),
        format!(
            "{{ game(id: \"1\") {{ {} }} }}",
            many(320, "... on Game { id }")
        ),
        format!("{{ game(id: \"1\") {{ {} }} }}", many(450, "... { title }")),
        nested,
        chained,
        doubling,
        format!("{{ game(id: \"1\") {{ {related} }} }}"),
    ] {
        let started = std::time::Instant::now();
        let answer = ask(&router(), &query).await;
        let took = started.elapsed();
        let start: String = query.chars().take(80).collect();
        assert!(answer.errors().is_empty(), "{start}");
        assert!(took.as_secs() < 40, "{took:?}: {start}");
    }
}

#[tokio::test]
async fn lists_in_lists_are_refused_before_they_multiply() {
    let nested = |levels: usize| {
        let body = (0..levels).fold("id".to_owned(), |inner, _| format!("related {{ {inner} }}"));
        format!("{{ game(id: \"1\") {{ {body} }} }}")
    };
    assert!(ask(&router(), &nested(5)).await.errors().is_empty());
    is(
        "QUERY_TOO_COMPLEX",
        "50000 objects",
        &refused(&nested(8)).await,
    );
}

#[tokio::test]
async fn a_document_as_long_as_a_file_is_refused_before_it_is_read() {
    let long = format!("{{ echo }} #{}", "x".repeat(512 * 1024));
    is("QUERY_TOO_COMPLEX", "524288 bytes", &refused(&long).await);
}

#[tokio::test]
async fn directives_are_bounded_on_each_field_and_fragment_as_well() {
    let with = |count: usize| vec!["@include(if: true)"; count].join(" ");
    for query in [
        format!("{{ echo {} }}", with(11)),
        format!("{{ ... {} {{ echo }} }}", with(11)),
        format!("query {} {{ echo }}", with(11)),
        format!("{{ ...F {} }} fragment F on Query {{ echo }}", with(11)),
        format!("{{ ...F }} fragment F on Query {} {{ echo }}", with(11)),
    ] {
        let words = "10 directives on one field or fragment";
        is("QUERY_TOO_COMPLEX", words, &refused(&query).await);
    }
}

#[tokio::test]
async fn introspection_has_its_own_depth_and_every_other_limit() {
    let nested = |levels: usize| {
        let body = (0..levels).fold("name".to_owned(), |inner, _| {
            format!("ofType {{ {inner} }}")
        });
        format!("{{ __schema {{ types {{ fields {{ args {{ type {{ {body} }} }} }} }} }} }}")
    };
    let mut asked = super::graphs::request(&nested(9));
    asked.introspection = true;
    let usual = router().execute(asked).await;
    assert!(usual.errors().is_empty(), "{:?}", usual.errors());
    is(
        "QUERY_TOO_DEEP",
        "15 levels of introspection",
        &refused(&nested(10)).await,
    );
    let aliased: Vec<_> = (0..31).map(|n| format!("a{n}: name")).collect();
    let aliased = aliased.join(" ");
    let query = format!("{{ __schema {{ queryType {{ {aliased} }} }} }}");
    is("QUERY_TOO_COMPLEX", "30 aliases", &refused(&query).await);
}

#[tokio::test]
async fn what_proves_who_somebody_is_can_be_asked_once_in_an_operation() {
    let limits = Limits {
        single: vec!["bump".to_owned()],
        ..Limits::default()
    };
    let asked = Arc::new(Asked::default());
    let router = router_of(vec![Arc::new(catalog()), Arc::new(shelf(&asked))], limits);
    let code = async |query: &str| ask(&router, query).await.code().map(str::to_owned);
    assert_eq!(code("mutation { bump(by: 1) }").await, None);
    for twice in [
        "mutation { a: bump(by: 1) b: bump(by: 2) }",
        "mutation { a: bump(by: 1) ...F } fragment F on Mutation { b: bump(by: 2) }",
        "mutation($no: Boolean = false) { a: bump(by: 1) b: bump(by: 2) @include(if: $no) }",
    ] {
        assert_eq!(
            code(twice).await.as_deref(),
            Some("QUERY_TOO_COMPLEX"),
            "{twice}"
        );
    }
    // The first one that runs is the second there ever was: none of those refused did.
    let answer = json(&ask(&router, "mutation { bump(by: 1) }").await);
    assert_eq!(answer["data"]["bump"], 2);
}
