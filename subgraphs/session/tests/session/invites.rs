use crate::hub::{Hub, PASSWORD, codes};
use chrono::TimeDelta;
use djinn_kernel::{Role, Viewer};
use djinn_session::{Auth, Config};
use futures_util::future::join_all;
use serde_json::{Value, json};

async fn invite(hub: &Hub, admin: &Viewer, role: &str) -> Value {
    const QUERY: &str = "mutation($role: InviteRole!) { createInvite(role: $role) {
        code invite { id role expiresAt } problems { code } } }";
    hub.data(admin, QUERY, json!({ "role": role })).await["createInvite"].take()
}

async fn accept(hub: &Hub, code: &Value, name: &str, password: &str) -> Value {
    const QUERY: &str = "mutation($input: AcceptInviteInput!) { acceptInvite(input: $input) {
        tokens { accessToken refreshToken player { id name role } } problems { code field } } }";
    let input = json!({ "input": { "code": code, "name": name, "password": password } });
    hub.data(&Viewer::Anonymous, QUERY, input).await["acceptInvite"].take()
}

async fn open(hub: &Hub, admin: &Viewer) -> Value {
    let list = "{ invites { totalCount nodes { id role } } }";
    hub.data(admin, list, json!({})).await["invites"].take()
}

#[tokio::test]
async fn who_is_invited_gets_an_account_and_a_household_of_their_own() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let made = invite(&hub, &ann, "MODERATOR").await;
    assert_eq!(made["invite"]["expiresAt"], "2026-01-09T03:04:05+00:00");
    assert_eq!(open(&hub, &ann).await["totalCount"], 1);

    let accepted = accept(&hub, &made["code"], "Bob", "his own unusual words").await;
    assert_eq!(accepted["problems"], json!([]));
    assert_eq!(accepted["tokens"]["player"]["role"], "MODERATOR");
    let bob = hub.viewer(&accepted["tokens"]).await;
    let bob = bob.identity().unwrap();
    assert_eq!((bob.role, bob.household), (Role::Moderator, bob.player));
    assert_ne!(bob.household, ann.identity().unwrap().household);
    assert_eq!(
        hub.login("bob", "his own unusual words").await["problems"],
        json!([])
    );
    assert_eq!(
        open(&hub, &ann).await,
        json!({ "totalCount": 0, "nodes": [] })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_works_once_however_many_try_at_once() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let made = invite(&hub, &ann, "PLAYER").await;
    let names: Vec<String> = (0..10).map(|n| format!("Guest {n}")).collect();
    let tried = join_all(
        names
            .iter()
            .map(|name| accept(&hub, &made["code"], name, PASSWORD)),
    )
    .await;
    let won = tried.iter().filter(|payload| !payload["tokens"].is_null());
    assert_eq!(won.count(), 1, "{tried:?}");
    for lost in tried.iter().filter(|payload| payload["tokens"].is_null()) {
        assert_eq!(
            lost["problems"],
            json!([{ "code": "NOT_FOUND", "field": "input.code" }])
        );
    }
}

#[tokio::test]
async fn a_code_that_is_wrong_old_or_taken_back_makes_nothing_and_all_look_alike() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let (old, back) = (
        invite(&hub, &ann, "PLAYER").await,
        invite(&hub, &ann, "PLAYER").await,
    );
    let revoke = "mutation($id: ID!) { revokeInvite(id: $id) { ok problems { code } } }";
    let id = json!({ "id": back["invite"]["id"] });
    assert_eq!(
        hub.data(&ann, revoke, id.clone()).await["revokeInvite"]["ok"],
        true
    );
    assert_eq!(
        hub.data(&ann, revoke, id).await["revokeInvite"],
        json!({ "ok": false, "problems": [{ "code": "NOT_FOUND" }] })
    );
    let wrong = accept(&hub, &json!("nonsense"), "Bob", PASSWORD).await;
    assert_eq!(codes(&wrong), ["NOT_FOUND"]);
    assert_eq!(accept(&hub, &back["code"], "Bob", PASSWORD).await, wrong);
    hub.world.clock.advance(TimeDelta::days(7));
    assert_eq!(accept(&hub, &old["code"], "Bob", PASSWORD).await, wrong);
    assert_eq!(
        codes(&hub.login("Bob", PASSWORD).await),
        ["CREDENTIALS_REJECTED"]
    );
}

#[tokio::test]
async fn a_name_that_is_taken_or_a_weak_password_leaves_the_code_good() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let made = invite(&hub, &ann, "PLAYER").await;
    for (name, password, code) in [
        ("ANN", PASSWORD, "NAME_TAKEN"),
        ("Bob", "short", "WEAK_PASSWORD"),
        ("Bo\nb", PASSWORD, "INVALID_INPUT"),
    ] {
        assert_eq!(
            codes(&accept(&hub, &made["code"], name, password).await),
            [code]
        );
    }
    assert_eq!(
        codes(&accept(&hub, &made["code"], "Bob", PASSWORD).await),
        Vec::<&str>::new()
    );
}

#[tokio::test]
async fn only_an_admin_invites_and_not_without_end() {
    const QUERY: &str = "mutation { createInvite { code problems { code } } }";
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let made = invite(&hub, &ann, "PLAYER").await;
    let bob = accept(&hub, &made["code"], "Bob", PASSWORD).await;
    let bob = hub.viewer(&bob["tokens"]).await;
    assert_eq!(hub.error(&bob, QUERY, json!({})).await, "FORBIDDEN");
    assert_eq!(
        hub.error(&bob, "{ invites { totalCount } }", json!({}))
            .await,
        "FORBIDDEN"
    );
    for _ in 0..20 {
        assert_eq!(
            codes(&hub.data(&ann, QUERY, json!({})).await["createInvite"]),
            Vec::<&str>::new()
        );
    }
    assert_eq!(
        codes(&hub.data(&ann, QUERY, json!({})).await["createInvite"]),
        ["LIMIT_EXCEEDED"]
    );
}

#[tokio::test]
async fn where_nobody_signs_in_nobody_is_invited() {
    let config = Config {
        auth: Auth::Off,
        ..Config::default()
    };
    let hub = Hub::with(config).await;
    let owner = djinn_session::sole_admin(&hub.world.ports).await.unwrap();
    let made = invite(&hub, &Viewer::Known(owner), "PLAYER").await;
    assert_eq!(codes(&made), ["CONFLICT"]);
}

#[tokio::test]
async fn the_code_is_nowhere_in_the_database() {
    use sea_orm::{ConnectionTrait, Statement};
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let made = invite(&hub, &ann, "PLAYER").await;
    let db = hub.world.ports.db.read();
    let sql = "SELECT hash, role FROM session_invite";
    let rows = db
        .query_all_raw(Statement::from_string(db.get_database_backend(), sql))
        .await
        .unwrap();
    let hash: String = rows[0].try_get("", "hash").unwrap();
    assert_eq!(hash.len(), 64);
    assert_ne!(made["code"], hash.as_str());
}
