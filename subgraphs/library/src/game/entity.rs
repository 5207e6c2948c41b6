//! The rows of games as the library knows them. Only `game` and `search` read or write them.

/// The searchable facts of a game, as metadata last told them.
pub mod fact {
    use djinn_kernel::Rated;
    use sea_orm::entity::prelude::*;

    /// One game.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "library_game")]
    pub struct Model {
        /// The game.
        #[sea_orm(primary_key, auto_increment = false)]
        pub game_id: Uuid,
        /// Which version of the facts this is.
        pub revision: i64,
        /// Its title.
        pub title: String,
        /// What lists sort by.
        pub sort_key: String,
        /// What kind of thing it is, as on the wire, for instance `GAME`.
        pub kind: String,
        /// First release.
        pub released_on: Option<Date>,
        /// The year of it.
        pub release_year: Option<i32>,
        /// Genres by name.
        pub genres: Json,
        /// Tags by name.
        pub tags: Json,
        /// Developers by name.
        pub developers: Json,
        /// The level of the rating that a ceiling of the ESRB goes by.
        pub esrb: Option<i16>,
        /// Where it stands for ceilings of other boards; null until metadata told.
        pub boards: Option<i32>,
        /// The critics' score, 0 to 100.
        pub critic_score: Option<i16>,
        /// Minutes the main story takes.
        pub main_story_minutes: Option<i32>,
        /// Whether a provider has answered about it.
        pub enriched: bool,
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

/// What a household holds of one game, and what it said about it.
pub mod holding {
    use crate::status::By;
    use sea_orm::entity::prelude::*;

    /// One game of one household. It outlives its copies, so that notes and marks come back with
    /// them.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "library_holding")]
    pub struct Model {
        /// Whose.
        #[sea_orm(primary_key, auto_increment = false)]
        pub household_id: Uuid,
        /// What.
        #[sea_orm(primary_key, auto_increment = false)]
        pub game_id: Uuid,
        /// How many copies there are.
        pub copies: i32,
        /// Whether there is any.
        pub held: bool,
        /// The platforms of the copies, like `|gog|steam|`.
        pub platforms: String,
        /// The libraries of the copies, in the same form.
        pub libraries: String,
        /// How the copies are held, in the same form, for instance `|OWNED|WISHLIST|`.
        pub held_as: String,
        /// Minutes played, over all copies.
        pub playtime_minutes: i32,
        /// Last played, on any of them.
        pub last_played_at: Option<DateTimeUtc>,
        /// When the first of them was added.
        pub first_added_at: Option<DateTimeUtc>,
        /// The status' id; unset until somebody or something says.
        pub status: Option<String>,
        /// Who or what said so; unset for words from before it was kept, which are a person's.
        pub status_by: Option<By>,
        /// A favourite.
        pub favourite: bool,
        /// Hidden by its owner.
        pub hidden: bool,
        /// The owner's notes.
        pub notes: Option<String>,
        /// The owner's rating, 0 to 100.
        pub my_rating: Option<i16>,
        /// The owner's own tags, as `tags` writes them.
        pub my_tags: Option<String>,
        /// Grows by one with every change; travels with `HoldingChanged`.
        pub revision: i64,
        /// The household's index revision at which this row, or its game's facts, last changed:
        /// what an index in memory has to read again.
        pub index_rev: i64,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// How often anything a household's search index is made of has changed.
pub mod index_rev {
    use sea_orm::entity::prelude::*;

    /// One household.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "library_index_rev")]
    pub struct Model {
        /// Whose.
        #[sea_orm(primary_key, auto_increment = false)]
        pub household_id: Uuid,
        /// Only ever grows.
        pub rev: i64,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
