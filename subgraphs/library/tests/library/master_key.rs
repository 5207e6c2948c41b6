//! The hub's master key is changed while it is in use.

use super::stage::{ACCOUNT, KEY, Stage, household_of, many};
use djinn_library::{Library, account::entity::secret};
use djinn_subgraph_kit::Vault;
use djinn_testkit::ports::{self, SECRET as BEFORE};
use sea_orm::EntityTrait;
use serde_json::json;
use std::{sync::Arc, time::Duration};

const AFTER: &str = "another secret, for the time after";

fn vault(stage: &Stage, present: &str, retired: Option<&str>) -> Arc<dyn Vault> {
    let entropy = Arc::clone(&stage.hub.test.ports.entropy);
    ports::vault(present, retired, entropy)
}

async fn sealed(stage: &Stage) -> Vec<secret::Model> {
    let db = stage.hub.test.ports.db.read();
    secret::Entity::find().all(db).await.unwrap()
}

/// The hub is started anew with these keys.
async fn started_with(stage: &mut Stage, present: &str, retired: Option<&str>) {
    stage.stop().await;
    stage.hub.test.ports.vault = vault(stage, present, retired);
    stage.hub.parts = Library::assemble(stage.hub.test.ports.clone(), stage.config.clone());
    stage.work();
}

/// Waits until that vault opens every secret at its place.
async fn until_opened_by(stage: &Stage, vault: &dyn Vault) {
    for _ in 0..2_000 {
        let all = sealed(stage).await;
        let opens = |row: &secret::Model| {
            let household = household_of(&stage.me);
            let place = format!("{household}/steam/{}/{}", row.field, row.library_id);
            vault.open(&row.sealed, &place).is_ok()
        };
        if all.iter().all(opens) {
            assert!(!all.is_empty());
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("secrets stay sealed with the old key");
}

#[tokio::test]
async fn secrets_are_sealed_anew_while_the_hub_runs_and_then_the_old_key_opens_nothing() {
    let (mut stage, library) = Stage::synced(many(3)).await;
    let before = sealed(&stage).await;
    started_with(&mut stage, AFTER, Some(BEFORE)).await;
    // It works at once, whether or not they have been sealed anew by now.
    assert_eq!(stage.sync_again(&library).await["state"], "SUCCEEDED");
    until_opened_by(&stage, &*vault(&stage, AFTER, None)).await;
    let after = sealed(&stage).await;
    assert_eq!(after.len(), before.len());
    let old = vault(&stage, BEFORE, None);
    for row in &after {
        let household = household_of(&stage.me);
        let place = format!("{household}/steam/{}/{}", row.field, row.library_id);
        assert!(old.open(&row.sealed, &place).is_err());
        assert!(
            vault(&stage, AFTER, None)
                .open(&row.sealed, "elsewhere")
                .is_err(),
            "it is bound to its place as before"
        );
    }
    // The retired key is not needed any more, and nothing is sealed once more.
    started_with(&mut stage, AFTER, None).await;
    assert_eq!(stage.sync_again(&library).await["state"], "SUCCEEDED");
    assert_eq!(sealed(&stage).await, after);
}

#[tokio::test]
async fn in_many_processes_no_moment_is_without_a_key_that_opens() {
    let (mut stage, library) = Stage::synced(many(3)).await;
    // First everybody accepts the coming key, so that what the first who has it seals is read.
    started_with(&mut stage, BEFORE, Some(AFTER)).await;
    assert_eq!(stage.sync_again(&library).await["state"], "SUCCEEDED");
    let row = sealed(&stage).await.remove(0);
    let place = format!(
        "{}/steam/{}/{}",
        household_of(&stage.me),
        row.field,
        row.library_id
    );
    let other = vault(&stage, AFTER, Some(BEFORE));
    let renewed = other.renew(&row.sealed, &place).unwrap().unwrap();
    let here = &stage.hub.test.ports.vault;
    assert_eq!(here.open(&renewed, &place).unwrap(), KEY.as_bytes());
    assert_eq!(other.open(&row.sealed, &place).unwrap(), KEY.as_bytes());
}

#[tokio::test]
async fn a_secret_of_a_lost_key_stays_until_its_account_is_linked_again() {
    let (mut stage, library) = Stage::synced(many(3)).await;
    let before = sealed(&stage).await;
    started_with(&mut stage, AFTER, None).await;
    stage.sync(&library, false).await;
    let run = stage.until_state(&library, "WAITING").await;
    assert_eq!(run["error"]["code"], "INTERNAL");
    assert_eq!(sealed(&stage).await, before, "nothing is thrown away");
    let again = stage
        .try_link("steam", &[("apiKey", KEY), ("account", ACCOUNT)])
        .await;
    assert_eq!(again["library"]["id"], json!(library));
    stage.later(chrono::TimeDelta::minutes(1));
    assert_eq!(stage.settle(&library).await["state"], "SUCCEEDED");
}
