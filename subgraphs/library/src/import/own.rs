//! Our own file, as [`crate::export`] writes it.

use super::{
    Flow, Malformed,
    json::{self, Item},
    place::{self, Here, offset},
    row::{MAX_ID, Rejected, Row},
    text::unmarked,
    word::Word,
};
use crate::{
    account,
    collection::{MAX_COLLECTIONS, MAX_GAMES, MAX_NAME, input::RuleInput, rule::Rule},
    copy::{MAX_TITLE, clean, upsert::Incoming},
    export::form::{self, FORMAT, ReadCollection, VERSION},
    game::{self, service::MAX_NOTES},
};
use async_graphql::InputType;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::de::DeserializeOwned;
use std::collections::{HashMap, HashSet};

/// A century of playing, in minutes.
const MAX_MINUTES: i32 = 52_560_000;
/// The most changes of status of one game, and the most days a copy was played on.
const MAX_DAYS: usize = 40_000;

/// Whether a text calls itself our own file.
pub fn is_own(text: &str) -> bool {
    let mut own = false;
    let read = json::items(
        unmarked(text),
        &[],
        &mut |key, raw| {
            if key == "format" {
                own = raw.get() == format!("\"{FORMAT}\"");
            }
            Ok(())
        },
        &mut |_| Ok(Flow::Break(())),
    );
    read.is_ok() && own
}

/// What stands around the games of a file.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// The libraries.
    pub libraries: Vec<form::Library>,
    /// The collections.
    pub collections: Vec<Collected>,
    /// For each game that is in any of them: which, and where in it.
    pub places: HashMap<usize, Vec<(usize, i64)>>,
}

/// A collection, checked.
#[derive(Debug, Clone)]
pub struct Collected {
    /// Its name.
    pub name: String,
    /// Its rule; none for a manual one.
    pub rule: Option<Rule>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// Reads everything but the games.
pub fn frame(text: &str, most_libraries: usize) -> Result<Frame, Malformed> {
    let text = unmarked(text);
    let mut frame = Frame::default();
    let mut games = 0;
    let mut listed: Vec<(usize, Vec<usize>, usize)> = Vec::new();
    json::items(
        text,
        &["libraries", "games", "collections"],
        &mut |key, raw| {
            if key == "version" && raw.get() != VERSION.to_string() {
                let at = offset(text, raw.get());
                let version = clean(raw.get(), 20);
                let what =
                    format!("this file is of version {version}; this hub reads version {VERSION}");
                return Err(place::wrong(text, at, Some("version".to_owned()), what));
            }
            Ok(())
        },
        &mut |item| {
            let mut here = Here::new(text);
            match item.list {
                "games" => games += 1,
                "libraries" => {
                    let library = library(text, &item, &mut here)?;
                    if frame.libraries.len() == most_libraries {
                        return Err(item_wrong(
                            text,
                            &item,
                            format!("a household has at most {most_libraries} libraries"),
                        ));
                    }
                    frame.libraries.push(library);
                }
                _ => {
                    let number = frame.collections.len();
                    if number as u64 == MAX_COLLECTIONS {
                        let what = format!("a player has at most {MAX_COLLECTIONS} collections");
                        return Err(item_wrong(text, &item, what));
                    }
                    let (collected, games) = collection(text, &item, &mut here)?;
                    frame.collections.push(collected);
                    listed.push((number, games, offset(text, item.raw)));
                }
            }
            Ok(Flow::Continue(()))
        },
    )?;
    for (collection, numbers, at) in listed {
        for (place, game) in numbers.into_iter().enumerate() {
            if game >= games {
                let name = format!("collections[{collection}].games[{place}]");
                let what = format!("there is no game number {game}");
                return Err(place::wrong(text, at, Some(name), what));
            }
            let places = frame.places.entry(game).or_default();
            places.push((collection, place as i64));
        }
    }
    Ok(frame)
}

fn item_wrong(text: &str, item: &Item<'_>, what: String) -> Malformed {
    let name = format!("{}[{}]", item.list, item.index);
    place::wrong(text, offset(text, item.raw), Some(name), what)
}

/// Takes an item apart; what does not fit is said with its key and its place.
fn parse<T: DeserializeOwned>(
    text: &str,
    item: &Item<'_>,
    here: &mut Here<'_>,
) -> Result<T, Malformed> {
    let start = offset(text, item.raw);
    let (line, column) = here.at(start);
    let mut reader = serde_json::Deserializer::from_str(item.raw);
    serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        let name = format!("{}[{}]", item.list, item.index);
        let (line, column) = match inner.line() {
            0 | 1 => (line, column + inner.column().saturating_sub(1)),
            more => (line + more - 1, inner.column().max(1)),
        };
        Malformed {
            line,
            column,
            name: Some(if path == "." || path.is_empty() {
                name
            } else {
                format!("{name}.{path}")
            }),
            what: clean(&json::reason(&inner), 200),
        }
    })
}

fn library(text: &str, item: &Item<'_>, here: &mut Here<'_>) -> Result<form::Library, Malformed> {
    let library: form::Library = parse(text, item, here)?;
    let wrong = |what: &str| Err(item_wrong(text, item, what.to_owned()));
    if !is_platform(&library.platform) {
        return wrong("the platform is no platform's id");
    }
    if account::label(&library.label).as_deref() != Some(&library.label) {
        return wrong("a label has 1 to 80 characters");
    }
    if library
        .account
        .as_deref()
        .is_some_and(|account| account.is_empty() || clean(account, 200) != account)
    {
        return wrong("an account has 1 to 200 characters");
    }
    if !is_near(library.created_at) {
        return wrong("a time is in the years 1950 to 2100");
    }
    Ok(library)
}

fn collection(
    text: &str,
    item: &Item<'_>,
    here: &mut Here<'_>,
) -> Result<(Collected, Vec<usize>), Malformed> {
    let read: ReadCollection = parse(text, item, here)?;
    let wrong = |what: String| Err(item_wrong(text, item, what));
    if clean(&read.name, MAX_NAME) != read.name || read.name.is_empty() {
        return wrong(format!("a name has 1 to {MAX_NAME} characters"));
    }
    if !is_near(read.created_at) || !is_near(read.updated_at) {
        return wrong("a time is in the years 1950 to 2100".to_owned());
    }
    let rule = match read.rule {
        None => None,
        Some(rule) => {
            let value = async_graphql::Value::from_json(rule).unwrap_or_default();
            let input = match <RuleInput as InputType>::parse(Some(value)) {
                Ok(input) => input,
                Err(error) => {
                    return wrong(clean(
                        &error
                            .into_server_error(async_graphql::Pos::default())
                            .message,
                        200,
                    ));
                }
            };
            match input.parse("rule", &is_platform) {
                Ok(rule) => Some(rule),
                Err(error) => return wrong(error.to_string()),
            }
        }
    };
    let games = read.games.unwrap_or_default();
    if rule.is_some() && !games.is_empty() {
        return wrong("a collection has either a rule or games".to_owned());
    }
    if games.len() as u64 > MAX_GAMES {
        return wrong(format!("a collection has at most {MAX_GAMES} games"));
    }
    if games.iter().collect::<HashSet<_>>().len() != games.len() {
        return wrong("a game is in a collection once".to_owned());
    }
    let collected = Collected {
        name: read.name,
        rule,
        created_at: read.created_at,
        updated_at: read.updated_at,
    };
    Ok((collected, games))
}

/// Tells the copies of every game, and what is said of it.
pub fn each(
    text: &str,
    frame: &Frame,
    tell: &mut dyn FnMut(Result<Row, Rejected>) -> Flow,
) -> Result<(), Malformed> {
    let text = unmarked(text);
    let mut here = Here::new(text);
    json::items(
        text,
        &["games", "libraries", "collections"],
        &mut |_, _| Ok(()),
        &mut |item| {
            if item.list != "games" {
                return Ok(Flow::Continue(()));
            }
            let line = here.at(offset(text, item.raw)).0;
            let rows =
                parse(text, &item, &mut here).and_then(|game| rows(text, &item, line, game, frame));
            match rows {
                Ok(rows) => {
                    for row in rows {
                        if tell(Ok(row)).is_break() {
                            return Ok(Flow::Break(()));
                        }
                    }
                    Ok(Flow::Continue(()))
                }
                Err(why) => Ok(tell(Err(Rejected {
                    title: String::new(),
                    why,
                }))),
            }
        },
    )
}

fn rows(
    text: &str,
    item: &Item<'_>,
    line: usize,
    game: form::Game,
    frame: &Frame,
) -> Result<Vec<Row>, Malformed> {
    let wrong = |key: &str, what: &str| {
        let mut complaint = item_wrong(text, item, what.to_owned());
        if let Some(name) = &mut complaint.name {
            name.push('.');
            name.push_str(key);
        }
        complaint
    };
    let is_status = |id: &Option<String>| id.as_deref().is_none_or(|id| game::status(id).is_some());
    if !is_status(&game.status) {
        return Err(wrong("status", "no status has that id"));
    }
    let notes = game.notes.as_deref().unwrap_or_default();
    if notes.contains('\0') || notes.chars().count() > MAX_NOTES {
        return Err(wrong("notes", "notes have at most 4000 characters"));
    }
    if game
        .rating
        .is_some_and(|rating| !(0..=100).contains(&rating))
    {
        return Err(wrong("rating", "a rating is between 0 and 100"));
    }
    let bad_turn = game.history.iter().any(|turn| {
        !is_near(turn.at) || game::status(&turn.from).is_none() || game::status(&turn.to).is_none()
    });
    if bad_turn || game.history.len() > MAX_DAYS {
        return Err(wrong("history", "a change has a time and two statuses"));
    }
    let places = frame.places.get(&item.index);
    let word = Word {
        status: game.status,
        status_by: game.status_by,
        favourite: game.favourite,
        hidden: game.hidden,
        notes: game.notes,
        rating: game.rating,
        history: game.history,
        whole: true,
        collections: Vec::new(),
        places: places.cloned().unwrap_or_default(),
    };
    if game.copies.is_empty() {
        let title = game.title.unwrap_or_default();
        if !is_title(&title) {
            return Err(wrong("title", "a title has 1 to 300 characters"));
        }
        if game.year.is_some_and(|year| !(1950..=2100).contains(&year)) {
            return Err(wrong("year", "a year is between 1950 and 2100"));
        }
        return Ok(vec![Row {
            line,
            group: item.index,
            title,
            year: game.year,
            word,
            ..Row::default()
        }]);
    }
    let mut rows = Vec::with_capacity(game.copies.len());
    for (number, copy) in game.copies.into_iter().enumerate() {
        let at = |key: &str| format!("copies[{number}].{key}");
        if copy.library >= frame.libraries.len() {
            return Err(wrong(&at("library"), "there is no such library"));
        }
        check(&copy, &is_status).map_err(|(key, what)| wrong(&at(key), what))?;
        rows.push(Row {
            line,
            shelf: copy.library,
            group: item.index,
            title: copy.title.clone(),
            year: None,
            play: copy.play,
            word: word.clone(),
            incoming: Some(Incoming {
                platform: copy.platform,
                store_id: copy.store_id,
                title: Some(copy.title),
                holding: Some(copy.holding),
                playtime_minutes: Some(copy.playtime_minutes),
                last_played_at: copy.last_played_at,
                added_at: Some(copy.added_at),
                year: copy.year,
                hints: copy.hints.map(form::Hint::hints),
                status: copy.import_status,
            }),
        });
    }
    Ok(rows)
}

/// What of a copy cannot be, by its key.
fn check(
    copy: &form::Copy,
    is_status: &dyn Fn(&Option<String>) -> bool,
) -> Result<(), (&'static str, &'static str)> {
    let hints = copy.hints.as_ref();
    let words = hints
        .into_iter()
        .flat_map(|hints| [&hints.genres, &hints.tags, &hints.developers]);
    let days: HashSet<NaiveDate> = copy.play.iter().map(|(day, _)| *day).collect();
    for (good, key, what) in [
        (
            is_platform(&copy.platform),
            "platform",
            "it is no platform's id",
        ),
        (
            is_title(&copy.title),
            "title",
            "a title has 1 to 300 characters",
        ),
        (
            copy.store_id.as_deref().is_none_or(|id| {
                !id.is_empty() && id.chars().count() <= MAX_ID && clean(id, MAX_ID) == id
            }),
            "storeId",
            "a store's id has 1 to 100 characters",
        ),
        (
            (0..=MAX_MINUTES).contains(&copy.playtime_minutes),
            "playtimeMinutes",
            "it is not a number of minutes",
        ),
        (
            copy.last_played_at.is_none_or(is_near),
            "lastPlayedAt",
            "a time is in the years 1950 to 2100",
        ),
        (
            is_near(copy.added_at),
            "addedAt",
            "a time is in the years 1950 to 2100",
        ),
        (
            copy.year.is_none_or(|year| (1950..=2100).contains(&year)),
            "year",
            "a year is between 1950 and 2100",
        ),
        (
            is_status(&copy.import_status),
            "importStatus",
            "no status has that id",
        ),
        (
            words.into_iter().all(|words| {
                words.len() <= 100 && words.iter().all(|word| clean(word, 200) == *word)
            }),
            "hints",
            "genres, tags and developers are at most 100 short words",
        ),
        (
            hints.is_none_or(|hints| {
                hints
                    .released_on
                    .is_none_or(|day| (1950..=2100).contains(&day.year()))
                    && hints
                        .main_story_minutes
                        .is_none_or(|minutes| (0..=MAX_MINUTES).contains(&minutes))
            }),
            "hints",
            "the day of release or the length of the story cannot be",
        ),
        (
            copy.play.len() <= MAX_DAYS
                && days.len() == copy.play.len()
                && copy.play.iter().all(|(day, minutes)| {
                    (1950..=2100).contains(&day.year()) && (1..=1440).contains(minutes)
                }),
            "play",
            "each day has 1 to 1440 minutes, and stands once",
        ),
    ] {
        if !good {
            return Err((key, what));
        }
    }
    Ok(())
}

fn is_title(title: &str) -> bool {
    !title.is_empty() && title.chars().count() <= MAX_TITLE && clean(title, MAX_TITLE) == title
}

fn is_platform(id: &str) -> bool {
    !id.is_empty() && clean(id, 40) == id && !id.contains('|') && id.to_lowercase() == id
}

fn is_near(at: DateTime<Utc>) -> bool {
    (1950..=2100).contains(&at.year())
}
