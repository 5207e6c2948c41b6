//! The only queries about players.

use super::entity::{ActiveModel, Column, Entity, Model};
use djinn_kernel::{Doing, Fault, ids::PlayerId};
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
    sea_query::OnConflict,
};
use uuid::Uuid;

/// SQLite bounds the variables of one statement.
const CHUNK: usize = 500;

/// The player, unless removed.
pub async fn find(db: &impl ConnectionTrait, id: PlayerId) -> Result<Option<Model>, Fault> {
    Entity::find_by_id(id.0)
        .filter(Column::RemovedAt.is_null())
        .one(db)
        .await
        .doing("loading a player")
}

/// The player, locked until the transaction ends: changes within one household queue up.
pub async fn lock(txn: &impl ConnectionTrait, id: PlayerId) -> Result<Option<Model>, Fault> {
    Entity::find_by_id(id.0)
        .filter(Column::RemovedAt.is_null())
        .lock_exclusive()
        .one(txn)
        .await
        .doing("locking a player")
}

/// The account that signs in by this name.
pub async fn by_name(db: &impl ConnectionTrait, key: &str) -> Result<Option<Model>, Fault> {
    Entity::find()
        .filter(Column::NameKey.eq(key))
        .filter(Column::RemovedAt.is_null())
        .one(db)
        .await
        .doing("loading a player by name")
}

/// The players with these ids, removed ones too: their past stays readable.
pub async fn find_many(db: &impl ConnectionTrait, ids: &[PlayerId]) -> Result<Vec<Model>, Fault> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let rows = Entity::find()
            .filter(Column::Id.is_in(chunk.iter().map(|id| id.0)))
            .all(db)
            .await
            .doing("loading players")?;
        found.extend(rows);
    }
    Ok(found)
}

/// The child profiles of these households, in the order they were made.
pub async fn children(
    db: &impl ConnectionTrait,
    households: &[PlayerId],
) -> Result<Vec<Model>, Fault> {
    let mut found = Vec::new();
    for chunk in households.chunks(CHUNK) {
        let rows = Entity::find()
            .filter(Column::Household.is_in(chunk.iter().map(|id| id.0)))
            .filter(Column::Role.eq("child"))
            .filter(Column::RemovedAt.is_null())
            .order_by_asc(Column::Id)
            .all(db)
            .await
            .doing("loading profiles")?;
        found.extend(rows);
    }
    Ok(found)
}

/// How many child profiles a household has.
pub async fn count_children(db: &impl ConnectionTrait, household: PlayerId) -> Result<u64, Fault> {
    Entity::find()
        .filter(Column::Household.eq(household.0))
        .filter(Column::Role.eq("child"))
        .filter(Column::RemovedAt.is_null())
        .count(db)
        .await
        .doing("counting profiles")
}

/// Whether somebody other than `but` has this name.
pub async fn name_is_taken(
    db: &impl ConnectionTrait,
    key: &str,
    but: Option<Uuid>,
) -> Result<bool, Fault> {
    let mut query = Entity::find().filter(Column::NameKey.eq(key));
    if let Some(but) = but {
        query = query.filter(Column::Id.ne(but));
    }
    Ok(query.count(db).await.doing("looking for a name")? > 0)
}

/// Writes a new player; `false` when the name is taken.
pub async fn insert(txn: &impl ConnectionTrait, player: Model) -> Result<bool, Fault> {
    let written = Entity::insert(player.into_active_model())
        .on_conflict(OnConflict::column(Column::NameKey).do_nothing().to_owned())
        .exec_without_returning(txn)
        .await
        .doing("writing a player")?;
    Ok(written > 0)
}

/// Gives the owner of a hub without sign-in a name and a password.
pub async fn claim(
    txn: &impl ConnectionTrait,
    id: Uuid,
    name: String,
    key: String,
    password: String,
) -> Result<(), Fault> {
    let changes = ActiveModel {
        name: Set(name),
        name_key: Set(key),
        password: Set(Some(password)),
        ..ActiveModel::default()
    };
    update(txn, id, changes).await
}

/// Replaces a player's password hash.
pub async fn set_password(
    txn: &impl ConnectionTrait,
    id: Uuid,
    password: String,
) -> Result<(), Fault> {
    update(
        txn,
        id,
        ActiveModel {
            password: Set(Some(password)),
            ..ActiveModel::default()
        },
    )
    .await
}

/// Changes a profile.
pub async fn update(
    txn: &impl ConnectionTrait,
    id: Uuid,
    mut changes: ActiveModel,
) -> Result<(), Fault> {
    changes.id = Unchanged(id);
    Entity::update_many()
        .set(changes)
        .filter(Column::Id.eq(id))
        .exec(txn)
        .await
        .doing("changing a player")
        .map(|_| ())
}
