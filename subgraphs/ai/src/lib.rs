//! The ai subgraph: recommendations that explain themselves.
