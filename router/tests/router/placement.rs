//! The same graph with the shelf in another process.

use super::{
    graphs::{
        Asked, FrozenClock, ask, catalog, error, errors, json, request, router, router_of, shelf,
        text,
    },
    world::{client, listen},
};
use djinn_router::{Limits, Router};
use djinn_subgraph_kit::{
    Forwarded, RequestId, Subgraph, Unreachable,
    endpoint::{Guard, routes},
    ports::Keys,
    remote::Remote,
    subgraph::Call,
    token,
};
use futures_util::StreamExt;
use serde_json::json;
use std::{net::SocketAddr, sync::Arc};

const KEYS: Keys = Keys {
    access: [1; 32],
    hub: [2; 32],
};

fn guard() -> Guard {
    Guard {
        keys: KEYS,
        clock: Arc::new(FrozenClock),
    }
}

async fn shelf_elsewhere() -> SocketAddr {
    listen(routes(
        Arc::new(shelf(&Arc::new(Asked::default()))),
        guard(),
    ))
    .await
}

fn remote(name: &str, at: SocketAddr) -> Arc<dyn Subgraph> {
    Arc::new(Remote::new(name, &format!("http://{at}"), KEYS, Arc::new(FrozenClock)).unwrap())
}

async fn spread_out() -> Router {
    let catalog_at = listen(routes(Arc::new(catalog()), guard())).await;
    let subgraphs = vec![
        remote("catalog", catalog_at),
        remote("shelf", shelf_elsewhere().await),
    ];
    router_of(subgraphs, Limits::default())
}

#[tokio::test]
async fn every_answer_is_the_same_in_both_placements() {
    let (here, spread) = (router(), spread_out().await);
    for query in [
        r#"{ game(id: "1") { playtime title id stars owner { name games { id rating stars } } } }"#,
        r#"{ games(ids: ["1", "9", "3"]) { id note stars } }"#,
        r#"{ game(id: "1") { related { id note } } }"#,
        r#"{ one: game(id: "2") { id must } two: game(id: "1") { must } }"#,
        "{ items { __typename title ... on Bundle { games { playtime } } ... on Game { playtime } } }",
        r#"{ game(id: "4") { id kind } }"#,
        "{ refused }",
        "{ faulty }",
        "{ whoami }",
        "mutation { bump(by: 3) }",
    ] {
        let (here, spread) = (ask(&here, query).await, ask(&spread, query).await);
        assert_eq!(text(&here), text(&spread), "{query}");
        assert_eq!(errors(&here), errors(&spread), "{query}");
        assert_eq!(json(&here), json(&spread), "{query}");
    }
}

#[tokio::test]
async fn a_subscription_over_the_network_is_enriched_and_ends() {
    let router = spread_out().await;
    let query = r#"subscription { played(ids: ["1", "2"]) { title note } }"#;
    let events: Vec<_> = router
        .subscribe(request(query))
        .await
        .unwrap()
        .collect()
        .await;
    assert_eq!(
        json(&events[0])["data"],
        json!({"played": {"title": "Half-Life", "note": null}})
    );
    assert_eq!(errors(&events[1]), [error("FORBIDDEN", "played.note")]);
    assert_eq!(events.len(), 2);
}

#[tokio::test]
async fn a_process_that_is_gone_leaves_the_rest_of_the_answer() {
    let gone = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let router = router_of(
        vec![Arc::new(catalog()), remote("shelf", gone)],
        Limits::default(),
    );
    let answer = ask(&router, r#"{ game(id: "1") { title note } }"#).await;
    assert_eq!(
        json(&answer)["data"],
        json!({"game": {"title": "Half-Life", "note": null}})
    );
    assert_eq!(
        errors(&answer),
        [error("SUBGRAPH_UNAVAILABLE", "game.note")]
    );
    assert!(!json(&answer).to_string().contains("127.0.0.1"));
    let refused = router
        .subscribe(request("subscription { silence }"))
        .await
        .err()
        .unwrap();
    assert_eq!(refused.code(), Some("SUBGRAPH_UNAVAILABLE"));
    assert!(router.ready().await[1].1.is_err());
}

#[tokio::test]
async fn an_endpoint_answers_the_hub_and_nobody_else() {
    let at = shelf_elsewhere().await;
    let post = || {
        client()
            .post(format!("http://{at}/graphql"))
            .json(&json!({"query": "{ me { name } }"}))
    };
    let viewer = djinn_kernel::Viewer::Anonymous;
    let good = token::sign(&KEYS, &FrozenClock, &viewer);
    let forged = token::sign(
        &Keys {
            access: [1; 32],
            hub: [3; 32],
        },
        &FrozenClock,
        &viewer,
    );
    for refused in [
        post(),
        post().bearer_auth(forged),
        post().bearer_auth("x"),
        post().basic_auth("a", Some("b")),
    ] {
        let answer = refused.send().await.unwrap();
        assert_eq!(answer.status(), 401);
        let body: serde_json::Value = answer.json().await.unwrap();
        assert_eq!(body["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    }
    assert_eq!(
        post().bearer_auth(&good).send().await.unwrap().status(),
        200
    );
    let plain = client()
        .post(format!("http://{at}/graphql"))
        .bearer_auth(&good)
        .header("content-type", "text/plain");
    assert_eq!(
        plain
            .body(r#"{"query":"{ me { name } }"}"#)
            .send()
            .await
            .unwrap()
            .status(),
        415
    );
    let batch = client()
        .post(format!("http://{at}/graphql"))
        .bearer_auth(&good)
        .json(&json!([{"query": "{ me { name } }"}]));
    assert_eq!(batch.send().await.unwrap().status(), 400);
    let upgrade = tokio_tungstenite::connect_async(format!("ws://{at}/graphql")).await;
    assert!(
        matches!(upgrade, Err(tokio_tungstenite::tungstenite::Error::Http(answer)) if answer.status() == 401)
    );
    assert_eq!(
        client()
            .get(format!("http://{at}/ready"))
            .send()
            .await
            .unwrap()
            .status(),
        200
    );
    assert!(Remote::new("x", "ftp://host", KEYS, Arc::new(FrozenClock)).is_err());
}

#[tokio::test]
async fn an_answer_that_is_too_large_or_no_graphql_is_refused() {
    use axum::{Router, response::Redirect, routing::post};
    let app = Router::new()
        .route(
            "/large/graphql",
            post(|| async { format!(r#"{{"data":"{}"}}"#, "x".repeat(17 * 1024 * 1024)) }),
        )
        .route("/html/graphql", post(|| async { "<html>" }))
        .route(
            "/away/graphql",
            post(|| async { Redirect::temporary("/html/graphql") }),
        );
    let at = listen(app).await;
    for path in ["large", "html", "away"] {
        let url = format!("http://{at}/{path}/graphql");
        let remote = Remote::new("shelf", &url, KEYS, Arc::new(FrozenClock)).unwrap();
        let call = Call {
            query: "{ me { name } }".into(),
            operation_name: None,
            variables: async_graphql::Variables::default(),
            viewer: djinn_kernel::Viewer::Anonymous,
            request_id: RequestId("r".into()),
            forwarded: Forwarded::default(),
            client: None,
        };
        let outcome = remote.execute(call).await;
        let expected = match path {
            "large" => matches!(outcome, Err(Unreachable::Refused(_))),
            _ => matches!(outcome, Err(Unreachable::Garbage(_))),
        };
        assert!(expected, "{path}: {outcome:?}");
    }
}
