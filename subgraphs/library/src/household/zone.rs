//! Days as a household counts them: where they begin, and on which one something was. Pure.
//!
//! The rules of the zones are part of the program, so that every process counts alike, whatever the
//! machine below knows.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// A time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Zone(Tz);

impl Default for Zone {
    fn default() -> Self {
        Self(Tz::UTC)
    }
}

impl Zone {
    /// The zone of that name in the IANA database, for instance `Europe/Berlin`.
    pub fn named(name: &str) -> Option<Self> {
        name.parse().ok().map(Self)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The day on which something was.
    pub fn day(self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.0).date_naive()
    }

    /// When a day begins: at midnight, or where the clocks are put forward at midnight, right
    /// after. A day that a zone leaves out begins with the next.
    pub fn begins(self, day: NaiveDate) -> DateTime<Utc> {
        let midnight = day.and_time(NaiveTime::MIN);
        // No clock was ever put forward by more than a day.
        let found = (0..=4 * 25).find_map(|quarters| {
            let local = midnight.checked_add_signed(TimeDelta::minutes(15 * quarters))?;
            self.0.from_local_datetime(&local).earliest()
        });
        found.map_or_else(|| midnight.and_utc(), |at| at.to_utc())
    }

    /// When a day ends: when the next begins.
    pub fn ends(self, day: NaiveDate) -> Option<DateTime<Utc>> {
        day.checked_add_days(Days::new(1))
            .map(|next| self.begins(next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn zone(name: &str) -> Zone {
        Zone::named(name).unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn an_evening_belongs_to_the_day_it_was_where_it_was() {
        let late = at("2026-01-02T03:30:00Z");
        assert_eq!(zone("America/New_York").day(late), day("2026-01-01"));
        assert_eq!(zone("Europe/Berlin").day(late), day("2026-01-02"));
        assert_eq!(
            zone("Pacific/Auckland").day(at("2026-01-01T12:00:00Z")),
            day("2026-01-02")
        );
        assert_eq!(Zone::default().day(late), day("2026-01-02"));
        assert_eq!(Zone::named("Mars/Olympus"), None);
    }

    #[test]
    fn a_day_is_as_long_as_the_clocks_make_it() {
        let berlin = zone("Europe/Berlin");
        let hours = |zone: Zone, text: &str| {
            let day = day(text);
            (zone.ends(day).unwrap() - zone.begins(day)).num_hours()
        };
        assert_eq!(hours(berlin, "2026-03-29"), 23);
        assert_eq!(hours(berlin, "2026-10-25"), 25);
        assert_eq!(hours(berlin, "2026-07-01"), 24);
        // Midnight itself is left out there.
        let cairo = zone("Africa/Cairo");
        assert_eq!(cairo.begins(day("2024-04-26")), at("2024-04-25T22:00:00Z"));
        assert_eq!(hours(cairo, "2024-04-26"), 23);
        // And there a whole day.
        let apia = zone("Pacific/Apia");
        assert_eq!(hours(apia, "2011-12-30"), 0);
    }

    proptest! {
        #[test]
        fn every_moment_lies_in_its_day(seconds in 0_i64..4_000_000_000, pick in 0_usize..6) {
            let zone = zone([
                "UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia",
                "Australia/Lord_Howe",
            ][pick]);
            let at = DateTime::from_timestamp(seconds, 0).unwrap();
            let day = zone.day(at);
            prop_assert!(zone.begins(day) <= at);
            prop_assert!(at < zone.ends(day).unwrap());
        }
    }
}
