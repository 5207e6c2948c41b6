//! The rows.

use super::{Decision, Sides, Verdict};
use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};

/// [`Sides`] in a JSON column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Stored(pub Sides);

/// Decisions.
pub mod decision {
    use super::Stored;
    use sea_orm::entity::prelude::*;

    /// One decision of one household.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "metadata_decision")]
    pub struct Model {
        /// Its id; version 7, so they sort by time.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// Whose copies it is about.
        pub household_id: Uuid,
        /// Who decided.
        pub player_id: Uuid,
        /// `same` or `apart`.
        pub verdict: String,
        /// What it is about.
        #[sea_orm(column_type = "JsonBinary")]
        pub sides: Stored,
        /// The game that was kept, or the one that came to be.
        pub game_id: Uuid,
        /// When.
        pub at: DateTimeUtc,
        /// When it was taken back.
        pub undone_at: Option<DateTimeUtc>,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl From<decision::Model> for Decision {
    fn from(row: decision::Model) -> Self {
        Self {
            id: row.id,
            verdict: if row.verdict == Verdict::Apart.as_str() {
                Verdict::Apart
            } else {
                Verdict::Same
            },
            sides: row.sides.0,
            game: row.game_id,
            at: row.at,
            undone_at: row.undone_at,
        }
    }
}
