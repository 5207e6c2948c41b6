//! How the values of a file are written: found out by looking at all of it, where a value alone does
//! not say.

use super::{
    Column, Flow, Malformed, Record,
    columns::{Dialect, Mapping},
    csv::Table,
    date::{Guess, Style},
    json,
};

/// How the values of a file are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hand {
    /// Whose words they are.
    pub dialect: Dialect,
    /// How times are written.
    pub times: Style,
    /// How days of release are written.
    pub releases: Style,
}

impl Hand {
    /// As this hub writes.
    pub const PLAIN: Self = Self {
        dialect: Dialect::Plain,
        times: Style::Ymd,
        releases: Style::Ymd,
    };

    /// How a table is written.
    pub fn of_table(table: &Table<'_>, dialect: Dialect) -> Result<Self, Malformed> {
        let mut guesses = Guesses::default();
        let has_days = table
            .headers()
            .iter()
            .any(|header| header.column.is_some_and(is_day));
        if has_days {
            table.each(&mut |record| {
                guesses.look(&record);
                Flow::Continue(())
            })?;
        }
        Ok(guesses.hand(dialect))
    }

    /// How the JSON of Playnite is written.
    pub fn of_playnite(text: &str, mapping: &Mapping) -> Result<Self, Malformed> {
        let mut guesses = Guesses::default();
        json::each(text, mapping, Dialect::Playnite, &mut |record| {
            if let Ok(record) = record {
                guesses.look(&record);
            }
            Flow::Continue(())
        })?;
        Ok(guesses.hand(Dialect::Playnite))
    }
}

const fn is_day(column: Column) -> bool {
    matches!(
        column,
        Column::LastPlayed | Column::Added | Column::ReleasedOn
    )
}

/// How a file writes its days.
#[derive(Debug, Default, Clone, Copy)]
struct Guesses {
    times: Guess,
    releases: Guess,
}

impl Guesses {
    fn look(&mut self, record: &Record) {
        for (column, cell) in &record.cells {
            match column {
                Column::LastPlayed | Column::Added => self.times.look(cell.text()),
                Column::ReleasedOn => self.releases.look(cell.text()),
                _ => {}
            }
        }
    }

    const fn hand(self, dialect: Dialect) -> Hand {
        let (times, releases) = match dialect {
            Dialect::Playnite => (self.times.style(), self.releases.style()),
            Dialect::Plain => (self.times.plain_style(), self.releases.plain_style()),
        };
        Hand {
            dialect,
            times,
            releases,
        }
    }
}
