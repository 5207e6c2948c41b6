//! Telling libraries which game each copy is: the catalogue's, unless the household decided
//! otherwise.

use super::{
    claim::Claim,
    entity::{copy, matched},
    store,
};
use crate::{
    NAME,
    decision::{
        self, Decision, Outlook,
        parts::{self, Part},
    },
};
use djinn_kernel::{
    Doing, Fault,
    event::CopiesMatched,
    ids::{CopyId, EventId, GameId, LibraryId},
};
use djinn_subgraph_kit::{Ports, outbox};
use sea_orm::ConnectionTrait;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// At most this many copies in one event.
pub const BATCH: usize = 100;

/// What may have changed for copies.
#[derive(Default)]
pub struct News<'a> {
    /// Copies that libraries reported, with the match each stands behind.
    pub claims: Vec<(&'a Claim, Uuid)>,
    /// Matches whose game may be another than before.
    pub moved: Vec<Uuid>,
    /// Households whose decisions changed.
    pub households: BTreeSet<Uuid>,
    /// Games of the catalogue that a decision was about which holds no more.
    pub games: BTreeSet<Uuid>,
    /// The games of the matches that were touched, as they are to be.
    pub known: HashMap<Uuid, Uuid>,
}

/// How the households concerned see the catalogue, and what of it their decisions touch.
#[derive(Default)]
struct Outlooks {
    by_household: HashMap<Uuid, Outlook>,
    /// The game of each match, as far as it was needed.
    catalogue: HashMap<Uuid, Uuid>,
}

impl Outlooks {
    async fn load(
        txn: &impl ConnectionTrait,
        households: &BTreeSet<Uuid>,
        known: HashMap<Uuid, Uuid>,
    ) -> Result<Self, Fault> {
        let households: Vec<Uuid> = households.iter().copied().collect();
        let decisions = decision::store::standing(txn, &households).await?;
        let mut outlooks = Self {
            catalogue: known,
            ..Self::default()
        };
        if decisions.is_empty() {
            return Ok(outlooks);
        }
        let named: BTreeSet<Uuid> = decisions
            .values()
            .flatten()
            .flat_map(Decision::named)
            .filter(|id| !outlooks.catalogue.contains_key(id))
            .collect();
        let named: Vec<Uuid> = named.into_iter().collect();
        let rows = store::by_id(txn, &named)
            .await
            .doing("loading what decisions are about")?;
        outlooks.add(&rows);
        for (household, decisions) in decisions {
            let outlook = Outlook::of(&decisions, &outlooks.catalogue);
            outlooks.by_household.insert(household, outlook);
        }
        Ok(outlooks)
    }

    fn add(&mut self, rows: &[matched::Model]) {
        self.catalogue
            .extend(rows.iter().map(|row| (row.id, row.game_id)));
    }

    /// The game that a match is to a household.
    fn game(&self, household: Option<Uuid>, id: Uuid) -> Option<Uuid> {
        let game = *self.catalogue.get(&id)?;
        let outlook = household.and_then(|household| self.by_household.get(&household));
        Some(outlook.map_or(game, |outlook| outlook.game(id, game)))
    }

    /// What of a household's games that match is a part of, where it is of another.
    fn part(&self, household: Option<Uuid>, id: Uuid) -> Option<Part> {
        let household = household?;
        let outlook = self.by_household.get(&household)?;
        let game = *self.catalogue.get(&id)?;
        let (whole, part) = (outlook.game(id, game), outlook.own(id, game));
        (whole != part).then_some((household, whole, part))
    }
}

/// Writes which game each copy concerned is, and tells its library where that is news: by the
/// events that are returned. The caller holds the lock.
pub async fn tell(
    txn: &impl ConnectionTrait,
    ports: &Ports,
    news: News<'_>,
) -> Result<Vec<EventId>, Fault> {
    let mut copies: BTreeMap<Uuid, copy::Model> = BTreeMap::new();
    for row in store::copies_behind(txn, &news.moved)
        .await
        .doing("loading copies that moved")?
    {
        copies.insert(row.copy_id, row);
    }
    let mut households = news.households;
    households.extend(copies.values().filter_map(|row| row.household_id));
    households.extend(news.claims.iter().filter_map(|(claim, _)| claim.household));
    let mut outlooks = Outlooks::load(txn, &households, news.known).await?;

    // What decisions tie together may be another game though nothing came to it.
    let tied: BTreeSet<Uuid> = outlooks
        .by_household
        .values()
        .flat_map(Outlook::touched)
        .chain(news.games)
        .collect();
    if !tied.is_empty() {
        let tied: Vec<Uuid> = tied.into_iter().collect();
        let rows = store::of_games(txn, &tied)
            .await
            .doing("loading what decisions are about")?;
        outlooks.add(&rows);
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        for row in store::copies_behind(txn, &ids)
            .await
            .doing("loading copies that decisions are about")?
        {
            if row.household_id.is_some_and(|id| households.contains(&id)) {
                copies.insert(row.copy_id, row);
            }
        }
    }

    let mut matches: BTreeMap<Uuid, Vec<(CopyId, GameId)>> = BTreeMap::new();
    let (mut write, mut joined) = (Vec::new(), BTreeSet::new());
    for (claim, behind) in news.claims {
        copies.remove(&claim.copy);
        let Some(game) = outlooks.game(claim.household, behind) else {
            continue;
        };
        joined.extend(outlooks.part(claim.household, behind));
        let told = (CopyId(claim.copy), GameId(game));
        matches.entry(claim.library).or_default().push(told);
        write.push(copy::Model {
            copy_id: claim.copy,
            library_id: claim.library,
            match_id: behind,
            household_id: claim.household,
            game_id: Some(game),
            file_id: claim.entry.map(|entry| entry.file),
            file_entry: claim.entry.map(|entry| entry.entry),
        });
    }
    for row in copies.into_values() {
        joined.extend(outlooks.part(row.household_id, row.match_id));
        let game = outlooks.game(row.household_id, row.match_id);
        if let Some(game) = game.filter(|game| row.game_id != Some(*game)) {
            let told = (CopyId(row.copy_id), GameId(game));
            matches.entry(row.library_id).or_default().push(told);
            let game_id = Some(game);
            write.push(copy::Model { game_id, ..row });
        }
    }
    store::save_copies(txn, write)
        .await
        .doing("writing copies")?;
    // Before the copies move: nobody is to see them in a game that does not know of them yet.
    parts::note(txn, ports, &households, &joined).await?;
    if matches.is_empty() {
        return Ok(Vec::new());
    }
    // They share a revision: no two of them name one copy.
    let revision = store::next_rev(txn)
        .await
        .doing("counting what copies were told")?;
    let mut events = Vec::new();
    for (library, matches) in matches {
        for matches in matches.chunks(BATCH) {
            events.push(CopiesMatched {
                library: LibraryId(library),
                revision,
                matches: matches.to_vec(),
            });
        }
    }
    outbox::append_all(txn, NAME, &*ports.clock, &*ports.ids, &events).await
}
