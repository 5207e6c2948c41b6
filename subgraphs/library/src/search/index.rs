//! A household's games in memory, ready to be filtered, ranked and counted.

use super::{
    rank::TitleText,
    store::{Changes, FactRow, HoldingRow},
    terms::Terms,
};
use crate::{
    copy::Holding,
    game::{holdings, kind_of, status_or_default},
};
use chrono::{DateTime, NaiveDate, Utc};
use djinn_kernel::event::GameKind;
use sea_orm::ActiveEnum;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};
use uuid::Uuid;

/// One game that the household holds.
#[derive(Debug)]
pub struct Entry {
    /// The game.
    pub id: Uuid,
    /// Its title, as ranking needs it.
    pub title: TitleText,
    /// What lists sort by.
    pub sort_key: Box<str>,
    /// What it is.
    pub kind: GameKind,
    /// The level of its rating.
    pub esrb: Option<i16>,
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
    /// The owner's rating, 0 to 100.
    pub my_rating: Option<i16>,
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
    /// Names of developers.
    pub developers: Arc<Terms>,
    /// Ids of platforms.
    pub platforms: Arc<Terms>,
    /// Ids of statuses.
    pub statuses: Arc<Terms>,
}

impl Index {
    /// The index after `changes`; everything else is shared with this one.
    #[must_use]
    pub fn after(&self, changes: Changes) -> Self {
        let mut next = self.clone();
        next.rev = changes.rev;
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
                Some(fact) => fresh.push(Arc::new(next.entry(holding, fact))),
                None => next.waiting.push(holding.game_id),
            }
        }
        next.entries.retain(|entry| !touched.contains(&entry.id));
        next.entries.extend(fresh);
        // Nearly sorted already: the stable sort takes the old run as it is.
        next.entries.sort_by(|a, b| a.order().cmp(&b.order()));
        next
    }

    fn entry(&mut self, holding: HoldingRow, fact: FactRow) -> Entry {
        let genres = names(&fact.genres);
        let tags = names(&fact.tags);
        let developers = names(&fact.developers);
        Entry {
            id: fact.game_id,
            title: TitleText::new(&fact.title),
            sort_key: fact.sort_key.into(),
            kind: kind_of(&fact.kind),
            esrb: fact.esrb,
            released_on: fact.released_on,
            year: fact.release_year,
            critic_score: fact.critic_score,
            main_story_minutes: fact.main_story_minutes,
            genres: Arc::make_mut(&mut self.genres).add_all(genres),
            tags: Arc::make_mut(&mut self.tags).add_all(tags),
            developers: Arc::make_mut(&mut self.developers).add_all(developers),
            platforms: Arc::make_mut(&mut self.platforms)
                .add_all(holdings::split(&holding.platforms)),
            libraries: holdings::split(&holding.libraries)
                .filter_map(|id| Uuid::try_parse(id).ok())
                .collect(),
            held_as: holdings::split(&holding.held_as)
                .filter_map(|text| Holding::try_from_value(&text.to_owned()).ok())
                .collect(),
            status: Arc::make_mut(&mut self.statuses)
                .add(status_or_default(holding.status.as_deref())),
            copies: holding.copies,
            playtime_minutes: holding.playtime_minutes,
            last_played_at: holding.last_played_at,
            added_at: holding.first_added_at,
            favourite: holding.favourite,
            hidden: holding.hidden,
            my_rating: holding.my_rating,
        }
    }
}

impl Entry {
    /// What entries are sorted by.
    pub fn order(&self) -> (&str, Uuid) {
        (&self.sort_key, self.id)
    }

    /// Whether it was ever played, as far as any platform says.
    pub fn was_played(&self) -> bool {
        self.playtime_minutes > 0 || self.last_played_at.is_some()
    }
}

/// The texts in a stored list.
fn names(list: &serde_json::Value) -> impl Iterator<Item = &str> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(serde_json::Value::as_str)
}
