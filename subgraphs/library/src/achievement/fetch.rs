//! Asks a platform for the achievements of one copy after the other.

use super::{MAX_ATTEMPTS, entity::set, kept, store};
use crate::{
    account::{self, Accounts},
    copy,
    platform::{AchievementListed, NoListing, Registry},
    sync::{self, SyncStage, SyncState, breaker, wait_after},
};
use chrono::{DateTime, Utc};
use djinn_kernel::{Doing, Fault};
use djinn_subgraph_kit::Ports;
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

/// Asks for achievements.
#[derive(Clone)]
pub struct Fetcher {
    /// The ports.
    pub ports: Ports,
    /// The platforms.
    pub registry: Registry,
    /// The accounts.
    pub accounts: Accounts,
}

/// What becomes of a copy that was asked for, and of the rest of its library.
enum Fate {
    /// These are its achievements.
    Known(Vec<AchievementListed>),
    /// It has none.
    None,
    /// The whole library waits, this copy too.
    Later(DateTime<Utc>),
    /// The same, and this copy was tried in vain.
    Failed(DateTime<Utc>),
    /// This copy was tried in vain; the others go on.
    Torn,
    /// The library is not asked again before it is listed again.
    Never,
}

impl Fetcher {
    /// Asks for the next copy of a library; `false` when there is nothing to ask for now.
    pub async fn next(&self, household: Uuid, library: Uuid) -> Result<bool, Fault> {
        let now = self.ports.clock.now();
        let account = account::store::get(self.ports.db.read(), household, library).await?;
        let txn = self.begin().await?;
        let Some(taken) = store::take(&txn, library, now).await? else {
            return Ok(false);
        };
        txn.commit().await.doing("taking achievements to fetch")?;
        // Unlinked meanwhile: its copies are being deleted.
        let Some(account) = account else {
            return Ok(false);
        };
        let fate = self.ask(&account, &taken).await;
        let fate = match fate {
            Ok(fate) => fate,
            Err(fault) => {
                // Ours: the log tells, and this copy waits like a torn answer.
                tracing::error!(copy = %taken.copy_id, error = %fault, "fetching achievements failed");
                Fate::Torn
            }
        };
        let goes_on = matches!(fate, Fate::Known(_) | Fate::None | Fate::Torn);
        self.note(&taken, fate).await?;
        Ok(goes_on)
    }

    async fn begin(&self) -> Result<DatabaseTransaction, Fault> {
        self.ports.db.begin().await.doing("fetching achievements")
    }

    async fn ask(
        &self,
        account: &account::entity::account::Model,
        taken: &set::Model,
    ) -> Result<Fate, Fault> {
        let db = self.ports.db.read();
        let copies = copy::store::some(db, taken.library_id, &[taken.copy_id]).await?;
        let store_id = copies.into_iter().next().and_then(|copy| copy.store_id);
        let (Some(store_id), Some(adapter)) = (store_id, self.registry.adapter(&account.platform))
        else {
            return Ok(Fate::None);
        };
        if let Some(until) = breaker::closed_until(&self.ports, &account.platform).await? {
            return Ok(Fate::Later(until));
        }
        let access = self.accounts.access(account).await?;
        let wait = |asked| {
            let mut chance = [0_u8; 2];
            self.ports.entropy.fill(&mut chance);
            let chance = u16::from_le_bytes(chance);
            self.ports.clock.now() + wait_after(taken.attempts + 1, asked, chance)
        };
        Ok(match adapter.achievements(&access, &store_id).await {
            Ok(Some(listed)) => Fate::Known(kept(listed)),
            Ok(None) => Fate::None,
            Err(NoListing::BudgetSpent { until, .. }) => Fate::Later(until),
            Err(NoListing::RateLimited { retry_after, .. }) => Fate::Later(wait(retry_after)),
            Err(NoListing::ProviderDown { retry_after, .. }) => Fate::Failed(wait(retry_after)),
            Err(NoListing::Malformed { .. }) => Fate::Torn,
            Err(NoListing::Internal(fault)) => return Err(fault),
            // Whatever it is that a person has to do; the next sync says so.
            Err(_) => Fate::Never,
        })
    }

    /// Writes down what came of it. What is known stays whenever nothing better came.
    async fn note(&self, taken: &set::Model, fate: Fate) -> Result<(), Fault> {
        let now = self.ports.clock.now();
        let txn = self.begin().await?;
        // The run first, as everybody does who changes a library.
        let run = sync::store::lock_latest(&txn, taken.library_id).await?;
        let Some(mut row) = store::lock(&txn, taken.copy_id).await? else {
            return Ok(());
        };
        row.lease_until = None;
        let until = match fate {
            Fate::Later(until) | Fate::Failed(until) => Some(until),
            _ => None,
        };
        let never = matches!(fate, Fate::Never);
        match fate {
            Fate::Known(kept) => {
                // An empty list where there was one is no news.
                if !kept.is_empty() || row.total == 0 {
                    row.total = kept.len() as i32;
                    row.unlocked = kept.iter().filter(|one| one.unlocked).count() as i32;
                    store::replace(&txn, &row, kept).await?;
                }
                fetched(&mut row, taken, now);
            }
            Fate::None => fetched(&mut row, taken, now),
            Fate::Later(until) => row.next_at = Some(until),
            Fate::Failed(until) => {
                row.attempts += 1;
                row.next_at = Some(until);
            }
            Fate::Torn => {
                row.attempts += 1;
                let wait = wait_after(row.attempts + 2, None, u16::MAX);
                row.next_at = (row.attempts < MAX_ATTEMPTS).then(|| now + wait);
                if row.next_at.is_none() {
                    row.fetched_minutes = Some(taken.playtime_minutes);
                }
            }
            Fate::Never => row.next_at = None,
        }
        store::update(&txn, row).await?;
        if let Some(until) = until {
            store::postpone(&txn, taken.library_id, until).await?;
        }
        if never {
            store::give_up(&txn, taken.library_id).await?;
        }
        let watched = run.filter(|run| {
            run.state == SyncState::Running && run.stage == SyncStage::Achievements && !run.dirty
        });
        let tell = watched.is_some();
        if let Some(mut run) = watched {
            run.dirty = true;
            sync::store::save(&txn, run).await?;
        }
        txn.commit().await.doing("noting achievements")?;
        if tell {
            self.ports.bus.poke(sync::TOPIC);
        }
        Ok(())
    }
}

fn fetched(row: &mut set::Model, taken: &set::Model, now: DateTime<Utc>) {
    row.attempts = 0;
    row.fetched_at = Some(now);
    row.fetched_minutes = Some(taken.playtime_minutes);
    // Played on while they were fetched: once more.
    if row.playtime_minutes <= taken.playtime_minutes {
        row.next_at = None;
    }
}
