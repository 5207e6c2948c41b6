//! What a list of games is narrowed down to, checked once before it meets an index.

use super::{
    index::{Entry, Index},
    page::Asked,
};
use crate::game;
use djinn_kernel::{
    Code, Esrb, FamilyView, Fault,
    event::GameKind,
    ids::{InvalidId, LibraryId},
    page::InvalidPage,
};
use djinn_subgraph_kit::graph::Coded;
use uuid::Uuid;

/// The most characters a query may have.
pub const MAX_QUERY: usize = 200;
/// The most entries one list of a filter may have.
pub const MAX_ENTRIES: usize = 50;
/// The most platforms a game can be asked to be held on.
pub const MAX_PLATFORMS: i32 = 20;
/// The most characters a genre or tag in a filter may have.
const MAX_NAME: usize = 100;

/// From and to, both included, both optional.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Range {
    /// At least.
    pub from: Option<i32>,
    /// At most.
    pub to: Option<i32>,
}

impl Range {
    fn holds(self, value: i32) -> bool {
        self.from.is_none_or(|from| value >= from) && self.to.is_none_or(|to| value <= to)
    }

    const fn is_open(self) -> bool {
        self.from.is_none() && self.to.is_none()
    }
}

/// What a client asked for. An empty list narrows nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Held on any of these.
    pub platforms: Vec<String>,
    /// Held on at least this many different ones.
    pub platforms_at_least: Option<i32>,
    /// In any of these.
    pub statuses: Vec<String>,
    /// Of any of these.
    pub genres: Vec<String>,
    /// With any of these.
    pub tags: Vec<String>,
    /// With any of these tags of one's own.
    pub my_tags: Vec<String>,
    /// Of any of these kinds.
    pub kinds: Vec<GameKind>,
    /// Rated at most so.
    pub rating_at_most: Option<Esrb>,
    /// Whether unrated games pass.
    pub include_unrated: bool,
    /// First released in these years.
    pub released: Range,
    /// Played this long, in minutes.
    pub playtime: Range,
    /// Ever played.
    pub played: Option<bool>,
    /// Marked as a favourite.
    pub favourite: Option<bool>,
    /// Hidden by its owner, or not.
    pub hidden: bool,
    /// Held in any of these libraries.
    pub libraries: Vec<String>,
}

impl Default for Filter {
    /// What a list shows when nobody says: games proper, except hidden ones.
    fn default() -> Self {
        Self {
            platforms: Vec::new(),
            platforms_at_least: None,
            statuses: Vec::new(),
            genres: Vec::new(),
            tags: Vec::new(),
            my_tags: Vec::new(),
            kinds: vec![GameKind::Game],
            rating_at_most: None,
            include_unrated: true,
            released: Range::default(),
            playtime: Range::default(),
            played: None,
            favourite: None,
            hidden: false,
            libraries: Vec::new(),
        }
    }
}

/// Why a search was not made.
#[derive(Debug, thiserror::Error)]
pub enum NotSearched {
    /// Too much typed.
    #[error("a query has at most {MAX_QUERY} characters, not {0}")]
    LongQuery(usize),
    /// Too many entries.
    #[error("`{0}` has at most {MAX_ENTRIES} entries, not {1}")]
    LongList(&'static str, usize),
    /// An entry is too long.
    #[error("an entry of `{0}` has at most {MAX_NAME} characters")]
    LongEntry(&'static str),
    /// Too few or too many platforms.
    #[error("`platformsAtLeast` is 1 to {MAX_PLATFORMS}, not {0}")]
    PlatformsAtLeast(i32),
    /// No such platform.
    #[error("no platform has the id `{0}`; the query `platforms` lists them")]
    NoPlatform(String),
    /// No such status.
    #[error("no status has the id `{0}`; the query `statuses` lists them")]
    NoStatus(String),
    /// The wrong way round.
    #[error("`{field}` goes from {from} to {to}: `from` must not be larger")]
    Backwards {
        /// The range.
        field: &'static str,
        /// Its beginning.
        from: i32,
        /// Its end.
        to: i32,
    },
    /// Not an id.
    #[error(transparent)]
    Library(#[from] InvalidId),
    /// Not a page.
    #[error(transparent)]
    Page(#[from] InvalidPage),
    /// Our side.
    #[error(transparent)]
    Internal(#[from] Fault),
}

impl Coded for NotSearched {
    fn code(&self) -> Code {
        match self {
            Self::LongQuery(_)
            | Self::LongList(..)
            | Self::LongEntry(_)
            | Self::PlatformsAtLeast(_)
            | Self::NoPlatform(_)
            | Self::NoStatus(_)
            | Self::Backwards { .. } => Code::InvalidInput,
            Self::Library(_) => Code::InvalidId,
            Self::Page(page) => page.code(),
            Self::Internal(_) => Code::Internal,
        }
    }

    fn field(&self) -> Option<String> {
        let name = match self {
            Self::LongQuery(_) => return Some("query".to_owned()),
            Self::Page(page) => return Coded::field(page),
            Self::Internal(_) => return None,
            Self::LongList(field, _) | Self::LongEntry(field) | Self::Backwards { field, .. } => {
                field
            }
            Self::PlatformsAtLeast(_) => "platformsAtLeast",
            Self::NoPlatform(_) => "platforms",
            Self::NoStatus(_) => "statuses",
            Self::Library(_) => "libraries",
        };
        Some(format!("filter.{name}"))
    }
}

impl Filter {
    /// Refuses what no index is needed to refuse.
    pub fn check(&self) -> Result<(), NotSearched> {
        let lists = [
            ("platforms", &self.platforms),
            ("statuses", &self.statuses),
            ("genres", &self.genres),
            ("tags", &self.tags),
            ("myTags", &self.my_tags),
            ("libraries", &self.libraries),
        ];
        for (field, list) in lists {
            if list.len() > MAX_ENTRIES {
                return Err(NotSearched::LongList(field, list.len()));
            }
            if list.iter().any(|entry| entry.chars().count() > MAX_NAME) {
                return Err(NotSearched::LongEntry(field));
            }
        }
        if self.kinds.len() > MAX_ENTRIES {
            return Err(NotSearched::LongList("kinds", self.kinds.len()));
        }
        if let Some(least) = self.platforms_at_least
            && !(1..=MAX_PLATFORMS).contains(&least)
        {
            return Err(NotSearched::PlatformsAtLeast(least));
        }
        for (field, range) in [
            ("releasedBetween", self.released),
            ("playtimeBetween", self.playtime),
        ] {
            if let Range {
                from: Some(from),
                to: Some(to),
            } = range
                && from > to
            {
                return Err(NotSearched::Backwards { field, from, to });
            }
        }
        Ok(())
    }

    /// What is asked with it and what was typed, for cursors: in whatever order its lists are.
    pub fn asked(&self, query: Option<&str>) -> Asked {
        let mut same = self.clone();
        for list in [
            &mut same.platforms,
            &mut same.statuses,
            &mut same.genres,
            &mut same.tags,
            &mut same.my_tags,
            &mut same.libraries,
        ] {
            list.sort_unstable();
            list.dedup();
        }
        let query = query.map(str::trim).unwrap_or_default();
        Asked::of(&format!("{query:?} {same:?}"))
    }

    /// Turns names into the numbers of `index`. A platform is known when `known` says so or a
    /// game that the viewer may see is held there.
    pub fn bind(
        &self,
        index: &Index,
        family: Option<FamilyView>,
        known: impl Fn(&str) -> bool,
    ) -> Result<Bound, NotSearched> {
        for id in &self.platforms {
            let number = index.platforms.number(id);
            let seen = |number: u32| {
                index.entries.iter().any(|entry| {
                    game::visible(family, entry.rated) && entry.platforms.contains(&number)
                })
            };
            if !known(id) && !number.is_some_and(seen) {
                return Err(NotSearched::NoPlatform(id.clone()));
            }
        }
        if let Some(id) = self.statuses.iter().find(|id| !index.knows_status(id)) {
            return Err(NotSearched::NoStatus(id.clone()));
        }
        // A name that no game has stays in the list as nothing, so that it finds nothing.
        let numbers = |terms: &super::terms::Terms, names: &[String]| {
            (!names.is_empty())
                .then(|| names.iter().filter_map(|name| terms.number(name)).collect())
        };
        let libraries: Vec<Uuid> = self
            .libraries
            .iter()
            .map(|id| LibraryId::parse(id).map(|id| id.0))
            .collect::<Result<_, _>>()?;
        Ok(Bound {
            platforms: numbers(&index.platforms, &self.platforms),
            statuses: numbers(&index.statuses, &self.statuses),
            genres: numbers(&index.genres, &self.genres),
            tags: numbers(&index.tags, &self.tags),
            my_tags: numbers(&index.my_tags, &self.my_tags),
            libraries,
            rest: self.clone(),
        })
    }
}

/// A filter bound to the names of one index.
#[derive(Debug)]
pub struct Bound {
    platforms: Option<Vec<u32>>,
    statuses: Option<Vec<u32>>,
    genres: Option<Vec<u32>>,
    tags: Option<Vec<u32>>,
    my_tags: Option<Vec<u32>>,
    libraries: Vec<Uuid>,
    rest: Filter,
}

/// One bit for each facet, and one for everything that is no facet.
pub mod dimension {
    /// The platforms.
    pub const PLATFORM: u8 = 1;
    /// The statuses.
    pub const STATUS: u8 = 1 << 1;
    /// The genres.
    pub const GENRE: u8 = 1 << 2;
    /// The ratings.
    pub const RATING: u8 = 1 << 3;
    /// The years of release.
    pub const DECADE: u8 = 1 << 4;
    /// One's own tags.
    pub const MY_TAG: u8 = 1 << 5;
    /// Everything else.
    pub const OTHER: u8 = 1 << 6;
}

impl Bound {
    /// The [`dimension`]s in which `entry` does not pass; 0 when it passes.
    pub fn misses(&self, entry: &Entry) -> u8 {
        let rest = &self.rest;
        let any = |wanted: &Option<Vec<u32>>, has: &[u32]| {
            wanted
                .as_ref()
                .is_none_or(|wanted| wanted.iter().any(|number| has.contains(number)))
        };
        let rating = match entry.esrb.and_then(Esrb::from_level) {
            None => rest.include_unrated,
            Some(rating) => rest.rating_at_most.is_none_or(|most| rating <= most),
        };
        let other = (rest.kinds.is_empty() || rest.kinds.contains(&entry.kind))
            && any(&self.tags, &entry.tags)
            && rest
                .platforms_at_least
                .is_none_or(|least| entry.platforms.len() as i32 >= least)
            && rest.playtime.holds(entry.playtime_minutes)
            && rest
                .played
                .is_none_or(|wanted| wanted == entry.was_played())
            && rest
                .favourite
                .is_none_or(|wanted| wanted == entry.favourite)
            && rest.hidden == entry.hidden
            && (self.libraries.is_empty()
                || self.libraries.iter().any(|id| entry.libraries.contains(id)));
        let released = match entry.year {
            Some(year) => rest.released.holds(year),
            None => rest.released.is_open(),
        };
        let miss = |passes: bool, bit: u8| if passes { 0 } else { bit };
        miss(any(&self.platforms, &entry.platforms), dimension::PLATFORM)
            | miss(any(&self.statuses, &[entry.status]), dimension::STATUS)
            | miss(any(&self.genres, &entry.genres), dimension::GENRE)
            | miss(rating, dimension::RATING)
            | miss(released, dimension::DECADE)
            | miss(any(&self.my_tags, &entry.my_tags), dimension::MY_TAG)
            | miss(other, dimension::OTHER)
    }
}
