//! Every feature of Federation 2, each over a small fixture of its own: what a client gets, and what
//! the subgraphs were asked for it.

mod cases;
mod executor;
mod fixture;
mod mock;
mod properties;
