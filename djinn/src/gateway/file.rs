//! The supergraph file: read at the start, and followed from then on.

use super::{GatewayError, subgraphs::Places};
use djinn_router::{Router, Supergraph};
use std::{
    io::Read,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};
use tokio_util::sync::CancellationToken;

/// How often the file is looked at. A file is taken once it has been the same at two looks, so a
/// change is served within about a second.
const LOOK: Duration = Duration::from_millis(500);
/// The largest file that is read, in bytes; the largest known supergraphs have some ten megabytes.
const LARGEST: u64 = 128 * 1024 * 1024;

/// What a file is known by without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Look {
    /// It is not there.
    Missing,
    /// It is there: when it was written, its length, and which file of the disk it is.
    There(Option<SystemTime>, u64, u64),
}

impl Look {
    fn at(file: &Path) -> Self {
        let Ok(metadata) = std::fs::metadata(file) else {
            return Self::Missing;
        };
        #[cfg(unix)]
        let which = std::os::unix::fs::MetadataExt::ino(&metadata);
        #[cfg(not(unix))]
        let which = 0;
        Self::There(metadata.modified().ok(), metadata.len(), which)
    }
}

/// On what terms a file is served.
#[derive(Debug, Clone)]
pub struct Terms {
    /// The overrides that are in force, beside those of shares.
    pub labels: Vec<String>,
    /// Whether the subgraphs enforce the rules of access that the file has, because nobody does here.
    pub enforced_by_subgraphs: bool,
}

/// The file as it was read last.
pub struct File {
    path: PathBuf,
    look: Look,
    text: String,
    terms: Terms,
}

impl File {
    /// Reads it, and makes the supergraph of it on these terms. Blocks.
    pub fn read(path: &Path, terms: Terms) -> Result<(Self, Supergraph), GatewayError> {
        // The look first: what is written while we read is seen as a change afterwards.
        let look = Look::at(path);
        let text = text_of(path)?;
        let supergraph = supergraph_of(path, &text, &terms)?;
        let file = Self {
            path: path.to_owned(),
            look,
            text,
            terms,
        };
        Ok((file, supergraph))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Follows the file until `stop`: `router` serves what a good one says, and goes on as before
    /// after a bad one.
    pub async fn follow(mut self, router: Router, places: Places, stop: CancellationToken) {
        let mut last = self.look.clone();
        while stop
            .run_until_cancelled(tokio::time::sleep(LOOK))
            .await
            .is_some()
        {
            let path = self.path.clone();
            let Ok(now) = tokio::task::spawn_blocking(move || Look::at(&path)).await else {
                continue;
            };
            // Somebody may still be writing: wait until it is the same twice.
            let quiet = std::mem::replace(&mut last, now.clone()) == now;
            if !quiet || now == self.look {
                continue;
            }
            self.look = now;
            match self.take(&router, &places).await {
                Ok(None) => {}
                Ok(Some(text)) => {
                    self.text = text;
                    count("served");
                    tracing::info!(file = %self.path.display(), "the changed supergraph is served");
                }
                Err(error) => {
                    count("refused");
                    tracing::error!(%error, "the changed supergraph is not served; the one before is");
                }
            }
        }
    }

    /// The file's new text, once it is served; nothing, when it says the same as before.
    async fn take(&self, router: &Router, places: &Places) -> Result<Option<String>, GatewayError> {
        let (path, before) = (self.path.clone(), self.text.clone());
        let terms = self.terms.clone();
        let broken = |error: &dyn std::fmt::Display| GatewayError::Invalid {
            file: self.path.clone(),
            reason: error.to_string(),
        };
        let read = tokio::task::spawn_blocking(move || {
            let text = text_of(&path)?;
            if text == before {
                return Ok(None);
            }
            supergraph_of(&path, &text, &terms).map(|supergraph| Some((text, supergraph)))
        });
        let Some((text, supergraph)) = read.await.map_err(|panic| broken(&panic))?? else {
            return Ok(None);
        };
        let subgraphs = places.subgraphs(&supergraph, &self.path)?;
        // At the start this is an error, because it can only be a slip. Here the subgraph has gone.
        if let Some(name) = places.unknown(&supergraph) {
            tracing::warn!(name, "--subgraph names a subgraph that is no longer there");
        }
        router
            .replace(supergraph, subgraphs)
            .map_err(|error| broken(&error))?;
        Ok(Some(text))
    }
}

fn text_of(path: &Path) -> Result<String, GatewayError> {
    let unreadable = |reason: String| GatewayError::Unreadable {
        file: path.to_owned(),
        reason,
    };
    let file = std::fs::File::open(path).map_err(|error| unreadable(error.to_string()))?;
    let mut text = String::new();
    let read = file.take(LARGEST + 1).read_to_string(&mut text);
    read.map_err(|error| unreadable(error.to_string()))?;
    if text.len() as u64 > LARGEST {
        return Err(unreadable(format!("it has more than {LARGEST} bytes")));
    }
    Ok(text)
}

fn supergraph_of(path: &Path, text: &str, terms: &Terms) -> Result<Supergraph, GatewayError> {
    let invalid = |reason: String| GatewayError::Invalid {
        file: path.to_owned(),
        reason,
    };
    let mut supergraph = Supergraph::read(text).map_err(|error| invalid(error.to_string()))?;
    if let Some(rules) = supergraph.access_rules().first()
        && !terms.enforced_by_subgraphs
    {
        return Err(GatewayError::AccessRules {
            file: path.to_owned(),
            line: rules.line,
            directive: rules.directive.clone(),
        });
    }
    supergraph
        .activate(terms.labels.iter().cloned())
        .map_err(|label| invalid(format!("it has no @override with the label {label:?}")))?;
    Ok(supergraph)
}

fn count(outcome: &'static str) {
    metrics::counter!("djinn_router_supergraph_reloads_total", "outcome" => outcome).increment(1);
}
