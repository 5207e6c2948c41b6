//! Patterns of play in the graph.

use super::{
    patterns::Patterns,
    period::Period,
    review::YearInReview,
    service,
    words::{
        Backlog, PlayDay, PlayLength, PlayMonth, PlayShare, PlayStreak, PlayWeekday, PlayedGame,
        TimeSpent, most, shown,
    },
};
use crate::{platform::Registry, search::Indexes};
use async_graphql::{Context, ID, Object, Result};
use chrono::NaiveDate;
use djinn_kernel::Scope;
use djinn_subgraph_kit::{
    Ports,
    graph::{Needs, OrRefuse, ViewerExt, cost},
};

/// How somebody plays: when, how long, on what. Counts are of games proper that you have not
/// hidden, as `games` lists them.
pub struct GamingPatterns(Patterns);

/// How somebody plays: when, how long, on what. Counts are of games proper that you have not
/// hidden, as `games` lists them. Hours are known from the first sync on, which sees what grows.
#[Object]
impl GamingPatterns {
    /// The first day of the period.
    async fn from(&self) -> NaiveDate {
        self.0.from
    }
    /// The last day of the period: today.
    async fn to(&self) -> NaiveDate {
        self.0.to
    }
    /// Minutes played in the period.
    async fn minutes(&self) -> i32 {
        shown(self.0.sums.minutes)
    }
    /// Days on which anything was played.
    async fn days_played(&self) -> i32 {
        self.0.sums.days.len() as i32
    }
    /// Games that were played in the period.
    async fn games_played(&self) -> i32 {
        self.0.sums.top.len() as i32
    }
    /// Minutes that platforms had counted before anybody looked, so that nobody knows the days.
    /// Only for `ALL_TIME`; 0 otherwise.
    async fn undated_minutes(&self) -> i32 {
        shown(self.0.undated_minutes)
    }
    /// Minutes by day, of the days on which anything was played, the oldest first; at most the
    /// latest 366.
    #[graphql(directive = cost::Usual::apply(120))]
    async fn by_day(&self) -> Vec<PlayDay> {
        let days = self.0.latest_days();
        days.map(|(day, minutes)| PlayDay::new(day, minutes))
            .collect()
    }
    /// Minutes by day of the week, Monday first.
    #[graphql(directive = cost::Usual::apply(7))]
    async fn by_weekday(&self) -> Vec<PlayWeekday> {
        PlayWeekday::all(self.0.weekdays)
    }
    /// Minutes by month, every month of the period, the oldest first; at most the latest 240.
    #[graphql(directive = cost::Usual::apply(24))]
    async fn by_month(&self) -> Vec<PlayMonth> {
        let months = self.0.months.iter().cloned();
        months.map(PlayMonth::from).collect()
    }
    /// Minutes by platform, the most first.
    #[graphql(directive = cost::Usual::apply(5))]
    async fn by_platform(&self, ctx: &Context<'_>) -> Result<Vec<PlayShare>> {
        let registry = ctx.data::<Registry>()?;
        Ok(PlayShare::platforms(&self.0.sums.platforms, registry))
    }
    /// Minutes by genre, the most first; at most 30. A game counts in each of its genres.
    #[graphql(directive = cost::Usual::apply(15))]
    async fn by_genre(&self) -> Vec<PlayShare> {
        self.0.sums.genres.iter().map(PlayShare::of).collect()
    }
    /// The games that were played most in the period.
    #[graphql(directive = cost::Slice::apply("first"))]
    async fn top_games(
        &self,
        #[graphql(desc = "How many, 1 to 50.", default = 10)] first: Option<i32>,
    ) -> Result<Vec<PlayedGame>> {
        let most = most(first)?;
        let top = self.0.sums.top.iter().take(most);
        Ok(top.map(PlayedGame::from).collect())
    }
    /// The longest streak of days within the period. Null when nothing was played.
    async fn longest_streak(&self) -> Option<PlayStreak> {
        self.0.longest.map(Into::into)
    }
    /// The streak that goes on: up to today, or up to yesterday while today is not over.
    async fn current_streak(&self) -> Option<PlayStreak> {
        self.0.current.map(Into::into)
    }
    /// How long days were: how many there are of each length, the shortest first.
    #[graphql(directive = cost::Usual::apply(6))]
    async fn day_lengths(&self) -> Vec<PlayLength> {
        PlayLength::all(self.0.lengths)
    }
    /// How many minutes the middle one of all days was long. Null when nothing was played.
    async fn median_day_minutes(&self) -> Option<i32> {
        self.0.median_day.map(shown)
    }
    /// Games that nobody has begun.
    async fn backlog(&self) -> Backlog {
        Backlog::from(&self.0.backlog)
    }
    /// Time spent against the time that games take.
    async fn time_spent(&self) -> TimeSpent {
        self.0.spent.into()
    }
}

/// Queries that look at how somebody plays.
#[derive(Debug, Default)]
pub struct AnalyticsQuery;

#[Object]
impl AnalyticsQuery {
    /// How you play: hours by day, weekday, month, platform and genre, streaks, lengths of days,
    /// the backlog, and time spent against the time games take.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary), directive = cost::Weight::apply(10))]
    async fn analyze_gaming_patterns(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Only what is held and played in this library. Left out: in all of them."
        )]
        library: Option<ID>,
        #[graphql(
            desc = "The time to look at.",
            default_with = "Some(Period::default())"
        )]
        period: Option<Period>,
    ) -> Result<Option<GamingPatterns>> {
        let identity = ctx.require(Scope::ReadLibrary)?;
        let library = library.as_ref().map(|id| id.as_str());
        let looked = service::analyze(
            ctx.data::<Ports>()?,
            ctx.data::<Indexes>()?,
            identity,
            library,
            period.unwrap_or_default(),
        )
        .await
        .or_refuse()?;
        Ok(Some(GamingPatterns(looked)))
    }

    /// A year in review: what was played most, what was begun, completed and new, and how it
    /// compares with the year before.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary), directive = cost::Weight::apply(10))]
    async fn year_in_review(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The year, 1970 to this one.")] year: i32,
    ) -> Result<Option<YearInReview>> {
        let identity = ctx.require(Scope::ReadLibrary)?;
        let (ports, indexes) = (ctx.data::<Ports>()?, ctx.data::<Indexes>()?);
        let looked = service::year_in_review(ports, indexes, identity, year).await;
        Ok(Some(YearInReview::new(looked.or_refuse()?)))
    }
}
