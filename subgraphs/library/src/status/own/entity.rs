//! The rows of own statuses.

use sea_orm::entity::prelude::*;

/// One status.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "library_status")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub household_id: Uuid,
    /// Its name, folded: two spellings are one status.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name_key: String,
    /// Its id, which stays when it is renamed.
    pub id: String,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created_at: DateTimeUtc,
}

/// None.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
