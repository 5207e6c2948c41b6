//! The task that asks, for as long as the hub runs.

use super::{
    TOPIC,
    retire::retire,
    service::{Enrichment, Step},
};
use djinn_subgraph_kit::{Ports, Worker};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// What is wrong with the database may be gone by then.
const AFTER_A_FAULT: Duration = Duration::from_secs(5);

/// The worker that asks the Steam store.
pub const STEAM_STORE: &str = "metadata.enrichment";
/// The worker that asks IGDB.
pub const IGDB: &str = "metadata.igdb";
/// The worker that asks RAWG.
pub const RAWG: &str = "metadata.rawg";
/// The worker that asks GOG.
pub const GOG: &str = "metadata.gog";

/// Asks about what is in the queue, sleeps when nothing is due.
pub fn asking(name: &'static str, ports: Ports, enrichment: Enrichment) -> Worker {
    Worker::new(name, move |stop| async move {
        let mut poked = ports.bus.watch(TOPIC);
        let mut adopting = true;
        while !stop.is_cancelled() {
            let step = if adopting {
                enrichment.adopt().await.map(|adopted| {
                    adopting = adopted > 0;
                    Step::Worked
                })
            } else {
                enrichment.step(&stop).await
            };
            let wait = match step {
                Ok(Step::Worked) => continue,
                Ok(Step::Wait(until)) => {
                    until.and_then(|until| (until - ports.clock.now()).to_std().ok())
                }
                Err(fault) => {
                    tracing::error!(%fault, "enrichment");
                    Some(AFTER_A_FAULT)
                }
            };
            tokio::select! {
                // There may be games that are new to this provider.
                () = poked.poked() => adopting = true,
                () = sleep(wait) => {}
                () = stop.cancelled() => {}
            }
        }
    })
}

/// Empties the queue that is left from a time when the provider was asked.
pub fn retiring(ports: Ports) -> Worker {
    Worker::new(STEAM_STORE, move |stop: CancellationToken| async move {
        while !stop.is_cancelled() {
            match retire(&ports).await {
                Ok(0) => return,
                Ok(_) => {}
                Err(fault) => {
                    tracing::error!(%fault, "clearing the enrichment queue");
                    sleep(Some(AFTER_A_FAULT)).await;
                }
            }
        }
    })
}

/// Without a time, until something else wakes us.
async fn sleep(wait: Option<Duration>) {
    match wait {
        // Never busy, however the clock is set.
        Some(wait) => tokio::time::sleep(wait.max(Duration::from_millis(20))).await,
        None => std::future::pending().await,
    }
}
