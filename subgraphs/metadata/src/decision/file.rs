//! What was decided about games where a file of ours was written holds where it is imported.
//!
//! The file says which of a household's copies are one game, and so, without naming a decision,
//! what all its decisions came to. Where evidence alone says otherwise here, that becomes a
//! decision of this household: one like any other, which it sees and can take back. What it has
//! answered itself, in whichever way, no file answers anew.

use super::{
    Decision, MOST, Outlook, Sides, Verdict,
    entity::{Stored, decision},
    service::{Decisions, own_game},
    store,
};
use crate::{
    duplicate, game,
    matching::{
        self,
        entity::matched,
        proof::{Proof, ProofKind},
    },
};
use chrono::{DateTime, Utc};
use djinn_kernel::{Doing, Fault, event::FileEntry};
use sea_orm::DatabaseTransaction;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// A copy that a file brought, be it new here or known for long.
#[derive(Debug, Clone, Copy)]
pub struct Brought {
    /// Whose.
    pub household: Uuid,
    /// The copy.
    pub copy: Uuid,
    /// The match it stands behind.
    pub behind: Uuid,
    /// The entry that brought it.
    pub entry: FileEntry,
    /// Whether the file brings it just now.
    pub arrives: bool,
    /// Whether it is new here, so that its library was told no game of it yet.
    pub is_new: bool,
}

impl Brought {
    /// Who was told their game before keep it, so that what was said of it stays where it is.
    const fn rank(&self) -> Rank {
        (self.is_new, self.arrives, self.copy)
    }
}

/// What is first keeps its game.
type Rank = (bool, bool, Uuid);

/// The matches behind some copies, and the first of those copies.
struct Side {
    matches: BTreeSet<Uuid>,
    rank: Rank,
}

impl Side {
    fn of(copy: &Brought) -> Self {
        Self {
            matches: BTreeSet::from([copy.behind]),
            rank: copy.rank(),
        }
    }

    fn add(&mut self, other: Self) {
        self.matches.extend(other.matches);
        self.rank = self.rank.min(other.rank);
    }
}

/// Puts a copy on one of several sides.
fn put<K: Ord>(sides: &mut BTreeMap<K, Side>, key: K, copy: &Brought) {
    sides
        .entry(key)
        .and_modify(|side| side.add(Side::of(copy)))
        .or_insert_with(|| Side::of(copy));
}

/// The game that was there first.
fn first(games: &BTreeMap<Uuid, Side>) -> Option<Uuid> {
    let (kept, _) = games.iter().min_by_key(|(_, side)| side.rank)?;
    Some(*kept)
}

fn names(decision: &Decision, side: &BTreeSet<Uuid>) -> bool {
    decision.named().any(|named| side.contains(&named))
}

/// One household, while what files say is brought into it.
struct Household {
    id: Uuid,
    copies: BTreeMap<Uuid, Brought>,
    /// The game of each match, as far as it is needed.
    catalogue: HashMap<Uuid, Uuid>,
    /// The decisions that hold, oldest first.
    standing: Vec<Decision>,
    outlook: Outlook,
    /// All decisions, those taken back too; looked up when they are needed.
    all: Option<Vec<Decision>>,
    /// How many more may be made.
    room: u64,
    now: DateTime<Utc>,
}

impl Household {
    fn look(&mut self) {
        self.outlook = Outlook::of(&self.standing, &self.catalogue);
    }

    /// The game that a match is to the household.
    fn game(&self, behind: Uuid) -> Option<Uuid> {
        let game = *self.catalogue.get(&behind)?;
        Some(self.outlook.game(behind, game))
    }

    async fn know(&mut self, txn: &DatabaseTransaction, matches: &[Uuid]) -> Result<(), Fault> {
        let unknown: BTreeSet<Uuid> = matches
            .iter()
            .copied()
            .filter(|id| !self.catalogue.contains_key(id))
            .collect();
        let unknown: Vec<Uuid> = unknown.into_iter().collect();
        let rows = matching::store::by_id(txn, &unknown)
            .await
            .doing("loading what files are about")?;
        self.catalogue
            .extend(rows.into_iter().map(|row| (row.id, row.game_id)));
        Ok(())
    }

    /// Takes in copies that were there before.
    async fn meet(
        &mut self,
        txn: &DatabaseTransaction,
        rows: Vec<matching::entity::copy::Model>,
    ) -> Result<(), Fault> {
        let behind: Vec<Uuid> = rows.iter().map(|row| row.match_id).collect();
        self.know(txn, &behind).await?;
        for row in rows {
            let Some(entry) = row.entry() else {
                continue;
            };
            self.copies.entry(row.copy_id).or_insert(Brought {
                household: self.id,
                copy: row.copy_id,
                behind: row.match_id,
                entry,
                arrives: false,
                is_new: false,
            });
        }
        Ok(())
    }

    /// Whether somebody, or a file before, has answered how these two stand to each other.
    async fn is_answered(
        &mut self,
        txn: &DatabaseTransaction,
        kept: &BTreeSet<Uuid>,
        others: &BTreeSet<Uuid>,
    ) -> Result<bool, Fault> {
        if self.all.is_none() {
            self.all = Some(store::history(txn, self.id, 4 * MOST).await?);
        }
        let all = self.all.as_deref().unwrap_or_default();
        Ok(all
            .iter()
            .any(|decision| names(decision, kept) && names(decision, others)))
    }

    /// Entries with those that somebody here has made one game with them: these stay together,
    /// whatever a file says. Who was there first comes first.
    fn as_decided(&self, entries: BTreeMap<i32, Side>) -> Vec<Side> {
        let mut sides: Vec<Side> = Vec::new();
        for mut side in entries.into_values() {
            let (tied, apart): (Vec<Side>, Vec<Side>) = sides.into_iter().partition(|other| {
                self.standing.iter().any(|decision| {
                    decision.verdict == Verdict::Same
                        && names(decision, &side.matches)
                        && names(decision, &other.matches)
                })
            });
            for other in tied {
                side.add(other);
            }
            sides = apart;
            sides.push(side);
        }
        sides.sort_unstable_by_key(|side| side.rank);
        sides
    }

    /// What is one game here and several entries of a file: by game and file, the entries.
    fn too_much_in_one(&self) -> BTreeMap<(Uuid, Uuid), BTreeMap<i32, Side>> {
        let mut games: BTreeMap<(Uuid, Uuid), BTreeMap<i32, Side>> = BTreeMap::new();
        for copy in self.copies.values() {
            if let Some(game) = self.game(copy.behind) {
                let entries = games.entry((game, copy.entry.file)).or_default();
                put(entries, copy.entry.entry, copy);
            }
        }
        games.retain(|_, entries| entries.len() > 1);
        games
    }

    /// The games that the copies of each of these entries are here, where they are several.
    fn too_many_of_one(
        &self,
        entries: &BTreeSet<FileEntry>,
    ) -> BTreeMap<FileEntry, BTreeMap<Uuid, Side>> {
        let mut games: BTreeMap<FileEntry, BTreeMap<Uuid, Side>> = BTreeMap::new();
        for copy in self.copies.values() {
            if let Some(game) = self.game(copy.behind)
                && entries.contains(&copy.entry)
            {
                put(games.entry(copy.entry).or_default(), game, copy);
            }
        }
        games.retain(|_, games| games.len() > 1);
        games
    }
}

impl Decisions {
    /// Decides what files say of these copies, as far as it is not so anyway. `catalogue` has the
    /// games of the matches that were rearranged. The caller holds the lock, and tells libraries.
    pub async fn heed(
        &self,
        txn: &DatabaseTransaction,
        brought: impl IntoIterator<Item = Brought>,
        catalogue: &[(Uuid, Uuid)],
        now: DateTime<Utc>,
    ) -> Result<(), Fault> {
        let mut households: BTreeMap<Uuid, BTreeMap<Uuid, Brought>> = BTreeMap::new();
        for one in brought {
            let copies = households.entry(one.household).or_default();
            copies.insert(one.copy, one);
        }
        for (id, copies) in households {
            let mut standing = store::standing(txn, &[id]).await?;
            let mut home = Household {
                id,
                copies,
                catalogue: catalogue.iter().copied().collect(),
                standing: standing.remove(&id).unwrap_or_default(),
                outlook: Outlook::default(),
                all: None,
                room: MOST.saturating_sub(store::count(txn, id).await?),
                now,
            };
            self.heed_in(txn, &mut home).await?;
        }
        Ok(())
    }

    async fn heed_in(&self, txn: &DatabaseTransaction, home: &mut Household) -> Result<(), Fault> {
        let coming = home.copies.values().filter(|copy| copy.arrives);
        let arriving: BTreeSet<FileEntry> = coming.map(|copy| copy.entry).collect();
        let named: Vec<Uuid> = home.standing.iter().flat_map(Decision::named).collect();
        home.know(txn, &named).await?;
        let siblings = matching::store::of_entries(txn, home.id, &arriving)
            .await
            .doing("loading copies of the same entry")?;
        home.meet(txn, siblings).await?;
        home.look();
        let games: BTreeSet<Uuid> = home
            .copies
            .values()
            .filter_map(|copy| home.game(copy.behind))
            .collect();
        let games: Vec<Uuid> = games.into_iter().collect();
        let neighbours = matching::store::held_as(txn, home.id, &games)
            .await
            .doing("loading copies of the same game")?;
        home.meet(txn, neighbours).await?;

        // What is too much in one game leaves it first, so that it is not taken along.
        for ((game, _), entries) in home.too_much_in_one() {
            let sides = home.as_decided(entries);
            let Some((kept, others)) = sides.split_first() else {
                continue;
            };
            for other in others {
                let off = other.matches.difference(&kept.matches).copied();
                let off: BTreeSet<Uuid> = off.collect();
                self.part_by_file(txn, home, game, &kept.matches, off)
                    .await?;
            }
        }
        home.look();
        for games in home.too_many_of_one(&arriving).into_values() {
            if let Some(kept) = first(&games) {
                self.join_by_file(txn, home, kept, &games).await?;
            }
        }
        Ok(())
    }

    /// `off` is another game than what of `game` stays.
    async fn part_by_file(
        &self,
        txn: &DatabaseTransaction,
        home: &mut Household,
        game: Uuid,
        kept: &BTreeSet<Uuid>,
        off: BTreeSet<Uuid>,
    ) -> Result<(), Fault> {
        if off.is_empty() || home.room == 0 || home.is_answered(txn, kept, &off).await? {
            return Ok(());
        }
        let rows = rows(txn, &off).await?;
        let rows: Vec<&matched::Model> = rows.iter().collect();
        // It may be that another part of the game has gone back there.
        let taken = |own: &Uuid| {
            let apart = |one: &Decision| one.verdict == Verdict::Apart && one.game == *own;
            home.standing.iter().any(apart)
        };
        let other = match own_game(&rows, game).filter(|own| !taken(own)) {
            Some(own) => own,
            None => self.found_game(txn, game, &rows, home.now).await?,
        };
        let sides = Sides {
            kept: kept.clone(),
            others: off,
            titles: titles(&rows),
            games: vec![game],
            proof: vec![proof(
                "The file that brought it says that it is another game",
            )],
        };
        self.decide(txn, home, Verdict::Apart, sides, other).await?;
        duplicate::store::dismiss(txn, home.id, (game, other), home.now).await
    }

    /// These games are the one `kept`, but for those that are not by somebody's word.
    async fn join_by_file(
        &self,
        txn: &DatabaseTransaction,
        home: &mut Household,
        kept: Uuid,
        games: &BTreeMap<Uuid, Side>,
    ) -> Result<(), Fault> {
        let side = &games[&kept].matches;
        let (mut others, mut matches) = (Vec::new(), BTreeSet::new());
        for (game, other) in games.iter().filter(|(game, _)| **game != kept) {
            let with: BTreeSet<Uuid> = side.union(&matches).copied().collect();
            if !home.is_answered(txn, &with, &other.matches).await? {
                others.push(*game);
                matches.extend(other.matches.iter().copied());
            }
        }
        if others.is_empty() || home.room == 0 {
            return Ok(());
        }
        let rows = rows(txn, &matches).await?;
        let rows: Vec<&matched::Model> = rows.iter().collect();
        let sides = Sides {
            kept: side.clone(),
            others: matches,
            titles: titles(&rows),
            games: others,
            proof: vec![proof(
                "The file that brought it says that it is the same game",
            )],
        };
        self.decide(txn, home, Verdict::Same, sides, kept).await
    }

    async fn decide(
        &self,
        txn: &DatabaseTransaction,
        home: &mut Household,
        verdict: Verdict,
        sides: Sides,
        game: Uuid,
    ) -> Result<(), Fault> {
        let row = decision::Model {
            id: self.ports().ids.new_id(),
            household_id: home.id,
            player_id: home.id,
            verdict: verdict.as_str().to_owned(),
            sides: Stored(sides),
            game_id: game,
            at: home.now,
            undone_at: None,
        };
        let decision = Decision::from(row.clone());
        store::insert(txn, row).await?;
        if let Some(all) = &mut home.all {
            all.push(decision.clone());
        }
        home.standing.push(decision);
        home.room -= 1;
        Ok(())
    }
}

async fn rows(
    txn: &DatabaseTransaction,
    matches: &BTreeSet<Uuid>,
) -> Result<Vec<matched::Model>, Fault> {
    let ids: Vec<Uuid> = matches.iter().copied().collect();
    matching::store::by_id(txn, &ids)
        .await
        .doing("loading what a file is about")
}

fn titles(rows: &[&matched::Model]) -> Vec<String> {
    rows.iter()
        .map(|row| game::title::clean(&row.title))
        .collect()
}

fn proof(text: &str) -> Proof {
    Proof::new(ProofKind::Person, text)
}
