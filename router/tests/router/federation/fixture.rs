//! A folder under `tests/fixtures/federation`: for each subgraph an SDL file and a data file, the
//! supergraph composed of them (`npm run compose:fixtures` in `frontend/`), and the cases.

use super::mock::{Log, Mock};
use crate::router::graphs::ports;
use djinn_router::{Limits, Router, Supergraph};
use djinn_subgraph_kit::Subgraph;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

/// One question to a fixture, and everything that has to come of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// A sentence about behaviour.
    pub name: String,
    pub query: String,
    #[serde(default)]
    pub variables: Map<String, Value>,
    /// The request's id, which decides about progressive overrides.
    pub request: Option<String>,
    /// Labels of overrides that are in force.
    #[serde(default)]
    pub labels: Vec<String>,
    /// The data; absent when the request is refused.
    #[serde(default, deserialize_with = "even_null")]
    pub data: Option<Value>,
    /// What each event of a subscription becomes.
    pub events: Option<Vec<Value>>,
    /// Code and path of every error.
    #[serde(default)]
    pub errors: Vec<(String, String)>,
    /// How often each subgraph is asked; those not named: not at all.
    pub asked: Option<BTreeMap<String, usize>>,
    /// How many representations each subgraph gets in all.
    pub representations: Option<BTreeMap<String, usize>>,
    /// In which order the subgraphs are asked.
    pub order: Option<Vec<String>>,
    /// The variables that a subgraph gets with its first call.
    pub variables_sent: Option<BTreeMap<String, Value>>,
}

/// `null` is data too; only what is not written is none.
fn even_null<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(from).map(Some)
}

pub struct Fixture {
    folder: PathBuf,
}

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/federation")
}

impl Fixture {
    pub fn new(feature: &str) -> Self {
        Self {
            folder: root().join(feature),
        }
    }

    pub fn text(&self, file: &str) -> String {
        let path = self.folder.join(file);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    pub fn json<T: serde::de::DeserializeOwned>(&self, file: &str) -> T {
        serde_json::from_str(&self.text(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    pub fn subgraphs(&self) -> BTreeSet<String> {
        fs::read_dir(&self.folder)
            .unwrap()
            .filter_map(|entry| {
                let name = entry.unwrap().file_name().into_string().unwrap();
                Some(name.strip_suffix(".graphql")?.to_owned())
            })
            .filter(|name| name != "supergraph" && name != "api")
            .collect()
    }

    /// A router over this fixture, and the log of what its subgraphs are asked.
    pub fn router(&self, labels: &[String], limits: Limits) -> (Router, Log) {
        let log = Log::default();
        let subgraphs = self.subgraphs().into_iter().map(|name| {
            let sdl = self.text(&format!("{name}.graphql"));
            let data = self.json(&format!("{name}.json"));
            Arc::new(Mock::new(&name, &sdl, data, &log)) as Arc<dyn Subgraph>
        });
        let mut supergraph = Supergraph::read(&self.text("supergraph.graphql")).unwrap();
        supergraph.activate(labels.iter().cloned()).unwrap();
        let router = Router::of(supergraph, subgraphs.collect(), limits, ports());
        (router.unwrap(), log)
    }
}
