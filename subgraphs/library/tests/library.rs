//! The library subgraph through its door: the graph, and the events it hears.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod library {
    mod achievements;
    mod analytics;
    mod budget;
    mod collections;
    mod collections_at_random;
    mod export;
    mod forget;
    mod games;
    mod household;
    mod import;
    mod import_formats;
    mod import_hostile;
    mod import_preview;
    mod link;
    mod platforms;
    mod play;
    mod resume;
    mod resume_anywhere;
    mod schedule;
    mod search;
    mod stage;
    mod sync;
}
