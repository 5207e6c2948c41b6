//! Syncs in the graph.

use super::{Said, SyncStage, SyncState, Syncs, entity::run, store};
use crate::account::may_change;
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use djinn_kernel::{
    Scope,
    ids::{LibraryId, SyncRunId},
    page::{Slice, encode_cursor},
};
use djinn_subgraph_kit::{
    Ports,
    graph::{Needs, OrRefuse, PageInfo, Problem, ViewerExt, cost, problems},
};

/// One run of a library's synchronisation.
#[derive(Debug, Clone)]
pub struct SyncRun(pub run::Model);

/// A count over all copies, which a profile with a family view may not see: it would tell how many
/// games are hidden.
fn counted(ctx: &Context<'_>, count: i32) -> i32 {
    if ctx.viewer().family().is_some() {
        0
    } else {
        count
    }
}

/// What goes by the games a run is at, of which a profile with a family view may not see all.
fn told<T>(ctx: &Context<'_>, value: Option<T>) -> Option<T> {
    value.filter(|_| ctx.viewer().family().is_none())
}

/// One run of a library's synchronisation.
#[Object]
impl SyncRun {
    /// The run's id.
    async fn id(&self) -> ID {
        self.0.id.into()
    }
    /// Whether it only looks at what was played lately, between two whole lists: it adds and
    /// removes nothing.
    async fn recent_only(&self) -> bool {
        self.0.recent
    }
    /// How it stands.
    async fn state(&self) -> SyncState {
        self.0.state
    }
    /// What it is doing.
    async fn stage(&self) -> SyncStage {
        self.0.stage
    }
    /// How much of the stage is done. 0 for a profile with a family view, like every count here.
    async fn done(&self, ctx: &Context<'_>) -> i32 {
        counted(ctx, self.0.done)
    }
    /// Of how much. Null while that is not known, and for a profile with a family view.
    async fn total(&self, ctx: &Context<'_>) -> Option<i32> {
        told(ctx, self.0.total)
    }
    /// The title it was at last. Null for a profile with a family view, which may not see them all.
    async fn current_title(&self, ctx: &Context<'_>) -> Option<&str> {
        // The title alone does not say how it is rated.
        told(ctx, self.0.current_title.as_deref())
    }
    /// What is going on, in words. Null for a profile with a family view.
    async fn message(&self, ctx: &Context<'_>) -> Option<&str> {
        told(ctx, self.0.message.as_deref())
    }
    /// A provider asked us to wait until then; the run goes on by itself. Null for a profile with a
    /// family view, as it may be about games which that may not see.
    async fn rate_limited_until(&self, ctx: &Context<'_>) -> Option<DateTime<Utc>> {
        told(ctx, self.0.rate_limited_until)
    }
    /// Why the last try failed. Null when it did not.
    async fn error(&self) -> Option<SyncError> {
        SyncError::of(
            self.0.error_code.as_deref(),
            self.0.error_message.as_deref(),
            self.0.error_said.as_ref(),
        )
    }
    /// Which try of the platform this is; it gives up after the eighth.
    async fn attempt(&self) -> i32 {
        self.0.attempt
    }
    /// Copies that are new or came back.
    async fn added(&self, ctx: &Context<'_>) -> i32 {
        counted(ctx, self.0.added)
    }
    /// Copies that changed.
    async fn updated(&self, ctx: &Context<'_>) -> i32 {
        counted(ctx, self.0.updated)
    }
    /// Copies that are gone: two whole lists in a row lacked them.
    async fn removed(&self, ctx: &Context<'_>) -> i32 {
        counted(ctx, self.0.removed)
    }
    /// When it was asked for.
    async fn started_at(&self) -> DateTime<Utc> {
        self.0.started_at
    }
    /// When it ended. Null while it has not.
    async fn finished_at(&self) -> Option<DateTime<Utc>> {
        self.0.finished_at
    }
    /// Grows with every change of this run.
    async fn rev(&self) -> i32 {
        self.0.rev
    }
}

/// Why a sync failed.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct SyncError {
    /// A stable code, for instance `PROFILE_PRIVATE`.
    code: String,
    /// What to do about it, in words.
    message: String,
    /// Which sentence `message` is, where its code does not say it all, for instance
    /// `platform.again`. Other languages have it among the `texts`, as they have `Problem.reason`.
    /// Null where the code alone says it.
    reason: Option<String>,
    /// What stands in it, as in `Problem.values`.
    values: Vec<String>,
}

impl SyncError {
    /// Out of a row's columns.
    pub fn of(code: Option<&str>, message: Option<&str>, said: Option<&Said>) -> Option<Self> {
        Some(Self {
            code: code?.to_owned(),
            message: message.unwrap_or_default().to_owned(),
            reason: said.map(|said| said.reason.clone()),
            values: said.map(|said| said.values.clone()).unwrap_or_default(),
        })
    }
}

/// A page of syncs.
#[derive(Debug, SimpleObject)]
pub struct SyncRunConnection {
    /// The syncs of this page, newest first.
    nodes: Vec<SyncRun>,
    /// Where the page ends.
    page_info: PageInfo,
    /// How many there are on all pages.
    total_count: i32,
}

impl SyncRunConnection {
    /// Out of a page of rows.
    pub fn new(slice: Slice<run::Model>, total: u64) -> Self {
        Self {
            page_info: PageInfo {
                has_next_page: slice.has_next,
                end_cursor: slice.items.last().map(|row| encode_cursor(&row.id)),
            },
            nodes: slice.items.into_iter().map(SyncRun).collect(),
            total_count: total as i32,
        }
    }
}

/// What became of a sync.
#[derive(Debug, SimpleObject)]
pub struct SyncPayload {
    /// The run. Null when there are problems.
    run: Option<SyncRun>,
    /// Why nothing was done.
    problems: Vec<Problem>,
}

/// The queries about syncs.
#[derive(Debug, Default)]
pub struct SyncQuery;

#[Object]
impl SyncQuery {
    /// One sync of your household. Null when there is none of that id.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary))]
    async fn sync_run(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The run's id.")] id: ID,
    ) -> Result<Option<SyncRun>> {
        let household = ctx.require(Scope::ReadLibrary)?.household.0;
        let id = SyncRunId::parse(&id).or_refuse()?;
        let db = ctx.data_unchecked::<Ports>().db.read();
        Ok(store::get(db, household, id.0)
            .await
            .or_refuse()?
            .map(SyncRun))
    }
}

/// The changes of syncs.
#[derive(Debug, Default)]
pub struct SyncMutation;

#[Object]
impl SyncMutation {
    /// Starts a sync. Watch it with `syncProgress`.
    #[graphql(directive = Needs::apply(Scope::RunSync))]
    async fn sync_library(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The library's id.")] library_id: ID,
        #[graphql(
            desc = "Start over even if one is under way.",
            default_with = "Some(false)"
        )]
        force: Option<bool>,
    ) -> Result<SyncPayload> {
        let identity = ctx.require(Scope::RunSync)?;
        may_change(identity, Scope::RunSync).or_refuse()?;
        let id = match LibraryId::parse(&library_id).or_problem()? {
            Ok(id) => id,
            Err(problem) => {
                return Ok(SyncPayload {
                    run: None,
                    problems: vec![problem],
                });
            }
        };
        let started = ctx
            .data_unchecked::<Syncs>()
            .start(identity.household.0, id.0, force.unwrap_or(false))
            .await
            .or_problem()?;
        let (run, problems) = problems(started.map(SyncRun));
        Ok(SyncPayload { run, problems })
    }

    /// Lets the last sync go on at once, if it failed or waits.
    #[graphql(directive = Needs::apply(Scope::RunSync))]
    async fn retry_sync(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The library's id.")] library_id: ID,
    ) -> Result<SyncPayload> {
        let identity = ctx.require(Scope::RunSync)?;
        may_change(identity, Scope::RunSync).or_refuse()?;
        let id = match LibraryId::parse(&library_id).or_problem()? {
            Ok(id) => id,
            Err(problem) => {
                return Ok(SyncPayload {
                    run: None,
                    problems: vec![problem],
                });
            }
        };
        let retried = ctx
            .data_unchecked::<Syncs>()
            .retry(identity.household.0, id.0)
            .await
            .or_problem()?;
        let (run, problems) = problems(retried.map(SyncRun));
        Ok(SyncPayload { run, problems })
    }
}
