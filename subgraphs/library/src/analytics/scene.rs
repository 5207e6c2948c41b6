//! What a viewer may count: their games, and what was played and changed of these.

use crate::{
    game::{UNPLAYED, visible},
    search::{
        filter::Filter,
        index::{Entry, Index},
    },
};
use chrono::NaiveDate;
use djinn_kernel::FamilyView;
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// What was played of one game on one day on one platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Played {
    /// The day.
    pub day: NaiveDate,
    /// The game.
    pub game: Uuid,
    /// The platform's id.
    pub platform: Arc<str>,
    /// Minutes.
    pub minutes: i64,
}

/// A change of status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The game.
    pub game: Uuid,
    /// The status' id before.
    pub from: String,
    /// The status' id after.
    pub to: String,
    /// The day.
    pub day: NaiveDate,
}

/// The status a game has when it is done with.
pub const COMPLETED: &str = "completed";

/// The games of a household that one viewer may count, by id.
#[derive(Debug)]
pub struct Scene {
    /// The index they are of, for names.
    pub index: Arc<Index>,
    games: HashMap<Uuid, usize>,
}

impl Scene {
    /// Games proper that the viewer may see and nobody has hidden: what `games` lists by itself.
    /// With a `library`, only those that it holds.
    pub fn of(index: Arc<Index>, family: Option<FamilyView>, library: Option<Uuid>) -> Self {
        let listed = Filter::default();
        let all = index.entries.iter().enumerate();
        let games = all
            .filter(|(_, entry)| {
                visible(family, entry.rated)
                    && !entry.hidden
                    && listed.kinds.contains(&entry.kind)
                    && library.is_none_or(|library| entry.libraries.contains(&library))
            })
            .map(|(at, entry)| (entry.id, at))
            .collect();
        Self { index, games }
    }

    /// A game that counts.
    pub fn game(&self, id: Uuid) -> Option<&Entry> {
        let at = self.games.get(&id)?;
        Some(&self.index.entries[*at])
    }

    /// Every game that counts, in the order of their titles.
    pub fn games(&self) -> impl Iterator<Item = &Entry> {
        let all = self.index.entries.iter();
        all.filter(|entry| self.games.contains_key(&entry.id))
            .map(|entry| &**entry)
    }

    /// Only what was played of games that count.
    pub fn of_played(&self, mut played: Vec<Played>) -> Vec<Played> {
        played.retain(|played| self.games.contains_key(&played.game));
        played
    }

    /// Only the changes of games that count.
    pub fn of_changed(&self, mut changed: Vec<Changed>) -> Vec<Changed> {
        changed.retain(|changed| self.games.contains_key(&changed.game));
        changed
    }

    /// Games by minutes, the most first; ties by title.
    pub fn most(&self, minutes: &HashMap<Uuid, i64>) -> Vec<(Uuid, i64)> {
        let mut most: Vec<_> = minutes
            .iter()
            .filter_map(|(game, minutes)| Some((self.game(*game)?, *minutes)))
            .collect();
        most.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.order().cmp(&b.0.order())));
        most.into_iter()
            .map(|(entry, minutes)| (entry.id, minutes))
            .collect()
    }

    /// The day a game was added, as the household counts days.
    pub fn added_on(&self, entry: &Entry) -> Option<NaiveDate> {
        entry.added_at.map(|at| self.index.zone.day(at))
    }

    /// Whether nobody has begun this game.
    pub fn is_backlog(&self, entry: &Entry) -> bool {
        !entry.was_played() && self.index.statuses.label(entry.status) == UNPLAYED
    }

    /// Whether somebody has done with this game.
    pub fn is_completed(&self, entry: &Entry) -> bool {
        self.index.statuses.label(entry.status) == COMPLETED
    }
}
