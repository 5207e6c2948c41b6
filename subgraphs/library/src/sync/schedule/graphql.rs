//! Schedules in the graph.

use super::Schedules;
use crate::account::{graphql::PlatformLibrary, may_change};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use djinn_kernel::{Scope, ids::LibraryId};
use djinn_subgraph_kit::graph::{Needs, OrRefuse, Problem, ViewerExt, problems};

/// How often a library is synced by itself.
#[derive(Debug, InputObject)]
pub struct ScheduleSyncInput {
    /// The library's id.
    library_id: ID,
    /// Every how many hours, 1 to 720; 0 for never. The hub's default when left out.
    every_hours: Option<i32>,
}

/// What became of a schedule.
#[derive(Debug, SimpleObject)]
pub struct ScheduleSyncPayload {
    /// The library. Null when there are problems.
    library: Option<PlatformLibrary>,
    /// Why nothing was done.
    problems: Vec<Problem>,
}

/// The changes of schedules.
#[derive(Debug, Default)]
pub struct ScheduleMutation;

#[Object]
impl ScheduleMutation {
    /// Sets how often a library is synced by itself.
    #[graphql(directive = Needs::apply(Scope::RunSync))]
    async fn schedule_sync(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The library, and how often.")] input: ScheduleSyncInput,
    ) -> Result<ScheduleSyncPayload> {
        let identity = ctx.require(Scope::RunSync)?;
        may_change(identity, Scope::RunSync).or_refuse()?;
        let id = match LibraryId::parse(&input.library_id).or_problem()? {
            Ok(id) => id,
            Err(problem) => {
                return Ok(ScheduleSyncPayload {
                    library: None,
                    problems: vec![problem],
                });
            }
        };
        let set = ctx
            .data_unchecked::<Schedules>()
            .set(identity.household.0, id.0, input.every_hours)
            .await
            .or_problem()?;
        let (library, problems) = problems(set.map(PlatformLibrary));
        Ok(ScheduleSyncPayload { library, problems })
    }
}
