//! What the games are made of that a household has made one. For its child profiles the whole is as
//! closed as each of its parts: their titles and copies stand in it.

use crate::{NAME, game::entity::game, matching};
use djinn_kernel::{
    Doing, FamilyView, Fault, Rated,
    event::GameJoined,
    ids::{GameId, PlayerId},
};
use djinn_subgraph_kit::{Ports, db::rows_of, outbox};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, JoinType, QueryFilter, QuerySelect,
    sea_query::OnConflict,
};
use std::collections::{BTreeSet, HashSet};
use uuid::Uuid;

/// The rows.
pub mod row {
    use sea_orm::entity::prelude::*;

    /// One game that was made one with another at some time.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "metadata_part")]
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
        /// When that was said last, as counted.
        pub revision: i64,
        /// Joined, or told apart again.
        pub joined: bool,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A household, what copies are to it, and what they would be without its decisions.
pub type Part = (Uuid, Uuid, Uuid);

/// Writes what the games of `households` are made of, and tells where that is news. The caller holds
/// the lock.
pub async fn note(
    txn: &impl ConnectionTrait,
    ports: &Ports,
    households: &BTreeSet<Uuid>,
    parts: &BTreeSet<Part>,
) -> Result<(), Fault> {
    if households.is_empty() {
        return Ok(());
    }
    let rows = row::Entity::find()
        .filter(row::Column::HouseholdId.is_in(households.iter().copied()))
        .filter(row::Column::Joined.eq(true))
        .all(txn)
        .await
        .doing("loading what games are made of")?;
    let before: BTreeSet<Part> = rows
        .iter()
        .map(|row| (row.household_id, row.game_id, row.part_id))
        .collect();
    let joined = parts.difference(&before).map(|part| (*part, true));
    let apart = before.difference(parts).map(|part| (*part, false));
    let news: Vec<(Part, bool)> = joined.chain(apart).collect();
    if news.is_empty() {
        return Ok(());
    }
    let revision = matching::store::next_rev(txn)
        .await
        .doing("counting what games are made of")?;
    let (mut rows, mut events) = (Vec::new(), Vec::new());
    for ((household, game, part), joined) in news {
        rows.push(row::Model {
            household_id: household,
            game_id: game,
            part_id: part,
            revision,
            joined,
        });
        events.push(GameJoined {
            household: PlayerId(household),
            game: GameId(game),
            part: GameId(part),
            revision,
            joined,
        });
    }
    for rows in rows.chunks(rows_of::<row::Entity>()) {
        let rows = rows.iter().cloned();
        row::Entity::insert_many(rows.map(IntoActiveModel::into_active_model))
            .on_conflict(
                OnConflict::columns([
                    row::Column::HouseholdId,
                    row::Column::GameId,
                    row::Column::PartId,
                ])
                .update_columns([row::Column::Revision, row::Column::Joined])
                .to_owned(),
            )
            .exec_without_returning(txn)
            .await
            .doing("writing what games are made of")?;
    }
    outbox::append_all(txn, NAME, &*ports.clock, &*ports.ids, &events).await?;
    Ok(())
}

/// The games of `household` that are closed to such a profile for one of their parts.
pub async fn closed(
    conn: &impl ConnectionTrait,
    household: Uuid,
    family: FamilyView,
) -> Result<HashSet<Uuid>, Fault> {
    let rows: Vec<(Uuid, Option<i16>, Option<i32>)> = row::Entity::find()
        .select_only()
        .column(row::Column::GameId)
        .columns([game::Column::Esrb, game::Column::Boards])
        .join(
            JoinType::InnerJoin,
            row::Entity::belongs_to(game::Entity)
                .from(row::Column::PartId)
                .to(game::Column::Id)
                .into(),
        )
        .filter(row::Column::HouseholdId.eq(household))
        .filter(row::Column::Joined.eq(true))
        .into_tuple()
        .all(conn)
        .await
        .doing("reading what games are made of")?;
    Ok(rows
        .into_iter()
        .filter(|(_, esrb, boards)| family.closes(Rated::stored(*esrb, *boards)))
        .map(|(game, _, _)| game)
        .collect())
}
