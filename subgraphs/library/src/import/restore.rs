//! Taking our own file back: its libraries, its collections, and what it says of games.

use super::{
    ImportError,
    own::Frame,
    row::Row,
    statuses::settled,
    waiting::{self, Said},
};
use crate::{
    account::{entity::account, shelf_key},
    achievement::{self, entity::set},
    collection::{MAX_COLLECTIONS, entity::collection, rule::Rule, store as collections},
    copy::{
        self,
        upsert::{Incoming, Shelf},
    },
    export::{self, form},
    game::store as games,
    household,
    platform::{AchievementListed, MANUAL},
    play::entity as play,
    status::own::Own,
    sync::schedule,
};
use djinn_kernel::{Doing, Fault, event::FileEntry, viewer::Identity};
use djinn_subgraph_kit::{Ports, db::rows_of};
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait, Set, sea_query::OnConflict};
use std::{
    collections::{HashMap, HashSet, VecDeque},
    hash::BuildHasher,
};
use uuid::Uuid;

/// The row of a library as the file has it. A platform's is not connected: its secrets were never
/// in the file, so it is linked again to go on.
pub fn account(ports: &Ports, household: Uuid, library: &form::Library) -> account::Model {
    let key = library.account.clone();
    account::Model {
        platform: library.platform.clone(),
        account_key: key.unwrap_or_else(|| shelf_key(&library.label)),
        account: library.account.clone(),
        connected: library.platform == MANUAL,
        created_at: library.created_at,
        ..crate::account::shelf(ports, household, &library.label)
    }
}

/// Takes over what the file's household had set, where this one has set nothing: where its days
/// begin, and how often its libraries are synced.
pub async fn settings(
    txn: &DatabaseTransaction,
    household: Uuid,
    frame: &Frame,
    shelves: &[account::Model],
) -> Result<(), Fault> {
    if let Some(zone) = frame.zone
        && household::store::set_zone(txn, household).await?.is_none()
    {
        games::bump(txn, household).await?;
        household::store::save_zone(txn, household, zone).await?;
    }
    for (library, shelf) in frame.libraries.iter().zip(shelves) {
        if library.sync_every_hours.is_none() {
            continue;
        }
        let row = schedule::store::lock(txn, shelf.id, household).await?;
        if row.every_hours.is_none() {
            let row = schedule::entity::Model {
                every_hours: library.sync_every_hours,
                ..row
            };
            schedule::store::save(txn, row).await?;
        }
    }
    Ok(())
}

/// Makes the file's collections the player's own, and says which each became. One of the same name
/// and rule that is there already is the same.
pub async fn collections(
    txn: &DatabaseTransaction,
    ports: &Ports,
    who: &Identity,
    frame: &Frame,
    own: &[Own],
) -> Result<Vec<(Uuid, i64)>, ImportError> {
    if frame.collections.is_empty() {
        return Ok(Vec::new());
    }
    let player = who.player.0;
    let places = collections::lock_all(txn, player).await?;
    let there = collections::page(txn, player, None, MAX_COLLECTIONS as u32).await?;
    let mut next = places.last().map_or(0, |(position, _)| position + 1);
    let mut made = Vec::with_capacity(frame.collections.len());
    let mut count = there.len() as u64;
    for one in &frame.collections {
        let settled = one.rule.as_ref().map(|rule| settled(rule, own));
        let same = there.iter().find(|row| {
            let rule: Option<Rule> = row
                .rule
                .clone()
                .and_then(|rule| serde_json::from_value(rule).ok());
            row.name == one.name && rule == settled
        });
        if let Some(row) = same {
            let (_, last) = collections::extent(txn, row.id).await?;
            made.push((row.id, last.map_or(0, |last| last + 1)));
            continue;
        }
        count += 1;
        if count > MAX_COLLECTIONS {
            return Err(ImportError::TooManyCollections(MAX_COLLECTIONS));
        }
        let rule = settled.as_ref().map(serde_json::to_value);
        let row = collection::Model {
            id: ports.ids.new_id(),
            player_id: player,
            household_id: who.household.0,
            name: one.name.clone(),
            rule: rule.transpose().doing("writing a rule")?,
            position: next,
            created_at: one.created_at,
            updated_at: one.updated_at,
        };
        next += 1;
        made.push((row.id, 0));
        collections::insert(txn, row).await?;
    }
    Ok(made)
}

/// Where a file's games go beside their shelves.
pub struct Target {
    /// Whose.
    pub household: Uuid,
    /// For each of the file's collections: which it became, and the first free place in it.
    collections: Vec<(Uuid, i64)>,
    /// What the numbers of the file's games are counted from: copies of one game may go to several
    /// shelves, and so come in any order.
    base: Uuid,
    /// The games without copies that are there already; nothing unless the file is ours.
    there: Option<Lonely>,
    /// Which game copies of the file's games are here already, of those in hand.
    met: Vec<(usize, Uuid)>,
    /// The games of the file, of those in hand, whose copies are grouped otherwise here. What is
    /// said of them waits until metadata has heard of the file: it may be of another game then.
    unlike: HashSet<usize>,
}

/// Games without copies, by what a file of ours calls them.
pub type Lonely = HashMap<(String, Option<i32>), VecDeque<There>>;

/// Where what is said of a game without copies goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum There {
    /// To a game.
    Game(Uuid),
    /// To a word that waits for one.
    Word(Uuid),
}

/// The games without copies that `who` would find in an export, in its order. Should the file that
/// is imported have them, it means these.
pub async fn lonely(txn: &DatabaseTransaction, who: &Identity) -> Result<Lonely, Fault> {
    let mut all = Lonely::new();
    for (game, title, year) in export::without_copies(txn, who).await? {
        let places = all.entry((title, year)).or_default();
        places.push_back(There::Game(game));
    }
    for (word, title, year) in waiting::titled(txn, who.household.0).await? {
        let places = all.entry((title, year)).or_default();
        places.push_back(There::Word(word));
    }
    Ok(all)
}

impl Target {
    /// Nothing has gone there yet.
    pub fn new(
        ports: &Ports,
        household: Uuid,
        collections: Vec<(Uuid, i64)>,
        there: Option<Lonely>,
    ) -> Self {
        Self {
            household,
            collections,
            base: ports.ids.new_id(),
            there,
            met: Vec::new(),
            unlike: HashSet::new(),
        }
    }

    /// The copy of a row. One of our own file says which of the file's games it is.
    pub fn incoming(&self, row: &Row) -> Option<Incoming> {
        let copy = row.incoming.clone()?;
        let entry = i32::try_from(row.group)
            .ok()
            .filter(|_| self.there.is_some());
        let file = self.base;
        Some(Incoming {
            entry: entry.map(|entry| FileEntry { file, entry }),
            ..copy
        })
    }

    /// Notes which of these rows' copies have a game here; `existing` are those that are here.
    pub fn meet<S: BuildHasher>(
        &mut self,
        rows: &[Row],
        existing: &HashMap<String, copy::entity::Model, S>,
    ) {
        if self.there.is_none() {
            return;
        }
        let game = |row: &Row| {
            let identity = row.incoming.as_ref()?.identity();
            existing.get(&identity)?.game_id
        };
        let met = rows.iter().filter_map(|row| Some((row.group, game(row)?)));
        self.met.extend(met);
    }

    /// Holds what was met against what is here, once the copies in hand are written: a game of the
    /// file is like one here that has all its copies, and no other.
    pub async fn compare(&mut self, txn: &DatabaseTransaction) -> Result<(), Fault> {
        let met = std::mem::take(&mut self.met);
        self.unlike.clear();
        let games: HashSet<Uuid> = met.iter().map(|(_, game)| *game).collect();
        let games: Vec<Uuid> = games.into_iter().collect();
        let here = copy::store::counts(txn, self.household, &games).await?;
        let mut of: HashMap<usize, HashMap<Uuid, i64>> = HashMap::new();
        for (group, game) in met {
            *of.entry(group).or_default().entry(game).or_default() += 1;
        }
        let unlike = of.into_iter().filter(|(_, games)| {
            let more = |(game, met): (&Uuid, &i64)| here.get(game) != Some(met);
            games.len() != 1 || games.iter().any(more)
        });
        self.unlike.extend(unlike.map(|(group, _)| group));
        Ok(())
    }

    /// What is said of these games, now that their copies are written; and writes when they were
    /// played, which is the copies' own.
    pub async fn said(
        &mut self,
        txn: &DatabaseTransaction,
        shelf: Option<Shelf>,
        rows: Vec<Row>,
    ) -> Result<Vec<Said>, Fault> {
        let telling: Vec<Row> = rows
            .into_iter()
            .filter(|row| {
                row.word.says()
                    || !row.play.is_empty()
                    || !row.word.places.is_empty()
                    || row.achievements.is_some()
            })
            .collect();
        let identity = |row: &Row| row.incoming.as_ref().map(Incoming::identity);
        let identities: Vec<String> = telling.iter().filter_map(identity).collect();
        let keys = identities.iter().map(String::as_str);
        let copies = match shelf {
            Some(shelf) => copy::store::by_identity(txn, shelf.library, keys).await?,
            None => HashMap::new(),
        };
        let (mut said, mut played, mut achieved) = (Vec::new(), Vec::new(), Vec::new());
        for mut row in telling {
            let copy = identity(&row).and_then(|identity| copies.get(&identity));
            if let Some(copy) = copy {
                played.extend(row.play.iter().map(|(day, minutes)| play::ActiveModel {
                    copy_id: Set(copy.id),
                    day: Set(*day),
                    household_id: Set(self.household),
                    game_id: Set(copy.game_id),
                    platform: Set(copy.platform.clone()),
                    minutes: Set(*minutes),
                }));
            }
            achieved.extend(copy.zip(row.achievements.take()).map(known));
            let group = Uuid::from_u128(self.base.as_u128().wrapping_add(row.group as u128));
            let mut word = row.word;
            let places = word.places.iter();
            word.collections = places
                .filter_map(|(number, place)| {
                    let (id, first) = self.collections.get(*number)?;
                    Some((*id, first + place))
                })
                .collect();
            if !word.says() {
                continue;
            }
            let there = match (&row.incoming, &mut self.there) {
                (None, Some(there)) => there
                    .get_mut(&(row.title.clone(), row.year))
                    .and_then(VecDeque::pop_front),
                _ => None,
            };
            let (game, waits) = match there {
                Some(There::Game(game)) => (Some(game), None),
                Some(There::Word(word)) => (None, Some(word)),
                None => {
                    let game = copy.and_then(|copy| copy.game_id);
                    (game.filter(|_| !self.unlike.contains(&row.group)), None)
                }
            };
            said.push(Said {
                library: copy.map(|copy| copy.library_id),
                copy: copy.map(|copy| copy.id),
                game,
                waits,
                group,
                title: row.title,
                year: row.year,
                word,
            });
        }
        record(txn, played).await?;
        achievement::store::restore(txn, achieved).await?;
        Ok(said)
    }
}

/// What a file knows of a copy's achievements.
fn known(
    (copy, file): (&copy::entity::Model, form::Achievements),
) -> (set::Model, Vec<AchievementListed>) {
    let set = set::Model {
        copy_id: copy.id,
        library_id: copy.library_id,
        household_id: copy.household_id,
        playtime_minutes: copy.playtime_minutes,
        last_played_at: copy.last_played_at,
        fetched_minutes: Some(file.fetched_minutes),
        fetched_at: Some(file.fetched_at),
        total: file.total,
        unlocked: file.unlocked.len() as i32,
        attempts: 0,
        next_at: None,
        lease_until: None,
    };
    let unlocked = file.unlocked.into_iter().map(|one| AchievementListed {
        rarity_percent: one.rarity_percent(),
        id: one.key,
        name: one.name,
        description: one.description,
        icon_url: one.icon_url,
        hidden: one.hidden,
        unlocked: true,
        unlocked_at: one.unlocked_at,
        points: one.points,
    });
    (set, unlocked.collect())
}

/// Writes play records. A day this hub counted itself stays as it counted.
async fn record(txn: &impl ConnectionTrait, rows: Vec<play::ActiveModel>) -> Result<(), Fault> {
    for chunk in rows.chunks(rows_of::<play::Entity>()) {
        play::Entity::insert_many(chunk.to_vec())
            .on_conflict(
                OnConflict::columns([play::Column::CopyId, play::Column::Day])
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(txn)
            .await
            .doing("recording play")?;
    }
    Ok(())
}
