//! Linking and unlinking in the graph.

use super::{Accounts, graphql::PlatformLibrary, may_change};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use djinn_kernel::{Scope, ids::LibraryId};
use djinn_subgraph_kit::graph::{Needs, OrRefuse, Problem, ViewerExt, problems};

/// An account to link.
#[derive(InputObject)]
pub struct LinkLibraryInput {
    /// Where it is: a platform's id, for instance `steam`.
    platform: ID,
    /// What to call it, at most 80 characters. The account's own name when left out.
    label: Option<String>,
    /// The values of the platform's `connectFields`.
    #[graphql(default_with = "Some(Vec::new())")]
    fields: Option<Vec<ConnectValue>>,
}

/// One value of a connection form.
#[derive(InputObject)]
pub struct ConnectValue {
    /// The field's name.
    name: String,
    /// What was typed into it. A secret is encrypted and never shown again.
    value: String,
}

/// What became of a library.
#[derive(Debug, SimpleObject)]
pub struct LibraryPayload {
    /// The library. Null when there are problems.
    library: Option<PlatformLibrary>,
    /// Why nothing was done.
    problems: Vec<Problem>,
}

/// Whether a library was unlinked.
#[derive(Debug, SimpleObject)]
pub struct UnlinkPayload {
    /// Whether it was.
    ok: bool,
    /// Why not.
    problems: Vec<Problem>,
}

/// The changes of libraries.
#[derive(Debug, Default)]
pub struct AccountMutation;

#[Object]
impl AccountMutation {
    /// Links an account. The credentials are tried on the platform first; the first sync starts at
    /// once. One that is linked already keeps the new credentials, and the problem says so.
    #[graphql(directive = Needs::apply(Scope::WriteLibrary))]
    async fn link_library(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account.")] input: LinkLibraryInput,
    ) -> Result<LibraryPayload> {
        let identity = ctx.require(Scope::WriteLibrary)?;
        may_change(identity, Scope::WriteLibrary).or_refuse()?;
        let fields = input
            .fields
            .into_iter()
            .flatten()
            .map(|field| (field.name, field.value))
            .collect();
        let linked = ctx
            .data_unchecked::<Accounts>()
            .link(
                identity.household.0,
                &input.platform,
                input.label.as_deref(),
                fields,
            )
            .await
            .or_problem()?;
        let (library, problems) = problems(linked.map(PlatformLibrary));
        Ok(LibraryPayload { library, problems })
    }

    /// Unlinks a library. Its key is destroyed and its copies are removed; notes and marks on games
    /// stay, in case it comes back.
    #[graphql(directive = Needs::apply(Scope::WriteLibrary))]
    async fn unlink_library(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The library's id.")] id: ID,
    ) -> Result<UnlinkPayload> {
        let identity = ctx.require(Scope::WriteLibrary)?;
        may_change(identity, Scope::WriteLibrary).or_refuse()?;
        let id = match LibraryId::parse(&id).or_problem()? {
            Ok(id) => id,
            Err(problem) => {
                return Ok(UnlinkPayload {
                    ok: false,
                    problems: vec![problem],
                });
            }
        };
        let done = ctx
            .data_unchecked::<Accounts>()
            .unlink(identity.household.0, id.0)
            .await
            .or_problem()?;
        let (done, problems) = problems(done);
        Ok(UnlinkPayload {
            ok: done.is_some(),
            problems,
        })
    }
}
