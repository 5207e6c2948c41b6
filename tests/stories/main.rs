//! Stories through the front door: the real binary, real sockets, both placements.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on should stop")]

mod adapters;
mod bad_input;
mod collections;
mod decided;
mod documents;
mod family;
mod family_walk;
mod faults;
mod files;
mod gateway;
mod hostile;
mod hub;
mod leaks;
mod mcp;
mod merge;
mod oauth;
mod people;
mod pipes;
mod platforms;
mod rest;
mod rooms;
mod rules;
mod seen;
mod socket;
mod start;
mod sync;
mod the_graph;
mod tokens;
mod transfers;
mod unlinked;
mod words;
