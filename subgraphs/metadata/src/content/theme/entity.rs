//! The rows.

use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Colours by name, in a JSON column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Named(pub BTreeMap<String, String>);

/// One theme.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "metadata_theme")]
pub struct Model {
    /// Its name for programs.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// `light` or `dark`.
    pub scheme: String,
    /// Its colours.
    #[sea_orm(column_type = "JsonBinary")]
    pub colours: Named,
    /// When it was saved.
    pub updated_at: DateTimeUtc,
}

/// None.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
