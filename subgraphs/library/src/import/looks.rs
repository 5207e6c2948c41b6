//! What an import would do, in the graph.

use super::{
    ImportFormat, Reason,
    columns::Column,
    graphql::small,
    preview::{Preview, Shown},
    source::FileColumn,
};
use async_graphql::{Enum, SimpleObject};
use djinn_kernel::page::encode_cursor;
use djinn_subgraph_kit::graph::{PageInfo, cost};

/// What would happen to a game of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ImportAction {
    /// It is new to the library.
    Add,
    /// The file changes it.
    Update,
    /// It is already as the file has it.
    Unchanged,
    /// The file has it more than once.
    Skip,
    /// It cannot be read.
    Reject,
}

impl ImportAction {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Add, "add"),
        (Self::Update, "update"),
        (Self::Unchanged, "unchanged"),
        (Self::Skip, "skip"),
        (Self::Reject, "reject"),
    ];

    /// What services call it.
    pub fn word(self) -> &'static str {
        let found = Self::ALL.iter().find(|(own, _)| *own == self);
        found.map_or("", |(_, word)| word)
    }

    /// The one that services call so.
    pub fn of(word: &str) -> Self {
        let found = Self::ALL.iter().find(|(_, own)| *own == word);
        found.map_or(Self::Skip, |(action, _)| *action)
    }
}

/// What an import would do. Nothing is changed by looking.
#[derive(Debug, SimpleObject)]
pub struct ImportPreview {
    /// What kind of file it is.
    format: ImportFormat,
    /// Its columns, with what each would be read as. Empty for formats that say so themselves.
    #[graphql(directive = cost::Usual::apply(30))]
    columns: Vec<ImportColumn>,
    /// What a column can be.
    #[graphql(directive = cost::Usual::apply(25))]
    fields: Vec<ImportField>,
    /// Whether a column has to be mapped to `title` before anything can be said of the games.
    needs_title: bool,
    /// Games in the file.
    rows: i32,
    /// Games that are new to the library.
    added: i32,
    /// Games that the file changes.
    updated: i32,
    /// Games that are already as the file has them.
    unchanged: i32,
    /// Games that the file has more than once, or of which it only says something.
    skipped: i32,
    /// Games that cannot be read.
    rejected: i32,
    /// Statuses that your household does not have yet and would get, by name.
    new_statuses: Vec<String>,
    /// The games of this page, in the order of the file.
    nodes: Vec<ImportPreviewRow>,
    /// Where the page ends.
    page_info: PageInfo,
    /// How many there are on all pages, of those asked for.
    total_count: i32,
}

/// One column of a file, or one key of its games.
#[derive(Debug, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct ImportColumn {
    /// Its header, or the key.
    name: String,
    /// The field it would be read as. Null when it would be left out.
    field: Option<String>,
    /// Whether the mapping says so.
    mapped: bool,
    /// Its first values, at most 5, each once.
    samples: Vec<String>,
}

impl From<FileColumn> for ImportColumn {
    fn from(one: FileColumn) -> Self {
        Self {
            name: crate::copy::clean(&one.name, 200),
            field: one.column.map(|column| column.name().to_owned()),
            mapped: one.by_hand,
            samples: one.samples,
        }
    }
}

/// What a column can be.
#[derive(Debug, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct ImportField {
    /// What goes into a mapping, for instance `playtime_hours`.
    name: String,
    /// What a person reads.
    label: String,
}

/// What would happen to one game of a file.
#[derive(Debug, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct ImportPreviewRow {
    /// The line it is on; the line of the value, if one cannot be read.
    line: i32,
    /// The character in the line, from 1, where a value that cannot be read begins, or a game that
    /// repeats another.
    column: Option<i32>,
    /// Its title, as far as there is one.
    title: String,
    /// What would become of it.
    action: ImportAction,
    /// The status that the file gives it, by name. Null when it says none.
    status: Option<String>,
    /// The column or key that cannot be read; `store_id` or `title`, if by that it is the same game
    /// as another.
    field: Option<String>,
    /// Why it cannot be read, or the line of which game it repeats.
    reason: Option<String>,
    /// Which sentence that is, for instance `hours`. Other languages have it among the `texts`
    /// under `importReason.` and this, with `first`, `second` and `third` left open. Null for what
    /// is said in English only.
    reason_code: Option<String>,
    /// What stands in it: `first`, then `second` and `third`.
    reason_values: Vec<String>,
    /// What would change.
    changes: Vec<ImportChange>,
}

/// One value that an import would change.
#[derive(Debug, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct ImportChange {
    /// The field, as mappings name it.
    field: String,
    /// What it is now.
    before: Option<String>,
    /// What it would be.
    after: Option<String>,
}

impl From<Shown> for ImportPreviewRow {
    fn from(one: Shown) -> Self {
        let (column, field, reason) = match one.why {
            Some(why) => (Some(small(why.column)), why.name, Some(why.what)),
            None => (None, None, None),
        };
        let (code, values) = reason.as_ref().and_then(Reason::keyed).unzip();
        let change =
            |(field, before, after): (&str, Option<String>, Option<String>)| ImportChange {
                field: field.to_owned(),
                before,
                after,
            };
        Self {
            line: small(one.line),
            column,
            title: one.title,
            action: ImportAction::of(one.action),
            status: one.status,
            field,
            reason: reason.as_ref().map(ToString::to_string),
            reason_code: code.map(str::to_owned),
            reason_values: values.unwrap_or_default(),
            changes: one.changes.into_iter().map(change).collect(),
        }
    }
}

impl ImportPreview {
    /// Of a look, of which so many rows were passed over.
    pub fn new(preview: Preview, after: usize) -> Self {
        let fields = Column::all().map(|(name, label)| ImportField {
            name: name.to_owned(),
            label: label.to_owned(),
        });
        let report = preview.report;
        Self {
            format: preview.format,
            columns: preview
                .columns
                .into_iter()
                .map(ImportColumn::from)
                .collect(),
            fields: fields.collect(),
            needs_title: preview.lacks_title,
            rows: report.rows,
            added: report.added,
            updated: report.updated,
            unchanged: report.unchanged,
            skipped: report.skipped,
            rejected: report.rejected,
            new_statuses: report.new_statuses,
            page_info: PageInfo {
                has_next_page: preview.has_next,
                end_cursor: (!preview.rows.is_empty())
                    .then(|| encode_cursor(&(after + preview.rows.len()))),
            },
            nodes: preview
                .rows
                .into_iter()
                .map(ImportPreviewRow::from)
                .collect(),
            total_count: small(preview.total),
        }
    }
}
