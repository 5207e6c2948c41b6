//! The only queries about keys.

use super::entity::{Column, Entity, Model};
use chrono::{DateTime, Utc};
use djinn_kernel::{
    Doing, Fault,
    ids::{ApiKeyId, PlayerId},
    page::{Page, Slice},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

fn standing(household: PlayerId) -> Select<Entity> {
    Entity::find()
        .filter(Column::Household.eq(household.0))
        .filter(Column::RevokedAt.is_null())
}

/// Writes a new key.
pub async fn insert(txn: &impl ConnectionTrait, key: Model) -> Result<(), Fault> {
    Entity::insert(key.into_active_model())
        .exec_without_returning(txn)
        .await
        .doing("writing an API key")
        .map(|_| ())
}

/// The key with this hash, unless revoked.
pub async fn by_hash(db: &impl ConnectionTrait, hash: &str) -> Result<Option<Model>, Fault> {
    Entity::find()
        .filter(Column::Hash.eq(hash))
        .filter(Column::RevokedAt.is_null())
        .one(db)
        .await
        .doing("looking for an API key")
}

/// How many keys a household has.
pub async fn count(db: &impl ConnectionTrait, household: PlayerId) -> Result<u64, Fault> {
    standing(household)
        .count(db)
        .await
        .doing("counting API keys")
}

/// The keys of a household, the newest first, and how many there are.
pub async fn list(
    db: &impl ConnectionTrait,
    household: PlayerId,
    page: &Page<Uuid>,
) -> Result<(Slice<Model>, u64), Fault> {
    let total = count(db, household).await?;
    let mut query = standing(household)
        .order_by_desc(Column::Id)
        .limit(u64::from(page.first) + 1);
    if let Some(after) = page.after {
        query = query.filter(Column::Id.lt(after));
    }
    let rows = query.all(db).await.doing("listing API keys")?;
    Ok((Slice::cut(rows, page.first), total))
}

/// Notes the use of a key, unless it was noted after `unless_after`.
pub async fn touch(
    txn: &impl ConnectionTrait,
    id: Uuid,
    now: DateTime<Utc>,
    unless_after: DateTime<Utc>,
) -> Result<(), Fault> {
    Entity::update_many()
        .col_expr(Column::LastUsedAt, Expr::value(Some(now)))
        .filter(Column::Id.eq(id))
        .filter(
            Column::LastUsedAt
                .is_null()
                .or(Column::LastUsedAt.lte(unless_after)),
        )
        .exec(txn)
        .await
        .doing("noting the use of an API key")
        .map(|_| ())
}

/// Revokes a key of this household; `false` when there is none.
pub async fn revoke(
    txn: &impl ConnectionTrait,
    id: ApiKeyId,
    household: PlayerId,
    now: DateTime<Utc>,
) -> Result<bool, Fault> {
    let changed = Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(Some(now)))
        .filter(Column::Id.eq(id.0))
        .filter(Column::Household.eq(household.0))
        .filter(Column::RevokedAt.is_null())
        .exec(txn)
        .await
        .doing("revoking an API key")?;
    Ok(changed.rows_affected > 0)
}
