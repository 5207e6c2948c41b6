//! The rows of files and their parts. Only [`super::store`] reads or writes them.

/// Files.
pub mod file {
    use super::super::Kind;
    use sea_orm::entity::prelude::*;

    /// One file.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "library_file")]
    pub struct Model {
        /// Its id, version 7.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// Whose.
        pub household_id: Uuid,
        /// Who of them.
        pub player_id: Uuid,
        /// Which way it goes.
        pub kind: Kind,
        /// What it is called.
        pub name: String,
        /// Its media type.
        pub media: String,
        /// The digest of the word that fetches it; none for an upload.
        pub token: Option<String>,
        /// Its size.
        pub bytes: i64,
        /// How many parts there are.
        pub parts: i32,
        /// When it was begun.
        pub created_at: DateTimeUtc,
        /// When it goes.
        pub expires_at: DateTimeUtc,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Their parts.
pub mod part {
    use sea_orm::entity::prelude::*;

    /// One part.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "library_file_part")]
    pub struct Model {
        /// Of which file.
        #[sea_orm(primary_key, auto_increment = false)]
        pub file_id: Uuid,
        /// Its number, from 0.
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i32,
        /// The bytes.
        pub body: Vec<u8>,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
