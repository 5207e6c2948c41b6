//! The rows.

use sea_orm::entity::prelude::*;

/// What one player prefers. What is null was not chosen.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "metadata_preference")]
pub struct Model {
    /// The player.
    #[sea_orm(primary_key, auto_increment = false)]
    pub player_id: Uuid,
    /// The id of a theme; it may be gone.
    pub theme: Option<String>,
    /// A language in its usual spelling.
    pub language: Option<String>,
    /// See [`super::Density::as_str`].
    pub density: Option<String>,
    /// See [`super::Motion::as_str`].
    pub motion: Option<String>,
    /// The id of an entry of the navigation; it may be gone.
    pub start_page: Option<String>,
    /// The revision of content at its last change.
    pub rev: i64,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
}

/// None.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
