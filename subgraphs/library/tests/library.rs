//! The library subgraph through its door: the graph, and the events it hears.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod library {
    mod budget;
    mod collections;
    mod collections_at_random;
    mod games;
    mod household;
    mod import;
    mod link;
    mod resume;
    mod search;
    mod stage;
    mod sync;
}
