//! Rows and values out of a text, each with its place.

use super::{MAX_COLUMNS, MAX_ROW, MOST_CELLS};
use crate::import::{Malformed, Reason};

pub(super) fn at(line: usize, column: usize, what: impl Into<Reason>) -> Malformed {
    Malformed {
        line,
        column,
        name: None,
        what: what.into(),
    }
}

/// How a table is separated, and where its header begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Start<'t> {
    /// What separates its values.
    pub(super) separator: char,
    /// The table from its header on.
    pub(super) rest: &'t str,
    /// The line of the header.
    pub(super) line: usize,
}

impl<'t> Start<'t> {
    /// As a first line like `sep=;` says, which Excel reads and some write for it; else by the
    /// header.
    pub(super) fn of(text: &'t str) -> Self {
        said(text).unwrap_or_else(|| Self {
            separator: separator(text),
            rest: text,
            line: 1,
        })
    }
}

fn said(text: &str) -> Option<Start<'_>> {
    let (first, rest) = text.split_at(text.find(['\r', '\n'])?);
    let (name, separator) = first.split_at_checked(4)?;
    let separator = separator.parse::<char>().ok()?;
    let known = name.eq_ignore_ascii_case("sep=") && matches!(separator, ',' | ';' | '\t' | '|');
    known.then(|| Start {
        separator,
        rest: rest.strip_prefix("\r\n").unwrap_or_else(|| &rest[1..]),
        line: 2,
    })
}

/// The separator that the first line uses most; a comma when it uses none. A `|` only where there
/// is no other: it also separates words.
fn separator(text: &str) -> char {
    let mut quoted = false;
    let mut counts = [(',', 0), (';', 0), ('\t', 0)];
    let mut has_bar = false;
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            '\n' | '\r' if !quoted => break,
            _ if quoted => {}
            _ => {
                has_bar |= c == '|';
                if let Some((_, count)) = counts.iter_mut().find(|(separator, _)| *separator == c) {
                    *count += 1;
                }
            }
        }
    }
    if has_bar && counts.iter().all(|(_, count)| *count == 0) {
        return '|';
    }
    // `max_by_key` takes the last of equals, hence the reversal.
    counts
        .iter()
        .rev()
        .max_by_key(|(_, count)| *count)
        .map_or(',', |(separator, _)| *separator)
}

pub(super) struct Raw {
    pub(super) text: String,
    pub(super) line: usize,
    pub(super) column: usize,
}

pub(super) struct Row {
    pub(super) line: usize,
    pub(super) cells: Vec<Raw>,
}

pub(super) struct Reader<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    separator: char,
    line: usize,
    column: usize,
    /// Bytes of the row so far.
    size: usize,
}

/// What ended a cell.
enum End {
    Cell,
    Row,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let start = Start::of(text);
        Self {
            rest: start.rest.chars().peekable(),
            separator: start.separator,
            line: start.line,
            column: 1,
            size: 0,
        }
    }

    fn next(&mut self) -> Option<char> {
        let c = self.rest.next()?;
        self.size += c.len_utf8();
        // CR LF, LF and CR all end a line; the first is made one character here.
        let c = if c == '\r' {
            self.rest.next_if_eq(&'\n');
            '\n'
        } else {
            c
        };
        if c == '\n' {
            self.line += 1;
            self.column = 1;
        } else {
            self.column += 1;
        }
        Some(c)
    }

    pub(super) fn next_row(&mut self) -> Result<Option<Row>, Malformed> {
        if self.rest.peek().is_none() {
            return Ok(None);
        }
        let line = self.line;
        self.size = 0;
        let mut cells = Vec::new();
        loop {
            let (cell, end) = self.cell()?;
            // Megabytes of commas would be a hundred times as much in cells.
            if cells.len() == MOST_CELLS {
                return Err(at(
                    line,
                    cell.column,
                    format!("more than {MOST_CELLS} values; at most {MAX_COLUMNS} are read"),
                ));
            }
            cells.push(cell);
            if matches!(end, End::Row) {
                return Ok(Some(Row { line, cells }));
            }
        }
    }

    fn cell(&mut self) -> Result<(Raw, End), Malformed> {
        let (line, column) = (self.line, self.column);
        let mut text = String::new();
        if self.rest.peek() != Some(&'"') {
            loop {
                match self.next() {
                    Some(c) if c == self.separator => {
                        return Ok((Raw { text, line, column }, End::Cell));
                    }
                    None | Some('\n') => return Ok((Raw { text, line, column }, End::Row)),
                    Some(_) if self.size > MAX_ROW => return Err(too_long(line, column)),
                    Some(c) => text.push(c),
                }
            }
        }
        self.next();
        loop {
            match self.next() {
                None => {
                    return Err(at(
                        line,
                        column,
                        "the quote that opens here is never closed",
                    ));
                }
                Some('"') if self.rest.peek() == Some(&'"') => {
                    self.next();
                    text.push('"');
                }
                Some('"') => break,
                Some(_) if self.size > MAX_ROW => return Err(too_long(line, column)),
                Some(c) => text.push(c),
            }
        }
        let (after_line, after_column) = (self.line, self.column);
        match self.next() {
            Some(c) if c == self.separator => Ok((Raw { text, line, column }, End::Cell)),
            None | Some('\n') => Ok((Raw { text, line, column }, End::Row)),
            Some(_) => Err(at(after_line, after_column, "text after a closing quote")),
        }
    }
}

fn too_long(line: usize, column: usize) -> Malformed {
    at(
        line,
        column,
        format!("a row of more than {MAX_ROW} bytes; is a quote never closed?"),
    )
}
