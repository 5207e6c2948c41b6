use crate::hub::{Hub, PASSWORD, codes};
use chrono::TimeDelta;
use djinn_kernel::{Scope, Viewer, viewer::Identity};
use serde_json::{Value, json};

const NEW: &str = "four other unusual words";

async fn change(hub: &Hub, who: &Viewer, current: &str, new: &str) -> Value {
    const QUERY: &str = "mutation($input: ChangePasswordInput!) { changePassword(input: $input) {
        ok endedLogins problems { code field } } }";
    let input = json!({ "input": { "current": current, "password": new } });
    hub.data(who, QUERY, input).await["changePassword"].take()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[tokio::test]
async fn a_new_password_ends_the_other_logins_and_no_more() {
    let hub = Hub::new().await;
    let here = hub.set_up().await;
    let ann = hub.viewer(&here).await;
    let there = hub.login("Ann", PASSWORD).await["tokens"].take();
    let child = hub.child(&ann, "Ben").await;
    let mut ended = hub.world.ports.bus.watch(djinn_session::LOGINS_TOPIC);

    let changed = change(&hub, &ann, PASSWORD, NEW).await;
    assert_eq!(
        changed,
        json!({ "ok": true, "endedLogins": 1, "problems": [] })
    );
    // Before it would have looked again by itself.
    tokio::time::timeout(std::time::Duration::from_secs(4), ended.poked())
        .await
        .unwrap();
    assert_eq!(
        hub.identify(text(&there["accessToken"])).await,
        Err("UNAUTHENTICATED".to_owned())
    );
    assert!(hub.refresh(text(&there["refreshToken"])).await["errors"].is_array());
    assert!(hub.identify(text(&here["accessToken"])).await.is_ok());
    assert!(
        !hub.refresh(text(&here["refreshToken"])).await["data"]["refreshLogin"]["tokens"].is_null()
    );
    assert!(child.identity().is_some_and(|child| child.login.is_some()));
    assert_eq!(
        codes(&hub.login("Ann", PASSWORD).await),
        ["CREDENTIALS_REJECTED"]
    );
    assert_eq!(hub.login("Ann", NEW).await["problems"], json!([]));
}

#[tokio::test]
async fn without_the_present_password_or_with_a_weak_new_one_nothing_changes() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let wrong = change(&hub, &ann, "not her password", NEW).await;
    assert_eq!(
        wrong["problems"],
        json!([{ "code": "CREDENTIALS_REJECTED", "field": "input.current" }])
    );
    for weak in ["short", "password123", "aaaaaaaaaaaa"] {
        let refused = change(&hub, &ann, PASSWORD, weak).await;
        assert_eq!(
            refused["problems"],
            json!([{ "code": "WEAK_PASSWORD", "field": "input.password" }])
        );
    }
    assert_eq!(hub.login("Ann", PASSWORD).await["problems"], json!([]));
}

#[tokio::test]
async fn whoever_found_the_device_open_has_five_guesses() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    for guess in 0..5 {
        let refused = change(&hub, &ann, &format!("guess number {guess}"), NEW).await;
        assert_eq!(codes(&refused), ["CREDENTIALS_REJECTED"]);
    }
    assert_eq!(
        codes(&change(&hub, &ann, PASSWORD, NEW).await),
        ["RATE_LIMITED"]
    );
    hub.world.clock.advance(TimeDelta::minutes(1));
    assert_eq!(change(&hub, &ann, PASSWORD, NEW).await["ok"], true);
}

#[tokio::test]
async fn neither_a_key_nor_a_child_changes_a_password() {
    const QUERY: &str =
        "mutation { changePassword(input: { current: \"a\", password: \"b\" }) { ok } }";
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let child = hub.child(&ann, "Ben").await;
    let Viewer::Known(identity) = ann else {
        panic!("the admin is somebody");
    };
    let key = Viewer::Known(Identity {
        login: None,
        key: Some(djinn_kernel::ids::ApiKeyId(uuid::Uuid::nil())),
        scopes: Scope::ALL.to_vec(),
        ..identity
    });
    for viewer in [key, child] {
        assert_eq!(hub.error(&viewer, QUERY, json!({})).await, "FORBIDDEN");
    }
}
