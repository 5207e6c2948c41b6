//! Taking back what somebody decided, or what was matched by itself.

use super::{
    Decision, Verdict,
    error::DecisionError,
    held::{Held, visible},
    service::{Decisions, wrong},
    store,
};
use crate::{duplicate, game, matching};
use chrono::{DateTime, Utc};
use djinn_kernel::{Doing, Fault, ids::InvalidId, viewer::Identity};
use sea_orm::DatabaseTransaction;
use std::collections::BTreeSet;
use uuid::Uuid;

impl Decisions {
    /// Takes back a merge or a split by its id; of what was matched by itself, the product of that
    /// id is split off. Returns the games concerned.
    pub async fn undo(&self, identity: &Identity, id: &str) -> Result<Vec<Uuid>, DecisionError> {
        let id = Uuid::try_parse(id).map_err(|_| wrong("id", InvalidId { kind: "merge" }))?;
        let (household, now) = (identity.household.0, self.ports().clock.now());
        let txn = self.begin(now).await?;
        let Some(decision) = store::find(&txn, household, id).await? else {
            return self.unmatch(txn, identity, id, now).await;
        };
        let games: Vec<Uuid> = std::iter::once(decision.game)
            .chain(decision.sides.games.iter().copied())
            .collect();
        let seen = game::store::games(&txn, &games)
            .await
            .doing("loading games")?;
        if !seen.iter().all(|game| visible(identity, game)) {
            return Err(DecisionError::NoDecision);
        }
        if decision.undone_at.is_some() {
            return Ok(games);
        }
        store::undo(&txn, id, now).await?;
        let catalogue = self.named(&txn, &decision).await?;
        match decision.verdict {
            // Who takes a merge back does not want to be asked about it again.
            Verdict::Same => {
                for other in &decision.sides.games {
                    let pair = (decision.game, *other);
                    duplicate::store::dismiss(&txn, household, pair, now).await?;
                }
            }
            Verdict::Apart => {
                for kept in &decision.sides.games {
                    let pair = (decision.game, *kept);
                    duplicate::store::restore(&txn, household, pair).await?;
                }
            }
        }
        self.settle(txn, household, catalogue).await?;
        Ok(games)
    }

    /// Splits off what evidence alone had matched.
    async fn unmatch(
        &self,
        txn: DatabaseTransaction,
        identity: &Identity,
        id: Uuid,
        now: DateTime<Utc>,
    ) -> Result<Vec<Uuid>, DecisionError> {
        let behind = matching::store::copies_behind(&txn, &[id])
            .await
            .doing("loading copies")?;
        let game = behind
            .iter()
            .find(|copy| copy.household_id == Some(identity.household.0))
            .and_then(|copy| copy.game_id)
            .ok_or(DecisionError::NoDecision)?;
        let held = Held::load(&txn, identity, &[game]).await?;
        if !held.has(game) {
            return Err(DecisionError::NoDecision);
        }
        self.part(txn, identity, game, &held, BTreeSet::from([id]), now)
            .await
    }

    /// The catalogue's games of what a decision names.
    async fn named(
        &self,
        txn: &DatabaseTransaction,
        decision: &Decision,
    ) -> Result<BTreeSet<Uuid>, Fault> {
        let named: Vec<Uuid> = decision.named().collect();
        let rows = matching::store::by_id(txn, &named)
            .await
            .doing("loading what a decision is about")?;
        Ok(rows.into_iter().map(|row| row.game_id).collect())
    }
}
