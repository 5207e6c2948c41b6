//! The rows of achievements. Only this module reads or writes them.

/// What is known of one copy's, and when to ask.
pub mod set {
    use sea_orm::entity::prelude::*;

    /// One copy.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "library_achievement_set")]
    pub struct Model {
        /// The copy.
        #[sea_orm(primary_key, auto_increment = false)]
        pub copy_id: Uuid,
        /// Its library.
        pub library_id: Uuid,
        /// Whose that is.
        pub household_id: Uuid,
        /// Minutes played, as last listed.
        pub playtime_minutes: i32,
        /// Last played, as last listed.
        pub last_played_at: Option<DateTimeUtc>,
        /// How many minutes it had been played when they were fetched.
        pub fetched_minutes: Option<i32>,
        /// When they were fetched.
        pub fetched_at: Option<DateTimeUtc>,
        /// How many there are.
        pub total: i32,
        /// How many of them are unlocked.
        pub unlocked: i32,
        /// How often in a row they could not be fetched.
        pub attempts: i32,
        /// When to ask; unset while there is no reason to.
        pub next_at: Option<DateTimeUtc>,
        /// Somebody is asking, at the latest until then.
        pub lease_until: Option<DateTimeUtc>,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// The achievements themselves.
pub mod achievement {
    use sea_orm::entity::prelude::*;

    /// One achievement of one copy.
    #[derive(Debug, Clone, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "library_achievement")]
    pub struct Model {
        /// The copy.
        #[sea_orm(primary_key, auto_increment = false)]
        pub copy_id: Uuid,
        /// Its place in the order they are shown, from 0 without a gap.
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i32,
        /// Whose.
        pub household_id: Uuid,
        /// The platform's own id of it.
        pub key: String,
        /// Its name.
        pub name: String,
        /// What is to be done.
        pub description: Option<String>,
        /// Its picture, at the platform.
        pub icon_url: Option<String>,
        /// Secret until it is unlocked.
        pub hidden: bool,
        /// Whether it is unlocked.
        pub unlocked: bool,
        /// Since when, when the platform says.
        pub unlocked_at: Option<DateTimeUtc>,
        /// Of how many players in a hundred it is.
        pub rarity_percent: Option<f64>,
        /// What it counts on the platform.
        pub points: Option<i32>,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
