//! The rows.

/// Rooms.
pub mod room {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "session_room")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub name: String,
        pub phase: String,
        pub public: bool,
        pub seats: i32,
        pub host: Uuid,
        /// The shared document, as JSON text.
        pub state: String,
        pub epoch: String,
        pub rev: i64,
        pub created_at: DateTimeUtc,
        pub closed_at: Option<DateTimeUtc>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Who sits, or sat, where. The row stays when its player leaves, so that a late copy of an old
/// action is still recognised after they came back.
pub mod seat {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "session_seat")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub room_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub player_id: Uuid,
        pub ready: bool,
        pub joined_at: DateTimeUtc,
        pub left_at: Option<DateTimeUtc>,
        pub last_client_seq: i64,
        /// The revision the last action got.
        pub last_rev: i64,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Every change of a room.
pub mod log {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "session_room_log")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub room_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub rev: i64,
        pub kind: String,
        pub player_id: Uuid,
        pub patch: Option<String>,
        pub client_seq: Option<i64>,
        pub at: DateTimeUtc,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
