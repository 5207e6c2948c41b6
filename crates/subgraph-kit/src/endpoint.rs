//! Serves a subgraph to other processes of the hub.
