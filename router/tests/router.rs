//! The router through its public doors, over two small subgraphs.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod router {
    mod asking;
    mod composition;
    mod failing;
    mod graphs;
    mod http;
    mod introspecting;
    mod limits;
    mod placement;
    mod sockets;
    mod streaming;
    mod world;
}
