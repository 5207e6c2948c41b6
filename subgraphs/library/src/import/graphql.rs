//! Imports in the graph.

use super::{
    Import, ImportFormat, Imports, Report,
    columns::Column,
    preview::{Look, Preview, Shown},
    source::FileColumn,
    upload::Part,
};
use crate::account::{graphql::PlatformLibrary, may_change};
use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use djinn_kernel::{
    Code, Scope,
    page::{Page, encode_cursor},
};
use djinn_subgraph_kit::graph::{
    Needs, OrRefuse, PageInfo, Problem, ViewerExt, cost, problems, refuse,
};
use uuid::Uuid;

/// The label of a shelf that nobody gave one.
const DEFAULT_LABEL: &str = "Imported";

/// A file to import: its text, or an upload.
#[derive(InputObject)]
pub struct ImportInput {
    /// What kind of file it is.
    #[graphql(default_with = "Some(ImportFormat::Auto)")]
    format: Option<ImportFormat>,
    /// The file's text, at most 8 MiB and 50,000 games. Of a table, only a title is needed;
    /// `ImportPreview.fields` lists what else is read.
    content: Option<String>,
    /// The file as an upload, at most 20 MiB: what `uploadImport` answered, or `POST /upload`.
    upload: Option<ID>,
    /// What columns mean whose headers do not say so.
    #[graphql(default_with = "Some(Vec::new())")]
    mapping: Option<Vec<ColumnMapping>>,
    /// Only say what would happen.
    #[graphql(default_with = "Some(false)")]
    dry_run: Option<bool>,
    /// Leave out the games that cannot be read. Otherwise one such game refuses the file.
    #[graphql(default_with = "Some(false)")]
    leave_out_rejected: Option<bool>,
    /// The library the games go to; made if there is none of that label. A Game Djinn export
    /// brings its own libraries.
    #[graphql(default_with = "Some(String::from(DEFAULT_LABEL))")]
    label: Option<String>,
}

/// What one column means.
#[derive(InputObject)]
pub struct ColumnMapping {
    /// The column's header, or the key in JSON.
    column: String,
    /// The field it is, for instance `title`; `ignore` leaves it out.
    field: String,
}

impl ImportInput {
    fn read(self) -> Result<Import, super::ImportError> {
        let upload = match &self.upload {
            None => None,
            Some(id) => Some(Uuid::parse_str(id).map_err(|_| super::ImportError::NoUpload)?),
        };
        Ok(Import {
            format: self.format.unwrap_or(ImportFormat::Auto),
            content: self.content,
            upload,
            mapping: self
                .mapping
                .into_iter()
                .flatten()
                .map(|one| (one.column, one.field))
                .collect(),
            dry_run: self.dry_run.unwrap_or(false),
            leave_out_rejected: self.leave_out_rejected.unwrap_or(false),
            label: self.label.unwrap_or_else(|| DEFAULT_LABEL.to_owned()),
        })
    }
}

/// What an import did, or would do.
#[derive(Debug, SimpleObject)]
pub struct ImportPayload {
    /// The library the games are in; the first, if the file has several. Null when there are
    /// problems, and in a dry run that would make a new one.
    library: Option<PlatformLibrary>,
    /// All libraries the games are in.
    #[graphql(directive = cost::Usual::apply(2))]
    libraries: Vec<PlatformLibrary>,
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
    /// Games that cannot be read, and were left out as asked.
    rejected: i32,
    /// What happens to the first 20.
    preview: Vec<ImportRow>,
    /// Why nothing was done.
    problems: Vec<Problem>,
}

/// What happens to one game of a file.
#[derive(Debug, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct ImportRow {
    /// The line it is on.
    line: i32,
    /// Its title.
    title: String,
    /// `add`, `update`, `unchanged`, `reject`, or `skip` when the file has it more than once.
    action: String,
}

impl From<(usize, String, &'static str)> for ImportRow {
    fn from((line, title, action): (usize, String, &'static str)) -> Self {
        Self {
            line: small(line),
            title,
            action: action.to_owned(),
        }
    }
}

fn small(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

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

    fn word(self) -> &'static str {
        let found = Self::ALL.iter().find(|(own, _)| *own == self);
        found.map_or("", |(_, word)| word)
    }

    fn of(word: &str) -> Self {
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
    /// The character in the line, from 1, where a value that cannot be read begins.
    column: Option<i32>,
    /// Its title, as far as there is one.
    title: String,
    /// What would become of it.
    action: ImportAction,
    /// The column or key that cannot be read.
    field: Option<String>,
    /// Why it cannot be read.
    reason: Option<String>,
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
            field,
            reason,
            changes: one.changes.into_iter().map(change).collect(),
        }
    }
}

impl ImportPreview {
    fn new(preview: Preview, after: usize) -> Self {
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

/// A part of a file that is sent before it is imported.
#[derive(InputObject)]
pub struct UploadImportInput {
    /// The upload to go on with; one begins without.
    upload: Option<ID>,
    /// What the file is called.
    name: Option<String>,
    /// The bytes in base64, at most 1 MiB of them.
    content: String,
    /// Where in the file they begin. With it, a part that is sent again is not there twice.
    offset: Option<i32>,
}

/// What there is of an upload.
#[derive(Debug, SimpleObject)]
pub struct UploadImportPayload {
    /// Its id, for `importGames` and `previewImport`. Null when there are problems.
    upload: Option<ID>,
    /// Its size so far, in bytes.
    bytes: i32,
    /// When it is forgotten. Null when there are problems.
    expires_at: Option<DateTime<Utc>>,
    /// Why nothing was kept.
    problems: Vec<Problem>,
}

/// The queries about imports.
#[derive(Debug, Default)]
pub struct ImportQuery;

#[Object]
impl ImportQuery {
    /// Says what an import would do, game by game, and how its columns are read. Changes nothing.
    #[graphql(
        directive = Needs::apply(Scope::WriteLibrary),
        directive = cost::Page::apply("nodes")
    )]
    async fn preview_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file.", directive = cost::Weight::apply(100))] input: ImportInput,
        #[graphql(desc = "Only games with these outcomes; all when left out.")] only: Option<
            Vec<ImportAction>,
        >,
        #[graphql(desc = "How many, 1 to 100; 50 when left out.")] first: Option<i32>,
        #[graphql(desc = "The `endCursor` of the page before.")] after: Option<String>,
    ) -> Result<Option<ImportPreview>> {
        let identity = ctx.require(Scope::WriteLibrary)?;
        may_change(identity, Scope::WriteLibrary).or_refuse()?;
        let page = Page::<usize>::parse(first, after.as_deref()).or_refuse()?;
        let passed = page.after.unwrap_or_default();
        let look = Look {
            first: page.first,
            after: passed,
            only: only.into_iter().flatten().map(ImportAction::word).collect(),
        };
        let import = input.read().or_refuse()?;
        let preview = ctx
            .data_unchecked::<Imports>()
            .preview(identity, import, look)
            .await
            .or_refuse()?;
        Ok(Some(ImportPreview::new(preview, passed)))
    }
}

/// The imports.
#[derive(Debug, Default)]
pub struct ImportMutation;

#[Object]
impl ImportMutation {
    /// Imports games from a file. All of it or nothing: a value that cannot be read is named with
    /// its line and column.
    #[graphql(directive = Needs::apply(Scope::WriteLibrary))]
    async fn import_games(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file.")] input: ImportInput,
    ) -> Result<ImportPayload> {
        let identity = ctx.require(Scope::WriteLibrary)?;
        may_change(identity, Scope::WriteLibrary).or_refuse()?;
        let imports = ctx.data_unchecked::<Imports>();
        let done = match input.read() {
            Ok(import) => imports.import(identity, import).await,
            Err(refused) => Err(refused),
        };
        let (report, problems) = problems(done.or_problem()?);
        let report: Report = report.unwrap_or_default();
        let libraries: Vec<PlatformLibrary> =
            report.libraries.into_iter().map(PlatformLibrary).collect();
        Ok(ImportPayload {
            library: libraries.first().cloned(),
            libraries,
            rows: report.rows,
            added: report.added,
            updated: report.updated,
            unchanged: report.unchanged,
            skipped: report.skipped,
            rejected: report.rejected,
            preview: report.preview.into_iter().map(ImportRow::from).collect(),
            problems,
        })
    }

    /// Sends a file in parts, for `importGames` and `previewImport`. It is kept for an hour.
    #[graphql(directive = Needs::apply(Scope::WriteLibrary))]
    async fn upload_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A part of the file.")] input: UploadImportInput,
    ) -> Result<UploadImportPayload> {
        let identity = ctx.require(Scope::WriteLibrary)?;
        may_change(identity, Scope::WriteLibrary).or_refuse()?;
        let body = STANDARD
            .decode(input.content.trim())
            .map_err(|_| refuse(Code::InvalidInput, "`input.content` is not base64"))?;
        let upload = match input.upload.as_deref().map(|id| Uuid::parse_str(id)) {
            None => Ok(None),
            Some(id) => id.map(Some).map_err(|_| super::ImportError::NoUpload),
        };
        let kept = match upload {
            Err(refused) => Err(refused),
            Ok(upload) => {
                let part = Part {
                    upload,
                    name: input.name,
                    body,
                    offset: input.offset.and_then(|offset| u64::try_from(offset).ok()),
                };
                let imports = ctx.data_unchecked::<Imports>();
                imports.upload(identity, part).await
            }
        };
        let (kept, problems) = problems(kept.or_problem()?);
        Ok(UploadImportPayload {
            upload: kept.as_ref().map(|kept| kept.id.into()),
            bytes: kept
                .as_ref()
                .map_or(0, |kept| i32::try_from(kept.bytes).unwrap_or(i32::MAX)),
            expires_at: kept.map(|kept| kept.expires_at),
            problems,
        })
    }
}
