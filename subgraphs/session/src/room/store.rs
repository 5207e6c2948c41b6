//! The only queries about rooms.

use super::{
    LOG_KEPT, MAX_DELTA, Phase, View,
    entity::{log, room, seat},
};
use chrono::{DateTime, Utc};
use djinn_kernel::{
    Doing, Fault,
    ids::{PlayerId, RoomId},
    page::{Page, Slice},
};
use djinn_subgraph_kit::Db;
use sea_orm::{
    AccessMode, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbBackend,
    EntityTrait, FromQueryResult, IntoActiveModel, IsolationLevel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, TransactionTrait,
    sea_query::{OnConflict, Query},
};
use std::collections::HashMap;
use uuid::Uuid;

/// A reading transaction in which a room and its seats are of the same revision.
async fn snapshot(db: &Db) -> Result<DatabaseTransaction, Fault> {
    match db.backend() {
        DbBackend::Postgres => {
            db.read()
                .begin_with_config(
                    Some(IsolationLevel::RepeatableRead),
                    Some(AccessMode::ReadOnly),
                )
                .await
        }
        // SQLite's readers see one state of the whole database.
        _ => db.read().begin().await,
    }
    .doing("starting to read rooms")
}

/// A room with its seats.
pub async fn view(db: &Db, id: RoomId) -> Result<Option<View>, Fault> {
    let txn = snapshot(db).await?;
    let Some(room) = room::Entity::find_by_id(id.0)
        .one(&txn)
        .await
        .doing("loading a room")?
    else {
        return Ok(None);
    };
    let seats = seats(&txn, id).await?;
    txn.commit().await.doing("reading a room")?;
    Ok(Some(View { room, seats }))
}

/// The room, locked until the transaction ends: changes of one room queue up.
pub async fn lock(txn: &impl ConnectionTrait, id: RoomId) -> Result<Option<room::Model>, Fault> {
    room::Entity::find_by_id(id.0)
        .lock_exclusive()
        .one(txn)
        .await
        .doing("locking a room")
}

/// Who sits in a room, in the order they came.
pub async fn seats(db: &impl ConnectionTrait, id: RoomId) -> Result<Vec<seat::Model>, Fault> {
    seat::Entity::find()
        .filter(seat::Column::RoomId.eq(id.0))
        .filter(seat::Column::LeftAt.is_null())
        .order_by_asc(seat::Column::JoinedAt)
        .order_by_asc(seat::Column::PlayerId)
        .all(db)
        .await
        .doing("loading the seats of a room")
}

/// The seat a player has or had.
pub async fn seat(
    db: &impl ConnectionTrait,
    room: RoomId,
    player: PlayerId,
) -> Result<Option<seat::Model>, Fault> {
    seat::Entity::find_by_id((room.0, player.0))
        .one(db)
        .await
        .doing("loading a seat")
}

/// What a watcher looks at: the room without its state.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Glance {
    /// Names the history that `rev` counts.
    pub epoch: String,
    /// The latest revision.
    pub rev: i64,
    phase: String,
    /// Whether anyone may watch.
    pub public: bool,
}

impl Glance {
    /// Whether it is over.
    pub fn closed(&self) -> bool {
        Phase::read(&self.phase) == Phase::Closed
    }
}

/// Glances at a room.
pub async fn glance(db: &impl ConnectionTrait, id: RoomId) -> Result<Option<Glance>, Fault> {
    room::Entity::find_by_id(id.0)
        .select_only()
        .columns([
            room::Column::Epoch,
            room::Column::Rev,
            room::Column::Phase,
            room::Column::Public,
        ])
        .into_model()
        .one(db)
        .await
        .doing("looking at a room")
}

/// The changes after `from` up to `to`, the oldest first, as many as fit one delta.
pub async fn changes(
    db: &impl ConnectionTrait,
    id: RoomId,
    from: i64,
    to: i64,
) -> Result<Vec<log::Model>, Fault> {
    log::Entity::find()
        .filter(log::Column::RoomId.eq(id.0))
        .filter(log::Column::Rev.gt(from))
        .filter(log::Column::Rev.lte(to))
        .order_by_asc(log::Column::Rev)
        .limit(MAX_DELTA)
        .all(db)
        .await
        .doing("reading the log of a room")
}

/// Public rooms that wait for players, and the player's own, the newest first; and how many.
pub async fn list(
    db: &Db,
    player: PlayerId,
    page: &Page<Uuid>,
) -> Result<(Slice<View>, u64), Fault> {
    let own = Query::select()
        .column(seat::Column::RoomId)
        .from(seat::Entity)
        .and_where(seat::Column::PlayerId.eq(player.0))
        .and_where(seat::Column::LeftAt.is_null())
        .to_owned();
    let all = room::Entity::find()
        .filter(room::Column::Phase.ne(Phase::Closed.as_str()))
        .filter(
            Condition::any()
                .add(
                    Condition::all()
                        .add(room::Column::Public.eq(true))
                        .add(room::Column::Phase.eq(Phase::Open.as_str())),
                )
                .add(room::Column::Id.in_subquery(own)),
        );
    let txn = snapshot(db).await?;
    let total = all.clone().count(&txn).await.doing("counting rooms")?;
    let mut query = all
        .order_by_desc(room::Column::Id)
        .limit(u64::from(page.first) + 1);
    if let Some(after) = page.after {
        query = query.filter(room::Column::Id.lt(after));
    }
    let rooms = Slice::cut(query.all(&txn).await.doing("listing rooms")?, page.first);
    let mut seats: HashMap<Uuid, Vec<seat::Model>> = HashMap::new();
    let found = seat::Entity::find()
        .filter(seat::Column::RoomId.is_in(rooms.items.iter().map(|room| room.id)))
        .filter(seat::Column::LeftAt.is_null())
        .order_by_asc(seat::Column::JoinedAt)
        .order_by_asc(seat::Column::PlayerId)
        .all(&txn)
        .await
        .doing("loading the seats of rooms")?;
    txn.commit().await.doing("reading rooms")?;
    for seat in found {
        seats.entry(seat.room_id).or_default().push(seat);
    }
    let items = rooms.items.into_iter().map(|room| {
        let seats = seats.remove(&room.id).unwrap_or_default();
        View { room, seats }
    });
    Ok((
        Slice {
            items: items.collect(),
            has_next: rooms.has_next,
        },
        total,
    ))
}

/// How many rooms a player hosts that are not closed.
pub async fn count_hosted(db: &impl ConnectionTrait, host: PlayerId) -> Result<u64, Fault> {
    room::Entity::find()
        .filter(room::Column::Host.eq(host.0))
        .filter(room::Column::Phase.ne(Phase::Closed.as_str()))
        .count(db)
        .await
        .doing("counting hosted rooms")
}

/// Writes a new room.
pub async fn insert(txn: &impl ConnectionTrait, row: room::Model) -> Result<(), Fault> {
    room::Entity::insert(row.into_active_model())
        .exec_without_returning(txn)
        .await
        .doing("writing a room")
        .map(|_| ())
}

/// Changes a room.
pub async fn update(
    txn: &impl ConnectionTrait,
    id: RoomId,
    changes: room::ActiveModel,
) -> Result<(), Fault> {
    room::Entity::update_many()
        .set(changes)
        .filter(room::Column::Id.eq(id.0))
        .exec(txn)
        .await
        .doing("changing a room")
        .map(|_| ())
}

/// Writes a seat, new or changed.
pub async fn put_seat(txn: &impl ConnectionTrait, row: seat::Model) -> Result<(), Fault> {
    seat::Entity::insert(row.into_active_model())
        .on_conflict(
            OnConflict::columns([seat::Column::RoomId, seat::Column::PlayerId])
                .update_columns([
                    seat::Column::Ready,
                    seat::Column::JoinedAt,
                    seat::Column::LeftAt,
                    seat::Column::LastClientSeq,
                    seat::Column::LastRev,
                ])
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await
        .doing("writing a seat")
        .map(|_| ())
}

/// Appends to the log.
pub async fn append(txn: &impl ConnectionTrait, entries: Vec<log::Model>) -> Result<(), Fault> {
    log::Entity::insert_many(entries.into_iter().map(IntoActiveModel::into_active_model))
        .exec_without_returning(txn)
        .await
        .doing("writing the log of a room")
        .map(|_| ())
}

/// Forgets changes that need not be resumable any more.
pub async fn trim(txn: &impl ConnectionTrait, id: RoomId, rev: i64) -> Result<(), Fault> {
    log::Entity::delete_many()
        .filter(log::Column::RoomId.eq(id.0))
        .filter(log::Column::Rev.lte(rev - LOG_KEPT))
        .exec(txn)
        .await
        .doing("trimming the log of a room")
        .map(|_| ())
}

/// Throws away rooms that were closed before `before`, with seats and log.
pub async fn sweep(txn: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<(), Fault> {
    room::Entity::delete_many()
        .filter(room::Column::ClosedAt.lt(before))
        .exec(txn)
        .await
        .doing("sweeping rooms")
        .map(|_| ())
}
