//! Starting and retrying syncs.

use super::{SyncState, TOPIC, entity::run, store, topic};
use crate::{
    account,
    platform::{Registry, pause},
};
use chrono::{DateTime, Utc};
use djinn_kernel::{Code, Doing, Fault, Reason};
use djinn_subgraph_kit::{Ports, graph::Coded};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// Why a sync was not started.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// There is no such library in the household.
    #[error("no library has that id")]
    NotFound,
    /// A shelf has no account to read.
    #[error("a library of the platform {0} is filled from files; there is nothing to sync")]
    CannotSync(String),
    /// One run of a library at a time.
    #[error("this library is being synced already; `force: true` starts over")]
    Running,
    /// The last run did not fail.
    #[error("there is no failed or waiting sync to retry")]
    NothingToRetry,
    /// The platform said when to come back.
    #[error(
        "the platform asks us to wait until {at}; the sync goes on by itself then",
        at = pause::instant(.0)
    )]
    AskedToWait(DateTime<Utc>),
    /// Ours.
    #[error(transparent)]
    Internal(#[from] Fault),
}

impl Coded for SyncError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::CannotSync(_) => Code::InvalidInput,
            Self::Running => Code::SyncRunning,
            Self::NothingToRetry => Code::Conflict,
            Self::AskedToWait(_) => Code::ProviderRateLimited,
            Self::Internal(_) => Code::Internal,
        }
    }

    fn field(&self) -> Option<String> {
        matches!(self, Self::NotFound | Self::CannotSync(_)).then(|| "libraryId".to_owned())
    }

    fn reason(&self) -> Option<(Reason, Vec<String>)> {
        match self {
            Self::NothingToRetry => Some((Reason::SyncNothing, Vec::new())),
            Self::AskedToWait(until) => Some((Reason::SyncWaits, vec![pause::instant(until)])),
            _ => None,
        }
    }
}

/// The use cases of syncs.
#[derive(Clone)]
pub struct Syncs {
    ports: Ports,
    registry: Registry,
}

impl Syncs {
    /// With these ports and platforms.
    pub const fn new(ports: Ports, registry: Registry) -> Self {
        Self { ports, registry }
    }

    /// Queues a run of a library. A run under way is in the way, or is superseded with `force`.
    pub async fn start(
        &self,
        household: Uuid,
        library: Uuid,
        force: bool,
    ) -> Result<run::Model, SyncError> {
        let txn = self.ports.db.begin().await.doing("starting a sync")?;
        // The run before the account, as unlinking does: else one could be added to what is gone.
        let last = store::lock_latest(&txn, library).await?;
        self.syncable(&txn, household, library).await?;
        let now = self.ports.clock.now();
        let mut run = run::Model::queued(&self.ports, library, household);
        if let Some(mut last) = last
            && !last.state.is_final()
        {
            // Once the listing is in, only store pages and achievements are missing; they are fetched
            // whatever runs, and nobody has to wait for them to look for a game bought today.
            // A look at what was played lately is part of the whole list.
            if !force && !last.recent && !last.stage.is_settled() {
                return Err(SyncError::Running);
            }
            if let Some(until) = last.asked_to_wait(now) {
                // Starting over is a person's wish; the platform's is older and still holds, and
                // what it said is why the new run waits.
                run.state = SyncState::Waiting;
                run.next_attempt_at = Some(until);
                run.rate_limited_until = Some(until);
                run.error_code.clone_from(&last.error_code);
                run.error_message.clone_from(&last.error_message);
                run.error_said.clone_from(&last.error_said);
                run.message.clone_from(&last.message);
            }
            last.state = SyncState::Superseded;
            last.finished_at = Some(now);
            last.lease_owner = None;
            last.rev += 1;
            store::unstage(&txn, last.id).await?;
            store::save(&txn, last).await?;
        }
        store::insert(&txn, run.clone()).await?;
        txn.commit().await.doing("starting a sync")?;
        self.poke(library);
        Ok(run)
    }

    /// Queues a look at what was played lately, after a run that went well. Nothing is in the way
    /// of anything else: while a run is under way, or one waits for a person to retry it, there is
    /// none.
    pub async fn look(&self, household: Uuid, library: Uuid) -> Result<(), SyncError> {
        let txn = self.ports.db.begin().await.doing("starting a look")?;
        let last = store::lock_latest(&txn, library).await?;
        self.syncable(&txn, household, library).await?;
        if last.is_none_or(|last| last.state != SyncState::Succeeded) {
            return Err(SyncError::Running);
        }
        let run = run::Model {
            recent: true,
            ..run::Model::queued(&self.ports, library, household)
        };
        store::insert(&txn, run).await?;
        txn.commit().await.doing("starting a look")?;
        self.poke(library);
        Ok(())
    }

    /// Lets a failed or waiting run go on at once.
    pub async fn retry(&self, household: Uuid, library: Uuid) -> Result<run::Model, SyncError> {
        let txn = self.ports.db.begin().await.doing("retrying a sync")?;
        let last = store::lock_latest(&txn, library).await?;
        self.syncable(&txn, household, library).await?;
        let mut run = last.ok_or(SyncError::NothingToRetry)?;
        match run.state {
            SyncState::Failed | SyncState::Waiting => {
                if let Some(until) = run.asked_to_wait(self.ports.clock.now()) {
                    return Err(SyncError::AskedToWait(until));
                }
            }
            SyncState::Queued | SyncState::Running => return Err(SyncError::Running),
            SyncState::Succeeded | SyncState::Superseded => return Err(SyncError::NothingToRetry),
        }
        run.state = SyncState::Queued;
        run.attempt = 0;
        run.next_attempt_at = None;
        run.rate_limited_until = None;
        run.finished_at = None;
        run.error_code = None;
        run.error_message = None;
        run.error_said = None;
        run.message = None;
        run.rev += 1;
        store::save(&txn, run.clone()).await?;
        txn.commit().await.doing("retrying a sync")?;
        self.poke(library);
        Ok(run)
    }

    async fn syncable(
        &self,
        txn: &impl ConnectionTrait,
        household: Uuid,
        library: Uuid,
    ) -> Result<(), SyncError> {
        let account = account::store::get(txn, household, library)
            .await?
            .ok_or(SyncError::NotFound)?;
        if self.registry.adapter(&account.platform).is_none() {
            return Err(SyncError::CannotSync(account.platform));
        }
        Ok(())
    }

    fn poke(&self, library: Uuid) {
        self.ports.bus.poke(TOPIC);
        self.ports.bus.poke(&topic(library));
    }
}
