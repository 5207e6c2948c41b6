//! A file that was opened: what it is, and its games, told as often as asked.

use super::{
    Flow, ImportError, ImportFormat, Malformed, Record,
    columns::{Column, Mapping},
    csv::{self, Table},
    galaxy,
    hand::Hand,
    json, launchbox, launcher, own,
    row::{self, Rejected, Row},
    statuses::settle,
    text,
};
use crate::{config::Limits, status::own::Own};
use std::collections::{HashMap, hash_map::Entry};

/// What somebody sends.
#[derive(Debug, Clone)]
pub enum Content {
    /// A text.
    Text(String),
    /// A database, in parts.
    Database(Vec<Vec<u8>>),
}

/// A file that was opened.
pub struct Source {
    /// What it is.
    pub format: ImportFormat,
    /// What stands around the games of our own file.
    pub frame: Option<own::Frame>,
    body: Body,
    mapping: Mapping,
    hand: Hand,
}

enum Body {
    Text(String),
    Games(Vec<Result<Row, Rejected>>),
}

/// One column of a file, as somebody who maps it sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileColumn {
    /// Its header, or the key in JSON.
    pub name: String,
    /// What it is read as.
    pub column: Option<Column>,
    /// Whether a person said so.
    pub by_hand: bool,
    /// Its first values, each once.
    pub samples: Vec<String>,
}

/// How many games of a JSON file are looked at for its keys.
const SAMPLED_GAMES: usize = 50;
/// How many values of a key are shown.
const SAMPLES: usize = 5;
/// The most keys that are shown.
const MAX_KEYS: usize = 200;

impl Source {
    /// Opens a file. Megabytes are read here: not in the way of requests.
    pub fn open(
        content: Content,
        said: ImportFormat,
        mapping: Mapping,
        limits: Limits,
    ) -> Result<Self, ImportError> {
        let malformed = ImportError::Malformed;
        let (format, body) = match content {
            Content::Text(text) => {
                let said = ImportFormat::of_bytes(said, text.as_bytes())?;
                said.check(&text)?;
                (ImportFormat::of_text(said, &text), Body::Text(text))
            }
            Content::Database(parts) => {
                let games = galaxy::read(parts, limits.import_rows).map_err(malformed)?;
                (ImportFormat::GogGalaxy, Body::Games(games))
            }
        };
        let limit = limits.import_rows;
        if let Body::Text(text) = &body
            && has_more_than(text, format, limit)
        {
            return Err(ImportError::TooMany { limit });
        }
        let frame = match &body {
            Body::Text(text) if format == ImportFormat::Json && own::is_own(text) => {
                let most = usize::try_from(limits.libraries).unwrap_or(usize::MAX);
                Some(own::frame(text, most).map_err(malformed)?)
            }
            _ => None,
        };
        let mut source = Self {
            format,
            frame,
            body,
            mapping,
            hand: Hand::PLAIN,
        };
        source.hand = source.hand().map_err(malformed)?;
        Ok(source)
    }

    fn hand(&self) -> Result<Hand, Malformed> {
        match (&self.body, self.format) {
            (Body::Text(text), ImportFormat::Csv | ImportFormat::PlayniteCsv) => {
                Hand::of_table(&self.table(text)?, self.format.dialect())
            }
            (Body::Text(text), ImportFormat::PlayniteJson) => {
                Hand::of_playnite(text, &self.mapping)
            }
            _ => Ok(Hand::PLAIN),
        }
    }

    /// Tells every game, to a household that has these statuses of its own. An error is one of the
    /// file as a whole.
    pub fn each(
        &self,
        statuses: &[Own],
        tell: &mut dyn FnMut(Result<Row, Rejected>) -> Flow,
    ) -> Result<(), Malformed> {
        let text = match &self.body {
            Body::Games(games) => {
                for game in games {
                    if tell(game.clone()).is_break() {
                        break;
                    }
                }
                return Ok(());
            }
            Body::Text(text) => text,
        };
        if let Some(frame) = &self.frame {
            return own::each(text, frame, &mut |row| {
                tell(row.map(|mut row| {
                    settle(&mut row, statuses);
                    row
                }))
            });
        }
        let mut group = 0;
        let mut take = |record: Result<Record, Malformed>, hand: Hand| {
            group += 1;
            tell(match record {
                Ok(record) => row::read(&record, hand, statuses).map(|row| Row { group, ..row }),
                Err(why) => Err(Rejected {
                    title: String::new(),
                    why,
                }),
            })
        };
        match self.format {
            ImportFormat::Json | ImportFormat::PlayniteJson => {
                let dialect = self.format.dialect();
                json::each(text, &self.mapping, dialect, &mut |record| {
                    take(record, self.hand)
                })
            }
            ImportFormat::Legendary => {
                launcher::legendary(text, &mut |record| take(Ok(record), Hand::PLAIN))
            }
            ImportFormat::Heroic => {
                launcher::heroic(text, &mut |record| take(Ok(record), Hand::PLAIN))
            }
            ImportFormat::LaunchBox => {
                launchbox::each(text, &mut |record| take(Ok(record), Hand::PLAIN))
            }
            _ => {
                let table = self.table(text)?;
                table.check()?;
                table.each(&mut |record| take(Ok(record), self.hand))
            }
        }
    }

    fn table<'t>(&self, text: &'t str) -> Result<Table<'t>, Malformed> {
        Table::open(text, &self.mapping, self.format.dialect())
    }

    /// Whether no column is read as the title, so that a person has to say which is.
    pub fn lacks_title(&self) -> bool {
        let is_table = matches!(self.format, ImportFormat::Csv | ImportFormat::PlayniteCsv);
        match &self.body {
            Body::Text(text) if is_table => {
                self.table(text).is_ok_and(|table| table.check().is_err())
            }
            _ => false,
        }
    }

    /// Its columns, for a form that maps them. Empty for formats that say themselves what is what.
    pub fn columns(&self) -> Result<Vec<FileColumn>, Malformed> {
        let text = match &self.body {
            Body::Text(text) if self.format.has_columns() && self.frame.is_none() => text,
            _ => return Ok(Vec::new()),
        };
        let column = |name: &str, column, samples| FileColumn {
            name: name.to_owned(),
            column,
            by_hand: self.mapping.says(name),
            samples,
        };
        if matches!(self.format, ImportFormat::Csv | ImportFormat::PlayniteCsv) {
            let table = self.table(text)?;
            let samples = table.samples()?;
            return Ok(table
                .headers()
                .iter()
                .zip(samples)
                .map(|(header, samples)| column(&header.name, header.column, samples))
                .collect());
        }
        let mut keys: Vec<(String, Vec<String>)> = Vec::new();
        let mut seen = 0;
        json::games(text::unmarked(text), &["games"], &mut |game| {
            for (key, value) in game.keys() {
                let known = keys.iter().position(|(own, _)| own == key);
                let at = match known {
                    Some(at) => at,
                    None if keys.len() == MAX_KEYS => continue,
                    None => {
                        keys.push((key.to_owned(), Vec::new()));
                        keys.len() - 1
                    }
                };
                let value = crate::copy::clean(&value.unwrap_or_default(), 80);
                let samples = &mut keys[at].1;
                if samples.len() < SAMPLES && !value.is_empty() && !samples.contains(&value) {
                    samples.push(value);
                }
            }
            seen += 1;
            if seen < SAMPLED_GAMES {
                Flow::Continue(())
            } else {
                Flow::Break(())
            }
        })?;
        let dialect = self.format.dialect();
        let columns = keys.into_iter().map(|(key, samples)| {
            let means = self.mapping.of(&key, dialect);
            column(&key, means, samples)
        });
        Ok(columns.collect())
    }
}

/// Whether a file plainly has more games than may be, before one of them is read. In the files of
/// others not everything is a game: those are counted as they are read.
fn has_more_than(text: &str, format: ImportFormat, most: usize) -> bool {
    match format {
        ImportFormat::Csv | ImportFormat::PlayniteCsv => csv::has_more_than(text, most),
        ImportFormat::Json | ImportFormat::PlayniteJson => json::has_more_than(text, most),
        _ => false,
    }
}

/// Which games of a file were told before, and on which line.
#[derive(Debug, Default)]
pub struct Seen(HashMap<(usize, String), usize>);

impl Seen {
    /// The line of the one it repeats; none where it is new.
    pub fn before(&mut self, row: &Row) -> Option<usize> {
        let incoming = row.incoming.as_ref()?;
        // A long title makes a long identity only up to its bound.
        match self.0.entry((row.shelf, incoming.identity())) {
            Entry::Occupied(first) => Some(*first.get()),
            Entry::Vacant(free) => {
                free.insert(row.line);
                None
            }
        }
    }
}
