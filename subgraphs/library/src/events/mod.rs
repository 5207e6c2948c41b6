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
    event::{CopiesMatched, EnrichmentPaused, GameChanged, GameJoined, GamesForgotten, Payload},
};
use djinn_subgraph_kit::{Consumer, Ports, inbox, outbox};
use sea_orm::DatabaseTransaction;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// The kinds of events the library wants.
pub const CONSUMES: &[&str] = &[
    CopiesMatched::KIND,
    GameChanged::KIND,
    GamesForgotten::KIND,
    GameJoined::KIND,
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
        let (mut arrived, mut stayed) = (Vec::new(), Vec::new());
        for copy in copy::store::some(txn, matched.library.0, &ids).await? {
            let Some(&game) = games.get(&copy.id) else {
                continue;
            };
            // One that was delivered again long after must not move a copy back.
            if copy.match_revision > matched.revision {
                continue;
            }
            matches.push((copy.id, game));
            household = Some(copy.household_id);
            if copy.game_id == Some(game) {
                stayed.push((copy.id, game));
                continue;
            }
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
            let unsaid = holdings::moved(txn, &self.ports, household, &changed, &moves).await?;
            waiting::arrive(txn, &self.ports, household, &arrived, &unsaid).await?;
            waiting::stay(txn, &self.ports, household, &stayed).await?;
        }
        Ok(vec![matched.library.0])
    }

    /// Games are what metadata says now.
    async fn changed(
        &self,
        txn: &DatabaseTransaction,
        changed: &[GameChanged],
    ) -> Result<Vec<Uuid>, Fault> {
        // Locks the run before the household's holdings, as the worker does.
        let libraries = progress::enriched(txn, changed).await?;
        game::projection::apply(txn, changed).await?;
        Ok(libraries)
    }

    async fn act(&self, txn: &DatabaseTransaction, event: &Event) -> Result<Vec<Uuid>, Fault> {
        if let Some(matched) = event.read::<CopiesMatched>() {
            return self.matched(txn, &matched).await;
        }
        if let Some(changed) = event.read::<GameChanged>() {
            return self.changed(txn, &[changed]).await;
        }
        if let Some(forgotten) = event.read::<GamesForgotten>() {
            let games: Vec<Uuid> = forgotten.games.iter().map(|game| game.0).collect();
            game::store::forget_facts(txn, &games).await?;
            return Ok(Vec::new());
        }
        if let Some(joined) = event.read::<GameJoined>() {
            game::part::note(txn, &joined).await?;
            return Ok(Vec::new());
        }
        if let Some(paused) = event.read::<EnrichmentPaused>() {
            return progress::paused(txn, &paused).await;
        }
        // Of a newer shape: a newer version of the library will have to look again.
        tracing::warn!(kind = event.kind, id = %event.id, "an event of an unknown shape");
        Ok(Vec::new())
    }

    /// Handles `events`, which are of one kind, in one transaction.
    async fn handle_some(&self, events: &[Event]) -> Result<(), Fault> {
        let txn = self.ports.db.begin().await.doing("handling events")?;
        let fresh = inbox::first_times(&txn, NAME, events, &*self.ports.clock).await?;
        if fresh.is_empty() {
            return Ok(());
        }
        let changed: Vec<GameChanged> = fresh.iter().filter_map(|event| event.read()).collect();
        let mut libraries = BTreeSet::new();
        if changed.len() == fresh.len() {
            libraries.extend(self.changed(&txn, &changed).await?);
        } else {
            // All runs are locked before any household's holdings, as the worker does.
            for event in &fresh {
                if let Some(matched) = event.read::<CopiesMatched>() {
                    progress::touched(&txn, matched.library.0).await?;
                }
            }
            for event in fresh {
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

/// At most so many events that each tell of up to a hundred copies are handled together: each
/// copy's game is summed up anew, while others wait to write.
const MATCHES: usize = 10;

/// `events` in their order, those of one kind together as far as they come after one another.
fn alike(events: &[Event]) -> impl Iterator<Item = &[Event]> {
    let of_one_kind = events.chunk_by(|one, next| one.kind == next.kind);
    of_one_kind.flat_map(|events| {
        let is_matches = events[0].kind == CopiesMatched::KIND;
        events.chunks(if is_matches { MATCHES } else { events.len() })
    })
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
        for events in alike(events) {
            self.handle_some(events).await?;
        }
        Ok(())
    }
}
