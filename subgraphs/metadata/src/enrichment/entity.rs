//! The rows.

/// What is to be asked.
pub mod job {
    use sea_orm::entity::prelude::*;

    /// One game that one provider may know.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "metadata_enrichment")]
    pub struct Model {
        /// The game.
        #[sea_orm(primary_key, auto_increment = false)]
        pub game_id: Uuid,
        /// The provider.
        #[sea_orm(primary_key, auto_increment = false)]
        pub provider: String,
        /// The provider's id of it.
        pub store_id: String,
        /// How far it is; see [`super::super::Stage`].
        pub stage: i16,
        /// How often it failed since it last succeeded.
        pub attempts: i32,
        /// Not before.
        pub due_at: DateTimeUtc,
        /// Somebody is at it, and is dead if not done by then.
        pub lease_until: Option<DateTimeUtc>,
        /// What went wrong last, for whoever looks.
        pub last_error: Option<String>,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// The providers' state.
pub mod provider {
    use sea_orm::entity::prelude::*;

    /// One provider.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "metadata_provider")]
    pub struct Model {
        /// Its name.
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        /// It is left alone until then.
        pub paused_until: Option<DateTimeUtc>,
        /// The pause that was announced last.
        pub announced_until: Option<DateTimeUtc>,
        /// How often it was down in a row.
        pub failures: i32,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// The sliding log of requests.
pub mod budget {
    use sea_orm::entity::prelude::*;

    /// One request.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "metadata_budget")]
    pub struct Model {
        /// Its id.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// To whom.
        pub provider: String,
        /// When.
        pub at: DateTimeUtc,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
