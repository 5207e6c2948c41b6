//! Request budgets: how often a provider may be asked with one credential, over restarts too.
//!
//! Requests are counted by the second they were made in, in the database. A window counts every
//! second that touches it, whole: so at no instant does any stretch of its length hold more
//! requests than allowed, at the price of at most one second's worth of room.

pub mod entity;

use crate::platform::Window;
use chrono::{DateTime, Utc};
use djinn_kernel::{Doing, Fault};
use djinn_subgraph_kit::Ports;
use entity::{ActiveModel, Column, Entity};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set,
    sea_query::{Expr, ExprTrait, OnConflict},
};

/// There is no room now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitUntil {
    /// When there is.
    pub until: DateTime<Utc>,
}

/// Takes one request out of the budget of `credential`, or says when there is room.
pub async fn take(
    ports: &Ports,
    credential: &str,
    windows: &[Window],
) -> Result<Result<(), WaitUntil>, Fault> {
    let txn = ports.db.begin().await.doing("taking from a budget")?;
    // The row of second 0 counts all there ever were. Writing it first makes takers of one
    // credential queue, on PostgreSQL too.
    count(&txn, credential, 0).await?;
    let now = ports.clock.now().timestamp();
    let longest = windows
        .iter()
        .map(|window| i64::from(window.seconds))
        .max()
        .unwrap_or(0);
    Entity::delete_many()
        .filter(Column::Credential.eq(credential))
        .filter(Column::Second.gt(0))
        .filter(Column::Second.lt(now - longest))
        .exec(&txn)
        .await
        .doing("sweeping a budget")?;
    let spent: Vec<(i64, i64)> = Entity::find()
        .filter(Column::Credential.eq(credential))
        .filter(Column::Second.gt(0))
        .order_by_asc(Column::Second)
        .all(&txn)
        .await
        .doing("reading a budget")?
        .into_iter()
        .map(|row| (row.second, row.requests))
        .collect();
    if let Some(until) = windows
        .iter()
        .filter_map(|window| full(&spent, *window, now))
        .max()
    {
        txn.rollback().await.doing("leaving a budget as it is")?;
        let until = DateTime::from_timestamp(until, 0).doing("reckoning when a budget has room")?;
        return Ok(Err(WaitUntil { until }));
    }
    count(&txn, credential, now).await?;
    txn.commit().await.doing("taking from a budget")?;
    Ok(Ok(()))
}

async fn count(txn: &impl ConnectionTrait, credential: &str, second: i64) -> Result<(), Fault> {
    Entity::insert(ActiveModel {
        credential: Set(credential.to_owned()),
        second: Set(second),
        requests: Set(1),
    })
    .on_conflict(
        OnConflict::columns([Column::Credential, Column::Second])
            .value(
                Column::Requests,
                Expr::col((Entity, Column::Requests)).add(1),
            )
            .to_owned(),
    )
    .exec_without_returning(txn)
    .await
    .doing("counting a request")?;
    Ok(())
}

/// When `window` has room again, if it has none now. `spent` are seconds and how many requests
/// were made in each, in order.
fn full(spent: &[(i64, i64)], window: Window, now: i64) -> Option<i64> {
    let first = now - i64::from(window.seconds);
    let inside = spent.iter().filter(|(second, _)| *second >= first);
    let mut left: i64 = inside.clone().map(|(_, requests)| requests).sum();
    let mut until = None;
    for (second, requests) in inside {
        if left < i64::from(window.requests) {
            break;
        }
        left -= requests;
        until = Some(second + i64::from(window.seconds) + 1);
    }
    until
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Window = Window {
        requests: 3,
        seconds: 10,
    };

    #[test]
    fn a_full_window_says_when_its_oldest_second_leaves_it() {
        assert_eq!(full(&[(100, 1), (101, 1)], WINDOW, 105), None);
        assert_eq!(full(&[(100, 1), (101, 2)], WINDOW, 105), Some(111));
        assert_eq!(full(&[(100, 1), (101, 2)], WINDOW, 110), Some(111));
        assert_eq!(full(&[(100, 1), (101, 2)], WINDOW, 111), None);
    }

    #[test]
    fn a_clock_that_was_set_back_does_not_refill_a_budget() {
        assert_eq!(full(&[(500, 3)], WINDOW, 100), Some(511));
    }
}
