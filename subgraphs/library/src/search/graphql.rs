//! Search in the graph.

use super::{
    cache::Indexes,
    facets::{Choice, Facets},
    filter::{Filter, Range},
    page::Sort,
    service::{self, Found, Search},
};
use crate::{
    game::{Game, loader::prefetch},
    platform::Registry,
};
use async_graphql::{ComplexObject, Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use djinn_kernel::Scope;
use djinn_subgraph_kit::{
    Ports,
    graph::{EsrbRating, GameKind, Needs, OrRefuse, PageInfo, ViewerExt, cost},
};
use std::sync::Arc;

/// Narrows a list of games down. What is left out or null counts as its default; an empty list
/// narrows nothing. Lists have at most 50 entries, and any one of them is enough.
#[derive(Debug, InputObject)]
pub struct GameFilter {
    /// Held on any of these platforms, by id.
    platforms: Option<Vec<ID>>,
    /// Held on at least this many different platforms, 1 to 20.
    platforms_at_least: Option<i32>,
    /// In any of these statuses, by id.
    statuses: Option<Vec<ID>>,
    /// Of any of these genres, by name.
    genres: Option<Vec<String>>,
    /// With any of these tags, by name: those that providers give.
    tags: Option<Vec<String>>,
    /// With any of these tags of your own, in whatever case. To a child profile no game has one.
    my_tags: Option<Vec<String>>,
    /// Of any of these kinds; an empty list means every kind.
    #[graphql(default_with = "Some(vec![GameKind::Game])")]
    kinds: Option<Vec<GameKind>>,
    /// Rated at most so by the ESRB.
    rating_at_most: Option<EsrbRating>,
    /// Whether games no board has rated are listed too.
    #[graphql(default_with = "Some(true)")]
    include_unrated: Option<bool>,
    /// First released in these years.
    released_between: Option<YearRange>,
    /// Played this long.
    playtime_between: Option<MinuteRange>,
    /// True for games that were ever played, false for those never played.
    played: Option<bool>,
    /// True for favourites, false for all others. To a child profile no game is a favourite.
    favourite: Option<bool>,
    /// False leaves out what you hid, true lists only that. For a child profile nothing hidden is there.
    #[graphql(default_with = "Some(false)")]
    hidden: Option<bool>,
    /// Held in any of these libraries, by id.
    libraries: Option<Vec<ID>>,
}

/// Years, both included.
#[derive(Debug, Clone, Copy, InputObject)]
pub struct YearRange {
    /// The first year.
    from: Option<i32>,
    /// The last year.
    to: Option<i32>,
}

/// Minutes, both included.
#[derive(Debug, Clone, Copy, InputObject)]
pub struct MinuteRange {
    /// At least so many.
    from: Option<i32>,
    /// At most so many.
    to: Option<i32>,
}

impl From<GameFilter> for Filter {
    fn from(input: GameFilter) -> Self {
        // A variable that a client leaves out arrives as null, so null must mean the default.
        let by_default = Self::default();
        let ids =
            |ids: Option<Vec<ID>>| ids.unwrap_or_default().into_iter().map(|id| id.0).collect();
        let range = |from, to| Range { from, to };
        Self {
            platforms: ids(input.platforms),
            platforms_at_least: input.platforms_at_least,
            statuses: ids(input.statuses),
            genres: input.genres.unwrap_or_default(),
            tags: input.tags.unwrap_or_default(),
            my_tags: input.my_tags.unwrap_or_default(),
            kinds: input.kinds.map_or(by_default.kinds, |kinds| {
                kinds.into_iter().map(Into::into).collect()
            }),
            rating_at_most: input.rating_at_most.map(Into::into),
            include_unrated: input.include_unrated.unwrap_or(by_default.include_unrated),
            released: input
                .released_between
                .map_or_else(Range::default, |years| range(years.from, years.to)),
            playtime: input
                .playtime_between
                .map_or_else(Range::default, |minutes| range(minutes.from, minutes.to)),
            played: input.played,
            favourite: input.favourite,
            hidden: input.hidden.unwrap_or(by_default.hidden),
            libraries: ids(input.libraries),
        }
    }
}

/// The order of a list of games. Ties go by title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Sort")]
pub enum GameSort {
    /// The best fit first; without a query, by title.
    Relevance,
    /// By title, leading articles aside, numbers by their value.
    Title,
    /// The newest first, unknown dates last.
    Released,
    /// The last played first, never played last.
    LastPlayed,
    /// The most played first.
    Playtime,
    /// The last added first.
    Added,
    /// The best critics' score first, unscored last.
    CriticScore,
}

/// One choice of a filter, and how many games it would show.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct Facet {
    /// What goes into the filter. Of a decade it is the first year; unrated games are `UNRATED`.
    id: ID,
    /// What a person reads.
    label: String,
    /// How many games there are.
    count: i32,
}

impl From<Choice> for Facet {
    fn from(choice: Choice) -> Self {
        Self {
            id: ID(choice.id),
            label: choice.label,
            count: choice.count as i32,
        }
    }
}

/// How many games there are behind every choice, each counted as if its own filter were not set.
/// At most 30 choices each.
#[derive(Debug, Clone, SimpleObject)]
pub struct GameFacets {
    /// By platform, the most games first.
    platforms: Vec<Facet>,
    /// By status, in the order a game usually goes through them.
    statuses: Vec<Facet>,
    /// By genre, the most games first.
    genres: Vec<Facet>,
    /// By ESRB rating, the mildest first, unrated last.
    ratings: Vec<Facet>,
    /// By decade of release, the latest first.
    decades: Vec<Facet>,
    /// By your own tags, the most games first.
    my_tags: Vec<Facet>,
}

/// Choices as the graph shows them.
pub fn shown(choices: Vec<Choice>) -> Vec<Facet> {
    choices.into_iter().map(Facet::from).collect()
}

impl From<Facets> for GameFacets {
    fn from(facets: Facets) -> Self {
        Self {
            platforms: shown(facets.platforms),
            statuses: shown(facets.statuses),
            genres: shown(facets.genres),
            ratings: shown(facets.ratings),
            decades: shown(facets.decades),
            my_tags: shown(facets.my_tags),
        }
    }
}

/// A page of games, with the choices to narrow them down further.
#[derive(Debug, SimpleObject)]
#[graphql(complex)]
pub struct GameSearch {
    /// The games of this page, in order.
    #[graphql(
        provides = "title kind releaseYear genres tags developers esrb criticScore mainStoryMinutes"
    )]
    nodes: Vec<Game>,
    /// Where this page ends.
    page_info: PageInfo,
    /// How many games there are on all pages.
    total_count: i32,
    #[graphql(skip)]
    found: Arc<Found>,
}

#[ComplexObject]
impl GameSearch {
    /// How many games there would be behind every choice of a filter.
    #[graphql(directive = cost::Weight::apply(10))]
    async fn facets(&self, ctx: &Context<'_>) -> Result<GameFacets> {
        Ok(self.found.facets(ctx.data::<Registry>()?).into())
    }
}

/// Queries that find games.
#[derive(Debug, Default)]
pub struct SearchQuery;

#[Object]
impl SearchQuery {
    /// The games of your libraries. Each game is one entry, however many copies there are.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary), directive = cost::Page::apply("nodes"))]
    async fn games(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "What the list is narrowed down to. Left out: games proper that are not hidden."
        )]
        filter: Option<GameFilter>,
        #[graphql(desc = "The order.", default_with = "Some(GameSort::Title)")] sort: Option<
            GameSort,
        >,
        #[graphql(desc = "How many, 1 to 100; 50 when left out.")] first: Option<i32>,
        #[graphql(desc = "The `endCursor` of the page before, under the same filter and order.")]
        after: Option<String>,
    ) -> Result<Option<GameSearch>> {
        run(
            ctx,
            None,
            filter.map(Filter::from).unwrap_or_default(),
            sort.unwrap_or(GameSort::Title),
            first,
            after,
        )
        .await
    }

    /// The games that you hold on more than one platform, the most played first.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary), directive = cost::Page::apply("nodes"))]
    async fn cross_platform_games(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 50 when left out.")] first: Option<i32>,
        #[graphql(desc = "The `endCursor` of the page before.")] after: Option<String>,
    ) -> Result<Option<GameSearch>> {
        let filter = Filter {
            platforms_at_least: Some(2),
            ..Filter::default()
        };
        run(ctx, None, filter, GameSort::Playtime, first, after).await
    }

    /// Finds games by title. Case, accents, signs and the kind of numerals do not matter; a slip
    /// of the keyboard is forgiven when nothing fits as typed.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary), directive = cost::Page::apply("nodes"))]
    async fn search_games(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "What to look for, at most 200 characters. Empty lists everything.",
            directive = cost::Weight::apply(10)
        )]
        query: String,
        #[graphql(
            desc = "What the list is narrowed down to. Left out: games proper that are not hidden."
        )]
        filter: Option<GameFilter>,
        #[graphql(desc = "The order.", default_with = "Some(GameSort::Relevance)")] sort: Option<
            GameSort,
        >,
        #[graphql(desc = "How many, 1 to 100; 50 when left out.")] first: Option<i32>,
        #[graphql(
            desc = "The `endCursor` of the page before, under the same query, filter and order."
        )]
        after: Option<String>,
    ) -> Result<Option<GameSearch>> {
        run(
            ctx,
            Some(query),
            filter.map(Filter::from).unwrap_or_default(),
            sort.unwrap_or(GameSort::Relevance),
            first,
            after,
        )
        .await
    }
}

async fn run(
    ctx: &Context<'_>,
    query: Option<String>,
    filter: Filter,
    sort: GameSort,
    first: Option<i32>,
    after: Option<String>,
) -> Result<Option<GameSearch>> {
    let identity = ctx.require(Scope::ReadLibrary)?;
    let asked = Search {
        query: query.as_deref(),
        filter,
        sort: sort.into(),
        first,
        after: after.as_deref(),
    };
    let (ports, indexes, registry) = (
        ctx.data::<Ports>()?,
        ctx.data::<Indexes>()?,
        ctx.data::<Registry>()?,
    );
    let found = service::search(ports, indexes, registry, identity, asked)
        .await
        .or_refuse()?;
    prefetch(ctx, &ctx.look_ahead().field("nodes"), &found.page.games).await?;
    Ok(Some(GameSearch {
        nodes: found.page.games.iter().copied().map(Game::new).collect(),
        page_info: PageInfo {
            has_next_page: found.page.has_next,
            end_cursor: found.page.end.clone(),
        },
        total_count: i32::try_from(found.total).unwrap_or(i32::MAX),
        found: Arc::new(found),
    }))
}
