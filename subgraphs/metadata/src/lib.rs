//! The metadata subgraph: canonical games, matching, enrichment, ratings.
