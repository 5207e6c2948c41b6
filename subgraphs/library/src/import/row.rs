//! From the cells of a file to copies and what is said of them.

use super::{
    Cell, Column, Malformed, Reason, Record, board, cell, columns::Dialect, hand::Hand, playnite,
    word::Word,
};
use crate::{
    copy::{MAX_TITLE, clean, upsert::Incoming},
    export::form::Achievements,
    platform::{MANUAL, slug},
    status::own::Own,
};
use chrono::NaiveDate;
use djinn_kernel::event::Hints;

/// The longest store id, in characters.
pub const MAX_ID: usize = 100;

/// One game of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// The line it begins on.
    pub line: usize,
    /// Which of the file's libraries it goes to.
    pub shelf: usize,
    /// Which of the file's games it is: several copies may be of one.
    pub group: usize,
    /// Its title.
    pub title: String,
    /// The year of its release, where no copy says it.
    pub year: Option<i32>,
    /// On which days it was played, and for how many minutes.
    pub play: Vec<(NaiveDate, i32)>,
    /// What was unlocked of its achievements.
    pub achievements: Option<Achievements>,
    /// The copy. None for a game of which only something is said.
    pub incoming: Option<Incoming>,
    /// What is said of it.
    pub word: Word,
}

/// A game of a file that cannot be taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// Its title, as far as there is one.
    pub title: String,
    /// Where and why.
    pub why: Malformed,
}

/// Reads one game of a file; `own` are the statuses that the household made for itself.
pub fn read(record: &Record, hand: Hand, own: &[Own]) -> Result<Row, Rejected> {
    let mut row = Row {
        line: record.line,
        ..Row::default()
    };
    let mut copy = Incoming {
        platform: MANUAL.to_owned(),
        ..Incoming::default()
    };
    let mut hints = Hints::default();
    for (column, value) in &record.cells {
        let said = &mut (&mut copy, &mut hints, &mut row.word);
        let mut step = || take(*column, value, hand, own, said);
        if let Err(why) = step() {
            let titled = record
                .cells
                .iter()
                .find(|(column, _)| *column == Column::Title);
            return Err(Rejected {
                title: clean(titled.map_or("", |(_, cell)| cell.text()), MAX_TITLE),
                why,
            });
        }
    }
    if hand.dialect == Dialect::Playnite {
        playnite::settle(record, &mut copy);
    }
    let Some(title) = &copy.title else {
        return Err(Rejected {
            title: String::new(),
            why: Malformed {
                line: record.line,
                column: record.column,
                name: record.titled.clone(),
                what: Reason::Untitled,
            },
        });
    };
    row.title.clone_from(title);
    if copy.platform.is_empty() {
        MANUAL.clone_into(&mut copy.platform);
    }
    copy.hints = (hints != Hints::default()).then_some(hints);
    row.incoming = Some(copy);
    Ok(row)
}

fn take(
    column: Column,
    value: &Cell,
    hand: Hand,
    own_statuses: &[Own],
    (copy, hints, word): &mut (&mut Incoming, &mut Hints, &mut Word),
) -> Result<(), Malformed> {
    let theirs = hand.dialect == Dialect::Playnite;
    match column {
        Column::Title => copy.title = Some(title(value)?),
        Column::Platform => copy.platform = slug(value.text()),
        Column::StoreId => copy.store_id = store_id(value)?,
        Column::PlaytimeMinutes => copy.playtime_minutes = Some(cell::minutes(value)?),
        Column::PlaytimeHours => {
            let minutes = cell::hours(value)?;
            // Minutes are the more exact of the two.
            copy.playtime_minutes.get_or_insert(minutes);
        }
        Column::PlaytimeSeconds => {
            let minutes = cell::seconds(value)?;
            copy.playtime_minutes.get_or_insert(minutes);
        }
        Column::LastPlayed if theirs => {
            copy.last_played_at = Some(cell::local_instant(value, hand.times)?);
        }
        Column::LastPlayed => copy.last_played_at = Some(cell::instant(value, hand.times)?),
        Column::Added if theirs => {
            copy.added_at = Some(cell::local_instant(value, hand.times)?);
        }
        Column::Added => copy.added_at = Some(cell::instant(value, hand.times)?),
        Column::Year => copy.year = Some(cell::year(value)?),
        Column::ReleasedOn => {
            let (year, day) = cell::released(value, hand.releases)?;
            copy.year.get_or_insert(year);
            hints.released_on = day;
        }
        Column::Genres => hints.genres = cell::words(value, &[','])?,
        Column::Tags => hints.tags = cell::words(value, &[','])?,
        // Not by comma: "Some Studio, Inc." is one.
        Column::Developer => hints.developers = cell::words(value, &[])?,
        Column::Rating => {
            (hints.esrb, hints.boards) = board::ratings(value);
            if hints.boards.is_empty() && !theirs {
                hints.esrb = cell::rating(value)?;
            }
        }
        // Not one of them is worth refusing the file.
        Column::Status if theirs => copy.status = cell::status(value, own_statuses).ok(),
        Column::Status => copy.status = Some(cell::status(value, own_statuses)?),
        Column::Holding => copy.holding = Some(cell::holding(value)?),
        Column::MainStoryMinutes => hints.main_story_minutes = Some(cell::minutes(value)?),
        Column::Favourite => word.favourite = cell::truth(value)?,
        Column::Hidden => word.hidden = cell::truth(value)?,
        Column::Notes => {
            word.notes = Some(cell::notes(value)?).filter(|notes| !notes.trim().is_empty());
        }
        Column::MyRating => word.rating = Some(cell::my_rating(value)?),
        Column::MyTags => word.tags = cell::my_tags(value),
        Column::Source | Column::Plugin => {}
    }
    Ok(())
}

/// A title that may be stored.
pub fn title(value: &Cell) -> Result<String, Malformed> {
    let title = clean(value.text(), MAX_TITLE + 1);
    if title.is_empty() {
        return Err(value.wrong(Reason::Untitled));
    }
    if title.chars().count() > MAX_TITLE {
        return Err(value.wrong(Reason::LongTitle));
    }
    Ok(title)
}

fn store_id(value: &Cell) -> Result<Option<String>, Malformed> {
    let id = clean(value.text(), MAX_ID + 1);
    if id.chars().count() > MAX_ID {
        return Err(value.wrong(Reason::LongId));
    }
    Ok((!id.is_empty()).then_some(id))
}
