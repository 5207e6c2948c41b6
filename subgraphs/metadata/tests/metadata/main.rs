//! The metadata subgraph through its doors: events in, events and graph out.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod artwork;
mod choices;
mod content;
mod correction;
mod decisions;
mod duplicates;
mod enrichment;
mod external;
mod files;
mod graph;
mod matching;
mod order;
mod quality;
mod ratings;
mod sources;
mod story;
