//! Forgetting in the graph.

use super::{Forgets, Forgotten};
use crate::account::may_change;
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use djinn_kernel::Scope;
use djinn_subgraph_kit::graph::{Needs, OrRefuse, Problem, ViewerExt, cost, problems};

/// What to forget.
#[derive(InputObject)]
pub struct ForgetLibraryInput {
    /// The library's id.
    library: ID,
}

/// What was forgotten.
#[derive(Debug, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct ForgottenLibrary {
    /// Copies.
    copies: i32,
    /// Days on which they were played.
    play_days: i32,
    /// Secrets, whose keys were destroyed.
    secrets: i32,
    /// Syncs and imports.
    syncs: i32,
    /// Games held nowhere else, whose marks, notes and history went with them.
    games: i32,
    /// Games of which an import said something that was still to be taken over.
    waiting: i32,
}

impl From<Forgotten> for ForgottenLibrary {
    fn from(forgotten: Forgotten) -> Self {
        let small = |number: u64| i32::try_from(number).unwrap_or(i32::MAX);
        Self {
            copies: small(forgotten.copies),
            play_days: small(forgotten.play_days),
            secrets: small(forgotten.secrets),
            syncs: small(forgotten.syncs),
            games: small(forgotten.games),
            waiting: small(forgotten.waiting),
        }
    }
}

/// What was forgotten, or why nothing was.
#[derive(Debug, SimpleObject)]
pub struct ForgetLibraryPayload {
    /// What was forgotten. Null when there are problems.
    forgotten: Option<ForgottenLibrary>,
    /// Why nothing was.
    problems: Vec<Problem>,
}

/// Forgetting.
#[derive(Debug, Default)]
pub struct ForgetMutation;

#[Object]
impl ForgetMutation {
    /// Forgets a library for good: its secrets, copies, play records and syncs, and what was said
    /// of games that are held nowhere else. `unlinkLibrary` keeps notes and marks in case it comes
    /// back; this does not. Files that were exported or uploaded are deleted as well.
    #[graphql(directive = Needs::apply(Scope::WriteLibrary))]
    async fn forget_library(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to forget.")] input: ForgetLibraryInput,
    ) -> Result<ForgetLibraryPayload> {
        let identity = ctx.require(Scope::WriteLibrary)?;
        may_change(identity, Scope::WriteLibrary).or_refuse()?;
        let done = ctx
            .data_unchecked::<Forgets>()
            .forget(identity.household.0, &input.library)
            .await
            .or_problem()?;
        let (done, problems) = problems(done);
        Ok(ForgetLibraryPayload {
            forgotten: done.map(ForgottenLibrary::from),
            problems,
        })
    }
}
