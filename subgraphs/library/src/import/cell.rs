//! What single values of a file mean.

use super::{
    Cell, Malformed, Reason,
    date::{self, Style},
};
use crate::{
    copy::{Holding, clean, fold},
    game,
    status::own::{self, Own},
};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Timelike, Utc};
use djinn_kernel::Esrb;
use std::ops::RangeInclusive;

/// The most genres, tags or developers of one game.
pub const MAX_WORDS: usize = 50;
/// The longest of them, in characters.
const MAX_WORD: usize = 80;
/// The years that a database and a calendar know, and in which there are games.
const YEARS: RangeInclusive<i32> = 1950..=2100;
/// A century of playing.
pub const MAX_MINUTES: i32 = 52_560_000;

/// A whole number of minutes.
pub fn minutes(cell: &Cell) -> Result<i32, Malformed> {
    cell.text()
        .parse()
        .ok()
        .filter(|minutes| (0..=MAX_MINUTES).contains(minutes))
        .ok_or_else(|| cell.wrong(Reason::Minutes(shown(cell))))
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
        .ok_or_else(|| cell.wrong(Reason::Hours(shown(cell))))
}

/// Seconds, as minutes; a minute that was begun counts from its half.
pub fn seconds(cell: &Cell) -> Result<i32, Malformed> {
    cell.text()
        .parse::<u64>()
        .ok()
        .map(|seconds| seconds.saturating_add(30) / 60)
        .and_then(|minutes| i32::try_from(minutes).ok())
        .filter(|minutes| *minutes <= MAX_MINUTES)
        .ok_or_else(|| cell.wrong(Reason::Seconds(shown(cell))))
}

/// Yes or no.
pub fn truth(cell: &Cell) -> Result<bool, Malformed> {
    match &*fold(cell.text()) {
        "true" | "yes" | "1" | "x" | "y" => Ok(true),
        "false" | "no" | "0" | "n" => Ok(false),
        _ => Err(cell.wrong(Reason::Truth(shown(cell)))),
    }
}

/// A person's rating, 0 to 100.
pub fn my_rating(cell: &Cell) -> Result<i16, Malformed> {
    cell.text()
        .parse()
        .ok()
        .filter(|rating| (0..=100).contains(rating))
        .ok_or_else(|| cell.wrong(Reason::MyRating(shown(cell))))
}

/// A person's rating of up to five stars, as one of 0 to 100. Without a star it is none.
pub fn stars(stars: f64) -> Option<i16> {
    (stars > 0.0 && stars <= 5.0).then(|| (stars * 20.0).round() as i16)
}

/// A person's own tags; what is too long is cut, and what is too much left out.
pub fn my_tags(cell: &Cell) -> Vec<String> {
    game::tags::tidied(split(cell, &[',']).into_iter().map(str::to_owned))
}

/// A person's notes; lines stay lines.
pub fn notes(cell: &Cell) -> Result<String, Malformed> {
    let notes: String = cell
        .texts
        .first()
        .map(|text| text.chars().filter(|c| *c != '\0').collect())
        .unwrap_or_default();
    if notes.chars().count() > game::service::MAX_NOTES {
        return Err(cell.wrong(Reason::LongNotes));
    }
    Ok(notes)
}

/// A year.
pub fn year(cell: &Cell) -> Result<i32, Malformed> {
    cell.text()
        .parse()
        .ok()
        .filter(|year| YEARS.contains(year))
        .ok_or_else(|| cell.wrong(Reason::Year(shown(cell))))
}

/// A day of release in a column of this style, or only its year.
pub fn released(cell: &Cell, style: Style) -> Result<(i32, Option<NaiveDate>), Malformed> {
    let text = cell.text();
    if text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return year(cell).map(|year| (year, None));
    }
    match date::day(text, style) {
        Some(day) if YEARS.contains(&day.year()) => Ok((day.year(), Some(day))),
        Some(_) => Err(cell.wrong(Reason::Years(shown(cell)))),
        None if date::is_either(text, style) => Err(cell.wrong(Reason::Order(shown(cell)))),
        None => Err(cell.wrong(Reason::Released(shown(cell)))),
    }
}

/// An instant, or a day, in a column of this style.
pub fn instant(cell: &Cell, style: Style) -> Result<DateTime<Utc>, Malformed> {
    let text = cell.text();
    let read = read_instant(text).or_else(|| date::exact(text, style));
    let unread = if date::is_either(text, style) {
        Reason::Order
    } else {
        Reason::Instant
    };
    kept(cell, read, unread)
}

/// An instant as somebody's computer writes it, in a column of this style.
pub fn local_instant(cell: &Cell, style: Style) -> Result<DateTime<Utc>, Malformed> {
    kept(cell, date::instant(cell.text(), style), Reason::Time)
}

/// An instant in years that are known. To the second: PostgreSQL keeps no nanoseconds, and what it
/// gives back must be what the file says.
fn kept(
    cell: &Cell,
    read: Option<DateTime<Utc>>,
    unread: fn(String) -> Reason,
) -> Result<DateTime<Utc>, Malformed> {
    let Some(instant) = read else {
        return Err(cell.wrong(unread(shown(cell))));
    };
    let known = YEARS.contains(&instant.year());
    let whole = instant.with_nanosecond(0).filter(|_| known);
    whole.ok_or_else(|| cell.wrong(Reason::Years(shown(cell))))
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
    read.map(Some)
        .ok_or_else(|| cell.wrong(Reason::Esrb(shown(cell))))
}

/// A status, also as other collections call it: one of the household's own by its name, the hub's,
/// or the name of one that the household does not have yet.
pub fn status(cell: &Cell, own: &[Own]) -> Result<String, Malformed> {
    if let Some(hubs) = game::status(cell.text()) {
        return Ok(hubs.id.to_owned());
    }
    // Before the words of others: somebody who has a "Backlog" of their own means that.
    if let Some(known) = own::meant(own, cell.text()) {
        return Ok(known.id.clone());
    }
    let folded = fold(cell.text());
    let hubs = match &*folded {
        "notplayed" | "notstarted" | "backlog" | "plantoplay" | "wanttoplay" => Some("unplayed"),
        "inprogress" | "currentlyplaying" | "started" | "played" => Some("playing"),
        "beaten" | "finished" | "done" | "complete" | "mastered" => Some("completed"),
        "paused" | "shelved" => Some("on_hold"),
        "dropped" | "quit" | "retired" => Some("abandoned"),
        _ => game::STATUSES
            .iter()
            .find(|status| fold(status.id) == folded)
            .map(|status| status.id),
    };
    let said = hubs.map(str::to_owned);
    said.or_else(|| own::name(cell.text()))
        .ok_or_else(|| cell.wrong(Reason::Status(shown(cell))))
}

/// How it is held.
pub fn holding(cell: &Cell) -> Result<Holding, Malformed> {
    Ok(match &*fold(cell.text()) {
        "owned" | "own" | "yes" | "bought" | "purchased" => Holding::Owned,
        "subscription" | "subscribed" | "gamepass" | "psplus" => Holding::Subscription,
        "familyshared" | "shared" | "family" | "borrowed" => Holding::FamilyShared,
        "playedonly" | "formerlyowned" | "sold" => Holding::PlayedOnly,
        "wishlist" | "wished" | "wanted" => Holding::Wishlist,
        _ => return Err(cell.wrong(Reason::Holding(shown(cell)))),
    })
}

/// A list of words: the file's own, or one separated by `;`, `|` or, failing those, one of
/// `others`.
pub fn words(cell: &Cell, others: &[char]) -> Result<Vec<String>, Malformed> {
    let mut words: Vec<String> = Vec::new();
    for text in split(cell, others) {
        let word = clean(text, MAX_WORD);
        if !word.is_empty() && !words.contains(&word) {
            words.push(word);
        }
    }
    if words.len() > MAX_WORDS {
        return Err(cell.wrong(Reason::Words(words.len())));
    }
    Ok(words)
}

fn split<'c>(cell: &'c Cell, others: &[char]) -> Vec<&'c str> {
    if cell.list {
        return cell.texts.iter().map(String::as_str).collect();
    }
    let text = cell.text();
    let main = [';', '|'];
    let by: &[char] = if text.contains(main) { &main } else { others };
    if by.is_empty() {
        vec![text]
    } else {
        text.split(by).collect()
    }
}

/// As much of it as a complaint shows.
fn shown(cell: &Cell) -> String {
    clean(cell.text(), 40)
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
            assert!(instant(&cell(far), Style::Ymd).is_err(), "{far}");
        }
        let exact = instant(&cell("2024-01-31T20:15:00.123456789+01:00"), Style::Ymd).unwrap();
        assert_eq!(exact.to_rfc3339(), "2024-01-31T19:15:00+00:00");
    }
}
