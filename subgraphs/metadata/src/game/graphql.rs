//! Games in the graph.

use super::{
    entity::{fact, game},
    kind_of,
    loader::{Facts, Games, Links, Ratings},
    rating, service,
};
use crate::matching::entity::matched;
use async_graphql::{Context, ID, Object, Result, SimpleObject, dataloader::DataLoader};
use chrono::{DateTime, NaiveDate, Utc};
use djinn_kernel::{Doing, Esrb, Scope};
use djinn_subgraph_kit::graph::{
    EsrbRating, GameKind, Needs, OrRefuse, Rule, ViewerExt, cost, entity,
};

/// A game as it is shown.
pub struct Game(game::Model);

/// A game, whatever stores sell it: one title owned on three platforms is one game. Only its id is
/// always there: each other field is null while the part of the hub that knows it does not answer.
#[Object]
impl Game {
    /// Its id in this hub.
    async fn id(&self) -> ID {
        self.0.id.into()
    }
    /// The title.
    async fn title(&self) -> Option<&str> {
        Some(&self.0.title)
    }
    /// The title to sort by: without a leading article.
    async fn sort_title(&self) -> Option<&str> {
        Some(&self.0.sort_title)
    }
    /// What kind of thing it is.
    async fn kind(&self) -> Option<GameKind> {
        Some(kind_of(self.0.kind).into())
    }
    /// The day of its first release. Null when only the year, or nothing, is known.
    async fn released_on(&self) -> Option<NaiveDate> {
        self.0.released_on
    }
    /// The year of its first release.
    async fn release_year(&self) -> Option<i32> {
        self.0.release_year
    }
    /// Genres by name.
    async fn genres(&self) -> Option<&[String]> {
        Some(&self.0.genres.0)
    }
    /// Tags by name.
    async fn tags(&self) -> Option<&[String]> {
        Some(&self.0.tags.0)
    }
    /// Who made it.
    async fn developers(&self) -> Option<&[String]> {
        Some(&self.0.developers.0)
    }
    /// Who published it.
    async fn publishers(&self) -> Option<&[String]> {
        Some(&self.0.publishers.0)
    }
    /// A few sentences about it, in plain text.
    async fn summary(&self) -> Option<&str> {
        self.0.summary.as_deref()
    }
    /// An upright picture, on this hub. Null when there is none here.
    async fn cover_url(&self) -> Option<&str> {
        None
    }
    /// A wide picture, on this hub. Null when there is none here.
    async fn header_url(&self) -> Option<&str> {
        None
    }
    /// The critics' score, 0 to 100.
    async fn critic_score(&self) -> Option<i32> {
        self.0.critic_score.map(i32::from)
    }
    /// How many minutes the main story takes.
    async fn main_story_minutes(&self) -> Option<i32> {
        self.0.main_story_minutes
    }
    /// The rating that a family profile's ceiling goes by. Null means unrated, which such a
    /// profile hides unless a parent chose otherwise.
    async fn esrb(&self) -> Option<EsrbRating> {
        self.0.esrb.and_then(Esrb::from_level).map(Into::into)
    }
    /// Where that rating comes from, for instance `steam-store`, `import` or
    /// `steam-store (required age)`.
    async fn esrb_source(&self) -> Option<&str> {
        self.0.esrb_source.as_deref()
    }
    /// What each rating board says, by the board's name.
    #[graphql(directive = cost::Usual::apply(4))]
    async fn age_ratings(&self, ctx: &Context<'_>) -> Result<Option<Vec<AgeRating>>> {
        let found = ctx
            .data_unchecked::<DataLoader<Ratings>>()
            .load_one(self.0.id)
            .await;
        let found = found
            .doing("loading ratings")
            .or_refuse()?
            .unwrap_or_default();
        Ok(Some(found.into_iter().map(Into::into).collect()))
    }
    /// The products of stores that are this game.
    #[graphql(directive = cost::Usual::apply(4))]
    async fn store_links(&self, ctx: &Context<'_>) -> Result<Option<Vec<StoreLink>>> {
        let found = ctx
            .data_unchecked::<DataLoader<Links>>()
            .load_one(self.0.id)
            .await;
        let found = found
            .doing("loading store links")
            .or_refuse()?
            .unwrap_or_default();
        Ok(Some(found.into_iter().filter_map(StoreLink::of).collect()))
    }
    /// Where each known field comes from, and how old it is.
    #[graphql(directive = cost::Usual::apply(16))]
    async fn facts(&self, ctx: &Context<'_>) -> Result<Option<Vec<Fact>>> {
        let found = ctx
            .data_unchecked::<DataLoader<Facts>>()
            .load_one(self.0.id)
            .await;
        let found = found
            .doing("loading sources")
            .or_refuse()?
            .unwrap_or_default();
        Ok(Some(found.into_iter().map(Into::into).collect()))
    }
    /// When any of this last changed.
    async fn updated_at(&self) -> Option<DateTime<Utc>> {
        Some(self.0.updated_at)
    }
}

/// What one rating board says about a game.
#[derive(SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct AgeRating {
    /// The board, for instance `ESRB`, `PEGI` or `USK`.
    board: String,
    /// The rating as the board writes it, for instance `M` or `16`.
    rating: String,
    /// Why, in the board's words.
    descriptors: Vec<String>,
    /// Who says so: `steam-store`, `import`, or `questionnaire` for what a developer declared and
    /// no board has checked.
    source: String,
}

impl From<rating::Rating> for AgeRating {
    fn from(rating: rating::Rating) -> Self {
        Self {
            board: rating.board,
            rating: rating.rating,
            descriptors: rating.descriptors,
            source: rating.source,
        }
    }
}

/// A product of a store.
#[derive(SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct StoreLink {
    /// The platform's id, for instance `steam`.
    platform: String,
    /// The platform's own id of the product.
    store_id: String,
    /// The store's page, where its address follows from the id.
    url: Option<String>,
}

impl StoreLink {
    fn of(row: matched::Model) -> Option<Self> {
        let store_id = row.store_id?;
        let known = row.platform == "steam" && store_id.bytes().all(|b| b.is_ascii_digit());
        let url = known.then(|| format!("https://store.steampowered.com/app/{store_id}"));
        Some(Self {
            platform: row.platform,
            store_id,
            url,
        })
    }
}

/// Where one field of a game comes from.
#[derive(SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct Fact {
    /// The field, for instance `genres`.
    field: String,
    /// The source: `platform`, `import` or `steam-store`.
    source: String,
    /// When the source said so.
    fetched_at: DateTime<Utc>,
}

impl From<fact::Model> for Fact {
    fn from(row: fact::Model) -> Self {
        Self {
            field: row.field,
            source: row.source,
            fetched_at: row.fetched_at,
        }
    }
}

/// The entry points.
#[derive(Default)]
pub struct GameQuery;

#[Object]
impl GameQuery {
    /// A game by its id. Null when there is none, or when it is above the profile's ceiling.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary))]
    async fn game(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The game's id.")] id: ID,
    ) -> Result<Option<Game>> {
        let games = ctx.data_unchecked::<DataLoader<Games>>();
        Ok(service::look(games, ctx.viewer(), &id)
            .await
            .or_refuse()?
            .map(Game))
    }

    /// A game that another subgraph refers to.
    #[graphql(entity)]
    async fn find_game(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Game>> {
        let games = ctx.data_unchecked::<DataLoader<Games>>();
        let found = async {
            let game = service::look(games, ctx.viewer(), &id).await.or_refuse()?;
            Ok(game.map(Game))
        };
        // Boards are read with play scopes only, and name their games.
        let rule = Rule::any_of(&[Scope::ReadLibrary, Scope::ReadPlay]);
        entity(ctx, rule, found).await
    }
}
