//! The rows.

use sea_orm::entity::prelude::*;

/// A version of the interface.
#[derive(Debug, Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "metadata_ui")]
pub struct Model {
    /// Its number.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    /// A [`super::UiConfig`].
    #[sea_orm(column_type = "JsonBinary")]
    pub config: Json,
    /// When it was saved.
    pub saved_at: DateTimeUtc,
}

/// None.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
