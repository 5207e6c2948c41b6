//! What an operation may cost, by `@cost` and `@listSize`. The situations are those of the known
//! demand-control suites: sizes by argument, variable and default, pages, abstract types,
//! conditions, fragments, input objects.

use super::graphs::{json, ports};
use async_graphql::{Response, Variables};
use djinn_kernel::Viewer;
use djinn_router::{GraphRequest, Limits, Router};
use djinn_subgraph_kit::{Call, RequestId, Subgraph, Unreachable};
use futures_util::stream::BoxStream;
use serde_json::{Value, json as value};
use std::sync::Arc;

/// What every supergraph has before its own types.
pub const JOIN: &str = include_str!("../fixtures/join.graphql");

const TYPES: &str = r#"
enum join__Graph { ALL @join__graph(name: "all", url: "http://all.invalid/graphql") }

type Query @join__type(graph: ALL) {
  book(id: ID, by: Filter, heavy: Int @cost(weight: 8)): Book
  books(first: Int, last: Int): [Book!]
    @listSize(slicingArguments: ["first", "last"], assumedSize: 9, requireOneSlicingArgument: false)
  exactly(first: Int, last: Int): [Book!] @listSize(slicingArguments: ["first", "last"])
  twenty(first: Int = 20): [Book!] @listSize(slicingArguments: ["first"])
  page(first: Int): BookPage
    @listSize(slicingArguments: ["first"], sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)
  usual: [Book!] @listSize(assumedSize: 7)
  unknown: [Book!]
  plain(limit: Int): [Book!]
  plainPage(first: Int): BookPage
  search(input: Search): [Book!]
    @listSize(slicingArguments: ["input.first"], assumedSize: 3, requireOneSlicingArgument: false)
  media(first: Int): [Medium!] @listSize(slicingArguments: ["first"])
  things(first: Int): [Thing!] @listSize(slicingArguments: ["first"])
  count: Int @cost(weight: 25)
  colour: Colour
  kind: Kind
  rare: Rare
}
type Mutation @join__type(graph: ALL) { write(filter: Filter): Book  erase: Int }
type Book implements Medium @join__type(graph: ALL) @join__implements(graph: ALL, interface: "Medium") {
  id: ID title: String author: Author pages: [Page!] @listSize(assumedSize: 2) similar(first: Int = 3): [Book!] @listSize(slicingArguments: ["first"])
}
type Film implements Medium @join__type(graph: ALL) @join__implements(graph: ALL, interface: "Medium") @cost(weight: 3) {
  id: ID title: String scenes: [Page!] @listSize(assumedSize: 10) heavy: Int @cost(weight: 4)
}
type Note @join__type(graph: ALL) @cost(weight: 0) { text: String }
type Rare @join__type(graph: ALL) @cost(weight: 12) { id: ID  author: Author @cost(weight: 2) }
interface Medium @join__type(graph: ALL) { id: ID title: String }
union Thing @join__type(graph: ALL) @join__unionMember(graph: ALL, member: "Book") @join__unionMember(graph: ALL, member: "Film") @join__unionMember(graph: ALL, member: "Note") = Book | Film | Note
type Author @join__type(graph: ALL) { name: String books(first: Int = 5): [Book!] @listSize(slicingArguments: ["first"]) }
type Page @join__type(graph: ALL) { number: Int }
type BookPage @join__type(graph: ALL) { nodes: [Book!] edges: [BookEdge!] total: Int best: Book others: [Book!] @listSize(assumedSize: 4) }
type BookEdge @join__type(graph: ALL) @cost(weight: 0) { node: Book }
scalar Colour @join__type(graph: ALL) @cost(weight: 6)
enum Kind @join__type(graph: ALL) @cost(weight: 2) { A @join__enumValue(graph: ALL) B @join__enumValue(graph: ALL) }
input Filter @join__type(graph: ALL) { title: String costly: String @cost(weight: 20) all: [Filter!] }
input Search @join__type(graph: ALL) @cost(weight: 0) { first: Int words: String }
"#;

/// Takes everything and answers nothing.
struct Silent(&'static str);

#[async_trait::async_trait]
impl Subgraph for Silent {
    fn name(&self) -> &str {
        self.0
    }
    async fn execute(&self, _: Call) -> Result<Response, Unreachable> {
        Err(Unreachable::Timeout)
    }
    async fn subscribe(&self, _: Call) -> Result<BoxStream<'static, Response>, Unreachable> {
        Err(Unreachable::Timeout)
    }
    async fn ready(&self) -> Result<(), Unreachable> {
        Ok(())
    }
}

pub fn silent(sdl: &str, names: &[&'static str], limits: Limits) -> Router {
    let subgraphs = names
        .iter()
        .map(|name| Arc::new(Silent(name)) as Arc<dyn Subgraph>);
    Router::new(sdl, subgraphs.collect(), limits, ports()).unwrap()
}

pub async fn asked(router: &Router, query: &str, name: Option<&str>, variables: Value) -> Value {
    let mut request = GraphRequest::new(query, Viewer::Anonymous, RequestId("r".into()));
    request.operation_name = name.map(str::to_owned);
    request.variables = Variables::from_json(variables);
    json(&router.execute(request).await)
}

/// What a router says that an operation costs, when nothing may cost anything.
pub async fn cost_of(router: &Router, query: &str, name: Option<&str>, variables: Value) -> i64 {
    let answer = asked(router, query, name, variables).await;
    let error = &answer["errors"][0];
    let code = error["extensions"]["code"].as_str().unwrap_or_default();
    match error["extensions"]["cost"].as_i64() {
        Some(cost) => cost,
        None if code == "SUBGRAPH_UNAVAILABLE" || answer.get("errors").is_none() => 0,
        None => panic!("{query}: {answer}"),
    }
}

pub fn free_of_charge() -> Limits {
    Limits {
        cost: 0,
        ..Limits::default()
    }
}

fn graph(limits: Limits) -> Router {
    silent(&format!("{JOIN}{TYPES}"), &["all"], limits)
}

async fn costs(query: &str, variables: Value) -> i64 {
    cost_of(&graph(free_of_charge()), query, None, variables).await
}

async fn each(cases: &[(&str, Value, i64)]) {
    let router = graph(free_of_charge());
    for (query, variables, cost) in cases {
        let found = cost_of(&router, query, None, variables.clone()).await;
        assert_eq!(found, *cost, "{query} {variables}");
    }
}

#[tokio::test]
async fn an_object_is_one_and_a_value_is_nothing_unless_they_say_otherwise() {
    each(&[
        ("{ book { id title } }", value!({}), 1),
        ("{ book { author { name } } }", value!({}), 2),
        ("{ rare { id } }", value!({}), 12),
        ("{ rare { author { name } } }", value!({}), 14),
        ("{ count }", value!({}), 25),
        ("{ colour }", value!({}), 6),
        ("{ kind }", value!({}), 2),
        ("{ __typename }", value!({}), 0),
        ("{ book { __typename } }", value!({}), 1),
    ])
    .await;
}

#[tokio::test]
async fn a_list_is_as_long_as_its_argument_its_variable_or_its_default_says() {
    let with = "query($n: Int) { books(first: $n) { id } }";
    let default = "query($n: Int = 4) { books(first: $n) { id } }";
    each(&[
        ("{ books(first: 6) { id } }", value!({}), 6),
        ("{ books(first: 6, last: 8) { id } }", value!({}), 8),
        ("{ books { id } }", value!({}), 9),
        ("{ books(first: null) { id } }", value!({}), 9),
        ("{ books(first: 0) { id } }", value!({}), 0),
        ("{ books(first: -3) { id } }", value!({}), 0),
        (with, value!({"n": 12}), 12),
        (with, value!({"n": null}), 9),
        (with, value!({}), 9),
        (default, value!({}), 4),
        (default, value!({"n": 5}), 5),
        ("{ twenty { id } }", value!({}), 20),
        (
            "query($n: Int) { twenty(first: $n) { id } }",
            value!({}),
            20,
        ),
        (
            "query($n: Int) { twenty(first: $n) { id } }",
            value!({"n": 2}),
            2,
        ),
        ("{ usual { pages { number } } }", value!({}), 7 * (1 + 2)),
        (
            "{ books(first: 10) { author { books { id } } } }",
            value!({}),
            10 * (1 + 1 + 5),
        ),
    ])
    .await;
}

#[tokio::test]
async fn a_list_that_says_nothing_is_taken_for_five_or_by_the_usual_arguments() {
    each(&[
        ("{ unknown { id } }", value!({}), 5),
        ("{ plain(limit: 30) { id } }", value!({}), 30),
        ("{ plain { id } }", value!({}), 50),
        (
            "{ plainPage(first: 30) { nodes { id } total } }",
            value!({}),
            31,
        ),
    ])
    .await;
}

#[tokio::test]
async fn a_page_gives_its_size_to_the_lists_it_names_and_to_no_other() {
    each(&[
        ("{ page(first: 10) { nodes { id } } }", value!({}), 11),
        (
            "{ page(first: 10) { edges { node { id } } } }",
            value!({}),
            11,
        ),
        ("{ page(first: 10) { total best { id } } }", value!({}), 2),
        ("{ page(first: 10) { others { id } } }", value!({}), 5),
        (
            "{ page(first: 10) { ...P } } fragment P on BookPage { nodes { id } }",
            value!({}),
            11,
        ),
        (
            "query($n: Int!) { page(first: $n) { nodes { id } edges { node { id } } } }",
            value!({"n": 3}),
            7,
        ),
    ])
    .await;
}

#[tokio::test]
async fn a_list_that_needs_one_size_is_refused_without_and_with_two() {
    let router = graph(Limits::default());
    for query in [
        "{ exactly { id } }",
        "{ exactly(first: 1, last: 1) { id } }",
        "{ exactly(first: null) { id } }",
    ] {
        let answer = asked(&router, query, None, value!({})).await;
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], "QUERY_TOO_COMPLEX", "{answer}");
        assert!(error["message"].as_str().unwrap().contains("exactly one"));
    }
    assert_eq!(costs("{ exactly(last: 4) { id } }", value!({})).await, 4);
}

#[tokio::test]
async fn a_size_may_be_within_an_input_object() {
    each(&[
        ("{ search(input: {first: 8}) { id } }", value!({}), 8),
        ("{ search(input: {words: \"x\"}) { id } }", value!({}), 3),
        (
            "query($i: Search) { search(input: $i) { id } }",
            value!({"i": {"first": 4}}),
            4,
        ),
        (
            "query($i: Search) { search(input: $i) { id } }",
            value!({}),
            3,
        ),
        (
            "query($n: Int) { search(input: {first: $n}) { id } }",
            value!({"n": 6}),
            6,
        ),
    ])
    .await;
}

#[tokio::test]
async fn of_abstract_types_the_one_that_costs_most_counts() {
    each(&[
        ("{ media(first: 2) { title } }", value!({}), 2 * 3),
        (
            "{ media(first: 2) { ... on Book { author { name } pages { number } } ... on Film { title } } }",
            value!({}),
            2 * (3 + 3),
        ),
        (
            "{ media(first: 1) { ... on Book { author { name } } ... on Film { scenes { number } heavy } } }",
            value!({}),
            3 + 14,
        ),
        ("{ things(first: 1) { ... on Note { text } } }", value!({}), 3),
        (
            "{ things(first: 1) { ... on Medium { ... on Book { author { name } } } ...F } } fragment F on Film { heavy }",
            value!({}),
            3 + 4,
        ),
    ])
    .await;
}

#[tokio::test]
async fn what_is_left_out_costs_nothing() {
    let by_variable = "query($yes: Boolean!) { book { author @include(if: $yes) { name } } }";
    let fragment = "query($no: Boolean!) { book { ...A @skip(if: $no) } } fragment A on Book { author { name } }";
    each(&[
        (
            "{ book { author @include(if: false) { name } } }",
            value!({}),
            1,
        ),
        (
            "{ book { author @skip(if: true) { name } } }",
            value!({}),
            1,
        ),
        (
            "{ book { author @skip(if: false) @include(if: true) { name } } }",
            value!({}),
            2,
        ),
        (by_variable, value!({"yes": true}), 2),
        (by_variable, value!({"yes": false}), 1),
        (fragment, value!({"no": true}), 1),
        (fragment, value!({"no": false}), 2),
    ])
    .await;
}

#[tokio::test]
async fn fragments_and_aliases_count_as_often_as_they_stand() {
    each(&[
        ("{ a: book { id } b: book { id } }", value!({}), 2),
        (
            "{ a: books(first: 2) { ...F } b: books(first: 3) { ...F } } fragment F on Book { author { ...N } } fragment N on Author { name }",
            value!({}),
            10,
        ),
    ])
    .await;
}

#[tokio::test]
async fn input_objects_and_arguments_weigh_what_they_say() {
    let variable = "query($f: Filter) { book(by: $f) { id } }";
    each(&[
        ("{ book(by: {title: \"x\"}) { id } }", value!({}), 2),
        ("{ book(by: {costly: \"x\"}) { id } }", value!({}), 22),
        (
            "{ book(by: {all: [{title: \"x\"}, {costly: \"y\"}]}) { id } }",
            value!({}),
            1 + 1 + 1 + 21,
        ),
        ("{ book(by: null) { id } }", value!({}), 1),
        ("{ book(heavy: 1) { id } }", value!({}), 9),
        (
            "query($h: Int) { book(heavy: $h) { id } }",
            value!({"h": 1}),
            9,
        ),
        ("query($h: Int) { book(heavy: $h) { id } }", value!({}), 1),
        (
            variable,
            value!({"f": {"all": [{"title": "x"}, {"costly": "y"}]}}),
            24,
        ),
        (variable, value!({"f": null}), 1),
        (
            "query($c: String) { book(by: {costly: $c}) { id } }",
            value!({"c": "x"}),
            22,
        ),
    ])
    .await;
}

#[tokio::test]
async fn a_mutation_costs_ten_besides() {
    each(&[
        ("mutation { erase }", value!({}), 10),
        ("mutation { write { id } }", value!({}), 11),
        (
            "mutation { write(filter: {title: \"x\"}) { id } }",
            value!({}),
            12,
        ),
    ])
    .await;
}

#[tokio::test]
async fn introspection_is_free() {
    let router = graph(free_of_charge());
    let mut request = GraphRequest::new(
        "{ __schema { types { name fields { name } } } }",
        Viewer::Anonymous,
        RequestId("r".into()),
    );
    request.introspection = true;
    assert!(router.execute(request).await.errors().is_empty());
}

#[tokio::test]
async fn a_refusal_names_the_limit_and_what_it_would_cost() {
    let query = "query($n: Int!) { a: books(first: $n) { b: similar(first: 50) { similar(first: 50) { id } } } }";
    let router = graph(Limits::default());
    let answer = asked(&router, query, None, value!({"n": 50})).await;
    let error = &answer["errors"][0];
    assert_eq!(error["extensions"]["code"], "QUERY_TOO_COMPLEX");
    assert_eq!(error["extensions"]["maximumCost"], 1_000);
    assert_eq!(error["extensions"]["cost"], 50 + 50 * 50 + 50 * 50 * 50);
    let message = error["message"].as_str().unwrap();
    assert!(
        message.contains("1000") && message.contains("127550"),
        "{message}"
    );
    // The same document with smaller pages runs.
    let answer = asked(&router, query, None, value!({"n": 0})).await;
    assert_ne!(
        answer["errors"][0]["extensions"]["code"],
        "QUERY_TOO_COMPLEX"
    );
}

#[tokio::test]
async fn numbers_that_overflow_are_too_much_and_not_a_panic() {
    let deep = (0..8).fold("id".to_owned(), |inner, _| {
        format!("similar(first: 2147483647) {{ {inner} }}")
    });
    let cost = costs(&format!("{{ book {{ {deep} }} }}"), value!({})).await;
    assert_eq!(cost, i64::MAX);
}

#[tokio::test]
async fn where_nothing_is_declared_only_objects_are_counted() {
    let plain = TYPES
        .split("@cost")
        .map(|part| match part.strip_prefix("(weight:") {
            Some(rest) => rest.split_once(')').unwrap().1,
            None => part,
        })
        .collect::<String>();
    let plain: String = plain
        .split("@listSize")
        .enumerate()
        .map(|(at, part)| {
            if at == 0 {
                part
            } else {
                part.split_once(')').unwrap().1
            }
        })
        .collect();
    let router = silent(&format!("{JOIN}{plain}"), &["all"], free_of_charge());
    let answer = asked(&router, "{ books(first: 100) { id } }", None, value!({})).await;
    assert_eq!(
        answer["errors"][0]["extensions"]["code"],
        "SUBGRAPH_UNAVAILABLE"
    );
    let many = "{ books(first: 50) { similar(first: 50) { similar(first: 50) { id } } } }";
    let answer = asked(&router, many, None, value!({})).await;
    let message = answer["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("50000 objects"), "{answer}");
}

#[tokio::test]
async fn renamed_and_namespaced_directives_are_understood() {
    for (link, cost, list_size) in [
        (
            r#"import: [{name: "@cost", as: "@price"}, {name: "@listSize", as: "@length"}]"#,
            "@price",
            "@length",
        ),
        (r#"as: "demand""#, "@demand", "@demand__listSize"),
        (r#"import: ["@listSize"]"#, "@cost", "@listSize"),
    ] {
        let linked = JOIN.replace(
            "for: EXECUTION)",
            &format!("for: EXECUTION) @link(url: \"https://specs.apollo.dev/cost/v0.1\", {link})"),
        );
        let types = TYPES.replace("@cost", cost).replace("@listSize", list_size);
        let router = silent(&format!("{linked}{types}"), &["all"], free_of_charge());
        let found = cost_of(
            &router,
            "{ count books(first: 3) { id } }",
            None,
            value!({}),
        )
        .await;
        assert_eq!(found, 28, "{link}");
    }
}

const TWO: &str = r#"
enum join__Graph {
  SHELF @join__graph(name: "shelf", url: "http://shelf.invalid/graphql")
  PRESS @join__graph(name: "press", url: "http://press.invalid/graphql")
}
type Query @join__type(graph: SHELF) @join__type(graph: PRESS) {
  books(first: Int!): [Book!] @listSize(slicingArguments: ["first"]) @join__field(graph: SHELF)
  news: News @join__field(graph: PRESS)
}
type Book @join__type(graph: SHELF, key: "id") @join__type(graph: PRESS, key: "id") {
  id: ID!
  place: Place @join__field(graph: SHELF)
  reviews: [Review!] @listSize(assumedSize: 5) @join__field(graph: PRESS)
}
type Place @join__type(graph: SHELF) { room: Int }
type Review @join__type(graph: PRESS) @cost(weight: 2) { text: String author: Author }
type Author @join__type(graph: SHELF) @join__type(graph: PRESS) { name: String }
type News @join__type(graph: PRESS) { text: String }
"#;

#[tokio::test]
async fn a_subgraph_may_have_a_limit_of_its_own_for_what_it_does_itself() {
    let query = "query($n: Int!) { books(first: $n) { id place { room } reviews { text author { name } } } }";
    let sdl = format!("{}{TWO}", JOIN.replace("  mutation: Mutation\n", ""));
    let of = |name: &str, limit| {
        let limits = Limits {
            cost_of: [(name.to_owned(), limit)].into(),
            ..Limits::default()
        };
        silent(&sdl, &["shelf", "press"], limits)
    };
    // Three books with their places here; fifteen reviews of two with an author each there.
    for (name, cost) in [("shelf", 6), ("press", 45)] {
        let enough = asked(&of(name, cost), query, None, value!({"n": 3})).await;
        assert_eq!(
            enough["errors"][0]["extensions"]["code"],
            "SUBGRAPH_UNAVAILABLE"
        );
        let refused = asked(&of(name, cost - 1), query, None, value!({"n": 3})).await;
        let extensions = &refused["errors"][0]["extensions"];
        assert_eq!(extensions["code"], "QUERY_TOO_COMPLEX", "{refused}");
        assert_eq!(extensions["subgraph"], name);
        assert_eq!(extensions["cost"], cost);
        let message = refused["errors"][0]["message"].as_str().unwrap();
        assert!(
            message.starts_with(&format!("What {name} does of it may cost {cost}")),
            "{message}"
        );
    }
    let other = asked(
        &of("press", 1),
        "{ books(first: 20) { place { room } } }",
        None,
        value!({}),
    )
    .await;
    assert_eq!(
        other["errors"][0]["extensions"]["code"], "SUBGRAPH_UNAVAILABLE",
        "{other}"
    );
}
