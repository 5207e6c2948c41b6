//! The rows.

use sea_orm::entity::prelude::*;

/// An account, or a child profile.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session_player")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub name_key: String,
    pub role: String,
    /// The password's PHC string; none for profiles, and for the owner of a hub without sign-in.
    pub password: Option<String>,
    /// The guardian's id for a profile, otherwise its own.
    pub household: Uuid,
    /// As [`djinn_kernel::Ceiling::code`] writes it.
    pub ceiling: Option<i16>,
    pub shows_unrated: bool,
    pub created_at: DateTimeUtc,
    pub removed_at: Option<DateTimeUtc>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
