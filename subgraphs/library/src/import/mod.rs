//! Imports: games out of a file, onto a shelf of their own.
//!
//! A file is read whole and checked whole before anything is written, and written in one
//! transaction: so nothing is ever half imported. It is told game by game (`source`), in
//! portions (`rows`), twice: once to check it and once to write it; a dry run is told it once. So
//! there is never more of it in memory than its text and two portions, whatever a stranger puts
//! into it.
//!
//! Each format has a file that knows its shape and no more; what a value means is said once, in
//! `cell` and `row`. What a file says of a *game* rather than a copy waits until the copy has a
//! game ([`waiting`]).

mod board;
mod cell;
mod columns;
mod csv;
mod date;
mod error;
mod fate;
mod format;
mod galaxy;
pub mod graphql;
mod hand;
mod json;
mod launchbox;
mod launcher;
mod looks;
mod marks;
mod own;
mod place;
mod playnite;
mod preview;
mod reason;
mod restore;
mod row;
mod rows;
mod service;
mod source;
mod statuses;
mod text;
mod upload;
pub mod waiting;
pub mod word;

pub use cell::MAX_MINUTES;
pub use columns::Column;
pub use error::ImportError;
pub use format::ImportFormat;
pub use playnite::plugin_of;
pub use reason::Reason;
pub use row::MAX_ID;
pub use service::{Import, Imports, Report, matching_run};

/// Whether somebody who is told game after game wants to go on.
type Flow = std::ops::ControlFlow<()>;

/// A file that cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}{}: {what}", .name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default())]
pub struct Malformed {
    /// The line, from 1.
    pub line: usize,
    /// The character in it, from 1.
    pub column: usize,
    /// The name of the column or key, when it is about one.
    pub name: Option<String>,
    /// What is wrong.
    pub what: Reason,
}

/// One value of a file, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Its text, or its texts where the file has a list.
    pub texts: Vec<String>,
    /// Whether the file itself made the list.
    pub list: bool,
    /// The column's or key's name, as written.
    pub name: String,
    /// The line, from 1.
    pub line: usize,
    /// The character in it, from 1.
    pub column: usize,
}

impl Cell {
    /// The complaint that `what` is wrong with it.
    pub fn wrong(&self, what: impl Into<Reason>) -> Malformed {
        Malformed {
            line: self.line,
            column: self.column,
            name: Some(self.name.clone()),
            what: what.into(),
        }
    }

    /// Its text; a list's first.
    pub fn text(&self) -> &str {
        self.texts.first().map_or("", |text| text.trim())
    }
}

/// One game of a file: its cells by what they mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The line it begins on.
    pub line: usize,
    /// The character in it, from 1.
    pub column: usize,
    /// What its title would be called, where one may be left out.
    pub titled: Option<String>,
    /// Its cells.
    pub cells: Vec<(Column, Cell)>,
}
