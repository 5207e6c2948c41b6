//! The only queries on collections and the games in them.

use super::entity::{collection, member};
use djinn_kernel::{Doing, Fault};
use djinn_subgraph_kit::db::rows_of;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait,
    IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, OnConflict},
};
use std::collections::HashMap;
use uuid::Uuid;

/// A place in the list of a player's collections: a position and an id.
pub type Place = (i32, Uuid);

/// At most `first` and one more of `player`'s collections after `after`, in their order.
pub async fn page(
    conn: &impl ConnectionTrait,
    player: Uuid,
    after: Option<Place>,
    first: u32,
) -> Result<Vec<collection::Model>, Fault> {
    let after = after.map(|(position, id)| {
        Condition::any()
            .add(collection::Column::Position.gt(position))
            .add(
                Condition::all()
                    .add(collection::Column::Position.eq(position))
                    .add(collection::Column::Id.gt(id)),
            )
    });
    collection::Entity::find()
        .filter(collection::Column::PlayerId.eq(player))
        .filter(Condition::all().add_option(after))
        .order_by_asc(collection::Column::Position)
        .order_by_asc(collection::Column::Id)
        .limit(u64::from(first) + 1)
        .all(conn)
        .await
        .doing("listing collections")
}

/// How many collections `player` has.
pub async fn count(conn: &impl ConnectionTrait, player: Uuid) -> Result<u64, Fault> {
    collection::Entity::find()
        .filter(collection::Column::PlayerId.eq(player))
        .count(conn)
        .await
        .doing("counting collections")
}

/// The collection of that id, if it is `player`'s.
pub async fn find(
    conn: &impl ConnectionTrait,
    player: Uuid,
    id: Uuid,
) -> Result<Option<collection::Model>, Fault> {
    collection::Entity::find_by_id(id)
        .filter(collection::Column::PlayerId.eq(player))
        .one(conn)
        .await
        .doing("finding a collection")
}

/// The same, locked until the transaction ends.
pub async fn lock(
    txn: &impl ConnectionTrait,
    player: Uuid,
    id: Uuid,
) -> Result<Option<collection::Model>, Fault> {
    collection::Entity::find_by_id(id)
        .filter(collection::Column::PlayerId.eq(player))
        .lock_exclusive()
        .one(txn)
        .await
        .doing("locking a collection")
}

/// The ids and positions of all of `player`'s collections in their order, locked until the
/// transaction ends. They are few.
pub async fn lock_all(txn: &impl ConnectionTrait, player: Uuid) -> Result<Vec<Place>, Fault> {
    collection::Entity::find()
        .select_only()
        .columns([collection::Column::Position, collection::Column::Id])
        .filter(collection::Column::PlayerId.eq(player))
        .order_by_asc(collection::Column::Position)
        .order_by_asc(collection::Column::Id)
        .lock_exclusive()
        .into_tuple()
        .all(txn)
        .await
        .doing("locking collections")
}

/// The collections of everybody in `household` that have a rule.
pub async fn ruled(
    conn: &impl ConnectionTrait,
    household: Uuid,
) -> Result<Vec<collection::Model>, Fault> {
    collection::Entity::find()
        .filter(collection::Column::HouseholdId.eq(household))
        .filter(collection::Column::Rule.is_not_null())
        .all(conn)
        .await
        .doing("listing collections with rules")
}

/// Writes a new collection.
pub async fn insert(txn: &impl ConnectionTrait, row: collection::Model) -> Result<(), Fault> {
    collection::Entity::insert(row.into_active_model())
        .exec_without_returning(txn)
        .await
        .doing("making a collection")?;
    Ok(())
}

/// Writes a collection that was loaded and changed.
pub async fn save(txn: &impl ConnectionTrait, row: collection::Model) -> Result<(), Fault> {
    row.into_active_model()
        .reset_all()
        .update(txn)
        .await
        .doing("changing a collection")?;
    Ok(())
}

/// Gives a collection its place.
pub async fn place(txn: &impl ConnectionTrait, id: Uuid, position: i32) -> Result<(), Fault> {
    collection::Entity::update_many()
        .col_expr(collection::Column::Position, Expr::value(position))
        .filter(collection::Column::Id.eq(id))
        .exec(txn)
        .await
        .doing("placing a collection")?;
    Ok(())
}

/// Deletes a collection and what is in it. Whether it was `player`'s, and there.
pub async fn delete(txn: &impl ConnectionTrait, player: Uuid, id: Uuid) -> Result<bool, Fault> {
    let deleted = collection::Entity::delete_many()
        .filter(collection::Column::Id.eq(id))
        .filter(collection::Column::PlayerId.eq(player))
        .exec(txn)
        .await
        .doing("deleting a collection")?;
    if deleted.rows_affected == 0 {
        return Ok(false);
    }
    member::Entity::delete_many()
        .filter(member::Column::CollectionId.eq(id))
        .exec(txn)
        .await
        .doing("emptying a collection")?;
    Ok(true)
}

/// The games of these manual collections, each with its place.
pub async fn members(
    conn: &impl ConnectionTrait,
    collections: &[Uuid],
) -> Result<HashMap<Uuid, Vec<member::Model>>, Fault> {
    let rows = member::Entity::find()
        .filter(member::Column::CollectionId.is_in(collections.iter().copied()))
        .order_by_asc(member::Column::Position)
        .order_by_asc(member::Column::GameId)
        .all(conn)
        .await
        .doing("listing the games of collections")?;
    let mut found: HashMap<Uuid, Vec<member::Model>> = HashMap::new();
    for row in rows {
        found.entry(row.collection_id).or_default().push(row);
    }
    Ok(found)
}

/// The place of a game in a collection.
pub async fn position(
    conn: &impl ConnectionTrait,
    collection: Uuid,
    game: Uuid,
) -> Result<Option<i64>, Fault> {
    member::Entity::find_by_id((collection, game))
        .select_only()
        .column(member::Column::Position)
        .into_tuple()
        .one(conn)
        .await
        .doing("finding a game in a collection")
}

/// How many games are in a collection, and the last place that is taken.
pub async fn extent(
    conn: &impl ConnectionTrait,
    collection: Uuid,
) -> Result<(u64, Option<i64>), Fault> {
    let found: Option<(i64, Option<i64>)> = member::Entity::find()
        .select_only()
        .expr(Expr::col(member::Column::GameId).count())
        .expr(Expr::col(member::Column::Position).max())
        .filter(member::Column::CollectionId.eq(collection))
        .into_tuple()
        .one(conn)
        .await
        .doing("measuring a collection")?;
    let (count, last) = found.unwrap_or_default();
    Ok((u64::try_from(count).unwrap_or_default(), last))
}

/// Makes room for `many` games from `position` on.
pub async fn shift(
    txn: &impl ConnectionTrait,
    collection: Uuid,
    position: i64,
    many: i64,
) -> Result<(), Fault> {
    member::Entity::update_many()
        .col_expr(
            member::Column::Position,
            Expr::col(member::Column::Position).add(many),
        )
        .filter(member::Column::CollectionId.eq(collection))
        .filter(member::Column::Position.gte(position))
        .exec(txn)
        .await
        .doing("making room in a collection")?;
    Ok(())
}

/// Puts games into a collection, or elsewhere in it: each at its place. They are few: what one
/// change may name.
pub async fn put(txn: &impl ConnectionTrait, games: Vec<member::Model>) -> Result<(), Fault> {
    if games.is_empty() {
        return Ok(());
    }
    member::Entity::insert_many(games.into_iter().map(IntoActiveModel::into_active_model))
        .on_conflict(
            OnConflict::columns([member::Column::CollectionId, member::Column::GameId])
                .update_column(member::Column::Position)
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await
        .doing("putting games into a collection")?;
    Ok(())
}

/// Puts games into a collection that are not in it yet; those that are stay where they are.
pub async fn add(txn: &impl ConnectionTrait, games: Vec<member::Model>) -> Result<(), Fault> {
    for games in games.chunks(rows_of::<member::Entity>()) {
        let rows = games.iter().cloned();
        member::Entity::insert_many(rows.map(IntoActiveModel::into_active_model))
            .on_conflict(
                OnConflict::columns([member::Column::CollectionId, member::Column::GameId])
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(txn)
            .await
            .doing("putting games into a collection")?;
    }
    Ok(())
}

/// Takes games out of a collection.
pub async fn take(
    txn: &impl ConnectionTrait,
    collection: Uuid,
    games: &[Uuid],
) -> Result<(), Fault> {
    member::Entity::delete_many()
        .filter(member::Column::CollectionId.eq(collection))
        .filter(member::Column::GameId.is_in(games.iter().copied()))
        .exec(txn)
        .await
        .doing("taking games out of a collection")?;
    Ok(())
}

/// What was one game turned out to be another: wherever `from` is in a collection of `household`,
/// `to` is too, in the same place.
pub async fn follow(
    txn: &impl ConnectionTrait,
    household: Uuid,
    from: Uuid,
    to: Uuid,
) -> Result<(), Fault> {
    let theirs = collection::Entity::find()
        .select_only()
        .column(collection::Column::Id)
        .filter(collection::Column::HouseholdId.eq(household))
        .into_query();
    let rows = member::Entity::find()
        .filter(member::Column::GameId.eq(from))
        .filter(Expr::col(member::Column::CollectionId).in_subquery(theirs))
        .all(txn)
        .await
        .doing("following a game into collections")?;
    let rows = rows
        .into_iter()
        .map(|row| member::Model { game_id: to, ..row });
    add(txn, rows.collect()).await
}
