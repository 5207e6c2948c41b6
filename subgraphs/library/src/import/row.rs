//! From the cells of a file to copies.

use super::{Column, Malformed, Record, cell};
use crate::{
    copy::{MAX_TITLE, clean, upsert::Incoming},
    platform::{MANUAL, slug},
};
use djinn_kernel::event::Hints;

/// The longest store id, in characters.
const MAX_ID: usize = 100;

/// Reads one game of a file.
pub fn read(record: &Record) -> Result<Incoming, Malformed> {
    let mut row = Incoming {
        platform: MANUAL.to_owned(),
        ..Incoming::default()
    };
    let mut hints = Hints::default();
    for (column, value) in &record.cells {
        match column {
            Column::Title => row.title = Some(title(value)?),
            Column::Platform => row.platform = slug(value.text()),
            Column::StoreId => row.store_id = store_id(value)?,
            Column::PlaytimeMinutes => row.playtime_minutes = Some(cell::minutes(value)?),
            Column::PlaytimeHours => {
                let minutes = cell::hours(value)?;
                // Minutes are the more exact of the two.
                row.playtime_minutes.get_or_insert(minutes);
            }
            Column::LastPlayed => row.last_played_at = Some(cell::instant(value)?),
            Column::Year => row.year = Some(cell::year(value)?),
            Column::ReleasedOn => {
                let (year, day) = cell::released(value)?;
                row.year.get_or_insert(year);
                hints.released_on = day;
            }
            Column::Genres => hints.genres = cell::words(value, &[','])?,
            Column::Tags => hints.tags = cell::words(value, &[','])?,
            // Not by comma: "Some Studio, Inc." is one.
            Column::Developer => hints.developers = cell::words(value, &[])?,
            Column::Rating => hints.esrb = cell::rating(value)?,
            Column::Status => row.status = Some(cell::status(value)?),
            Column::Holding => row.holding = Some(cell::holding(value)?),
            Column::MainStoryMinutes => hints.main_story_minutes = Some(cell::minutes(value)?),
        }
    }
    if row.title.is_none() {
        return Err(Malformed {
            line: record.line,
            column: 1,
            name: None,
            what: "a title is needed".to_owned(),
        });
    }
    if row.platform.is_empty() {
        MANUAL.clone_into(&mut row.platform);
    }
    row.hints = (hints != Hints::default()).then_some(hints);
    Ok(row)
}

fn title(value: &super::Cell) -> Result<String, Malformed> {
    let title = clean(value.text(), MAX_TITLE + 1);
    if title.is_empty() {
        return Err(value.wrong("a title is needed"));
    }
    if title.chars().count() > MAX_TITLE {
        return Err(value.wrong(format!("a title has at most {MAX_TITLE} characters")));
    }
    Ok(title)
}

fn store_id(value: &super::Cell) -> Result<Option<String>, Malformed> {
    let id = clean(value.text(), MAX_ID + 1);
    if id.chars().count() > MAX_ID {
        return Err(value.wrong(format!("a store's id has at most {MAX_ID} characters")));
    }
    Ok((!id.is_empty()).then_some(id))
}
