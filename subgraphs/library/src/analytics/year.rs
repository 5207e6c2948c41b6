//! A year in review, against the year before. Pure.

use super::{
    days::{self, Streak},
    patterns::{OfMonth, Sums, by_month, sums},
    scene::{Changed, Played, Scene, brought},
};
use chrono::{Datelike, NaiveDate};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The totals of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Minutes played.
    pub minutes: i64,
    /// Days on which anything was played.
    pub days: usize,
    /// Games that were played.
    pub games: usize,
    /// Games that were completed.
    pub completed: usize,
    /// Games that were new.
    pub new: usize,
}

/// A game on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnDay {
    /// The day.
    pub day: NaiveDate,
    /// The game that was played most on it.
    pub game: Uuid,
    /// Minutes played on that day, of all games.
    pub minutes: i64,
}

/// A year in review.
#[derive(Debug, Clone, PartialEq)]
pub struct Review {
    /// The year.
    pub year: i32,
    /// What was played, summed up.
    pub sums: Sums,
    /// January first, up to today.
    pub months: Vec<OfMonth>,
    /// The longest streak within the year.
    pub longest: Option<Streak>,
    /// The first day on which anything was played.
    pub first: Option<OnDay>,
    /// The last one.
    pub last: Option<OnDay>,
    /// The one with the most minutes; of several the first.
    pub busiest: Option<OnDay>,
    /// Games that were completed, in that order.
    pub completed: Vec<(Uuid, NaiveDate)>,
    /// Games that were new, in that order.
    pub new: Vec<(Uuid, NaiveDate)>,
    /// Its totals.
    pub totals: Totals,
    /// Those of the year before.
    pub before: Totals,
}

/// Reviews `year` out of what was played and changed in it and in the year before.
pub fn review(
    scene: &Scene,
    played: &[Played],
    changed: &[Changed],
    year: i32,
    today: NaiveDate,
) -> Review {
    let of = |year: i32| -> Vec<Played> {
        let all = played.iter().filter(|one| one.day.year() == year);
        all.cloned().collect()
    };
    let (this, before) = (of(year), of(year - 1));
    let sums_of_year = sums(scene, &this);
    let sums_before = sums(scene, &before);
    let (completed, new) = (completed(scene, changed, year), new(scene, changed, year));
    let totals = |sums: &Sums, completed: usize, new: usize| Totals {
        minutes: sums.minutes,
        days: sums.days.len(),
        games: sums.top.len(),
        completed,
        new,
    };
    let day = |day: Option<NaiveDate>| day.and_then(|day| on_day(scene, &this, day));
    let first_day = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(today);
    let last_day = NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or(today);
    let busiest = sums_of_year
        .days
        .iter()
        .max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)))
        .map(|(day, _)| *day);
    Review {
        year,
        months: by_month(&this, first_day, last_day.min(today.max(first_day))),
        longest: days::longest(&sums_of_year.days),
        first: day(sums_of_year.days.keys().next().copied()),
        last: day(sums_of_year.days.keys().next_back().copied()),
        busiest: day(busiest),
        totals: totals(&sums_of_year, completed.len(), new.len()),
        before: totals(
            &sums_before,
            self::completed(scene, changed, year - 1).len(),
            self::new(scene, changed, year - 1).len(),
        ),
        completed,
        new,
        sums: sums_of_year,
    }
}

/// Each game that was completed in `year`, once, in that order.
fn completed(scene: &Scene, changed: &[Changed], year: i32) -> Vec<(Uuid, NaiveDate)> {
    let mut first: BTreeMap<Uuid, NaiveDate> = BTreeMap::new();
    for change in changed {
        let day = scene.completed_on(change);
        if let Some(day) = day.filter(|day| day.year() == year) {
            let at = first.entry(change.game).or_insert(day);
            *at = day.min(*at);
        }
    }
    let mut all: Vec<_> = first.into_iter().collect();
    all.sort_by_key(|(game, day)| (*day, *game));
    all
}

/// Each game that was new in `year`, in that order.
fn new(scene: &Scene, changed: &[Changed], year: i32) -> Vec<(Uuid, NaiveDate)> {
    let brought = brought(changed);
    let added = scene.games().filter_map(|game| {
        let day = scene.new_on(game, &brought)?;
        (day.year() == year).then_some((game.id, day))
    });
    let mut all: Vec<_> = added.collect();
    // Stable: those of one day stay in the order of their titles.
    all.sort_by_key(|(_, day)| *day);
    all
}

fn on_day(scene: &Scene, played: &[Played], day: NaiveDate) -> Option<OnDay> {
    let of_day: Vec<Played> = played
        .iter()
        .filter(|one| one.day == day)
        .cloned()
        .collect();
    let sums = sums(scene, &of_day);
    Some(OnDay {
        day,
        game: sums.top.first()?.game,
        minutes: sums.minutes,
    })
}
