//! Exports in the graph.

use super::Exports;
use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use djinn_kernel::Scope;
use djinn_subgraph_kit::graph::{Needs, OrRefuse, Problem, TheHub, ViewerExt, problems};

/// What kind of file is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ExportFormat {
    /// Everything, to be read back by any Game Djinn: libraries without their secrets, copies,
    /// marks, notes, statuses with their history, play by day, and your own collections.
    Json,
    /// A table of the copies, for spreadsheets.
    Csv,
    /// A table that Playnite's importers know.
    PlayniteCsv,
}

impl ExportFormat {
    /// How the file's name ends.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
            Self::PlayniteCsv => "playnite.csv",
        }
    }

    /// The file's media type.
    pub const fn media(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv | Self::PlayniteCsv => "text/csv; charset=utf-8",
        }
    }
}

/// What to export.
#[derive(InputObject)]
pub struct ExportLibraryInput {
    /// What kind of file it becomes.
    format: ExportFormat,
    /// Only this library. Everything when left out, with collections and what was said of games
    /// that nobody holds any more.
    library: Option<ID>,
}

/// Where an export is fetched.
#[derive(Debug, SimpleObject)]
pub struct ExportLibraryPayload {
    /// The address below this hub's own. Whoever has it may fetch the file, without signing in.
    /// Null when there are problems.
    url: Option<String>,
    /// Until when it works. Null when there are problems.
    expires_at: Option<DateTime<Utc>>,
    /// What the file is called.
    file_name: Option<String>,
    /// Its size in bytes.
    bytes: i32,
    /// How many games are in it.
    games: i32,
    /// Why there is none.
    problems: Vec<Problem>,
}

/// A part of a file that is fetched.
#[derive(Debug, SimpleObject)]
#[graphql(inaccessible)]
pub struct FetchedPart {
    /// What the file is called.
    name: String,
    /// Its media type.
    media: String,
    /// Its size in bytes.
    bytes: i32,
    /// How many parts it has.
    parts: i32,
    /// The bytes of this part in base64. Null after the last.
    content: Option<String>,
}

/// The queries about exports.
#[derive(Debug, Default)]
pub struct ExportQuery;

#[Object]
impl ExportQuery {
    /// A part of an exported file, for the hub's door of downloads. Only the hub itself may ask.
    #[graphql(inaccessible, directive = TheHub::apply())]
    async fn exported_file(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The last part of the link.")] token: String,
        #[graphql(desc = "Which part, from 0.")] part: i32,
    ) -> Result<FetchedPart> {
        let exports = ctx.data_unchecked::<Exports>();
        let (file, body) = exports.fetch(&token, part).await.or_refuse()?;
        Ok(FetchedPart {
            name: file.name,
            media: file.media,
            bytes: i32::try_from(file.bytes).unwrap_or(i32::MAX),
            parts: file.parts,
            content: body.map(|body| STANDARD.encode(body)),
        })
    }
}

/// The exports.
#[derive(Debug, Default)]
pub struct ExportMutation;

#[Object]
impl ExportMutation {
    /// Writes what you may see of your household's libraries into a file, and says where it can be
    /// fetched within five minutes.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary))]
    async fn export_library(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to export.")] input: ExportLibraryInput,
    ) -> Result<ExportLibraryPayload> {
        let identity = ctx.require(Scope::ReadLibrary)?;
        let made = ctx
            .data_unchecked::<Exports>()
            .export(
                identity,
                input.format,
                input.library.as_deref().map(String::as_str),
            )
            .await
            .or_problem()?;
        let (made, problems) = problems(made);
        let small = |number: i64| i32::try_from(number).unwrap_or(i32::MAX);
        Ok(ExportLibraryPayload {
            url: made
                .as_ref()
                .map(|link| format!("/download/{}", link.token)),
            expires_at: made.as_ref().map(|link| link.file.expires_at),
            file_name: made.as_ref().map(|link| link.file.name.clone()),
            bytes: made.as_ref().map_or(0, |link| small(link.file.bytes)),
            games: made.map_or(0, |link| small(link.games as i64)),
            problems,
        })
    }
}
