//! Games entered by hand, in the graph.

use super::service::{self, Edit, Entry};
use crate::{
    account::may_change,
    copy::{Holding, graphql::Copy},
};
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use djinn_kernel::{Esrb, Scope};
use djinn_subgraph_kit::{
    Ports,
    graph::{EsrbRating, Needs, OrRefuse, Problem, ViewerExt, problems},
};

/// A game to put onto a shelf of your own.
#[derive(Debug, InputObject)]
pub struct AddGameInput {
    /// The library: one of the platform `manual`, as `linkLibrary` or an import makes it.
    library_id: ID,
    /// Its title, at most 300 characters.
    title: String,
    /// The store or console, by id or name, for instance `Nintendo Switch`. Left out: `manual`.
    platform: Option<String>,
    /// The store's own id of it: with one of a store that the hub knows, it is matched for sure.
    store_id: Option<String>,
    /// The year of its first release, 1950 to 2100: it tells games of one name apart.
    year: Option<i32>,
    /// How it is held.
    #[graphql(default_with = "Some(Holding::Owned)")]
    holding: Option<Holding>,
    /// Minutes played so far.
    playtime_minutes: Option<i32>,
    /// When it was last played.
    last_played_at: Option<DateTime<Utc>>,
    /// How the ESRB rated it, where no provider knows: child profiles do not see what is unrated.
    /// Said by somebody who does not run the hub, it may only hide the game from them.
    esrb: Option<EsrbRating>,
    /// Where you stand with it: a status' id. Left out: what its playtime says.
    status: Option<ID>,
}

/// What to change about a copy on a shelf of your own. What is left out stays as it is.
#[derive(Debug, InputObject)]
pub struct UpdateCopyInput {
    /// The copy.
    id: ID,
    /// Its title, at most 300 characters. Another title may make it another game.
    title: Option<String>,
    /// The store or console, by id or name.
    platform: Option<String>,
    /// The store's own id of it; null removes it.
    store_id: MaybeUndefined<String>,
    /// The year of its first release, 1950 to 2100; null removes it.
    year: MaybeUndefined<i32>,
    /// How it is held.
    holding: Option<Holding>,
    /// Minutes played.
    playtime_minutes: Option<i32>,
    /// When it was last played; null removes it.
    last_played_at: MaybeUndefined<DateTime<Utc>>,
    /// How the ESRB rated it, where no provider knows; null removes it. Said by somebody who does
    /// not run the hub, it may only hide the game from child profiles.
    esrb: MaybeUndefined<EsrbRating>,
}

/// The copy as it is now, or why nothing was done.
#[derive(Debug, SimpleObject)]
pub struct CopyPayload {
    /// The copy. Null when there are problems. Its game shows in lists a moment later, when it is
    /// matched; `syncProgress` of its library tells when.
    copy: Option<Copy>,
    /// Why nothing was done.
    problems: Vec<Problem>,
}

/// Whether a copy was removed.
#[derive(Debug, SimpleObject)]
pub struct RemoveCopyPayload {
    /// Whether it was.
    ok: bool,
    /// Why not.
    problems: Vec<Problem>,
}

/// Entering games by hand.
#[derive(Debug, Default)]
pub struct ByHandMutation;

#[Object]
impl ByHandMutation {
    /// Puts one game onto a shelf of your own. It is matched and filled in like an imported one.
    #[graphql(directive = Needs::apply(Scope::WriteLibrary))]
    async fn add_game(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The game.")] input: AddGameInput,
    ) -> Result<CopyPayload> {
        let identity = ctx.require(Scope::WriteLibrary)?;
        may_change(identity, Scope::WriteLibrary).or_refuse()?;
        let entry = Entry {
            title: input.title,
            platform: input.platform,
            store_id: input.store_id,
            year: input.year,
            holding: input.holding,
            playtime_minutes: input.playtime_minutes,
            last_played_at: input.last_played_at,
            esrb: input.esrb.map(Esrb::from),
            status: input.status.map(|id| id.0),
        };
        let ports = ctx.data::<Ports>()?;
        let added = service::add(ports, identity, &input.library_id, entry).await;
        let (copy, problems) = problems(added.or_problem()?);
        Ok(CopyPayload {
            copy: copy.map(Copy::from),
            problems,
        })
    }

    /// Changes one copy on a shelf of your own. Those of a store change with the store.
    #[graphql(directive = Needs::apply(Scope::WriteLibrary))]
    async fn update_copy(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateCopyInput,
    ) -> Result<CopyPayload> {
        let identity = ctx.require(Scope::WriteLibrary)?;
        may_change(identity, Scope::WriteLibrary).or_refuse()?;
        let edit = Edit {
            title: input.title,
            platform: input.platform,
            store_id: input.store_id.into(),
            year: input.year.into(),
            holding: input.holding,
            playtime_minutes: input.playtime_minutes,
            last_played_at: input.last_played_at.into(),
            esrb: input.esrb.map_value(Esrb::from).into(),
        };
        let ports = ctx.data::<Ports>()?;
        let changed = service::edit(ports, identity, &input.id, edit).await;
        let (copy, problems) = problems(changed.or_problem()?);
        Ok(CopyPayload {
            copy: copy.map(Copy::from),
            problems,
        })
    }

    /// Takes one copy off a shelf of your own. Notes, marks and history of its game stay, in case
    /// it comes back.
    #[graphql(directive = Needs::apply(Scope::WriteLibrary))]
    async fn remove_copy(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The copy's id.")] id: ID,
    ) -> Result<RemoveCopyPayload> {
        let identity = ctx.require(Scope::WriteLibrary)?;
        may_change(identity, Scope::WriteLibrary).or_refuse()?;
        let ports = ctx.data::<Ports>()?;
        let removed = service::remove(ports, identity.household.0, &id).await;
        let (removed, problems) = problems(removed.or_problem()?);
        Ok(RemoveCopyPayload {
            ok: removed.is_some(),
            problems,
        })
    }
}
