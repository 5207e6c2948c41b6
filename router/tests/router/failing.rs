//! What goes wrong, where it is said, and what is left of the answer.

use super::graphs::{Asked, ask, catalog, error, errors, json, router, router_of, shelf, text};
use async_graphql::Response;
use djinn_router::Limits;
use djinn_subgraph_kit::{Call, Subgraph, Unreachable};
use futures_util::stream::BoxStream;
use serde_json::json;
use std::sync::Arc;

/// The shelf, when its process is gone.
struct Down;

#[async_trait::async_trait]
impl Subgraph for Down {
    fn name(&self) -> &'static str {
        "shelf"
    }
    async fn execute(&self, _: Call) -> Result<Response, Unreachable> {
        Err(Unreachable::Connection(
            "refused by 10.0.0.7:4102".to_owned(),
        ))
    }
    async fn subscribe(&self, _: Call) -> Result<BoxStream<'static, Response>, Unreachable> {
        Err(Unreachable::Timeout)
    }
    async fn ready(&self) -> Result<(), Unreachable> {
        Err(Unreachable::Timeout)
    }
}

#[tokio::test]
async fn one_missing_entity_nulls_only_itself() {
    let answer = ask(
        &router(),
        r#"{ games(ids: ["1", "9", "3"]) { id note stars } }"#,
    )
    .await;
    assert_eq!(
        json(&answer)["data"],
        json!({"games": [
            {"id": "1", "note": null, "stars": 4},
            {"id": "9", "note": null, "stars": null},
            {"id": "3", "note": null, "stars": null},
        ]})
    );
    let answer = ask(
        &router(),
        r#"{ a: game(id: "9") { id playtime } b: game(id: "1") { playtime } }"#,
    )
    .await;
    assert_eq!(
        json(&answer)["data"],
        json!({"a": null, "b": {"playtime": 10}}),
        "playtime must not be null"
    );
    // That something is not there, or not for this viewer, is no fault of anybody's.
    assert_eq!(errors(&answer), []);
}

#[tokio::test]
async fn an_entitys_error_is_said_at_every_place_it_stands() {
    let answer = ask(&router(), r#"{ game(id: "1") { related { id note } } }"#).await;
    assert_eq!(
        errors(&answer),
        [
            error("FORBIDDEN", "game.related.0.note"),
            error("FORBIDDEN", "game.related.2.note")
        ]
    );
    assert_eq!(
        json(&answer)["data"]["game"]["related"][1],
        json!({"id": "3", "note": null})
    );
    assert_eq!(
        json(&answer)["errors"][0]["extensions"]["requestId"],
        "req-1"
    );
}

#[tokio::test]
async fn a_null_that_may_not_be_climbs_to_the_nearest_place_that_may() {
    let answer = ask(&router(), r#"{ games(ids: ["2"]) { id must } }"#).await;
    assert_eq!(
        json(&answer)["data"],
        json!(null),
        "games: [Game!]! up to the root"
    );
    assert_eq!(
        errors(&answer),
        [error("FORBIDDEN", "games.0.must")],
        "and only the first cause is said"
    );
    let answer = ask(
        &router(),
        r#"{ one: game(id: "2") { id must } two: game(id: "1") { must } }"#,
    )
    .await;
    assert_eq!(
        json(&answer)["data"],
        json!({"one": null, "two": {"must": "fine"}})
    );
}

#[tokio::test]
async fn a_subgraph_that_is_down_leaves_the_rest_of_the_answer() {
    let router = router_of(vec![Arc::new(catalog()), Arc::new(Down)], Limits::default());
    let answer = ask(
        &router,
        r#"{ game(id: "1") { title note } games(ids: ["3", "2"]) { stars } }"#,
    )
    .await;
    assert_eq!(
        json(&answer)["data"],
        json!({"game": {"title": "Half-Life", "note": null}, "games": [{"stars": null}, {"stars": null}]})
    );
    assert_eq!(
        errors(&answer),
        [
            error("SUBGRAPH_UNAVAILABLE", "game.note"),
            error("SUBGRAPH_UNAVAILABLE", "games.0.stars"),
            error("SUBGRAPH_UNAVAILABLE", "games.1.stars"),
        ]
    );
    assert_eq!(answer.status(), 200);
    let answer = ask(&router, "{ me { name } echo }").await;
    assert_eq!(
        errors(&answer),
        [error("SUBGRAPH_UNAVAILABLE", "me")],
        "me must not be null, so nothing is left"
    );
    assert_eq!(text(&answer), "null");
    assert!(!serde_json::to_string(&answer).unwrap().contains("10.0.0.7"));
    let ready = router.ready().await;
    assert_eq!(ready[0], ("catalog".to_owned(), Ok(())));
    assert!(ready[1].1.is_err());
}

#[tokio::test]
async fn a_subgraph_that_takes_too_long_counts_as_down() {
    let asked = Arc::new(Asked::default());
    let limits = Limits {
        subgraph_seconds: 1,
        ..Limits::default()
    };
    let router = router_of(vec![Arc::new(catalog()), Arc::new(shelf(&asked))], limits);
    let answer = ask(&router, "{ slow }").await;
    assert_eq!(errors(&answer), [error("SUBGRAPH_UNAVAILABLE", "slow")]);
}

#[tokio::test]
async fn a_panic_in_a_resolver_ends_neither_the_request_nor_the_rest() {
    let answer = ask(&router(), "{ panics }").await;
    assert_eq!(errors(&answer), [error("INTERNAL", "panics")]);
    assert_eq!(text(&ask(&router(), "{ echo }").await), r#"{"echo":"7:-"}"#);
}

#[tokio::test]
async fn refusals_keep_their_words_and_faults_lose_theirs() {
    let answer = json(&ask(&router(), "{ refused }").await);
    assert_eq!(answer["errors"][0]["message"], "no such thing");
    assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_FOUND");
    let answer = json(&ask(&router(), "{ faulty }").await);
    assert_eq!(answer["errors"][0]["extensions"]["code"], "INTERNAL");
    assert!(!answer.to_string().contains("SELECT"), "{answer}");
}

#[tokio::test]
async fn an_enum_value_that_is_not_public_becomes_null_with_an_error() {
    let answer = ask(&router(), r#"{ game(id: "4") { id kind } }"#).await;
    assert_eq!(text(&answer), r#"{"game":null}"#);
    assert_eq!(errors(&answer), [error("INTERNAL", "game.kind")]);
    assert!(
        !serde_json::to_string(&answer)
            .unwrap()
            .contains("UNRELEASED")
    );
}

#[tokio::test]
async fn what_is_inaccessible_cannot_be_asked_for() {
    let answer = ask(&router(), r#"{ game(id: "1") { secret } }"#).await;
    let answer = json(&answer);
    assert_eq!(
        answer["errors"][0]["extensions"]["code"],
        "GRAPHQL_VALIDATION_FAILED"
    );
    assert_eq!(
        answer["errors"][0]["message"],
        r#"Cannot query the field "secret" here."#
    );
    assert_eq!(
        answer["errors"][0]["locations"],
        json!([{"line": 1, "column": 19}])
    );
    assert!(answer.get("data").is_none());
}
