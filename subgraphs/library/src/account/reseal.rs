//! After the hub's master key was changed: what the retired one sealed is sealed anew, while the hub
//! runs.
//!
//! A secret is swapped only for what it was, so one that is linked anew, renewed or unlinked
//! meanwhile stays as that left it. Whatever is cut off goes on at the next start.

use super::{Accounts, place, store, tokens::Kept};
use crate::platform::token;
use djinn_kernel::{Doing, Fault};
use djinn_subgraph_kit::{Ports, Worker};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How long to wait for tokens that somebody is at.
const AGAIN: Duration = Duration::from_mins(1);

/// Seals everything anew once, and ends.
pub fn worker(accounts: Accounts) -> Worker {
    Worker::new("library.reseal", move |stop| run(accounts, stop))
}

async fn run(accounts: Accounts, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match all(&accounts).await {
            Ok(true) => return,
            Ok(false) => {}
            Err(fault) => tracing::error!(error = %fault, "sealing secrets anew; trying again"),
        }
        if stop
            .run_until_cancelled(tokio::time::sleep(AGAIN))
            .await
            .is_none()
        {
            return;
        }
    }
}

/// Goes through all secrets once; `false` when some have to wait.
async fn all(accounts: &Accounts) -> Result<bool, Fault> {
    let (ports, mut after) = (accounts.ports(), None);
    let (mut renewed, mut lost, mut waiting) = (0_u32, 0_u32, 0_u32);
    loop {
        let some = store::with_secrets(ports.db.read(), after).await?;
        let Some(last) = some.last() else { break };
        after = Some(last.id);
        for account in &some {
            for (field, sealed) in store::secrets(ports.db.read(), account.id).await? {
                let place = place(account.household_id, &account.platform, &field, account.id);
                match ports.vault.renew(&sealed, &place) {
                    Ok(None) => continue,
                    Ok(Some(_)) => {}
                    // Sealed with a key that nobody has: its owner links the account again.
                    Err(_) => {
                        lost += 1;
                        continue;
                    }
                }
                let done = if field == token::FIELD {
                    Kept::of(ports, account, accounts.unsaved())
                        .seal_anew()
                        .await?
                } else {
                    one(ports, account.id, &field, &place).await?
                };
                if done {
                    renewed += 1;
                } else {
                    waiting += 1;
                }
            }
        }
    }
    if renewed > 0 || waiting > 0 {
        tracing::info!(
            renewed,
            waiting,
            "secrets were sealed with the new master key"
        );
    }
    if waiting == 0 && renewed > 0 {
        tracing::info!(
            "nothing is sealed with the retired secret any more; `secret.retired` can go"
        );
    }
    if lost > 0 {
        tracing::error!(
            secrets = lost,
            "secrets were sealed with a key that this hub does not have; set `secret.retired`, or link their accounts again"
        );
    }
    Ok(waiting == 0)
}

/// Seals one secret anew, as it is now. There is nothing to do when it is gone, or was sealed with
/// the present key meanwhile.
pub async fn one(ports: &Ports, library: Uuid, field: &str, place: &str) -> Result<bool, Fault> {
    let sealed = store::secrets(ports.db.read(), library)
        .await?
        .remove(field);
    let Some(sealed) = sealed else {
        return Ok(true);
    };
    let Some(renewed) = ports.vault.renew(&sealed, place)? else {
        return Ok(true);
    };
    let txn = ports.db.begin().await.doing("sealing a secret anew")?;
    let swapped = store::swap_secret(&txn, library, field, &sealed, renewed).await?;
    txn.commit().await.doing("sealing a secret anew")?;
    Ok(swapped)
}
