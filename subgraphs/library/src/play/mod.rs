//! Play by day: what a platform's growing playtime says about when somebody played.
//!
//! A platform tells totals. When a sync sees a copy's total grow, the growth was played between
//! the two looks, and it goes to the day of the last play. What a copy had when it was first seen
//! was played nobody knows when, and gets no day; nor does what an import file says.

pub mod entity;
pub mod store;

use crate::household::Zone;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

/// How many minutes a day has.
const DAY: i64 = 24 * 60;
/// A platform's clock and ours differ, and its counter lags: so many minutes more than have gone
/// by are still believed.
const SLACK: i64 = 60;

/// A copy's playtime grew between two looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Growth {
    /// The copy.
    pub copy: Uuid,
    /// Whose.
    pub household: Uuid,
    /// Its game, if it is known.
    pub game: Option<Uuid>,
    /// Its platform.
    pub platform: String,
    /// By how many minutes.
    pub minutes: i32,
    /// When it was looked at before, if that is known.
    pub since: Option<DateTime<Utc>>,
    /// When it was looked at now.
    pub now: DateTime<Utc>,
    /// When the platform says it was last played.
    pub last_played_at: Option<DateTime<Utc>>,
}

impl Growth {
    /// The minutes by day of `zone`, the latest day first; no day gets more than it has.
    ///
    /// Nothing when more was added than time has gone by: then a profile was opened or a device
    /// came back, and the platform told about the past. Platforms add up a session when it ends,
    /// so a look soon after another still believes a day.
    pub fn days(&self, zone: Zone) -> Vec<(NaiveDate, i32)> {
        let mut left = i64::from(self.minutes);
        let gone_by = self
            .since
            .map(|since| (self.now - since).num_minutes().max(DAY));
        if left <= 0 || gone_by.is_some_and(|gone_by| left > gone_by + SLACK) {
            return Vec::new();
        }
        // Without a look before, a day is the most that can be said to be new.
        let since = self
            .since
            .unwrap_or(self.now - TimeDelta::days(1))
            .min(self.now);
        let last = self
            .last_played_at
            .filter(|at| (since..=self.now).contains(at))
            .unwrap_or(self.now);
        let mut days = Vec::new();
        let (mut day, first) = (Some(zone.day(last)), zone.day(since));
        while let Some(at) = day.filter(|at| left > 0 && *at >= first) {
            let minutes = left.min(DAY);
            days.push((at, minutes as i32));
            left -= minutes;
            day = at.checked_sub_days(Days::new(1));
        }
        days
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn growth(minutes: i32, since: &str, now: &str, last: Option<&str>) -> Growth {
        Growth {
            copy: Uuid::nil(),
            household: Uuid::nil(),
            game: None,
            platform: "steam".to_owned(),
            minutes,
            since: Some(at(since)),
            now: at(now),
            last_played_at: last.map(at),
        }
    }

    #[test]
    fn what_was_played_last_night_belongs_to_yesterday() {
        let seen = growth(
            90,
            "2026-01-01T06:00:00Z",
            "2026-01-02T06:00:00Z",
            Some("2026-01-01T22:30:00Z"),
        );
        assert_eq!(seen.days(Zone::default()), [(day("2026-01-01"), 90)]);
    }

    #[test]
    fn without_a_word_about_the_last_play_it_belongs_to_the_day_of_the_look() {
        for last in [
            None,
            Some("2025-11-01T00:00:00Z"),
            Some("2031-01-01T00:00:00Z"),
        ] {
            let seen = growth(90, "2026-01-01T06:00:00Z", "2026-01-02T06:00:00Z", last);
            assert_eq!(
                seen.days(Zone::default()),
                [(day("2026-01-02"), 90)],
                "{last:?}"
            );
        }
    }

    #[test]
    fn a_day_holds_no_more_than_it_has_and_the_rest_was_before() {
        let seen = growth(2000, "2026-01-01T06:00:00Z", "2026-01-05T06:00:00Z", None);
        assert_eq!(
            seen.days(Zone::default()),
            [(day("2026-01-05"), 1440), (day("2026-01-04"), 560)]
        );
    }

    #[test]
    fn a_past_that_is_told_late_gets_no_day() {
        let seen = growth(50_000, "2026-01-01T06:00:00Z", "2026-01-02T06:00:00Z", None);
        assert_eq!(seen.days(Zone::default()), []);
    }

    #[test]
    fn an_evening_belongs_to_the_day_it_was_where_it_was_played() {
        // Half past ten in the evening of New Year's Eve in New York.
        let seen = growth(
            45,
            "2025-12-31T12:00:00Z",
            "2026-01-01T12:00:00Z",
            Some("2026-01-01T03:30:00Z"),
        );
        let days = |zone| seen.days(Zone::named(zone).unwrap());
        assert_eq!(days("America/New_York"), [(day("2025-12-31"), 45)]);
        assert_eq!(days("Europe/Berlin"), [(day("2026-01-01"), 45)]);
    }

    proptest! {
        #[test]
        fn days_lie_between_the_looks_and_hold_the_growth_or_nothing(
            minutes in -10_i32..20_000,
            gone in 0_i64..20_000,
            last in proptest::option::of(-30_000_i64..30_000),
        ) {
            let now = at("2026-03-29T00:30:00Z");
            let since = now - TimeDelta::minutes(gone);
            let seen = Growth {
                since: Some(since),
                now,
                last_played_at: last.map(|minutes| now - TimeDelta::minutes(minutes)),
                ..growth(minutes, "2026-01-01T06:00:00Z", "2026-01-02T06:00:00Z", None)
            };
            let days = seen.days(Zone::default());
            let sum: i32 = days.iter().map(|(_, minutes)| minutes).sum();
            prop_assert!(sum <= minutes.max(0));
            for (day, minutes) in days {
                prop_assert!((1..=1440).contains(&minutes));
                prop_assert!((since.date_naive()..=now.date_naive()).contains(&day));
            }
        }
    }
}
