//! What the games are made of that a household has made one: for its child profiles the whole is as
//! closed as each of its parts.

use djinn_kernel::{Doing, Fault, event::GameJoined};
use sea_orm::{
    ConnectionTrait, EntityTrait, Set,
    sea_query::{Alias, Expr, ExprTrait, OnConflict},
};

/// The rows.
pub mod row {
    use sea_orm::entity::prelude::*;

    /// One game that was made one with another at some time.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "leaderboard_part")]
    pub struct Model {
        /// Whose.
        #[sea_orm(primary_key, auto_increment = false)]
        pub household_id: Uuid,
        /// The game that copies are of.
        #[sea_orm(primary_key, auto_increment = false)]
        pub game_id: Uuid,
        /// The game that they would be of without a decision.
        #[sea_orm(primary_key, auto_increment = false)]
        pub part_id: Uuid,
        /// The revision of what metadata said; an older one counts no more.
        pub revision: i64,
        /// Joined, or told apart again.
        pub joined: bool,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Notes that a game was joined to another, or told apart again.
pub async fn note(txn: &impl ConnectionTrait, said: &GameJoined) -> Result<(), Fault> {
    let newer = Expr::col((row::Entity, row::Column::Revision))
        .lt(Expr::col((Alias::new("excluded"), row::Column::Revision)));
    row::Entity::insert(row::ActiveModel {
        household_id: Set(said.household.0),
        game_id: Set(said.game.0),
        part_id: Set(said.part.0),
        revision: Set(said.revision),
        joined: Set(said.joined),
    })
    .on_conflict(
        OnConflict::columns([
            row::Column::HouseholdId,
            row::Column::GameId,
            row::Column::PartId,
        ])
        .update_columns([row::Column::Revision, row::Column::Joined])
        .action_and_where(newer)
        .to_owned(),
    )
    .exec_without_returning(txn)
    .await
    .map(|_| ())
    .doing("noting what a game is made of")
}
