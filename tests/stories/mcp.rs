//! What an MCP client is shown, and for how long.

use crate::{
    hub::{Hub, Person, Placement},
    the_graph::{game, import},
};
use serde_json::{Value, json};

/// What a child of the ceiling TEEN must not learn of.
const HIDDEN: [&str; 5] = [
    "Half-Life",
    "DOOM",
    "Nobody Rated This",
    "Shooter",
    "id Software",
];

/// One request of the stateless revision; all that was answered.
async fn rpc(hub: &Hub, key: &str, method: &str, mut params: Value) -> Value {
    for (name, value) in [
        ("protocolVersion", json!("2026-07-28")),
        ("clientInfo", json!({ "name": "story", "version": "1" })),
        ("clientCapabilities", json!({})),
    ] {
        params["_meta"][format!("io.modelcontextprotocol/{name}")] = value;
    }
    let named = params["name"].as_str().or(params["uri"].as_str());
    let named = named.map(str::to_owned);
    let mut request = hub
        .http
        .post(format!("{}/mcp", hub.url))
        .bearer_auth(key)
        .header("accept", "application/json, text/event-stream")
        .header("mcp-protocol-version", "2026-07-28")
        .header("mcp-method", method)
        .json(&json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }));
    if let Some(named) = named {
        request = request.header("mcp-name", named);
    }
    let text = request.send().await.unwrap().text().await.unwrap();
    let mut events = text.lines().filter_map(|line| line.strip_prefix("data:"));
    let answer = events.rfind(|data| data.contains("\"id\":1"));
    serde_json::from_str(answer.unwrap_or(&text)).unwrap_or_else(|error| panic!("{error}: {text}"))
}

async fn tablet(owner: &Person<'_>) -> String {
    let made = owner
        .ask(
            "mutation { createProfile(input: { name: \"Ben\", ceiling: TEEN }) { profile { id } problems { code } } }",
            json!({}),
        )
        .await;
    let profile = &made["createProfile"]["profile"]["id"];
    let key = owner
        .ask(
            "mutation($profile: ID!) { createApiKey(input: { name: \"tablet\", scopes: [READ_LIBRARY, READ_PLAY], profileId: $profile }) { secret problems { code message } } }",
            json!({ "profile": profile }),
        )
        .await;
    key["createApiKey"]["secret"].as_str().unwrap().to_owned()
}

async fn no_tool_resource_prompt_or_completion_shows_a_child_a_hidden_game(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    import(&owner).await;
    let doom = game(&owner, "DOOM").await;
    let key = tablet(&owner).await;
    let ask = async |method: &str, params: Value| rpc(&hub, &key, method, params).await;

    let rule = json!({ "field": "TITLE", "operator": "CONTAINS", "value": { "text": "o" } });
    let arguments = |tool: &str| match tool {
        "check_owned" => json!({ "title": "doom" }),
        "filter_by_content_rating" => {
            json!({ "ratingAtMost": "ADULTS_ONLY", "includeUnrated": true })
        }
        "get_cross_platform_games" => json!({ "platformsAtLeast": 1 }),
        "get_game_details" | "explain_matching" => json!({ "id": doom }),
        "leaderboard_top" => json!({ "boardId": "none" }),
        "preview_collection" => json!({ "rule": rule }),
        "search_games" => json!({ "query": "", "kinds": null }),
        "year_in_review" => json!({ "year": 2025 }),
        _ => json!({}),
    };
    let listed = ask("tools/list", json!({})).await;
    let tools = listed["result"]["tools"].as_array().unwrap().clone();
    assert!(tools.len() > 10, "{listed:#}");
    let mut told = Vec::new();
    for tool in &tools {
        let name = tool["name"].as_str().unwrap();
        let call = json!({ "name": name, "arguments": arguments(name) });
        let answer = ask("tools/call", call).await;
        assert!(answer["result"]["content"].is_array(), "{name}: {answer}");
        told.push((name.to_owned(), answer));
    }
    let uri = format!("game://{}", doom.as_str().unwrap());
    for uri in [uri.as_str(), "stats://library"] {
        let read = ask("resources/read", json!({ "uri": uri })).await;
        told.push((uri.to_owned(), read));
    }
    let prompt = json!({ "name": "tonight", "arguments": { "genre": "Puzzle" } });
    told.push(("tonight".to_owned(), ask("prompts/get", prompt).await));
    let complete = json!({ "ref": { "type": "ref/prompt", "name": "tonight" }, "argument": { "name": "genre", "value": "" } });
    let completed = ask("completion/complete", complete).await;
    let values = &completed["result"]["completion"]["values"];
    assert!(values.to_string().contains("Puzzle"), "{completed}");
    told.push(("completion".to_owned(), completed));
    for (what, answer) in told {
        let text = answer.to_string();
        for hidden in HIDDEN {
            assert!(
                !text.contains(hidden),
                "{what} tells of {hidden}: {answer:#}"
            );
        }
    }
    // What may not be seen is missing, and no more: the same as what there is not.
    let details = json!({ "name": "get_game_details", "arguments": { "id": doom } });
    let missing = ask("tools/call", details).await;
    let said = missing["result"]["content"][0]["text"].as_str().unwrap();
    assert!(said.starts_with("NOT_FOUND"), "{missing}");
}

async fn a_key_is_counted_by_itself_and_not_by_its_address(placement: Placement) {
    let settings = [
        ("DJINN__LIMITS__REQUESTS_PER_SECOND", "1".to_owned()),
        ("DJINN__LIMITS__REQUESTS_AT_ONCE", "20".to_owned()),
    ];
    let hub = Hub::start(placement, &settings).await;
    let owner = hub.owner().await;
    let key = async |name: &str| {
        let made = owner
            .ask(
                "mutation($name: String!) { createApiKey(input: { name: $name, scopes: [READ_LIBRARY] }) { secret } }",
                json!({ "name": name }),
            )
            .await;
        made["createApiKey"]["secret"].as_str().unwrap().to_owned()
    };
    let (busy, calm) = (key("busy").await, key("calm").await);
    let mut answers = 0;
    while rpc(&hub, &busy, "tools/list", json!({})).await["result"].is_object() {
        answers += 1;
        assert!(answers < 200, "nobody counted");
    }
    let listed = rpc(&hub, &calm, "tools/list", json!({})).await;
    assert!(listed["result"].is_object(), "{listed}");
}

crate::in_both_placements!(
    no_tool_resource_prompt_or_completion_shows_a_child_a_hidden_game,
    a_key_is_counted_by_itself_and_not_by_its_address
);
