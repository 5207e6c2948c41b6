//! What the games are made of that a household has made one: for its child profiles the whole is as
//! closed as each of its parts.

use super::entity::game;
use djinn_kernel::{Doing, Esrb, Fault, Rated, event::GameJoined, ids::PlayerId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, Set,
    sea_query::{Alias, Expr, ExprTrait, OnConflict},
};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// The rows.
pub mod row {
    use sea_orm::entity::prelude::*;

    /// One game that was made one with another at some time.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ai_part")]
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
pub async fn put(txn: &impl ConnectionTrait, said: &GameJoined) -> Result<(), Fault> {
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
    .doing("remembering what a game is made of")
}

/// The households to which one of `games` is a part of another.
pub async fn holders(
    txn: &impl ConnectionTrait,
    games: &[Uuid],
) -> Result<BTreeSet<PlayerId>, Fault> {
    let mut holders = BTreeSet::new();
    for games in games.chunks(500) {
        let some: Vec<Uuid> = row::Entity::find()
            .select_only()
            .column(row::Column::HouseholdId)
            .distinct()
            .filter(row::Column::PartId.is_in(games.iter().copied()))
            .filter(row::Column::Joined.eq(true))
            .into_tuple()
            .all(txn)
            .await
            .doing("finding whose games are parts of others")?;
        holders.extend(some.into_iter().map(PlayerId));
    }
    Ok(holders)
}

/// A part of a game: the game, the part if its facts are known, and how it is rated.
type PartRow = (Uuid, Option<Uuid>, Option<i16>, Option<i32>);

/// How the parts of a household's games are rated: of several, the strictest on each board's scale.
pub async fn strictest(
    db: &impl ConnectionTrait,
    who: PlayerId,
) -> Result<HashMap<Uuid, Rated>, Fault> {
    let rows: Vec<PartRow> = row::Entity::find()
        .select_only()
        .column(row::Column::GameId)
        .column_as(game::Column::Id, "part")
        .columns([game::Column::Esrb, game::Column::Boards])
        .join(
            JoinType::LeftJoin,
            row::Entity::belongs_to(game::Entity)
                .from(row::Column::PartId)
                .to(game::Column::Id)
                .into(),
        )
        .filter(row::Column::HouseholdId.eq(who.0))
        .filter(row::Column::Joined.eq(true))
        .into_tuple()
        .all(db)
        .await
        .doing("reading what games are made of")?;
    let mut strictest: HashMap<Uuid, Rated> = HashMap::new();
    for (game, known, esrb, boards) in rows {
        // Until its facts have arrived, nobody knows what it is.
        let rated = known.map_or(Rated::by_esrb(Some(Esrb::AdultsOnly)), |_| {
            Rated::stored(esrb, boards)
        });
        let whole = strictest.entry(game).or_default();
        *whole = whole.strictest(rated);
    }
    Ok(strictest)
}
