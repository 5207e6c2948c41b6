//! The rows of sync runs and of what they fetched.

/// Runs.
pub mod run {
    use crate::sync::{Said, SyncStage, SyncState};
    use djinn_subgraph_kit::Ports;
    use sea_orm::entity::prelude::*;

    /// One run.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "library_sync_run")]
    pub struct Model {
        /// Its id, version 7: the newest run of a library is its current one.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// What it syncs.
        pub library_id: Uuid,
        /// Whose that is.
        pub household_id: Uuid,
        /// It only looks at what was played lately.
        pub recent: bool,
        /// How it stands.
        pub state: SyncState,
        /// What it is doing.
        pub stage: SyncStage,
        /// How much of the stage is done.
        pub done: i32,
        /// Of how much.
        pub total: Option<i32>,
        /// The title it was at last.
        pub current_title: Option<String>,
        /// What to tell a person.
        pub message: Option<String>,
        /// A provider asked to wait until then.
        pub rate_limited_until: Option<DateTimeUtc>,
        /// Why the last try failed, as a code.
        pub error_code: Option<String>,
        /// The same in words.
        pub error_message: Option<String>,
        /// Which words those are, for other languages.
        #[sea_orm(column_type = "JsonBinary", nullable)]
        pub error_said: Option<Said>,
        /// Which try of the provider this is.
        pub attempt: i32,
        /// Copies that were new or came back.
        pub added: i32,
        /// Copies that changed.
        pub updated: i32,
        /// Copies that were removed.
        pub removed: i32,
        /// When it was asked for.
        pub started_at: DateTimeUtc,
        /// When it ended.
        pub finished_at: Option<DateTimeUtc>,
        /// Grows with every change a person can see.
        pub rev: i32,
        /// Where the platform's list goes on.
        pub fetch_cursor: Option<String>,
        /// Whether the list is here whole.
        pub fetched: bool,
        /// How many pages of it were staged.
        pub staged: i32,
        /// How many of those were taken over.
        pub cursor: i32,
        /// Something happened that may move it on.
        pub dirty: bool,
        /// Not to be tried before then.
        pub next_attempt_at: Option<DateTimeUtc>,
        /// The worker that has it.
        pub lease_owner: Option<Uuid>,
        /// Until when that worker has it, unless it says so again.
        pub lease_until: Option<DateTimeUtc>,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}

    impl Model {
        /// Until when the platform asked to be left alone, if it did and that is still to come.
        pub fn asked_to_wait(&self, now: DateTimeUtc) -> Option<DateTimeUtc> {
            let waits = self.state == SyncState::Waiting || self.state == SyncState::Failed;
            self.rate_limited_until
                .filter(|until| waits && *until > now)
        }

        /// A run that waits to be started.
        pub fn queued(ports: &Ports, library: Uuid, household: Uuid) -> Self {
            Self {
                id: ports.ids.new_id(),
                library_id: library,
                household_id: household,
                recent: false,
                state: SyncState::Queued,
                stage: SyncStage::Listing,
                done: 0,
                total: None,
                current_title: None,
                message: None,
                rate_limited_until: None,
                error_code: None,
                error_message: None,
                error_said: None,
                attempt: 0,
                added: 0,
                updated: 0,
                removed: 0,
                started_at: ports.clock.now(),
                finished_at: None,
                rev: 1,
                fetch_cursor: None,
                fetched: false,
                staged: 0,
                cursor: 0,
                dirty: false,
                next_attempt_at: None,
                lease_owner: None,
                lease_until: None,
            }
        }
    }
}

/// What a run fetched and has not taken over yet.
pub mod page {
    use sea_orm::entity::prelude::*;

    /// Up to [`crate::sync::PAGE`] listed games.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "library_sync_page")]
    pub struct Model {
        /// The run.
        #[sea_orm(primary_key, auto_increment = false)]
        pub run_id: Uuid,
        /// Which page of it, from 0.
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i32,
        /// The games: a list of [`crate::platform::Listed`].
        pub body: Json,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
