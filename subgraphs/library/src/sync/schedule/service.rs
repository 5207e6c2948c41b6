//! Setting schedules, and starting the runs that are due.

use super::{LONGEST, entity::Model, next_at, store};
use crate::{
    account,
    config::SyncConfig,
    platform::Registry,
    sync::{self, Syncs, entity::run, store as runs},
};
use chrono::{DateTime, Utc};
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
    recent_every_hours: i32,
}

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Due {
    /// The whole list.
    Whole,
    /// A look at what was played lately.
    Recent,
}

impl Due {
    const fn of(self, row: &Model) -> Option<DateTime<Utc>> {
        match self {
            Self::Whole => row.next_at,
            Self::Recent => row.recent_at,
        }
    }
}

impl Schedules {
    /// With these ports and platforms, and the hub's intervals where a household said nothing.
    pub fn new(ports: Ports, registry: Registry, config: SyncConfig) -> Self {
        let hours = |hours| i32::try_from(hours).unwrap_or(LONGEST).min(LONGEST);
        Self {
            ports,
            registry,
            every_hours: hours(config.every_hours),
            recent_every_hours: hours(config.recent_every_hours),
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
        if account.connected {
            row.next_at = self.after(&row);
            row.recent_at = self.recently_after(&row, &account.platform);
        } else {
            // Whose credentials were refused waits for a person, whatever the interval.
            (row.next_at, row.recent_at) = (None, None);
        }
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
        platform: &str,
    ) -> Result<(), Fault> {
        let mut row = store::lock(txn, library, household).await?;
        row.failures = 0;
        row.next_at = self.after(&row);
        row.recent_at = self.recently_after(&row, platform);
        store::save(txn, row).await
    }

    /// The same for one that looked at what was played lately. `strangers` says which of those
    /// games the library has not: only the whole list can say how they are held, so it is due at
    /// once, and not again for the same ones.
    pub async fn looked(
        &self,
        txn: &DatabaseTransaction,
        library: Uuid,
        household: Uuid,
        platform: &str,
        strangers: Option<String>,
    ) -> Result<(), Fault> {
        let mut row = store::lock(txn, library, household).await?;
        row.recent_at = self.recently_after(&row, platform);
        if strangers.is_some() && strangers != row.strangers {
            row.next_at = Some(self.ports.clock.now());
        }
        row.strangers = strangers;
        store::save(txn, row).await
    }

    /// A run has failed for good: the next is due later each time, or waits for a person.
    pub async fn failed(
        &self,
        txn: &DatabaseTransaction,
        run: &run::Model,
        code: Code,
    ) -> Result<(), Fault> {
        let mut row = store::lock(txn, run.library_id, run.household_id).await?;
        // Nothing is looked at in between before a list came through again.
        row.recent_at = None;
        if code == Code::CredentialsRejected {
            row.next_at = None;
        } else if !run.recent {
            row.failures = row.failures.saturating_add(1);
            row.next_at = self.after(&row);
        }
        store::save(txn, row).await
    }

    fn after(&self, row: &Model) -> Option<DateTime<Utc>> {
        next_at(
            self.ports.clock.now(),
            self.hours(Some(row)),
            row.failures,
            &*self.ports.entropy,
        )
    }

    /// When what was played lately is looked at next. Never for a library that is not synced by
    /// itself, nor where the whole list comes as often.
    fn recently_after(&self, row: &Model, platform: &str) -> Option<DateTime<Utc>> {
        let hours = self.recent_every_hours;
        let adapter = self.registry.adapter(platform)?;
        (adapter.lists_recent() && hours < self.hours(Some(row)))
            .then(|| next_at(self.ports.clock.now(), hours, 0, &*self.ports.entropy))
            .flatten()
    }

    /// Starts the runs that are due.
    pub async fn start_due(&self, syncs: &Syncs) -> Result<(), Fault> {
        let now = self.ports.clock.now();
        for row in store::due(self.ports.db.read(), now).await? {
            self.start(syncs, &row, Due::Whole).await?;
        }
        // A library whose whole list was due just now is not among them any more.
        for row in store::due_recently(self.ports.db.read(), now).await? {
            self.start(syncs, &row, Due::Recent).await?;
        }
        Ok(())
    }

    async fn start(&self, syncs: &Syncs, row: &Model, due: Due) -> Result<(), Fault> {
        // First: whatever becomes of the run, the library is not due again at once, and of two
        // processes that see it one goes on.
        if !self.take(row, due).await? {
            return Ok(());
        }
        let (household, library) = (row.household_id, row.library_id);
        let started = match due {
            Due::Whole => syncs.start(household, library, false).await.map(|_| ()),
            Due::Recent => syncs.look(household, library).await,
        };
        match started {
            // A person was faster, or it has just been unlinked.
            Ok(())
            | Err(
                sync::SyncError::Running
                | sync::SyncError::NotFound
                | sync::SyncError::CannotSync(_)
                | sync::SyncError::NothingToRetry
                | sync::SyncError::AskedToWait(_),
            ) => Ok(()),
            Err(sync::SyncError::Internal(fault)) => Err(fault),
        }
    }

    async fn take(&self, seen: &Model, due: Due) -> Result<bool, Fault> {
        let txn = self.ports.db.begin().await.doing("taking a due library")?;
        runs::lock_latest(&txn, seen.library_id).await?;
        let known = account::store::get(&txn, seen.household_id, seen.library_id).await?;
        let mut row = store::lock(&txn, seen.library_id, seen.household_id).await?;
        let Some(account) = known else {
            store::delete_of(&txn, seen.library_id).await?;
            txn.commit().await.doing("forgetting a schedule")?;
            return Ok(false);
        };
        if due.of(&row) != due.of(seen) {
            return Ok(false);
        }
        if due == Due::Whole {
            row.next_at = self.after(&row);
        }
        row.recent_at = self.recently_after(&row, &account.platform);
        store::save(&txn, row).await?;
        txn.commit().await.doing("taking a due library")?;
        Ok(account.connected)
    }
}
