//! The rows of the projections.

/// A game, as metadata last described it.
pub mod game {
    use super::super::Facts;
    use djinn_kernel::{Esrb, ids::GameId};
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
        pub genres: Json,
        /// Tags by name.
        pub tags: Json,
        /// Developers by name.
        pub developers: Json,
        /// The level of its ESRB rating.
        pub esrb: Option<i16>,
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
            // We wrote these lists ourselves; anything else reads as empty.
            let names = |json| serde_json::from_value(json).unwrap_or_default();
            Self {
                game: GameId(row.id),
                title: row.title,
                whole: row.kind == WHOLE,
                genres: names(row.genres),
                tags: names(row.tags),
                developers: names(row.developers),
                esrb: row.esrb.and_then(Esrb::from_level),
                critic_score: row.critic_score,
                main_story_minutes: row.main_story_minutes,
            }
        }
    }
}

/// What a household holds of a game, as library last described it.
pub mod holding {
    use super::super::{Play, Status};
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
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}

    impl From<&Model> for Play {
        fn from(row: &Model) -> Self {
            Self {
                minutes: row.playtime_minutes.max(0),
                status: Status::of(row.status.as_deref()),
            }
        }
    }
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
