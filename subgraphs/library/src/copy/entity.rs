//! The rows of copies.

use super::Holding;
use sea_orm::entity::prelude::*;

/// One game as one library holds it.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "library_copy")]
pub struct Model {
    /// Its id, version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The library it is in.
    pub library_id: Uuid,
    /// Whose library that is.
    pub household_id: Uuid,
    /// The platform's id, for instance `steam`.
    pub platform: String,
    /// The platform's own id of the game.
    pub store_id: Option<String>,
    /// What makes it the same copy next time: see [`super::identity`]. Unique in a library.
    pub identity: String,
    /// The title as the platform writes it.
    pub title: String,
    /// How it is held.
    pub holding: Holding,
    /// Minutes played, as this platform counts.
    pub playtime_minutes: i32,
    /// Last played, when the platform says.
    pub last_played_at: Option<DateTimeUtc>,
    /// When this hub first saw it.
    pub added_at: DateTimeUtc,
    /// The year of release, when the source says.
    pub year: Option<i32>,
    /// What the source says beside: a [`djinn_kernel::event::Hints`].
    pub hints: Json,
    /// The status the import file gave; taken over when the household first holds the game.
    pub import_status: Option<String>,
    /// The game it was matched to.
    pub game_id: Option<Uuid>,
    /// The revision of the event that said so; an older one that arrives late says nothing.
    pub match_revision: i64,
    /// The last sync run that saw it.
    pub seen_run: Option<Uuid>,
    /// When a sync saw it last: growth of its playtime was played since.
    pub seen_at: Option<DateTimeUtc>,
    /// When a complete listing first lacked it. One that lacks it again removes it.
    pub missing_since: Option<DateTimeUtc>,
    /// When it was removed; the row stays, in case it comes back.
    pub removed_at: Option<DateTimeUtc>,
}

/// None.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
