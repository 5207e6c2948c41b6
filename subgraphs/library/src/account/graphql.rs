//! Libraries in the graph: what they show and how they are listed.

use super::{
    entity::account,
    loader::{Libraries, Shown},
    store,
};
use crate::{
    platform::graphql::Platform,
    sync::{
        self,
        graphql::{SyncError, SyncRun, SyncRunConnection},
        loader::LastRun,
        schedule::{Schedules, loader::ScheduleOf},
    },
};
use async_graphql::{Context, ID, Object, Result, SimpleObject, dataloader::DataLoader};
use chrono::{DateTime, Utc};
use djinn_kernel::{
    Doing, Fault, Scope,
    ids::{LibraryId, PlayerId},
    page::{Page, Slice, encode_cursor},
};
use djinn_subgraph_kit::{
    Ports,
    graph::{Needs, OrRefuse, PageInfo, Rule, ViewerExt, cost, entity},
};
use std::sync::Arc;
use uuid::Uuid;

/// A fault of a loader, which shares it between all who asked.
pub fn shared<T>(loaded: Result<T, Arc<Fault>>) -> Result<T, Fault> {
    loaded.doing("loading for a request")
}

/// An account linked on one platform, or a shelf filled from files. It belongs to the household.
#[derive(Debug, Clone)]
pub struct PlatformLibrary(pub account::Model);

impl From<account::Model> for PlatformLibrary {
    fn from(row: account::Model) -> Self {
        Self(row)
    }
}

impl PlatformLibrary {
    /// The library of that id, if the viewer's household has it.
    pub async fn load(ctx: &Context<'_>, id: Uuid) -> Result<Option<Self>> {
        let loader = ctx.data_unchecked::<DataLoader<Libraries>>();
        Ok(shared(loader.load_one(id).await).or_refuse()?.map(Self))
    }
}

/// An account linked on one platform, or a shelf filled from files. It belongs to the household.
#[Object]
impl PlatformLibrary {
    /// The library's id.
    async fn id(&self) -> ID {
        self.0.id.into()
    }
    /// Where the account is.
    async fn platform(&self, ctx: &Context<'_>) -> Platform {
        Platform::of(ctx, &self.0.platform)
    }
    /// What its owner calls it.
    async fn label(&self) -> &str {
        &self.0.label
    }
    /// The platform's own id of the account. Null for a shelf.
    async fn account(&self) -> Option<&str> {
        self.0.account.as_deref()
    }
    /// Whether the platform accepted the credentials last time. If not, link the account again.
    async fn connected(&self) -> bool {
        self.0.connected
    }
    /// How many copies it holds that you may see.
    async fn games_count(&self, ctx: &Context<'_>) -> Result<i32> {
        let loader = ctx.data_unchecked::<DataLoader<Shown>>();
        Ok(shared(loader.load_one(self.0.id).await)
            .or_refuse()?
            .unwrap_or_default() as i32)
    }
    /// The newest sync, running or finished. Null before the first.
    async fn last_sync(&self, ctx: &Context<'_>) -> Result<Option<SyncRun>> {
        let loader = ctx.data_unchecked::<DataLoader<LastRun>>();
        Ok(shared(loader.load_one(self.0.id).await)
            .or_refuse()?
            .map(SyncRun))
    }
    /// When it is synced by itself next. Null while it is not: it is a shelf, its interval is 0, its
    /// first list is still on its way, or the platform refuses the credentials.
    async fn next_sync_at(&self, ctx: &Context<'_>) -> Result<Option<DateTime<Utc>>> {
        let loader = ctx.data_unchecked::<DataLoader<ScheduleOf>>();
        let schedule = shared(loader.load_one(self.0.id).await).or_refuse()?;
        Ok(schedule.and_then(|row| row.next_at))
    }
    /// Every how many hours it is synced by itself; 0 for never. Null for a shelf, which has nothing
    /// to sync. `scheduleSync` sets it.
    async fn sync_every_hours(&self, ctx: &Context<'_>) -> Result<Option<i32>> {
        let schedules = ctx.data_unchecked::<Schedules>();
        if !schedules.can_sync(&self.0.platform) {
            return Ok(None);
        }
        let loader = ctx.data_unchecked::<DataLoader<ScheduleOf>>();
        let schedule = shared(loader.load_one(self.0.id).await).or_refuse()?;
        Ok(Some(schedules.hours(schedule.as_ref())))
    }
    /// Its syncs, newest first.
    #[graphql(directive = cost::Page::apply("nodes"))]
    async fn syncs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 50 when left out.")] first: Option<i32>,
        #[graphql(desc = "The `endCursor` of the page before.")] after: Option<String>,
    ) -> Result<SyncRunConnection> {
        let page = Page::<Uuid>::parse(first, after.as_deref()).or_refuse()?;
        let db = ctx.data_unchecked::<Ports>().db.read();
        let rows = sync::store::page(db, self.0.id, page.after, page.first)
            .await
            .or_refuse()?;
        let total = sync::store::count(db, self.0.id).await.or_refuse()?;
        Ok(SyncRunConnection::new(Slice::cut(rows, page.first), total))
    }
    /// Why the last sync failed. Null when it did not.
    async fn last_error(&self) -> Option<SyncError> {
        SyncError::of(
            self.0.error_code.as_deref(),
            self.0.error_message.as_deref(),
            self.0.error_said.as_ref(),
        )
    }
    /// When it was linked.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

/// A page of libraries.
#[derive(Debug, SimpleObject)]
pub struct PlatformLibraryConnection {
    /// The libraries of this page, in the order they were linked.
    nodes: Vec<PlatformLibrary>,
    /// Where the page ends.
    page_info: PageInfo,
    /// How many there are on all pages.
    total_count: i32,
}

/// A person, with the libraries of their household.
#[derive(Debug, Clone)]
pub struct Player {
    id: PlayerId,
}

/// A person, with the libraries of their household.
#[Object]
impl Player {
    /// The person's id.
    async fn id(&self) -> ID {
        self.id.0.into()
    }
    /// The libraries of your own household; empty for anybody else.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary), directive = cost::Usual::apply(5))]
    async fn libraries(&self, ctx: &Context<'_>) -> Result<Option<Vec<PlatformLibrary>>> {
        let identity = ctx.require(Scope::ReadLibrary)?;
        if self.id != identity.player && self.id != identity.household {
            return Ok(Some(Vec::new()));
        }
        let db = ctx.data_unchecked::<Ports>().db.read();
        let rows = store::page(db, identity.household.0, None, 100)
            .await
            .or_refuse()?;
        Ok(Some(rows.into_iter().map(PlatformLibrary).collect()))
    }
}

/// The queries about libraries.
#[derive(Debug, Default)]
pub struct AccountQuery;

#[Object]
impl AccountQuery {
    /// Your household's libraries, in the order they were linked.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary), directive = cost::Page::apply("nodes"))]
    async fn libraries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 50 when left out.")] first: Option<i32>,
        #[graphql(desc = "The `endCursor` of the page before.")] after: Option<String>,
    ) -> Result<Option<PlatformLibraryConnection>> {
        let household = ctx.require(Scope::ReadLibrary)?.household.0;
        let page = Page::<Uuid>::parse(first, after.as_deref()).or_refuse()?;
        let db = ctx.data_unchecked::<Ports>().db.read();
        let rows = store::page(db, household, page.after, page.first)
            .await
            .or_refuse()?;
        let total = store::count(db, household).await.or_refuse()?;
        let slice = Slice::cut(rows, page.first);
        Ok(Some(PlatformLibraryConnection {
            page_info: PageInfo {
                has_next_page: slice.has_next,
                end_cursor: slice.items.last().map(|row| encode_cursor(&row.id)),
            },
            nodes: slice.items.into_iter().map(PlatformLibrary).collect(),
            total_count: total as i32,
        }))
    }

    /// One of your household's libraries. Null when there is none of that id.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary))]
    async fn library(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The library's id.")] id: ID,
    ) -> Result<Option<PlatformLibrary>> {
        let id = LibraryId::parse(&id).or_refuse()?;
        PlatformLibrary::load(ctx, id.0).await
    }

    /// A library by its id, for other parts of the graph.
    #[graphql(entity)]
    async fn find_platform_library_by_id(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The library's id.")] id: ID,
    ) -> Result<Option<PlatformLibrary>> {
        let found = async {
            let id = LibraryId::parse(&id).or_refuse()?;
            PlatformLibrary::load(ctx, id.0).await
        };
        entity(ctx, Rule::scope(Scope::ReadLibrary), found).await
    }

    /// A person by their id, for other parts of the graph.
    #[graphql(entity)]
    async fn find_player_by_id(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person's id.")] id: ID,
    ) -> Result<Option<Player>> {
        let found = async {
            let id = PlayerId::parse(&id).or_refuse()?;
            Ok(Some(Player { id }))
        };
        entity(ctx, Rule::SignedIn, found).await
    }
}
