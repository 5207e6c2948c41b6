//! The rows of collections. Only `collection` reads or writes them.

/// A collection.
pub mod collection {
    use sea_orm::entity::prelude::*;

    /// One collection of one player.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "library_collection")]
    pub struct Model {
        /// Its id, version 7.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// Whose.
        pub player_id: Uuid,
        /// The household whose games it gathers.
        pub household_id: Uuid,
        /// What its player calls it.
        pub name: String,
        /// A [`super::super::rule::Rule`]; none for a manual collection.
        pub rule: Option<Json>,
        /// Its place among the player's collections; ties go by id.
        pub position: i32,
        /// When it was made.
        pub created_at: DateTimeUtc,
        /// When its name, rule or games were last changed.
        pub updated_at: DateTimeUtc,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// The games of manual collections.
pub mod member {
    use sea_orm::entity::prelude::*;

    /// One game in one collection. It stays when the game is not held any more, in case it comes
    /// back.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "library_collection_game")]
    pub struct Model {
        /// Where.
        #[sea_orm(primary_key, auto_increment = false)]
        pub collection_id: Uuid,
        /// What.
        #[sea_orm(primary_key, auto_increment = false)]
        pub game_id: Uuid,
        /// Its place; ties go by id.
        pub position: i64,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
