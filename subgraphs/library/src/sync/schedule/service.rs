//! Setting schedules, and starting the runs that are due.

use super::{LONGEST, entity::Model, next_at, store};
use crate::{
    account,
    platform::Registry,
    sync::{self, Syncs, store as runs},
};
use djinn_kernel::{Code, Doing, Fault};
use djinn_subgraph_kit::{Ports, graph::Coded};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

/// Why an interval was not set.
#[derive(Debug, thiserror::Error)]
pub enum SetError {
    /// There is no such library in the household.
    #[error("no library has that id")]
    NotFound,
    /// A shelf has no account to read.
    #[error("a library of the platform {0} is filled from files; there is nothing to sync")]
    CannotSync(String),
    /// Out of range.
    #[error("an interval is between 1 and {LONGEST} hours, or 0 for never, not {0}")]
    OutOfRange(i32),
    /// Ours.
    #[error(transparent)]
    Internal(#[from] Fault),
}

impl Coded for SetError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::CannotSync(_) | Self::OutOfRange(_) => Code::InvalidInput,
            Self::Internal(_) => Code::Internal,
        }
    }

    fn field(&self) -> Option<String> {
        match self {
            Self::NotFound | Self::CannotSync(_) => Some("input.libraryId".to_owned()),
            Self::OutOfRange(_) => Some("input.everyHours".to_owned()),
            Self::Internal(_) => None,
        }
    }
}

/// The use cases of schedules.
#[derive(Clone)]
pub struct Schedules {
    ports: Ports,
    registry: Registry,
    every_hours: i32,
}

impl Schedules {
    /// With these ports and platforms, and `every_hours` where a household said nothing.
    pub fn new(ports: Ports, registry: Registry, every_hours: u32) -> Self {
        let every_hours = i32::try_from(every_hours).unwrap_or(LONGEST).min(LONGEST);
        Self {
            ports,
            registry,
            every_hours,
        }
    }

    /// How often a library with this schedule is synced, in hours; 0 for never.
    pub fn hours(&self, row: Option<&Model>) -> i32 {
        row.and_then(|row| row.every_hours)
            .unwrap_or(self.every_hours)
    }

    /// Whether libraries of that platform can be synced at all.
    pub fn can_sync(&self, platform: &str) -> bool {
        self.registry.adapter(platform).is_some()
    }

    /// Sets how often a library is synced: 0 for never, `None` for the hub's default.
    pub async fn set(
        &self,
        household: Uuid,
        library: Uuid,
        every_hours: Option<i32>,
    ) -> Result<account::entity::account::Model, SetError> {
        if let Some(hours) = every_hours.filter(|hours| !(0..=LONGEST).contains(hours)) {
            return Err(SetError::OutOfRange(hours));
        }
        let txn = self.ports.db.begin().await.doing("setting a schedule")?;
        // The run first, as everybody does who changes a library.
        runs::lock_latest(&txn, library).await?;
        let account = account::store::get(&txn, household, library)
            .await?
            .ok_or(SetError::NotFound)?;
        if !self.can_sync(&account.platform) {
            return Err(SetError::CannotSync(account.platform));
        }
        let mut row = store::lock(&txn, library, household).await?;
        row.every_hours = every_hours;
        // Whose credentials were refused waits for a person, whatever the interval.
        row.next_at = if account.connected {
            self.after(&row)
        } else {
            None
        };
        store::save(&txn, row).await?;
        txn.commit().await.doing("setting a schedule")?;
        Ok(account)
    }

    /// A run has got through its list, in the run's transaction: the next one is due in a while.
    pub async fn listed(
        &self,
        txn: &DatabaseTransaction,
        library: Uuid,
        household: Uuid,
    ) -> Result<(), Fault> {
        let mut row = store::lock(txn, library, household).await?;
        row.failures = 0;
        row.next_at = self.after(&row);
        store::save(txn, row).await
    }

    /// A run has failed for good: the next is due later each time, or waits for a person.
    pub async fn failed(
        &self,
        txn: &DatabaseTransaction,
        library: Uuid,
        household: Uuid,
        code: Code,
    ) -> Result<(), Fault> {
        let mut row = store::lock(txn, library, household).await?;
        row.failures = row.failures.saturating_add(1);
        row.next_at = if code == Code::CredentialsRejected {
            None
        } else {
            self.after(&row)
        };
        store::save(txn, row).await
    }

    fn after(&self, row: &Model) -> Option<chrono::DateTime<chrono::Utc>> {
        next_at(
            self.ports.clock.now(),
            self.hours(Some(row)),
            row.failures,
            &*self.ports.entropy,
        )
    }

    /// Starts the runs that are due.
    pub async fn start_due(&self, syncs: &Syncs) -> Result<(), Fault> {
        let now = self.ports.clock.now();
        for due in store::due(self.ports.db.read(), now).await? {
            // First: whatever becomes of the run, the library is not due again at once, and of two
            // processes that see it one goes on.
            if !self.take(&due).await? {
                continue;
            }
            match syncs.start(due.household_id, due.library_id, false).await {
                // A person was faster, or it has just been unlinked.
                Ok(_)
                | Err(
                    sync::SyncError::Running
                    | sync::SyncError::NotFound
                    | sync::SyncError::CannotSync(_)
                    | sync::SyncError::NothingToRetry
                    | sync::SyncError::AskedToWait(_),
                ) => {}
                Err(sync::SyncError::Internal(fault)) => return Err(fault),
            }
        }
        Ok(())
    }

    async fn take(&self, due: &Model) -> Result<bool, Fault> {
        let txn = self.ports.db.begin().await.doing("taking a due library")?;
        runs::lock_latest(&txn, due.library_id).await?;
        let known = account::store::get(&txn, due.household_id, due.library_id).await?;
        let mut row = store::lock(&txn, due.library_id, due.household_id).await?;
        let Some(account) = known else {
            store::delete_of(&txn, due.library_id).await?;
            txn.commit().await.doing("forgetting a schedule")?;
            return Ok(false);
        };
        if row.next_at != due.next_at {
            return Ok(false);
        }
        row.next_at = self.after(&row);
        store::save(&txn, row).await?;
        txn.commit().await.doing("taking a due library")?;
        Ok(account.connected)
    }
}
