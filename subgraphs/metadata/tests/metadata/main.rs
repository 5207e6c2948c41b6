//! The metadata subgraph through its doors: events in, events and graph out.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod artwork;
mod content;
mod correction;
mod decisions;
mod duplicates;
mod enrichment;
mod external;
mod graph;
mod matching;
mod order;
mod quality;
mod sources;
mod story;
