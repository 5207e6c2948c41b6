//! Games as the library extends them, their statuses, and marking them.

use super::{
    STATUSES, Status,
    entity::{fact, holding},
    kind_of,
    loader::{CopyLoader, FactLoader, HoldingLoader, shared},
    service::{self, Change, Marks},
    status, status_or_default, tags,
};
use crate::{
    achievement::{self, graphql::AchievementConnection},
    analytics::history::{self, PlayDayConnection, StatusChangeConnection},
    copy::graphql::Copy,
    status::own::{self, Own, loader::OwnLoader},
};
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use djinn_kernel::{Esrb, Scope, ids::GameId};
use djinn_subgraph_kit::{
    Ports,
    graph::{
        Anyone, EsrbRating, GameKind, Needs, OrRefuse, Problem, Rule, ViewerExt, cost, entity,
        problems,
    },
};
use std::sync::Arc;
use uuid::Uuid;

/// Where a person stands with a game.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct GameStatus {
    /// What goes into filters and inputs, for instance `on_hold`.
    pub id: ID,
    /// What a person reads, for instance "On hold".
    pub name: String,
    /// Whether your household made it: `renameStatus` and `deleteStatus` can change it.
    pub own: bool,
}

impl GameStatus {
    /// The status of that id; one that no hub has is of the viewer's household.
    pub async fn of(ctx: &Context<'_>, id: &str) -> Result<Self> {
        if let Some(hubs) = status(id) {
            return Ok(hubs.into());
        }
        let household = ctx.require(Scope::ReadLibrary)?.household.0;
        let loaded = ctx.data::<OwnLoader>()?.load_one(household).await;
        let all = shared(loaded).or_refuse()?.unwrap_or_default();
        Ok(Self {
            id: id.into(),
            name: own::name_of(&all, id).to_owned(),
            own: true,
        })
    }
}

impl From<&Own> for GameStatus {
    fn from(one: &Own) -> Self {
        Self {
            id: one.id.as_str().into(),
            name: one.name.clone(),
            own: true,
        }
    }
}

impl From<Status> for GameStatus {
    fn from(status: Status) -> Self {
        Self {
            id: status.id.into(),
            name: status.name.to_owned(),
            own: false,
        }
    }
}

/// A game, with what your household holds of it and says about it. Its title, cover and ratings
/// come from the catalogue.
#[derive(Debug, Clone, Copy)]
pub struct Game {
    id: Uuid,
}

impl Game {
    /// The game of that id; the viewer sees only what they may.
    pub const fn new(id: Uuid) -> Self {
        Self { id }
    }

    async fn holding(&self, ctx: &Context<'_>) -> Result<Option<Arc<holding::Model>>> {
        let loader = ctx.data::<HoldingLoader>()?;
        shared(loader.load_one(self.id).await).or_refuse()
    }

    async fn fact<T>(
        &self,
        ctx: &Context<'_>,
        of: impl FnOnce(&fact::Model) -> Option<T>,
    ) -> Result<Option<T>> {
        let loader = ctx.data::<FactLoader>()?;
        let row = shared(loader.load_one(self.id).await).or_refuse()?;
        Ok(row.and_then(|row| of(&row)))
    }
}

/// The names in a stored list.
fn names(list: &serde_json::Value) -> Option<Vec<String>> {
    serde_json::from_value(list.clone()).ok()
}

/// A game, with what your household holds of it and says about it. Empty where the household
/// holds no copy, and where the family view hides the game.
#[Object]
impl Game {
    /// The game's id, the same in every part of the hub.
    async fn id(&self) -> ID {
        self.id.into()
    }

    // What follows belongs to metadata. The library's own lists bring it along, out of what they
    // search by, so that they can be shown while metadata does not answer.

    /// The title.
    #[graphql(external)]
    async fn title(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        self.fact(ctx, |row| Some(row.title.clone())).await
    }

    /// What kind of thing it is.
    #[graphql(external)]
    async fn kind(&self, ctx: &Context<'_>) -> Result<Option<GameKind>> {
        self.fact(ctx, |row| Some(kind_of(&row.kind).into())).await
    }

    /// The year of its first release.
    #[graphql(external)]
    async fn release_year(&self, ctx: &Context<'_>) -> Result<Option<i32>> {
        self.fact(ctx, |row| row.release_year).await
    }

    /// Genres by name.
    #[graphql(external)]
    async fn genres(&self, ctx: &Context<'_>) -> Result<Option<Vec<String>>> {
        self.fact(ctx, |row| names(&row.genres)).await
    }

    /// Tags by name.
    #[graphql(external)]
    async fn tags(&self, ctx: &Context<'_>) -> Result<Option<Vec<String>>> {
        self.fact(ctx, |row| names(&row.tags)).await
    }

    /// Who made it.
    #[graphql(external)]
    async fn developers(&self, ctx: &Context<'_>) -> Result<Option<Vec<String>>> {
        self.fact(ctx, |row| names(&row.developers)).await
    }

    /// The rating by the scale of the ESRB, which a family profile's ceiling of that board goes by.
    /// Null means unrated, which such a profile hides unless a parent chose otherwise.
    #[graphql(external)]
    async fn esrb(&self, ctx: &Context<'_>) -> Result<Option<EsrbRating>> {
        self.fact(ctx, |row| {
            row.esrb.and_then(Esrb::from_level).map(Into::into)
        })
        .await
    }

    /// The critics' score, 0 to 100.
    #[graphql(external)]
    async fn critic_score(&self, ctx: &Context<'_>) -> Result<Option<i32>> {
        self.fact(ctx, |row| row.critic_score.map(i32::from)).await
    }

    /// How many minutes the main story takes.
    #[graphql(external)]
    async fn main_story_minutes(&self, ctx: &Context<'_>) -> Result<Option<i32>> {
        self.fact(ctx, |row| row.main_story_minutes).await
    }

    // And this is the library's own.

    /// Your household's copies, the oldest first; a game may be held on several platforms.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary), directive = cost::Usual::apply(2))]
    async fn copies(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only these of them, by id. Left out: all.")] ids: Option<Vec<ID>>,
    ) -> Result<Option<Vec<Copy>>> {
        if self.holding(ctx).await?.is_none() {
            return Ok(Some(Vec::new()));
        }
        let loader = ctx.data::<CopyLoader>()?;
        let mut copies = shared(loader.load_one(self.id).await)
            .or_refuse()?
            .unwrap_or_default();
        if let Some(ids) = ids {
            copies.retain(|copy| ids.contains(&copy.id.into()));
        }
        Ok(Some(copies.into_iter().map(Copy::from).collect()))
    }

    /// Where you stand with it. The first play moves an unplayed game to playing; everything
    /// else is your word. Null when you do not hold it.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary))]
    async fn status(&self, ctx: &Context<'_>) -> Result<Option<GameStatus>> {
        let Some(row) = self.holding(ctx).await? else {
            return Ok(None);
        };
        let id = status_or_default(row.status.as_deref());
        Ok(Some(GameStatus::of(ctx, id).await?))
    }

    /// Minutes played, over all copies.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary))]
    async fn playtime_minutes(&self, ctx: &Context<'_>) -> Result<Option<i32>> {
        let holding = self.holding(ctx).await?;
        Ok(Some(holding.map_or(0, |row| row.playtime_minutes)))
    }

    /// When it was last played, on any platform that says.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary))]
    async fn last_played_at(&self, ctx: &Context<'_>) -> Result<Option<DateTime<Utc>>> {
        Ok(self.holding(ctx).await?.and_then(|row| row.last_played_at))
    }

    /// Whether you marked it as a favourite. A child profile is not told what a grown-up marked: false.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary))]
    async fn favourite(&self, ctx: &Context<'_>) -> Result<Option<bool>> {
        let holding = self.holding(ctx).await?;
        Ok(Some(holding.is_some_and(|row| row.favourite)))
    }

    /// Whether you hid it from lists. What a grown-up hid is not there at all for a child profile.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary))]
    async fn hidden(&self, ctx: &Context<'_>) -> Result<Option<bool>> {
        let holding = self.holding(ctx).await?;
        Ok(Some(holding.is_some_and(|row| row.hidden)))
    }

    /// Your notes. Null for a child profile: what a grown-up notes is theirs alone.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary))]
    async fn notes(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        Ok(self.holding(ctx).await?.and_then(|row| row.notes.clone()))
    }

    /// Its achievements, over all copies on platforms that have some. They are fetched in the
    /// background, what was played last first.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary), directive = cost::Page::apply("nodes"))]
    async fn achievements(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 50 when left out.")] first: Option<i32>,
        #[graphql(desc = "The `endCursor` of the page before.")] after: Option<String>,
    ) -> Result<Option<AchievementConnection>> {
        let held = self.holding(ctx).await?.map(|_| self.id);
        Ok(Some(
            achievement::graphql::of_game(ctx, held, first, after).await?,
        ))
    }

    /// How long it was played on which day, over all copies, the latest day first. Days are known
    /// from the first sync on, which sees what grows.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary), directive = cost::Page::apply("nodes"))]
    async fn play_by_day(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 50 when left out.")] first: Option<i32>,
        #[graphql(desc = "The `endCursor` of the page before.")] after: Option<String>,
    ) -> Result<Option<PlayDayConnection>> {
        let held = self.holding(ctx).await?.map(|_| self.id);
        Ok(Some(history::days_of(ctx, held, first, after).await?))
    }

    /// How its status changed, the latest change first.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary), directive = cost::Page::apply("nodes"))]
    async fn status_history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 50 when left out.")] first: Option<i32>,
        #[graphql(desc = "The `endCursor` of the page before.")] after: Option<String>,
    ) -> Result<Option<StatusChangeConnection>> {
        let held = self.holding(ctx).await?.map(|_| self.id);
        Ok(Some(history::changes_of(ctx, held, first, after).await?))
    }

    /// Your own rating, 0 to 100. Null for a child profile.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary))]
    async fn my_rating(&self, ctx: &Context<'_>) -> Result<Option<i32>> {
        Ok(self
            .holding(ctx)
            .await?
            .and_then(|row| row.my_rating)
            .map(i32::from))
    }

    /// Your own tags, in the order you gave them. Those of providers are `tags`. Empty for a child
    /// profile, as what a grown-up tags is theirs alone.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary))]
    async fn my_tags(&self, ctx: &Context<'_>) -> Result<Option<Vec<String>>> {
        let holding = self.holding(ctx).await?;
        let stored = holding.as_ref().and_then(|row| row.my_tags.as_deref());
        Ok(Some(tags::read(stored)))
    }
}

/// What to change about a game. What is left out stays as it is.
#[derive(Debug, InputObject)]
pub struct UpdateGameInput {
    /// The game.
    pub game_id: ID,
    /// The id of a status; the query `statuses` lists them.
    pub status: Option<ID>,
    /// Whether it is a favourite.
    pub favourite: Option<bool>,
    /// Whether lists leave it out.
    pub hidden: Option<bool>,
    /// Notes, at most 4,000 characters; null removes them.
    pub notes: MaybeUndefined<String>,
    /// A rating, 0 to 100; null removes it.
    pub my_rating: MaybeUndefined<i32>,
    /// Your own tags in place of those it had: at most 50, each of 1 to 50 characters, each once in
    /// whatever case. Null or an empty list removes them all.
    pub tags: MaybeUndefined<Vec<String>>,
}

/// The game as it is now, or why nothing was changed.
#[derive(Debug, SimpleObject)]
pub struct GamePayload {
    /// The game, null when there are problems.
    #[graphql(
        provides = "title kind releaseYear genres tags developers esrb criticScore mainStoryMinutes"
    )]
    pub game: Option<Game>,
    /// Why nothing was changed.
    pub problems: Vec<Problem>,
}

/// Statuses, and games that other subgraphs name.
#[derive(Debug, Default)]
pub struct GameQuery;

#[Object]
impl GameQuery {
    /// The statuses a game can have, in the order a game usually goes through them; then those
    /// that your household made for itself.
    #[graphql(directive = Anyone::apply(), directive = cost::Usual::apply(8))]
    async fn statuses(&self, ctx: &Context<'_>) -> Result<Option<Vec<GameStatus>>> {
        let mut all: Vec<GameStatus> = STATUSES.into_iter().map(GameStatus::from).collect();
        if let Ok(identity) = ctx.viewer().require(Scope::ReadLibrary) {
            let db = ctx.data::<Ports>()?.db.read();
            let own = own::store::of(db, identity.household.0).await.or_refuse()?;
            all.extend(own.iter().map(GameStatus::from));
        }
        Ok(Some(all))
    }

    /// A game by id, for the graph's other parts.
    #[graphql(entity)]
    async fn find_game_by_id(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The game's id.")] id: ID,
    ) -> Result<Option<Game>> {
        let found = async {
            let id = GameId::parse(&id).or_refuse()?;
            Ok(Some(Game::new(id.0)))
        };
        entity(ctx, Rule::scope(Scope::ReadLibrary), found).await
    }
}

/// Marking games.
#[derive(Debug, Default)]
pub struct GameMutation;

#[Object]
impl GameMutation {
    /// Changes status, marks, notes, rating or your own tags of a game that you hold.
    #[graphql(directive = Needs::apply(Scope::WriteLibrary))]
    async fn update_game(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateGameInput,
    ) -> Result<GamePayload> {
        let identity = ctx.require(Scope::WriteLibrary)?;
        let marks = Marks {
            status: input.status.map(|id| id.0),
            favourite: input.favourite,
            hidden: input.hidden,
            notes: input.notes.into(),
            my_rating: input.my_rating.into(),
            tags: input.tags.into(),
        };
        let ports = ctx.data::<Ports>()?;
        let marked = service::mark(
            ports,
            identity.household.0,
            identity.family,
            &input.game_id,
            marks,
        )
        .await;
        // Another change of the same game in this request may have been read already.
        ctx.data::<HoldingLoader>()?.clear();
        let (game, problems) = problems(marked.or_problem()?);
        Ok(GamePayload {
            game: game.map(|id| Game::new(id.0)),
            problems,
        })
    }
}

impl<T> From<MaybeUndefined<T>> for Change<T> {
    fn from(value: MaybeUndefined<T>) -> Self {
        match value {
            MaybeUndefined::Undefined => Self::Keep,
            MaybeUndefined::Null => Self::Remove,
            MaybeUndefined::Value(value) => Self::To(value),
        }
    }
}
