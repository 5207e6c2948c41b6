//! The router through its public doors, over two small subgraphs.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod router {
    mod asking;
    mod composition;
    mod cost;
    mod cost_of_answers;
    mod cost_of_hub;
    mod documents;
    mod failing;
    mod federation;
    mod foreign;
    mod graphs;
    mod http;
    mod introspecting;
    mod limits;
    mod lying;
    mod placement;
    mod replacing;
    mod sockets;
    mod streaming;
    mod traffic;
    mod world;
}
