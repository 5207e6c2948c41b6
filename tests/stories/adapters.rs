//! The other doors: trusted queries, MCP, the SPA. They hold no rule; here they are only opened.

use crate::{
    hub::{Hub, Person, Placement},
    the_graph::import,
};
use serde_json::{Value, json};

async fn key(owner: &Person<'_>, scopes: &str) -> String {
    let made = owner
        .ask(
            &format!("mutation {{ createApiKey(input: {{ name: \"wall panel\", scopes: [{scopes}] }}) {{ secret problems {{ code }} }} }}"),
            json!({}),
        )
        .await;
    made["createApiKey"]["secret"].as_str().unwrap().to_owned()
}

async fn a_dashboard_reads_one_address_with_a_key_that_can_only_read(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    import(&owner).await;
    let key = key(&owner, "READ_LIBRARY").await;
    let panel = hub.with_key(&key);

    let answer = panel.get("/q/library-stats").await;
    assert_eq!(answer.status(), 200);
    let tag = answer.headers()["etag"].to_str().unwrap().to_owned();
    assert!(
        answer.headers()["cache-control"]
            .to_str()
            .unwrap()
            .starts_with("private, max-age=")
    );
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["games"], 8, "{body}");

    let again = hub
        .http
        .get(format!("{}/q/library-stats", hub.url))
        .bearer_auth(&key)
        .header("if-none-match", &tag)
        .send()
        .await
        .unwrap();
    assert_eq!(again.status(), 304);
    let flat: Value = panel
        .get("/q/library-stats?flat=1")
        .await
        .json()
        .await
        .unwrap();
    assert!(
        flat.as_object()
            .unwrap()
            .values()
            .all(|value| !value.is_object() && !value.is_array()),
        "{flat}"
    );
    let described: Value = panel.get("/openapi.json").await.json().await.unwrap();
    let schemas = &described["components"]["schemas"];
    let forms = &described["paths"]["/q/library-stats"]["get"]["responses"]["200"]["content"];
    assert_eq!(
        forms["application/json"]["schema"]["anyOf"][1]["$ref"],
        "#/components/schemas/Flat"
    );
    assert!(schemas["Flat"]["additionalProperties"].is_object());
    assert_eq!(panel.get("/q/library-stats?flat=x").await.status(), 400);
    for name in ["sync-status", "now-playing", "tonight?minutes=60"] {
        assert_eq!(
            panel.get(&format!("/q/{name}")).await.status(),
            200,
            "{name}"
        );
    }

    assert_eq!(hub.anonymous().get("/q/library-stats").await.status(), 401);
    assert_eq!(panel.get("/q/nothing-of-the-kind").await.status(), 404);
    assert_eq!(panel.get("/q/library-stats?colour=red").await.status(), 400);
    let posted = hub
        .http
        .post(format!("{}/q/library-stats", hub.url))
        .bearer_auth(&key)
        .send()
        .await
        .unwrap();
    assert_eq!(posted.status(), 405);
    let code = panel
        .refused(
            "mutation { createRoom(input: { name: \"x\" }) { problems { code } } }",
            json!({}),
        )
        .await;
    assert_eq!(code, "FORBIDDEN");
    let by_get = panel
        .get("/graphql?query=mutation%7Blogout%7Bok%7D%7D")
        .await;
    assert_eq!(by_get.status(), 405);
}

async fn mcp(hub: &Hub, key: Option<&str>, method: &str, params: Value) -> reqwest::Response {
    let mut request = hub
        .http
        .post(format!("{}/mcp", hub.url))
        .header("accept", "application/json, text/event-stream")
        .header("mcp-protocol-version", "2025-06-18")
        .json(&json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }));
    if let Some(key) = key {
        request = request.bearer_auth(key);
    }
    request.send().await.unwrap()
}

/// The result in an answer that may be one event of a stream.
async fn result(answer: reqwest::Response) -> Value {
    let text = answer.text().await.unwrap();
    let json = text
        .lines()
        .filter_map(|line| line.strip_prefix("data:"))
        .map(str::trim)
        .find(|data| data.contains("\"id\":1"))
        .unwrap_or(&text);
    serde_json::from_str::<Value>(json).unwrap_or_else(|error| panic!("{error}: {text}"))["result"]
        .take()
}

async fn an_ai_client_lists_and_calls_tools_as_the_keys_owner(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    import(&owner).await;
    let key = key(&owner, "READ_LIBRARY").await;
    let hello = json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": { "name": "story", "version": "1" } });
    assert_eq!(
        mcp(&hub, None, "initialize", hello.clone()).await.status(),
        401
    );
    let greeting = mcp(&hub, Some(&key), "initialize", hello).await;
    assert_eq!(greeting.status(), 200);
    let session = greeting
        .headers()
        .get("mcp-session-id")
        .map(|id| id.to_str().unwrap().to_owned());
    let greeted = result(greeting).await;
    assert_eq!(greeted["serverInfo"]["name"], "game-djinn");
    let call = async |method: &str, params: Value| {
        let mut request = hub
            .http
            .post(format!("{}/mcp", hub.url))
            .bearer_auth(&key)
            .header("accept", "application/json, text/event-stream")
            .header("mcp-protocol-version", "2025-06-18")
            .json(&json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }));
        if let Some(session) = &session {
            request = request.header("mcp-session-id", session);
        }
        result(request.send().await.unwrap()).await
    };
    let tools = call("tools/list", json!({})).await;
    let names: Vec<&str> = tools["tools"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tool| tool["name"].as_str().unwrap())
        .collect();
    assert!(
        names.contains(&"search_games") && names.contains(&"recommend_games"),
        "{names:?}"
    );
    // A key that may only read is not offered what changes something.
    assert!(!names.contains(&"update_game_status"), "{names:?}");
    let found = call(
        "tools/call",
        json!({ "name": "search_games", "arguments": { "query": "portl" } }),
    )
    .await;
    assert_ne!(found["isError"], true, "{found}");
    assert!(
        found["structuredContent"].to_string().contains("Portal 2"),
        "{found}"
    );
    let wrong = call(
        "tools/call",
        json!({ "name": "search_games", "arguments": { "query": 7 } }),
    )
    .await;
    assert_eq!(wrong["isError"], true);
    assert!(
        wrong["content"][0]["text"]
            .as_str()
            .unwrap()
            .contains("/query"),
        "{wrong}"
    );
    // A page that is too large is refused by its bounds, not by what it would cost.
    let large = json!({ "query": "portal", "first": 1000 });
    let call_of_large = json!({ "name": "search_games", "arguments": large });
    let large = call("tools/call", call_of_large).await;
    assert_eq!(large["isError"], true);
    let said = large["content"][0]["text"].as_str().unwrap();
    assert!(said.contains("/first") && said.contains("100"), "{said}");
}

async fn the_pages_come_with_a_strict_policy_and_from_us_alone(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    for path in ["/", "/library", "/playground"] {
        let page = hub
            .http
            .get(format!("{}{path}", hub.url))
            .header("accept", "text/html")
            .send()
            .await
            .unwrap();
        assert_eq!(
            page.status(),
            200,
            "{path}: was the frontend built? `make test` does"
        );
        let policy = page.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(
            policy.contains("script-src 'self';") && !policy.contains("unsafe-eval"),
            "{policy}"
        );
        assert_eq!(page.headers()["x-content-type-options"], "nosniff");
        let html = page.text().await.unwrap();
        assert!(
            !html.contains("https://") && !html.contains("//cdn"),
            "{path} names another host"
        );
    }
    assert_eq!(
        hub.anonymous().get("/assets/nothing.js").await.status(),
        404
    );
    assert_eq!(hub.anonymous().get("/health").await.status(), 200);
    let ready: Value = hub.anonymous().get("/ready").await.json().await.unwrap();
    assert_eq!(ready["ready"], true, "{ready}");
}

crate::in_both_placements!(
    a_dashboard_reads_one_address_with_a_key_that_can_only_read,
    an_ai_client_lists_and_calls_tools_as_the_keys_owner,
    the_pages_come_with_a_strict_policy_and_from_us_alone,
);
