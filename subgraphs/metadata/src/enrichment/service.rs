//! One step at a time: take a job, ask, write down what came of it.

use super::{
    DEFAULT_PAUSE, FAILED_REST, LEASE, MAX_ATTEMPTS, REFRESH, Stage, backoff, breaker,
    entity::{job, provider},
    store,
};
use crate::{
    NAME,
    game::{self, Findings},
    matching::{self, service::Matching},
    provider::{Found, Provider, Trouble},
};
use chrono::{DateTime, TimeDelta, Utc};
use djinn_kernel::{Doing, Fault, event::EnrichmentPaused};
use djinn_subgraph_kit::{Ports, outbox};
use sea_orm::DatabaseTransaction;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// A wait for our own budget is worth telling people from this long on.
const WORTH_TELLING: TimeDelta = TimeDelta::seconds(15);

/// Asks one provider about the games in its queue.
#[derive(Clone)]
pub struct Enrichment {
    ports: Ports,
    provider: Arc<dyn Provider>,
    matching: Matching,
}

/// What a step came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A provider was asked; there may be more to do.
    Worked,
    /// Nothing can be done before then, or before somebody pokes.
    Wait(Option<DateTime<Utc>>),
}

enum Turn {
    Job(job::Model),
    Wait(Option<DateTime<Utc>>),
}

impl Enrichment {
    /// Over these ports.
    pub fn new(ports: Ports, provider: Arc<dyn Provider>, matching: Matching) -> Self {
        Self {
            ports,
            provider,
            matching,
        }
    }

    /// Asks about the next game, if one is due and the provider may be asked.
    pub async fn step(&self, stop: &CancellationToken) -> Result<Step, Fault> {
        let job = match self.turn().await? {
            Turn::Job(job) => job,
            Turn::Wait(until) => return Ok(Step::Wait(until)),
        };
        let answer = tokio::select! {
            answer = self.provider.fetch(&job.store_id) => answer,
            () = stop.cancelled() => {
                // Give it back, so that the next process need not wait for the lease.
                let txn = self.ports.db.begin().await.doing("giving a job back")?;
                store::save_job(&txn, job::Model { lease_until: None, ..job }).await.doing("giving a job back")?;
                txn.commit().await.doing("giving a job back")?;
                return Ok(Step::Wait(None));
            }
        };
        self.settle(&job, answer).await?;
        Ok(Step::Worked)
    }

    /// Puts the games in the queue that were found while the provider was not asked. Returns how
    /// many there were.
    pub async fn adopt(&self) -> Result<usize, Fault> {
        let txn = self
            .ports
            .db
            .begin()
            .await
            .doing("queueing games left out before")?;
        let wanted = store::unasked(&txn, 500)
            .await
            .doing("queueing games left out before")?;
        store::enqueue(&txn, &wanted, self.ports.clock.now())
            .await
            .doing("queueing games left out before")?;
        txn.commit().await.doing("queueing games left out before")?;
        Ok(wanted.len())
    }

    /// Takes a job, and a request out of the budget for it.
    async fn turn(&self) -> Result<Turn, Fault> {
        let (name, now) = (self.provider.name(), self.ports.clock.now());
        // Most looks find nothing: they must not write.
        let read = self.ports.db.read();
        if store::next_due(read, name, now)
            .await
            .doing("looking into the queue")?
            .is_none()
        {
            let later = store::next_later(read, name, now)
                .await
                .doing("looking into the queue")?;
            return Ok(Turn::Wait(later));
        }
        let txn = self.ports.db.begin().await.doing("taking a job")?;
        let mut provider = store::provider(&txn, name)
            .await
            .doing("loading the provider's state")?;
        if let Some(until) = provider.paused_until.filter(|until| *until > now) {
            return Ok(Turn::Wait(Some(until)));
        }
        // One request at a time, over all processes.
        if let Some(until) = store::held_until(&txn, name, now)
            .await
            .doing("looking for others at work")?
        {
            return Ok(Turn::Wait(Some(until)));
        }
        let Some(job) = store::next_due(&txn, name, now)
            .await
            .doing("looking into the queue")?
        else {
            return Ok(Turn::Wait(None));
        };
        let budget = self.provider.budget();
        let (asked, oldest) = store::asked_within(&txn, name, budget.window, now)
            .await
            .doing("reading the budget")?;
        if asked >= u64::from(budget.requests) {
            let until = oldest.unwrap_or(now) + budget.window;
            let told = provider.announced_until.is_some_and(|told| told > now);
            if until - now >= WORTH_TELLING && !told {
                provider.announced_until = Some(until);
                self.announce(&txn, until).await?;
                store::save_provider(&txn, provider)
                    .await
                    .doing("writing the provider's state")?;
                txn.commit().await.doing("waiting for the budget")?;
                self.ports.bus.poke(outbox::TOPIC);
            }
            return Ok(Turn::Wait(Some(until)));
        }
        store::spend(&txn, self.ports.ids.new_id(), name, now)
            .await
            .doing("spending a request")?;
        let job = job::Model {
            lease_until: Some(now + LEASE),
            ..job
        };
        store::save_job(&txn, job.clone())
            .await
            .doing("taking a job")?;
        txn.commit().await.doing("taking a job")?;
        Ok(Turn::Job(job))
    }

    /// Writes down what came of a job.
    async fn settle(&self, job: &job::Model, answer: Result<Found, Trouble>) -> Result<(), Fault> {
        let now = self.ports.clock.now();
        let txn = self.ports.db.begin().await.doing("settling a job")?;
        matching::store::lock(&txn, now)
            .await
            .doing("locking games")?;
        let mut provider = store::provider(&txn, self.provider.name())
            .await
            .doing("loading the provider's state")?;
        let current = store::job(&txn, self.provider.name(), job.game_id)
            .await
            .doing("loading a job")?;
        // While we asked, the game may have turned out to be another product.
        let current = current.filter(|current| current.store_id == job.store_id);
        let failures = provider.failures;

        let (stage, attempts, due_at, error) = match answer {
            Ok(found) => {
                provider.failures = 0;
                if current.is_some() {
                    let findings = match found {
                        Found::Findings(findings) => *findings,
                        Found::Nothing => Findings::default(),
                    };
                    let year = findings.release_year;
                    self.enrich(&txn, job.game_id, findings, now).await?;
                    if let Some(year) = year {
                        let identity = format!("{}:{}", self.provider.platform(), job.store_id);
                        self.matching
                            .store_year_found(&txn, &identity, year)
                            .await?;
                    }
                }
                (Stage::Settled, 0, now + REFRESH, None)
            }
            Err(Trouble::RateLimited {
                retry_after,
                plainly,
            }) => {
                let pause = retry_after
                    .and_then(|wait| TimeDelta::from_std(wait).ok())
                    .map_or(DEFAULT_PAUSE, |wait| wait.max(TimeDelta::seconds(1)));
                self.pause(&txn, &mut provider, now + pause).await?;
                // An empty answer may also be this one game's fault: then it must not stop the rest.
                let attempts = job.attempts + i32::from(!plainly);
                (
                    Stage::Retrying,
                    attempts,
                    now + pause,
                    Some("rate limited".to_owned()),
                )
            }
            Err(Trouble::Down(what)) => {
                provider.failures = provider.failures.saturating_add(1);
                if let Some(pause) = breaker(provider.failures) {
                    self.pause(&txn, &mut provider, now + pause).await?;
                }
                let attempts = job.attempts + 1;
                (
                    Stage::Retrying,
                    attempts,
                    now + backoff(attempts, &*self.ports.entropy),
                    Some(what),
                )
            }
            Err(Trouble::Malformed(what)) => {
                let attempts = job.attempts + 1;
                (
                    Stage::Retrying,
                    attempts,
                    now + backoff(attempts, &*self.ports.entropy),
                    Some(what),
                )
            }
        };
        let given_up = stage == Stage::Retrying && attempts >= MAX_ATTEMPTS;
        if let Some(current) = current {
            if let Some(error) = &error {
                tracing::warn!(provider = provider.name, game = %job.game_id, attempts, error, "enrichment");
            }
            if given_up {
                // Who waits for the end of a sync must see it.
                self.enrich(&txn, job.game_id, Findings::default(), now)
                    .await?;
            }
            let row = job::Model {
                stage: if given_up { Stage::Failed } else { stage } as i16,
                attempts: attempts.min(MAX_ATTEMPTS),
                due_at: if given_up { now + FAILED_REST } else { due_at },
                lease_until: None,
                last_error: error,
                ..current
            };
            store::save_job(&txn, row).await.doing("settling a job")?;
        }
        if failures != provider.failures {
            store::save_provider(&txn, provider)
                .await
                .doing("writing the provider's state")?;
        }
        txn.commit().await.doing("settling a job")?;
        self.ports.bus.poke(outbox::TOPIC);
        Ok(())
    }

    /// Tells a game what was found, be it nothing.
    async fn enrich(
        &self,
        txn: &DatabaseTransaction,
        game: Uuid,
        findings: Findings,
        now: DateTime<Utc>,
    ) -> Result<(), Fault> {
        let found = game::store::dossiers(txn, &[game])
            .await
            .doing("loading a game")?
            .remove(&game);
        let Some(before) = found else { return Ok(()) };
        let mut dossier = before.clone();
        dossier.learn(self.provider.source(), findings, now);
        dossier.game.enriched = true;
        dossier.settle();
        super::retire::write_if_changed(&self.ports, txn, &before, dossier, now).await
    }

    async fn pause(
        &self,
        txn: &DatabaseTransaction,
        provider: &mut provider::Model,
        until: DateTime<Utc>,
    ) -> Result<(), Fault> {
        provider.paused_until = Some(until);
        provider.announced_until = Some(until);
        store::save_provider(txn, provider.clone())
            .await
            .doing("pausing a provider")?;
        self.announce(txn, until).await
    }

    async fn announce(&self, txn: &DatabaseTransaction, until: DateTime<Utc>) -> Result<(), Fault> {
        let Ports { clock, ids, .. } = &self.ports;
        let payload = EnrichmentPaused {
            provider: self.provider.name().to_owned(),
            until,
        };
        outbox::append(txn, NAME, &**clock, &**ids, &payload)
            .await
            .map(drop)
    }
}
