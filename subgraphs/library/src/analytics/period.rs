//! The time that is looked at.

use async_graphql::Enum;
use chrono::{Datelike, Days, NaiveDate};

/// A stretch of time that ends today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Enum)]
#[graphql(name = "PatternPeriod")]
pub enum Period {
    /// Today and the six days before.
    #[graphql(name = "LAST_7_DAYS")]
    Last7Days,
    /// Today and the 29 days before.
    #[graphql(name = "LAST_30_DAYS")]
    Last30Days,
    /// Today and the 89 days before.
    #[graphql(name = "LAST_90_DAYS")]
    Last90Days,
    /// Today and the 364 days before.
    #[default]
    #[graphql(name = "LAST_365_DAYS")]
    Last365Days,
    /// From the first of January of this year.
    ThisYear,
    /// From the first day that is known.
    AllTime,
}

impl Period {
    /// Its first day, seen from `today`; `None` for one without a beginning.
    pub fn from(self, today: NaiveDate) -> Option<NaiveDate> {
        let before = |days| today.checked_sub_days(Days::new(days));
        match self {
            Self::Last7Days => before(6),
            Self::Last30Days => before(29),
            Self::Last90Days => before(89),
            Self::Last365Days => before(364),
            Self::ThisYear => NaiveDate::from_ymd_opt(today.year(), 1, 1),
            Self::AllTime => None,
        }
    }
}
