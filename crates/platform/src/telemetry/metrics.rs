//! Every figure that is told to Prometheus: the one table, in which a new one has to stand.
//!
//! `docs/metrics.md` is generated from it; tests hold it against the code that counts.

use djinn_kernel::{Doing, Fault};
use metrics::Unit;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::{fmt::Write, time::Duration};

/// What a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Only grows, until the process ends.
    Counter,
    /// Goes up and down.
    Gauge,
    /// How often it was up to each of the bucket bounds.
    Histogram,
}

/// One figure.
#[derive(Debug, Clone, Copy)]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// Its labels, each with a bounded number of values.
    pub labels: &'static [&'static str],
    /// What it says, in a sentence.
    pub help: &'static str,
}

const fn counter(
    name: &'static str,
    labels: &'static [&'static str],
    help: &'static str,
) -> Metric {
    Metric {
        name,
        kind: Kind::Counter,
        labels,
        help,
    }
}

const fn gauge(name: &'static str, labels: &'static [&'static str], help: &'static str) -> Metric {
    Metric {
        name,
        kind: Kind::Gauge,
        labels,
        help,
    }
}

const fn histogram(
    name: &'static str,
    labels: &'static [&'static str],
    help: &'static str,
) -> Metric {
    Metric {
        name,
        kind: Kind::Histogram,
        labels,
        help,
    }
}

/// All of them, by where they are counted.
pub const METRICS: &[Metric] = &[
    // The doors.
    counter(
        "djinn_http_requests_total",
        &["door", "status"],
        "HTTP requests that were answered, by door (graphql, rest, q, mcp, other) and status.",
    ),
    counter(
        "djinn_connections_refused_total",
        &[],
        "Connections that were refused because their address had too many open.",
    ),
    counter(
        "djinn_router_rate_limited_total",
        &[],
        "Requests that were refused because their caller asked too often.",
    ),
    gauge("djinn_router_sockets", &[], "Open WebSockets."),
    gauge(
        "djinn_router_subscriptions",
        &[],
        "Open subscriptions, over WebSocket and event streams.",
    ),
    gauge(
        "djinn_documents_persisted",
        &[],
        "Documents that clients sent and that are kept under their hash.",
    ),
    // The router.
    counter(
        "djinn_router_requests_total",
        &["kind", "operation", "outcome"],
        "GraphQL operations that were run or refused: query, mutation or unknown; the operation's name if the document is a trusted one, otherwise `other`; ok, partial or refused.",
    ),
    histogram(
        "djinn_router_request_seconds",
        &["kind", "operation"],
        "How long queries and mutations took, from the document to the answer.",
    ),
    counter(
        "djinn_router_plans_total",
        &["cache"],
        "Plans that were asked for: hit, if the document had been prepared before, or miss.",
    ),
    histogram(
        "djinn_router_cost",
        &["operation"],
        "What an answer cost, by the weights in the schema (the limit is on what it might have cost).",
    ),
    histogram(
        "djinn_router_plan_seconds",
        &[],
        "How long it took to prepare a document: parse, check, plan.",
    ),
    counter(
        "djinn_router_fetches_total",
        &["subgraph", "outcome"],
        "Questions to a subgraph: ok, timeout, connection, garbage, panic, or not asked (open, full).",
    ),
    histogram(
        "djinn_router_fetch_seconds",
        &["subgraph"],
        "How long a subgraph took to answer.",
    ),
    counter(
        "djinn_router_fetches_shared_total",
        &["subgraph"],
        "Questions that were answered by the same question under way.",
    ),
    counter(
        "djinn_router_retries_total",
        &["subgraph"],
        "Questions that were asked a second time.",
    ),
    gauge(
        "djinn_router_breaker_state",
        &["subgraph"],
        "The subgraph's breaker: 0 closed, 1 finding out, 2 open.",
    ),
    counter(
        "djinn_router_supergraph_reloads_total",
        &["outcome"],
        "Changes of the supergraph file that `djinn router` served, or refused.",
    ),
    // Events and work.
    gauge(
        "djinn_outbox_waiting",
        &["subgraph"],
        "Events that not every subscriber has acknowledged.",
    ),
    gauge(
        "djinn_outbox_oldest_seconds",
        &["subgraph"],
        "The age of the oldest of them; 0 if there is none.",
    ),
    gauge(
        "djinn_outbox_parked",
        &["subgraph"],
        "Events that were refused again and again and are tried only once an hour.",
    ),
    counter(
        "djinn_events_handled_total",
        &["consumer", "outcome"],
        "Events that a subgraph was handed: ok, or failed and to be handed again.",
    ),
    gauge(
        "djinn_library_syncs",
        &["state"],
        "Syncs that have not ended: queued, running or waiting.",
    ),
    histogram(
        "djinn_database_seconds",
        &[],
        "How long statements took in the database.",
    ),
    // The process.
    counter(
        "process_cpu_seconds_total",
        &[],
        "Seconds of processor time, user and system, in whole seconds.",
    ),
    gauge("process_open_fds", &[], "Open file descriptors."),
    gauge(
        "process_resident_memory_bytes",
        &[],
        "Memory of the process that is in use, in bytes.",
    ),
    gauge(
        "process_start_time_seconds",
        &[],
        "When the process started, in seconds of Unix time.",
    ),
    gauge("process_threads", &[], "Threads of the process."),
];

/// Upper bounds of the histograms, in seconds: an in-process query takes under a millisecond, and
/// nothing longer than a request's limit of 30 s.
pub const SECONDS: [f64; 14] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0,
];

/// Upper bounds of what answers cost, up to the limit of the estimate.
pub const COSTS: [f64; 7] = [1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1_000.0];

/// How often the samples of histograms are summed up.
const UPKEEP: Duration = Duration::from_secs(5);

/// Starts collecting metrics; the handle renders them for Prometheus. Must be called in a runtime.
pub fn start_metrics() -> Result<PrometheusHandle, Fault> {
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
        .doing("setting up metrics")?
        .set_buckets_for_metric(Matcher::Full("djinn_router_cost".to_owned()), &COSTS)
        .doing("setting up metrics")?
        .install_recorder()
        .doing("starting metrics")?;
    describe();
    // Where nobody scrapes, every sample would be kept for ever.
    let kept = handle.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP).await;
            kept.run_upkeep();
        }
    });
    Ok(handle)
}

fn describe() {
    for metric in METRICS {
        match metric.kind {
            Kind::Counter => metrics::describe_counter!(metric.name, metric.help),
            Kind::Gauge => metrics::describe_gauge!(metric.name, metric.help),
            Kind::Histogram => {
                metrics::describe_histogram!(metric.name, Unit::Seconds, metric.help);
            }
        }
    }
}

/// The table as a page of the documentation.
pub fn metrics_page() -> String {
    let mut page = String::from(
        "# Metrics\n\n\
         `/metrics` speaks Prometheus' text format, on a listener of its own (`server.metrics`, \
         `127.0.0.1:9464` unless set; `off` for none). Generated from \
         `crates/platform/src/telemetry/metrics.rs`.\n\n\
         Every label has a bounded number of values: subgraphs, outcomes, statuses, and the names of \
         trusted operations. Whatever a client makes up is counted as `other`. Ids, addresses and \
         texts are never labels.\n\n\
         | Metric | Kind | Labels | Says |\n|---|---|---|---|\n",
    );
    for metric in METRICS {
        let labels: Vec<String> = metric
            .labels
            .iter()
            .map(|label| format!("`{label}`"))
            .collect();
        let kind = match metric.kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            page,
            "| `{}` | {kind} | {} | {} |",
            metric.name,
            labels.join(", "),
            metric.help
        );
    }
    let bounds: Vec<String> = SECONDS.iter().map(ToString::to_string).collect();
    let _ = writeln!(
        page,
        "\nHistograms of seconds have the upper bounds {}; the costs have {}.",
        bounds.join(", "),
        COSTS.map(|cost| cost.to_string()).join(", ")
    );
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        collections::{BTreeMap, BTreeSet},
        path::{Path, PathBuf},
    };

    fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
    }

    fn sources(folder: &Path, into: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && !["target", "node_modules", "tests"].contains(&name.as_str()) {
                sources(&path, into);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                // What unit tests count is nobody's figure.
                into.push(text.split("#[cfg(test)]").next().unwrap().to_owned());
            }
        }
    }

    /// What the code counts: name to kinds and labels.
    fn counted() -> BTreeMap<String, BTreeSet<(&'static str, BTreeSet<String>)>> {
        let mut texts = Vec::new();
        for folder in ["crates", "router", "mcp", "subgraphs", "djinn"] {
            sources(&root().join(folder), &mut texts);
        }
        let mut counted = BTreeMap::<_, BTreeSet<_>>::new();
        for text in &texts {
            for kind in ["counter", "gauge", "histogram"] {
                for (start, found) in text.match_indices(&format!("metrics::{kind}!(")) {
                    let call = &text[start + found.len()..];
                    let call = &call[..call
                        .find(".increment")
                        .into_iter()
                        .chain(call.find(".decrement"))
                        .chain(call.find(".set"))
                        .chain(call.find(".record"))
                        .chain(call.find(".absolute"))
                        .min()
                        .unwrap()];
                    let mut words = call.split('"').skip(1).step_by(2);
                    let name = words.next().unwrap().to_owned();
                    let labels = call
                        .match_indices("=>")
                        .map(|(arrow, _)| call[..arrow].rsplit('"').nth(1).unwrap().to_owned())
                        .collect();
                    counted.entry(name).or_default().insert((kind, labels));
                }
            }
        }
        counted
    }

    #[test]
    fn what_is_counted_is_in_the_table_and_the_other_way_round() {
        let counted = counted();
        assert!(counted.len() > 15, "the code was not found");
        for (name, ways) in &counted {
            let metric = METRICS.iter().find(|metric| metric.name == name);
            let metric = metric.unwrap_or_else(|| panic!("{name} is not in METRICS"));
            let kind = match metric.kind {
                Kind::Counter => "counter",
                Kind::Gauge => "gauge",
                Kind::Histogram => "histogram",
            };
            let labels = metric
                .labels
                .iter()
                .map(|label| (*label).to_owned())
                .collect();
            assert_eq!(*ways, BTreeSet::from([(kind, labels)]), "{name}");
        }
        for metric in METRICS {
            assert!(
                counted.contains_key(metric.name),
                "nobody counts {}",
                metric.name
            );
        }
    }

    #[test]
    fn the_page_is_the_table() {
        let page = std::fs::read_to_string(root().join("docs/metrics.md")).unwrap();
        assert_eq!(
            page,
            metrics_page(),
            "docs/metrics.md is old: `make schema` writes it"
        );
    }

    #[test]
    fn names_say_what_they_are() {
        for metric in METRICS {
            let total = metric.name.ends_with("_total");
            assert_eq!(total, metric.kind == Kind::Counter, "{}", metric.name);
            if metric.kind == Kind::Histogram {
                let unit = ["_seconds", "_cost"]
                    .iter()
                    .any(|unit| metric.name.ends_with(unit));
                assert!(unit, "{}", metric.name);
            }
            assert!(metric.help.ends_with('.'), "{}", metric.name);
        }
    }
}
