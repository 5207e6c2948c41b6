//! Release dates as people write them.

use chrono::{Datelike, NaiveDate};

/// What a text says about a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Released {
    /// The day, when it is known.
    pub on: Option<NaiveDate>,
    /// The year.
    pub year: Option<i32>,
}

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// Reads `24 Sep, 2024`, `Sep 24, 2024`, `Q4 2026`, `2026`; nothing out of `To be announced`.
pub fn read(text: &str) -> Released {
    let (mut year, mut month, mut day) = (None, None, None);
    for word in text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(10)
    {
        if let Ok(number) = word.parse::<u32>() {
            match number {
                1950..2100 if year.is_none() => year = i32::try_from(number).ok(),
                1..=31 if day.is_none() => day = Some(number),
                _ => {}
            }
        } else if let Some(start) = word.get(..3)
            && let Some(at) = MONTHS
                .iter()
                .position(|month| start.eq_ignore_ascii_case(month))
        {
            month = month.or(u32::try_from(at + 1).ok());
        }
    }
    // chrono reads years that no database takes; with one of those, nothing is known.
    if let Ok(date) = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d")
        && year == Some(date.year())
    {
        return Released {
            on: Some(date),
            year,
        };
    }
    let on = year
        .zip(month)
        .zip(day)
        .and_then(|((year, month), day)| NaiveDate::from_ymd_opt(year, month, day));
    Released { on, year }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_as_far_as_it_is_known() {
        let day = NaiveDate::from_ymd_opt(2024, 9, 24);
        for text in [
            "24 Sep, 2024",
            "Sep 24, 2024",
            "24 September 2024",
            "2024-09-24",
        ] {
            assert_eq!(
                read(text),
                Released {
                    on: day,
                    year: Some(2024)
                },
                "{text}"
            );
        }
        for text in ["Q4 2026", "2026", "Coming 2026", "Oct 2026", "31 Feb, 2026"] {
            assert_eq!(
                read(text),
                Released {
                    on: None,
                    year: Some(2026)
                },
                "{text}"
            );
        }
        for text in [
            "",
            "To be announced",
            "Coming soon",
            "9999",
            "日本",
            "-5000-01-01",
            "+200000-01-01",
        ] {
            assert_eq!(read(text), Released::default(), "{text}");
        }
    }
}
