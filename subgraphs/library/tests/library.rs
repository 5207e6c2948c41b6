//! The library subgraph through its door: the graph, and the events it hears.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod library {
    mod achievements;
    mod analytics;
    mod budget;
    mod by_hand;
    mod collections;
    mod collections_at_random;
    mod collections_by_hand;
    mod collections_of_players;
    mod collections_rule;
    mod export;
    mod export_at_random;
    mod export_files;
    mod export_regrouped;
    mod family_marks;
    mod forget;
    mod games;
    mod household;
    mod import;
    mod import_formats;
    mod import_hostile;
    mod import_preview;
    mod import_statuses;
    mod link;
    mod master_key;
    mod missing;
    mod platforms;
    mod play;
    mod queries;
    mod resume;
    mod resume_anywhere;
    mod schedule;
    mod search;
    mod search_at_random;
    mod search_filters;
    mod stage;
    mod statuses;
    mod statuses_renamed;
    mod sync;
    mod sync_removals;
    mod sync_troubles;
    mod tags;
    mod zone;
}
