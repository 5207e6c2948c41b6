//! Work in the graph.

use super::store;
use crate::{
    NAME,
    platform::{Description, Registry, Window, graphql::Platform},
    sync::{SyncState, breaker::entity as breaker},
};
use async_graphql::{Context, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use djinn_kernel::Scope;
use djinn_subgraph_kit::{
    Ports,
    graph::{Needs, OrRefuse, ViewerExt, cost},
    outbox,
};
use sea_orm::DbBackend;
use std::collections::HashMap;

/// What the hub is at, over all households: counts, and nobody's games.
#[derive(Debug)]
pub struct LibraryWork {
    runs: HashMap<SyncState, i64>,
}

impl LibraryWork {
    fn count(&self, state: SyncState) -> i32 {
        let count = self.runs.get(&state).copied().unwrap_or_default();
        i32::try_from(count).unwrap_or(i32::MAX)
    }
}

/// What the hub is at, over all households: counts, and nobody's games.
#[Object(directive = cost::Weight::apply(1))]
impl LibraryWork {
    /// Syncs and imports that have not begun.
    async fn queued(&self) -> i32 {
        self.count(SyncState::Queued)
    }
    /// Those that are under way.
    async fn running(&self) -> i32 {
        self.count(SyncState::Running)
    }
    /// Those that wait for a platform, or for their next try.
    async fn waiting(&self) -> i32 {
        self.count(SyncState::Waiting)
    }
    /// Copies that no game is known for yet.
    async fn unmatched_copies(&self, ctx: &Context<'_>) -> Result<i32> {
        let count = store::unmatched(ctx.data::<Ports>()?.db.read()).await;
        Ok(i32::try_from(count.or_refuse()?).unwrap_or(i32::MAX))
    }
    /// How far what the library tells the rest of the hub is behind.
    async fn events(&self, ctx: &Context<'_>) -> Result<LibraryEvents> {
        let lag = outbox::lag(&ctx.data::<Ports>()?.db, NAME)
            .await
            .or_refuse()?;
        Ok(LibraryEvents {
            waiting: i32::try_from(lag.waiting).unwrap_or(i32::MAX),
            oldest_at: lag.oldest,
        })
    }
    /// What keeps the data: `SQLite` or `PostgreSQL`.
    async fn database(&self, ctx: &Context<'_>) -> Result<&'static str> {
        Ok(
            match ctx.data::<Ports>()?.db.read().get_database_backend() {
                DbBackend::Postgres => "PostgreSQL",
                _ => "SQLite",
            },
        )
    }
    /// How each platform that the hub asks stands.
    #[graphql(directive = cost::Usual::apply(6))]
    async fn platforms(&self, ctx: &Context<'_>) -> Result<Vec<PlatformWork>> {
        let ports = ctx.data::<Ports>()?;
        let (db, now) = (ports.db.read(), ports.clock.now());
        let mut breakers = store::breakers(db).await.or_refuse()?;
        let mut pauses = store::pauses(db, now).await.or_refuse()?;
        let asked = ctx.data::<Registry>()?.all().iter();
        Ok(asked
            .filter(|platform| platform.can_sync)
            .map(|platform| PlatformWork {
                breaker: breakers.remove(&platform.id),
                waits: pauses.remove(&platform.id),
                platform: platform.clone(),
                now,
            })
            .collect())
    }
}

/// How far events are behind.
#[derive(Debug, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct LibraryEvents {
    /// Events that not everybody has taken yet.
    waiting: i32,
    /// When the oldest of them happened. Null when none waits.
    oldest_at: Option<DateTime<Utc>>,
}

/// How a platform stands.
#[derive(Debug)]
pub struct PlatformWork {
    platform: Description,
    breaker: Option<breaker::Model>,
    waits: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
}

/// How a platform stands.
#[Object(directive = cost::Weight::apply(1))]
impl PlatformWork {
    /// The platform.
    async fn platform(&self) -> Platform {
        Platform(self.platform.clone())
    }
    /// How often in a row it did not answer.
    async fn failures(&self) -> i32 {
        self.breaker.as_ref().map_or(0, |row| row.failures)
    }
    /// It does not answer, and is left alone until then. Null when it is asked.
    async fn left_alone_until(&self) -> Option<DateTime<Utc>> {
        let until = self.breaker.as_ref().and_then(|row| row.open_until);
        until.filter(|until| *until > self.now)
    }
    /// It asked to wait until then, for at least one account. Null when it did not.
    async fn asked_to_wait_until(&self) -> Option<DateTime<Utc>> {
        self.waits
    }
    /// How much of its limits is used, by the account that uses the most.
    #[graphql(directive = cost::Usual::apply(3))]
    async fn limits(&self, ctx: &Context<'_>) -> Result<Vec<PlatformUse>> {
        let db = ctx.data::<Ports>()?.db.read();
        let mut uses = Vec::with_capacity(self.platform.limits.len());
        for window in &self.platform.limits {
            let used = store::used(db, &self.platform.id, *window, self.now).await;
            uses.push(PlatformUse::of(*window, used.or_refuse()?));
        }
        Ok(uses)
    }
}

/// How much of one limit is used.
#[derive(Debug, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct PlatformUse {
    /// At most so many requests …
    requests: i32,
    /// … in any stretch of so many seconds …
    seconds: i32,
    /// … of which so many were made.
    used: i32,
}

impl PlatformUse {
    fn of(window: Window, used: i64) -> Self {
        Self {
            requests: window.requests as i32,
            seconds: window.seconds as i32,
            used: i32::try_from(used).unwrap_or(i32::MAX),
        }
    }
}

/// The query about work.
#[derive(Debug, Default)]
pub struct WorkQuery;

#[Object]
impl WorkQuery {
    /// What the hub is at with libraries, and how the platforms stand.
    #[graphql(directive = Needs::apply(Scope::Admin), directive = cost::Weight::apply(3))]
    async fn library_work(&self, ctx: &Context<'_>) -> Result<Option<LibraryWork>> {
        ctx.require(Scope::Admin)?;
        let runs = store::runs(ctx.data::<Ports>()?.db.read())
            .await
            .or_refuse()?;
        Ok(Some(LibraryWork { runs }))
    }
}
