//! Where facts about games come from: one trait, one folder for each provider.

pub mod steam_store;

use crate::game::{Findings, Source};
use async_trait::async_trait;
use chrono::TimeDelta;
use std::time::Duration;

/// How often a provider may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// At most this many requests…
    pub requests: u32,
    /// …in any stretch of this length.
    pub window: TimeDelta,
}

/// What a provider answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// What it knows.
    Findings(Box<Findings>),
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
}

/// Knows facts about games by a store's id.
#[async_trait]
pub trait Provider: Send + Sync + 'static {
    /// Its name, in the queue and in events.
    fn name(&self) -> &'static str;
    /// The platform whose products it knows.
    fn platform(&self) -> &'static str;
    /// Its name as a source of facts.
    fn source(&self) -> Source;
    /// How often it may be asked.
    fn budget(&self) -> Budget;
    /// Asks about one product: one request.
    async fn fetch(&self, store_id: &str) -> Result<Found, Trouble>;
}
