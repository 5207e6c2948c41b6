//! The rows.

use sea_orm::entity::prelude::*;

/// One picture of one game.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "metadata_picture")]
pub struct Model {
    /// Its id, the same whenever it is proposed.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The game.
    pub game_id: Uuid,
    /// What it is for; see [`super::Role`].
    pub role: i16,
    /// The lower, the sooner it is shown.
    pub rank: i16,
    /// Who has it.
    pub source: String,
    /// Where it is.
    #[sea_orm(column_type = "Text")]
    pub address: String,
    /// Whether nobody said that it is there.
    pub guessed: bool,
    /// Whether it is not there, or no picture.
    pub gone: bool,
    /// Its own width in pixels, once it was fetched.
    pub width: Option<i32>,
    /// Its own height in pixels, once it was fetched.
    pub height: Option<i32>,
    /// A ThumbHash of it in base64, once it was fetched.
    pub placeholder: Option<String>,
    /// How often it could not be fetched since it last could.
    pub failures: i32,
    /// It is not fetched before then.
    pub retry_at: Option<DateTimeUtc>,
}

/// None.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
