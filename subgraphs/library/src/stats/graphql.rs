//! Statistics in the graph.

use super::service::{self, Stats};
use crate::{
    game::{Game, loader::prefetch},
    platform::Registry,
    search::{
        Indexes,
        graphql::{Facet, shown},
    },
};
use async_graphql::{Context, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use djinn_kernel::{Scope, page::Page};
use djinn_subgraph_kit::{
    Ports,
    graph::{Needs, OrRefuse, ViewerExt, cost},
};

/// Your libraries in numbers. Counts are of games proper that you have not hidden, as `games`
/// lists them.
#[derive(Debug, SimpleObject)]
pub struct LibraryStats {
    /// Games, however many copies there are of each.
    games: i32,
    /// Copies of those games, over all platforms.
    copies: i32,
    /// Minutes played, over all games.
    playtime_minutes: i32,
    /// Games that were ever played.
    played: i32,
    /// Games that were never played.
    never_played: i32,
    /// Linked libraries.
    libraries: i32,
    /// Games by platform, the most first. A game held on two platforms counts in both.
    by_platform: Vec<Facet>,
    /// Games by status, in the order a game usually goes through them.
    by_status: Vec<Facet>,
    /// Games by genre, the most first.
    by_genre: Vec<Facet>,
    /// When a sync last got to its end. Null before the first.
    last_sync_at: Option<DateTime<Utc>>,
}

impl From<Stats> for LibraryStats {
    fn from(stats: Stats) -> Self {
        Self {
            games: stats.games as i32,
            copies: i32::try_from(stats.copies).unwrap_or(i32::MAX),
            // Four thousand years fit.
            playtime_minutes: i32::try_from(stats.playtime_minutes).unwrap_or(i32::MAX),
            played: stats.played as i32,
            never_played: (stats.games - stats.played) as i32,
            libraries: stats.libraries as i32,
            by_platform: shown(stats.facets.platforms),
            by_status: shown(stats.facets.statuses),
            by_genre: shown(stats.facets.genres),
            last_sync_at: stats.last_sync_at,
        }
    }
}

/// Queries that count.
#[derive(Debug, Default)]
pub struct StatsQuery;

#[Object]
impl StatsQuery {
    /// Your libraries in numbers.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary), directive = cost::Weight::apply(5))]
    async fn library_stats(&self, ctx: &Context<'_>) -> Result<Option<LibraryStats>> {
        let identity = ctx.require(Scope::ReadLibrary)?;
        let (ports, indexes, registry) = (
            ctx.data::<Ports>()?,
            ctx.data::<Indexes>()?,
            ctx.data::<Registry>()?,
        );
        Ok(Some(
            service::stats(ports, indexes, registry, identity)
                .await
                .or_refuse()?
                .into(),
        ))
    }

    /// The games you played last, the latest first.
    #[graphql(
        directive = Needs::apply(Scope::ReadLibrary),
        provides = "title kind releaseYear genres tags developers esrb criticScore mainStoryMinutes"
    , directive = cost::Slice::apply("first"))]
    async fn recently_played(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 50 when left out.")] first: Option<i32>,
    ) -> Result<Option<Vec<Game>>> {
        let identity = ctx.require(Scope::ReadLibrary)?;
        let page = Page::<()>::parse(first, None).or_refuse()?;
        let (ports, indexes) = (ctx.data::<Ports>()?, ctx.data::<Indexes>()?);
        let played = service::recently_played(ports, indexes, identity, page.first as usize)
            .await
            .or_refuse()?;
        prefetch(ctx, &ctx.look_ahead(), &played).await?;
        Ok(Some(played.into_iter().map(Game::new).collect()))
    }
}
