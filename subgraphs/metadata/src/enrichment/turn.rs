//! Taking jobs: which are due, and whether the provider may be asked.

use super::{
    ALONE_AFTER, LEASE, Stage,
    entity::{job, provider},
    ledger,
    service::Enrichment,
    store,
};
use crate::{game, provider::Question};
use chrono::{DateTime, TimeDelta, Utc};
use djinn_kernel::{Doing, Fault};
use djinn_subgraph_kit::outbox;
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

/// A wait for our own budget is worth telling people from this long on.
const WORTH_TELLING: TimeDelta = TimeDelta::seconds(15);

/// What there is to do.
pub enum Turn {
    /// These, in one request.
    Jobs(Vec<(job::Model, Question)>),
    /// Nothing before then, or before somebody pokes.
    Wait(Option<DateTime<Utc>>),
}

impl Enrichment {
    /// Takes jobs, and a request out of every window of the budget for them.
    pub(super) async fn turn(&self) -> Result<Turn, Fault> {
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
        let provider = ledger::provider(&txn, name)
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
        let jobs = self.due(&txn, now).await?;
        if jobs.is_empty() {
            return Ok(Turn::Wait(None));
        }
        if let Some(until) = self.room(&txn, now).await? {
            self.wait_for_room(txn, provider, until).await?;
            return Ok(Turn::Wait(Some(until)));
        }
        ledger::spend(&txn, self.ports.ids.new_id(), name, now)
            .await
            .doing("spending a request")?;
        let ids: Vec<Uuid> = jobs.iter().map(|job| job.game_id).collect();
        store::lease(&txn, name, &ids, Some(now + LEASE))
            .await
            .doing("taking jobs")?;
        let games = game::store::games(&txn, &ids)
            .await
            .doing("loading games")?;
        txn.commit().await.doing("taking jobs")?;
        let asked = jobs.into_iter().map(|job| {
            let game = games.iter().find(|game| game.id == job.game_id);
            let question = Question {
                id: job.store_id.clone(),
                title: game.map(|game| game.title.clone()).unwrap_or_default(),
                year: game.and_then(|game| game.release_year),
            };
            (job, question)
        });
        Ok(Turn::Jobs(asked.collect()))
    }

    /// The next job, and those that go in one request with it.
    async fn due(
        &self,
        txn: &DatabaseTransaction,
        now: DateTime<Utc>,
    ) -> Result<Vec<job::Model>, Fault> {
        let name = self.provider.name();
        let next = store::next_due(txn, name, now)
            .await
            .doing("looking into the queue")?;
        let Some(next) = next else {
            return Ok(Vec::new());
        };
        let batch = self.provider.batch(&next.store_id);
        let suspect = next.stage == Stage::Retrying as i16 && next.attempts >= ALONE_AFTER;
        if batch.most <= 1 || suspect {
            return Ok(vec![next]);
        }
        store::due_with(txn, name, batch.prefix, batch.most, now)
            .await
            .doing("looking for more of the same")
    }

    /// When there is room for a request in every window again, if there is none now.
    async fn room(
        &self,
        txn: &DatabaseTransaction,
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, Fault> {
        let (name, budgets) = (self.provider.name(), self.provider.budgets());
        if let Some(longest) = budgets.iter().map(|budget| budget.window).max() {
            ledger::sweep(txn, name, longest, now)
                .await
                .doing("sweeping the budget")?;
        }
        let mut wait = None;
        for budget in budgets {
            let (asked, oldest) = ledger::asked_within(txn, name, budget.window, now)
                .await
                .doing("reading the budget")?;
            if asked >= u64::from(budget.requests) {
                wait = wait.max(Some(oldest.unwrap_or(now) + budget.window));
            }
        }
        Ok(wait)
    }

    /// Says that work goes on later, where somebody waits for its end and it is worth saying.
    async fn wait_for_room(
        &self,
        txn: DatabaseTransaction,
        mut provider: provider::Model,
        until: DateTime<Utc>,
    ) -> Result<(), Fault> {
        let now = self.ports.clock.now();
        let told = provider.announced_until.is_some_and(|told| told > now);
        if until - now >= WORTH_TELLING && !told {
            provider.announced_until = Some(until);
            self.announce(&txn, until).await?;
            ledger::save_provider(&txn, provider)
                .await
                .doing("writing the provider's state")?;
            txn.commit().await.doing("waiting for the budget")?;
            self.ports.bus.poke(outbox::TOPIC);
        }
        Ok(())
    }
}
