//! The rows of budgets.

use sea_orm::entity::prelude::*;

/// How many requests were made with one credential in one second, or one longer bucket.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "library_budget")]
pub struct Model {
    /// The provider and a digest of the credential; with `/` and a number, for buckets of so many
    /// seconds.
    #[sea_orm(primary_key, auto_increment = false)]
    pub credential: String,
    /// The bucket's first second, since 1970; 0 for all of them together.
    #[sea_orm(primary_key, auto_increment = false)]
    pub second: i64,
    /// How many.
    pub requests: i64,
}

/// None.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
