//! What one game was played by day, and how its status changed. Ask only for games whose holding
//! the viewer may see.

use super::words::shown;
use crate::{
    account::graphql::PlatformLibrary,
    copy::entity as copy,
    game::graphql::GameStatus,
    platform::graphql::Platform,
    play::entity as play,
    status::{By, entity as status},
};
use async_graphql::{
    Context, ID, Object, Request, Result, SimpleObject,
    dataloader::{DataLoader, Loader},
};
use chrono::{DateTime, NaiveDate, Utc};
use djinn_kernel::{
    Doing, Fault, Scope, Viewer,
    page::{Page, Slice, encode_cursor},
};
use djinn_subgraph_kit::{
    Ports,
    graph::{OrRefuse, PageInfo, cost},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};
use uuid::Uuid;

/// Games in one statement.
const CHUNK: usize = 500;

/// Adds this part's loaders to a request.
pub fn loaders(request: Request, ports: &Ports, viewer: &Viewer) -> Request {
    let household = viewer
        .require(Scope::ReadLibrary)
        .ok()
        .map(|identity| identity.household.0);
    let days = DaysOfGames {
        ports: ports.clone(),
        household,
    };
    let changes = ChangesOfGames {
        ports: ports.clone(),
        household,
    };
    request
        .data(DataLoader::new(days, tokio::spawn))
        .data(DataLoader::new(changes, tokio::spawn))
}

/// A page of days on which a game was played.
#[derive(Debug, SimpleObject)]
pub struct PlayDayConnection {
    /// The days of this page, the latest first.
    nodes: Vec<GamePlayDay>,
    /// Where the page ends.
    page_info: PageInfo,
    /// How many days there are on all pages.
    total_count: i32,
}

/// What a game was played on one day.
#[derive(Debug, Clone)]
pub struct GamePlayDay {
    day: NaiveDate,
    /// Sorted by platform, then library.
    sources: BTreeMap<(String, Uuid), i64>,
}

/// What a game was played on one day, and where that is known from.
#[Object(directive = cost::Weight::apply(0))]
impl GamePlayDay {
    /// The day, in your household's time zone.
    async fn day(&self) -> NaiveDate {
        self.day
    }
    /// Minutes played on it, over all copies.
    async fn minutes(&self) -> i32 {
        shown(self.sources.values().sum())
    }
    /// The same minutes by library: the platform of each counted them.
    #[graphql(directive = cost::Usual::apply(1))]
    async fn by_source(&self) -> Vec<PlaySource> {
        let sources = self.sources.iter();
        let sources = sources.map(|((platform, library), minutes)| PlaySource {
            platform: platform.clone(),
            library: *library,
            minutes: *minutes,
        });
        sources.collect()
    }
}

/// What one library says was played of a game on one day.
#[derive(Debug)]
pub struct PlaySource {
    platform: String,
    library: Uuid,
    minutes: i64,
}

/// What one library says was played of a game on one day.
#[Object(directive = cost::Weight::apply(0))]
impl PlaySource {
    /// The platform that counted.
    async fn platform(&self, ctx: &Context<'_>) -> Platform {
        Platform::of(ctx, &self.platform)
    }
    /// The library the copy is in. Null for one that is unlinked.
    async fn library(&self, ctx: &Context<'_>) -> Result<Option<PlatformLibrary>> {
        PlatformLibrary::load(ctx, self.library).await
    }
    /// Minutes played.
    async fn minutes(&self) -> i32 {
        shown(self.minutes)
    }
}

/// One change of a game's status.
#[derive(Debug, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct StatusChange {
    /// Its id.
    id: ID,
    /// The status before.
    from: GameStatus,
    /// The status after.
    to: GameStatus,
    /// When.
    at: DateTime<Utc>,
    /// Who or what changed it.
    by: By,
}

/// A page of changes of a game's status.
#[derive(Debug, SimpleObject)]
pub struct StatusChangeConnection {
    /// The changes of this page, the latest first.
    nodes: Vec<StatusChange>,
    /// Where the page ends.
    page_info: PageInfo,
    /// How many there are on all pages.
    total_count: i32,
}

/// Days by game, the latest first.
pub struct DaysOfGames {
    ports: Ports,
    household: Option<Uuid>,
}

impl Loader<Uuid> for DaysOfGames {
    type Value = Arc<Vec<GamePlayDay>>;
    type Error = Arc<Fault>;

    async fn load(&self, games: &[Uuid]) -> Result<HashMap<Uuid, Self::Value>, Self::Error> {
        let Some(household) = self.household else {
            return Ok(HashMap::new());
        };
        let db = self.ports.db.read();
        let mut days: HashMap<Uuid, BTreeMap<NaiveDate, BTreeMap<_, i64>>> = HashMap::new();
        for chunk in games.chunks(CHUNK) {
            let rows: Vec<(Uuid, Uuid, NaiveDate, String, i32)> = play::Entity::find()
                .select_only()
                .columns([
                    play::Column::GameId,
                    play::Column::CopyId,
                    play::Column::Day,
                    play::Column::Platform,
                    play::Column::Minutes,
                ])
                .filter(play::Column::HouseholdId.eq(household))
                .filter(play::Column::GameId.is_in(chunk.iter().copied()))
                .into_tuple()
                .all(db)
                .await
                .doing("loading the days of games")?;
            // A record follows its copy from game to game, so the copies are of these games too.
            let copies: Vec<(Uuid, Uuid)> = copy::Entity::find()
                .select_only()
                .columns([copy::Column::Id, copy::Column::LibraryId])
                .filter(copy::Column::HouseholdId.eq(household))
                .filter(copy::Column::GameId.is_in(chunk.iter().copied()))
                .into_tuple()
                .all(db)
                .await
                .doing("loading the libraries of what was played")?;
            let libraries: HashMap<Uuid, Uuid> = copies.into_iter().collect();
            for (game, copy, day, platform, minutes) in rows {
                let library = libraries.get(&copy).copied().unwrap_or_default();
                let sources = days.entry(game).or_default().entry(day).or_default();
                *sources.entry((platform, library)).or_default() += i64::from(minutes);
            }
        }
        let whole = |(day, sources)| GamePlayDay { day, sources };
        Ok(days
            .into_iter()
            .map(|(game, days)| (game, Arc::new(days.into_iter().rev().map(whole).collect())))
            .collect())
    }
}

/// Changes of status by game, the latest first. A person makes few.
pub struct ChangesOfGames {
    ports: Ports,
    household: Option<Uuid>,
}

/// The most changes that are looked back at, of one game.
const MOST: u64 = 10_000;

impl Loader<Uuid> for ChangesOfGames {
    type Value = Arc<Vec<status::Model>>;
    type Error = Arc<Fault>;

    async fn load(&self, games: &[Uuid]) -> Result<HashMap<Uuid, Self::Value>, Self::Error> {
        let Some(household) = self.household else {
            return Ok(HashMap::new());
        };
        let mut found: HashMap<Uuid, Vec<status::Model>> = HashMap::new();
        for chunk in games.chunks(CHUNK) {
            let of_these = Condition::all()
                .add(status::Column::HouseholdId.eq(household))
                .add(status::Column::GameId.is_in(chunk.iter().copied()));
            let rows = status::Entity::find()
                .filter(of_these)
                .order_by_desc(status::Column::At)
                .order_by_desc(status::Column::Id)
                .limit(MOST)
                .all(self.ports.db.read())
                .await
                .doing("loading the changes of statuses")?;
            for row in rows {
                found.entry(row.game_id).or_default().push(row);
            }
        }
        Ok(found
            .into_iter()
            .map(|(game, rows)| (game, Arc::new(rows)))
            .collect())
    }
}

/// The days on which a game was played; none for a game the viewer may not see.
pub async fn days_of(
    ctx: &Context<'_>,
    game: Option<Uuid>,
    first: Option<i32>,
    after: Option<String>,
) -> Result<PlayDayConnection> {
    let page = Page::<NaiveDate>::parse(first, after.as_deref()).or_refuse()?;
    let days = match game {
        Some(game) => {
            let loader = ctx.data::<DataLoader<DaysOfGames>>()?;
            let loaded = loader.load_one(game).await;
            loaded.doing("loading the days of a game").or_refuse()?
        }
        None => None,
    };
    let days = days.unwrap_or_default();
    let rest = days
        .iter()
        .filter(|on| page.after.is_none_or(|after| on.day < after));
    let slice = Slice::cut(
        rest.take(page.first as usize + 1).cloned().collect(),
        page.first,
    );
    Ok(PlayDayConnection {
        page_info: PageInfo {
            has_next_page: slice.has_next,
            end_cursor: slice.items.last().map(|on| encode_cursor(&on.day)),
        },
        nodes: slice.items,
        total_count: days.len() as i32,
    })
}

/// How a game's status changed; nothing for a game the viewer may not see.
pub async fn changes_of(
    ctx: &Context<'_>,
    game: Option<Uuid>,
    first: Option<i32>,
    after: Option<String>,
) -> Result<StatusChangeConnection> {
    let page = Page::<(DateTime<Utc>, Uuid)>::parse(first, after.as_deref()).or_refuse()?;
    let changes = match game {
        Some(game) => {
            let loader = ctx.data::<DataLoader<ChangesOfGames>>()?;
            let loaded = loader.load_one(game).await;
            loaded
                .doing("loading the changes of a status")
                .or_refuse()?
        }
        None => None,
    };
    let changes = changes.unwrap_or_default();
    let rest = changes
        .iter()
        .filter(|row| page.after.is_none_or(|after| (row.at, row.id) < after));
    let slice = Slice::cut(
        rest.take(page.first as usize + 1).cloned().collect(),
        page.first,
    );
    let mut nodes = Vec::with_capacity(slice.items.len());
    for row in &slice.items {
        nodes.push(StatusChange::of(ctx, row).await?);
    }
    Ok(StatusChangeConnection {
        page_info: PageInfo {
            has_next_page: slice.has_next,
            end_cursor: slice
                .items
                .last()
                .map(|row| encode_cursor(&(row.at, row.id))),
        },
        nodes,
        total_count: changes.len() as i32,
    })
}

impl StatusChange {
    async fn of(ctx: &Context<'_>, row: &status::Model) -> Result<Self> {
        Ok(Self {
            id: row.id.into(),
            from: GameStatus::of(ctx, &row.from).await?,
            to: GameStatus::of(ctx, &row.to).await?,
            at: row.at,
            by: row.by,
        })
    }
}
