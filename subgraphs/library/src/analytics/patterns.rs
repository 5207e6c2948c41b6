//! Patterns of play over a period. Pure.

use super::{
    MAX_DAYS, MAX_GENRES, MAX_MONTHS,
    backlog::{Backlog, backlog},
    days::{self, Days, LENGTHS, Month, Streak, months, weekdays},
    scene::{Changed, Played, Scene},
};
use chrono::{Datelike, NaiveDate};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};
use uuid::Uuid;

/// A share of the time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// What goes into filters.
    pub id: String,
    /// Minutes.
    pub minutes: i64,
    /// How many games.
    pub games: usize,
}

/// One month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfMonth {
    /// Which.
    pub month: Month,
    /// Minutes.
    pub minutes: i64,
    /// Days on which anything was played.
    pub days: usize,
    /// Games that were played.
    pub games: usize,
}

/// One weekday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OfWeekday {
    /// Minutes, over all of them.
    pub minutes: i64,
    /// How many of them anything was played on.
    pub days: usize,
    /// How many there were.
    pub of: i64,
}

/// Time spent against the time that games take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spent {
    /// Games that were played and whose time is known.
    pub games: usize,
    /// Minutes played of them.
    pub minutes: i64,
    /// Minutes their main stories take.
    pub story_minutes: i64,
    /// Played for less than a quarter of it.
    pub tasted: usize,
    /// Less than all of it.
    pub under_way: usize,
    /// All of it, or more.
    pub through: usize,
    /// Given as completed.
    pub completed: usize,
}

/// A game, and how much it was played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Top {
    /// The game.
    pub game: Uuid,
    /// Minutes.
    pub minutes: i64,
    /// On how many days.
    pub days: usize,
    /// On which day first, in this time.
    pub first: NaiveDate,
    /// On which day last.
    pub last: NaiveDate,
}

/// What was played in some time, summed up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sums {
    /// Minutes by day.
    pub days: Days,
    /// Minutes in all.
    pub minutes: i64,
    /// Games, the most played first.
    pub top: Vec<Top>,
    /// By platform, the most first.
    pub platforms: Vec<Share>,
    /// By genre, the most first. A game counts in each of its genres.
    pub genres: Vec<Share>,
}

/// Patterns of play.
#[derive(Debug, Clone, PartialEq)]
pub struct Patterns {
    /// The first day.
    pub from: NaiveDate,
    /// The last day: today.
    pub to: NaiveDate,
    /// The sums.
    pub sums: Sums,
    /// Month by month.
    pub months: Vec<OfMonth>,
    /// Monday first.
    pub weekdays: [OfWeekday; 7],
    /// The longest streak.
    pub longest: Option<Streak>,
    /// The one that goes on.
    pub current: Option<Streak>,
    /// Days of each length.
    pub lengths: [usize; LENGTHS.len()],
    /// How long the middle one of all days was.
    pub median_day: Option<i64>,
    /// Minutes that platforms counted before anybody looked: nobody knows the days.
    pub undated_minutes: i64,
    /// Games nobody has begun.
    pub backlog: Backlog,
    /// Time spent against the time games take.
    pub spent: Spent,
}

impl Patterns {
    /// The latest days, at most [`MAX_DAYS`], the oldest first.
    pub fn latest_days(&self) -> impl Iterator<Item = (NaiveDate, i64)> {
        let surplus = self.sums.days.len().saturating_sub(MAX_DAYS);
        let days = self.sums.days.iter().skip(surplus);
        days.map(|(day, minutes)| (*day, *minutes))
    }
}

/// Sums up what was played of games that count.
pub fn sums(scene: &Scene, played: &[Played]) -> Sums {
    let mut sums = Sums::default();
    let mut games: HashMap<Uuid, (i64, BTreeSet<NaiveDate>)> = HashMap::new();
    let mut platforms: BTreeMap<Arc<str>, (i64, BTreeSet<Uuid>)> = BTreeMap::new();
    for one in played {
        sums.minutes += one.minutes;
        *sums.days.entry(one.day).or_default() += one.minutes;
        let game = games.entry(one.game).or_default();
        game.0 += one.minutes;
        game.1.insert(one.day);
        let platform = platforms.entry(Arc::clone(&one.platform)).or_default();
        platform.0 += one.minutes;
        platform.1.insert(one.game);
    }
    let mut genres: BTreeMap<u32, (i64, usize)> = BTreeMap::new();
    for (game, (minutes, _)) in &games {
        for genre in scene.game(*game).into_iter().flat_map(|game| &game.genres) {
            let genre = genres.entry(*genre).or_default();
            genre.0 += minutes;
            genre.1 += 1;
        }
    }
    sums.genres = shares(genres.into_iter().map(|(number, (minutes, games))| Share {
        id: scene.index.genres.label(number).to_owned(),
        minutes,
        games,
    }));
    sums.genres.truncate(MAX_GENRES);
    sums.platforms = shares(platforms.into_iter().map(|(id, (minutes, games))| Share {
        id: id.to_string(),
        minutes,
        games: games.len(),
    }));
    let minutes = games.iter().map(|(game, (minutes, _))| (*game, *minutes));
    let most = scene.most(&minutes.collect());
    sums.top = most
        .into_iter()
        .filter_map(|(game, minutes)| {
            let (_, days) = &games[&game];
            Some(Top {
                game,
                minutes,
                days: days.len(),
                first: *days.first()?,
                last: *days.last()?,
            })
        })
        .collect();
    sums
}

/// The most first, ties by name.
fn shares(shares: impl Iterator<Item = Share>) -> Vec<Share> {
    let mut shares: Vec<Share> = shares.collect();
    shares.sort_by(|a, b| b.minutes.cmp(&a.minutes).then_with(|| a.id.cmp(&b.id)));
    shares
}

/// Month by month.
pub fn by_month(played: &[Played], from: NaiveDate, to: NaiveDate) -> Vec<OfMonth> {
    let mut found: BTreeMap<Month, (i64, BTreeSet<NaiveDate>, BTreeSet<Uuid>)> = BTreeMap::new();
    for one in played {
        let month = found.entry(Month::of(one.day)).or_default();
        month.0 += one.minutes;
        month.1.insert(one.day);
        month.2.insert(one.game);
    }
    let all = months(from, to, MAX_MONTHS).into_iter();
    all.map(|month| {
        let (minutes, days, games) = found.remove(&month).unwrap_or_default();
        OfMonth {
            month,
            minutes,
            days: days.len(),
            games: games.len(),
        }
    })
    .collect()
}

/// The patterns of what was played between two days, both included. `from` is nothing for a time
/// without a beginning, and the first day that is known is taken.
pub fn patterns(
    scene: &Scene,
    played: &[Played],
    changed: &[Changed],
    from: Option<NaiveDate>,
    today: NaiveDate,
) -> Patterns {
    let sums = sums(scene, played);
    let first = sums.days.keys().next().copied();
    let begins = from.or(first).unwrap_or(today).min(today);
    let mut of = weekdays(begins, today).map(|of| OfWeekday {
        of,
        ..OfWeekday::default()
    });
    for (day, minutes) in &sums.days {
        let weekday = &mut of[day.weekday().num_days_from_monday() as usize];
        weekday.minutes += minutes;
        weekday.days += 1;
    }
    let counted: i64 = scene
        .games()
        .map(|game| i64::from(game.playtime_minutes))
        .sum();
    Patterns {
        from: begins,
        to: today,
        months: by_month(played, begins, today),
        weekdays: of,
        longest: days::longest(&sums.days),
        current: days::current(&sums.days, today),
        lengths: days::lengths(&sums.days),
        median_day: days::median(sums.days.values().copied().collect()),
        undated_minutes: if from.is_none() {
            (counted - sums.minutes).max(0)
        } else {
            0
        },
        backlog: backlog(scene, changed, begins, today),
        spent: spent(scene),
        sums,
    }
}

/// Time spent against the time games take, over all that was ever played.
fn spent(scene: &Scene) -> Spent {
    let mut spent = Spent::default();
    for game in scene.games() {
        let Some(story) = game.main_story_minutes.filter(|minutes| *minutes > 0) else {
            continue;
        };
        if game.playtime_minutes <= 0 {
            continue;
        }
        let (played, story) = (i64::from(game.playtime_minutes), i64::from(story));
        spent.games += 1;
        spent.minutes += played;
        spent.story_minutes += story;
        spent.completed += usize::from(scene.is_completed(game));
        if played >= story {
            spent.through += 1;
        } else if played * 4 >= story {
            spent.under_way += 1;
        } else {
            spent.tasted += 1;
        }
    }
    spent
}
