//! From found copies to games.

use super::{
    claim::Claim,
    compose::{Asking, compose},
    entity::external,
    external_ids, gather,
    round::Round,
    store,
    tell::{self, News},
};
use crate::{
    NAME,
    decision::{self, file::Brought, service::Decisions},
    enrichment::{self, retire::write_if_changed, store::Wanted},
    game::{self, Dossier, Findings, Source},
};
use chrono::{DateTime, Utc};
use djinn_kernel::{
    Doing, Event, Fault,
    event::{CopiesFound, GameChanged, GamesForgotten, LibraryForgotten},
    ids::{EventId, GameId},
};
use djinn_subgraph_kit::{Ports, inbox, outbox};
use sea_orm::DatabaseTransaction;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use uuid::Uuid;

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

    /// Libraries found copies: match them, say so, and queue what a provider may know. Many events
    /// are one transaction.
    pub async fn copies_found(&self, events: Vec<(&Event, CopiesFound)>) -> Result<(), Fault> {
        let Ports {
            clock,
            ids,
            db,
            bus,
            ..
        } = &self.ports;
        let now = clock.now();
        let txn = db.begin().await.doing("matching copies")?;
        let fresh: HashSet<EventId> =
            inbox::first_times(&txn, NAME, events.iter().map(|(event, _)| *event), &**clock)
                .await?
                .into_iter()
                .map(|event| event.id)
                .collect();
        if fresh.is_empty() {
            return Ok(());
        }
        // The last word about a copy counts, should one be there twice.
        let mut claims: BTreeMap<Uuid, Claim> = BTreeMap::new();
        for (event, found) in events {
            if !fresh.contains(&event.id) {
                continue;
            }
            for copy in found.copies {
                let claim = Claim::read(found.library, found.household, copy);
                claims.insert(claim.copy, claim);
            }
        }
        store::lock(&txn, now).await.doing("locking games")?;
        let libraries: BTreeSet<Uuid> = claims.values().map(|claim| claim.library).collect();
        let gone = store::gone(&txn, &libraries)
            .await
            .doing("looking for libraries that are gone")?;
        let claims: Vec<Claim> = claims
            .into_values()
            .filter(|claim| !gone.contains(&claim.library))
            .collect();
        let mut round = gather::claimed(&txn, &claims, &**ids, now).await?;
        round.arrange(&**ids, now);

        self.write_and_tell(&txn, &mut round, &claims, now).await?;
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
        round.put(row);
        gather::groups(txn, &mut round).await?;
        round.arrange(&*self.ports.ids, now);
        self.write_and_tell(txn, &mut round, &[], now).await
    }

    /// Another catalogue's `source`, for instance `igdb`, knows which products of stores are its
    /// `work`: `products` are platforms with their own ids. What of it can be believed, and is not
    /// contradicted by titles and years, becomes one game. The caller holds the lock.
    pub async fn external_ids_found(
        &self,
        txn: &DatabaseTransaction,
        source: &str,
        work: &str,
        products: &[(&str, &str)],
    ) -> Result<(), Fault> {
        let now = self.ports.clock.now();
        let products: BTreeSet<(&str, &str)> = products
            .iter()
            .copied()
            .filter(|(platform, id)| external_ids::usable(platform, id))
            .take(external_ids::MOST)
            .collect();
        let (source, work) = (
            game::title::plain(source, 64),
            game::title::plain(work, 128),
        );
        if products.is_empty() || source.is_empty() || work.is_empty() {
            return Ok(());
        }
        let identities: Vec<String> = products
            .iter()
            .map(|(platform, id)| format!("{platform}:{id}"))
            .collect();
        let said = |(platform, store_id): (&str, &str)| external::Model {
            platform: platform.to_owned(),
            store_id: store_id.to_owned(),
            source: source.clone(),
            work: work.clone(),
            at: now,
        };
        store::save_external(txn, products.into_iter().map(said).collect())
            .await
            .doing("writing external ids")?;
        let mut round = Round::default();
        for row in store::by_identity(txn, &identities)
            .await
            .doing("loading matches")?
        {
            round.groups.insert(row.group_key.clone());
            round.put(row);
        }
        gather::groups(txn, &mut round).await?;
        round.arrange(&*self.ports.ids, now);
        self.write_and_tell(txn, &mut round, &[], now).await
    }

    /// A library is gone: what only its copies said goes too, unless it may come back.
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
            let (household, library) = (forgotten.household.0, forgotten.library.0);
            store::note_gone(&txn, library)
                .await
                .doing("noting that a library is gone")?;
            if forgotten.kept {
                store::keep_library(&txn, household, library)
                    .await
                    .doing("letting go of a library")?;
            } else {
                self.forget(&txn, household, library).await?;
            }
            txn.commit().await.doing("forgetting a library")?;
            self.ports.bus.poke(outbox::TOPIC);
        }
        Ok(())
    }

    async fn forget(
        &self,
        txn: &DatabaseTransaction,
        household: Uuid,
        library: Uuid,
    ) -> Result<(), Fault> {
        let games = store::forget_library(txn, library)
            .await
            .doing("forgetting a library")?;
        let named = decision::store::prune(txn, household).await?;
        if !named.is_empty() {
            self.tell_again(txn, household, &named).await?;
        }
        self.forget_games(txn, games).await
    }

    async fn tell_again(
        &self,
        txn: &DatabaseTransaction,
        household: Uuid,
        named: &[Uuid],
    ) -> Result<(), Fault> {
        // What was merged with something of it goes by its own name again.
        let rows = store::by_id(txn, named)
            .await
            .doing("loading what was decided about")?;
        let news = News {
            households: BTreeSet::from([household]),
            games: rows.iter().map(|row| row.game_id).collect(),
            ..News::default()
        };
        tell::tell(txn, &self.ports, news).await?;
        Ok(())
    }

    /// Forgets those of these games that nobody has any more, and that nobody decided or said
    /// anything about.
    async fn forget_games(
        &self,
        txn: &DatabaseTransaction,
        games: BTreeSet<Uuid>,
    ) -> Result<(), Fault> {
        let all: Vec<Uuid> = games.iter().copied().collect();
        let mut gone = games;
        let held = store::held_games(txn, &all)
            .await
            .doing("looking which games are held")?;
        let decided = decision::store::decided_games(txn, &all).await?;
        let corrected = game::store::corrected(txn, &all)
            .await
            .doing("looking which games were corrected")?;
        for id in held.into_iter().chain(decided).chain(corrected) {
            gone.remove(&id);
        }
        let gone: Vec<Uuid> = gone.into_iter().collect();
        enrichment::store::dequeue(txn, &gone)
            .await
            .doing("clearing the queue")?;
        game::store::remove(txn, &gone)
            .await
            .doing("removing games")?;
        let events: Vec<GamesForgotten> = gone
            .chunks(tell::BATCH)
            .map(|games| GamesForgotten {
                games: games.iter().copied().map(GameId).collect(),
            })
            .collect();
        let Ports { clock, ids, .. } = &self.ports;
        outbox::append_all(txn, NAME, &**clock, &**ids, &events).await?;
        Ok(())
    }

    /// Writes what was arranged, and says so.
    async fn write_and_tell(
        &self,
        txn: &DatabaseTransaction,
        round: &mut Round,
        claims: &[Claim],
        now: DateTime<Utc>,
    ) -> Result<(), Fault> {
        let dossiers = self.write_games(txn, round, claims, now).await?;
        let gone: Vec<Uuid> = round.gone.iter().copied().collect();
        store::remove_matches(txn, &gone)
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
        self.heed_files(txn, round, claims, now).await?;
        let Ports { clock, ids, .. } = &self.ports;
        // What a game is comes first: then nobody holds one of which nothing is known, and taking
        // over the facts of a new game touches no holding.
        let changed: Vec<GameChanged> = dossiers.iter().map(Dossier::changed).collect();
        outbox::append_all(txn, NAME, &**clock, &**ids, &changed).await?;
        let news = News {
            claims: claims
                .iter()
                .map(|claim| (claim, round.by_identity[&claim.identity]))
                .collect(),
            // Copies in other libraries may have moved with what arrived in this one.
            moved: round.moved.difference(&round.fresh).copied().collect(),
            known: round
                .rows
                .values()
                .map(|row| (row.id, row.game_id))
                .collect(),
            ..News::default()
        };
        tell::tell(txn, &self.ports, news).await?;
        self.learn_apart(txn, round, claims, now).await
    }

    /// What imports say of copies that a household has split off is said of the game they are to it,
    /// too: that one has no matches of its own in the catalogue.
    async fn learn_apart(
        &self,
        txn: &DatabaseTransaction,
        round: &Round,
        claims: &[Claim],
        now: DateTime<Utc>,
    ) -> Result<(), Fault> {
        let telling: BTreeMap<Uuid, &Claim> = claims
            .iter()
            .filter(|claim| claim.findings() != Findings::default())
            .map(|claim| (claim.copy, claim))
            .collect();
        let ids: Vec<Uuid> = telling.keys().copied().collect();
        let copies = store::copies(txn, &ids)
            .await
            .doing("loading copies that were split off")?;
        let mut said: BTreeMap<Uuid, Vec<&Claim>> = BTreeMap::new();
        for row in copies {
            let own = round.rows.get(&row.match_id).map(|own| own.game_id);
            if let Some(game) = row.game_id.filter(|game| own != Some(*game)) {
                said.entry(game).or_default().push(telling[&row.copy_id]);
            }
        }
        if said.is_empty() {
            return Ok(());
        }
        let games: Vec<Uuid> = said.keys().copied().collect();
        for row in store::of_games(txn, &games)
            .await
            .doing("loading what decisions are about")?
        {
            said.remove(&row.game_id);
        }
        let games: Vec<Uuid> = said.keys().copied().collect();
        for (id, before) in game::store::dossiers(txn, &games)
            .await
            .doing("loading games")?
        {
            let mut dossier = before.clone();
            for claim in &said[&id] {
                dossier.learn(Source::Import, claim.findings(), now);
            }
            dossier.settle();
            if dossier != before {
                write_if_changed(&self.ports, txn, &before, dossier, now).await?;
            }
        }
        Ok(())
    }

    /// What households decided where a file comes from holds where it is imported: for the copies
    /// it brings now, new or here already, and for those it brought whose evidence says something
    /// else by now.
    async fn heed_files(
        &self,
        txn: &DatabaseTransaction,
        round: &Round,
        claims: &[Claim],
        now: DateTime<Utc>,
    ) -> Result<(), Fault> {
        let moved: Vec<Uuid> = round.moved.difference(&round.fresh).copied().collect();
        let mut brought: BTreeMap<Uuid, Brought> = BTreeMap::new();
        for row in store::copies_behind(txn, &moved)
            .await
            .doing("loading copies that moved")?
        {
            if let Some((household, entry)) = row.household_id.zip(row.entry()) {
                let one = Brought {
                    household,
                    copy: row.copy_id,
                    behind: row.match_id,
                    entry,
                    arrives: false,
                    is_new: false,
                };
                brought.insert(one.copy, one);
            }
        }
        let coming = claims.iter().filter(|claim| claim.entry.is_some());
        let coming: Vec<Uuid> = coming.map(|claim| claim.copy).collect();
        let here = store::known_copies(txn, &coming)
            .await
            .doing("looking which copies are here already")?;
        for claim in claims {
            brought.remove(&claim.copy);
            if let Some((household, entry)) = claim.household.zip(claim.entry) {
                let one = Brought {
                    household,
                    copy: claim.copy,
                    behind: round.by_identity[&claim.identity],
                    entry,
                    arrives: true,
                    is_new: !here.contains(&claim.copy),
                };
                brought.insert(one.copy, one);
            }
        }
        if brought.is_empty() {
            return Ok(());
        }
        let games = round.rows.values().map(|row| (row.id, row.game_id));
        let games: Vec<(Uuid, Uuid)> = games.collect();
        let decisions = Decisions::new(self.ports.clone(), self.asks_steam);
        decisions
            .heed(txn, brought.into_values(), &games, now)
            .await
    }

    /// Brings the games to what their matches and the imports now say.
    async fn write_games(
        &self,
        txn: &DatabaseTransaction,
        round: &Round,
        claims: &[Claim],
        now: DateTime<Utc>,
    ) -> Result<Vec<Dossier>, Fault> {
        let rows = round.by_game();
        let mut hints: BTreeMap<Uuid, Vec<(&str, Findings)>> = BTreeMap::new();
        // What comes apart brings along what imports had said of it.
        for row in round.rows.values() {
            if let Some(imported) = &row.imported
                && round.born.contains(&row.game_id)
                && !round.fresh.contains(&row.id)
            {
                let said = (row.identity.as_str(), imported.findings.clone());
                hints.entry(row.game_id).or_default().push(said);
            }
        }
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
                let rows = rows.get(&id).map_or(&[][..], Vec::as_slice);
                let moved = |id| round.moved.contains(&id);
                match compose(&mut dossier, rows, moved, self.asks_steam, now) {
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
        game::store::save(txn, &written, &round.born)
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
}
