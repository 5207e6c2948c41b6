//! What the library hears from metadata.

use crate::{
    NAME, copy,
    game::{
        self,
        holdings::{self, Move},
    },
    import::waiting,
    sync::progress,
};
use djinn_kernel::{
    Doing, Event, Fault,
    event::{CopiesMatched, EnrichmentPaused, GameChanged, Payload},
};
use djinn_subgraph_kit::{Consumer, Ports, inbox, outbox};
use sea_orm::DatabaseTransaction;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// The kinds of events the library wants.
pub const CONSUMES: &[&str] = &[
    CopiesMatched::KIND,
    GameChanged::KIND,
    EnrichmentPaused::KIND,
];

/// Hears them.
pub struct Ear {
    ports: Ports,
}

impl Ear {
    /// With these ports.
    pub const fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Copies belong to games now: sum those games up, and the ones they belonged to before.
    async fn matched(
        &self,
        txn: &DatabaseTransaction,
        matched: &CopiesMatched,
    ) -> Result<Vec<Uuid>, Fault> {
        // Locks the run first, as the worker does.
        progress::touched(txn, matched.library.0).await?;
        let games: HashMap<Uuid, Uuid> = matched
            .matches
            .iter()
            .map(|(copy, game)| (copy.0, game.0))
            .collect();
        let ids: Vec<Uuid> = games.keys().copied().collect();
        let mut household = None;
        let mut changed = BTreeSet::new();
        let (mut matches, mut moves) = (Vec::new(), Vec::new());
        let mut arrived = Vec::new();
        for copy in copy::store::some(txn, matched.library.0, &ids).await? {
            let Some(&game) = games.get(&copy.id) else {
                continue;
            };
            // One that was delivered again long after must not move a copy back.
            if copy.match_revision > matched.revision {
                continue;
            }
            matches.push((copy.id, game));
            if copy.game_id == Some(game) {
                continue;
            }
            household = Some(copy.household_id);
            if let Some(before) = copy.game_id {
                changed.insert(before);
                moves.push(Move {
                    from: before,
                    to: game,
                });
            }
            changed.insert(game);
            arrived.push((copy.id, game, copy.title));
        }
        copy::store::set_games(txn, &matches, matched.revision).await?;
        if let Some(household) = household {
            let changed: Vec<Uuid> = changed.into_iter().collect();
            holdings::moved(txn, &self.ports, household, &changed, &moves).await?;
            waiting::arrive(txn, &self.ports, household, &arrived).await?;
        }
        Ok(vec![matched.library.0])
    }

    async fn act(&self, txn: &DatabaseTransaction, event: &Event) -> Result<Vec<Uuid>, Fault> {
        if let Some(matched) = event.read::<CopiesMatched>() {
            return self.matched(txn, &matched).await;
        }
        if let Some(changed) = event.read::<GameChanged>() {
            // Locks the run before the household's holdings, as the worker does.
            let libraries = progress::enriched(txn, &changed).await?;
            game::projection::apply(txn, &self.ports, &changed).await?;
            return Ok(libraries);
        }
        if let Some(paused) = event.read::<EnrichmentPaused>() {
            return progress::paused(txn, &paused).await;
        }
        // Of a newer shape: a newer version of the library will have to look again.
        tracing::warn!(kind = event.kind, id = %event.id, "an event of an unknown shape");
        Ok(Vec::new())
    }
}

#[async_trait::async_trait]
impl Consumer for Ear {
    fn name(&self) -> &'static str {
        NAME
    }

    fn kinds(&self) -> &'static [&'static str] {
        CONSUMES
    }

    async fn handle(&self, event: &Event) -> Result<(), Fault> {
        let txn = self.ports.db.begin().await.doing("handling an event")?;
        if !inbox::first_time(&txn, NAME, event.id, &*self.ports.clock).await? {
            return Ok(());
        }
        let libraries = self.act(&txn, event).await?;
        txn.commit().await.doing("handling an event")?;
        self.ports.bus.poke(outbox::TOPIC);
        progress::poke(&self.ports, &libraries);
        Ok(())
    }

    async fn handle_all(&self, events: &[Event]) -> Result<(), Fault> {
        let txn = self.ports.db.begin().await.doing("handling events")?;
        let mut fresh = Vec::new();
        for event in events {
            if inbox::first_time(&txn, NAME, event.id, &*self.ports.clock).await? {
                fresh.push(event);
            }
        }
        let mut libraries = BTreeSet::new();
        // All runs are locked before any household's holdings, as the worker does.
        for event in &fresh {
            if let Some(matched) = event.read::<CopiesMatched>() {
                progress::touched(&txn, matched.library.0).await?;
            } else if let Some(changed) = event.read::<GameChanged>() {
                libraries.extend(progress::enriched(&txn, &changed).await?);
            }
        }
        for event in fresh {
            if let Some(changed) = event.read::<GameChanged>() {
                game::projection::apply(&txn, &self.ports, &changed).await?;
            } else {
                libraries.extend(self.act(&txn, event).await?);
            }
        }
        txn.commit().await.doing("handling events")?;
        self.ports.bus.poke(outbox::TOPIC);
        let libraries: Vec<Uuid> = libraries.into_iter().collect();
        progress::poke(&self.ports, &libraries);
        Ok(())
    }
}
