//! What a catalogue makes of operation files.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod ask;
mod content;
mod describe;
mod foreign;
mod reload;
mod rest;
mod shipped;

use djinn_operations::{Catalogue, Operation};

const API: &str = include_str!("../fixtures/api.graphql");

fn load(files: &[(&str, &str)]) -> Catalogue {
    Catalogue::load(files, API)
}

fn one(text: &str) -> Operation {
    let mut catalogue = load(&[("mcp/one.graphql", text)]);
    assert_eq!(catalogue.problems, [], "{text}");
    catalogue.operations.remove(0)
}

fn refusal(text: &str) -> String {
    let catalogue = load(&[("mcp/bad.graphql", text)]);
    assert_eq!(catalogue.operations.len(), 0, "{text}");
    catalogue.problems[0].to_string()
}
