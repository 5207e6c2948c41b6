//! What is never logged, whatever the level that was asked for.

use tracing::{Level, Metadata};

/// Libraries that quote what passes through them at their loudest: documents, messages, headers,
/// parameters. Nobody can turn that on, because passwords and tokens are among it.
const QUOTING: [&str; 9] = [
    "async_graphql",
    "graphql_tools",
    "h2",
    "hive_router_query_planner",
    "redis",
    "reqwest",
    "rmcp",
    "tokio_tungstenite",
    "tungstenite",
];

/// Whether a line or span may be written at all.
pub fn discreet(line: &Metadata<'_>) -> bool {
    let library = line.target().split("::").next().unwrap_or_default();
    *line.level() <= Level::INFO || !QUOTING.contains(&library)
}
