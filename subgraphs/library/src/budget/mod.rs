//! Request budgets: how often a provider may be asked with one credential, over restarts too.
//!
//! Requests are counted in the database: by the second they were made in, and for windows longer
//! than five minutes by a 300th of the window. A window counts every such bucket that touches it,
//! whole: so at no instant does any stretch of its length hold more requests than allowed, at the
//! price of at most one bucket's worth of room.

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
use std::{cmp::max, collections::BTreeMap};

/// There is no room now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitUntil {
    /// When there is.
    pub until: DateTime<Utc>,
}

/// Into how many buckets a long window is cut: so much of it, at most, is left unused.
const BUCKETS: i64 = 300;

/// Requests that are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Bucket {
    /// How many seconds one spans.
    width: i64,
    /// How many seconds back they are needed.
    back: i64,
}

/// How long a bucket of that window is: a second, or a 300th of it. So a day is some hundred rows,
/// not one for each second in which something was asked.
fn width(window: Window) -> i64 {
    max(1, i64::from(window.seconds) / BUCKETS)
}

/// The buckets that these windows are counted in.
fn buckets(windows: &[Window]) -> Vec<Bucket> {
    let mut widths: BTreeMap<i64, i64> = BTreeMap::new();
    for window in windows {
        let back = widths.entry(width(*window)).or_default();
        *back = max(*back, i64::from(window.seconds));
    }
    widths
        .into_iter()
        .map(|(width, back)| Bucket { width, back })
        .collect()
}

/// Where the buckets of that width are counted.
fn place(credential: &str, width: i64) -> String {
    if width == 1 {
        credential.to_owned()
    } else {
        format!("{credential}/{width}")
    }
}

/// What the places end in that a window is counted in, and how many seconds a bucket of it spans.
pub fn suffix(window: Window) -> (String, i64) {
    let width = width(window);
    (place("", width), width)
}

/// Takes one request out of the budget of `credential`, or says when there is room.
pub async fn take(
    ports: &Ports,
    credential: &str,
    windows: &[Window],
) -> Result<Result<(), WaitUntil>, Fault> {
    take_all(ports, &[(credential, windows)]).await
}

/// Takes one request out of all these budgets, each a credential and its windows, or out of none
/// and says when all have room.
pub async fn take_all(
    ports: &Ports,
    budgets: &[(&str, &[Window])],
) -> Result<Result<(), WaitUntil>, Fault> {
    let txn = ports.db.begin().await.doing("taking from a budget")?;
    // Always in the same order, so that two takers never wait for each other.
    let budgets: BTreeMap<&str, &[Window]> = budgets.iter().copied().collect();
    for credential in budgets.keys() {
        // The row of second 0 counts all there ever were. Writing it first makes takers of one
        // credential queue, on PostgreSQL too.
        count(&txn, credential, 0).await?;
    }
    let now = ports.clock.now().timestamp();
    let mut until = None;
    for (credential, windows) in &budgets {
        for bucket in buckets(windows) {
            let spent = spent(&txn, &place(credential, bucket.width), bucket, now).await?;
            until = max(until, denied(windows, bucket, &spent, now));
        }
    }
    if let Some(until) = until {
        txn.rollback().await.doing("leaving a budget as it is")?;
        let until = DateTime::from_timestamp(until, 0).doing("reckoning when a budget has room")?;
        return Ok(Err(WaitUntil { until }));
    }
    for (credential, windows) in &budgets {
        for Bucket { width, .. } in buckets(windows) {
            count(&txn, &place(credential, width), start(now, width)).await?;
        }
    }
    txn.commit().await.doing("taking from a budget")?;
    Ok(Ok(()))
}

/// What was spent in the buckets that still count, in order; those that do not are swept away.
async fn spent(
    txn: &impl ConnectionTrait,
    place: &str,
    bucket: Bucket,
    now: i64,
) -> Result<Vec<(i64, i64)>, Fault> {
    Entity::delete_many()
        .filter(Column::Credential.eq(place))
        .filter(Column::Second.gt(0))
        .filter(Column::Second.lt(now - bucket.back - bucket.width))
        .exec(txn)
        .await
        .doing("sweeping a budget")?;
    let rows = Entity::find()
        .filter(Column::Credential.eq(place))
        .filter(Column::Second.gt(0))
        .order_by_asc(Column::Second)
        .all(txn)
        .await
        .doing("reading a budget")?;
    Ok(rows
        .into_iter()
        .map(|row| (row.second, row.requests))
        .collect())
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

/// When the bucket begins that a moment is in.
fn start(now: i64, width: i64) -> i64 {
    now - now.rem_euclid(width)
}

/// When those of `windows` that are counted in such buckets all have room again, if one of them has
/// none now.
fn denied(windows: &[Window], bucket: Bucket, spent: &[(i64, i64)], now: i64) -> Option<i64> {
    let of_width = windows
        .iter()
        .filter(|window| width(**window) == bucket.width);
    of_width
        .filter_map(|window| full(spent, *window, now))
        .max()
}

/// When `window` has room again, if it has none now. `spent` are the beginnings of buckets and how
/// many requests were made in each, in order.
fn full(spent: &[(i64, i64)], window: Window, now: i64) -> Option<i64> {
    let (seconds, width) = (i64::from(window.seconds), width(window));
    // A bucket counts as long as any of its seconds does.
    let inside = spent
        .iter()
        .filter(|(start, _)| start + width > now - seconds);
    let mut left: i64 = inside.clone().map(|(_, requests)| requests).sum();
    let mut until = None;
    for (start, requests) in inside {
        if left < i64::from(window.requests) {
            break;
        }
        left -= requests;
        until = Some(start + width + seconds);
    }
    until
}

#[cfg(test)]
mod day;

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
    fn a_long_window_is_counted_in_a_few_hundred_buckets() {
        let day = Window {
            requests: 2,
            seconds: 86_400,
        };
        assert_eq!(width(day), 288);
        assert_eq!(full(&[(0, 1), (288, 1)], day, 86_400 + 287), Some(86_688));
        assert_eq!(full(&[(0, 1), (288, 1)], day, 86_400 + 288), None);
        let both = buckets(&[
            WINDOW,
            day,
            Window {
                requests: 9,
                seconds: 60,
            },
        ]);
        let widths: Vec<_> = both.iter().map(|of| (of.width, of.back)).collect();
        assert_eq!(widths, [(1, 60), (288, 86_400)]);
        assert_eq!(place("steam:x", 1), "steam:x");
        assert_eq!(place("steam:x", 288), "steam:x/288");
    }

    #[test]
    fn a_clock_that_was_set_back_does_not_refill_a_budget() {
        assert_eq!(full(&[(500, 3)], WINDOW, 100), Some(511));
    }
}
