//! The rows of schedules.

use sea_orm::entity::prelude::*;

/// When one library is synced by itself.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "library_schedule")]
pub struct Model {
    /// Which.
    #[sea_orm(primary_key, auto_increment = false)]
    pub library_id: Uuid,
    /// Whose.
    pub household_id: Uuid,
    /// How often its household wants it; 0 for never, unset for the hub's default.
    pub every_hours: Option<i32>,
    /// When it is due; unset while it is not synced by itself.
    pub next_at: Option<DateTimeUtc>,
    /// How many runs failed in a row.
    pub failures: i32,
    /// When what was played lately is looked at; unset while it is not.
    pub recent_at: Option<DateTimeUtc>,
    /// Which games were played lately and are not in the library, as a digest: they make the whole
    /// list due once, not at every look.
    pub strangers: Option<String>,
}

/// None.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
