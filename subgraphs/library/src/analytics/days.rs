//! Days on which something was played: how many in a row, and how long each was. Pure.

use chrono::{Datelike, NaiveDate};
use std::collections::BTreeMap;

/// Minutes by day, of days on which anything was played.
pub type Days = BTreeMap<NaiveDate, i64>;

/// Days in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Streak {
    /// The first.
    pub from: NaiveDate,
    /// The last.
    pub to: NaiveDate,
}

impl Streak {
    /// How many days.
    pub fn days(self) -> i64 {
        (self.to - self.from).num_days() + 1
    }
}

/// Every streak, in order.
fn streaks(days: &Days) -> Vec<Streak> {
    let mut all: Vec<Streak> = Vec::new();
    for day in days.keys() {
        match all.last_mut() {
            Some(last) if last.to.succ_opt() == Some(*day) => last.to = *day,
            _ => all.push(Streak {
                from: *day,
                to: *day,
            }),
        }
    }
    all
}

/// The longest streak; of equally long ones the latest.
pub fn longest(days: &Days) -> Option<Streak> {
    streaks(days).into_iter().max_by_key(|streak| streak.days())
}

/// The streak that goes on: it reaches today, or yesterday while today is not over.
pub fn current(days: &Days, today: NaiveDate) -> Option<Streak> {
    let last = streaks(days).pop()?;
    let goes_on = last.to == today || last.to.succ_opt() == Some(today);
    goes_on.then_some(last)
}

/// Bounds of the lengths of days in minutes: from each to the next, the last without an end.
pub const LENGTHS: [i64; 6] = [0, 30, 60, 120, 240, 480];

/// How many days there are of each length.
pub fn lengths(days: &Days) -> [usize; LENGTHS.len()] {
    let mut counts = [0; LENGTHS.len()];
    for minutes in days.values() {
        let at = LENGTHS.iter().rposition(|from| from <= minutes);
        counts[at.unwrap_or_default()] += 1;
    }
    counts
}

/// The middle of the numbers, the lower of the two when there are two.
pub fn median(mut numbers: Vec<i64>) -> Option<i64> {
    numbers.sort_unstable();
    numbers.get(numbers.len().checked_sub(1)? / 2).copied()
}

/// How often each weekday comes between two days, both included; Monday first.
pub fn weekdays(from: NaiveDate, to: NaiveDate) -> [i64; 7] {
    let total = ((to - from).num_days() + 1).max(0);
    let mut counts = [total / 7; 7];
    for extra in 0..total % 7 {
        let at = (i64::from(from.weekday().num_days_from_monday()) + extra) % 7;
        counts[at as usize] += 1;
    }
    counts
}

/// A month, as `2026-01`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    /// The year.
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
}

impl Month {
    /// The month of a day.
    pub fn of(day: NaiveDate) -> Self {
        Self {
            year: day.year(),
            month: day.month(),
        }
    }

    /// The one after.
    #[must_use]
    pub const fn next(self) -> Self {
        if self.month == 12 {
            Self {
                year: self.year + 1,
                month: 1,
            }
        } else {
            Self {
                month: self.month + 1,
                ..self
            }
        }
    }

    /// As it is shown.
    pub fn text(self) -> String {
        format!("{:04}-{:02}", self.year, self.month)
    }
}

/// Every month between two days, both included; of more than `most` the latest.
pub fn months(from: NaiveDate, to: NaiveDate, most: usize) -> Vec<Month> {
    let (mut month, last) = (Month::of(from), Month::of(to));
    let mut all = Vec::new();
    while month <= last {
        all.push(month);
        month = month.next();
    }
    let surplus = all.len().saturating_sub(most);
    all.split_off(surplus)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Days as Add;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn days(texts: &[&str]) -> Days {
        texts.iter().map(|text| (day(text), 30)).collect()
    }

    #[test]
    fn a_streak_goes_over_new_year_and_ends_with_a_day_off() {
        let played = days(&["2025-12-30", "2025-12-31", "2026-01-01", "2026-01-03"]);
        let longest = longest(&played).unwrap();
        assert_eq!(
            (longest.from, longest.to),
            (day("2025-12-30"), day("2026-01-01"))
        );
        assert_eq!(longest.days(), 3);
        // Today may still bring something.
        assert_eq!(current(&played, day("2026-01-04")).unwrap().days(), 1);
        assert_eq!(current(&played, day("2026-01-05")), None);
        assert_eq!(super::longest(&Days::new()), None);
    }

    #[test]
    fn every_length_has_its_place() {
        let played: Days = [0, 29, 30, 59, 60, 119, 120, 240, 480, 1440]
            .into_iter()
            .enumerate()
            .map(|(n, minutes)| (day("2026-01-01") + Add::new(n as u64), minutes))
            .collect();
        assert_eq!(lengths(&played), [2, 2, 2, 1, 1, 2]);
        assert_eq!(median(vec![3, 1, 2]), Some(2));
        assert_eq!(median(vec![4, 1]), Some(1));
        assert_eq!(median(vec![]), None);
    }

    #[test]
    fn months_come_in_order_and_the_latest_stay() {
        let all = months(day("2025-11-30"), day("2026-02-01"), 10);
        let all: Vec<_> = all.into_iter().map(Month::text).collect();
        assert_eq!(all, ["2025-11", "2025-12", "2026-01", "2026-02"]);
        assert_eq!(months(day("2000-01-01"), day("2026-02-01"), 2).len(), 2);
    }

    proptest! {
        #[test]
        fn streaks_hold_every_day_once(offsets in proptest::collection::btree_set(0u64..60, 0..40)) {
            let first = day("2025-12-01");
            let played: Days = offsets.iter().map(|n| (first + Add::new(*n), 1)).collect();
            let all = streaks(&played);
            let sum: i64 = all.iter().map(|streak| streak.days()).sum();
            prop_assert_eq!(sum as usize, played.len());
            for pair in all.windows(2) {
                prop_assert!((pair[1].from - pair[0].to).num_days() > 1);
            }
        }

        #[test]
        fn weekdays_are_counted_as_one_by_one(from in 0u64..800, length in 0u64..400) {
            let from = day("2025-01-01") + Add::new(from);
            let to = from + Add::new(length);
            let mut counted = [0; 7];
            for one in from.iter_days().take_while(|one| *one <= to) {
                counted[one.weekday().num_days_from_monday() as usize] += 1;
            }
            prop_assert_eq!(weekdays(from, to), counted);
        }
    }
}
