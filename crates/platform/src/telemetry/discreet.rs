//! What is never logged, whatever the level that was asked for.

use tracing::{Level, Metadata};

/// Libraries that quote what passes through them at their loudest: documents, messages, headers,
/// parameters. Nobody can turn that on, because passwords and tokens are among it.
const QUOTING: [&str; 8] = [
    "async_graphql",
    "graphql_tools",
    "h2",
    "hive_router_query_planner",
    "redis",
    "reqwest",
    "tokio_tungstenite",
    "tungstenite",
];

/// Libraries that tell who each of their clients is and what it did wrong, which the client is told
/// itself. Only what is wrong with us is for the log.
const OF_CLIENTS: [&str; 1] = ["rmcp"];

/// Whether a line or span may be written at all.
pub fn discreet(line: &Metadata<'_>) -> bool {
    let library = line.target().split("::").next().unwrap_or_default();
    *line.level() <= loudest(library)
}

fn loudest(library: &str) -> Level {
    if OF_CLIENTS.contains(&library) {
        Level::ERROR
    } else if QUOTING.contains(&library) {
        Level::INFO
    } else {
        Level::TRACE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_clients_do_is_not_for_the_log_and_what_passes_through_is_not_quoted() {
        assert_eq!(loudest("rmcp"), Level::ERROR);
        assert_eq!(loudest("reqwest"), Level::INFO);
        assert_eq!(loudest("djinn_library"), Level::TRACE);
    }
}
