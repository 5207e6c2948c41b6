//! The only queries on files and their parts.

use super::{
    Kind, MOST,
    entity::{file, part},
};
use chrono::{DateTime, Utc};
use djinn_kernel::{Doing, Fault};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

/// Begins a file. The oldest of its kind make way, so that nobody fills the disk by uploads.
pub async fn begin(txn: &impl ConnectionTrait, row: file::Model) -> Result<(), Fault> {
    let old: Vec<Uuid> = file::Entity::find()
        .select_only()
        .column(file::Column::Id)
        .filter(file::Column::HouseholdId.eq(row.household_id))
        .filter(file::Column::Kind.eq(row.kind))
        .order_by_desc(file::Column::Id)
        .offset(MOST - 1)
        .limit(100)
        .into_tuple()
        .all(txn)
        .await
        .doing("listing files")?;
    delete(txn, &old).await?;
    file::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(txn)
        .await
        .doing("beginning a file")?;
    Ok(())
}

/// Writes the number and size of the parts.
pub async fn save(txn: &impl ConnectionTrait, row: file::Model) -> Result<(), Fault> {
    row.into_active_model()
        .reset_all()
        .update(txn)
        .await
        .doing("writing a file")?;
    Ok(())
}

/// Adds a part.
pub async fn add(txn: &impl ConnectionTrait, row: part::Model) -> Result<(), Fault> {
    part::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(txn)
        .await
        .doing("writing a part of a file")?;
    Ok(())
}

/// A household's upload whose time is not up.
pub async fn upload(
    conn: &impl ConnectionTrait,
    household: Uuid,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<file::Model>, Fault> {
    file::Entity::find_by_id(id)
        .filter(file::Column::HouseholdId.eq(household))
        .filter(file::Column::Kind.eq(Kind::Upload))
        .filter(file::Column::ExpiresAt.gt(now))
        .one(conn)
        .await
        .doing("finding an upload")
}

/// The same, locked until the transaction ends.
pub async fn lock_upload(
    txn: &impl ConnectionTrait,
    household: Uuid,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<file::Model>, Fault> {
    file::Entity::find_by_id(id)
        .filter(file::Column::HouseholdId.eq(household))
        .filter(file::Column::Kind.eq(Kind::Upload))
        .filter(file::Column::ExpiresAt.gt(now))
        .lock_exclusive()
        .one(txn)
        .await
        .doing("finding an upload")
}

/// The export that a word fetches, by the word's digest.
pub async fn by_token(
    conn: &impl ConnectionTrait,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Option<file::Model>, Fault> {
    file::Entity::find()
        .filter(file::Column::Token.eq(token))
        .filter(file::Column::Kind.eq(Kind::Export))
        .filter(file::Column::ExpiresAt.gt(now))
        .one(conn)
        .await
        .doing("finding an export")
}

/// A part of a file.
pub async fn part(
    conn: &impl ConnectionTrait,
    file: Uuid,
    seq: i32,
) -> Result<Option<Vec<u8>>, Fault> {
    let row = part::Entity::find_by_id((file, seq))
        .one(conn)
        .await
        .doing("reading a part of a file")?;
    Ok(row.map(|row| row.body))
}

/// Deletes files with their parts.
pub async fn delete(txn: &impl ConnectionTrait, files: &[Uuid]) -> Result<(), Fault> {
    if files.is_empty() {
        return Ok(());
    }
    part::Entity::delete_many()
        .filter(part::Column::FileId.is_in(files.iter().copied()))
        .exec(txn)
        .await
        .doing("deleting the parts of files")?;
    file::Entity::delete_many()
        .filter(file::Column::Id.is_in(files.iter().copied()))
        .exec(txn)
        .await
        .doing("deleting files")?;
    Ok(())
}

/// All files of a household.
pub async fn of(conn: &impl ConnectionTrait, household: Uuid) -> Result<Vec<Uuid>, Fault> {
    file::Entity::find()
        .select_only()
        .column(file::Column::Id)
        .filter(file::Column::HouseholdId.eq(household))
        .into_tuple()
        .all(conn)
        .await
        .doing("listing files")
}

/// Some files whose time is up.
pub async fn old(conn: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Vec<Uuid>, Fault> {
    file::Entity::find()
        .select_only()
        .column(file::Column::Id)
        .filter(file::Column::ExpiresAt.lte(now))
        .order_by_asc(file::Column::Id)
        .limit(20)
        .into_tuple()
        .all(conn)
        .await
        .doing("looking for files whose time is up")
}
