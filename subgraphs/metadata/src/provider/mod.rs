//! Where facts about games come from: one trait, one folder for each provider.
//!
//! A provider has ids of its own. Where it does not know a store's id, it is first asked which of
//! its games is meant ([`Found::Elsewhere`]), then about that one; each is one request, counted
//! before it is sent.

pub mod gog;
pub mod igdb;
pub mod rawg;
mod read;
pub mod steam_store;
mod text;

use crate::{
    game::{Findings, Source},
    matching::{entity::matched, key::TitleKey},
};
use async_trait::async_trait;
use chrono::TimeDelta;
use std::time::Duration;

/// Of so many screenshots a provider's word is taken.
pub const MOST_SCREENSHOTS: usize = 8;
/// The id of a game that is to be looked for by its title.
pub const BY_TITLE: &str = "title";

/// Whether `url` may be kept as the address of a picture.
pub fn is_address(url: &str) -> bool {
    // PostgreSQL stores no NUL, and no address has one.
    let stray = |c: char| c.is_whitespace() || c.is_control();
    url.len() <= 2000 && url.starts_with("https://") && !url.contains(stray)
}

/// How often a provider may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// At most this many requests…
    pub requests: u32,
    /// …in any stretch of this length.
    pub window: TimeDelta,
}

/// What is asked about one game.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Under which id.
    pub id: String,
    /// What we call it.
    pub title: String,
    /// When it came out, if we know.
    pub year: Option<i32>,
}

impl Question {
    /// Whether a provider's game of this title and year is the one meant. Doubt keeps apart: a
    /// wrong cover is worse than none.
    pub fn is_about(&self, title: &str, year: Option<i32>) -> bool {
        let near = match (self.year, year) {
            (Some(ours), Some(theirs)) => (ours - theirs).abs() <= 1,
            (Some(_), None) => false,
            (None, _) => true,
        };
        near && TitleKey::of(&self.title).group() == TitleKey::of(title).group()
    }

    /// The only one of `candidates` that is meant; none, if there are several.
    pub fn choose<'a, T>(
        &self,
        candidates: &'a [T],
        names: impl Fn(&T) -> (Vec<String>, Option<i32>),
    ) -> Option<&'a T> {
        let mut meant = candidates.iter().filter(|candidate| {
            let (titles, year) = names(candidate);
            titles.iter().any(|title| self.is_about(title, year))
        });
        meant.next().filter(|_| meant.next().is_none())
    }
}

/// How questions go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Batch {
    /// What the ids of those begin with that may be asked in one request.
    pub prefix: &'static str,
    /// How many at most.
    pub most: u64,
}

/// What a provider answered about one game.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// What it knows.
    Findings(Box<Findings>),
    /// What it knows, of a game in its own list.
    Product {
        /// Its own id of the game.
        id: String,
        /// What it knows.
        findings: Box<Findings>,
        /// What stores call it: platform and the platform's id.
        stores: Vec<(String, String)>,
    },
    /// It is to be asked under this id.
    Elsewhere(String),
    /// That it does not know the game, or sells it no more.
    Nothing,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// We are to wait.
    RateLimited {
        /// For so long, if the provider says.
        retry_after: Option<Duration>,
        /// Whether it said so outright, not by an empty answer that may mean something else.
        plainly: bool,
    },
    /// It does not answer, or with an error page.
    Down(String),
    /// It answered nonsense, or only in part.
    Malformed(String),
    /// A token has run out: the next request gets another.
    Expired,
    /// It does not take our key. Asking more often will not help.
    Refused(String),
}

/// Knows facts about games.
#[async_trait]
pub trait Provider: Send + Sync + 'static {
    /// Its name, in the queue and in events.
    fn name(&self) -> &'static str;
    /// The platform whose products it knows by the platform's ids, if it is a platform's own.
    fn platform(&self) -> Option<&'static str>;
    /// Its name as a source of facts.
    fn source(&self) -> Source;
    /// How often it may be asked, all windows at once.
    fn budgets(&self) -> Vec<Budget>;
    /// The platforms whose products it can be asked about; all of them, and games that no store
    /// sells, where it looks for titles as well.
    fn stores(&self) -> Option<&'static [&'static str]> {
        None
    }
    /// Under which id a game is first asked about that these products are. `None`: not at all.
    fn first_id(&self, products: &[matched::Model]) -> Option<String>;
    /// Which questions go in one request with one about `id`.
    fn batch(&self, id: &str) -> Batch;
    /// Asks: one request. The answers are in the order of the questions.
    async fn fetch(&self, questions: &[Question]) -> Result<Vec<Found>, Trouble>;
}
