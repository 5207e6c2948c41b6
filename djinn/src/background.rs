//! What runs beside the requests: workers, consumers, and the relay of each subgraph.

use crate::assemble;
use djinn_subgraph_kit::{Parts, Ports, outbox};
use futures_util::FutureExt;
use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// The tasks of this process.
#[derive(Clone)]
pub struct Background {
    /// All of them; wait for it before the process ends.
    pub tasks: TaskTracker,
    /// Cancelled when one of them broke: the hub stops then, and whoever started it starts it
    /// again. A hub that quietly syncs no more is worse than one that is back in a second.
    pub broken: CancellationToken,
    stop: CancellationToken,
}

impl Background {
    /// Nothing yet; `stop` ends what is added.
    pub fn new(stop: &CancellationToken) -> Self {
        Self {
            tasks: TaskTracker::new(),
            broken: CancellationToken::new(),
            stop: stop.clone(),
        }
    }

    /// Runs `task`, which returns only when it was told to stop, or has done what it was for.
    pub fn spawn(&self, name: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        let (broken, stop) = (self.broken.clone(), self.stop.clone());
        self.tasks.spawn(async move {
            if AssertUnwindSafe(task).catch_unwind().await.is_err() {
                tracing::error!(name, "a background task broke; the hub stops");
                broken.cancel();
                stop.cancel();
            }
        });
    }

    /// Starts everything that belongs to `parts`.
    pub fn start(&self, ports: &Ports, parts: Vec<Parts>) {
        for part in parts {
            let name = assemble::NAMES
                .into_iter()
                .find(|name| *name == part.subgraph.name())
                .unwrap_or_default();
            let (db, bus, clock) = (
                ports.db.clone(),
                Arc::clone(&ports.bus),
                Arc::clone(&ports.clock),
            );
            self.spawn(
                "outbox relay",
                outbox::relay(db, bus, clock, name, self.stop.clone()),
            );
            if let Some(consumer) = part.consumer {
                let (bus, stop) = (Arc::clone(&ports.bus), self.stop.clone());
                self.spawn("event consumer", async move {
                    bus.consume(consumer, stop).await;
                });
            }
            for worker in part.workers {
                self.spawn(worker.name, worker.start(self.stop.clone()));
            }
        }
        self.spawn("event sweep", sweep(ports.clone(), self.stop.clone()));
    }
}

/// Delivered events are kept a day, for whoever looks into what happened.
async fn sweep(ports: Ports, stop: CancellationToken) {
    const KEPT: chrono::TimeDelta = chrono::TimeDelta::days(1);
    let hour = Duration::from_hours(1);
    while stop
        .run_until_cancelled(tokio::time::sleep(hour))
        .await
        .is_some()
    {
        if let Err(fault) = outbox::sweep(&ports.db, ports.clock.now() - KEPT).await {
            tracing::warn!(%fault, "old events stay for another hour");
        }
    }
}
