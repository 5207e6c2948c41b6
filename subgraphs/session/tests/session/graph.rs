use crate::hub::Hub;
use djinn_kernel::Viewer;
use serde_json::{Value, json};

const EVERYTHING: &str = "{ __schema { types { name description
    fields { name description args { name description } } inputFields { name description }
    enumValues { name description } } } }";

fn undescribed(at: &str, thing: &Value, found: &mut Vec<String>) {
    let name = thing["name"].as_str().unwrap();
    // The machinery of federation and introspection is not ours to describe.
    if name.starts_with('_') || name == "ID" {
        return;
    }
    let at = format!("{at}.{name}");
    if thing["description"].as_str().unwrap_or_default().is_empty() {
        found.push(at.clone());
    }
    for part in ["fields", "args", "inputFields", "enumValues"] {
        for inner in thing[part].as_array().into_iter().flatten() {
            undescribed(&at, inner, found);
        }
    }
}

#[tokio::test]
async fn everything_in_the_graph_is_described() {
    let hub = Hub::new().await;
    let types =
        hub.data(&Viewer::Anonymous, EVERYTHING, json!({})).await["__schema"]["types"].take();
    let mut found = Vec::new();
    for kind in types.as_array().unwrap() {
        undescribed("", kind, &mut found);
    }
    assert_eq!(found, Vec::<String>::new());
}

#[tokio::test]
async fn what_only_the_hub_may_ask_is_inaccessible() {
    let hub = Hub::new().await;
    assert!(hub.sdl.contains("type Identified @inaccessible"));
    assert!(
        hub.sdl
            .contains("): Identified! @tag(name: \"hub\") @inaccessible")
    );
    assert!(hub.sdl.contains("type Player @key(fields: \"id\")"));
    assert!(hub.sdl.contains("type Room @key(fields: \"id\")"));
}

#[tokio::test]
async fn who_is_not_signed_in_reads_and_changes_nothing() {
    let hub = Hub::new().await;
    hub.set_up().await;
    for query in [
        "{ logins { totalCount } }",
        "{ apiKeys { totalCount } }",
        "{ rooms { totalCount } }",
        "{ room(id: \"x\") { id } }",
        "{ roomSince(roomId: \"x\", epoch: \"x\", rev: 0) { __typename } }",
        "mutation { createProfile(input: { name: \"x\", ceiling: TEEN }) { problems { code } } }",
        "mutation { updateProfile(input: { id: \"x\" }) { problems { code } } }",
        "mutation { useProfile(profileId: \"x\") { problems { code } } }",
        "mutation { createApiKey(input: { name: \"x\", scopes: [ADMIN] }) { secret } }",
        "mutation { revokeApiKey(id: \"x\") { ok } }",
        "mutation { endLogin(id: \"x\") { ok } }",
        "mutation { createRoom(input: { name: \"x\" }) { problems { code } } }",
        "mutation { joinRoom(roomId: \"x\") { problems { code } } }",
        "mutation { leaveRoom(roomId: \"x\") { problems { code } } }",
        "mutation { setReady(roomId: \"x\", ready: true) { problems { code } } }",
        "mutation { actInRoom(input: { roomId: \"x\", clientSeq: 1, patch: {} }) { rev } }",
        "mutation { closeRoom(roomId: \"x\") { problems { code } } }",
    ] {
        assert_eq!(
            hub.error(&Viewer::Anonymous, query, json!({})).await,
            "UNAUTHENTICATED",
            "{query}"
        );
    }
}
