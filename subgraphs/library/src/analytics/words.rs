//! What patterns of play are made of, in the graph.

use super::{
    MAX_GAMES,
    backlog::{Backlog as BacklogRow, Burnt},
    days::{LENGTHS, Streak},
    patterns::{OfMonth, OfWeekday, Share, Spent, Top},
};
use crate::{game::Game, platform::Registry, search::service::platform_name};
use async_graphql::{Enum, Result, SimpleObject};
use chrono::NaiveDate;
use djinn_kernel::Code;
use djinn_subgraph_kit::graph::{cost, refuse};

/// Minutes as the graph has them; four thousand years fit.
pub fn shown(minutes: i64) -> i32 {
    i32::try_from(minutes).unwrap_or(i32::MAX)
}

/// How many of a list of games.
pub fn most(first: Option<i32>) -> Result<usize> {
    let first = first.unwrap_or(10);
    let fits = u32::try_from(first).is_ok_and(|first| (1..=MAX_GAMES).contains(&first));
    if fits {
        Ok(first as usize)
    } else {
        let message = format!("`first` must be between 1 and {MAX_GAMES}, not {first}");
        Err(refuse(Code::PageTooLarge, message))
    }
}

/// Minutes of one day.
#[derive(Debug, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct PlayDay {
    /// The day, in your household's time zone.
    day: NaiveDate,
    /// Minutes played on it.
    minutes: i32,
}

impl PlayDay {
    /// Of a day.
    pub fn new(day: NaiveDate, minutes: i64) -> Self {
        Self {
            day,
            minutes: shown(minutes),
        }
    }
}

/// Minutes of one month.
#[derive(Debug, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct PlayMonth {
    /// The month, for instance `2026-01`.
    month: String,
    /// Minutes played in it.
    minutes: i32,
    /// Days on which anything was played.
    days: i32,
    /// Games that were played.
    games: i32,
}

impl From<OfMonth> for PlayMonth {
    fn from(month: OfMonth) -> Self {
        Self {
            month: month.month.text(),
            minutes: shown(month.minutes),
            days: month.days as i32,
            games: month.games as i32,
        }
    }
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum Weekday {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

const WEEKDAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// Minutes of one day of the week.
#[derive(Debug, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct PlayWeekday {
    /// Which.
    weekday: Weekday,
    /// Minutes played on all of them.
    minutes: i32,
    /// How many of them anything was played on.
    days: i32,
    /// Minutes on one of them, on average over all there were, played on or not.
    average_minutes: f64,
}

impl PlayWeekday {
    /// All seven, Monday first.
    pub fn all(days: [OfWeekday; 7]) -> Vec<Self> {
        let all = WEEKDAYS.into_iter().zip(days);
        all.map(|(weekday, of)| Self {
            weekday,
            minutes: shown(of.minutes),
            days: of.days as i32,
            average_minutes: (of.minutes as f64 / of.of.max(1) as f64 * 10.0).round() / 10.0,
        })
        .collect()
    }
}

/// A share of the time.
#[derive(Debug, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct PlayShare {
    /// What goes into filters, for instance `steam` or `Puzzle`.
    id: String,
    /// What a person reads.
    label: String,
    /// Minutes played.
    minutes: i32,
    /// How many games.
    games: i32,
}

impl PlayShare {
    /// Platforms, with their names.
    pub fn platforms(shares: &[Share], registry: &Registry) -> Vec<Self> {
        let named = shares.iter().map(|share| Self {
            label: platform_name(registry, &share.id),
            ..Self::of(share)
        });
        named.collect()
    }

    /// What is called as it is.
    pub fn of(share: &Share) -> Self {
        Self {
            id: share.id.clone(),
            label: share.id.clone(),
            minutes: shown(share.minutes),
            games: share.games as i32,
        }
    }
}

/// Days in a row on which something was played.
#[derive(Debug, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct PlayStreak {
    /// The first day.
    from: NaiveDate,
    /// The last day.
    to: NaiveDate,
    /// How many days.
    days: i32,
}

impl From<Streak> for PlayStreak {
    fn from(streak: Streak) -> Self {
        Self {
            from: streak.from,
            to: streak.to,
            days: streak.days() as i32,
        }
    }
}

/// Days on which was played for about as long.
#[derive(Debug, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct PlayLength {
    /// From so many minutes on.
    from_minutes: i32,
    /// Up to so many, those not included. Null: without an end.
    to_minutes: Option<i32>,
    /// How many days.
    days: i32,
}

impl PlayLength {
    /// All of them, the shortest first.
    pub fn all(days: [usize; LENGTHS.len()]) -> Vec<Self> {
        let ends = LENGTHS.iter().skip(1).copied().map(Some).chain([None]);
        let all = LENGTHS.iter().zip(ends).zip(days);
        all.map(|((from, to), days)| Self {
            from_minutes: shown(*from),
            to_minutes: to.map(shown),
            days: days as i32,
        })
        .collect()
    }
}

/// A game, and how much it was played.
#[derive(Debug, SimpleObject)]
pub struct PlayedGame {
    /// The game.
    #[graphql(
        provides = "title kind releaseYear genres tags developers esrb criticScore mainStoryMinutes"
    )]
    game: Game,
    /// Minutes in this time.
    minutes: i32,
    /// On how many days.
    days: i32,
    /// The first day in this time.
    first_played: NaiveDate,
    /// The last day in this time.
    last_played: NaiveDate,
}

impl From<&Top> for PlayedGame {
    fn from(top: &Top) -> Self {
        Self {
            game: Game::new(top.game),
            minutes: shown(top.minutes),
            days: top.days as i32,
            first_played: top.first,
            last_played: top.last,
        }
    }
}

/// What became of the backlog in one month.
#[derive(Debug, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct BacklogMonth {
    /// The month, for instance `2026-01`.
    month: String,
    /// Games that came and that nobody had begun.
    added: i32,
    /// Games that were begun on a later day than they came.
    started: i32,
    /// Games that were completed. What a file says was completed counts on the day it was last
    /// played, or on none when nobody knows that day.
    completed: i32,
    /// How many nobody had begun at its end, reckoned back from today.
    left: i32,
}

impl From<&Burnt> for BacklogMonth {
    fn from(burnt: &Burnt) -> Self {
        Self {
            month: burnt.month.text(),
            added: burnt.added as i32,
            started: burnt.started as i32,
            completed: burnt.completed as i32,
            left: burnt.left as i32,
        }
    }
}

/// Games that nobody has begun.
#[derive(Debug, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct Backlog {
    /// How many there are.
    games: i32,
    /// Minutes their main stories take, of those where that is known.
    minutes_to_beat: i32,
    /// Of how many games that is known.
    games_with_time: i32,
    /// For how many days half of them have been waiting at least. Null when nobody knows when any
    /// came.
    median_age_days: Option<i32>,
    /// The game that waits longest.
    #[graphql(
        provides = "title kind releaseYear genres tags developers esrb criticScore mainStoryMinutes"
    )]
    oldest: Option<Game>,
    /// Since when it waits.
    oldest_since: Option<NaiveDate>,
    /// Month by month over the period, the oldest first.
    burn_down: Vec<BacklogMonth>,
    /// Months until none is left, if it goes on as in the period. Null when it does not get smaller.
    months_left: Option<f64>,
}

impl From<&BacklogRow> for Backlog {
    fn from(row: &BacklogRow) -> Self {
        Self {
            games: row.games as i32,
            minutes_to_beat: shown(row.minutes_to_beat),
            games_with_time: row.with_time as i32,
            median_age_days: row.median_age_days.map(shown),
            oldest: row.oldest.map(|(game, _)| Game::new(game)),
            oldest_since: row.oldest.map(|(_, since)| since),
            burn_down: row.burn_down.iter().map(BacklogMonth::from).collect(),
            months_left: row.months_left.map(|months| (months * 10.0).round() / 10.0),
        }
    }
}

/// Time spent against the time that games take, over all that was ever played.
#[derive(Debug, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct TimeSpent {
    /// Games that were played and of which it is known how long the main story takes.
    games: i32,
    /// Minutes played of them.
    minutes: i32,
    /// Minutes their main stories take.
    story_minutes: i32,
    /// Games played for less than a quarter of that.
    tasted: i32,
    /// Games played for a quarter or more, but less than all of it.
    under_way: i32,
    /// Games played for as long as the story takes, or longer.
    through: i32,
    /// Games given as completed.
    completed: i32,
}

impl From<Spent> for TimeSpent {
    fn from(spent: Spent) -> Self {
        Self {
            games: spent.games as i32,
            minutes: shown(spent.minutes),
            story_minutes: shown(spent.story_minutes),
            tasted: spent.tasted as i32,
            under_way: spent.under_way as i32,
            through: spent.through as i32,
            completed: spent.completed as i32,
        }
    }
}
