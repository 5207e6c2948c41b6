//! Stories through the front door: the real binary, real sockets, both placements.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on should stop")]

mod adapters;
mod bad_input;
mod family;
mod hub;
mod rooms;
mod socket;
mod start;
mod sync;
mod the_graph;
