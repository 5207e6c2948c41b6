//! Where each subgraph is asked: as the supergraph says, unless the command line says otherwise.

use super::GatewayError;
use djinn_router::{Listed, Supergraph};
use djinn_subgraph_kit::{
    Subgraph,
    remote::{Connections, Frankness, Remote},
};
use std::{collections::BTreeMap, path::Path, sync::Arc, time::Duration};

/// How long a connection to a subgraph may take to be made. They may be far away.
const CONNECT: Duration = Duration::from_secs(5);

/// The addresses of the command line, and the connections all subgraphs share.
pub struct Places {
    given: BTreeMap<String, String>,
    connections: Connections,
    errors: Frankness,
}

impl Places {
    /// Checks `NAME=URL` as they were given.
    pub fn new(given: &[(String, String)], errors: Frankness) -> Result<Self, GatewayError> {
        let connections = Connections::new(CONNECT)?;
        let mut all = BTreeMap::new();
        for (name, url) in given {
            if Remote::of_others(name, url, connections.clone(), errors).is_err() {
                return Err(GatewayError::GivenUrl {
                    name: name.clone(),
                    url: url.clone(),
                });
            }
            if all.insert(name.clone(), url.clone()).is_some() {
                return Err(GatewayError::TwiceSubgraph(name.clone()));
            }
        }
        Ok(Self {
            given: all,
            connections,
            errors,
        })
    }

    /// Names of the command line that the supergraph does not have.
    pub fn unknown<'p>(&'p self, supergraph: &Supergraph) -> Option<&'p str> {
        let known = |name: &str| supergraph.subgraphs().iter().any(|one| one.name == name);
        let names = self.given.keys().map(String::as_str);
        names.into_iter().find(|name| !known(name))
    }

    /// Every subgraph of the supergraph, ready to be asked.
    pub fn subgraphs(
        &self,
        supergraph: &Supergraph,
        file: &Path,
    ) -> Result<Vec<Arc<dyn Subgraph>>, GatewayError> {
        let one = |listed: &Listed| {
            let url = self.given.get(&listed.name).unwrap_or(&listed.url);
            match Remote::of_others(&listed.name, url, self.connections.clone(), self.errors) {
                Ok(remote) => Ok(Arc::new(remote) as Arc<dyn Subgraph>),
                Err(_) => Err(GatewayError::ListedUrl {
                    file: file.to_owned(),
                    line: listed.line,
                    name: listed.name.clone(),
                    url: url.clone(),
                }),
            }
        };
        supergraph.subgraphs().iter().map(one).collect()
    }
}
