//! A subgraph of a fixture: SDL and JSON data, and a memory of what it was asked.

use super::executor::{Graph, Outcome};
use async_graphql::{PathSegment, Response, ServerError};
use djinn_subgraph_kit::{Call, Subgraph, Unreachable};
use futures_util::{StreamExt, stream, stream::BoxStream};
use serde_json::{Map, Value};
use std::sync::{Arc, Mutex};

/// One call that reached a subgraph.
#[derive(Debug, Clone)]
pub struct Asked {
    pub subgraph: String,
    pub query: String,
    pub variables: Map<String, Value>,
}

impl Asked {
    /// Every representation of this call.
    pub fn representations(&self) -> Vec<&Value> {
        let lists = self.variables.iter().filter(|(name, value)| {
            name.starts_with("representations")
                || value
                    .as_array()
                    .and_then(|items| items.first())
                    .is_some_and(|first| first.get("__typename").is_some())
        });
        lists
            .flat_map(|(_, value)| value.as_array().into_iter().flatten())
            .collect()
    }
}

/// What all subgraphs of a fixture were asked, in order of arrival.
pub type Log = Arc<Mutex<Vec<Asked>>>;

pub struct Mock {
    name: String,
    graph: Graph,
    log: Log,
}

impl Mock {
    pub fn new(name: &str, sdl: &str, data: Value, log: &Log) -> Self {
        Self {
            name: name.to_owned(),
            graph: Graph::new(sdl, data),
            log: Arc::clone(log),
        }
    }

    fn hear(&self, call: &Call) -> Map<String, Value> {
        let variables: Map<String, Value> = call
            .variables
            .iter()
            .map(|(name, value)| (name.to_string(), value.clone().into_json().unwrap()))
            .collect();
        self.log.lock().unwrap().push(Asked {
            subgraph: self.name.clone(),
            query: call.query.to_string(),
            variables: variables.clone(),
        });
        variables
    }

    /// What this subgraph's data says under a key that is no part of the schema.
    fn setting(&self, key: &str) -> bool {
        self.graph.data.get(key) == Some(&Value::Bool(true))
    }
}

fn response(outcome: Outcome) -> Response {
    let mut response = Response::new(async_graphql::Value::from_json(outcome.data).unwrap());
    response.errors = outcome
        .faults
        .into_iter()
        .map(|fault| {
            let mut error = ServerError::new(fault.message, None);
            error.path = fault
                .path
                .into_iter()
                .map(|segment| match segment {
                    Value::String(key) => PathSegment::Field(key),
                    index => PathSegment::Index(index.as_u64().unwrap() as usize),
                })
                .collect();
            error
        })
        .collect();
    response
}

#[async_trait::async_trait]
impl Subgraph for Mock {
    fn name(&self) -> &str {
        &self.name
    }

    async fn execute(&self, call: Call) -> Result<Response, Unreachable> {
        let variables = self.hear(&call);
        if self.setting("unreachable") {
            return Err(Unreachable::Connection("it is away".to_owned()));
        }
        Ok(response(self.graph.run(&call.query, &variables)))
    }

    async fn subscribe(&self, call: Call) -> Result<BoxStream<'static, Response>, Unreachable> {
        let variables = self.hear(&call);
        let mut events = Vec::new();
        for (field, all) in self.graph.data["Subscription"].as_object().unwrap() {
            if !call.query.contains(field.as_str()) {
                continue;
            }
            for event in all.as_array().unwrap() {
                let root = Map::from_iter([(field.clone(), event.clone())]);
                let outcome = self.graph.run_on(&call.query, &variables, Some(root));
                events.push(response(outcome));
            }
        }
        Ok(stream::iter(events).boxed())
    }

    async fn ready(&self) -> Result<(), Unreachable> {
        Ok(())
    }
}
