//! Days as people's computers write them. One value can mean two days; a whole column seldom can.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};

/// How a column writes its days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Year, month, day.
    Ymd,
    /// Day, month, year.
    Dmy,
    /// Month, day, year.
    Mdy,
    /// One of the two, and nothing tells which.
    Unsure,
}

/// Finds out how a column writes its days, one value after another.
#[derive(Debug, Clone, Copy)]
pub struct Guess {
    dmy: bool,
    mdy: bool,
    /// A clock with AM and PM beside a day: so writes who puts the month first.
    half_days: bool,
    slashes: bool,
    dots: bool,
}

impl Default for Guess {
    fn default() -> Self {
        Self {
            dmy: true,
            mdy: true,
            half_days: false,
            slashes: true,
            dots: true,
        }
    }
}

impl Guess {
    /// Looks at a value.
    pub fn look(&mut self, text: &str) {
        let (day, clock) = halves(text);
        let Some([first, second, _]) = parts(day) else {
            return;
        };
        if first.len() == 4 {
            return;
        }
        let over = |part: &str| part.parse::<u32>().is_ok_and(|number| number > 12);
        self.dmy &= !over(second);
        self.mdy &= !over(first);
        self.slashes &= day.contains('/');
        self.dots &= day.contains('.');
        self.half_days |= clock.to_ascii_uppercase().ends_with('M');
    }

    /// How the column writes its days.
    pub const fn style(self) -> Style {
        match (self.dmy, self.mdy) {
            (true, false) => Style::Dmy,
            (false, true) => Style::Mdy,
            _ if self.slashes && self.half_days => Style::Mdy,
            _ => Style::Dmy,
        }
    }

    /// The same, where nothing is known of who wrote it: one order is not likelier than the other,
    /// unless there are dots, before which nobody puts the month.
    pub const fn plain_style(self) -> Style {
        match (self.dmy, self.mdy) {
            (true, true) if self.dots || (self.slashes && self.half_days) => self.style(),
            (true, true) | (false, false) => Style::Unsure,
            _ => self.style(),
        }
    }
}

fn halves(text: &str) -> (&str, &str) {
    let text = text.trim();
    text.split_once([' ', 'T'])
        .map_or((text, ""), |(day, clock)| (day, clock.trim()))
}

fn parts(day: &str) -> Option<[&str; 3]> {
    let parts: Vec<&str> = day
        .split(['-', '/', '.'])
        .filter(|part| !part.is_empty())
        .collect();
    let plain = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    match parts[..] {
        [a, b, c] if [a, b, c].iter().all(plain) => Some([a, b, c]),
        _ => None,
    }
}

/// Whether it is one day or another, and nothing tells which.
pub fn is_either(text: &str, style: Style) -> bool {
    let read = |style| day(text, style);
    style == Style::Unsure
        && day(text, style).is_none()
        && read(Style::Dmy).is_some()
        && read(Style::Mdy).is_some()
}

/// Reads an instant as Microsoft's older JSON has it, which PowerShell 5 writes: the milliseconds
/// since 1970 in `/Date(1577836800000)/`, and maybe a zone, which changes nothing.
fn in_milliseconds(text: &str) -> Option<DateTime<Utc>> {
    let inner = text.trim().strip_prefix("/Date(")?.strip_suffix(")/")?;
    // A minus in the first place is the number's.
    let zone = inner.get(1..)?.find(['+', '-']).map(|at| at + 1);
    let number = zone.map_or(inner, |at| &inner[..at]);
    DateTime::from_timestamp_millis(number.parse().ok()?)
}

/// Reads a day.
pub fn day(text: &str, style: Style) -> Option<NaiveDate> {
    // It is midnight where it was written, so the nearest day is meant.
    if let Some(instant) = in_milliseconds(text) {
        let noon = instant.checked_add_signed(TimeDelta::hours(12))?;
        return Some(noon.date_naive());
    }
    let [first, second, third] = parts(halves(text).0)?;
    let (year, month, day) = match style {
        _ if first.len() == 4 => (first, second, third),
        Style::Ymd => return None,
        Style::Dmy => (third, second, first),
        Style::Mdy => (third, first, second),
        // Only what can be one day.
        Style::Unsure => {
            let read = [Style::Dmy, Style::Mdy].map(|style| day(text, style));
            return match read {
                [Some(one), Some(other)] => (one == other).then_some(one),
                [one, other] => one.or(other),
            };
        }
    };
    let year: i32 = year.parse().ok()?;
    // Two digits: games are of 1950 to 2049.
    let year = match (third.len(), first.len()) {
        (2, 1..=2) if year < 50 => 2000 + year,
        (2, 1..=2) => 1900 + year,
        _ => year,
    };
    NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?)
}

/// Reads an instant, or a day. A clock of no known form counts as midnight: the day is what
/// matters.
pub fn instant(text: &str, style: Style) -> Option<DateTime<Utc>> {
    exact(text, style).or_else(|| midnight(day(text, style)?))
}

/// The same, but a clock of no known form is none.
pub fn exact(text: &str, style: Style) -> Option<DateTime<Utc>> {
    if let Ok(instant) = DateTime::parse_from_rfc3339(text.trim()) {
        return Some(instant.to_utc());
    }
    if let Some(instant) = in_milliseconds(text) {
        return Some(instant);
    }
    let day = day(text, style)?;
    let clock = halves(text).1;
    if clock.is_empty() {
        return midnight(day);
    }
    let forms = ["%H:%M:%S%.f", "%H:%M", "%I:%M:%S %p", "%I:%M %p"];
    let read = forms.iter().find_map(|form| {
        let form = format!("%Y-%m-%d {form}");
        NaiveDateTime::parse_from_str(&format!("{day} {clock}"), &form).ok()
    });
    read.map(|read| read.and_utc())
}

fn midnight(day: NaiveDate) -> Option<DateTime<Utc>> {
    Some(day.and_hms_opt(0, 0, 0)?.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(column: &[&str]) -> Vec<String> {
        let mut guess = Guess::default();
        for text in column {
            guess.look(text);
        }
        column
            .iter()
            .map(|text| {
                instant(text, guess.style()).map_or("?".to_owned(), |read| {
                    read.format("%Y-%m-%dT%H:%M:%S").to_string()
                })
            })
            .collect()
    }

    #[test]
    fn a_column_says_together_what_one_value_does_not() {
        assert_eq!(
            read(&["01/02/2024 20:15:00", "31/01/2024 08:00:00"]),
            ["2024-02-01T20:15:00", "2024-01-31T08:00:00"]
        );
        assert_eq!(
            read(&["1/2/2024 8:15:00 PM", "1/31/2024 8:00:00 AM"]),
            ["2024-01-02T20:15:00", "2024-01-31T08:00:00"]
        );
        assert_eq!(read(&["1/2/2024 8:15:00 PM"]), ["2024-01-02T20:15:00"]);
        assert_eq!(
            read(&["31.01.2024 20:15:00", "1.2.24"]),
            ["2024-01-31T20:15:00", "2024-02-01T00:00:00"]
        );
        assert_eq!(
            read(&[
                "2024-01-31 20:15",
                "2024-01-31T20:15:00Z",
                "2024-01-31T20:15:00.5"
            ]),
            ["2024-01-31T20:15:00"; 3]
        );
        assert_eq!(read(&["soon", "31/31/2024", "99999999999/1/1"]), ["?"; 3]);
    }

    #[test]
    fn where_nobody_is_known_to_have_written_it_only_what_is_sure_is_read() {
        let style = |column: &[&str]| {
            let mut guess = Guess::default();
            for text in column {
                guess.look(text);
            }
            guess.plain_style()
        };
        assert_eq!(style(&["03/04/2024", "31/01/2024"]), Style::Dmy);
        assert_eq!(
            style(&["03/04/2024", "2024-01-31", "1/31/2024"]),
            Style::Mdy
        );
        assert_eq!(style(&["01.03.2024"]), Style::Dmy);
        assert_eq!(style(&["1/2/2024 8:15 PM"]), Style::Mdy);
        for unsure in [&["03/04/2024"][..], &["31/01/2024", "01/31/2024"]] {
            assert_eq!(style(unsure), Style::Unsure, "{unsure:?}");
        }
        let read = |text| day(text, Style::Unsure).map(|day| day.to_string());
        assert_eq!(read("04/04/2024").as_deref(), Some("2024-04-04"));
        assert_eq!(read("31/01/2024").as_deref(), Some("2024-01-31"));
        assert_eq!(read("03/04/2024"), None);
        assert!(is_either("03/04/2024", Style::Unsure));
        for sure in ["04/04/2024", "31/01/2024", "2024-03-04", "soon"] {
            assert!(!is_either(sure, Style::Unsure), "{sure}");
        }
        assert_eq!(exact("31.01.2024 at noon", Style::Dmy), None);
    }

    #[test]
    fn milliseconds_as_powershell_writes_them_are_read() {
        for (text, want, on) in [
            ("/Date(1577836800000)/", "2020-01-01T00:00:00", "2020-01-01"),
            (
                "/Date(1577833200000+0100)/",
                "2019-12-31T23:00:00",
                "2020-01-01",
            ),
            (
                "/Date(-86400000-0500)/",
                "1969-12-31T00:00:00",
                "1969-12-31",
            ),
        ] {
            assert_eq!(read(&[text]), [want]);
            let day = day(text, Style::Ymd).map(|day| day.to_string());
            assert_eq!(day.as_deref(), Some(on));
        }
        for none in [
            "/Date()/",
            "/Date(-)/",
            "/Date(ä)/",
            "/Date(99999999999999999999)/",
        ] {
            assert_eq!(read(&[none]), ["?"]);
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_makes_it_panic(text in "(/Date[(])?[0-9/. :TPMä+)-]{0,24}") {
            read(&[&text]);
            let _ = is_either(&text, Style::Unsure);
        }
    }
}
