//! The only queries about invites.

use super::entity::{Column, Entity, Model};
use chrono::{DateTime, Utc};
use djinn_kernel::{
    Doing, Fault,
    page::{Page, Slice},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

fn open(now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(Column::ClosedAt.is_null())
        .add(Column::ExpiresAt.gt(now))
}

/// Writes a new invite.
pub async fn insert(txn: &impl ConnectionTrait, row: Model) -> Result<(), Fault> {
    Entity::insert(row.into_active_model())
        .exec_without_returning(txn)
        .await
        .doing("writing an invite")
        .map(|_| ())
}

/// How many codes are out.
pub async fn count(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<u64, Fault> {
    Entity::find()
        .filter(open(now))
        .count(db)
        .await
        .doing("counting invites")
}

/// The open invites, the newest first, and how many there are.
pub async fn list(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    page: &Page<Uuid>,
) -> Result<(Slice<Model>, u64), Fault> {
    let mut query = Entity::find()
        .filter(open(now))
        .order_by_desc(Column::Id)
        .limit(u64::from(page.first) + 1);
    if let Some(after) = page.after {
        query = query.filter(Column::Id.lt(after));
    }
    let rows = query.all(db).await.doing("listing invites")?;
    Ok((Slice::cut(rows, page.first), count(db, now).await?))
}

/// The open invite with this hash.
pub async fn by_hash(
    db: &impl ConnectionTrait,
    hash: &str,
    now: DateTime<Utc>,
) -> Result<Option<Model>, Fault> {
    Entity::find()
        .filter(Column::Hash.eq(hash))
        .filter(open(now))
        .one(db)
        .await
        .doing("loading an invite")
}

/// Closes an open invite, accepted by `player` or taken back; `false` when it was not open. Of
/// many at once, one wins.
pub async fn close(
    txn: &impl ConnectionTrait,
    id: Uuid,
    player: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<bool, Fault> {
    let changed = Entity::update_many()
        .col_expr(Column::ClosedAt, Expr::value(Some(now)))
        .col_expr(Column::PlayerId, Expr::value(player))
        .filter(Column::Id.eq(id))
        .filter(open(now))
        .exec(txn)
        .await
        .doing("closing an invite")?;
    Ok(changed.rows_affected > 0)
}

/// Throws away invites that ended before `before`.
pub async fn sweep(txn: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<(), Fault> {
    Entity::delete_many()
        .filter(
            Condition::any()
                .add(Column::ClosedAt.lt(before))
                .add(Column::ExpiresAt.lt(before)),
        )
        .exec(txn)
        .await
        .doing("sweeping invites")
        .map(|_| ())
}
