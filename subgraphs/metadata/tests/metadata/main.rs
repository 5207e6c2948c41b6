//! The metadata subgraph through its doors: events in, events and graph out.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod enrichment;
mod graph;
mod matching;
mod order;
mod story;
