//! The outbox: an event is a row in the transaction that made it true.
//!
//! [`append`] is called inside that transaction. After the commit, [`relay`] hands new rows to the
//! bus in the order they were written and marks each once every subscriber has acknowledged it.
//! A crash between the two costs a second delivery, never a lost event.

use crate::{Bus, Db, inbox, trace};
use djinn_kernel::{Clock, Doing, Event, Fault, Ids, TraceParent, event::Payload, ids::EventId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Set,
    sea_query::{Expr, ExprTrait},
};
use std::{sync::Arc, time::Duration};
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
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// The topic that wakes the relay.
pub const TOPIC: &str = "outbox";

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

/// The same for many payloads of one kind, in their order and in few statements.
pub async fn append_all<P: Payload>(
    txn: &impl ConnectionTrait,
    subgraph: &str,
    clock: &dyn Clock,
    ids: &dyn Ids,
    payloads: &[P],
) -> Result<(), Fault> {
    for payloads in payloads.chunks(ROWS) {
        let rows: Vec<_> = payloads
            .iter()
            .map(|payload| waiting(ids.new_id(), subgraph, clock, payload))
            .collect::<Result<_, Fault>>()?;
        row::Entity::insert_many(rows)
            .exec_without_returning(txn)
            .await
            .doing("appending to the outbox")?;
    }
    Ok(())
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
    })
}

/// Events in one statement: both databases bound the number of variables.
const ROWS: usize = 500;
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
    let rows = row::Entity::find()
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
    let events: Vec<Event> = rows
        .iter()
        .map(|row| Event {
            id: EventId(row.id),
            kind: row.kind.clone(),
            at: row.at,
            body: row.body.clone(),
            trace: row.trace.as_deref().and_then(TraceParent::parse),
        })
        .collect();
    let acknowledged = bus.deliver(&events).await;

    let txn = db.begin().await.doing("marking events delivered")?;
    row::Entity::update_many()
        .col_expr(row::Column::DeliveredAt, Expr::value(clock.now()))
        .filter(row::Column::Id.is_in(acknowledged.iter().map(|id| id.0)))
        .exec(&txn)
        .await
        .doing("marking events delivered")?;
    for row in rows
        .iter()
        .filter(|row| !acknowledged.contains(&EventId(row.id)))
    {
        let attempts = row.attempts.saturating_add(1);
        let wait = Duration::from_secs(1 << (attempts - 1).clamp(0, 9)).min(LONGEST_WAIT);
        if attempts >= 5 {
            tracing::error!(event = %row.id, kind = row.kind, attempts, "event is not acknowledged");
        }
        row::Entity::update_many()
            .col_expr(row::Column::Attempts, Expr::value(attempts))
            .col_expr(row::Column::RetryAt, Expr::value(clock.now() + wait))
            .filter(row::Column::Id.eq(row.id))
            .exec(&txn)
            .await
            .doing("marking events for another try")?;
    }
    txn.commit().await.doing("marking events delivered")?;
    Ok(acknowledged.len())
}

/// How far behind the bus is with one subgraph's events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lag {
    /// How many events not every subscriber has acknowledged.
    pub waiting: u64,
    /// When the oldest of them became true.
    pub oldest: Option<chrono::DateTime<chrono::Utc>>,
}

/// Looks how far behind the bus is with `subgraph`'s events.
pub async fn lag(db: &Db, subgraph: &str) -> Result<Lag, Fault> {
    let waiting = row::Entity::find()
        .filter(row::Column::Subgraph.eq(subgraph))
        .filter(row::Column::DeliveredAt.is_null());
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
    Ok(Lag { waiting, oldest })
}

/// Deletes events that were delivered before `before`, and what handlers noted about events that
/// nobody will deliver again, so both tables stay small.
pub async fn sweep(db: &Db, before: chrono::DateTime<chrono::Utc>) -> Result<u64, Fault> {
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
