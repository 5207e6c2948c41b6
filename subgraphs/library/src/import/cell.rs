//! What single values of a file mean.

use super::{Cell, Malformed, date};
use crate::{
    copy::{Holding, clean, fold},
    game,
};
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use djinn_kernel::Esrb;

/// The most genres, tags or developers of one game.
const MAX_WORDS: usize = 50;
/// The longest of them, in characters.
const MAX_WORD: usize = 80;
/// A century of playing.
const MAX_MINUTES: i32 = 52_560_000;

/// A whole number of minutes.
pub fn minutes(cell: &Cell) -> Result<i32, Malformed> {
    cell.text()
        .parse()
        .ok()
        .filter(|minutes| (0..=MAX_MINUTES).contains(minutes))
        .ok_or_else(|| {
            cell.wrong(format!(
                "{} is not a number of minutes from 0 to {MAX_MINUTES}",
                shown(cell)
            ))
        })
}

/// Hours, with a decimal point or comma, as minutes.
pub fn hours(cell: &Cell) -> Result<i32, Malformed> {
    cell.text()
        .replace(',', ".")
        .parse::<f64>()
        .ok()
        .map(|hours| (hours * 60.0).round())
        .filter(|minutes| (0.0..=f64::from(MAX_MINUTES)).contains(minutes))
        .map(|minutes| minutes as i32)
        .ok_or_else(|| {
            cell.wrong(format!(
                "{} is not a number of hours, like 12.5",
                shown(cell)
            ))
        })
}

/// Seconds, as minutes; a minute that was begun counts from its half.
pub fn seconds(cell: &Cell) -> Result<i32, Malformed> {
    cell.text()
        .parse::<u64>()
        .ok()
        .map(|seconds| seconds.saturating_add(30) / 60)
        .and_then(|minutes| i32::try_from(minutes).ok())
        .filter(|minutes| *minutes <= MAX_MINUTES)
        .ok_or_else(|| cell.wrong(format!("{} is not a number of seconds", shown(cell))))
}

/// Yes or no.
pub fn truth(cell: &Cell) -> Result<bool, Malformed> {
    match &*fold(cell.text()) {
        "true" | "yes" | "1" | "x" | "y" => Ok(true),
        "false" | "no" | "0" | "n" => Ok(false),
        _ => Err(cell.wrong(format!("{} is neither yes nor no", shown(cell)))),
    }
}

/// A person's rating, 0 to 100.
pub fn my_rating(cell: &Cell) -> Result<i16, Malformed> {
    cell.text()
        .parse()
        .ok()
        .filter(|rating| (0..=100).contains(rating))
        .ok_or_else(|| cell.wrong(format!("{} is not a rating from 0 to 100", shown(cell))))
}

/// A person's notes; lines stay lines.
pub fn notes(cell: &Cell) -> Result<String, Malformed> {
    let notes: String = cell
        .texts
        .first()
        .map(|text| text.chars().filter(|c| *c != '\0').collect())
        .unwrap_or_default();
    if notes.chars().count() > game::service::MAX_NOTES {
        return Err(cell.wrong(format!(
            "notes have at most {} characters",
            game::service::MAX_NOTES
        )));
    }
    Ok(notes)
}

/// A year.
pub fn year(cell: &Cell) -> Result<i32, Malformed> {
    cell.text()
        .parse()
        .ok()
        .filter(|year| (1950..=2100).contains(year))
        .ok_or_else(|| cell.wrong(format!("{} is not a year from 1950 to 2100", shown(cell))))
}

/// A day of release, or only its year.
pub fn released(cell: &Cell) -> Result<(i32, Option<NaiveDate>), Malformed> {
    use chrono::Datelike;
    if let Ok(date) = NaiveDate::parse_from_str(cell.text(), "%Y-%m-%d")
        && (1950..=2100).contains(&date.year())
    {
        return Ok((date.year(), Some(date)));
    }
    year(cell).map(|year| (year, None)).map_err(|_| {
        cell.wrong(format!(
            "{} is neither a day like 1998-11-19 nor a year",
            shown(cell)
        ))
    })
}

/// An instant, or a day, in years that a database and a calendar know. To the second: PostgreSQL
/// keeps no nanoseconds, and what it gives back must be what the file says.
pub fn instant(cell: &Cell) -> Result<DateTime<Utc>, Malformed> {
    use chrono::{Datelike, Timelike};
    read_instant(cell.text())
        .filter(|instant| (1950..=2100).contains(&instant.year()))
        .and_then(|instant| instant.with_nanosecond(0))
        .ok_or_else(|| {
            cell.wrong(format!(
                "{} is not a time like 2024-01-31 or 2024-01-31T20:15:00Z",
                shown(cell)
            ))
        })
}

/// An instant as somebody's computer writes it, in a column of this style.
pub fn local_instant(cell: &Cell, style: date::Style) -> Result<DateTime<Utc>, Malformed> {
    use chrono::{Datelike, Timelike};
    date::instant(cell.text(), style)
        .filter(|instant| (1950..=2100).contains(&instant.year()))
        .and_then(|instant| instant.with_nanosecond(0))
        .ok_or_else(|| cell.wrong(format!("{} is not a time", shown(cell))))
}

/// A day of release as somebody's computer writes it, or only its year.
pub fn local_released(
    cell: &Cell,
    style: date::Style,
) -> Result<(i32, Option<NaiveDate>), Malformed> {
    use chrono::Datelike;
    match date::day(cell.text(), style) {
        Some(day) if (1950..=2100).contains(&day.year()) => Ok((day.year(), Some(day))),
        _ => released(cell),
    }
}

fn read_instant(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Some(instant.to_utc());
    }
    for form in ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"] {
        if let Ok(instant) = NaiveDateTime::parse_from_str(text, form) {
            return Some(instant.and_utc());
        }
    }
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    Some(day.and_hms_opt(0, 0, 0)?.and_utc())
}

/// An ESRB rating; `None` for one that says that there is none.
pub fn rating(cell: &Cell) -> Result<Option<Esrb>, Malformed> {
    let none = [
        "",
        "rp",
        "ratingpending",
        "pending",
        "unrated",
        "nr",
        "notrated",
        "none",
        "na",
        "unknown",
    ];
    if none.contains(&&*fold(cell.text())) {
        return Ok(None);
    }
    // Others write it with its board: "ESRB M", "E - Everyone".
    let text = cell.text();
    let text = text.strip_prefix("ESRB").map_or(text, str::trim);
    let short = text.split(" - ").next().unwrap_or_default();
    let read = Esrb::parse(text).or_else(|| Esrb::parse(short));
    read.map(Some).ok_or_else(|| {
        cell.wrong(format!(
            "{} is not an ESRB rating: E, E10+, T, M, AO, EC or RP",
            shown(cell)
        ))
    })
}

/// A status, also as other collections call it.
pub fn status(cell: &Cell) -> Result<String, Malformed> {
    let folded = fold(cell.text());
    let id = match &*folded {
        "notplayed" | "notstarted" | "backlog" | "plantoplay" | "wanttoplay" => "unplayed",
        "inprogress" | "currentlyplaying" | "started" | "played" => "playing",
        "beaten" | "finished" | "done" | "complete" | "mastered" => "completed",
        "paused" | "shelved" => "on_hold",
        "dropped" | "quit" | "retired" => "abandoned",
        _ => game::STATUSES
            .iter()
            .find(|status| fold(status.id) == folded)
            .map_or("", |status| status.id),
    };
    if id.is_empty() {
        let ids: Vec<&str> = game::STATUSES.iter().map(|status| status.id).collect();
        return Err(cell.wrong(format!(
            "{} is not a status: {}",
            shown(cell),
            ids.join(", ")
        )));
    }
    Ok(id.to_owned())
}

/// How it is held.
pub fn holding(cell: &Cell) -> Result<Holding, Malformed> {
    Ok(match &*fold(cell.text()) {
        "owned" | "own" | "yes" | "bought" | "purchased" => Holding::Owned,
        "subscription" | "subscribed" | "gamepass" | "psplus" => Holding::Subscription,
        "familyshared" | "shared" | "family" | "borrowed" => Holding::FamilyShared,
        "playedonly" | "formerlyowned" | "sold" => Holding::PlayedOnly,
        "wishlist" | "wished" | "wanted" => Holding::Wishlist,
        _ => {
            let one_of = "OWNED, SUBSCRIPTION, FAMILY_SHARED, PLAYED_ONLY, WISHLIST";
            return Err(cell.wrong(format!(
                "{} is not a way to hold a game: {one_of}",
                shown(cell)
            )));
        }
    })
}

/// A list of words: the file's own, or one separated by `;`, `|` or, failing those, one of
/// `others`.
pub fn words(cell: &Cell, others: &[char]) -> Result<Vec<String>, Malformed> {
    let texts: Vec<&str> = if cell.list {
        cell.texts.iter().map(String::as_str).collect()
    } else {
        let text = cell.text();
        let main = [';', '|'];
        let by: &[char] = if text.contains(main) { &main } else { others };
        if by.is_empty() {
            vec![text]
        } else {
            text.split(by).collect()
        }
    };
    let mut words: Vec<String> = Vec::new();
    for text in texts {
        let word = clean(text, MAX_WORD);
        if !word.is_empty() && !words.contains(&word) {
            words.push(word);
        }
    }
    if words.len() > MAX_WORDS {
        return Err(cell.wrong(format!(
            "{} words; at most {MAX_WORDS} are read",
            words.len()
        )));
    }
    Ok(words)
}

fn shown(cell: &Cell) -> String {
    format!("\"{}\"", clean(cell.text(), 40))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str) -> Cell {
        Cell {
            texts: vec![text.to_owned()],
            list: false,
            name: "Last played".to_owned(),
            line: 2,
            column: 1,
        }
    }

    #[test]
    fn a_time_that_a_database_would_refuse_or_round_never_gets_there() {
        for far in [
            "-5000-01-01",
            "+200000-01-01 10:00:00",
            "0001-01-01T00:00:00Z",
        ] {
            assert!(instant(&cell(far)).is_err(), "{far}");
        }
        let exact = instant(&cell("2024-01-31T20:15:00.123456789+01:00")).unwrap();
        assert_eq!(exact.to_rfc3339(), "2024-01-31T19:15:00+00:00");
    }
}
