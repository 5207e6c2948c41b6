//! What a viewer may count: their games, and what was played and changed of these.

use crate::{
    game::{UNPLAYED, status, visible},
    search::{
        filter::Filter,
        index::{Entry, Index},
    },
    status::By,
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
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
    /// Who or what changed it. A file says what was so before.
    pub by: By,
}

/// The status a game has when it is done with.
pub const COMPLETED: &str = "completed";

/// For so long after its library came, a game came with it: the first listing may wait for a budget.
const WITH_ITS_LIBRARY: TimeDelta = TimeDelta::days(1);

/// Games that were begun without a person's word, with the day and with what said so.
pub type Brought = HashMap<(Uuid, NaiveDate), By>;

/// Which games were begun without a person's word. A status of a household's own says nothing of
/// that.
pub fn brought(changed: &[Changed]) -> Brought {
    let mut brought = Brought::new();
    for change in changed.iter().filter(|change| change.by != By::Person) {
        if change.from != UNPLAYED || status(&change.to).is_none() {
            continue;
        }
        let by = brought.entry((change.game, change.day));
        let by = by.or_insert(change.by);
        if change.by == By::Import {
            *by = By::Import;
        }
    }
    brought
}

/// The games of a household that one viewer may count, by id.
#[derive(Debug)]
pub struct Scene {
    /// The index they are of, for names.
    pub index: Arc<Index>,
    games: HashMap<Uuid, usize>,
    linked: HashMap<Uuid, DateTime<Utc>>,
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
        Self {
            index,
            games,
            linked: HashMap::new(),
        }
    }

    /// With the moments at which libraries were linked or made: what came with them was there
    /// before.
    #[must_use]
    pub fn with_libraries(mut self, linked: HashMap<Uuid, DateTime<Utc>>) -> Self {
        self.linked = linked;
        self
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

    /// The day a game was new. None for one that was played or completed before it came here: when
    /// it was got, nobody knows. `brought` is what was begun without a person's word, and on which day.
    pub fn new_on(&self, entry: &Entry, brought: &Brought) -> Option<NaiveDate> {
        let (at, day) = (entry.added_at?, self.added_on(entry)?);
        let last = entry.last_played_at.map(|at| self.index.zone.day(at));
        let came_with_a_library = entry.libraries.iter().any(|library| {
            let linked = self.linked.get(library);
            linked.is_some_and(|linked| (*linked..*linked + WITH_ITS_LIBRARY).contains(&at))
        });
        let begun = brought.get(&(entry.id, day));
        let was_there = last.is_some_and(|last| last < day)
            || begun.is_some_and(|by| came_with_a_library || *by == By::Import);
        (!was_there).then_some(day)
    }

    /// The day on which a change completed a game; none for any other change. What a file says was
    /// completed was so when the game was last played; where nobody knows that day, on none.
    pub fn completed_on(&self, change: &Changed) -> Option<NaiveDate> {
        if change.to != COMPLETED {
            return None;
        }
        if change.by != By::Import {
            return Some(change.day);
        }
        let last = self.game(change.game)?.last_played_at?;
        // One that was played on since says nothing of the day.
        Some(self.index.zone.day(last)).filter(|day| *day <= change.day)
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
