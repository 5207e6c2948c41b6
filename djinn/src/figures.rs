//! Figures that nobody counts as they happen: they are looked up now and then, for `/metrics`.

use crate::assemble;
use djinn_platform::telemetry;
use djinn_subgraph_kit::{Ports, outbox};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often. Scrapers come every 15 s or so.
const EVERY: Duration = Duration::from_secs(10);

/// Looks at the process, and at the outboxes of those of `subgraphs` that it serves.
pub async fn watch(ports: Ports, subgraphs: Vec<&'static str>, stop: CancellationToken) {
    loop {
        telemetry::look_at_process();
        for name in &subgraphs {
            look_at_outbox(&ports, name).await;
        }
        let pause = tokio::time::sleep(EVERY);
        if stop.run_until_cancelled(pause).await.is_none() {
            return;
        }
    }
}

/// The same, for a process that has no database.
pub async fn watch_process(stop: CancellationToken) {
    while {
        telemetry::look_at_process();
        let pause = tokio::time::sleep(EVERY);
        stop.run_until_cancelled(pause).await.is_some()
    } {}
}

/// Of all subgraphs, those whose outbox this process empties.
pub fn of_this_process(only: &[String], places: &[(&'static str, &str)]) -> Vec<&'static str> {
    let here = |name: &&'static str| {
        if only.is_empty() {
            let place = places.iter().find(|(known, _)| known == name);
            place.is_some_and(|(_, place)| *place == crate::config::LOCAL)
        } else {
            only.iter().any(|one| one == name)
        }
    };
    assemble::NAMES.into_iter().filter(here).collect()
}

async fn look_at_outbox(ports: &Ports, subgraph: &'static str) {
    match outbox::lag(&ports.db, subgraph).await {
        Ok(lag) => {
            let age = lag.oldest.map(|at| ports.clock.now() - at);
            let age = age.and_then(|age| age.to_std().ok()).unwrap_or_default();
            metrics::gauge!("djinn_outbox_parked", "subgraph" => subgraph).set(lag.parked as f64);
            metrics::gauge!("djinn_outbox_waiting", "subgraph" => subgraph).set(lag.waiting as f64);
            metrics::gauge!("djinn_outbox_oldest_seconds", "subgraph" => subgraph)
                .set(age.as_secs_f64());
        }
        // The gauges stay as they were; `/ready` says that the database is gone.
        Err(fault) => tracing::debug!(%fault, subgraph, "the outbox cannot be looked at"),
    }
}
