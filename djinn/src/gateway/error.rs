//! Why the router does not start by itself, and how to mend it.

use std::path::PathBuf;

/// A start that failed, or a changed file that is not served.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// The file is not there, or not ours to read.
    #[error("cannot read the supergraph {}: {reason}", file.display())]
    Unreadable {
        /// Which.
        file: PathBuf,
        /// Why.
        reason: String,
    },
    /// The file is no supergraph.
    #[error("cannot use the supergraph {}: {reason}", file.display())]
    Invalid {
        /// Which.
        file: PathBuf,
        /// Where and why.
        reason: String,
    },
    /// The file says who may see what, and nobody would see to it.
    #[error("{}, line {line}: this supergraph has rules of access (@{directive}), which the router does not enforce", file.display())]
    AccessRules {
        /// The file.
        file: PathBuf,
        /// Its line.
        line: usize,
        /// The directive.
        directive: String,
    },
    /// The file gives a subgraph no address that could be asked.
    #[error("{}, line {line}: the URL of the subgraph {name:?} is {url:?}, not one of http:// or https://", file.display())]
    ListedUrl {
        /// The file.
        file: PathBuf,
        /// Its line.
        line: usize,
        /// The subgraph.
        name: String,
        /// Its URL.
        url: String,
    },
    /// `--subgraph` gives an address that could not be asked.
    #[error("--subgraph {name}: {url:?} is not an http:// or https:// URL")]
    GivenUrl {
        /// The subgraph.
        name: String,
        /// Its URL.
        url: String,
    },
    /// `--subgraph` names a subgraph that is not there.
    #[error("--subgraph {name}: {} has no subgraph of that name; it has {known}", file.display())]
    UnknownSubgraph {
        /// What was given.
        name: String,
        /// The file.
        file: PathBuf,
        /// What there is.
        known: String,
    },
    /// `--subgraph` names one subgraph twice.
    #[error("--subgraph {0} is given twice")]
    TwiceSubgraph(String),
    /// `--subgraph-cost` names a subgraph that is not there.
    #[error("--subgraph-cost {0}: the supergraph has no subgraph of that name")]
    UnknownCost(String),
    /// `--forward-header` names what belongs to one connection.
    #[error(
        "--forward-header {0}: this header is about one connection or one message, and is never forwarded"
    )]
    Header(String),
    /// The address is taken, or not ours to take.
    #[error("--listen {address}: {reason}")]
    Listen {
        /// Which.
        address: String,
        /// Why.
        reason: String,
    },
    /// There can be no HTTP client.
    #[error(transparent)]
    Connections(#[from] djinn_subgraph_kit::remote::NoConnections),
}

impl GatewayError {
    /// What to do about it.
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => {
                "Check --supergraph: the path, and that this user may read the file."
            }
            Self::Invalid { .. } => {
                "Give the supergraph that a Federation 2 composer wrote, for instance of `rover supergraph compose`."
            }
            Self::AccessRules { .. } => {
                "If your subgraphs enforce them by the headers they are sent, say so: --rules-are-enforced-by-subgraphs. Otherwise everybody could read those fields."
            }
            Self::ListedUrl { .. } => {
                "Compose again with the subgraph's routing URL, or give it here: --subgraph NAME=http://host:4001/graphql."
            }
            Self::GivenUrl { .. } => {
                "Write it like --subgraph reviews=http://localhost:4001/graphql."
            }
            Self::UnknownSubgraph { .. } | Self::TwiceSubgraph(_) | Self::UnknownCost(_) => {
                "Use each name once, as `@join__graph(name: …)` in the file has it."
            }
            Self::Header(_) => "Leave it out. The router writes such headers itself.",
            Self::Listen { .. } => {
                "Write it like 127.0.0.1:4000. Another program may have the port; port 0 takes a free one."
            }
            Self::Connections(_) => {
                "Check that the system's CA certificates are installed, or name them with SSL_CERT_FILE."
            }
        }
    }
}
