//! A subgraph in another process.
