//! What a household has, in an order that does not depend on any id: first a slim list of all its
//! games, then the games themselves, a few hundred at a time.

use super::form;
use crate::{
    account::entity::account,
    collection::{entity::member, rule::Rule, store as collections},
    copy::entity as copy,
    game::{
        entity::{fact, holding},
        visible_if_known,
    },
    import::{waiting, word::Turn, word::Word},
    play::entity as play,
    status::entity as change,
};
use djinn_kernel::{Doing, FamilyView, Fault, viewer::Identity};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// Games at a time.
pub const CHUNK: usize = 250;

/// What makes a game: the game its copies were matched to, or what a file called one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Is {
    /// A game of the catalogue.
    Game(Uuid),
    /// Copies of one game in a file, not matched yet.
    Group(Uuid),
    /// A copy by itself, not matched yet.
    Copy(Uuid),
}

/// Where a copy stands: its library's number and what makes it the same copy.
type Place = (usize, String);

/// A game and its copies, as the order goes.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What it is.
    pub is: Is,
    /// Its copies, in order; none for a game of which only something was said.
    pub copies: Vec<Uuid>,
    first: Option<Place>,
    title: String,
    year: Option<i32>,
}

/// Everything an export is made of, without the games themselves.
pub struct Gathered {
    /// Whose.
    pub household: Uuid,
    /// The libraries, with what they were in this hub.
    pub libraries: Vec<(Uuid, form::Library)>,
    /// The games, in order.
    pub games: Vec<Entry>,
    /// The collections.
    pub collections: Vec<form::Collection>,
    /// What files said that waits for a game, by what it waits for.
    words: HashMap<Is, Word>,
}

/// Gathers what `who` may see, of one library or all.
pub async fn gather(
    conn: &impl ConnectionTrait,
    who: &Identity,
    only: Option<Uuid>,
) -> Result<Gathered, Fault> {
    let household = who.household.0;
    let libraries = libraries(conn, household, only).await?;
    let numbers: HashMap<Uuid, usize> = libraries
        .iter()
        .enumerate()
        .map(|(number, (id, _))| (*id, number))
        .collect();
    let mut gathered = Gathered {
        household,
        libraries,
        games: Vec::new(),
        collections: Vec::new(),
        words: HashMap::new(),
    };
    let mut entries: HashMap<Is, Vec<(Place, Uuid)>> = HashMap::new();
    let mut titles: HashMap<Is, (String, Option<i32>)> = HashMap::new();
    let mut members: Vec<(Uuid, i64, Is)> = Vec::new();
    let groups = words(
        conn,
        who,
        only.is_none(),
        &mut gathered,
        &mut titles,
        &mut members,
    )
    .await?;
    copies(conn, household, &numbers, &groups, &mut entries).await?;
    let mut said: HashMap<Is, (String, Option<i32>)> = titles;
    if only.is_none() {
        collected(conn, who, &mut members, &mut gathered.collections).await?;
        let without = lonely(conn, household, &entries, &members).await?;
        said.extend(without);
        said.retain(|is, _| !entries.contains_key(is));
    } else {
        said.clear();
    }
    if who.family.is_some() {
        hide(conn, who.family, &mut entries, &mut said).await?;
    }
    gathered.games = ordered(entries, said);
    place(&mut gathered, members);
    Ok(gathered)
}

async fn libraries(
    conn: &impl ConnectionTrait,
    household: Uuid,
    only: Option<Uuid>,
) -> Result<Vec<(Uuid, form::Library)>, Fault> {
    let mut find = account::Entity::find()
        .filter(account::Column::HouseholdId.eq(household))
        .filter(account::Column::ForgottenAt.is_null());
    if let Some(only) = only {
        find = find.filter(account::Column::Id.eq(only));
    }
    let mut rows = find.all(conn).await.doing("listing libraries to export")?;
    rows.sort_by(|a, b| {
        (&a.platform, &a.account_key, a.id).cmp(&(&b.platform, &b.account_key, b.id))
    });
    let form = |row: account::Model| {
        let library = form::Library {
            platform: row.platform,
            account: row.account,
            label: row.label,
            created_at: row.created_at,
        };
        (row.id, library)
    };
    Ok(rows.into_iter().map(form).collect())
}

/// Reads what waits, and says which copies are of one group.
async fn words(
    conn: &impl ConnectionTrait,
    who: &Identity,
    whole: bool,
    gathered: &mut Gathered,
    titles: &mut HashMap<Is, (String, Option<i32>)>,
    members: &mut Vec<(Uuid, i64, Is)>,
) -> Result<HashMap<Uuid, Uuid>, Fault> {
    let mut groups = HashMap::new();
    let mut after: Option<Uuid> = None;
    loop {
        let mut find = waiting::entity::Entity::find()
            .filter(waiting::entity::Column::HouseholdId.eq(gathered.household));
        if let Some(after) = after {
            find = find.filter(waiting::entity::Column::Id.gt(after));
        }
        let rows = find
            .order_by_asc(waiting::entity::Column::Id)
            .limit(CHUNK as u64)
            .all(conn)
            .await
            .doing("reading what files said")?;
        let Some(last) = rows.last() else {
            return Ok(groups);
        };
        after = Some(last.id);
        // What is not known yet is not shown to a child.
        if who.family.is_some() {
            continue;
        }
        for row in rows {
            let word = waiting::read(row.said)?;
            let is = Is::Group(row.group_id);
            match row.copy_id {
                Some(copy) => {
                    groups.insert(copy, row.group_id);
                }
                None if whole => {
                    titles.insert(is, (row.title, row.year));
                }
                None => continue,
            }
            let places = word.collections.iter();
            if whole && !gathered.words.contains_key(&is) {
                members.extend(places.map(|(id, position)| (*id, *position, is)));
            }
            if word.is_kept() {
                gathered.words.insert(is, word);
            } else {
                gathered.words.entry(is).or_default();
            }
        }
    }
}

/// The slim list of the copies.
async fn copies(
    conn: &impl ConnectionTrait,
    household: Uuid,
    numbers: &HashMap<Uuid, usize>,
    groups: &HashMap<Uuid, Uuid>,
    entries: &mut HashMap<Is, Vec<(Place, Uuid)>>,
) -> Result<(), Fault> {
    let mut after: Option<Uuid> = None;
    loop {
        let mut find = copy::Entity::find()
            .select_only()
            .columns([
                copy::Column::Id,
                copy::Column::LibraryId,
                copy::Column::Identity,
                copy::Column::GameId,
            ])
            .filter(copy::Column::HouseholdId.eq(household))
            .filter(copy::Column::LibraryId.is_in(numbers.keys().copied()))
            .filter(copy::Column::RemovedAt.is_null());
        if let Some(after) = after {
            find = find.filter(copy::Column::Id.gt(after));
        }
        let rows: Vec<(Uuid, Uuid, String, Option<Uuid>)> = find
            .order_by_asc(copy::Column::Id)
            .limit(2000)
            .into_tuple()
            .all(conn)
            .await
            .doing("listing copies to export")?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = Some(last.0);
        for (id, library, identity, game) in rows {
            let Some(number) = numbers.get(&library) else {
                continue;
            };
            let is = match (game, groups.get(&id)) {
                (Some(game), _) => Is::Game(game),
                (None, Some(group)) => Is::Group(*group),
                (None, None) => Is::Copy(id),
            };
            entries
                .entry(is)
                .or_default()
                .push(((*number, identity), id));
        }
    }
}

/// The player's collections in their order, and who is in the manual ones.
async fn collected(
    conn: &impl ConnectionTrait,
    who: &Identity,
    members: &mut Vec<(Uuid, i64, Is)>,
    collected: &mut Vec<form::Collection>,
) -> Result<(), Fault> {
    let rows = collections::page(
        conn,
        who.player.0,
        None,
        crate::collection::MAX_COLLECTIONS as u32,
    )
    .await?;
    let manual: Vec<Uuid> = rows
        .iter()
        .filter(|row| row.rule.is_none())
        .map(|row| row.id)
        .collect();
    let mine: Vec<member::Model> = collections::members(conn, &manual)
        .await?
        .into_values()
        .flatten()
        .collect();
    members.retain(|(id, ..)| manual.contains(id));
    members.extend(
        mine.into_iter()
            .map(|row| (row.collection_id, row.position, Is::Game(row.game_id))),
    );
    // Numbers for now; the games' own are filled in when their order is known.
    let order: HashMap<Uuid, usize> = rows
        .iter()
        .enumerate()
        .map(|(number, row)| (row.id, number))
        .collect();
    for (id, ..) in members.iter_mut() {
        if let Some(number) = order.get(id) {
            *id = Uuid::from_u128(*number as u128);
        }
    }
    for row in rows {
        let rule: Option<Rule> = match row.rule {
            Some(rule) => Some(serde_json::from_value(rule).doing("reading a rule")?),
            None => None,
        };
        collected.push(form::Collection {
            name: row.name,
            games: rule.is_none().then(Vec::new),
            rule,
            created_at: row.created_at,
            updated_at: row.updated_at,
        });
    }
    Ok(())
}

/// Games without copies of which something was said, or that are in a collection; by title.
async fn lonely(
    conn: &impl ConnectionTrait,
    household: Uuid,
    entries: &HashMap<Is, Vec<(Place, Uuid)>>,
    members: &[(Uuid, i64, Is)],
) -> Result<HashMap<Is, (String, Option<i32>)>, Fault> {
    let rows: Vec<holding::Model> = holding::Entity::find()
        .filter(holding::Column::HouseholdId.eq(household))
        .filter(holding::Column::Held.eq(false))
        .all(conn)
        .await
        .doing("listing games that were held")?;
    let mut wanted: BTreeSet<Uuid> = rows
        .into_iter()
        .filter(says_something)
        .map(|row| row.game_id)
        .collect();
    wanted.extend(members.iter().filter_map(|(.., is)| match is {
        Is::Game(game) if !entries.contains_key(is) => Some(*game),
        _ => None,
    }));
    let wanted: Vec<Uuid> = wanted.into_iter().collect();
    let mut titles = HashMap::new();
    for chunk in wanted.chunks(500) {
        let facts: Vec<(Uuid, String, Option<i32>)> = fact::Entity::find()
            .select_only()
            .columns([
                fact::Column::GameId,
                fact::Column::Title,
                fact::Column::ReleaseYear,
            ])
            .filter(fact::Column::GameId.is_in(chunk.iter().copied()))
            .into_tuple()
            .all(conn)
            .await
            .doing("reading the titles of games")?;
        // The catalogue may know titles that a file may not have.
        titles.extend(facts.into_iter().map(|(game, title, year)| {
            let title = crate::copy::clean(&title, crate::copy::MAX_TITLE);
            let year = year.filter(|year| (1950..=2100).contains(year));
            (Is::Game(game), (title, year))
        }));
    }
    titles.retain(|_, (title, _)| !title.is_empty());
    Ok(titles)
}

fn says_something(row: &holding::Model) -> bool {
    row.status.is_some()
        || row.favourite
        || row.hidden
        || row.notes.is_some()
        || row.my_rating.is_some()
}

/// Leaves out what a viewer with a ceiling may not see: of it, nothing is written at all.
async fn hide(
    conn: &impl ConnectionTrait,
    family: Option<FamilyView>,
    entries: &mut HashMap<Is, Vec<(Place, Uuid)>>,
    said: &mut HashMap<Is, (String, Option<i32>)>,
) -> Result<(), Fault> {
    let games: HashSet<Uuid> = entries
        .keys()
        .chain(said.keys())
        .filter_map(|is| match is {
            Is::Game(game) => Some(*game),
            _ => None,
        })
        .collect();
    let games: Vec<Uuid> = games.into_iter().collect();
    let ratings = crate::game::store::ratings(conn, &games).await?;
    let shown = |is: &Is| match is {
        Is::Game(game) => visible_if_known(family, ratings.get(game).copied()),
        // Nobody knows yet what it is.
        Is::Group(_) | Is::Copy(_) => false,
    };
    entries.retain(|is, _| shown(is));
    said.retain(|is, _| shown(is));
    Ok(())
}

/// By the first copy; those without one last, by title.
fn ordered(
    entries: HashMap<Is, Vec<(Place, Uuid)>>,
    said: HashMap<Is, (String, Option<i32>)>,
) -> Vec<Entry> {
    let held = entries.into_iter().map(|(is, mut copies)| {
        copies.sort();
        Entry {
            is,
            first: copies.first().map(|(place, _)| place.clone()),
            copies: copies.into_iter().map(|(_, id)| id).collect(),
            title: String::new(),
            year: None,
        }
    });
    let mut games: Vec<Entry> = held
        .chain(said.into_iter().map(|(is, (title, year))| Entry {
            is,
            copies: Vec::new(),
            first: None,
            title,
            year,
        }))
        .collect();
    games.sort_by(|a, b| {
        (a.first.is_none(), &a.first, &a.title, a.year, a.is).cmp(&(
            b.first.is_none(),
            &b.first,
            &b.title,
            b.year,
            b.is,
        ))
    });
    games
}

/// Fills in which games are in which collections, in their order.
fn place(gathered: &mut Gathered, mut members: Vec<(Uuid, i64, Is)>) {
    let numbers: HashMap<Is, usize> = gathered
        .games
        .iter()
        .enumerate()
        .map(|(number, game)| (game.is, number))
        .collect();
    let mut placed: BTreeMap<usize, Vec<(i64, usize)>> = BTreeMap::new();
    for (collection, position, is) in members.drain(..) {
        if let Some(number) = numbers.get(&is) {
            let collection = collection.as_u128() as usize;
            placed
                .entry(collection)
                .or_default()
                .push((position, *number));
        }
    }
    for (collection, mut games) in placed {
        games.sort_unstable();
        let mut seen = HashSet::new();
        if let Some(list) = gathered
            .collections
            .get_mut(collection)
            .and_then(|collection| collection.games.as_mut())
        {
            list.extend(
                games
                    .into_iter()
                    .map(|(_, number)| number)
                    .filter(|number| seen.insert(*number)),
            );
        }
    }
}

impl Gathered {
    /// The games themselves, of a piece of [`Gathered::games`].
    pub async fn games(
        &self,
        conn: &impl ConnectionTrait,
        entries: &[Entry],
    ) -> Result<Vec<form::Game>, Fault> {
        let numbers: HashMap<Uuid, usize> = self
            .libraries
            .iter()
            .enumerate()
            .map(|(number, (id, _))| (*id, number))
            .collect();
        let ids: Vec<Uuid> = entries
            .iter()
            .flat_map(|entry| entry.copies.iter().copied())
            .collect();
        let mut copies = self.copies(conn, &ids, &numbers).await?;
        let of_games: Vec<Uuid> = entries
            .iter()
            .filter_map(|entry| match entry.is {
                Is::Game(game) => Some(game),
                _ => None,
            })
            .collect();
        let mut holdings = crate::game::store::holdings(conn, self.household, &of_games).await?;
        let mut history = self.history(conn, &of_games).await?;
        let mut games = Vec::with_capacity(entries.len());
        for entry in entries {
            let mut game = form::Game {
                copies: entry
                    .copies
                    .iter()
                    .filter_map(|id| copies.remove(id))
                    .collect(),
                ..form::Game::default()
            };
            if entry.copies.is_empty() {
                game.title = Some(entry.title.clone());
                game.year = entry.year;
            }
            match entry.is {
                Is::Game(id) => {
                    if let Some(row) = holdings.remove(&id) {
                        say(&mut game, row);
                    }
                    game.history = history.remove(&id).unwrap_or_default();
                }
                is => {
                    if let Some(word) = self.words.get(&is) {
                        repeat(&mut game, word);
                    }
                }
            }
            games.push(game);
        }
        Ok(games)
    }

    async fn copies(
        &self,
        conn: &impl ConnectionTrait,
        ids: &[Uuid],
        numbers: &HashMap<Uuid, usize>,
    ) -> Result<HashMap<Uuid, form::Copy>, Fault> {
        let mut found = HashMap::with_capacity(ids.len());
        for chunk in ids.chunks(500) {
            let rows = copy::Entity::find()
                .filter(copy::Column::Id.is_in(chunk.iter().copied()))
                .all(conn)
                .await
                .doing("reading copies to export")?;
            let days = play::Entity::find()
                .filter(play::Column::CopyId.is_in(chunk.iter().copied()))
                .order_by_asc(play::Column::Day)
                .all(conn)
                .await
                .doing("reading play records to export")?;
            let mut played: HashMap<Uuid, Vec<_>> = HashMap::new();
            for day in days {
                let days = played.entry(day.copy_id).or_default();
                days.push((day.day, day.minutes));
            }
            for row in rows {
                let Some(number) = numbers.get(&row.library_id) else {
                    continue;
                };
                let hints = serde_json::from_value(row.hints).unwrap_or_default();
                let copy = form::Copy {
                    library: *number,
                    platform: row.platform,
                    store_id: row.store_id,
                    title: row.title,
                    holding: row.holding,
                    playtime_minutes: row.playtime_minutes,
                    last_played_at: row.last_played_at,
                    added_at: row.added_at,
                    year: row.year,
                    hints: form::Hint::of(hints),
                    import_status: row.import_status,
                    play: played.remove(&row.id).unwrap_or_default(),
                };
                found.insert(row.id, copy);
            }
        }
        Ok(found)
    }

    async fn history(
        &self,
        conn: &impl ConnectionTrait,
        games: &[Uuid],
    ) -> Result<HashMap<Uuid, Vec<Turn>>, Fault> {
        let rows = change::Entity::find()
            .filter(change::Column::HouseholdId.eq(self.household))
            .filter(change::Column::GameId.is_in(games.iter().copied()))
            .order_by_asc(change::Column::At)
            .order_by_asc(change::Column::Id)
            .all(conn)
            .await
            .doing("reading how statuses changed")?;
        let mut history: HashMap<Uuid, Vec<Turn>> = HashMap::new();
        for row in rows {
            history.entry(row.game_id).or_default().push(Turn {
                at: row.at,
                from: row.from,
                to: row.to,
                by: row.by.into(),
            });
        }
        Ok(history)
    }
}

fn say(game: &mut form::Game, row: holding::Model) {
    game.status = row.status;
    game.status_by = row.status_by.map(Into::into);
    game.favourite = row.favourite;
    game.hidden = row.hidden;
    game.notes = row.notes;
    game.rating = row.my_rating;
}

fn repeat(game: &mut form::Game, word: &Word) {
    game.status.clone_from(&word.status);
    game.status_by = word.status_by;
    game.favourite = word.favourite;
    game.hidden = word.hidden;
    game.notes.clone_from(&word.notes);
    game.rating = word.rating;
    game.history.clone_from(&word.history);
}
