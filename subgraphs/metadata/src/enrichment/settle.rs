//! Writing down what came of a request.

use super::{
    DEFAULT_PAUSE, FAILED_REST, MAX_ATTEMPTS, REFRESH, REFUSED_REST, Stage, backoff, breaker,
    entity::{job, provider},
    ledger,
    retire::write_if_changed,
    service::Enrichment,
    store,
};
use crate::{
    NAME,
    game::{self, Dossier, Findings},
    matching,
    provider::{BY_TITLE, Found, Trouble},
};
use chrono::{DateTime, TimeDelta, Utc};
use djinn_kernel::{Doing, Fault, event::EnrichmentPaused};
use djinn_subgraph_kit::{Ports, outbox};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

impl Enrichment {
    /// Writes down what the provider said.
    pub(super) async fn answered(&self, answers: &[(job::Model, Found)]) -> Result<(), Fault> {
        let now = self.ports.clock.now();
        let name = self.provider.name();
        let txn = self.ports.db.begin().await.doing("settling jobs")?;
        matching::store::lock(&txn, now)
            .await
            .doing("locking games")?;
        let mut provider = ledger::provider(&txn, name)
            .await
            .doing("loading the provider's state")?;
        if provider.failures != 0 {
            provider.failures = 0;
            ledger::save_provider(&txn, provider)
                .await
                .doing("writing the provider's state")?;
        }
        for (job, found) in answers {
            // While we asked, the game may have turned out to be another product.
            let current = store::job(&txn, name, job.game_id)
                .await
                .doing("loading a job")?
                .filter(|current| current.store_id == job.store_id);
            let Some(current) = current else { continue };
            let row = if let Found::Elsewhere(store_id) = found {
                // It leads from one id to the next, but not for ever.
                let attempts = current.attempts + 1;
                let lost = attempts >= MAX_ATTEMPTS;
                job::Model {
                    store_id: store_id.clone(),
                    stage: if lost { Stage::Failed } else { Stage::Waiting } as i16,
                    attempts: attempts.min(MAX_ATTEMPTS),
                    due_at: if lost { now + FAILED_REST } else { now },
                    ..current
                }
            } else {
                self.known(&txn, job, found, now).await?;
                job::Model {
                    stage: Stage::Settled as i16,
                    attempts: 0,
                    due_at: now + REFRESH,
                    last_error: None,
                    ..current
                }
            };
            let row = job::Model {
                lease_until: None,
                ..row
            };
            store::save_job(&txn, row).await.doing("settling a job")?;
        }
        txn.commit().await.doing("settling jobs")?;
        self.ports.bus.poke(outbox::TOPIC);
        Ok(())
    }

    /// Tells a game what was found, be it nothing.
    async fn known(
        &self,
        txn: &DatabaseTransaction,
        job: &job::Model,
        found: &Found,
        now: DateTime<Utc>,
    ) -> Result<(), Fault> {
        let source = self.provider.source();
        let doubted = self.doubts(txn, job, found).await?;
        let mut year = None;
        self.enrich(txn, job.game_id, now, |dossier| {
            match found {
                Found::Findings(findings) => {
                    year = findings.release_year;
                    dossier.learn(source, Findings::clone(findings), now);
                }
                Found::Product { id, findings, .. } => {
                    dossier.learn_of(source, id, Findings::clone(findings), now);
                }
                // It no longer knows which game is meant: what it said was about another.
                Found::Nothing if job.store_id == BY_TITLE => dossier.forget(source),
                Found::Nothing | Found::Elsewhere(_) => {}
            }
            if let Some(doubted) = doubted {
                dossier.doubt(source, doubted);
            }
        })
        .await?;
        if let (Some(year), Some(platform)) = (year, self.provider.platform()) {
            let identity = format!("{platform}:{}", job.store_id);
            self.matching.store_year_found(txn, &identity, year).await?;
        }
        if let Found::Product { id, stores, .. } = found {
            let stores: Vec<(&str, &str)> = stores
                .iter()
                .map(|(platform, store_id)| (&**platform, &**store_id))
                .collect();
            let source = self.provider.source().as_str();
            self.matching
                .external_ids_found(txn, source, id, &stores)
                .await?;
        }
        Ok(())
    }

    /// Writes down that there was no answer.
    pub(super) async fn in_trouble(
        &self,
        jobs: &[job::Model],
        trouble: Trouble,
    ) -> Result<(), Fault> {
        let now = self.ports.clock.now();
        let name = self.provider.name();
        let txn = self.ports.db.begin().await.doing("settling jobs")?;
        matching::store::lock(&txn, now)
            .await
            .doing("locking games")?;
        let mut provider = ledger::provider(&txn, name)
            .await
            .doing("loading the provider's state")?;
        // How often it counts as a failure of the job's, from when on it is asked again, and why.
        let (counts, pause, error) = match trouble {
            Trouble::RateLimited {
                retry_after,
                plainly,
            } => {
                let pause = retry_after
                    .and_then(|wait| TimeDelta::from_std(wait).ok())
                    .map_or(DEFAULT_PAUSE, |wait| wait.max(TimeDelta::seconds(1)));
                // An empty answer may also be this one game's fault: then it must not stop the rest.
                (!plainly, Some(pause), "rate limited".to_owned())
            }
            Trouble::Refused(why) => {
                tracing::error!(
                    provider = name,
                    why,
                    "a provider takes no questions from us"
                );
                (false, Some(REFUSED_REST), why)
            }
            Trouble::Down(what) => {
                provider.failures = provider.failures.saturating_add(1);
                let pause = breaker(provider.failures);
                ledger::save_provider(&txn, provider.clone())
                    .await
                    .doing("writing the provider's state")?;
                if let Some(pause) = pause {
                    self.pause(&txn, &mut provider, now + pause).await?;
                }
                (true, None, what)
            }
            Trouble::Malformed(what) => (true, None, what),
            Trouble::Expired => (
                true,
                Some(TimeDelta::zero()),
                "the token ran out".to_owned(),
            ),
        };
        if let Some(pause) = pause.filter(|pause| *pause > TimeDelta::zero()) {
            self.pause(&txn, &mut provider, now + pause).await?;
        }
        for job in jobs {
            let current = store::job(&txn, name, job.game_id)
                .await
                .doing("loading a job")?
                .filter(|current| current.store_id == job.store_id);
            let Some(current) = current else { continue };
            let attempts = job.attempts + i32::from(counts);
            tracing::warn!(provider = name, game = %job.game_id, attempts, error, "enrichment");
            let given_up = attempts >= MAX_ATTEMPTS;
            if given_up {
                // Who waits for the end of a sync must see it.
                self.enrich(&txn, job.game_id, now, |_| {}).await?;
            }
            let wait = pause.unwrap_or_else(|| backoff(attempts, &*self.ports.entropy));
            let row = job::Model {
                stage: if given_up {
                    Stage::Failed
                } else {
                    Stage::Retrying
                } as i16,
                attempts: attempts.min(MAX_ATTEMPTS),
                due_at: now + if given_up { FAILED_REST } else { wait },
                lease_until: None,
                last_error: Some(error.clone()),
                ..current
            };
            store::save_job(&txn, row).await.doing("settling a job")?;
        }
        txn.commit().await.doing("settling jobs")?;
        self.ports.bus.poke(outbox::TOPIC);
        Ok(())
    }

    /// Changes a game, and says so. Who waits for a sync waits for the store alone: the others come
    /// when they come.
    async fn enrich(
        &self,
        txn: &DatabaseTransaction,
        game: Uuid,
        now: DateTime<Utc>,
        learn: impl FnOnce(&mut Dossier),
    ) -> Result<(), Fault> {
        let found = game::store::dossiers(txn, &[game])
            .await
            .doing("loading a game")?
            .remove(&game);
        let Some(before) = found else { return Ok(()) };
        let mut dossier = before.clone();
        learn(&mut dossier);
        dossier.game.enriched |= self.provider.platform().is_some();
        dossier.settle();
        write_if_changed(&self.ports, txn, &before, dossier, now).await
    }

    async fn pause(
        &self,
        txn: &DatabaseTransaction,
        provider: &mut provider::Model,
        until: DateTime<Utc>,
    ) -> Result<(), Fault> {
        provider.paused_until = Some(until);
        provider.announced_until = Some(until);
        ledger::save_provider(txn, provider.clone())
            .await
            .doing("pausing a provider")?;
        self.announce(txn, until).await
    }

    pub(super) async fn announce(
        &self,
        txn: &DatabaseTransaction,
        until: DateTime<Utc>,
    ) -> Result<(), Fault> {
        // No sync waits for a provider that is nobody's store.
        if self.provider.platform().is_none() {
            return Ok(());
        }
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
