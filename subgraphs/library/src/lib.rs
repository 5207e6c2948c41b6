//! The library subgraph: platforms, linked accounts, copies, sync, search.
