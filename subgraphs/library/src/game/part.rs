//! What the games are made of that a household has made one. For its child profiles the whole is as
//! closed as each of its parts: their titles and copies stand in it.

use super::{entity::fact, store};
use djinn_kernel::{Doing, Esrb, FamilyView, Fault, Rated, event::GameJoined};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, JoinType, QueryFilter,
    QuerySelect, Set,
    sea_query::{Alias, Expr, ExprTrait, OnConflict},
};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// The rows.
pub mod row {
    use sea_orm::entity::prelude::*;

    /// One game that was made one with another at some time.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "library_part")]
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

/// Notes that a game was joined to another, or told apart again. The household sees it in its next
/// search.
pub async fn note(txn: &DatabaseTransaction, said: &GameJoined) -> Result<(), Fault> {
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
    .doing("noting what a game is made of")?;
    let rev = store::bump(txn, said.household.0).await?;
    store::stamp(txn, said.household.0, [said.game.0], rev).await
}

/// The households and games that one of `games` is a part of.
pub async fn wholes(
    conn: &impl ConnectionTrait,
    games: &[Uuid],
) -> Result<Vec<(Uuid, Uuid)>, Fault> {
    let mut found = Vec::new();
    for chunk in games.chunks(store::CHUNK) {
        let rows: Vec<(Uuid, Uuid)> = row::Entity::find()
            .select_only()
            .columns([row::Column::HouseholdId, row::Column::GameId])
            .filter(row::Column::PartId.is_in(chunk.iter().copied()))
            .filter(row::Column::Joined.eq(true))
            .into_tuple()
            .all(conn)
            .await
            .doing("finding what games are parts of")?;
        found.extend(rows);
    }
    Ok(found)
}

/// A part of a game: the game, the part if its facts are known, and how it is rated.
type PartRow = (Uuid, Option<Uuid>, Option<i16>, Option<i32>);

/// How the parts of `household`'s games are rated: of several, the strictest on each board's scale.
pub async fn strictest(
    conn: &impl ConnectionTrait,
    household: Uuid,
) -> Result<HashMap<Uuid, Rated>, Fault> {
    let rows: Vec<PartRow> = row::Entity::find()
        .select_only()
        .column(row::Column::GameId)
        .column_as(fact::Column::GameId, "part")
        .columns([fact::Column::Esrb, fact::Column::Boards])
        .join(
            JoinType::LeftJoin,
            row::Entity::belongs_to(fact::Entity)
                .from(row::Column::PartId)
                .to(fact::Column::GameId)
                .into(),
        )
        .filter(row::Column::HouseholdId.eq(household))
        .filter(row::Column::Joined.eq(true))
        .into_tuple()
        .all(conn)
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

/// The games of `household` that are closed to such a profile for one of their parts.
pub async fn closed(
    conn: &impl ConnectionTrait,
    household: Uuid,
    family: FamilyView,
) -> Result<HashSet<Uuid>, Fault> {
    let parts = strictest(conn, household).await?;
    let closed = parts.into_iter().filter(|(_, part)| family.closes(*part));
    Ok(closed.map(|(game, _)| game).collect())
}
