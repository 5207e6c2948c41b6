//! The rows.

use sea_orm::entity::prelude::*;

/// One picture.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "metadata_asset")]
pub struct Model {
    /// Its name for programs.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// Where it is.
    pub url: String,
    /// Its media type, when it is kept here.
    pub media_type: Option<String>,
    /// In pixels, when it is kept here.
    pub width: Option<i32>,
    /// In pixels, when it is kept here.
    pub height: Option<i32>,
    /// What to say to somebody who does not see it.
    pub alt: String,
    /// Under which licence it may be shown.
    pub licence: String,
    /// Who made it.
    pub attribution: Option<String>,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
}

/// None.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
