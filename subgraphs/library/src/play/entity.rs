//! The rows of play records.

use sea_orm::entity::prelude::*;

/// How long one copy was played on one day.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "library_play_record")]
pub struct Model {
    /// The copy: the platform counted, so the platform's copy is the source.
    #[sea_orm(primary_key, auto_increment = false)]
    pub copy_id: Uuid,
    /// The day, as the household counted days then.
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: Date,
    /// Whose.
    pub household_id: Uuid,
    /// The game the copy belongs to, once that is known; follows the copy when it moves.
    pub game_id: Option<Uuid>,
    /// The copy's platform.
    pub platform: String,
    /// Minutes, 1 to 1,440.
    pub minutes: i32,
}

/// None.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
