//! Logins: tokens that end are renewed, once at a time, and never lost.

use super::super::stage::{Stage, household_of, whole_lists_only};
use chrono::TimeDelta;
use djinn_kernel::{Clock, Fault};
use djinn_library::{
    Config, GogConfig, Library,
    account::{
        Accounts,
        entity::{account, lease},
        store,
    },
    platform::Registry,
};
use djinn_subgraph_kit::Vault;
use djinn_testkit::{
    gog::{CODE, Gog, product, routes},
    stand_in::Mood,
};
use futures_util::future::join_all;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

fn config() -> Config {
    let of = |part: &str| format!("https://gog.test/{part}");
    Config {
        gog: GogConfig {
            auth_base: of("auth"),
            embed_base: of("embed"),
            www_base: of("www"),
            ..GogConfig::default()
        },
        sync: whole_lists_only(),
        ..Config::default()
    }
}

async fn synced() -> (Stage, Arc<Gog>, String) {
    let gog = Gog::new();
    gog.has(vec![
        product(1, "Gothic", Some(61)),
        product(2, "Fallout", None),
    ]);
    let mut stage = Stage::of(config(), routes(Arc::clone(&gog))).await;
    stage.work();
    let library = stage.linked("gog", &[("code", CODE)]).await;
    assert_eq!(stage.settle(&library).await["state"], "SUCCEEDED");
    (stage, gog, library)
}

impl Stage {
    /// The refresh token that is kept.
    async fn kept(&self, library: &str) -> String {
        let secret = self.secrets().await.remove(0);
        let place = format!("{}/gog/{}/{library}", household_of(&self.me), secret.field);
        let opened = self
            .hub
            .test
            .ports
            .vault
            .open(&secret.sealed, &place)
            .unwrap();
        let tokens: Value = serde_json::from_slice(&opened).unwrap();
        tokens["refresh"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn tokens_are_renewed_before_they_end_and_the_new_ones_are_kept() {
    let (stage, gog, library) = synced().await;
    assert_eq!(stage.kept(&library).await, "refresh-1");
    stage.hub.test.clock.advance(TimeDelta::minutes(30));
    stage.sync_again(&library).await;
    assert_eq!(gog.logins.handed_out(), 1, "half an hour is left");
    for n in 2..5 {
        stage.hub.test.clock.advance(TimeDelta::minutes(60));
        assert_eq!(stage.sync_again(&library).await["state"], "SUCCEEDED");
        assert_eq!(gog.logins.handed_out(), n);
        assert_eq!(stage.kept(&library).await, format!("refresh-{n}"));
    }
}

#[tokio::test]
async fn a_token_that_ends_before_its_time_is_renewed_once() {
    let (stage, gog, library) = synced().await;
    gog.logins.expire();
    assert_eq!(stage.sync_again(&library).await["state"], "SUCCEEDED");
    assert_eq!(gog.logins.handed_out(), 2);
    assert_eq!(stage.kept(&library).await, "refresh-2");
    assert!(
        lease::Entity::find()
            .all(stage.hub.test.ports.db.read())
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_login_that_was_ended_disconnects_the_library_until_it_is_linked_again() {
    let (stage, gog, library) = synced().await;
    let before = stage.copies().await;
    gog.logins.revoke();
    let run = stage.sync_again(&library).await;
    assert_eq!(
        (&run["state"], &run["error"]["code"]),
        (&json!("FAILED"), &json!("CREDENTIALS_REJECTED"))
    );
    let query = "query($id: ID!) { library(id: $id) { connected gamesCount lastError { code } } }";
    let seen = stage
        .hub
        .data(&stage.me, query, json!({ "id": library }))
        .await;
    assert_eq!(
        seen["library"],
        json!({ "connected": false, "gamesCount": 2, "lastError": { "code": "CREDENTIALS_REJECTED" } })
    );

    let again = stage.linked("gog", &[("code", &format!("{CODE}-2"))]).await;
    assert_eq!(again, library, "it is the same library");
    assert_eq!(stage.settle(&library).await["state"], "SUCCEEDED");
    let seen = stage
        .hub
        .data(&stage.me, query, json!({ "id": library }))
        .await;
    assert_eq!(
        seen["library"],
        json!({ "connected": true, "gamesCount": 2, "lastError": null })
    );
    assert_eq!(stage.copies().await, before);
    assert_eq!(stage.secrets().await.len(), 1);
}

#[tokio::test]
async fn a_working_login_that_is_linked_again_works_on_with_the_new_tokens() {
    let (stage, gog, library) = synced().await;
    let again = stage
        .try_link("gog", &[("code", &format!("{CODE}-2"))])
        .await;
    let problem = &again["problems"][0];
    assert_eq!(problem["code"], "ALREADY_LINKED");
    assert_eq!(
        problem["message"],
        "that account is linked already; the new credentials are kept for it"
    );
    assert_eq!(gog.logins.handed_out(), 2);
    assert_eq!(stage.kept(&library).await, "refresh-2");
    // The platform takes the old ones no more.
    stage.hub.test.clock.advance(TimeDelta::minutes(60));
    assert_eq!(stage.sync_again(&library).await["state"], "SUCCEEDED");
    assert_eq!(stage.kept(&library).await, "refresh-3");
    assert_eq!(stage.secrets().await.len(), 1);
}

#[tokio::test]
async fn bad_answers_to_a_renewal_keep_the_old_tokens_and_heal() {
    let (stage, gog, library) = synced().await;
    for (mood, code) in [
        (Mood::Down, "PROVIDER_DOWN"),
        (Mood::Truncated, "PROVIDER_MALFORMED"),
        (Mood::Page, "PROVIDER_DOWN"),
        (Mood::TooMany(Some(5)), "PROVIDER_RATE_LIMITED"),
    ] {
        stage.hub.test.clock.advance(TimeDelta::minutes(60));
        let kept = stage.kept(&library).await;
        // It refuses before it makes new ones, so the old ones stay good.
        gog.temper.feel("token", [mood]);
        stage.sync(&library, false).await;
        let run = stage.until_state(&library, "WAITING").await;
        assert_eq!(run["error"]["code"], code, "{run:#}");
        assert_eq!(stage.kept(&library).await, kept);
        stage.later(TimeDelta::minutes(31));
        assert_eq!(stage.settle(&library).await["state"], "SUCCEEDED");
    }
}

#[tokio::test]
async fn ten_at_once_spend_the_refresh_token_once() {
    let (mut stage, gog, _) = synced().await;
    stage.stop().await;
    let ports = &stage.hub.test.ports;
    // Two processes, five lists in each.
    let process = || {
        let registry = Registry::new(ports, &config());
        (
            Accounts::new(ports.clone(), registry.clone(), config().limits),
            registry,
        )
    };
    let processes = [process(), process()];
    let row = account::Entity::find()
        .one(ports.db.read())
        .await
        .unwrap()
        .unwrap();
    gog.logins.expire();
    let lists = (0..10).map(|n| {
        let (accounts, registry) = &processes[n % 2];
        let row = &row;
        async move {
            let access = accounts.access(row).await.unwrap();
            registry
                .adapter("gog")
                .unwrap()
                .list(&access, None)
                .await
                .unwrap()
        }
    });
    assert_eq!(join_all(lists).await.len(), 10);
    assert_eq!(gog.logins.handed_out(), 2);
}

#[tokio::test]
async fn a_renewal_goes_on_to_its_end_when_nobody_waits_for_it_any_more() {
    let (mut stage, gog, library) = synced().await;
    gog.logins.expire();
    let gate = stage.hub.test.http.hold().await;
    stage.sync(&library, false).await;
    // The platform's answers wait at the gate: first that the token has ended, then the new ones.
    until(|| gog.temper.count("products") > 1).await;
    drop(gate);
    until(|| gog.logins.handed_out() == 2).await;
    stage.kill().await;
    for _ in 0..3_000 {
        if stage.kept(&library).await == "refresh-2" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(stage.kept(&library).await, "refresh-2");
    stage.work();
    stage.later(TimeDelta::minutes(2));
    assert_eq!(stage.settle(&library).await["state"], "SUCCEEDED");
    assert_eq!(gog.logins.handed_out(), 2);
}

async fn until(come: impl Fn() -> bool) {
    for _ in 0..5_000 {
        if come() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!("it never came so far");
}

#[tokio::test]
async fn a_lease_of_a_process_that_died_runs_out() {
    let (stage, gog, library) = synced().await;
    let ports = &stage.hub.test.ports;
    let row = lease::Model {
        library_id: library.parse().unwrap(),
        owner: ports.ids.new_id(),
        until: stage.hub.test.clock.now() + TimeDelta::seconds(60),
    };
    let txn = ports.db.begin().await.unwrap();
    assert!(
        store::lease(&txn, row, stage.hub.test.clock.now())
            .await
            .unwrap()
    );
    txn.commit().await.unwrap();
    gog.logins.expire();
    stage.sync(&library, false).await;
    until(|| gog.temper.count("products") > 1).await;
    assert_eq!(gog.logins.handed_out(), 1, "somebody else is at it");
    stage.later(TimeDelta::seconds(61));
    assert_eq!(stage.settle(&library).await["state"], "SUCCEEDED");
    assert_eq!(gog.logins.handed_out(), 2);
}

/// A vault that seals nothing while it is told so.
struct Stubborn {
    inner: Arc<dyn Vault>,
    shut: AtomicBool,
}

impl Vault for Stubborn {
    fn seal(&self, secret: &[u8], place: &str) -> Result<Vec<u8>, Fault> {
        if self.shut.load(Ordering::SeqCst) {
            return Err(Fault::new("sealing a secret: not today"));
        }
        self.inner.seal(secret, place)
    }
    fn open(&self, sealed: &[u8], place: &str) -> Result<Vec<u8>, Fault> {
        self.inner.open(sealed, place)
    }
}

#[tokio::test]
async fn tokens_that_cannot_be_saved_are_used_from_memory_and_saved_the_next_time() {
    let (mut stage, gog, library) = synced().await;
    stage.stop().await;
    let vault = Arc::new(Stubborn {
        inner: Arc::clone(&stage.hub.test.ports.vault),
        shut: AtomicBool::new(true),
    });
    stage.hub.test.ports.vault = Arc::clone(&vault) as _;
    stage.hub.parts = Library::assemble(stage.hub.test.ports.clone(), config());
    stage.work();
    gog.logins.expire();
    stage.sync(&library, false).await;
    assert_eq!(stage.settle(&library).await["state"], "SUCCEEDED");
    assert_eq!(stage.kept(&library).await, "refresh-1");
    vault.shut.store(false, Ordering::SeqCst);
    assert_eq!(stage.sync_again(&library).await["state"], "SUCCEEDED");
    assert_eq!(stage.kept(&library).await, "refresh-2");
    assert_eq!(gog.logins.handed_out(), 2, "nothing was fetched twice");
}

#[tokio::test]
async fn unlinking_leaves_neither_tokens_nor_leases() {
    let (stage, _, library) = synced().await;
    let ports = &stage.hub.test.ports;
    let row = lease::Model {
        library_id: library.parse().unwrap(),
        owner: ports.ids.new_id(),
        until: stage.hub.test.clock.now(),
    };
    let txn = ports.db.begin().await.unwrap();
    store::lease(&txn, row, stage.hub.test.clock.now())
        .await
        .unwrap();
    txn.commit().await.unwrap();
    let unlink = "mutation($id: ID!) { unlinkLibrary(id: $id) { ok } }";
    stage
        .hub
        .data(&stage.me, unlink, json!({ "id": library }))
        .await;
    assert!(stage.secrets().await.is_empty());
    assert!(
        lease::Entity::find()
            .all(ports.db.read())
            .await
            .unwrap()
            .is_empty()
    );
}
