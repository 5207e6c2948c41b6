//! Which games are in an export, and in which order: one that does not depend on any id.

use super::gather::Gathered;
use crate::game::visible_if_known;
use djinn_kernel::{FamilyView, Fault};
use sea_orm::ConnectionTrait;
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

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
pub(super) type Place = (usize, String);

/// A game and its copies, as the order goes.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What it is.
    pub is: Is,
    /// Its copies, in order; none for a game of which only something was said.
    pub copies: Vec<Uuid>,
    pub(super) first: Option<Place>,
    /// Its title, where no copy says it.
    pub(super) title: String,
    /// Its year, likewise.
    pub(super) year: Option<i32>,
}

/// Leaves out what a child may not see: of it, nothing is written at all.
pub(super) async fn hide(
    conn: &impl ConnectionTrait,
    household: Uuid,
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
    let ratings = crate::game::store::ratings(conn, household, &games).await?;
    let hidden = crate::game::store::hidden(conn, household, &games).await?;
    let shown = |is: &Is| match is {
        Is::Game(game) => {
            visible_if_known(family, ratings.get(game).copied()) && !hidden.contains(game)
        }
        // Nobody knows yet what it is.
        Is::Group(_) | Is::Copy(_) => false,
    };
    entries.retain(|is, _| shown(is));
    said.retain(|is, _| shown(is));
    Ok(())
}

/// By the first copy; those without one last, by title.
pub(super) fn ordered(
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
pub(super) fn place(gathered: &mut Gathered, mut members: Vec<(Uuid, i64, Is)>) {
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
