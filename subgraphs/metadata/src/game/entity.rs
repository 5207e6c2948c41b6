//! The rows.

use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};

/// A list of names in a JSON column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Names(pub Vec<String>);

/// A list of numbers in a JSON column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Numbers(pub Vec<i32>);

/// Canonical games.
pub mod game {
    use super::{Names, Numbers};
    use djinn_kernel::Rated;
    use sea_orm::entity::prelude::*;

    /// One game.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "metadata_game")]
    pub struct Model {
        /// Its id.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// The title to show.
        pub title: String,
        /// The title to sort by.
        pub sort_title: String,
        /// What it is; see [`super::super::kind_code`].
        pub kind: i16,
        /// First release, when the day is known.
        pub released_on: Option<Date>,
        /// Year of first release.
        pub release_year: Option<i32>,
        /// Genres by name.
        #[sea_orm(column_type = "JsonBinary")]
        pub genres: Names,
        /// Tags by name.
        #[sea_orm(column_type = "JsonBinary")]
        pub tags: Names,
        /// Developers by name.
        #[sea_orm(column_type = "JsonBinary")]
        pub developers: Names,
        /// Publishers by name.
        #[sea_orm(column_type = "JsonBinary")]
        pub publishers: Names,
        /// A few plain sentences.
        pub summary: Option<String>,
        /// Where a provider has the upright picture.
        pub cover_art: Option<String>,
        /// Where a provider has the wide picture.
        pub header_art: Option<String>,
        /// The critics' score, 0 to 100.
        pub critic_score: Option<i16>,
        /// Minutes the main story takes.
        pub main_story_minutes: Option<i32>,
        /// Steam's content descriptors.
        #[sea_orm(column_type = "JsonBinary")]
        pub content_descriptors: Numbers,
        /// The age the store asks for.
        pub required_age: Option<i32>,
        /// The level of the rating that a ceiling of the ESRB goes by.
        pub esrb: Option<i16>,
        /// Where that rating comes from.
        pub esrb_source: Option<String>,
        /// Where it stands for ceilings of the other boards; null until it was worked out.
        pub boards: Option<i32>,
        /// Whether every provider that could be asked has been.
        pub enriched: bool,
        /// Grows by one with every change.
        pub revision: i64,
        /// When it was first met.
        pub created_at: DateTimeUtc,
        /// When it last changed.
        pub updated_at: DateTimeUtc,
    }

    impl Model {
        /// How it is rated.
        pub fn rated(&self) -> Rated {
            Rated::stored(self.esrb, self.boards)
        }
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Where fields come from.
pub mod fact {
    use sea_orm::entity::prelude::*;

    /// The source of one field of one game.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "metadata_fact")]
    pub struct Model {
        /// The game.
        #[sea_orm(primary_key, auto_increment = false)]
        pub game_id: Uuid,
        /// The field.
        #[sea_orm(primary_key, auto_increment = false)]
        pub field: String,
        /// The source.
        pub source: String,
        /// When the source said so.
        pub fetched_at: DateTimeUtc,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// What each source said.
pub mod said {
    use super::super::Said;
    use sea_orm::entity::prelude::*;

    /// All that one source said about one game.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "metadata_said")]
    pub struct Model {
        /// The game.
        #[sea_orm(primary_key, auto_increment = false)]
        pub game_id: Uuid,
        /// The source.
        #[sea_orm(primary_key, auto_increment = false)]
        pub source: String,
        /// What, and when.
        #[sea_orm(column_type = "JsonBinary")]
        pub body: Said,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Ratings by board.
pub mod rating {
    use super::Names;
    use sea_orm::entity::prelude::*;

    /// What one board says, according to one source.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "metadata_rating")]
    pub struct Model {
        /// The game.
        #[sea_orm(primary_key, auto_increment = false)]
        pub game_id: Uuid,
        /// The board's name.
        #[sea_orm(primary_key, auto_increment = false)]
        pub board: String,
        /// Who says so.
        #[sea_orm(primary_key, auto_increment = false)]
        pub source: String,
        /// The rating as the board writes it.
        pub rating: String,
        /// Why.
        #[sea_orm(column_type = "JsonBinary")]
        pub descriptors: Names,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
