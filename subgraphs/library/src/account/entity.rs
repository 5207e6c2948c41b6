//! The rows of linked accounts and their secrets.

/// Accounts.
pub mod account {
    use crate::sync::Said;
    use sea_orm::entity::prelude::*;

    /// One linked account.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "library_account")]
    pub struct Model {
        /// Its id, version 7.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// Whose.
        pub household_id: Uuid,
        /// The platform's id.
        pub platform: String,
        /// What makes it the same account: the platform's own id of it, or the folded label.
        /// Unique in a household and platform.
        pub account_key: String,
        /// The platform's own id of the account, for people.
        pub account: Option<String>,
        /// What its owner calls it.
        pub label: String,
        /// Whether the platform accepted the credentials last time.
        pub connected: bool,
        /// Why the last sync failed, as a code.
        pub error_code: Option<String>,
        /// The same in words.
        pub error_message: Option<String>,
        /// Which words those are, for other languages.
        #[sea_orm(column_type = "JsonBinary", nullable)]
        pub error_said: Option<Said>,
        /// When it was linked.
        pub created_at: DateTimeUtc,
        /// When its owner unlinked it; what is left of it is being removed.
        pub forgotten_at: Option<DateTimeUtc>,
        /// Whether it was forgotten, not only unlinked: whoever knows of it keeps nothing then.
        pub for_good: bool,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Secrets of accounts, sealed.
pub mod secret {
    use sea_orm::entity::prelude::*;

    /// One secret.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "library_secret")]
    pub struct Model {
        /// The account's id.
        #[sea_orm(primary_key, auto_increment = false)]
        pub library_id: Uuid,
        /// Which field of the connection it is.
        #[sea_orm(primary_key, auto_increment = false)]
        pub field: String,
        /// Sealed by the vault.
        pub sealed: Vec<u8>,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Who is renewing the tokens of an account just now.
pub mod lease {
    use sea_orm::entity::prelude::*;

    /// One renewal that is under way.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "library_token_lease")]
    pub struct Model {
        /// The account's id.
        #[sea_orm(primary_key, auto_increment = false)]
        pub library_id: Uuid,
        /// Which renewal.
        pub owner: Uuid,
        /// When another may begin, in case this one broke off.
        pub until: DateTimeUtc,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
