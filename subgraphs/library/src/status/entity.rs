//! The rows of status changes.

use super::By;
use sea_orm::entity::prelude::*;

/// One change of where a household stands with a game.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "library_status_change")]
pub struct Model {
    /// Its id, version 7: changes of the same moment stay in order.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose.
    pub household_id: Uuid,
    /// Of which game.
    pub game_id: Uuid,
    /// The status' id before; a game that nobody said anything about was unplayed.
    pub from: String,
    /// The status' id after.
    pub to: String,
    /// When.
    pub at: DateTimeUtc,
    /// Who or what changed it.
    pub by: By,
}

/// None.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
