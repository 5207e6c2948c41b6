//! The queries: counts alone, of what other nouns write.

use crate::{
    budget::{self, entity as spent},
    copy::entity as copy,
    platform::{Window, pause::entity as pause},
    sync::{SyncState, breaker::entity as breaker, entity::run},
};
use chrono::{DateTime, Utc};
use djinn_kernel::{Doing, Fault};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Alias, Expr, ExprTrait, Order},
};
use std::collections::HashMap;

/// Rows that are looked at, of what is a handful.
const MOST: u64 = 200;

/// Runs that are not over, by how they stand.
pub async fn runs(conn: &impl ConnectionTrait) -> Result<HashMap<SyncState, i64>, Fault> {
    let open = [SyncState::Queued, SyncState::Running, SyncState::Waiting];
    let counts: Vec<(SyncState, i64)> = run::Entity::find()
        .select_only()
        .column(run::Column::State)
        .column_as(run::Column::Id.count(), "count")
        .filter(run::Column::State.is_in(open))
        .group_by(run::Column::State)
        .into_tuple()
        .all(conn)
        .await
        .doing("counting runs")?;
    Ok(counts.into_iter().collect())
}

/// Copies that no game is known for yet.
pub async fn unmatched(conn: &impl ConnectionTrait) -> Result<u64, Fault> {
    copy::Entity::find()
        .filter(copy::Column::GameId.is_null())
        .filter(copy::Column::RemovedAt.is_null())
        .count(conn)
        .await
        .doing("counting copies without a game")
}

/// The platforms that did not answer lately.
pub async fn breakers(
    conn: &impl ConnectionTrait,
) -> Result<HashMap<String, breaker::Model>, Fault> {
    let rows = breaker::Entity::find()
        .limit(MOST)
        .all(conn)
        .await
        .doing("looking at breakers")?;
    Ok(rows
        .into_iter()
        .map(|row| (row.platform.clone(), row))
        .collect())
}

/// Until when platforms asked to wait, each with any of its credentials.
pub async fn pauses(
    conn: &impl ConnectionTrait,
    now: DateTime<Utc>,
) -> Result<HashMap<String, DateTime<Utc>>, Fault> {
    let rows = pause::Entity::find()
        .filter(pause::Column::Until.gt(now))
        .order_by_asc(pause::Column::Until)
        .limit(MOST)
        .all(conn)
        .await
        .doing("looking at pauses")?;
    // Of several, the last stays.
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let (platform, _) = row.credential.split_once(':')?;
            Some((platform.to_owned(), row.until))
        })
        .collect())
}

/// How many requests `window` holds of the credential of `platform` that made the most.
pub async fn used(
    conn: &impl ConnectionTrait,
    platform: &str,
    window: Window,
    now: DateTime<Utc>,
) -> Result<i64, Fault> {
    let (suffix, width) = budget::suffix(window);
    let sum = Expr::col(spent::Column::Requests)
        .sum()
        .cast_as(Alias::new("bigint"));
    let places = spent::Column::Credential.like(format!("{platform}:%{suffix}"));
    let mut rows = spent::Entity::find()
        .select_only()
        .column_as(sum.clone(), "used")
        .filter(places)
        .filter(spent::Column::Second.gt(0))
        .filter(spent::Column::Second.gt(now.timestamp() - i64::from(window.seconds) - width))
        .group_by(spent::Column::Credential)
        .order_by(sum, Order::Desc)
        .limit(1);
    if suffix.is_empty() {
        rows = rows.filter(spent::Column::Credential.not_like("%/%"));
    }
    let most: Option<i64> = rows
        .into_tuple()
        .one(conn)
        .await
        .doing("summing up a budget")?;
    Ok(most.unwrap_or_default())
}
