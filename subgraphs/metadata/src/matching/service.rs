//! From found copies to games: one transaction for each event.

use super::{
    claim::Claim,
    compose::{Asking, compose},
    entity::copy,
    round::Round,
    store,
};
use crate::{
    NAME,
    enrichment::{self, store::Wanted},
    game::{self, Dossier, Findings, Source},
};
use chrono::{DateTime, Utc};
use djinn_kernel::{
    Doing, Event, Fault,
    event::{CopiesFound, CopiesMatched, GameChanged, LibraryForgotten},
    ids::{CopyId, GameId, LibraryId},
};
use djinn_subgraph_kit::{Ports, inbox, outbox};
use sea_orm::DatabaseTransaction;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use uuid::Uuid;

/// At most this many copies in one event.
const BATCH: usize = 100;

/// Matches copies to games.
#[derive(Debug, Clone)]
pub struct Matching {
    ports: Ports,
    /// Whether the Steam store is asked about Steam's games.
    asks_steam: bool,
}

impl Matching {
    /// Over these ports.
    pub const fn new(ports: Ports, asks_steam: bool) -> Self {
        Self { ports, asks_steam }
    }

    /// A library found copies: match them, say so, and queue what a provider may know.
    pub async fn copies_found(&self, event: &Event, found: CopiesFound) -> Result<(), Fault> {
        let Ports {
            clock,
            ids,
            db,
            bus,
            ..
        } = &self.ports;
        let now = clock.now();
        // The last word about a copy counts, should one be in the event twice.
        let claims: BTreeMap<Uuid, Claim> = found
            .copies
            .into_iter()
            .map(Claim::read)
            .map(|claim| (claim.copy, claim))
            .collect();
        let claims: Vec<Claim> = claims.into_values().collect();

        let txn = db.begin().await.doing("matching copies")?;
        if !inbox::first_time(&txn, NAME, event.id, &**clock).await? {
            return Ok(());
        }
        store::lock(&txn, now).await.doing("locking games")?;
        let mut round = self.gather(&txn, &claims, now).await?;
        round.arrange(&**ids, now);

        self.write_and_tell(&txn, &mut round, Some(found.library), &claims, now)
            .await?;
        txn.commit().await.doing("matching copies")?;

        bus.poke(outbox::TOPIC);
        bus.poke(enrichment::TOPIC);
        Ok(())
    }

    /// A store's page gives a year: that may show which of several works of one name it sells.
    /// The caller holds the lock.
    pub async fn store_year_found(
        &self,
        txn: &DatabaseTransaction,
        identity: &str,
        year: i32,
    ) -> Result<(), Fault> {
        let now = self.ports.clock.now();
        let found = store::by_identity(txn, &[identity.to_owned()])
            .await
            .doing("loading a match")?;
        let Some(mut row) = found.into_iter().find(|row| row.store_year != Some(year)) else {
            return Ok(());
        };
        row.store_year = Some(year);
        let mut round = Round::default();
        round.groups.insert(row.group_key.clone());
        round.dirty.insert(row.id);
        for other in store::by_group(txn, &[row.group_key.clone()])
            .await
            .doing("loading matches of one title")?
        {
            round.put(other);
        }
        round.put(row);
        round.arrange(&*self.ports.ids, now);
        self.write_and_tell(txn, &mut round, None, &[], now).await
    }

    /// A library is gone: what only its copies said goes too.
    pub async fn library_forgotten(
        &self,
        event: &Event,
        forgotten: &LibraryForgotten,
    ) -> Result<(), Fault> {
        let txn = self.ports.db.begin().await.doing("forgetting a library")?;
        if inbox::first_time(&txn, NAME, event.id, &*self.ports.clock).await? {
            // Else it could wait for a round that writes the same rows in another order.
            store::lock(&txn, self.ports.clock.now())
                .await
                .doing("locking games")?;
            store::forget_library(&txn, forgotten.library.0)
                .await
                .doing("forgetting a library")?;
            txn.commit().await.doing("forgetting a library")?;
        }
        Ok(())
    }

    /// Loads everything the claims touch, in two queries, and notes what they say.
    async fn gather(
        &self,
        txn: &DatabaseTransaction,
        claims: &[Claim],
        now: DateTime<Utc>,
    ) -> Result<Round, Fault> {
        let identities: BTreeSet<String> = claims
            .iter()
            .flat_map(|claim| [claim.identity.clone(), format!("copy:{}", claim.copy)])
            .collect();
        let identities: Vec<String> = identities.into_iter().collect();
        let known = store::by_identity(txn, &identities)
            .await
            .doing("loading matches")?;
        let mut round = Round::default();
        for row in known {
            round.put(row);
        }
        let mut retitled = Vec::new();
        for claim in claims {
            retitled.extend(round.note(claim, || self.ports.ids.new_id(), now));
        }
        let groups: Vec<String> = round.groups.iter().cloned().collect();
        for row in store::by_group(txn, &groups)
            .await
            .doing("loading matches of the same titles")?
        {
            // What was noted above is newer than what is stored.
            if !round.rows.contains_key(&row.id) && !round.gone.contains(&row.id) {
                round.put(row);
            }
        }
        // A copy under another title leaves its game to those it shared it with.
        for id in retitled {
            let game = round.rows[&id].game_id;
            if round
                .rows
                .values()
                .any(|row| row.id != id && row.game_id == game)
            {
                round.changed.insert(game);
                if let Some(row) = round.rows.get_mut(&id) {
                    row.game_id = Uuid::nil();
                }
            }
        }
        Ok(round)
    }

    /// Writes what was arranged, and says so.
    async fn write_and_tell(
        &self,
        txn: &DatabaseTransaction,
        round: &mut Round,
        library: Option<LibraryId>,
        claims: &[Claim],
        now: DateTime<Utc>,
    ) -> Result<(), Fault> {
        let dossiers = self.write_games(txn, round, claims, now).await?;
        store::remove_matches(txn, &round.gone)
            .await
            .doing("removing matches")?;
        let dirty = round
            .dirty
            .iter()
            .map(|id| round.rows[id].clone())
            .collect();
        store::save_matches(txn, dirty)
            .await
            .doing("writing matches")?;
        if let Some(library) = library {
            let behind = |claim: &Claim| copy::Model {
                copy_id: claim.copy,
                library_id: library.0,
                match_id: round.by_identity[&claim.identity],
            };
            store::save_copies(txn, claims.iter().map(behind).collect())
                .await
                .doing("writing copies")?;
        }
        self.tell(txn, library, round, claims, &dossiers).await
    }

    /// Brings the games to what their matches and the imports now say.
    async fn write_games(
        &self,
        txn: &DatabaseTransaction,
        round: &mut Round,
        claims: &[Claim],
        now: DateTime<Utc>,
    ) -> Result<Vec<Dossier>, Fault> {
        let mut hints: BTreeMap<Uuid, Vec<(&str, Findings)>> = BTreeMap::new();
        for claim in claims {
            let findings = claim.findings();
            if findings != Findings::default() {
                let game = round.rows[&round.by_identity[&claim.identity]].game_id;
                hints
                    .entry(game)
                    .or_default()
                    .push((&claim.identity, findings));
            }
        }
        let touched: BTreeSet<Uuid> = round
            .changed
            .iter()
            .chain(hints.keys())
            .copied()
            .filter(|id| !id.is_nil())
            .collect();
        let known: Vec<Uuid> = touched.difference(&round.born).copied().collect();
        let mut known = game::store::dossiers(txn, &known)
            .await
            .doing("loading games")?;

        let (mut written, mut wanted, mut unwanted) = (Vec::new(), Vec::new(), Vec::new());
        for id in touched {
            let before = known.remove(&id);
            let mut dossier = before.clone().unwrap_or_else(|| Dossier::new(id, now));
            if round.changed.contains(&id) {
                match compose(&mut dossier, round, self.asks_steam, now) {
                    Asking::About(store_id) => wanted.push(Wanted { game: id, store_id }),
                    Asking::Nobody if before.is_some() => unwanted.push(id),
                    Asking::Nobody | Asking::AsBefore => {}
                }
            }
            let mut said = hints.remove(&id).unwrap_or_default();
            said.sort_by_key(|(identity, _)| *identity);
            for (_, findings) in said {
                dossier.learn(Source::Import, findings, now);
            }
            dossier.settle();
            if before.as_ref() != Some(&dossier) {
                dossier.game.revision += 1;
                dossier.game.updated_at = now;
                written.push(dossier);
            }
        }
        game::store::save(txn, &written)
            .await
            .doing("writing games")?;
        enrichment::store::dequeue(txn, &unwanted)
            .await
            .doing("clearing the queue")?;
        enrichment::store::enqueue(txn, &wanted, now)
            .await
            .doing("queueing enrichment")?;
        Ok(written)
    }

    /// Says which game each copy is, and what changed about games.
    async fn tell(
        &self,
        txn: &DatabaseTransaction,
        library: Option<LibraryId>,
        round: &Round,
        claims: &[Claim],
        dossiers: &[Dossier],
    ) -> Result<(), Fault> {
        let mut matches: BTreeMap<Uuid, Vec<(CopyId, GameId)>> = BTreeMap::new();
        let game = |row: &Uuid| GameId(round.rows[row].game_id);
        if let Some(library) = library {
            let matched = |claim: &Claim| {
                (
                    CopyId(claim.copy),
                    game(&round.by_identity[&claim.identity]),
                )
            };
            matches.insert(library.0, claims.iter().map(matched).collect());
        }
        // Copies in other libraries may have moved with what arrived in this one.
        let told: HashSet<Uuid> = claims.iter().map(|claim| claim.copy).collect();
        let moved: Vec<Uuid> = round
            .moved
            .iter()
            .filter(|row| !round.fresh.contains(row))
            .copied()
            .collect();
        for copy in store::copies_behind(txn, &moved)
            .await
            .doing("loading copies that moved")?
        {
            if !told.contains(&copy.copy_id) {
                matches
                    .entry(copy.library_id)
                    .or_default()
                    .push((CopyId(copy.copy_id), game(&copy.match_id)));
            }
        }
        let Ports { clock, ids, .. } = &self.ports;
        // What a game is comes first: then nobody holds one of which nothing is known, and taking
        // over the facts of a new game touches no holding.
        let changed: Vec<GameChanged> = dossiers.iter().map(Dossier::changed).collect();
        outbox::append_all(txn, NAME, &**clock, &**ids, &changed).await?;
        let mut events = Vec::new();
        for (library, matches) in matches {
            events.extend(matches.chunks(BATCH).map(|matches| CopiesMatched {
                library: LibraryId(library),
                matches: matches.to_vec(),
            }));
        }
        outbox::append_all(txn, NAME, &**clock, &**ids, &events).await
    }
}
