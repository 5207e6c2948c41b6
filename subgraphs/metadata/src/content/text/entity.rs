//! The rows.

use sea_orm::entity::prelude::*;

/// A text that somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "metadata_text")]
pub struct Model {
    /// In which language.
    #[sea_orm(primary_key, auto_increment = false)]
    pub language: String,
    /// Of which key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// The text.
    pub text: String,
}

/// None.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
