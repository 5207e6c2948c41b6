//! Somebody else's database, opened so that nothing in it runs, and its tables told row by row.

use crate::{
    copy::clean,
    import::{Malformed, place},
};
use rusqlite::{Connection, config::DbConfig, limits::Limit, types::ValueRef};
use std::io::{self, Read};

/// How often a statement may report that it is still at work, a thousand steps each time.
const MOST_REPORTS: u32 = 50_000;
/// The longest value, in bytes.
const MAX_VALUE: i32 = 1024 * 1024;

/// The database of a file, in memory and read-only.
pub struct Database(Connection);

/// One value of a row, as far as it is one that is wanted.
#[derive(Debug, Clone, Default)]
pub enum Field {
    #[default]
    /// Nothing, or nothing that is wanted.
    None,
    /// A whole number.
    Number(i64),
    /// A text.
    Text(String),
}

impl Field {
    /// The text; empty when it is none.
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            _ => "",
        }
    }

    /// The number, if it is one.
    pub const fn number(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }
}

impl Database {
    /// Opens it. `parts` are its bytes; they are freed as they are read.
    pub fn open(parts: Vec<Vec<u8>>) -> Result<Self, Malformed> {
        let size = parts.iter().map(Vec::len).sum();
        let db = open(parts, size).map_err(|error| wrong("opening it", &error))?;
        Ok(Self(db))
    }

    /// Whether there is a plain table of that name with these columns.
    pub fn has(&self, table: &str, columns: &[&str]) -> rusqlite::Result<bool> {
        let sql: Option<String> = self
            .0
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
            .0
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
    pub fn rows(
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
        self.0
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
        let mut statement = self.0.prepare(&sql).map_err(fail)?;
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
}

fn wrong(doing: &str, error: &rusqlite::Error) -> Malformed {
    place::whole(format!(
        "the database cannot be read ({doing}): {}",
        clean(&error.to_string(), 200)
    ))
}

/// Bytes in parts, freed as they are read. A database that was last used with a write-ahead log
/// says so in two bytes, and would then be looked for beside it: they are made the plain ones.
struct Reader {
    left: std::vec::IntoIter<Vec<u8>>,
    now: io::Cursor<Vec<u8>>,
    at: usize,
}

impl Read for Reader {
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
            match self.left.next() {
                Some(part) => self.now = io::Cursor::new(part),
                None => return Ok(0),
            }
        }
    }
}

fn open(parts: Vec<Vec<u8>>, size: usize) -> rusqlite::Result<Connection> {
    let mut db = Connection::open_in_memory()?;
    let reader = Reader {
        left: parts.into_iter(),
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
