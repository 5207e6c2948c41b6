//! The database of GOG Galaxy 2.0, which holds the games of every store that was linked there.
//!
//! A database from a stranger is a program for SQLite. It is opened in memory, read-only, without
//! triggers, views and trust in its schema; every table is looked at before it is asked, columns
//! are asked by name in the plainest statements, each with a bound on its steps, and everything
//! that takes knowledge is done here and not by SQL.

use super::{
    Malformed, place,
    row::{MAX_ID, Rejected, Row},
    word::Word,
};
use crate::{
    copy::{Holding, MAX_TITLE, clean, upsert::Incoming},
    platform::slug,
};
use chrono::{DateTime, Datelike, Utc};
use djinn_kernel::event::Hints;
use rusqlite::{Connection, config::DbConfig, limits::Limit, types::ValueRef};
use serde_json::Value;
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    io::{self, Read},
};

/// How often a statement may report that it is still at work, a thousand steps each time.
const MOST_REPORTS: u32 = 50_000;
/// The longest value, in bytes.
const MAX_VALUE: i32 = 1024 * 1024;
/// Prefixes of keys that are no store's id.
const OTHER_NAMES: [(&str, &str); 5] = [
    ("xboxone", "xbox"),
    ("psn", "playstation"),
    ("origin", "ea"),
    ("uplay", "ubisoft"),
    ("generic", "manual"),
];

/// Reads the games of a database. `parts` are its bytes; they are freed as they are read.
pub fn read(parts: Vec<Vec<u8>>, most: usize) -> Result<Vec<Result<Row, Rejected>>, Malformed> {
    let size = parts.iter().map(Vec::len).sum();
    let db = open(parts, size).map_err(|error| wrong("opening it", &error))?;
    let galaxy = Galaxy { db: &db, most };
    galaxy.games()
}

fn wrong(doing: &str, error: &rusqlite::Error) -> Malformed {
    place::whole(format!(
        "the database cannot be read ({doing}): {}",
        clean(&error.to_string(), 200)
    ))
}

/// Bytes in parts, freed as they are read. A database that was last used with a write-ahead log
/// says so in two bytes, and would then be looked for beside it: they are made the plain ones.
struct Parts {
    parts: std::vec::IntoIter<Vec<u8>>,
    now: io::Cursor<Vec<u8>>,
    at: usize,
}

impl Read for Parts {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.now.read(into)?;
            if read > 0 {
                for place in [18, 19] {
                    if (self.at..self.at + read).contains(&place) {
                        into[place - self.at] = 1;
                    }
                }
                self.at += read;
                return Ok(read);
            }
            match self.parts.next() {
                Some(part) => self.now = io::Cursor::new(part),
                None => return Ok(0),
            }
        }
    }
}

fn open(parts: Vec<Vec<u8>>, size: usize) -> rusqlite::Result<Connection> {
    let mut db = Connection::open_in_memory()?;
    let reader = Parts {
        parts: parts.into_iter(),
        now: io::Cursor::default(),
        at: 0,
    };
    db.deserialize_read_exact("main", reader, size, true)?;
    for (setting, on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
    ] {
        db.set_db_config(setting, on)?;
    }
    for (limit, value) in [
        (Limit::SQLITE_LIMIT_LENGTH, MAX_VALUE),
        (Limit::SQLITE_LIMIT_SQL_LENGTH, 100_000),
        (Limit::SQLITE_LIMIT_ATTACHED, 0),
        (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 0),
        (Limit::SQLITE_LIMIT_COLUMN, 200),
        (Limit::SQLITE_LIMIT_EXPR_DEPTH, 20),
    ] {
        db.set_limit(limit, value)?;
    }
    db.execute_batch(
        "PRAGMA query_only = ON; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;
         PRAGMA temp_store = MEMORY; PRAGMA cache_size = -1024;",
    )?;
    Ok(db)
}

struct Galaxy<'d> {
    db: &'d Connection,
    most: usize,
}

/// One value of a row, as far as it is one that is wanted.
#[derive(Debug, Clone, Default)]
enum Field {
    #[default]
    None,
    Number(i64),
    Text(String),
}

impl Field {
    fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            _ => "",
        }
    }
    const fn number(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }
}

impl Galaxy<'_> {
    /// Whether there is a plain table of that name with these columns.
    fn has(&self, table: &str, columns: &[&str]) -> rusqlite::Result<bool> {
        let sql: Option<String> = self
            .db
            .query_row(
                "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?1",
                [table],
                |row| row.get(0),
            )
            .map(Some)
            .or_else(|error| match error {
                rusqlite::Error::QueryReturnedNoRows => Ok(None),
                other => Err(other),
            })?;
        let plain = sql.is_some_and(|sql| {
            let sql = sql.trim_start().to_ascii_uppercase();
            sql.starts_with("CREATE TABLE")
        });
        if !plain {
            return Ok(false);
        }
        // Hidden ones are reckoned by the file's own expressions.
        let mut found = self
            .db
            .prepare("SELECT name, hidden FROM pragma_table_xinfo(?1)")?;
        let known: Vec<(String, i64)> = found
            .query_map([table], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        Ok(known.iter().all(|(_, hidden)| *hidden == 0)
            && columns
                .iter()
                .all(|wanted| known.iter().any(|(name, _)| name == wanted)))
    }

    /// Tells the rows of a table, if it is there.
    fn rows(
        &self,
        table: &'static str,
        columns: &[&'static str],
        tell: &mut dyn FnMut(&[Field]),
    ) -> Result<bool, Malformed> {
        let fail = |error: rusqlite::Error| wrong(table, &error);
        if !self.has(table, columns).map_err(fail)? {
            return Ok(false);
        }
        let mut reports = 0_u32;
        self.db
            .progress_handler(
                1000,
                Some(move || {
                    reports += 1;
                    reports > MOST_REPORTS
                }),
            )
            .map_err(fail)?;
        // Names of ours, never the file's.
        let sql = format!("SELECT \"{}\" FROM \"{table}\"", columns.join("\", \""));
        let mut statement = self.db.prepare(&sql).map_err(fail)?;
        let mut rows = statement.query([]).map_err(fail)?;
        let mut fields = vec![Field::None; columns.len()];
        while let Some(row) = rows.next().map_err(fail)? {
            for (at, field) in fields.iter_mut().enumerate() {
                *field = match row.get_ref(at).map_err(fail)? {
                    ValueRef::Integer(number) => Field::Number(number),
                    ValueRef::Text(text) => Field::Text(String::from_utf8_lossy(text).into_owned()),
                    _ => Field::None,
                };
            }
            tell(&fields);
        }
        Ok(true)
    }

    fn games(&self) -> Result<Vec<Result<Row, Rejected>>, Malformed> {
        let held = self.held()?;
        let mut games: BTreeMap<String, Game> = held
            .into_iter()
            .take(self.most + 1)
            .map(|(key, holding)| {
                let game = Game {
                    holding,
                    ..Game::default()
                };
                (key, game)
            })
            .collect();
        self.pieces(&mut games)?;
        self.rows("GameTimes", &["releaseKey", "minutesInGame"], &mut |row| {
            if let (Some(game), Some(minutes)) = (games.get_mut(row[0].text()), row[1].number()) {
                game.minutes = game.minutes.saturating_add(minutes.max(0));
            }
        })?;
        self.rows(
            "LastPlayedDates",
            &["gameReleaseKey", "lastPlayedDate"],
            &mut |row| {
                if let Some(game) = games.get_mut(row[0].text()) {
                    game.played = game.played.max(instant(&row[1]));
                }
            },
        )?;
        self.rows(
            "ProductPurchaseDates",
            &["gameReleaseKey", "purchaseDate"],
            &mut |row| {
                if let Some(game) = games.get_mut(row[0].text()) {
                    game.added = instant(&row[1]);
                }
            },
        )?;
        self.rows(
            "UserReleaseProperties",
            &["releaseKey", "isHidden"],
            &mut |row| {
                if let Some(game) = games.get_mut(row[0].text()) {
                    game.hidden |= row[1].number() == Some(1);
                }
            },
        )?;
        // What is not held any more counts only if it was played.
        games.retain(|_, game| game.holding != Holding::PlayedOnly || game.minutes > 0);
        let rows = games.into_iter().enumerate();
        Ok(rows
            .map(|(index, (key, game))| game.row(index, &key))
            .collect())
    }

    /// What is held, and how. Galaxy keeps what a subscription once lent among the purchases, so
    /// those count only where it does not say more.
    fn held(&self) -> Result<BTreeMap<String, Holding>, Malformed> {
        let mut library: HashMap<i64, String> = HashMap::new();
        let known = self.rows("LibraryReleases", &["id", "releaseKey"], &mut |row| {
            if let Some(id) = row[0].number() {
                library.insert(id, row[1].text().to_owned());
            }
        })?;
        let mut held = BTreeMap::new();
        let mut licences: Vec<(Option<i64>, i64, bool)> = Vec::new();
        let mut keep = |id: Option<i64>, library: &Field, owned: &Field| {
            if let Some(library) = library.number() {
                licences.push((id, library, owned.number() != Some(0)));
            }
        };
        let mut licensed = self.rows(
            "LicensedReleases",
            &["id", "libraryId", "isOwned"],
            &mut |row| keep(row[0].number(), &row[1], &row[2]),
        )?;
        if !licensed {
            licensed = self.rows("LicensedReleases", &["libraryId", "isOwned"], &mut |row| {
                keep(None, &row[0], &row[1])
            })?;
        }
        if !known || !licensed {
            self.rows("ProductPurchaseDates", &["gameReleaseKey"], &mut |row| {
                held.insert(row[0].text().to_owned(), Holding::Owned);
            })?;
            if held.is_empty()
                && !self
                    .has("ProductPurchaseDates", &["gameReleaseKey"])
                    .unwrap_or(false)
            {
                return Err(place::whole("this is not a database of GOG Galaxy 2.0"));
            }
            held.retain(|key, _| is_game(key));
            return Ok(held);
        }
        let mut lent: HashSet<i64> = HashSet::new();
        self.rows("SubscriptionReleases", &["licenseId"], &mut |row| {
            lent.extend(row[0].number());
        })?;
        for (id, library_id, owned) in licences {
            let Some(key) = library.get(&library_id) else {
                continue;
            };
            let by_subscription = lent.contains(&id.unwrap_or(library_id));
            let holding = match (owned, by_subscription) {
                (true, false) => Holding::Owned,
                (_, true) => Holding::Subscription,
                (false, false) => Holding::PlayedOnly,
            };
            // Bought and lent: bought.
            let now = held.entry(key.clone()).or_insert(holding);
            if holding == Holding::Owned || (*now == Holding::PlayedOnly) {
                *now = holding;
            }
        }
        held.retain(|key, _| is_game(key));
        Ok(held)
    }

    fn pieces(&self, games: &mut BTreeMap<String, Game>) -> Result<(), Malformed> {
        let mut kinds: HashMap<i64, String> = HashMap::new();
        self.rows("GamePieceTypes", &["id", "type"], &mut |row| {
            if let Some(id) = row[0].number() {
                kinds.insert(id, clean(row[1].text(), 40));
            }
        })?;
        let known = self.rows(
            "GamePieces",
            &["releaseKey", "gamePieceTypeId", "value"],
            &mut |row| {
                let kind = row[1].number().and_then(|id| kinds.get(&id));
                if let (Some(game), Some(kind)) = (games.get_mut(row[0].text()), kind) {
                    game.learn(kind, row[2].text());
                }
            },
        )?;
        if known {
            Ok(())
        } else {
            Err(place::whole("this is not a database of GOG Galaxy 2.0"))
        }
    }
}

/// Add-ons stand among the releases of some stores.
fn is_game(key: &str) -> bool {
    let id = key.split_once('_').map_or("", |(_, id)| id);
    !id.is_empty() && !id.to_ascii_lowercase().starts_with("dlc")
}

/// A time as Galaxy writes it, in text or in seconds.
fn instant(field: &Field) -> Option<DateTime<Utc>> {
    let read = match field {
        Field::Number(seconds) => DateTime::from_timestamp(*seconds, 0),
        Field::Text(text) => super::date::instant(text, super::date::Style::Ymd),
        Field::None => None,
    };
    read.filter(|at| (1950..=2100).contains(&at.year()))
}

#[derive(Debug, Clone)]
struct Game {
    holding: Holding,
    title: String,
    original: String,
    genres: Vec<String>,
    developers: Vec<String>,
    released: Option<DateTime<Utc>>,
    minutes: i64,
    played: Option<DateTime<Utc>>,
    added: Option<DateTime<Utc>>,
    hidden: bool,
}

impl Default for Game {
    fn default() -> Self {
        Self {
            holding: Holding::Owned,
            title: String::new(),
            original: String::new(),
            genres: Vec::new(),
            developers: Vec::new(),
            released: None,
            minutes: 0,
            played: None,
            added: None,
            hidden: false,
        }
    }
}

impl Game {
    /// What one piece says. What a person changed stands in the plain one, what the store said in
    /// the original.
    fn learn(&mut self, kind: &str, value: &str) {
        let is_wanted = matches!(kind, "title" | "originalTitle" | "meta" | "originalMeta");
        if !is_wanted {
            return;
        }
        let Ok(value) = serde_json::from_str::<Value>(value) else {
            return;
        };
        let title = || clean(value["title"].as_str().unwrap_or_default(), MAX_TITLE);
        let words = |key: &str| -> Vec<String> {
            let list = value[key].as_array().map_or(&[][..], Vec::as_slice);
            let texts = list.iter().take(50).filter_map(Value::as_str);
            texts
                .map(|text| clean(text, 80))
                .filter(|text| !text.is_empty())
                .collect()
        };
        match kind {
            "title" => self.title = title(),
            "originalTitle" => self.original = title(),
            "meta" | "originalMeta" => {
                if self.genres.is_empty() || kind == "meta" {
                    self.genres = words("genres");
                    self.developers = words("developers");
                    let seconds = value["releaseDate"].as_i64();
                    self.released = seconds
                        .and_then(|seconds| instant(&Field::Number(seconds)))
                        .or(self.released);
                }
            }
            _ => {}
        }
    }

    fn row(self, index: usize, key: &str) -> Result<Row, Rejected> {
        let (prefix, id) = key.split_once('_').unwrap_or(("generic", key));
        let platform = OTHER_NAMES
            .iter()
            .find(|(own, _)| *own == prefix)
            .map_or_else(|| slug(prefix), |(_, platform)| (*platform).to_owned());
        let refuse = |title: &str, what: &str| Rejected {
            title: title.to_owned(),
            why: Malformed {
                line: index + 1,
                column: 1,
                name: Some(clean(key, 80)),
                what: what.to_owned(),
            },
        };
        let title = if self.title.is_empty() {
            self.original
        } else {
            self.title
        };
        if title.is_empty() {
            return Err(refuse("", "a title is needed"));
        }
        if id.chars().count() > MAX_ID {
            return Err(refuse(&title, "a store's id has at most 100 characters"));
        }
        let hints = Hints {
            genres: self.genres,
            developers: self.developers,
            released_on: self.released.map(|at| at.date_naive()),
            ..Hints::default()
        };
        Ok(Row {
            line: index + 1,
            shelf: 0,
            group: index,
            title: title.clone(),
            year: None,
            play: Vec::new(),
            word: Word {
                hidden: self.hidden,
                ..Word::default()
            },
            incoming: Some(Incoming {
                store_id: (platform != "manual").then(|| clean(id, MAX_ID)),
                platform,
                title: Some(title),
                holding: Some(self.holding),
                playtime_minutes: Some(
                    i32::try_from(self.minutes.min(52_560_000)).unwrap_or_default(),
                ),
                last_played_at: self.played,
                added_at: self.added,
                year: self.released.map(|at| at.year()),
                hints: (hints != Hints::default()).then_some(hints),
                status: None,
            }),
        })
    }
}
