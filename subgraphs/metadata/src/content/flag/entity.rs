//! The rows.

/// Flags.
pub mod flag {
    use sea_orm::entity::prelude::*;

    /// One flag.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "metadata_flag")]
    pub struct Model {
        /// Its name for programs.
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: String,
        /// What it switches.
        pub description: String,
        /// Whether it is on at all.
        pub enabled: bool,
        /// For how many of a hundred.
        pub percentage: i16,
        /// When it was last changed.
        pub updated_at: DateTimeUtc,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Flags of one player.
pub mod own {
    use sea_orm::entity::prelude::*;

    /// One flag as it is for one player.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "metadata_flag_player")]
    pub struct Model {
        /// The flag.
        #[sea_orm(primary_key, auto_increment = false)]
        pub flag_key: String,
        /// The player.
        #[sea_orm(primary_key, auto_increment = false)]
        pub player_id: Uuid,
        /// How it is for them.
        pub enabled: bool,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
