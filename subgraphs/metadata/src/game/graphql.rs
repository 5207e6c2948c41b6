//! Games in the graph.

use super::{
    Field, Said, Source,
    entity::game,
    fact::{self, Fact},
    kind_of,
    loader::{Facts, Games, Links, Ratings, SaidOf},
    rating, service,
};
use crate::{
    artwork::{
        self, Role,
        choice::{PictureChoice, PictureRole},
        graphql::Picture,
    },
    decision::{self, graphql::GameMerge},
    enrichment::looks::Looks,
    matching::entity::matched,
    relation::{self, graphql::GameRelation},
};
use async_graphql::{Context, ID, Object, Result, SimpleObject, dataloader::DataLoader};
use chrono::{DateTime, NaiveDate, Utc};
use djinn_kernel::{Doing, Esrb, Scope};
use djinn_subgraph_kit::graph::{
    EsrbRating, GameKind, Needs, OrRefuse, Rule, ViewerExt, cost, entity,
};
use std::{collections::BTreeMap, sync::Arc};

/// A game as it is shown.
#[derive(Clone)]
pub struct Game(game::Model);

impl Game {
    /// A game that the viewer may see.
    pub const fn new(row: game::Model) -> Self {
        Self(row)
    }

    /// Its id.
    pub const fn key(&self) -> uuid::Uuid {
        self.0.id
    }

    /// What each source said about it.
    async fn said(&self, ctx: &Context<'_>) -> Result<Arc<BTreeMap<Source, Said>>> {
        let loader = ctx.data_unchecked::<DataLoader<SaidOf>>();
        let said = loader.load_one(self.0.id).await;
        let said = said.doing("loading what sources said").or_refuse()?;
        Ok(said.unwrap_or_default())
    }
}

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
    /// An upright picture, on this hub, 480 pixels wide. Null when no source has one.
    async fn cover_url(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let cover = artwork::graphql::first(ctx, self.0.id, &[Role::Cover, Role::Header]).await?;
        Ok(cover.map(|cover| cover.at(480)))
    }
    /// A wide picture, on this hub, 480 pixels wide. Null when no source has one.
    async fn header_url(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let header = artwork::graphql::first(ctx, self.0.id, &[Role::Header, Role::Hero]).await?;
        Ok(header.map(|header| header.at(480)))
    }
    /// An upright picture, or a wide one where no source has any. Null when there is neither.
    async fn cover(&self, ctx: &Context<'_>) -> Result<Option<Picture>> {
        artwork::graphql::first(ctx, self.0.id, &[Role::Cover, Role::Header]).await
    }
    /// A large picture to put behind its page. Null when no source has one.
    async fn hero(&self, ctx: &Context<'_>) -> Result<Option<Picture>> {
        artwork::graphql::first(ctx, self.0.id, &[Role::Hero, Role::Header]).await
    }
    /// Pictures from the game, at most eight.
    #[graphql(directive = cost::Usual::apply(8))]
    async fn screenshots(&self, ctx: &Context<'_>) -> Result<Option<Vec<Picture>>> {
        let shots = artwork::graphql::all(ctx, self.0.id, Role::Screenshot).await;
        shots.map(Some)
    }
    /// The pictures to choose from, the first to show first, at most 20; `choosePicture` takes one
    /// of them, or another.
    #[graphql(directive = cost::Usual::apply(4))]
    async fn picture_choices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What for.", default_with = "PictureRole::Cover")] role: PictureRole,
    ) -> Result<Option<Vec<PictureChoice>>> {
        let choices = artwork::choice::choices(ctx, self.0.id, role.into()).await;
        choices.map(Some)
    }
    /// The critics' score, 0 to 100.
    async fn critic_score(&self) -> Option<i32> {
        self.0.critic_score.map(i32::from)
    }
    /// How many minutes the main story takes.
    async fn main_story_minutes(&self) -> Option<i32> {
        self.0.main_story_minutes
    }
    /// How long it takes, by way of playing. Null when no source measures it.
    async fn time_to_beat(&self, ctx: &Context<'_>) -> Result<Option<TimeToBeat>> {
        let said = self.said(ctx).await?;
        let best = said
            .iter()
            .filter(|(_, said)| said.findings.time_to_beat.is_some())
            .max_by_key(|(source, _)| source.weight(Field::TimeToBeat));
        Ok(best.and_then(|(source, said)| TimeToBeat::of(*source, said)))
    }
    /// The rating by the scale of the ESRB, which a family profile's ceiling of that board goes by.
    /// Null means unrated, which such a profile hides unless a parent chose otherwise.
    async fn esrb(&self) -> Option<EsrbRating> {
        self.0.esrb.and_then(Esrb::from_level).map(Into::into)
    }
    /// Where that rating comes from, for instance `steam-store`, `import-by-admin` or
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
    /// Where each known field comes from, how old it is, whether a person corrected it, and what
    /// other sources say.
    #[graphql(directive = cost::Usual::apply(13))]
    async fn facts(&self, ctx: &Context<'_>) -> Result<Option<Vec<Fact>>> {
        let found = ctx
            .data_unchecked::<DataLoader<Facts>>()
            .load_one(self.0.id)
            .await;
        let found = found
            .doing("loading sources")
            .or_refuse()?
            .unwrap_or_default();
        let said = self.said(ctx).await?;
        Ok(Some(fact::facts(&self.0, found, &said)))
    }
    /// What made it what it is for your household: products matched, games merged, copies split
    /// off, the decisions first, each with its evidence. At most 50.
    #[graphql(directive = cost::Usual::apply(4))]
    async fn merges(&self, ctx: &Context<'_>) -> Result<Option<Vec<GameMerge>>> {
        decision::graphql::merges(ctx, self.0.id).await.map(Some)
    }
    /// Other games of your libraries that belong to it: remasters, editions, additional content,
    /// demos, soundtracks. At most 50.
    #[graphql(directive = cost::Usual::apply(2))]
    async fn relations(&self, ctx: &Context<'_>) -> Result<Option<Vec<GameRelation>>> {
        relation::graphql::relations(ctx, self.0.id).await.map(Some)
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
    /// The board: `ESRB`, `PEGI`, `USK`, `CERO`, `GRAC`, `ClassInd`, `ACB` or another.
    board: String,
    /// The rating as the board writes it, for instance `M` or `16`.
    rating: String,
    /// Why, in the board's words.
    descriptors: Vec<String>,
    /// Who says so: `steam-store`, `igdb`, `rawg`, `import-by-admin`, `import` for a file of anybody
    /// else, `person` for a correction, or `questionnaire` for what a developer declared and no board
    /// has checked.
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

/// How long a game takes, in minutes, as its players measured it.
#[derive(SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct TimeToBeat {
    /// To the credits, without notable time on anything beside the way.
    hastily: Option<i32>,
    /// With some of what is beside the way.
    normally: Option<i32>,
    /// With all there is.
    completely: Option<i32>,
    /// Who says so, for instance `igdb`.
    source: String,
    /// When they said so.
    fetched_at: DateTime<Utc>,
}

impl TimeToBeat {
    fn of(source: Source, said: &Said) -> Option<Self> {
        let times = said.findings.time_to_beat?;
        Some(Self {
            hastily: times.hastily,
            normally: times.normally,
            completely: times.completely,
            source: source.as_str().to_owned(),
            fetched_at: *said.at.get(&Field::TimeToBeat)?,
        })
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
        let game = service::look(games, ctx.viewer(), &id).await.or_refuse()?;
        if let Some(game) = &game {
            ctx.data_unchecked::<Looks>().at(game.id);
        }
        Ok(game.map(Game))
    }

    /// Games by their ids, in that order, each once for each time it is named. Null in the place of
    /// one that there is not, or that is above the profile's ceiling.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary), directive = cost::Usual::apply(10))]
    async fn games_by_id(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Their ids, at most 100.")] ids: Vec<ID>,
    ) -> Result<Option<Vec<Option<Game>>>> {
        let games = ctx.data_unchecked::<DataLoader<Games>>();
        let found = service::look_at_all(games, ctx.viewer(), &ids).await;
        let found = found.or_refuse()?.into_iter();
        Ok(Some(found.map(|game| game.map(Game)).collect()))
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
