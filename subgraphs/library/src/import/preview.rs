//! What an import would do, game by game, for somebody who looks before they leap.

use super::{
    Import, ImportError, ImportFormat, Imports, Malformed, Report,
    columns::Column,
    fate::{Differs, Fated, Seen},
    marks::{Change, Marks},
    rows::Rows,
    source::FileColumn,
    statuses::Named,
};
use crate::{
    account,
    copy::{Holding, entity::Model, upsert::Incoming},
    game,
    status::own::{self, Own},
};
use djinn_kernel::{event::Hints, viewer::Identity};
use sea_orm::ActiveEnum;
use std::sync::Arc;

/// What somebody wants to see.
#[derive(Debug, Clone)]
pub struct Look {
    /// How many rows.
    pub first: u32,
    /// How many to pass over.
    pub after: usize,
    /// Only these actions; all when there are none.
    pub only: Vec<&'static str>,
}

/// One row of a preview.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The line it begins on.
    pub line: usize,
    /// Its title.
    pub title: String,
    /// What would become of it.
    pub action: &'static str,
    /// What a person reads for the status that the file gives it.
    pub status: Option<String>,
    /// Why it cannot be read, or which it repeats.
    pub why: Option<Malformed>,
    /// What would change: field, before and after.
    pub changes: Vec<Change>,
}

/// What an import would do.
#[derive(Debug, Clone)]
pub struct Preview {
    /// What the file is.
    pub format: ImportFormat,
    /// Its columns.
    pub columns: Vec<FileColumn>,
    /// Whether a column has to be mapped to the title first.
    pub lacks_title: bool,
    /// The sums.
    pub report: Report,
    /// The rows of this page.
    pub rows: Vec<Shown>,
    /// How many rows there are on all pages.
    pub total: usize,
    /// Whether there are more.
    pub has_next: bool,
}

impl Imports {
    /// Says what an import would do. Changes nothing.
    pub async fn preview(
        &self,
        who: &Identity,
        import: Import,
        look: Look,
    ) -> Result<Preview, ImportError> {
        let label = account::label(&import.label).ok_or_else(|| ImportError::Invalid {
            field: "input.label".to_owned(),
            message: format!("a label has 1 to {} characters", account::MAX_LABEL),
        })?;
        let household = who.household.0;
        let source = self.open(household, import).await?;
        let file = Arc::clone(&source);
        let columns = tokio::task::spawn_blocking(move || file.columns())
            .await
            .map_err(|error| ImportError::Internal(broke(error)))?
            .map_err(ImportError::Malformed)?;
        let mut preview = Preview {
            format: source.format,
            columns,
            lacks_title: source.lacks_title(),
            report: Report::default(),
            rows: Vec::new(),
            total: 0,
            has_next: false,
        };
        if preview.lacks_title {
            return Ok(preview);
        }
        // A status that the household does not have yet is called as the file calls it.
        let own: Arc<[Own]> = own::store::of(self.ports.db.read(), household)
            .await?
            .into();
        let mut named = Named::of(source.frame.as_ref());
        let shelves = self.known(household, &label, &source).await?;
        let mut marks = Marks::default();
        let mut rows = Rows::of(source, Arc::clone(&own), self.limits.import_rows).brought_by(who);
        while let Some(items) = rows.next().await? {
            named.note_items(&items, true)?;
            let fates = self
                .fates(self.ports.db.read(), &shelves, &mut marks, items)
                .await?;
            take(fates, &own, &look, &mut preview);
        }
        preview.report.new_statuses = self.lacking(household, named).await?;
        preview.has_next = preview.total > look.after + preview.rows.len();
        Ok(preview)
    }
}

/// Counts what would happen to a portion, and keeps what is to be seen of it.
fn take(fates: Vec<Fated>, own: &[Own], look: &Look, preview: &mut Preview) {
    for fated in fates {
        let Fated {
            line,
            title,
            action,
            status,
            seen,
        } = fated;
        preview.report.count(line, title.clone(), action);
        if !look.only.is_empty() && !look.only.contains(&action) {
            continue;
        }
        let at = preview.total;
        preview.total += 1;
        if at < look.after || preview.rows.len() >= look.first as usize {
            continue;
        }
        let (why, changes) = match seen {
            Some(Seen::Passed(why)) => (Some(why), Vec::new()),
            Some(Seen::Differs(both)) => {
                let Differs { copy, said, marks } = *both;
                let mut changes = differences(&copy, &said, own);
                changes.extend(marks);
                (None, changes)
            }
            None => (None, Vec::new()),
        };
        preview.rows.push(Shown {
            line,
            title,
            action,
            status: status.map(|id| shown(&id, own)),
            why,
            changes,
        });
    }
}

fn broke(error: tokio::task::JoinError) -> djinn_kernel::Fault {
    let broken: Result<(), _> = Err(error);
    match djinn_kernel::Doing::doing(broken, "reading the columns of an import") {
        Err(fault) => fault,
        Ok(()) => djinn_kernel::Fault::new("reading the columns of an import"),
    }
}

/// What a person reads for the ratings of all boards.
fn ratings(hints: &Hints) -> Option<String> {
    let esrb = hints.esrb.map(|esrb| format!("{esrb:?}"));
    let boards = hints.boards.iter();
    let all: Vec<String> = esrb
        .into_iter()
        .chain(boards.map(|said| format!("{} {}", said.board, said.rating)))
        .collect();
    (!all.is_empty()).then(|| all.join("; "))
}

/// What a person reads for a status.
fn shown(id: &str, own: &[Own]) -> String {
    let hubs = game::status(id).map(|status| status.name);
    hubs.unwrap_or_else(|| own::name_of(own, id)).to_owned()
}

/// What of a copy the file says otherwise.
fn differences(before: &Model, after: &Incoming, own: &[Own]) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut look = |column: Column, old: Option<String>, new: Option<String>| {
        if new.is_some() && old != new {
            changes.push((column.name(), old, new));
        }
    };
    let holding = |holding: Holding| holding.to_value();
    look(
        Column::Title,
        Some(before.title.clone()),
        after.title.clone(),
    );
    look(
        Column::Holding,
        Some(holding(before.holding)),
        after.holding.map(holding),
    );
    look(
        Column::PlaytimeMinutes,
        Some(before.playtime_minutes.to_string()),
        after.playtime_minutes.map(|minutes| minutes.to_string()),
    );
    look(
        Column::LastPlayed,
        before.last_played_at.map(|at| at.to_rfc3339()),
        after.last_played_at.map(|at| at.to_rfc3339()),
    );
    look(
        Column::Year,
        before.year.map(|year| year.to_string()),
        after.year.map(|year| year.to_string()),
    );
    let named = |id: &Option<String>| id.as_ref().map(|id| own::name_of(own, id).to_owned());
    look(
        Column::Status,
        named(&before.import_status),
        named(&after.status),
    );
    let hints: Hints = serde_json::from_value(before.hints.clone()).unwrap_or_default();
    let said = after.hints.clone().unwrap_or_default();
    if after.hints.is_some() && said != hints {
        let list = |words: &[String]| (!words.is_empty()).then(|| words.join("; "));
        look(Column::Genres, list(&hints.genres), list(&said.genres));
        look(Column::Tags, list(&hints.tags), list(&said.tags));
        look(
            Column::Developer,
            list(&hints.developers),
            list(&said.developers),
        );
        let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string());
        look(
            Column::ReleasedOn,
            day(hints.released_on),
            day(said.released_on),
        );
        look(Column::Rating, ratings(&hints), ratings(&said));
        let minutes = |minutes: Option<i32>| minutes.map(|minutes| minutes.to_string());
        look(
            Column::MainStoryMinutes,
            minutes(hints.main_story_minutes),
            minutes(said.main_story_minutes),
        );
    }
    changes
}
