//! A year in review, in the graph.

use super::{
    words::{PlayMonth, PlayShare, PlayStreak, PlayedGame, most, shown},
    year::{OnDay, Review, Totals},
};
use crate::{game::Game, platform::Registry};
use async_graphql::{Context, Object, Result, SimpleObject};
use chrono::NaiveDate;
use djinn_subgraph_kit::graph::cost;
use uuid::Uuid;

/// A game on a day of a year.
#[derive(Debug, SimpleObject)]
pub struct GameOnDay {
    /// The day.
    day: NaiveDate,
    /// The game; of a day on which several were played, the one that was played most.
    #[graphql(
        provides = "title kind releaseYear genres tags developers esrb criticScore mainStoryMinutes"
    )]
    game: Game,
    /// Minutes played on that day, of all games. Null where the day is not about play.
    minutes: Option<i32>,
}

impl From<OnDay> for GameOnDay {
    fn from(on: OnDay) -> Self {
        Self {
            day: on.day,
            game: Game::new(on.game),
            minutes: Some(shown(on.minutes)),
        }
    }
}

fn on_days(games: &[(Uuid, NaiveDate)], first: Option<i32>) -> Result<Vec<GameOnDay>> {
    let games = games.iter().take(most(first)?);
    let on = games.map(|(game, day)| GameOnDay {
        day: *day,
        game: Game::new(*game),
        minutes: None,
    });
    Ok(on.collect())
}

/// The totals of a year.
#[derive(Debug, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct YearTotals {
    /// Minutes played.
    minutes: i32,
    /// Days on which anything was played.
    days_played: i32,
    /// Games that were played.
    games_played: i32,
    /// Games that were completed. What a file says was completed counts on the day it was last
    /// played, or on none when nobody knows that day.
    completed: i32,
    /// Games that were added, without those that had been played or completed before they came
    /// here: when these were got, nobody knows.
    new_games: i32,
}

impl From<Totals> for YearTotals {
    fn from(totals: Totals) -> Self {
        Self {
            minutes: shown(totals.minutes),
            days_played: totals.days as i32,
            games_played: totals.games as i32,
            completed: totals.completed as i32,
            new_games: totals.new as i32,
        }
    }
}

/// A year in review.
pub struct YearInReview(Review);

impl YearInReview {
    /// Of a year.
    pub const fn new(review: Review) -> Self {
        Self(review)
    }
}

/// A year in review. Counts are of games proper that you have not hidden, as `games` lists them.
#[Object]
impl YearInReview {
    /// The year.
    async fn year(&self) -> i32 {
        self.0.year
    }
    /// Its totals.
    async fn totals(&self) -> YearTotals {
        self.0.totals.into()
    }
    /// The totals of the year before.
    async fn year_before(&self) -> YearTotals {
        self.0.before.into()
    }
    /// The games that were played most.
    #[graphql(directive = cost::Slice::apply("first"))]
    async fn top_games(
        &self,
        #[graphql(desc = "How many, 1 to 50.", default = 10)] first: Option<i32>,
    ) -> Result<Vec<PlayedGame>> {
        let most = most(first)?;
        let top = self.0.sums.top.iter().take(most);
        Ok(top.map(PlayedGame::from).collect())
    }
    /// Minutes by month, January first, up to this one.
    #[graphql(directive = cost::Usual::apply(12))]
    async fn by_month(&self) -> Vec<PlayMonth> {
        self.0.months.iter().cloned().map(PlayMonth::from).collect()
    }
    /// Minutes by genre, the most first; at most 30. A game counts in each of its genres.
    #[graphql(directive = cost::Usual::apply(15))]
    async fn by_genre(&self) -> Vec<PlayShare> {
        self.0.sums.genres.iter().map(PlayShare::of).collect()
    }
    /// Minutes by platform, the most first.
    #[graphql(directive = cost::Usual::apply(5))]
    async fn by_platform(&self, ctx: &Context<'_>) -> Result<Vec<PlayShare>> {
        let registry = ctx.data::<Registry>()?;
        Ok(PlayShare::platforms(&self.0.sums.platforms, registry))
    }
    /// The first day on which anything was played. Null when nothing was.
    async fn first_played(&self) -> Option<GameOnDay> {
        self.0.first.map(GameOnDay::from)
    }
    /// The last one.
    async fn last_played(&self) -> Option<GameOnDay> {
        self.0.last.map(GameOnDay::from)
    }
    /// The day with the most minutes.
    async fn busiest_day(&self) -> Option<GameOnDay> {
        self.0.busiest.map(GameOnDay::from)
    }
    /// The longest streak of days within the year.
    async fn longest_streak(&self) -> Option<PlayStreak> {
        self.0.longest.map(Into::into)
    }
    /// The games that were completed, in that order. What a file says was completed counts on the
    /// day it was last played, or on none when nobody knows that day.
    #[graphql(directive = cost::Slice::apply("first"))]
    async fn completed_games(
        &self,
        #[graphql(desc = "How many, 1 to 50.", default = 10)] first: Option<i32>,
    ) -> Result<Vec<GameOnDay>> {
        on_days(&self.0.completed, first)
    }
    /// The games that were added, in that order, without those that had been played or completed
    /// before they came here: when these were got, nobody knows.
    #[graphql(directive = cost::Slice::apply("first"))]
    async fn new_games(
        &self,
        #[graphql(desc = "How many, 1 to 50.", default = 10)] first: Option<i32>,
    ) -> Result<Vec<GameOnDay>> {
        on_days(&self.0.new, first)
    }
}
