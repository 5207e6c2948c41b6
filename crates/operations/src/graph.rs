//! The port through which adapters run documents.

use crate::{Operation, Piece};
use async_trait::async_trait;
use djinn_kernel::{TraceParent, Viewer};
use futures_util::stream::BoxStream;
use serde_json::{Map, Value};
use std::{fmt, sync::Arc};

/// Who a call runs as.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Caller {
    /// The viewer every subgraph will see.
    pub viewer: Viewer,
    /// What the call is a part of, in a trace.
    pub place: Option<TraceParent>,
    /// By what address they came, where that is known.
    pub base: Option<Base>,
}

/// An address by which somebody reaches a server, without a slash at its end:
/// `https://hub.example`. What is a path in an answer leads there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base(pub Arc<str>);

impl Caller {
    /// Whether it is somebody who may read, and do nothing else.
    pub fn only_reads(&self) -> bool {
        self.viewer.identity().is_some_and(|identity| {
            let mut scopes = identity.scopes.iter();
            scopes.all(|scope| scope.as_str().starts_with("read:"))
        })
    }
}

/// One error of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphError {
    /// What went wrong, for a person.
    pub message: String,
    /// The stable code, when the answer had one.
    pub code: Option<String>,
    /// Response keys and list positions from the root to the failed field.
    pub path: Vec<Value>,
}

impl fmt::Display for GraphError {
    /// `CODE: message (path)`, the form every adapter shows.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {}",
            self.code.as_deref().unwrap_or("INTERNAL"),
            self.message
        )?;
        let steps: Vec<String> = self
            .path
            .iter()
            .map(|step| {
                step.as_str()
                    .map_or_else(|| step.to_string(), str::to_owned)
            })
            .collect();
        if steps.is_empty() {
            Ok(())
        } else {
            write!(f, " ({})", steps.join("."))
        }
    }
}

/// What the graph answered, or one event of a subscription.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GraphAnswer {
    /// The data; null when there is none.
    pub data: Value,
    /// The errors; with data beside them the answer is partial.
    pub errors: Vec<GraphError>,
    /// Where paths in the data lead, if that is known.
    pub base: Option<Base>,
}

impl GraphAnswer {
    /// Its errors, one on each line; nothing when there are none.
    pub fn refusal(&self) -> Option<String> {
        let lines: Vec<String> = self.errors.iter().map(ToString::to_string).collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    /// Whether an error says that what was asked for is not there.
    pub fn is_missing(&self) -> bool {
        let mut codes = self.errors.iter().filter_map(|error| error.code.as_deref());
        codes.any(|code| matches!(code, "NOT_FOUND" | "INVALID_ID"))
    }

    /// Reads a GraphQL response (`{"data": …, "errors": […]}`).
    pub fn from_response(mut response: Value) -> Self {
        let errors = response
            .get("errors")
            .and_then(Value::as_array)
            .map_or_else(Vec::new, |errors| {
                errors
                    .iter()
                    .map(|error| GraphError {
                        message: error["message"].as_str().unwrap_or("no message").to_owned(),
                        code: error["extensions"]["code"].as_str().map(str::to_owned),
                        path: error["path"].as_array().cloned().unwrap_or_default(),
                    })
                    .collect()
            });
        Self {
            data: response.get_mut("data").map_or(Value::Null, Value::take),
            errors,
            base: None,
        }
    }

    /// The same, whose paths lead to `base`.
    #[must_use]
    pub fn below(self, base: Option<Base>) -> Self {
        Self { base, ..self }
    }

    /// Takes what is content out of the data, in the order of the operation's document.
    pub fn pieces(&mut self, operation: &Operation, arguments: &Map<String, Value>) -> Vec<Piece> {
        operation.pieces_below(self.base.as_ref(), &mut self.data, arguments)
    }
}

/// The graph could not be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GraphDown {
    /// No answer in time.
    #[error("the graph did not answer in time")]
    Timeout,
    /// It cannot be reached, or answered nonsense. The text is for the log.
    #[error("the graph cannot be reached")]
    Unreachable(String),
}

/// Runs documents. The composition root implements it over the router; a stand-alone process
/// over HTTP.
#[async_trait]
pub trait Graph: Send + Sync + 'static {
    /// Runs a query or mutation to its end.
    async fn execute(
        &self,
        document: &str,
        operation_name: Option<&str>,
        variables: Map<String, Value>,
        caller: &Caller,
    ) -> Result<GraphAnswer, GraphDown>;

    /// Starts a subscription. Dropping the stream ends it upstream.
    async fn subscribe(
        &self,
        document: &str,
        operation_name: Option<&str>,
        variables: Map<String, Value>,
        caller: &Caller,
    ) -> Result<BoxStream<'static, GraphAnswer>, GraphDown>;
}
