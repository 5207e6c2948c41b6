//! Own statuses in the graph.

use super::{Own, loader::OwnLoader, service};
use crate::game::graphql::GameStatus;
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use djinn_kernel::Scope;
use djinn_subgraph_kit::{
    Ports,
    graph::{Needs, OrRefuse, Problem, ViewerExt, problems},
};

/// A status to make.
#[derive(Debug, InputObject)]
pub struct CreateStatusInput {
    /// What it is called, 1 to 40 characters.
    pub name: String,
}

/// Which status to call otherwise, and how.
#[derive(Debug, InputObject)]
pub struct RenameStatusInput {
    /// The status' id.
    pub id: ID,
    /// What it is called from now on, 1 to 40 characters.
    pub name: String,
}

/// The status, or why nothing was changed.
#[derive(Debug, SimpleObject)]
pub struct StatusPayload {
    /// The status, null when there are problems.
    pub status: Option<GameStatus>,
    /// Why nothing was changed.
    pub problems: Vec<Problem>,
}

/// The status that is gone, or why it is not.
#[derive(Debug, SimpleObject)]
pub struct DeleteStatusPayload {
    /// The id of the status that was removed, null when there are problems.
    pub id: Option<ID>,
    /// Why nothing was changed.
    pub problems: Vec<Problem>,
}

/// Making, renaming and removing own statuses.
#[derive(Debug, Default)]
pub struct StatusMutation;

#[Object]
impl StatusMutation {
    /// Makes a status of your household's own, for instance "Shelf of shame". It can be set,
    /// filtered and gathered by like every other; at most 30.
    #[graphql(directive = Needs::apply(Scope::WriteLibrary))]
    async fn create_status(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The status.")] input: CreateStatusInput,
    ) -> Result<StatusPayload> {
        let household = ctx.require(Scope::WriteLibrary)?.household.0;
        let made = service::create(ctx.data::<Ports>()?, household, &input.name).await;
        payload(ctx, problems(made.or_problem()?))
    }

    /// Calls a status of your household's own otherwise. Its id stays: games, filters, collections
    /// and histories keep it.
    #[graphql(directive = Needs::apply(Scope::WriteLibrary))]
    async fn rename_status(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and how.")] input: RenameStatusInput,
    ) -> Result<StatusPayload> {
        let household = ctx.require(Scope::WriteLibrary)?.household.0;
        let ports = ctx.data::<Ports>()?;
        let renamed = service::rename(ports, household, &input.id, &input.name).await;
        payload(ctx, problems(renamed.or_problem()?))
    }

    /// Removes a status of your household's own that no game has, and that no rule of a collection
    /// names.
    #[graphql(directive = Needs::apply(Scope::WriteLibrary))]
    async fn delete_status(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The status' id.")] id: ID,
    ) -> Result<DeleteStatusPayload> {
        let household = ctx.require(Scope::WriteLibrary)?.household.0;
        let gone = service::delete(ctx.data::<Ports>()?, household, &id).await;
        let (gone, problems) = problems(gone.or_problem()?);
        Ok(DeleteStatusPayload {
            id: gone.map(ID),
            problems,
        })
    }
}

fn payload(
    ctx: &Context<'_>,
    (status, problems): (Option<Own>, Vec<Problem>),
) -> Result<StatusPayload> {
    // Another change in this request may have read the list already.
    ctx.data::<OwnLoader>()?.clear();
    Ok(StatusPayload {
        status: status.as_ref().map(GameStatus::from),
        problems,
    })
}
