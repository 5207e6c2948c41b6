//! Every table of Game Djinn, one module per subgraph.
