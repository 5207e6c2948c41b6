//! The queries.

use super::{
    MAX_VERSIONS, UiConfig, Version,
    entity::{Column, Entity, Model},
};
use djinn_kernel::{Doing, Fault};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

fn version(row: Model) -> Result<Version, Fault> {
    Ok(Version {
        version: row.version,
        config: serde_json::from_value(row.config)
            .doing("reading the interface's configuration")?,
        saved_at: Some(row.saved_at),
    })
}

/// The newest; the one that comes with the hub, when none was saved.
pub async fn newest(conn: &impl ConnectionTrait) -> Result<Version, Fault> {
    let row = Entity::find()
        .order_by_desc(Column::Version)
        .one(conn)
        .await
        .doing("loading the interface's configuration")?;
    row.map_or_else(
        || {
            Ok(Version {
                version: 0,
                config: UiConfig::built_in(),
                saved_at: None,
            })
        },
        version,
    )
}

/// At most `first` and one more, the newest first, of those before `before`; and how many in all.
pub async fn page(
    conn: &impl ConnectionTrait,
    before: Option<i32>,
    first: u32,
) -> Result<(Vec<Version>, u64), Fault> {
    let mut older = Entity::find().order_by_desc(Column::Version);
    if let Some(before) = before {
        older = older.filter(Column::Version.lt(before));
    }
    let rows = older
        .limit(u64::from(first) + 1)
        .all(conn)
        .await
        .doing("listing the interface's configurations")?;
    let total = Entity::find()
        .count(conn)
        .await
        .doing("counting the interface's configurations")?;
    let versions = rows.into_iter().map(version).collect::<Result<_, _>>()?;
    Ok((versions, total))
}

/// Writes a new version, and drops those that are too old to keep.
pub async fn insert(txn: &impl ConnectionTrait, row: Model) -> Result<(), Fault> {
    let oldest = row.version - MAX_VERSIONS;
    Entity::insert(row.into_active_model())
        .exec_without_returning(txn)
        .await
        .doing("saving the interface's configuration")?;
    Entity::delete_many()
        .filter(Column::Version.lte(oldest))
        .exec(txn)
        .await
        .doing("dropping old configurations of the interface")?;
    Ok(())
}
