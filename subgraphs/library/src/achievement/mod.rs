//! Achievements of copies: asked for in the background, within the platforms' budgets.
//!
//! Every listed copy of a platform that has achievements gets a row that says what is known and
//! when to ask; what was played comes first, and what was played on is asked again. So nothing is
//! lost by a stop at any moment, and no request is made twice but the one that was under way.

pub mod entity;
pub mod fetch;
pub mod graphql;
pub mod loader;
pub mod store;
pub mod worker;

use crate::{copy::clean, platform::AchievementListed};
use chrono::{DateTime, TimeDelta, Utc};
use std::{cmp::Ordering, collections::HashSet};
use uuid::Uuid;

/// The topic that wakes the worker.
pub const TOPIC: &str = "library.achievements";
/// The most achievements one copy is believed to have.
pub const MAX: usize = 10_000;
/// What was played is asked again after so long even if nobody played on: games get new ones, and
/// rarities change.
pub const STALE: TimeDelta = TimeDelta::days(30);
/// How often one copy's are tried before it is left until it is played on.
pub const MAX_ATTEMPTS: i32 = 5;

/// A listed copy that may have achievements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The copy.
    pub copy: Uuid,
    /// Its library.
    pub library: Uuid,
    /// Whose that is.
    pub household: Uuid,
    /// Minutes played.
    pub minutes: i32,
    /// When it was last played.
    pub last_played_at: Option<DateTime<Utc>>,
}

/// What a platform listed as it is kept: each once, in the order it is shown. What is unlocked
/// comes first, the newest before the older; then what most people have; what is secret comes last.
pub fn kept(listed: Vec<AchievementListed>) -> Vec<AchievementListed> {
    let mut seen = HashSet::new();
    let mut kept: Vec<AchievementListed> = listed
        .into_iter()
        .filter(|one| seen.insert(one.id.clone()))
        .take(MAX)
        .map(cleaned)
        .collect();
    kept.sort_by(|a, b| {
        let secret = |one: &AchievementListed| one.hidden && !one.unlocked;
        let rarity = |one: &AchievementListed| one.rarity_percent.unwrap_or(-1.0);
        b.unlocked
            .cmp(&a.unlocked)
            .then_with(|| {
                if a.unlocked {
                    b.unlocked_at.cmp(&a.unlocked_at)
                } else {
                    Ordering::Equal
                }
            })
            .then_with(|| secret(a).cmp(&secret(b)))
            .then_with(|| rarity(b).total_cmp(&rarity(a)))
            .then_with(|| a.id.cmp(&b.id))
    });
    kept
}

fn cleaned(one: AchievementListed) -> AchievementListed {
    let name = clean(&one.name, 200);
    AchievementListed {
        name: if name.is_empty() {
            clean(&one.id, 200)
        } else {
            name
        },
        id: clean(&one.id, 200),
        description: one
            .description
            .map(|text| clean(&text, 1_000))
            .filter(|text| !text.is_empty()),
        icon_url: one.icon_url.filter(|url| url.len() <= 1_000),
        rarity_percent: one
            .rarity_percent
            .filter(|percent| percent.is_finite())
            .map(|percent| percent.clamp(0.0, 100.0)),
        unlocked_at: one.unlocked_at.filter(|_| one.unlocked),
        ..one
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(id: &str, unlocked: Option<i64>, hidden: bool, rarity: f64) -> AchievementListed {
        AchievementListed {
            id: id.to_owned(),
            name: String::new(),
            description: Some(" \0 ".to_owned()),
            icon_url: None,
            hidden,
            unlocked_at: unlocked.and_then(|at| DateTime::from_timestamp(at, 0)),
            unlocked: unlocked.is_some(),
            rarity_percent: Some(rarity),
            points: None,
        }
    }

    #[test]
    fn they_are_kept_once_each_the_newest_first_and_secrets_last() {
        let kept = kept(vec![
            listed("secret", None, true, 90.0),
            listed("rare", None, false, 1.5),
            listed("old", Some(1_600_000_000), true, 0.1),
            listed("common", None, false, f64::INFINITY),
            listed("usual", None, false, 80.0),
            listed("new", Some(1_700_000_000), false, 50.0),
            listed("new", None, false, 50.0),
        ]);
        let ids: Vec<&str> = kept.iter().map(|one| &*one.id).collect();
        assert_eq!(ids, ["new", "old", "usual", "rare", "common", "secret"]);
        assert_eq!(kept[0].name, "new", "a nameless one is called by its id");
        assert_eq!(kept[0].description, None);
        assert_eq!(kept[4].rarity_percent, None);
    }
}
