//! The outbox: an event is a row in the transaction that made it true.
//!
//! [`append`] is called inside that transaction. After the commit, [`relay`] hands new rows to the
//! bus in the order they were written and marks each once every subscriber has acknowledged it.
//! A crash between the two costs a second delivery, never a lost event.
//!
//! An event that its subscribers refuse again and again is [`parked`]: it is tried seldom, in
//! nobody's way, and shown to whoever runs the hub. One that nobody can be given waits without
//! that: a bus that is down is no fault of the event.

pub mod parked;
mod settled;

pub use settled::settled;

use crate::{Bus, Db, bus::Delivered, db::rows_of, inbox, trace};
use djinn_kernel::{Clock, Doing, Event, Fault, Ids, TraceParent, event::Payload, ids::EventId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Set,
    sea_query::{Expr, ExprTrait},
};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};
use tokio_util::sync::CancellationToken;

/// The rows, shared by all subgraphs of one database.
pub mod row {
    use sea_orm::entity::prelude::*;

    /// One event on its way.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "outbox")]
    pub struct Model {
        /// The event's id; version 7, so it sorts by time.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// Who wrote it.
        pub subgraph: String,
        /// Its kind.
        pub kind: String,
        /// Its payload.
        pub body: Json,
        /// When it became true.
        pub at: DateTimeUtc,
        /// When every subscriber had acknowledged it.
        pub delivered_at: Option<DateTimeUtc>,
        /// How often delivery was tried in vain.
        pub attempts: i32,
        /// Not before this time again.
        pub retry_at: Option<DateTimeUtc>,
        /// In which piece of work it came about, as a `traceparent`.
        pub trace: Option<String>,
        /// How often in a row a subscriber was given it and could not handle it.
        pub refusals: i32,
        /// Since when it is parked.
        pub parked_at: Option<DateTimeUtc>,
        /// Who could not handle it, and why.
        pub reason: Option<String>,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// The topic that wakes the relay.
pub const TOPIC: &str = "outbox";
/// The topic that is poked when events have been delivered.
const DELIVERED: &str = "outbox:delivered";

/// Writes `payload` as an event of `subgraph`, in the caller's transaction. Poke [`TOPIC`] after
/// the commit to have it delivered at once.
pub async fn append<P: Payload>(
    txn: &impl ConnectionTrait,
    subgraph: &str,
    clock: &dyn Clock,
    ids: &dyn Ids,
    payload: &P,
) -> Result<EventId, Fault> {
    let id = ids.new_id();
    // Nothing of the row is wanted back: on SQLite that would be a second statement.
    row::Entity::insert(waiting(id, subgraph, clock, payload)?)
        .exec_without_returning(txn)
        .await
        .doing("appending to the outbox")?;
    Ok(EventId(id))
}

/// The same for many payloads of one kind, in their order and in few statements. Returns their ids.
pub async fn append_all<P: Payload>(
    txn: &impl ConnectionTrait,
    subgraph: &str,
    clock: &dyn Clock,
    ids: &dyn Ids,
    payloads: &[P],
) -> Result<Vec<EventId>, Fault> {
    let mut written = Vec::with_capacity(payloads.len());
    for payloads in payloads.chunks(rows_of::<row::Entity>()) {
        let mut rows = Vec::with_capacity(payloads.len());
        for payload in payloads {
            let id = ids.new_id();
            rows.push(waiting(id, subgraph, clock, payload)?);
            written.push(EventId(id));
        }
        row::Entity::insert_many(rows)
            .exec_without_returning(txn)
            .await
            .doing("appending to the outbox")?;
    }
    Ok(written)
}

/// An event that nobody has seen yet.
fn waiting<P: Payload>(
    id: uuid::Uuid,
    subgraph: &str,
    clock: &dyn Clock,
    payload: &P,
) -> Result<row::ActiveModel, Fault> {
    Ok(row::ActiveModel {
        id: Set(id),
        subgraph: Set(subgraph.to_owned()),
        kind: Set(P::KIND.to_owned()),
        body: Set(serde_json::to_value(payload).doing("writing an event's payload")?),
        at: Set(clock.now()),
        delivered_at: Set(None),
        attempts: Set(0),
        retry_at: Set(None),
        trace: Set(trace::here().map(|here| here.to_string())),
        refusals: Set(0),
        parked_at: Set(None),
        reason: Set(None),
    })
}

/// A moment.
type Now = chrono::DateTime<chrono::Utc>;

/// How many events one round carries.
const BATCH: u64 = 100;
/// Waits between tries of the same event: 1 s, 2 s, 4 s … and never more than this.
const LONGEST_WAIT: Duration = Duration::from_mins(5);

/// Relays `subgraph`'s events until `stop`.
pub async fn relay(
    db: Db,
    bus: Arc<dyn Bus>,
    clock: Arc<dyn Clock>,
    subgraph: &'static str,
    stop: CancellationToken,
) {
    let mut poked = bus.watch(TOPIC);
    while !stop.is_cancelled() {
        match round(&db, &*bus, &*clock, subgraph).await {
            // More may be waiting: go on at once.
            Ok(n) if n > 0 => continue,
            Ok(_) => {}
            Err(fault) => tracing::error!(subgraph, %fault, "outbox relay"),
        }
        tokio::select! {
            () = poked.poked() => {}
            () = stop.cancelled() => return,
        }
    }
}

/// One round: delivers up to a hundred events, oldest first. Returns how many were acknowledged.
pub async fn round(
    db: &Db,
    bus: &dyn Bus,
    clock: &dyn Clock,
    subgraph: &str,
) -> Result<usize, Fault> {
    let now = clock.now();
    let mut rows = row::Entity::find()
        .filter(row::Column::Subgraph.eq(subgraph))
        .filter(row::Column::DeliveredAt.is_null())
        .filter(
            row::Column::RetryAt
                .is_null()
                .or(row::Column::RetryAt.lte(now)),
        )
        .order_by_asc(row::Column::Id)
        .limit(BATCH)
        .all(db.read())
        .await
        .doing("reading the outbox")?;
    if rows.is_empty() {
        return Ok(0);
    }
    // The bodies may be megabytes: they are here once.
    let events: Vec<Event> = rows
        .iter_mut()
        .map(|row| Event {
            id: EventId(row.id),
            kind: row.kind.clone(),
            at: row.at,
            body: std::mem::take(&mut row.body),
            trace: row.trace.as_deref().and_then(TraceParent::parse),
        })
        .collect();
    let Delivered {
        acknowledged,
        refused,
    } = bus.deliver(&events).await;
    let done: HashSet<EventId> = acknowledged.iter().copied().collect();
    let refused: HashMap<EventId, String> = refused.into_iter().collect();

    let txn = db.begin().await.doing("marking events delivered")?;
    row::Entity::update_many()
        .col_expr(row::Column::DeliveredAt, Expr::value(clock.now()))
        .filter(row::Column::Id.is_in(acknowledged.iter().map(|id| id.0)))
        .exec(&txn)
        .await
        .doing("marking events delivered")?;
    for row in rows.iter().filter(|row| !done.contains(&EventId(row.id))) {
        match refused.get(&EventId(row.id)) {
            Some(reason) => parked::refused(&txn, row, reason, clock.now()).await?,
            None => again(&txn, row, clock.now()).await?,
        }
    }
    txn.commit().await.doing("marking events delivered")?;
    if !acknowledged.is_empty() {
        bus.poke(DELIVERED);
    }
    Ok(acknowledged.len())
}

/// How long to wait after that many tries in vain.
fn wait_after(attempts: i32) -> Duration {
    Duration::from_secs(1 << (attempts - 1).clamp(0, 9)).min(LONGEST_WAIT)
}

/// Notes that an event could not be given to everybody who wants it.
async fn again(txn: &impl ConnectionTrait, row: &row::Model, now: Now) -> Result<(), Fault> {
    let attempts = row.attempts.saturating_add(1);
    row::Entity::update_many()
        .col_expr(row::Column::Attempts, Expr::value(attempts))
        .col_expr(
            row::Column::RetryAt,
            Expr::value(now + wait_after(attempts)),
        )
        .filter(row::Column::Id.eq(row.id))
        .exec(txn)
        .await
        .doing("marking an event for another try")?;
    Ok(())
}

/// How far behind the bus is with one subgraph's events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lag {
    /// How many events not every subscriber has acknowledged, those that are parked aside.
    pub waiting: u64,
    /// When the oldest of them became true.
    pub oldest: Option<Now>,
    /// How many are parked.
    pub parked: u64,
}

/// Looks how far behind the bus is with `subgraph`'s events.
pub async fn lag(db: &Db, subgraph: &str) -> Result<Lag, Fault> {
    let undelivered = row::Entity::find()
        .filter(row::Column::Subgraph.eq(subgraph))
        .filter(row::Column::DeliveredAt.is_null());
    let parked = undelivered
        .clone()
        .filter(row::Column::ParkedAt.is_not_null())
        .count(db.read())
        .await
        .doing("counting parked events")?;
    let waiting = undelivered.filter(row::Column::ParkedAt.is_null());
    let oldest = waiting
        .clone()
        .select_only()
        .column(row::Column::At)
        .order_by_asc(row::Column::Id)
        .limit(1)
        .into_tuple()
        .one(db.read())
        .await
        .doing("looking for the oldest event")?;
    let waiting = match oldest {
        None => 0,
        Some(_) => waiting
            .count(db.read())
            .await
            .doing("counting the events that wait")?,
    };
    Ok(Lag {
        waiting,
        oldest,
        parked,
    })
}

/// Deletes events that were delivered before `before`, and what handlers noted about events that
/// nobody will deliver again, so both tables stay small.
pub async fn sweep(db: &Db, before: Now) -> Result<u64, Fault> {
    let txn = db.begin().await.doing("sweeping the outbox")?;
    let gone = row::Entity::delete_many()
        .filter(row::Column::DeliveredAt.lt(before))
        .exec(&txn)
        .await
        .doing("sweeping the outbox")?;
    inbox::sweep(&txn, before).await?;
    txn.commit().await.doing("sweeping the outbox")?;
    Ok(gone.rows_affected)
}
