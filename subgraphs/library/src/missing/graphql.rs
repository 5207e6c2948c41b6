//! Why a game does not show, in the graph.

use super::{
    Kind, Reason,
    service::{self, Desk, Question},
};
use crate::{
    account::graphql::PlatformLibrary,
    game::{Game, loader::prefetch},
    platform::Registry,
    search::Indexes,
};
use async_graphql::{ComplexObject, Context, ID, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use djinn_kernel::Scope;
use djinn_subgraph_kit::{
    Ports,
    graph::{Needs, OrRefuse, ViewerExt, cost},
};
use uuid::Uuid;

/// One reason why a game does not show, or where it is after all.
#[derive(Debug, SimpleObject)]
#[graphql(complex)]
pub struct MissingReason {
    /// What it is about.
    kind: Kind,
    /// The same as a sentence for the person.
    text: String,
    /// The game it is about. Null where it is about none that is held.
    #[graphql(
        provides = "title kind releaseYear genres tags developers esrb criticScore mainStoryMinutes"
    )]
    game: Option<Game>,
    /// Since when it is so, or when it was: of a sync, when it began. Null where that does not matter.
    at: Option<DateTime<Utc>>,
    #[graphql(skip)]
    library: Option<Uuid>,
}

#[ComplexObject]
impl MissingReason {
    /// The library it is about. Null where it is about none.
    async fn library(&self, ctx: &Context<'_>) -> Result<Option<PlatformLibrary>> {
        match self.library {
            Some(id) => PlatformLibrary::load(ctx, id).await,
            None => Ok(None),
        }
    }
}

impl From<Reason> for MissingReason {
    fn from(reason: Reason) -> Self {
        Self {
            kind: reason.kind,
            text: reason.text,
            game: reason.game.map(Game::new),
            at: reason.at,
            library: reason.library,
        }
    }
}

/// The question.
#[derive(Debug, Default)]
pub struct MissingQuery;

#[Object]
impl MissingQuery {
    /// Why a game you look for does not show in your libraries, or in one of your collections: the
    /// likeliest reason first, never none, at most 20. Null when you have no such collection.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary), directive = cost::Usual::apply(5))]
    async fn why_missing(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Its title, as far as known, at most 200 characters.",
            directive = cost::Weight::apply(20)
        )]
        title: String,
        #[graphql(desc = "Only as held on this platform, by id.")] platform: Option<ID>,
        #[graphql(desc = "The collection of yours that it should be in.")] collection_id: Option<
            ID,
        >,
    ) -> Result<Option<Vec<MissingReason>>> {
        let identity = ctx.require(Scope::ReadLibrary)?;
        let desk = Desk {
            ports: ctx.data::<Ports>()?,
            indexes: ctx.data::<Indexes>()?,
            registry: ctx.data::<Registry>()?,
        };
        let question = Question {
            title: &title,
            platform: platform.as_deref().map(String::as_str),
            collection: collection_id.as_deref().map(String::as_str),
        };
        let Some(reasons) = service::why(desk, identity, question).await.or_refuse()? else {
            return Ok(None);
        };
        let games: Vec<Uuid> = reasons.iter().filter_map(|reason| reason.game).collect();
        prefetch(ctx, &ctx.look_ahead().field("game"), &games).await?;
        Ok(Some(reasons.into_iter().map(Into::into).collect()))
    }
}
