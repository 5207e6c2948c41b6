//! Imports in the graph.

use super::{Import, Imports, Report};
use crate::account::{graphql::PlatformLibrary, may_change};
use async_graphql::{Context, Enum, InputObject, Object, Result, SimpleObject};
use djinn_kernel::Scope;
use djinn_subgraph_kit::graph::{Needs, OrRefuse, Problem, ViewerExt, cost, problems};

/// What kind of file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ImportFormat {
    /// A table with a header line, separated by commas, semicolons or tabs.
    Csv,
    /// `{"games": [{"title": …}]}`.
    Json,
}

/// The label of a shelf that nobody gave one.
const DEFAULT_LABEL: &str = "Imported";

/// A file to import.
#[derive(InputObject)]
pub struct ImportInput {
    /// What kind of file it is.
    format: ImportFormat,
    /// The file's text, at most 8 MiB and 50,000 games. Only a title is needed; platform,
    /// store_id, playtime_minutes or playtime_hours, last_played, year or released_on, genres,
    /// tags, developer, rating, status, holding and main_story_minutes are read too.
    content: String,
    /// What columns mean whose headers do not say so.
    #[graphql(default_with = "Some(Vec::new())")]
    mapping: Option<Vec<ColumnMapping>>,
    /// Only say what would happen.
    #[graphql(default_with = "Some(false)")]
    dry_run: Option<bool>,
    /// The library the games go to; made if there is none of that label.
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

/// What an import did, or would do.
#[derive(Debug, SimpleObject)]
pub struct ImportPayload {
    /// The library the games are in. Null when there are problems, and in a dry run that would
    /// make a new one.
    library: Option<PlatformLibrary>,
    /// Games in the file.
    rows: i32,
    /// Games that are new to the library.
    added: i32,
    /// Games that the file changes.
    updated: i32,
    /// Games that are already as the file has them.
    unchanged: i32,
    /// Games that the file has more than once.
    skipped: i32,
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
    /// `add`, `update`, `unchanged`, or `skip` when the file has it more than once.
    action: String,
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
        let import = Import {
            format: input.format,
            content: input.content,
            mapping: input
                .mapping
                .into_iter()
                .flatten()
                .map(|one| (one.column, one.field))
                .collect(),
            dry_run: input.dry_run.unwrap_or(false),
            label: input.label.unwrap_or_else(|| DEFAULT_LABEL.to_owned()),
        };
        let done = ctx
            .data_unchecked::<Imports>()
            .import(identity.household.0, import)
            .await
            .or_problem()?;
        let (report, problems) = problems(done);
        let report: Report = report.unwrap_or_default();
        Ok(ImportPayload {
            library: report.library.map(PlatformLibrary),
            rows: report.rows,
            added: report.added,
            updated: report.updated,
            unchanged: report.unchanged,
            skipped: report.skipped,
            preview: report
                .preview
                .into_iter()
                .map(|(line, title, action)| ImportRow {
                    line: line as i32,
                    title,
                    action: action.to_owned(),
                })
                .collect(),
            problems,
        })
    }
}
