//! A shelf that is somebody else's: it knows neither the hub nor its codes.

use super::{
    graphs::{catalog, error, errors, json, request, router_of},
    world::listen,
};
use axum::{
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
    routing::post,
};
use djinn_router::{GraphRequest, GraphResponse, Limits, Router};
use djinn_subgraph_kit::{
    Call, Forwarded, RequestId, Subgraph, Unreachable,
    remote::{Connections, Frankness, Remote},
};
use futures_util::{SinkExt, StreamExt};
use http::{HeaderValue, header};
use serde_json::json;
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::net::TcpListener;
use tokio_tungstenite::{
    accept_hdr_async,
    tungstenite::{
        Message,
        handshake::server::{ErrorResponse, Request, Response},
    },
};

/// The shelf, which says the same to everything, at a path of its own.
async fn shelf<A>(answer: A, errors: Frankness) -> Arc<Remote>
where
    A: IntoResponse + Clone + Send + Sync + 'static,
{
    let routes = axum::Router::new().route("/suite/shelf", post(move || async { answer }));
    let url = format!("http://{}/suite/shelf", listen(routes).await);
    let connections = Connections::new(Duration::from_secs(2)).unwrap();
    Arc::new(Remote::of_others("shelf", &url, connections, errors).unwrap())
}

fn over(shelf: Arc<Remote>) -> Router {
    router_of(vec![Arc::new(catalog()), shelf], Limits::default())
}

async fn me(router: &Router) -> GraphResponse {
    router.execute(request("{ me { name } }")).await
}

const SAID: &str = r#"{"data": null, "errors": [
    {"message": "SELECT * FROM secrets", "path": ["me"]},
    {"message": "at /srv/app.js:7", "path": ["me"], "extensions": {"code": "INTERNAL_SERVER_ERROR", "stacktrace": ["x"]}},
    {"message": "The shelf is being dusted.", "path": ["me"], "extensions": {"code": "DUSTING"}}]}"#;

#[tokio::test]
async fn errors_that_nobody_wrote_for_clients_are_hidden() {
    let answer = me(&over(shelf(SAID, Frankness::Hidden).await)).await;
    assert_eq!(
        errors(&answer),
        [
            error("DUSTING", "me"),
            error("INTERNAL", "me"),
            error("INTERNAL", "me")
        ]
    );
    let told = json(&answer).to_string();
    assert!(told.contains("being dusted"), "{told}");
    for hidden in ["SELECT", "/srv", "stacktrace"] {
        assert!(!told.contains(hidden), "{hidden}: {told}");
    }
}

#[tokio::test]
async fn of_an_error_only_what_is_listed_passes() {
    let code = |code: &str| {
        let error = json!({
            "message": "UNIQUE constraint failed: users.email",
            "path": ["me"],
            "extensions": {"code": code, "stack": ["at x"]},
        });
        json!({"data": null, "errors": [error]}).to_string()
    };
    for fault in [
        "INTERNAL",
        "INTERNAL_ERROR",
        "GRAPHQL_VALIDATION_FAILED",
        "GRAPHQL_PARSE_FAILED",
        "lower case <b>",
        "",
        &"X".repeat(65),
    ] {
        let answer = me(&over(shelf(code(fault), Frankness::Hidden).await)).await;
        assert_eq!(errors(&answer), [error("INTERNAL", "me")], "{fault}");
        let told = json(&answer).to_string();
        assert!(!told.contains("users.email"), "{told}");
    }
    let said = r#"{"data": null, "errors": [{"message": "Later.", "path": ["me"], "extensions": {
        "code": "BUSY_2", "retryAfter": 3, "field": {"a": 1}, "requestId": "theirs", "debug": "x",
        "stack": "at x", "http": {"status": 500}, "classification": "x"}}]}"#;
    for frankness in [Frankness::Hidden, Frankness::Told] {
        let answer = json(&me(&over(shelf(said, frankness).await)).await);
        assert_eq!(
            answer["errors"][0]["extensions"],
            json!({"code": "BUSY_2", "retryAfter": 3, "requestId": "req-1"})
        );
        assert_eq!(answer["errors"][0]["message"], "Later.");
    }
}

#[tokio::test]
async fn errors_are_told_where_the_owner_says_so() {
    let answer = me(&over(shelf(SAID, Frankness::Told).await)).await;
    assert_eq!(
        errors(&answer),
        [
            error("DUSTING", "me"),
            error("SUBGRAPH_ERROR", "me"),
            error("SUBGRAPH_ERROR", "me")
        ]
    );
    let told = json(&answer).to_string();
    assert!(
        told.contains("SELECT") && !told.contains("stacktrace"),
        "{told}"
    );
}

#[tokio::test]
async fn a_refusal_without_graphql_is_about_the_clients_credential() {
    for (status, code) in [
        (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"),
        (StatusCode::FORBIDDEN, "FORBIDDEN"),
        (StatusCode::BAD_GATEWAY, "SUBGRAPH_UNAVAILABLE"),
    ] {
        let shelf = shelf((status, "<html>"), Frankness::Hidden).await;
        let found = errors(&me(&over(shelf)).await);
        assert!(
            found.iter().any(|(found, _)| found == code),
            "{status}: {found:?}"
        );
    }
}

#[tokio::test]
async fn what_is_about_one_question_is_told_from_nonsense() {
    let deep = format!(r#"{{"data": {}{}}}"#, "[".repeat(200), "]".repeat(200));
    let half = r#"{"data": {"me": {"name": "\ud800"}}}"#.to_owned();
    let html = "<html>".to_owned();
    let ask = || Call {
        query: "{ me { name } }".into(),
        operation_name: None,
        variables: async_graphql::Variables::default(),
        viewer: djinn_kernel::Viewer::Anonymous,
        request_id: RequestId("req-1".into()),
        forwarded: Forwarded::default(),
        client: None,
    };
    for (status, said, refused) in [
        (StatusCode::PAYLOAD_TOO_LARGE, &html, true),
        (StatusCode::BAD_REQUEST, &html, true),
        (StatusCode::OK, &deep, true),
        (StatusCode::OK, &half, true),
        (StatusCode::REQUEST_TIMEOUT, &html, false),
        (StatusCode::TOO_MANY_REQUESTS, &html, false),
        (StatusCode::BAD_GATEWAY, &html, false),
        (StatusCode::OK, &html, false),
    ] {
        let shelf = shelf((status, said.clone()), Frankness::Hidden).await;
        let outcome = shelf.execute(ask()).await;
        let found = matches!(outcome, Err(Unreachable::Refused(_)));
        assert!(
            outcome.is_err() && found == refused,
            "{status}: {outcome:?}"
        );
    }
}

#[tokio::test]
async fn whoever_answers_in_graphql_is_ready() {
    let good = r#"{"data": {"__typename": "Query"}}"#;
    let strict = r#"{"errors": [{"message": "Who are you?"}]}"#;
    for (status, said, ready) in [
        (StatusCode::OK, good, true),
        (StatusCode::BAD_REQUEST, strict, true),
        (StatusCode::UNAUTHORIZED, "<html>", true),
        (StatusCode::OK, "<html>", false),
        (StatusCode::NOT_FOUND, "<html>", false),
    ] {
        let shelf = shelf((status, said), Frankness::Hidden).await;
        assert_eq!(shelf.ready().await.is_ok(), ready, "{status} {said}");
    }
}

#[tokio::test]
async fn a_stranger_gets_what_is_forwarded_and_never_a_token_of_ours() {
    let seen = Arc::<Mutex<Vec<HeaderMap>>>::default();
    let kept = Arc::clone(&seen);
    let answer = move |headers: HeaderMap| async move {
        kept.lock().unwrap().push(headers);
        r#"{"data": {"me": {"name": "Ada"}}}"#
    };
    let at = listen(axum::Router::new().route("/", post(answer))).await;
    let connections = Connections::new(Duration::from_secs(2)).unwrap();
    let url = format!("http://{at}");
    let remote = Remote::of_others("shelf", &url, connections, Frankness::Hidden).unwrap();
    let router = over(Arc::new(remote));
    assert_eq!(json(&me(&router).await)["data"]["me"]["name"], "Ada");
    let theirs: HeaderMap = [(header::AUTHORIZATION, "Basic eA==".parse().unwrap())]
        .into_iter()
        .collect();
    let asked = GraphRequest {
        forwarded: Forwarded::of(&theirs, &[header::AUTHORIZATION]),
        ..request("{ me { name } }")
    };
    assert_eq!(
        json(&router.execute(asked).await),
        json!({"data": {"me": {"name": "Ada"}}})
    );
    let seen = seen.lock().unwrap();
    assert!(!seen[0].contains_key("authorization"), "{:?}", seen[0]);
    assert_eq!(seen[1]["authorization"], "Basic eA==");
    assert_eq!(seen[1]["x-request-id"], "req-1");
}

/// Speaks graphql-transport-ws, answers so many pings, and says nothing else. Returns how many it
/// heard in all.
async fn answer_pings(listener: TcpListener, mut answers: usize) -> usize {
    let (stream, _) = listener.accept().await.unwrap();
    let mut socket = accept_hdr_async(stream, with_protocol).await.unwrap();
    let mut heard = 0;
    while let Some(Ok(message)) = socket.next().await {
        let Message::Text(text) = message else { break };
        let message: serde_json::Value = serde_json::from_str(&text).unwrap();
        let answer = match message["type"].as_str() {
            Some("connection_init") => r#"{"type":"connection_ack"}"#,
            Some("ping") => {
                heard += 1;
                if answers == 0 {
                    continue;
                }
                answers -= 1;
                r#"{"type":"pong"}"#
            }
            _ => continue,
        };
        socket.send(Message::text(answer)).await.unwrap();
    }
    heard
}

#[expect(
    clippy::unnecessary_wraps,
    clippy::result_large_err,
    reason = "the signature is the library's"
)]
fn with_protocol(_: &Request, mut response: Response) -> Result<Response, ErrorResponse> {
    response.headers_mut().insert(
        header::SEC_WEBSOCKET_PROTOCOL,
        HeaderValue::from_static("graphql-transport-ws"),
    );
    Ok(response)
}

#[tokio::test(start_paused = true)]
async fn a_quiet_subscription_lives_as_long_as_its_pings_are_answered() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/events", listener.local_addr().unwrap());
    let pings = tokio::spawn(answer_pings(listener, 20));
    let connections = Connections::new(Duration::from_secs(2)).unwrap();
    let shelf = Remote::of_others("shelf", &url, connections, Frankness::Hidden).unwrap();
    let call = Call {
        query: "subscription { silence }".into(),
        operation_name: None,
        variables: async_graphql::Variables::default(),
        viewer: djinn_kernel::Viewer::Anonymous,
        request_id: RequestId("req-1".into()),
        forwarded: Forwarded::default(),
        client: None,
    };
    let started = tokio::time::Instant::now();
    let mut events = shelf.subscribe(call).await.unwrap();
    let end = events.next().await.unwrap();
    let code = end.errors[0].extensions.as_ref().unwrap().get("code");
    assert_eq!(code, Some(&"SUBGRAPH_UNAVAILABLE".into()));
    assert!(events.next().await.is_none());
    // A quarter of a minute each: twenty that were answered, and what it takes to give up.
    assert!(
        started.elapsed() > Duration::from_mins(5),
        "by the paused clock"
    );
    drop(events);
    assert_eq!(pings.await.unwrap(), 22);
}
