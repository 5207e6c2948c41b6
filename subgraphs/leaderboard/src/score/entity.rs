//! The rows of entries and of the journal.

/// A player's standing on a board.
pub mod entry {
    use super::super::Entry;
    use djinn_kernel::ids::{BoardId, PlayerId};
    use sea_orm::entity::prelude::*;

    /// One row for each player on a board.
    #[derive(Debug, Clone, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "leaderboard_entry")]
    pub struct Model {
        /// Where.
        #[sea_orm(primary_key, auto_increment = false)]
        pub board_id: Uuid,
        /// Whose.
        #[sea_orm(primary_key, auto_increment = false)]
        pub player_id: Uuid,
        /// How much.
        pub score: f64,
        /// The score turned so that smaller is better.
        pub standing: f64,
        /// When.
        pub achieved_at: DateTimeUtc,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}

    impl From<Model> for Entry {
        fn from(row: Model) -> Self {
            Self {
                board: BoardId(row.board_id),
                player: PlayerId(row.player_id),
                score: row.score,
                achieved_at: row.achieved_at,
            }
        }
    }
}

/// The journal of submissions.
pub mod submission {
    use super::super::Outcome;
    use sea_orm::entity::prelude::*;

    /// One row for each key of a player on a board. Entries are what these add up to.
    #[derive(Debug, Clone, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "leaderboard_submission")]
    pub struct Model {
        /// Where.
        #[sea_orm(primary_key, auto_increment = false)]
        pub board_id: Uuid,
        /// Whose.
        #[sea_orm(primary_key, auto_increment = false)]
        pub player_id: Uuid,
        /// The idempotency key.
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: String,
        /// What was submitted.
        pub score: f64,
        /// When.
        pub at: DateTimeUtc,
        /// The score before.
        pub previous: Option<f64>,
        /// The score after.
        pub result: f64,
        /// Whether it got better.
        pub improved: bool,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}

    impl From<Model> for Outcome {
        fn from(row: Model) -> Self {
            Self {
                previous: row.previous,
                result: row.result,
                improved: row.improved,
            }
        }
    }
}
