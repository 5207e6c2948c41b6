//! The metadata subgraph through its doors: events in, events and graph out.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod content;
mod decisions;
mod duplicates;
mod artwork;
mod correction;
mod enrichment;
mod external;
mod graph;
mod matching;
mod order;
mod quality;
mod sources;
mod story;
