//! Queries and mutations over both subgraphs.

use super::graphs::{ask, errors, json, request, router, router_and_asked, text};
use async_graphql::{Variables, value};
use djinn_kernel::{Viewer, ids::PlayerId, viewer::Identity};
use serde_json::json;
use std::sync::atomic::Ordering;

#[tokio::test]
async fn one_entity_is_put_together_from_both_subgraphs_in_the_order_asked() {
    let answer = ask(&router(), r#"{ game(id: "1") { playtime title id } }"#).await;
    assert_eq!(
        text(&answer),
        r#"{"game":{"playtime":10,"title":"Half-Life","id":"1"}}"#
    );
    assert!(answer.errors().is_empty());
}

#[tokio::test]
async fn a_list_of_entities_is_fetched_once_and_each_entity_asked_for_once() {
    let (router, asked) = router_and_asked();
    let answer = ask(
        &router,
        r#"{ game(id: "1") { related { id playtime owner { name } } } }"#,
    )
    .await;
    assert_eq!(
        text(&answer),
        r#"{"game":{"related":[{"id":"2","playtime":20,"owner":{"name":"Ada"}},{"id":"3","playtime":30,"owner":{"name":"Ada"}},{"id":"2","playtime":20,"owner":{"name":"Ada"}}]}}"#
    );
    assert_eq!(
        asked.entities.load(Ordering::SeqCst),
        2,
        "the same game twice is one representation"
    );
}

#[tokio::test]
async fn entities_nest_back_and_forth() {
    let answer = ask(
        &router(),
        "{ me { name games { playtime title related { title stars } } } }",
    )
    .await;
    let games = &json(&answer)["data"]["me"]["games"];
    assert_eq!(
        games,
        &serde_json::Value::Null,
        "404 has no title, and a title must not be null"
    );
    let answer = ask(&router(), "{ me { games { id rating stars } } }").await;
    assert_eq!(
        json(&answer)["data"]["me"]["games"],
        json!([
            {"id": "1", "rating": 90, "stars": 4},
            {"id": "2", "rating": 90, "stars": 4},
            {"id": "404", "rating": null, "stars": null},
            {"id": "1", "rating": 90, "stars": 4},
        ])
    );
    assert_eq!(errors(&answer), []);
}

#[tokio::test]
async fn a_required_field_under_an_alias_still_reaches_the_subgraph_that_requires_it() {
    let answer = ask(&router(), r#"{ game(id: "1") { stars rating: title } }"#).await;
    assert_eq!(
        text(&answer),
        r#"{"game":{"stars":4,"rating":"Half-Life"}}"#
    );
}

#[tokio::test]
async fn abstract_types_show_each_objects_own_fields_and_name() {
    let query = "{ items { __typename title ... on Bundle { games { playtime } } ... on Game { playtime } id } }";
    let answer = ask(&router(), query).await;
    assert_eq!(
        text(&answer),
        r#"{"items":[{"__typename":"Bundle","title":"The box","games":[{"playtime":10},{"playtime":20}],"id":"b"},{"__typename":"Game","title":"Half-Life","playtime":10,"id":"1"}]}"#
    );
    let answer = ask(
        &router(),
        "{ found { kind: __typename ... on Item { id } ... on Game { stars } } }",
    )
    .await;
    assert_eq!(
        text(&answer),
        r#"{"found":[{"kind":"Game","id":"2","stars":4},{"kind":"Bundle","id":"b"}]}"#
    );
}

#[tokio::test]
async fn fragments_and_repeated_fields_are_merged() {
    let query = r#"
        query { game(id: "1") { ...A } game(id: "1") { related { playtime } } }
        fragment A on Game { id related { ...B } }
        fragment B on Game { title }
    "#;
    let answer = ask(&router(), query).await;
    let game = &json(&answer)["data"]["game"];
    assert_eq!(game["id"], "1");
    assert_eq!(
        game["related"][0],
        json!({"title": "Portal", "playtime": 20})
    );
}

#[tokio::test]
async fn skip_and_include_follow_literals_and_variables() {
    let query = r#"query($yes: Boolean!, $no: Boolean = false) { game(id: "1") {
        id @skip(if: $yes)
        title @include(if: $yes)
        playtime @include(if: $no)
        stars @skip(if: true)
        ... @include(if: $yes) { rating }
    } }"#;
    let asked = request(query).variables(Variables::from_value(value!({"yes": true})));
    let answer = router().execute(asked).await;
    assert_eq!(
        text(&answer),
        r#"{"game":{"title":"Half-Life","rating":90}}"#
    );
    let answer = ask(&router(), r#"{ game(id: "1") { id @skip(if: true) } }"#).await;
    assert_eq!(text(&answer), r#"{"game":{}}"#);
    let answer = ask(&router(), r#"{ game(id: "1") @include(if: false) { id } }"#).await;
    assert_eq!(text(&answer), "{}");
}

#[tokio::test]
async fn typename_at_the_root_needs_no_subgraph() {
    let answer = ask(&router(), "query { __typename me: __typename }").await;
    assert_eq!(text(&answer), r#"{"__typename":"Query","me":"Query"}"#);
    let answer = ask(&router(), r"{ __typename echo }").await;
    assert_eq!(text(&answer), r#"{"__typename":"Query","echo":"7:-"}"#);
}

#[tokio::test]
async fn mutations_run_one_after_the_other() {
    let answer = ask(
        &router(),
        "mutation { a: bump(by: 1) b: bump(by: 30) c: bump(by: 2) }",
    )
    .await;
    assert_eq!(text(&answer), r#"{"a":1,"b":2,"c":3}"#);
}

#[tokio::test]
async fn variables_get_their_defaults_and_are_checked_before_anything_runs() {
    let query = "query($n: Int = 3, $text: String) { echo(number: $n, text: $text) }";
    assert_eq!(text(&ask(&router(), query).await), r#"{"echo":"3:-"}"#);
    let query = "query($f: Filter!) { count(filter: $f) }";
    let good = request(query).variables(Variables::from_value(
        value!({"f": {"kind": "DLC", "atLeast": 4, "words": "one", }, "unknown": 1}),
    ));
    assert_eq!(text(&router().execute(good).await), r#"{"count":6}"#);
    for (bad, field) in [
        (value!({}), "f"),
        (value!({"f": null}), "f"),
        (value!({"f": {"atLeast": "4"}}), "f.atLeast"),
        (value!({"f": {"atLeast": 2_147_483_648_i64}}), "f.atLeast"),
        (value!({"f": {"kind": "DLC"}}), "f"),
        (
            value!({"f": {"atLeast": 1, "kind": "UNRELEASED"}}),
            "f.kind",
        ),
        (value!({"f": {"atLeast": 1, "other": true}}), "f"),
        (
            value!({"f": {"atLeast": 1, "words": ["a", 2]}}),
            "f.words.1",
        ),
    ] {
        let answer = router()
            .execute(request(query).variables(Variables::from_value(bad)))
            .await;
        let answer = json(&answer);
        assert_eq!(
            answer["errors"][0]["extensions"]["code"], "VARIABLE_INVALID",
            "{answer}"
        );
        assert_eq!(
            answer["errors"][0]["extensions"]["field"], field,
            "{answer}"
        );
        assert!(answer.get("data").is_none());
    }
}

#[tokio::test]
async fn the_operation_is_chosen_by_name() {
    let both = r"query A { echo } query B { a: echo(number: 1) }";
    let mut asked = request(both);
    asked.operation_name = Some("B".to_owned());
    assert_eq!(
        text(&router().execute(asked.clone()).await),
        r#"{"a":"1:-"}"#
    );
    asked.operation_name = Some("C".to_owned());
    assert_eq!(
        router().execute(asked).await.code(),
        Some("OPERATION_NOT_FOUND")
    );
    assert_eq!(
        ask(&router(), both).await.code(),
        Some("OPERATION_NOT_FOUND")
    );
}

#[tokio::test]
async fn the_viewer_and_the_request_id_reach_the_subgraph() {
    let player = PlayerId(uuid::Uuid::from_u128(7));
    let mut asked = request("{ whoami }");
    asked.viewer = Viewer::Known(Identity {
        player,
        household: player,
        role: djinn_kernel::Role::Player,
        scopes: Vec::new(),
        family: None,
        login: None,
        key: None,
    });
    let answer = text(&router().execute(asked).await);
    assert!(
        answer.contains(&player.to_string()) && answer.contains("req-1"),
        "{answer}"
    );
}
