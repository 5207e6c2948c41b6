//! Throws away what nobody can use any more, so the tables stay small.

use crate::{invite, login, room};
use chrono::TimeDelta;
use djinn_kernel::{Doing, Fault};
use djinn_subgraph_kit::{Ports, Worker};
use std::time::Duration;

/// Ended logins and closed rooms stay this long, for whoever asks what happened.
const KEPT: TimeDelta = TimeDelta::days(30);
const EVERY: Duration = Duration::from_hours(1);

/// Sweeps once an hour.
pub fn worker(ports: Ports) -> Worker {
    Worker::new("session.sweep", move |stop| async move {
        loop {
            if let Err(fault) = sweep(&ports).await {
                tracing::error!(%fault, "session sweep");
            }
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                () = stop.cancelled() => return,
            }
        }
    })
}

async fn sweep(ports: &Ports) -> Result<(), Fault> {
    let now = ports.clock.now();
    let txn = ports
        .db
        .begin()
        .await
        .doing("sweeping the session tables")?;
    login::sweep(&txn, now, now - KEPT).await?;
    invite::sweep(&txn, now - KEPT).await?;
    room::sweep(&txn, now - KEPT).await?;
    txn.commit().await.doing("sweeping the session tables")
}
