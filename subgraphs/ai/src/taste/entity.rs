//! The rows of the projections.

use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};

/// A list of names in a JSON column, read into what it is: ten thousand games have a hundred
/// thousand of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Names(pub Vec<String>);

/// A game, as metadata last described it.
pub mod game {
    use super::{super::Facts, Names};
    use djinn_kernel::{Rated, ids::GameId};
    use sea_orm::entity::prelude::*;

    /// The newest revision that arrived.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ai_game")]
    pub struct Model {
        /// Which.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// Metadata's revision.
        pub revision: i64,
        /// Its title.
        pub title: String,
        /// What it is, as events spell it.
        pub kind: String,
        /// Genres by name.
        #[sea_orm(column_type = "JsonBinary")]
        pub genres: Names,
        /// Tags by name.
        #[sea_orm(column_type = "JsonBinary")]
        pub tags: Names,
        /// Developers by name.
        #[sea_orm(column_type = "JsonBinary")]
        pub developers: Names,
        /// The level of its ESRB rating.
        pub esrb: Option<i16>,
        /// Where it stands for ceilings of other boards; null until metadata told.
        pub boards: Option<i32>,
        /// The critics' score.
        pub critic_score: Option<i16>,
        /// Minutes the main story takes.
        pub main_story_minutes: Option<i32>,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}

    /// The kind of a game that stands alone.
    pub const WHOLE: &str = "GAME";

    impl From<Model> for Facts {
        fn from(row: Model) -> Self {
            Self {
                game: GameId(row.id),
                title: row.title,
                whole: row.kind == WHOLE,
                genres: row.genres.0,
                tags: row.tags.0,
                developers: row.developers.0,
                rated: Rated::stored(row.esrb, row.boards),
                critic_score: row.critic_score,
                main_story_minutes: row.main_story_minutes,
            }
        }
    }
}

/// What a household holds of a game, as library last described it.
pub mod holding {
    use sea_orm::entity::prelude::*;

    /// The newest revision that arrived. It stays, emptied, when nothing is held any more: an
    /// older event that comes late must not bring the holding back.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ai_holding")]
    pub struct Model {
        /// Whose.
        #[sea_orm(primary_key, auto_increment = false)]
        pub household: Uuid,
        /// What.
        #[sea_orm(primary_key, auto_increment = false)]
        pub game_id: Uuid,
        /// Library's revision.
        pub revision: i64,
        /// Whether any copy is left.
        pub held: bool,
        /// Whether its owner hides it.
        pub hidden: bool,
        /// Minutes played.
        pub playtime_minutes: i32,
        /// Last played.
        pub last_played_at: Option<DateTimeUtc>,
        /// The status' id.
        pub status: Option<String>,
        /// Whether it is a favourite.
        pub favourite: bool,
        /// What its owner thinks of it, 0 to 100.
        pub my_rating: Option<i16>,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A household's revision.
pub mod household {
    use sea_orm::entity::prelude::*;

    /// Grows with every change of what it holds, or of the facts of a game it holds.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ai_household")]
    pub struct Model {
        /// Whose.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// How often it changed.
        pub rev: i64,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
