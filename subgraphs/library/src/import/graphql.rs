//! Imports in the graph.

use super::{
    Import, ImportFormat, Imports, Report,
    looks::{ImportAction, ImportPreview},
    preview::Look,
    upload::Part,
};
use crate::account::{graphql::PlatformLibrary, may_change};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use djinn_kernel::{Code, Scope, page::Page};
use djinn_subgraph_kit::graph::{Needs, OrRefuse, Problem, ViewerExt, cost, problems, refuse};
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
    /// Statuses that your household did not have and gets by it, by name.
    new_statuses: Vec<String>,
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
    /// What becomes of it.
    action: ImportAction,
}

impl From<(usize, String, &'static str)> for ImportRow {
    fn from((line, title, action): (usize, String, &'static str)) -> Self {
        Self {
            line: small(line),
            title,
            action: ImportAction::of(action),
        }
    }
}

/// A number as the graph has them.
pub(super) fn small(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
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
        let uploaded = import.upload.is_some();
        let preview = ctx
            .data_unchecked::<Imports>()
            .preview(identity, import, look)
            .await
            .map_err(|why| why.of_upload(uploaded))
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
            Ok(import) => {
                let uploaded = import.upload.is_some();
                let done = imports.import(identity, import).await;
                done.map_err(|why| why.of_upload(uploaded))
            }
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
            new_statuses: report.new_statuses,
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
