//! The inbox: how a handler acts once on an event that may be delivered twice.

use crate::outbox;
use chrono::{DateTime, TimeDelta, Utc};
use djinn_kernel::{Clock, Doing, Event, Fault, ids::EventId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Set,
    sea_query::{OnConflict, Query},
};
use std::collections::HashSet;
use uuid::Uuid;

/// The rows.
pub mod row {
    use sea_orm::entity::prelude::*;

    /// An event a consumer has handled.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "inbox")]
    pub struct Model {
        /// Who handled it.
        #[sea_orm(primary_key, auto_increment = false)]
        pub consumer: String,
        /// What was handled.
        #[sea_orm(primary_key, auto_increment = false)]
        pub event_id: Uuid,
        /// When.
        pub at: DateTimeUtc,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Notes, in the handler's own transaction, that `consumer` handles `event`. `false` means it did
/// so before: commit nothing and acknowledge.
pub async fn first_time(
    txn: &impl ConnectionTrait,
    consumer: &str,
    event: EventId,
    clock: &dyn Clock,
) -> Result<bool, Fault> {
    let noted = row::Entity::insert(row::ActiveModel {
        consumer: Set(consumer.to_owned()),
        event_id: Set(event.0),
        at: Set(clock.now()),
    })
    .on_conflict(
        OnConflict::columns([row::Column::Consumer, row::Column::EventId])
            .do_nothing()
            .to_owned(),
    )
    .exec_without_returning(txn)
    .await
    .doing("noting an event in the inbox")?;
    Ok(noted > 0)
}

/// The same for several events, in one statement: those of them that come for the first time, in
/// their order. Commit nothing if there are none.
pub async fn first_times<'e>(
    txn: &impl ConnectionTrait,
    consumer: &str,
    events: impl IntoIterator<Item = &'e Event>,
    clock: &dyn Clock,
) -> Result<Vec<&'e Event>, Fault> {
    let mut events: Vec<&Event> = events.into_iter().collect();
    if events.is_empty() {
        return Ok(events);
    }
    let now = clock.now();
    let mut insert = row::Entity::insert_many(events.iter().map(|event| row::ActiveModel {
        consumer: Set(consumer.to_owned()),
        event_id: Set(event.id.0),
        at: Set(now),
    }))
    .on_conflict(
        OnConflict::columns([row::Column::Consumer, row::Column::EventId])
            .do_nothing()
            .to_owned(),
    )
    .into_query();
    insert.returning(Query::returning().column(row::Column::EventId));
    let mut noted: HashSet<Uuid> = txn
        .query_all(&insert)
        .await
        .and_then(|rows| rows.iter().map(|row| row.try_get_by_index(0)).collect())
        .doing("noting events in the inbox")?;
    // One that is there twice is handled once.
    events.retain(|event| noted.remove(&event.id.0));
    Ok(events)
}

/// Notes are kept this much longer than delivered events: the outbox that an event waits in may be
/// in another database, where we cannot look.
const LONGER: TimeDelta = TimeDelta::days(30);

/// Forgets, in the caller's transaction, events that cannot come again: noted long before `before`
/// and not waiting in the outbox for another consumer.
pub(crate) async fn sweep(txn: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<u64, Fault> {
    let waiting = outbox::row::Entity::find()
        .select_only()
        .column(outbox::row::Column::Id)
        .filter(outbox::row::Column::DeliveredAt.is_null())
        .into_query();
    let gone = row::Entity::delete_many()
        .filter(row::Column::At.lt(before - LONGER))
        .filter(row::Column::EventId.not_in_subquery(waiting))
        .exec(txn)
        .await
        .doing("sweeping the inbox")?;
    Ok(gone.rows_affected)
}
