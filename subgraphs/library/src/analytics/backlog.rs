//! Games that nobody has begun: how many, how old, and whether they grow fewer. Pure.

use super::{
    MAX_MONTHS,
    days::{Month, median, months},
    scene::{Changed, Scene},
};
use crate::game::UNPLAYED;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Games that nobody has begun.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Backlog {
    /// How many.
    pub games: usize,
    /// Minutes their main stories take, of those where it is known.
    pub minutes_to_beat: i64,
    /// Of how many it is known.
    pub with_time: usize,
    /// Days since half of them were added, of those where it is known.
    pub median_age_days: Option<i64>,
    /// The one that waits longest.
    pub oldest: Option<(Uuid, NaiveDate)>,
    /// Month by month, the oldest first.
    pub burn_down: Vec<Burnt>,
    /// Months until none is left, if it goes on as in these months; nothing when it does not.
    pub months_left: Option<f64>,
}

/// What became of the backlog in one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Burnt {
    /// The month.
    pub month: Month,
    /// Games that came and that nobody had begun.
    pub added: usize,
    /// Games that were begun on a later day than they came.
    pub started: usize,
    /// Games that were completed.
    pub completed: usize,
    /// How many nobody had begun at its end.
    pub left: usize,
}

#[derive(Debug, Default)]
struct Count {
    added: usize,
    started: BTreeSet<Uuid>,
    back: usize,
    completed: BTreeSet<Uuid>,
}

/// The backlog today, and how it came to be since `from`.
///
/// `changed` are the changes of status since then. The size at the end of a month is reckoned back
/// from today's: what was begun since was still waiting then, and what came since was not there.
pub fn backlog(scene: &Scene, changed: &[Changed], from: NaiveDate, today: NaiveDate) -> Backlog {
    let mut all = Backlog::default();
    let mut ages = Vec::new();
    let mut counts: BTreeMap<Month, Count> = BTreeMap::new();
    // What was played already when it came, or was begun on that day, never waited.
    let waited_for = |change: &&Changed| {
        let added = scene
            .game(change.game)
            .and_then(|game| scene.added_on(game));
        change.from == UNPLAYED && added.is_none_or(|added| added < change.day)
    };
    let begun: BTreeSet<Uuid> = changed
        .iter()
        .filter(waited_for)
        .map(|change| change.game)
        .collect();
    for entry in scene.games() {
        let added = scene.added_on(entry);
        let waited = scene.is_backlog(entry) || begun.contains(&entry.id);
        if let Some(added) = added.filter(|_| waited) {
            counts.entry(Month::of(added)).or_default().added += 1;
        }
        if !scene.is_backlog(entry) {
            continue;
        }
        all.games += 1;
        if let Some(minutes) = entry.main_story_minutes {
            all.minutes_to_beat += i64::from(minutes);
            all.with_time += 1;
        }
        if let Some(added) = added {
            ages.push((today - added).num_days().max(0));
            if all.oldest.is_none_or(|(_, oldest)| added < oldest) {
                all.oldest = Some((entry.id, added));
            }
        }
    }
    all.median_age_days = median(ages);
    for change in changed {
        let count = counts.entry(Month::of(change.day)).or_default();
        if waited_for(&change) {
            count.started.insert(change.game);
        } else if change.to == UNPLAYED {
            count.back += 1;
        }
        if let Some(day) = scene.completed_on(change) {
            let count = counts.entry(Month::of(day)).or_default();
            count.completed.insert(change.game);
        }
    }
    let mut left = all.games;
    for month in months(from, today, MAX_MONTHS).into_iter().rev() {
        let count = counts.remove(&month).unwrap_or_default();
        all.burn_down.push(Burnt {
            month,
            added: count.added,
            started: count.started.len(),
            completed: count.completed.len(),
            left,
        });
        left = (left + count.started.len()).saturating_sub(count.added + count.back);
    }
    all.burn_down.reverse();
    let sum = |of: fn(&Burnt) -> usize| all.burn_down.iter().map(of).sum::<usize>();
    let fewer = sum(|burnt| burnt.started) as f64 - sum(|burnt| burnt.added) as f64;
    let per_month = fewer / all.burn_down.len().max(1) as f64;
    all.months_left = (per_month > 0.0).then(|| all.games as f64 / per_month);
    all
}
