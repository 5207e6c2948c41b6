//! Events that their subscribers cannot digest.
//!
//! After [`REFUSALS`] in a row an event is parked: it no longer counts as waiting, and is tried once
//! an hour only, in case a newer version or a mended database can handle it. Whoever runs the hub
//! sees it with the reason, and may have it tried at once.

use super::{Now, row, wait_after};
use djinn_kernel::{Doing, Fault, page::Slice};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};
use std::time::Duration;
use uuid::Uuid;

/// How often in a row an event is refused before it is parked.
pub const REFUSALS: i32 = 5;
/// How long a parked event rests between two tries.
const REST: Duration = Duration::from_hours(1);
/// The longest reason that is kept.
const LONGEST: usize = 500;

/// Notes that a subscriber could not handle an event, and parks it if that keeps happening.
pub(super) async fn refused(
    txn: &impl ConnectionTrait,
    event: &row::Model,
    reason: &str,
    now: Now,
) -> Result<(), Fault> {
    let refusals = event.refusals.saturating_add(1);
    let park = refusals >= REFUSALS;
    let wait = if park { REST } else { wait_after(refusals) };
    if park && event.parked_at.is_none() {
        tracing::error!(event = %event.id, kind = event.kind, reason, "an event is parked");
    }
    let parked_at = event.parked_at.or(park.then_some(now));
    let reason: String = reason.chars().take(LONGEST).collect();
    row::Entity::update_many()
        .col_expr(
            row::Column::Attempts,
            Expr::value(event.attempts.saturating_add(1)),
        )
        .col_expr(row::Column::Refusals, Expr::value(refusals))
        .col_expr(row::Column::RetryAt, Expr::value(now + wait))
        .col_expr(row::Column::ParkedAt, Expr::value(parked_at))
        .col_expr(row::Column::Reason, Expr::value(reason))
        .filter(row::Column::Id.eq(event.id))
        .exec(txn)
        .await
        .doing("noting that an event was refused")?;
    Ok(())
}

fn all() -> sea_orm::Select<row::Entity> {
    row::Entity::find()
        .filter(row::Column::DeliveredAt.is_null())
        .filter(row::Column::ParkedAt.is_not_null())
}

/// The parked events of this database, the oldest first, with one more than `first`.
pub async fn page(
    conn: &impl ConnectionTrait,
    after: Option<Uuid>,
    first: u32,
) -> Result<Slice<row::Model>, Fault> {
    let mut find = all();
    if let Some(after) = after {
        find = find.filter(row::Column::Id.gt(after));
    }
    find.order_by_asc(row::Column::Id)
        .limit(u64::from(first) + 1)
        .all(conn)
        .await
        .doing("listing parked events")
        .map(|rows| Slice::cut(rows, first))
}

/// How many there are.
pub async fn count(conn: &impl ConnectionTrait) -> Result<u64, Fault> {
    all().count(conn).await.doing("counting parked events")
}

/// Has parked events tried again at once, those of `ids` or all; how many. Poke
/// [`super::TOPIC`] after the commit.
pub async fn retry(txn: &impl ConnectionTrait, ids: Option<&[Uuid]>) -> Result<u64, Fault> {
    let mut update = row::Entity::update_many()
        .col_expr(row::Column::RetryAt, Expr::value(None::<Now>))
        .col_expr(row::Column::Refusals, Expr::value(0))
        .col_expr(row::Column::ParkedAt, Expr::value(None::<Now>))
        .filter(row::Column::DeliveredAt.is_null())
        .filter(row::Column::ParkedAt.is_not_null());
    if let Some(ids) = ids {
        update = update.filter(row::Column::Id.is_in(ids.iter().copied()));
    }
    let retried = update.exec(txn).await.doing("trying parked events again")?;
    Ok(retried.rows_affected)
}
