//! Pictures that somebody brought: kept whole by the hub, since nobody else has them.

use chrono::{DateTime, Utc};
use sea_orm::{
    ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait, entity::prelude::*,
};

/// One such picture: a JPEG that this hub drew.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "metadata_own_picture")]
pub struct Model {
    /// Its id; the address of the picture has it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The file.
    pub file: Vec<u8>,
    /// Since when it is here.
    pub added_at: DateTimeUtc,
}

/// None.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// The file of a picture.
pub async fn file(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Vec<u8>>, DbErr> {
    let row = Entity::find_by_id(id).one(db).await?;
    Ok(row.map(|row| row.file))
}

/// How many there are.
pub async fn count(txn: &impl ConnectionTrait) -> Result<u64, DbErr> {
    Entity::find().count(txn).await
}

/// Keeps one.
pub async fn keep(
    txn: &impl ConnectionTrait,
    id: Uuid,
    file: Vec<u8>,
    added_at: DateTime<Utc>,
) -> Result<(), DbErr> {
    let row = Model { id, file, added_at };
    Entity::insert(row.into_active_model())
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

/// Throws one away.
pub async fn drop(txn: &impl ConnectionTrait, id: Uuid) -> Result<(), DbErr> {
    Entity::delete_by_id(id).exec(txn).await?;
    Ok(())
}
