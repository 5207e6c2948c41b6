//! The rows of what households have set. Only this module reads or writes them.

use sea_orm::entity::prelude::*;

/// One household; none has a row before it sets something.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "library_household")]
pub struct Model {
    /// Which.
    #[sea_orm(primary_key, auto_increment = false)]
    pub household_id: Uuid,
    /// Its time zone, by its name in the IANA database.
    pub time_zone: String,
}

/// None.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
