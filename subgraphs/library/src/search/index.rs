//! A household's games in memory, ready to be filtered, ranked and counted.

use super::{
    rank::TitleText,
    store::{Changes, FactRow, HoldingRow},
    terms::Terms,
};
use crate::{
    copy::Holding,
    game::{holdings, kind_of, status, status_or_default, tags},
    household::Zone,
    status::own::{self, Own},
};
use chrono::{DateTime, NaiveDate, Utc};
use djinn_kernel::{Rated, event::GameKind};
use sea_orm::ActiveEnum;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};
use uuid::Uuid;

/// One game that the household holds.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The game.
    pub id: Uuid,
    /// Its title, as ranking needs it.
    pub title: TitleText,
    /// What lists sort by.
    pub sort_key: Box<str>,
    /// What it is.
    pub kind: GameKind,
    /// The level of its ESRB rating.
    pub esrb: Option<i16>,
    /// How it is rated, for ceilings: as the strictest of what was made one with it.
    pub rated: Rated,
    /// First release.
    pub released_on: Option<NaiveDate>,
    /// The year of it.
    pub year: Option<i32>,
    /// The critics' score.
    pub critic_score: Option<i16>,
    /// Minutes the main story takes.
    pub main_story_minutes: Option<i32>,
    /// Numbers in [`Index::genres`].
    pub genres: Box<[u32]>,
    /// Numbers in [`Index::tags`].
    pub tags: Box<[u32]>,
    /// Numbers in [`Index::developers`].
    pub developers: Box<[u32]>,
    /// Numbers in [`Index::platforms`].
    pub platforms: Box<[u32]>,
    /// The libraries that hold it.
    pub libraries: Box<[Uuid]>,
    /// How its copies are held.
    pub held_as: Box<[Holding]>,
    /// A number in [`Index::statuses`].
    pub status: u32,
    /// How many copies.
    pub copies: i32,
    /// Minutes played.
    pub playtime_minutes: i32,
    /// Last played.
    pub last_played_at: Option<DateTime<Utc>>,
    /// Added.
    pub added_at: Option<DateTime<Utc>>,
    /// A favourite.
    pub favourite: bool,
    /// Hidden by its owner.
    pub hidden: bool,
    /// Whether its owner has notes on it.
    pub noted: bool,
    /// The owner's rating, 0 to 100.
    pub my_rating: Option<i16>,
    /// The owner's own tags: numbers in [`Index::my_tags`].
    pub my_tags: Box<[u32]>,
}

/// All games of a household at one revision.
#[derive(Debug, Clone, Default)]
pub struct Index {
    /// The revision it is at.
    pub rev: i64,
    /// Sorted by sort key, then id: a position says how a tie ends.
    pub entries: Vec<Arc<Entry>>,
    /// Held games whose facts have not arrived yet; they cannot be shown before.
    pub waiting: Vec<Uuid>,
    /// Names of genres.
    pub genres: Arc<Terms>,
    /// Names of tags.
    pub tags: Arc<Terms>,
    /// A person's own tags.
    pub my_tags: Arc<Terms>,
    /// Names of developers.
    pub developers: Arc<Terms>,
    /// Ids of platforms.
    pub platforms: Arc<Terms>,
    /// Ids of statuses.
    pub statuses: Arc<Terms>,
    /// The household's own statuses, also those that no game has.
    pub own_statuses: Arc<[Own]>,
    /// Where the household's days begin.
    pub zone: Zone,
}

impl Index {
    /// Whether a status has that id: one of the hub's, or of the household's own.
    pub fn knows_status(&self, id: &str) -> bool {
        status(id).is_some() || own::of_id(&self.own_statuses, id).is_some()
    }

    /// The index after `changes`; everything else is shared with this one.
    #[must_use]
    pub fn after(&self, changes: Changes) -> Self {
        let mut next = self.clone();
        next.rev = changes.rev;
        next.own_statuses = changes.own_statuses.into();
        next.zone = changes.zone;
        let touched: HashSet<Uuid> = changes.holdings.iter().map(|row| row.game_id).collect();
        let mut facts: HashMap<Uuid, FactRow> = changes
            .facts
            .into_iter()
            .map(|row| (row.game_id, row))
            .collect();

        next.waiting.retain(|game| !touched.contains(game));
        let mut fresh = Vec::with_capacity(touched.len());
        for holding in changes.holdings.into_iter().filter(|row| row.held) {
            match facts.remove(&holding.game_id) {
                Some(fact) => {
                    let part = changes.parts.get(&fact.game_id).copied();
                    fresh.push(Arc::new(next.entry(
                        holding,
                        fact,
                        part.unwrap_or_default(),
                    )));
                }
                None => next.waiting.push(holding.game_id),
            }
        }
        next.entries.retain(|entry| !touched.contains(&entry.id));
        next.entries.extend(fresh);
        // Nearly sorted already: the stable sort takes the old run as it is.
        next.entries.sort_by(|a, b| a.order().cmp(&b.order()));
        next
    }

    /// The index as the household's children see it, whatever their ceiling: without what a grown-up
    /// hid, and as if nobody had marked anything. See [`crate::game::family`].
    #[must_use]
    pub fn for_children(&self) -> Self {
        let entries = self.entries.iter().filter(|entry| !entry.hidden);
        let entries = entries.map(|entry| {
            let tagged = !entry.my_tags.is_empty();
            if entry.favourite || entry.noted || entry.my_rating.is_some() || tagged {
                Arc::new(Entry {
                    favourite: false,
                    noted: false,
                    my_rating: None,
                    my_tags: Box::default(),
                    ..Entry::clone(entry)
                })
            } else {
                Arc::clone(entry)
            }
        });
        Self {
            entries: entries.collect(),
            ..self.clone()
        }
    }

    fn entry(&mut self, holding: HoldingRow, fact: FactRow, part: Rated) -> Entry {
        let genres = names(&fact.genres);
        let mine = tags::read(holding.my_tags.as_deref());
        let tags = names(&fact.tags);
        let developers = names(&fact.developers);
        let status = status_or_default(holding.status.as_deref());
        Entry {
            id: fact.game_id,
            title: TitleText::new(&fact.title),
            sort_key: fact.sort_key.into(),
            kind: kind_of(&fact.kind),
            esrb: fact.esrb,
            rated: Rated::stored(fact.esrb, fact.boards).strictest(part),
            released_on: fact.released_on,
            year: fact.release_year,
            critic_score: fact.critic_score,
            main_story_minutes: fact.main_story_minutes,
            genres: numbered(&mut self.genres, genres),
            tags: numbered(&mut self.tags, tags),
            developers: numbered(&mut self.developers, developers),
            platforms: numbered(&mut self.platforms, holdings::split(&holding.platforms)),
            libraries: holdings::split(&holding.libraries)
                .filter_map(|id| Uuid::try_parse(id).ok())
                .collect(),
            held_as: holdings::split(&holding.held_as)
                .filter_map(|text| Holding::try_from_value(&text.to_owned()).ok())
                .collect(),
            status: match self.statuses.number(status) {
                Some(number) => number,
                None => Arc::make_mut(&mut self.statuses).add(status),
            },
            copies: holding.copies,
            playtime_minutes: holding.playtime_minutes,
            last_played_at: holding.last_played_at,
            added_at: holding.first_added_at,
            favourite: holding.favourite,
            hidden: holding.hidden,
            noted: holding.noted,
            my_rating: holding.my_rating,
            my_tags: numbered(&mut self.my_tags, mine.iter().map(String::as_str)),
        }
    }
}

impl Entry {
    /// What entries are sorted by.
    pub fn order(&self) -> (&str, Uuid) {
        (&self.sort_key, self.id)
    }

    /// Hundredths of the time that its main story takes that were played.
    pub fn progress(&self) -> Option<i32> {
        let story = i64::from(self.main_story_minutes.filter(|minutes| *minutes > 0)?);
        let percent = i64::from(self.playtime_minutes.max(0)) * 100 / story;
        Some(i32::try_from(percent).unwrap_or(i32::MAX))
    }

    /// Whether it was ever played, as far as any platform says.
    pub fn was_played(&self) -> bool {
        self.playtime_minutes > 0 || self.last_played_at.is_some()
    }
}

/// The numbers of `names`. Terms that the index before shares are copied only for a new name: of
/// most changes nothing is new, and there are thousands of tags.
fn numbered<'a>(
    terms: &mut Arc<Terms>,
    names: impl Iterator<Item = &'a str> + Clone,
) -> Box<[u32]> {
    if let Some(own) = Arc::get_mut(terms) {
        return own.add_all(names);
    }
    let known = terms.known(names.clone());
    known.unwrap_or_else(|| Arc::make_mut(terms).add_all(names))
}

/// The texts in a stored list.
fn names(list: &serde_json::Value) -> impl Iterator<Item = &str> + Clone {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(serde_json::Value::as_str)
}
