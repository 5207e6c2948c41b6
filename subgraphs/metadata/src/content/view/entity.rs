//! The rows.

use sea_orm::entity::prelude::*;

/// One view of one player.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "metadata_view")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub player_id: Uuid,
    /// Its name in small letters: two spellings are one view.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name_key: String,
    /// Its name.
    pub name: String,
    /// What it searches for: an object.
    pub search: Json,
    /// When it was kept.
    pub saved_at: DateTimeUtc,
}

/// None.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
