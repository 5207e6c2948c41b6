//! Subgraphs that answer something else than their schema promises.

use super::graphs::{ask, catalog, error, errors, json, router_and_asked, router_of, shelf};
use async_graphql::{PathSegment, Response, ServerError, Value, value};
use djinn_router::{Limits, Router};
use djinn_subgraph_kit::{Call, Subgraph, Unreachable};
use futures_util::stream::BoxStream;
use serde_json::json;
use std::sync::Arc;

/// Says the same to everything.
struct Says {
    name: &'static str,
    data: Value,
    errors: Vec<ServerError>,
}

#[async_trait::async_trait]
impl Subgraph for Says {
    fn name(&self) -> &str {
        self.name
    }
    async fn execute(&self, _: Call) -> Result<Response, Unreachable> {
        let mut response = Response::new(self.data.clone());
        response.errors.clone_from(&self.errors);
        Ok(response)
    }
    async fn subscribe(&self, _: Call) -> Result<BoxStream<'static, Response>, Unreachable> {
        Err(Unreachable::Timeout)
    }
    async fn ready(&self) -> Result<(), Unreachable> {
        Ok(())
    }
}

/// A good catalogue, and a shelf that says this.
fn lying_shelf(data: Value, errors: Vec<ServerError>) -> Router {
    let name = "shelf";
    let shelf = Says { name, data, errors };
    router_of(
        vec![Arc::new(catalog()), Arc::new(shelf)],
        Limits::default(),
    )
}

/// A catalogue that says this, and a good shelf.
fn lying_catalog(data: Value, limits: Limits) -> Router {
    let (_, asked) = router_and_asked();
    let catalog = Says {
        name: "catalog",
        data,
        errors: Vec::new(),
    };
    router_of(vec![Arc::new(catalog), Arc::new(shelf(&asked))], limits)
}

#[tokio::test]
async fn entities_that_do_not_come_are_told_where_they_are_missing() {
    for said in [
        value!({}),
        value!([]),
        Value::Null,
        value!({"_entities": null}),
        value!({"_entities": {}}),
        value!({"_entities": []}),
        value!({"_entities": [{"note": "a"}, {"note": "b"}]}),
        value!({"_entities": ["oops"]}),
    ] {
        let router = lying_shelf(said.clone(), Vec::new());
        let answer = ask(&router, r#"{ game(id: "1") { id note } }"#).await;
        assert_eq!(
            json(&answer)["data"],
            json!({"game": {"id": "1", "note": null}}),
            "{said}"
        );
        assert_eq!(errors(&answer), [error("INTERNAL", "game.note")], "{said}");
    }
}

#[tokio::test]
async fn an_error_of_an_entity_nobody_asked_for_is_told_all_the_same() {
    let mut wrong = ServerError::new("no", None);
    wrong.path = vec![
        PathSegment::Field("_entities".to_owned()),
        PathSegment::Index(99),
        PathSegment::Field("note".to_owned()),
    ];
    let router = lying_shelf(value!({"_entities": [null]}), vec![wrong]);
    let answer = ask(&router, r#"{ game(id: "1") { id note } }"#).await;
    assert_eq!(errors(&answer), [error("INTERNAL", "game.note")]);
}

#[tokio::test]
async fn root_fields_that_do_not_come_are_told() {
    for said in [
        value!({}),
        value!([]),
        Value::Null,
        value!({"game": 5}),
        value!({"game": [{"title": "a"}]}),
    ] {
        let router = lying_catalog(said.clone(), Limits::default());
        let answer = ask(&router, r#"{ game(id: "1") { title } }"#).await;
        assert_eq!(json(&answer)["data"], json!({"game": null}), "{said}");
        assert_eq!(errors(&answer), [error("INTERNAL", "game")], "{said}");
    }
    let router = lying_catalog(value!({"game": {"rating": 1}}), Limits::default());
    let answer = ask(&router, r#"{ game(id: "1") { title rating } }"#).await;
    assert_eq!(json(&answer)["data"], json!({"game": null}));
    assert_eq!(errors(&answer), [error("INTERNAL", "game.title")]);
}

#[tokio::test]
async fn errors_are_told_up_to_a_bound_and_counted_beyond() {
    let many = (0..2_000).map(|_| ServerError::new("x".repeat(1_000), None));
    let router = lying_shelf(value!({"_entities": [null, null]}), many.collect());
    let answer = ask(&router, r#"{ games(ids: ["1", "3"]) { id note } }"#).await;
    let last = answer.errors().last().unwrap();
    assert!(last.message.contains("more errors"), "{}", last.message);
    let whole = serde_json::to_string(&answer).unwrap();
    assert!(whole.len() < 512 * 1024, "{} bytes", whole.len());
}

#[tokio::test]
async fn an_error_without_a_path_explains_what_is_missing() {
    let router = lying_shelf(Value::Null, vec![ServerError::new("no", None)]);
    let answer = ask(&router, "{ me { name } }").await;
    assert_eq!(json(&answer)["data"], json!(null));
    assert_eq!(errors(&answer), [error("INTERNAL", "")]);
}

#[tokio::test]
async fn only_what_is_of_its_type_goes_out() {
    for wrong in [
        value!("abc"),
        value!(1.5),
        value!(3_000_000_000_i64),
        value!([1]),
        value!({"a": 1}),
        value!(true),
    ] {
        let router = lying_catalog(value!({"game": {"rating": wrong}}), Limits::default());
        let answer = ask(&router, r#"{ game(id: "1") { rating } }"#).await;
        assert_eq!(json(&answer)["data"], json!({"game": {"rating": null}}));
        assert_eq!(errors(&answer), [error("INTERNAL", "game.rating")]);
    }
    for (wrong, field) in [
        (value!({"title": {"deep": "x"}}), "title"),
        (value!({"title": 1}), "title"),
        (value!({"id": 1.5}), "id"),
        (value!({"id": true}), "id"),
    ] {
        let router = lying_catalog(value!({"game": wrong}), Limits::default());
        let query = format!(r#"{{ game(id: "1") {{ {field} }} }}"#);
        let answer = ask(&router, &query).await;
        assert_eq!(json(&answer)["data"], json!({"game": null}));
        let at = format!("game.{field}");
        assert_eq!(errors(&answer), [error("INTERNAL", &at)]);
    }
    let right = value!({"game": {"id": 7, "rating": 5.0, "title": "a"}});
    let router = lying_catalog(right, Limits::default());
    let answer = ask(&router, r#"{ game(id: "1") { id rating title } }"#).await;
    assert_eq!(
        json(&answer),
        json!({"data": {"game": {"id": "7", "rating": 5, "title": "a"}}})
    );
}

#[tokio::test]
async fn an_object_of_an_abstract_type_is_of_one_of_its_types() {
    for wrong in [
        value!({"__typename": "Player", "name": "Ada"}),
        value!({"__typename": "Found"}),
        value!({"__typename": "Nobody"}),
        value!({}),
    ] {
        let router = lying_catalog(value!({"found": [wrong]}), Limits::default());
        let query = "{ found { __typename ... on Game { title } } }";
        let answer = ask(&router, query).await;
        assert_eq!(json(&answer)["data"], json!(null), "[Found!]!");
        assert_eq!(errors(&answer), [error("INTERNAL", "found.0")]);
    }
}

#[tokio::test]
async fn an_answer_of_too_many_objects_is_none() {
    let limits = || Limits {
        objects: 10,
        ..Limits::default()
    };
    let games = |count: usize| {
        let game = value!({"title": "a"});
        let games = vec![game; count];
        value!({"games": games})
    };
    let query = r#"{ games(ids: ["1"]) { title } }"#;
    let answer = ask(&lying_catalog(games(10), limits()), query).await;
    assert_eq!(errors(&answer), []);
    let answer = ask(&lying_catalog(games(11), limits()), query).await;
    assert_eq!(errors(&answer), [error("QUERY_TOO_COMPLEX", "")]);
    assert_eq!(json(&answer)["data"], json!(null));
    let message = &answer.errors()[0].message;
    assert!(message.contains("more than 10 objects"), "{message}");
}
