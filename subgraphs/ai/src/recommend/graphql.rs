//! Recommendations in the graph.

use super::{
    Company, Pick, Reason,
    service::{
        self, Question, Ready, RecommendError, RecommendService, Shared, on_shelf, similar, visible,
    },
};
use crate::taste::Facts;
use async_graphql::{
    Context, ID, Object, Result, SimpleObject,
    dataloader::{DataLoader, Loader},
};
use djinn_kernel::{Scope, ids::GameId, viewer::Identity};
use djinn_subgraph_kit::graph::{EsrbRating, Needs, OrRefuse, Rule, ViewerExt, cost, entity};
use std::{collections::HashMap, sync::Arc};
use tokio::sync::OnceCell;

/// How many there are when nobody says, or says null.
const FIRST: i32 = 10;

/// What one request works with: the household's games are fetched once, whatever list asks.
pub struct Desk {
    service: RecommendService,
    ready: OnceCell<Arc<Ready>>,
    facts: DataLoader<FactsLoader>,
}

/// Facts of games that are not on the shelf.
pub struct FactsLoader(RecommendService);

impl Loader<GameId> for FactsLoader {
    type Value = Facts;
    type Error = Shared;

    async fn load(&self, keys: &[GameId]) -> Result<HashMap<GameId, Facts>, Shared> {
        Ok(self
            .0
            .facts(keys)
            .await?
            .into_iter()
            .map(|facts| (facts.game, facts))
            .collect())
    }
}

impl Desk {
    /// For one request.
    pub fn new(service: RecommendService) -> Self {
        let facts = DataLoader::new(FactsLoader(service.clone()), tokio::spawn);
        Self {
            service,
            ready: OnceCell::new(),
            facts,
        }
    }

    async fn ready(&self, identity: &Identity) -> Result<&Ready, RecommendError> {
        let ready = self
            .ready
            .get_or_try_init(|| self.service.ready(identity))
            .await;
        Ok(ready.map(|ready| &**ready)?)
    }
}

/// A game that was picked for you, and why.
#[derive(SimpleObject)]
pub struct Recommendation {
    /// The game.
    #[graphql(provides = "title")]
    pub game: Game,
    /// How well it fits, 0 to 1. Lists are in falling order.
    pub score: f64,
    /// Why, the weightiest first. Never empty.
    pub reasons: Vec<ReasonNode>,
}

/// One reason for a recommendation.
#[derive(SimpleObject)]
#[graphql(name = "Reason", directive = cost::Weight::apply(0))]
pub struct ReasonNode {
    /// What it goes by: `genre`, `tag`, `developer`, `length`, `criteria`, `company`, `critics` or
    /// `unplayed`.
    pub kind: String,
    /// The reason, as one sentence of English for the person.
    pub text: String,
    /// Which sentence it is, for instance `shares.played.you`. Other languages have it among the
    /// `texts` under `reason.` and this, with `title`, `names`, `time` and `score` left open.
    pub code: String,
    /// The title of the other game in it. Null when there is none.
    pub title: Option<String>,
    /// The genres, tags or studios in it.
    pub names: Vec<String>,
    /// The time in it, in minutes. Null when there is none.
    pub minutes: Option<i32>,
    /// The score in it, of 100. Null when there is none.
    pub score: Option<i32>,
}

impl From<Reason> for ReasonNode {
    fn from(reason: Reason) -> Self {
        Self {
            kind: reason.kind.as_str().to_owned(),
            text: reason.text,
            code: reason.code,
            title: reason.title,
            names: reason.names,
            minutes: reason.minutes,
            score: reason.score,
        }
    }
}

impl From<Pick> for Recommendation {
    fn from(pick: Pick) -> Self {
        Self {
            game: Game {
                id: pick.game,
                title: Some(pick.title),
            },
            // Four digits say all there is to say.
            score: (f64::from(pick.score) * 10_000.0).round() / 10_000.0,
            reasons: pick.reasons.into_iter().map(ReasonNode::from).collect(),
        }
    }
}

/// A game, as recommendations know it.
#[derive(Debug, Clone)]
pub struct Game {
    id: GameId,
    title: Option<String>,
}

/// A game.
#[Object]
impl Game {
    /// The game's id.
    async fn id(&self) -> ID {
        self.id.into()
    }

    /// The title. It belongs to metadata; recommendations bring it along, so that they can be read
    /// while metadata does not answer.
    #[graphql(external)]
    async fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    /// Games of your own library that are like this one, the most alike first.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary), directive = cost::Slice::apply("first"))]
    async fn similar(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "How many games, 1 to 50.",
            default = 10,
            directive = cost::Weight::apply(10)
        )]
        first: Option<i32>,
    ) -> Result<Option<Vec<Recommendation>>> {
        let most = service::first(first.unwrap_or(FIRST)).or_refuse()?;
        let identity = ctx.signed_in()?;
        let desk = ctx.data_unchecked::<Desk>();
        let ready = desk.ready(identity).await.or_refuse()?;
        let facts = if on_shelf(ready, self.id) {
            None
        } else {
            // Not held, or hidden: it may still be asked about, unless it is above the ceiling, or
            // hidden from a child.
            let facts = desk.facts.load_one(self.id).await.or_refuse()?;
            facts.filter(|facts| visible(identity, facts) && !ready.hides(self.id))
        };
        let similar = similar(ready, self.id, facts, most);
        Ok(Some(
            similar.into_iter().map(Recommendation::from).collect(),
        ))
    }
}

/// Questions about what to play.
pub struct RecommendQuery;

/// What can be asked.
#[Object(name = "Query")]
impl RecommendQuery {
    /// What to play next out of your own library: games you have hardly played, by what you like
    /// to play, with reasons.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary), directive = cost::Slice::apply("limit"))]
    #[expect(
        clippy::too_many_arguments,
        reason = "each is an argument of the field, to be given by itself"
    )]
    async fn recommend_games(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "What you feel like, in your words: genres, tags, \"short\", \"under 5 hours\", \
                          \"like DOOM\", \"no horror\", \"not open world\". A reason says so when nothing of it \
                          was understood. At most 500 characters."
        )]
        criteria: Option<String>,
        #[graphql(
            desc = "How many games, 1 to 50.",
            default = 10,
            directive = cost::Weight::apply(10)
        )]
        limit: Option<i32>,
        #[graphql(desc = "Only games of this genre.")] genre: Option<String>,
        #[graphql(
            desc = "Minutes at hand, 1 to 10,080. Games whose story takes longer come later."
        )]
        minutes: Option<i32>,
        #[graphql(
            desc = "Moods as genres and tags say them, for instance `cozy`; at most 10. A reason says so \
                          when one was not understood."
        )]
        moods: Option<Vec<String>>,
        #[graphql(desc = "With whom: only games that say so.")] company: Option<Company>,
        #[graphql(desc = "Only games rated so or milder. Unrated games are none of them.")]
        rating_at_most: Option<EsrbRating>,
    ) -> Result<Option<Vec<Recommendation>>> {
        let identity = ctx.signed_in()?;
        let ready = ctx
            .data_unchecked::<Desk>()
            .ready(identity)
            .await
            .or_refuse()?;
        let limit = limit.unwrap_or(FIRST);
        let picks = Question {
            criteria,
            limit,
            genre,
            minutes,
            moods: moods.unwrap_or_default(),
            company,
            rating_at_most: rating_at_most.map(Into::into),
        }
        .answer(ready, identity)
        .or_refuse()?;
        Ok(Some(picks.into_iter().map(Recommendation::from).collect()))
    }

    /// A game, for what is like it.
    #[graphql(entity)]
    async fn find_game_by_id(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Game>> {
        let found = async {
            let id = GameId::parse(&id).or_refuse()?;
            Ok(Some(Game { id, title: None }))
        };
        entity(ctx, Rule::SignedIn, found).await
    }
}
