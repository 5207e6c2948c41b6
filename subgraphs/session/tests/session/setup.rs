use crate::hub::{Hub, PASSWORD, codes};
use chrono::TimeDelta;
use djinn_kernel::{Role, Viewer};
use djinn_session::{Auth, Config};
use futures_util::future::join_all;
use serde_json::json;

const STATE: &str = "{ setup { needed authMode } }";

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_who_set_the_hub_up_at_once_exactly_one_becomes_admin() {
    let hub = Hub::new().await;
    let token = djinn_session::setup_link_token(&hub.world.ports)
        .await
        .unwrap()
        .unwrap();
    let names: Vec<String> = (0..100).map(|n| format!("admin {n}")).collect();
    let payloads = join_all(
        names
            .iter()
            .map(|name| hub.complete_setup(&token, name, PASSWORD)),
    )
    .await;
    let admins = payloads
        .iter()
        .filter(|payload| !payload["tokens"].is_null())
        .count();
    assert_eq!(admins, 1);
    for refused in payloads
        .iter()
        .filter(|payload| payload["tokens"].is_null())
    {
        assert_eq!(codes(refused), ["SETUP_DONE"]);
    }
    assert_eq!(
        hub.data(&Viewer::Anonymous, STATE, json!({})).await["setup"]["needed"],
        json!(false)
    );
    assert_eq!(
        djinn_session::setup_link_token(&hub.world.ports)
            .await
            .unwrap(),
        None
    );
}

#[tokio::test]
async fn a_setup_token_is_good_for_half_an_hour_and_only_the_latest_counts() {
    let hub = Hub::new().await;
    let older = djinn_session::setup_link_token(&hub.world.ports)
        .await
        .unwrap()
        .unwrap();
    let token = djinn_session::setup_link_token(&hub.world.ports)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        codes(&hub.complete_setup(&older, "Ann", PASSWORD).await),
        ["SETUP_TOKEN_INVALID"]
    );
    hub.world.clock.advance(TimeDelta::minutes(30));
    assert_eq!(
        codes(&hub.complete_setup(&token, "Ann", PASSWORD).await),
        ["SETUP_TOKEN_INVALID"]
    );
    let token = djinn_session::setup_link_token(&hub.world.ports)
        .await
        .unwrap()
        .unwrap();
    hub.world.clock.advance(TimeDelta::minutes(29));
    let done = hub.complete_setup(&token, "Ann", PASSWORD).await;
    assert_eq!(done["tokens"]["player"]["role"], json!("ADMIN"));
    assert_eq!(
        codes(&hub.complete_setup(&token, "Ann", PASSWORD).await),
        ["SETUP_DONE"]
    );
}

#[tokio::test]
async fn a_bad_name_or_password_is_refused_and_the_token_stays_good() {
    let hub = Hub::new().await;
    let token = djinn_session::setup_link_token(&hub.world.ports)
        .await
        .unwrap()
        .unwrap();
    for (name, password, code, field) in [
        ("", PASSWORD, "INVALID_INPUT", "input.name"),
        ("a\u{202e}b", PASSWORD, "INVALID_INPUT", "input.name"),
        ("Ann", "short", "WEAK_PASSWORD", "input.password"),
        ("Ann", "Password123", "WEAK_PASSWORD", "input.password"),
        (
            "Ann of Green Gables",
            "ann of green gables",
            "WEAK_PASSWORD",
            "input.password",
        ),
    ] {
        let payload = hub.complete_setup(&token, name, password).await;
        assert_eq!(
            payload["problems"][0]["code"],
            json!(code),
            "{name} {password}"
        );
        assert_eq!(payload["problems"][0]["field"], json!(field));
    }
    assert_eq!(
        hub.data(&Viewer::Anonymous, STATE, json!({})).await["setup"]["needed"],
        json!(true)
    );
    assert!(!hub.complete_setup(&token, "Ann", PASSWORD).await["tokens"].is_null());
}

#[tokio::test]
async fn a_hub_without_sign_in_has_one_owner_who_can_be_given_a_password_later() {
    let hub = Hub::with(Config {
        auth: Auth::Off,
        ..Config::default()
    })
    .await;
    let owner = djinn_session::sole_admin(&hub.world.ports).await.unwrap();
    assert_eq!(owner.role, Role::Admin);
    assert_eq!(
        djinn_session::sole_admin(&hub.world.ports).await.unwrap(),
        owner
    );
    assert_eq!(
        hub.data(&Viewer::Anonymous, STATE, json!({})).await["setup"],
        json!({ "needed": false, "authMode": "OFF" })
    );
    assert_eq!(
        codes(&hub.complete_setup("any", "Ann", PASSWORD).await),
        ["SETUP_DONE"]
    );

    let parts = djinn_session::Session::assemble(hub.world.ports.clone(), Config::default());
    let hub = Hub {
        subgraph: parts.subgraph,
        ..hub
    };
    let tokens = hub.set_up().await;
    assert_eq!(tokens["player"]["id"], json!(owner.player.to_string()));
    assert_eq!(tokens["player"]["name"], json!("Ann"));
    assert!(!hub.login("ann", PASSWORD).await["tokens"].is_null());
}

#[tokio::test]
async fn no_secret_is_in_the_database() {
    use sea_orm::{ConnectionTrait, Statement};
    let hub = Hub::new().await;
    let token = djinn_session::setup_link_token(&hub.world.ports)
        .await
        .unwrap()
        .unwrap();
    let db = hub.world.ports.db.read();
    let stored = |table: &'static str, column: &'static str| async move {
        let sql = format!("SELECT {column} AS found FROM {table}");
        let rows = db
            .query_all_raw(Statement::from_string(db.get_database_backend(), sql))
            .await
            .unwrap();
        rows.iter()
            .map(|row| row.try_get::<String>("", "found").unwrap())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert!(!stored("session_setup_token", "hash").await.contains(&token));
    let tokens = hub.complete_setup(&token, "Ann", PASSWORD).await["tokens"].take();
    let password = stored("session_player", "password").await;
    assert!(
        password.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{password}"
    );
    assert!(
        !stored("session_refresh", "hash")
            .await
            .contains(tokens["refreshToken"].as_str().unwrap())
    );
}
