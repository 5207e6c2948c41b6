//! The MCP server from outside: JSON-RPC over real loopback HTTP, and over pipes.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod asks;
mod client;
mod confirm;
mod content;
mod door;
mod fake;
mod follow;
mod keys;
mod pipes;
mod resources;
mod shipped;
mod tools;
