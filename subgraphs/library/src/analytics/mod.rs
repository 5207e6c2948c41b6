//! When, how long and what somebody plays: patterns over a period, and a year in review.
//!
//! Everything is counted out of three things: what was played by day (table
//! `library_play_record`), how statuses changed (`library_status_change`), and the games as the
//! search index has them. A record counts only through its game in the index, under the viewer's
//! ceiling: so a game that a profile may not see, or that its owner hides, counts nowhere, and all
//! totals agree with the lists. Days are those of the household's time
//! zone: a record has the day it was there when it was made, and what has a time is put on its day
//! when it is counted.

pub mod backlog;
pub mod days;
pub mod graphql;
pub mod history;
pub mod patterns;
pub mod period;
pub mod review;
pub mod sample;
pub mod scene;
pub mod service;
pub mod store;
pub mod words;
pub mod year;

pub use graphql::AnalyticsQuery;
pub use history::loaders;

/// The most days `byDay` lists.
pub const MAX_DAYS: usize = 366;
/// The most months `byMonth` and the burn-down list.
pub const MAX_MONTHS: usize = 240;
/// The most genres.
pub const MAX_GENRES: usize = 30;
/// The most games a list of games has.
pub const MAX_GAMES: u32 = 50;
