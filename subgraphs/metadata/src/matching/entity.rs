//! The rows.

/// Why something belongs to a game.
pub mod matched {
    use crate::game::Said;
    use sea_orm::entity::prelude::*;

    /// A store's product, or a copy that names none, and the game it is.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "metadata_match")]
    pub struct Model {
        /// Its id; version 7, so the row that founded a game is its first.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// `steam:70`, or `copy:` and the copy's id.
        #[sea_orm(unique)]
        pub identity: String,
        /// The platform's id.
        pub platform: String,
        /// The platform's own id of the product.
        pub store_id: Option<String>,
        /// The title as it was first written.
        pub title: String,
        /// The title's group; see [`crate::matching::key::TitleKey::group`].
        pub group_key: String,
        /// The words that name the work, without its kind; see [`crate::matching::key::TitleKey`].
        pub base_key: Option<String>,
        /// The year of release, when the source says.
        pub year: Option<i32>,
        /// The year the store's page gives, which for old games is that of the store's release.
        pub store_year: Option<i32>,
        /// Whether the platform itself, or somebody who runs the hub, says that the store's product
        /// has this title.
        pub vouched: bool,
        /// What imports said of it by itself, whatever game it is of.
        #[sea_orm(column_type = "JsonBinary", nullable)]
        pub imported: Option<Said>,
        /// The game.
        pub game_id: Uuid,
        /// Why: `first` of its name, the same `title`, or external `ids`.
        pub how: String,
        /// When it came to belong to this game.
        pub at: DateTimeUtc,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Which copies stand behind a match.
pub mod copy {
    use djinn_kernel::event::FileEntry;
    use sea_orm::entity::prelude::*;

    /// One copy in somebody's library.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "metadata_copy")]
    pub struct Model {
        /// The copy.
        #[sea_orm(primary_key, auto_increment = false)]
        pub copy_id: Uuid,
        /// Its library.
        pub library_id: Uuid,
        /// The match it stands behind.
        pub match_id: Uuid,
        /// Whose it is; not known of copies from before this was kept.
        pub household_id: Option<Uuid>,
        /// The game it was last said to be: the match's, unless the household decided otherwise.
        pub game_id: Option<Uuid>,
        /// The file of ours that brought it, each time one is imported.
        pub file_id: Option<Uuid>,
        /// The number of its entry in that file.
        pub file_entry: Option<i32>,
    }

    impl Model {
        /// The entry of a file that brought it.
        pub fn entry(&self) -> Option<FileEntry> {
            let (file, entry) = self.file_id.zip(self.file_entry)?;
            Some(FileEntry { file, entry })
        }
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// What households held in libraries that they unlinked.
pub mod kept {
    use sea_orm::entity::prelude::*;

    /// What one copy was, or several; there until a library of the household lists it again.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "metadata_kept")]
    pub struct Model {
        /// Who held it.
        #[sea_orm(primary_key, auto_increment = false)]
        pub household_id: Uuid,
        /// The match it stood behind.
        #[sea_orm(primary_key, auto_increment = false)]
        pub match_id: Uuid,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Which libraries are gone.
pub mod gone {
    use sea_orm::entity::prelude::*;

    /// One that was unlinked or forgotten. Nothing of it but its id: what was found in it and comes
    /// late, after a delivery that failed, must not bring it back.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "metadata_gone")]
    pub struct Model {
        /// The library.
        #[sea_orm(primary_key, auto_increment = false)]
        pub library_id: Uuid,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A row to lock.
pub mod lock {
    use sea_orm::entity::prelude::*;

    /// Who holds it changes games alone.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "metadata_lock")]
    pub struct Model {
        /// Its name.
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        /// When it was last taken.
        pub at: DateTimeUtc,
        /// How often copies were told their games.
        pub rev: i64,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// What other catalogues know of products.
pub mod external {
    use sea_orm::entity::prelude::*;

    /// Which work one product is in one other catalogue.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "metadata_external")]
    pub struct Model {
        /// The platform's id.
        #[sea_orm(primary_key, auto_increment = false)]
        pub platform: String,
        /// The platform's own id of the product.
        #[sea_orm(primary_key, auto_increment = false)]
        pub store_id: String,
        /// Who says so, for instance `igdb`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub source: String,
        /// Its id of the work.
        pub work: String,
        /// When it said so.
        pub at: DateTimeUtc,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
