//! Our own file, as [`crate::export`] writes it.

mod check;

use super::{
    Flow, Malformed,
    json::{self, Item},
    place::{self, Here, offset},
    row::{Rejected, Row},
    text::unmarked,
    word::Word,
};
use crate::{
    account,
    collection::{
        MAX_COLLECTIONS, MAX_GAMES, MAX_NAME, field::Field, input::RuleInput, rule::Rule,
    },
    copy::{clean, upsert::Incoming},
    export::form::{self, FORMAT, ReadCollection, VERSION},
    game::{self, service::MAX_NOTES},
    household::Zone,
    status::own::{MAX_OWN, is_said},
    sync::schedule::LONGEST,
};
use async_graphql::InputType;
use check::{MAX_DAYS, is_near, is_platform, is_title};
use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use std::collections::{HashMap, HashSet};

/// Whether a text calls itself our own file.
pub fn is_own(text: &str) -> bool {
    let mut own = false;
    let read = json::items(
        unmarked(text),
        &[],
        &mut |key, raw| {
            if key != "format" {
                return Ok(());
            }
            own = raw.get() == format!("\"{FORMAT}\"");
            // Whether the rest can be read is for the reader to say.
            Err(place::whole("known"))
        },
        &mut |_| Ok(Flow::Break(())),
    );
    drop(read);
    own
}

/// What stands around the games of a file.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// Where the household's days began.
    pub zone: Option<Zone>,
    /// The statuses of its own, also those that no game has.
    pub statuses: Vec<String>,
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
    let mut here = Here::new(text);
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
            if key == "timeZone" {
                frame.zone = Some(zone(text, raw)?);
            }
            if key == "statuses" {
                frame.statuses = statuses(text, raw)?;
            }
            Ok(())
        },
        &mut |item| {
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

fn statuses(text: &str, raw: &RawValue) -> Result<Vec<String>, Malformed> {
    let named = serde_json::from_str(raw.get()).ok();
    let fit =
        |names: &Vec<String>| names.len() <= MAX_OWN && names.iter().all(|name| is_said(name));
    named.filter(fit).ok_or_else(|| {
        let at = offset(text, raw.get());
        let what = format!("statuses are at most {MAX_OWN} names of 1 to 40 characters");
        place::wrong(text, at, Some("statuses".to_owned()), what)
    })
}

fn zone(text: &str, raw: &RawValue) -> Result<Zone, Malformed> {
    let named = serde_json::from_str(raw.get()).ok().and_then(Zone::named);
    named.ok_or_else(|| {
        let at = offset(text, raw.get());
        let what = "it is no time zone's name, like Europe/Berlin".to_owned();
        place::wrong(text, at, Some("timeZone".to_owned()), what)
    })
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
            what: clean(&json::reason(&inner), 200).into(),
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
    if library
        .sync_every_hours
        .is_some_and(|hours| !(0..=LONGEST).contains(&hours))
    {
        return wrong("a library is synced every 1 to 720 hours, or 0 for never");
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
            let known = |field, id: &str| match field {
                Field::Status => is_said(id),
                _ => is_platform(id),
            };
            match input.parse("rule", &known) {
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
    let is_status = |id: &Option<String>| id.as_deref().is_none_or(is_said);
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
    if game::tags::checked(&game.tags).as_ref() != Ok(&game.tags) {
        return Err(wrong(
            "tags",
            "tags are at most 50, each of 1 to 50 characters and there once",
        ));
    }
    let bad_turn = game
        .history
        .iter()
        .any(|turn| !is_near(turn.at) || !is_said(&turn.from) || !is_said(&turn.to));
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
        tags: game.tags,
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
        check::copy(&copy, &is_status).map_err(|(key, what)| wrong(&at(key), what))?;
        rows.push(Row {
            line,
            shelf: copy.library,
            group: item.index,
            title: copy.title.clone(),
            year: None,
            play: copy.play,
            achievements: copy.achievements,
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
                entry: None,
                vouched: false,
            }),
        });
    }
    Ok(rows)
}
