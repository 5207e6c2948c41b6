use crate::{
    client::{Session, http, messages, modern, post},
    fake::{Fake, serve, wares},
};
use serde_json::{Value, json};

fn hello() -> Value {
    json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
        "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "test", "version": "0" } } })
}

#[tokio::test]
async fn without_a_key_nothing_is_answered_but_a_coded_refusal() {
    let url = serve(Fake::answering("Count", json!({}))).await;
    let http = http();
    let none = post(&http, &url, &hello()).send().await.unwrap();
    assert_eq!(
        (none.status().as_u16(), &none.headers()["www-authenticate"]),
        (401, &"Bearer".parse().unwrap())
    );
    let body: Value = none.json().await.unwrap();
    assert_eq!(body["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    for wrong in ["stolen", ""] {
        let wrong = post(&http, &url, &hello())
            .bearer_auth(wrong)
            .send()
            .await
            .unwrap();
        assert_eq!(wrong.status(), 401);
    }
    let get = http.get(&url).send().await.unwrap();
    assert_eq!(get.status(), 401);
    let down = post(&http, &url, &hello())
        .bearer_auth("down")
        .send()
        .await
        .unwrap();
    assert_eq!(down.status(), 503);
}

#[tokio::test]
async fn a_key_opens_by_either_header_and_in_the_address_only_if_it_reads() {
    let url = serve(Fake::answering("Count", json!({}))).await;
    let http = http();
    let by_header = post(&http, &url, &hello())
        .header("x-api-key", "reader")
        .send()
        .await
        .unwrap();
    assert_eq!(by_header.status(), 200);
    let by_address = post(&http, &format!("{url}/reader"), &hello())
        .send()
        .await
        .unwrap();
    assert_eq!(by_address.status(), 200);
    let writes = post(&http, &format!("{url}/writer"), &hello())
        .send()
        .await
        .unwrap();
    assert_eq!(writes.status(), 403);
    let body: Value = writes.json().await.unwrap();
    assert_eq!(body["errors"][0]["extensions"]["code"], "FORBIDDEN");
    let wrong = post(&http, &format!("{url}/stolen"), &hello())
        .send()
        .await
        .unwrap();
    assert_eq!(wrong.status(), 401);
}

#[tokio::test]
async fn another_origin_or_host_is_refused_even_with_a_key() {
    let url = serve(Fake::answering("Count", json!({}))).await;
    let http = http();
    let with = |name: &'static str, value: &'static str| {
        post(&http, &url, &hello())
            .bearer_auth("reader")
            .header(name, value)
            .send()
    };
    assert_eq!(
        with("origin", "https://evil.example")
            .await
            .unwrap()
            .status(),
        403
    );
    assert_eq!(with("origin", "null").await.unwrap().status(), 403);
    assert_eq!(with("host", "evil.example").await.unwrap().status(), 403);
    assert_eq!(
        with("origin", "https://shop.example")
            .await
            .unwrap()
            .status(),
        200
    );
}

#[tokio::test]
async fn the_server_introduces_itself_and_what_it_can() {
    let url = serve(Fake::answering("Count", json!({}))).await;
    let response = post(&http(), &url, &hello())
        .bearer_auth("reader")
        .send()
        .await
        .unwrap();
    let hello = messages(response).await.remove(0)["result"].take();
    assert_eq!(
        hello["serverInfo"],
        json!({ "name": "shop", "title": "Shop", "version": "1.2.3" })
    );
    assert_eq!(hello["instructions"], "Sells things.");
    assert_eq!(hello["capabilities"]["resources"]["subscribe"], true);
    assert_eq!(hello["capabilities"]["completions"], json!({}));
}

#[tokio::test]
async fn the_stateless_revision_is_served_from_the_same_address() {
    let url = serve(Fake::answering("Find", wares(&["Tea"]))).await;
    let http = http();
    let send = |method: &'static str, params: Value| {
        modern(&http, &url, method, params, &json!({}))
            .bearer_auth("reader")
            .send()
    };
    let found = messages(send("server/discover", json!({})).await.unwrap()).await;
    let versions = found[0]["result"]["supportedVersions"]
        .as_array()
        .unwrap()
        .clone();
    assert!(versions.contains(&json!("2026-07-28")), "{found:?}");
    let listed = messages(send("tools/list", json!({})).await.unwrap()).await;
    assert_eq!(listed[0]["result"]["cacheScope"], "private");
    let called = messages(
        send(
            "tools/call",
            json!({ "name": "find", "arguments": { "text": "te" } }),
        )
        .await
        .unwrap(),
    )
    .await;
    assert_eq!(
        called[0]["result"]["structuredContent"]["nodes"][0]["name"],
        "Tea"
    );
}

/// Requests whose params no method of that name takes.
fn malformed() -> [(&'static str, Value); 6] {
    [
        ("tools/call", json!({ "name": "find", "arguments": [] })),
        ("tools/call", json!({})),
        ("tools/call", Value::Null),
        ("resources/read", json!({ "uri": 5 })),
        ("prompts/get", json!({ "name": [] })),
        (
            "completion/complete",
            json!({ "ref": { "type": "ref/other" }, "argument": { "name": "x", "value": "" } }),
        ),
    ]
}

#[tokio::test]
async fn params_that_are_malformed_are_said_to_be_and_not_that_there_is_no_such_method() {
    let url = serve(Fake::answering("Count", json!({}))).await;
    let session = Session::open(&url, "reader").await;
    let with_sessions = [
        ("logging/setLevel", json!({ "level": "loud" })),
        ("resources/subscribe", json!({})),
    ];
    for (method, params) in malformed().into_iter().chain(with_sessions) {
        let answer = session.ask(method, params.clone()).await;
        assert_eq!(answer["error"]["code"], -32602, "{method} {params}");
    }
    let none = session.ask("tools/made-up", json!({})).await;
    assert_eq!(none["error"]["code"], -32601);

    let http = http();
    let send = |method: &'static str, params: Value| {
        modern(&http, &url, method, params, &json!({}))
            .bearer_auth("reader")
            .send()
    };
    for (method, params) in malformed() {
        let response = send(method, params.clone()).await.unwrap();
        assert!(response.status() == 200 || response.status() == 400);
        let answer = messages(response).await.remove(0);
        assert_eq!(answer["error"]["code"], -32602, "{method} {params}");
    }
    // This revision has no such methods, whatever comes with them.
    for method in ["resources/subscribe", "logging/setLevel"] {
        let gone = send(method, json!({})).await.unwrap();
        assert_eq!(gone.status(), 404, "{method}");
    }
}

#[tokio::test]
async fn every_request_runs_as_the_key_it_brings() {
    let fake = Fake::answering("Count", json!({ "data": { "count": 3 } }));
    let url = serve(fake.clone()).await;
    Session::open(&url, "reader")
        .await
        .call("count", json!({}))
        .await;
    Session::open(&url, "writer")
        .await
        .call("count", json!({}))
        .await;
    let asked = fake.asked();
    assert_ne!(asked[0].caller, asked[1].caller);
    assert_eq!(asked[0].caller.viewer.identity().unwrap().scopes.len(), 2);
}

#[tokio::test]
async fn a_session_is_of_use_to_nobody_but_the_caller_who_opened_it() {
    let fake = Fake::answering("Count", json!({ "data": { "count": 3 } }));
    let url = serve(fake.clone()).await;
    let mut session = Session::open(&url, "reader").await;
    let list = json!({ "jsonrpc": "2.0", "id": 9, "method": "tools/list", "params": {} });
    assert_eq!(session.send(&list).await.status(), 200);
    session.key = "writer".to_owned();
    assert_eq!(session.send(&list).await.status(), 404);
    assert_eq!(session.listen().await.status(), 404);
    session.key = "reader".to_owned();
    assert_eq!(session.send(&list).await.status(), 200);
}

#[tokio::test]
async fn a_session_that_was_ended_is_gone_and_its_client_is_told_so_as_clients_expect_it() {
    let url = serve(Fake::answering("Count", json!({ "data": { "count": 3 } }))).await;
    let session = Session::open(&url, "reader").await;
    let ended = session.end().await;
    assert_eq!(ended.status(), 204);
    assert_eq!(ended.text().await.unwrap(), "");
    let list = json!({ "jsonrpc": "2.0", "id": 9, "method": "tools/list", "params": {} });
    assert_eq!(session.send(&list).await.status(), 404);
}

#[tokio::test]
async fn one_caller_cannot_open_sessions_without_end() {
    let url = serve(Fake::answering("Count", json!({}))).await;
    let http = http();
    let more = |key: &'static str| post(&http, &url, &hello()).bearer_auth(key).send();
    for _ in 0..256 {
        assert_eq!(more("reader").await.unwrap().status(), 200);
    }
    assert_eq!(more("reader").await.unwrap().status(), 429);
    assert_eq!(more("writer").await.unwrap().status(), 200);
}
