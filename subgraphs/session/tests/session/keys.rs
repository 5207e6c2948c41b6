use crate::hub::{Hub, codes};
use chrono::TimeDelta;
use djinn_kernel::{Esrb, Role, Scope, Unrated, Viewer};
use serde_json::{Value, json};

const CREATE: &str = "mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) {
    apiKey { id name hint scopes lastUsedAt profile { name } } secret problems { code field message } } }";
const LIST: &str = "{ apiKeys { nodes { id hint lastUsedAt } totalCount } }";
const REVOKE: &str = "mutation($id: ID!) { revokeApiKey(id: $id) { ok problems { code } } }";

async fn create(hub: &Hub, viewer: &Viewer, scopes: &[&str], profile: Option<&str>) -> Value {
    let input =
        json!({ "input": { "name": "Home Assistant", "scopes": scopes, "profileId": profile } });
    hub.data(viewer, CREATE, input).await["createApiKey"].take()
}

/// Uses a key until that is noted as its last use: a database that is too busy for a second notes
/// nothing, which holds up nobody.
async fn used_at(hub: &Hub, owner: &Viewer, secret: &str, moment: &str) {
    for _ in 0..60 {
        hub.identify(secret).await.unwrap();
        let listed = hub.data(owner, LIST, json!({})).await;
        if listed["apiKeys"]["nodes"][0]["lastUsedAt"] == moment {
            return;
        }
    }
    panic!("the use at {moment} was never noted");
}

#[tokio::test]
async fn a_key_does_what_it_was_given_until_it_is_revoked() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let made = create(&hub, &ann, &["READ_LIBRARY", "READ_LIBRARY"], None).await;
    let secret = made["secret"].as_str().unwrap();
    assert!(secret.starts_with("gd_") && secret.len() == 46, "{secret}");
    assert_eq!(
        made["apiKey"]["hint"],
        json!(format!("gd_…{}", &secret[42..]))
    );

    let Viewer::Known(identity) = hub.identify(secret).await.unwrap() else {
        panic!("nobody")
    };
    assert_eq!(Some(identity.player), ann.identity().map(|ann| ann.player));
    assert_eq!(identity.scopes, [Scope::ReadLibrary]);
    assert_eq!(identity.login, None);
    let key = Viewer::Known(identity);
    assert_eq!(hub.error(&key, LIST, json!({})).await, "FORBIDDEN");

    used_at(&hub, &ann, secret, "2026-01-02T03:04:05+00:00").await;
    let listed = hub.data(&ann, LIST, json!({})).await["apiKeys"].take();
    assert_eq!(
        listed["nodes"][0]["lastUsedAt"],
        json!("2026-01-02T03:04:05+00:00")
    );
    assert!(!listed.to_string().contains(secret));
    assert_eq!(
        hub.data(&ann, REVOKE, json!({ "id": made["apiKey"]["id"] }))
            .await["revokeApiKey"]["ok"],
        json!(true)
    );
    assert_eq!(
        hub.identify(secret).await,
        Err("UNAUTHENTICATED".to_owned())
    );
    let again = hub
        .data(&ann, REVOKE, json!({ "id": made["apiKey"]["id"] }))
        .await["revokeApiKey"]
        .take();
    assert_eq!(codes(&again), ["NOT_FOUND"]);
    assert_eq!(
        hub.data(&ann, LIST, json!({})).await["apiKeys"]["totalCount"],
        json!(0)
    );
}

#[tokio::test]
async fn the_use_of_a_key_is_noted_once_a_minute() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let made = create(&hub, &ann, &["READ_PLAY"], None).await;
    let secret = made["secret"].as_str().unwrap();
    let used = || async {
        hub.data(&ann, LIST, json!({})).await["apiKeys"]["nodes"][0]["lastUsedAt"].take()
    };
    used_at(&hub, &ann, secret, "2026-01-02T03:04:05+00:00").await;
    hub.world.clock.advance(TimeDelta::seconds(59));
    hub.identify(secret).await.unwrap();
    assert_eq!(used().await, json!("2026-01-02T03:04:05+00:00"));
    hub.world.clock.advance(TimeDelta::seconds(1));
    used_at(&hub, &ann, secret, "2026-01-02T03:05:05+00:00").await;
}

#[tokio::test]
async fn nobody_gives_a_key_more_than_they_have() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let made = create(&hub, &ann, &["MANAGE_ACCOUNT", "READ_LIBRARY"], None).await;
    let key = hub
        .identify(made["secret"].as_str().unwrap())
        .await
        .unwrap();
    let mut narrow = ann.identity().unwrap().clone();
    narrow.scopes.retain(|scope| *scope != Scope::Admin);
    let input = json!({ "input": { "name": "bigger", "scopes": ["READ_LIBRARY", "ADMIN"] } });
    assert_eq!(
        hub.error(&Viewer::Known(narrow), CREATE, input).await,
        "FORBIDDEN"
    );
    // A key that leaked could otherwise make another, which its revocation would not touch.
    let input = json!({ "input": { "name": "heir", "scopes": ["READ_LIBRARY"] } });
    assert_eq!(hub.error(&key, CREATE, input).await, "FORBIDDEN");
    assert_eq!(
        codes(&create(&hub, &ann, &[], None).await),
        ["INVALID_INPUT"]
    );
    // A key cannot turn itself into a login that outlives it.
    let kid = hub.profile(&ann, "Kid").await;
    let query = "mutation($id: ID!) { useProfile(profileId: $id) { problems { code } } }";
    assert_eq!(
        hub.error(&key, query, json!({ "id": kid })).await,
        "FORBIDDEN"
    );
}

#[tokio::test]
async fn a_childs_key_acts_as_the_child() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let kid = hub.profile(&ann, "Kid").await;
    let refused = create(&hub, &ann, &["WRITE_LIBRARY"], Some(&kid)).await;
    assert_eq!(codes(&refused), ["INVALID_INPUT"]);
    assert_eq!(refused["problems"][0]["field"], json!("input.scopes"));
    let me = ann.identity().unwrap().player.to_string();
    assert_eq!(
        codes(&create(&hub, &ann, &["READ_LIBRARY"], Some(&me)).await),
        ["NOT_FOUND"]
    );

    let made = create(&hub, &ann, &["READ_LIBRARY"], Some(&kid)).await;
    assert_eq!(made["apiKey"]["profile"]["name"], json!("Kid"));
    let Viewer::Known(child) = hub
        .identify(made["secret"].as_str().unwrap())
        .await
        .unwrap()
    else {
        panic!()
    };
    assert_eq!(child.player.to_string(), kid);
    assert_eq!(child.household.to_string(), me);
    assert_eq!(child.role, Role::Child);
    assert_eq!(child.scopes, [Scope::ReadLibrary]);
    let family = child.family.unwrap();
    assert_eq!(
        (family.ceiling, family.unrated),
        (Esrb::Teen.into(), Unrated::Hide)
    );
}

#[tokio::test]
async fn a_household_has_at_most_fifty_keys() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    for _ in 0..50 {
        assert_eq!(
            create(&hub, &ann, &["READ_PLAY"], None).await["problems"],
            json!([])
        );
    }
    assert_eq!(
        codes(&create(&hub, &ann, &["READ_PLAY"], None).await),
        ["LIMIT_EXCEEDED"]
    );
}
