//! The rows.

/// What a household does not want to be asked about.
pub mod dismissal {
    use sea_orm::entity::prelude::*;

    /// Two games that are not one.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "metadata_dismissal")]
    pub struct Model {
        /// Who said so.
        #[sea_orm(primary_key, auto_increment = false)]
        pub household_id: Uuid,
        /// One, with the smaller id.
        #[sea_orm(primary_key, auto_increment = false)]
        pub one: Uuid,
        /// The other.
        #[sea_orm(primary_key, auto_increment = false)]
        pub other: Uuid,
        /// When.
        pub at: DateTimeUtc,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
