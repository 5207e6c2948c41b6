//! What the doors that run operation files have in common: who asks, under which request id, and
//! what came of it.

use super::problem::Problem;
use crate::graph::InProcess;
use async_graphql::Variables;
use axum::http::request::Parts;
use djinn_kernel::{Code, Viewer};
use djinn_operations::Operation;
use djinn_router::{
    Authenticator, GraphRequest,
    door::{
        DoorConfig,
        guard::{self, Refused},
    },
};
use djinn_subgraph_kit::{RequestId, trace};
use serde_json::{Map, Value};
use std::{sync::Arc, time::Duration};

/// Runs operations for whoever a request comes from.
#[derive(Clone)]
pub struct Asking {
    /// Runs them.
    pub graph: InProcess,
    /// Knows who is asking.
    pub who: Arc<dyn Authenticator>,
    /// How `/graphql` behaves: its guard and its limits are theirs as well.
    pub door: Arc<DoorConfig>,
}

impl Asking {
    /// The id of the layer outside, of the client if it is a plain word, or a new one.
    pub fn request_id(&self, request: &Parts) -> RequestId {
        if let Some(id) = request.extensions.get::<RequestId>() {
            return id.clone();
        }
        trace::request_id(&request.headers).unwrap_or_else(|| self.graph.new_request_id())
    }

    /// Who asks; each time it is asked counts as a request of theirs.
    pub async fn viewer(&self, request: &Parts) -> Result<Viewer, Problem> {
        match self.who.viewer(&request.headers).await {
            Ok(seen) => {
                guard::count(&self.door, &seen.viewer, request)?;
                Ok(seen.viewer)
            }
            Err(code) => {
                // Guessing keys is asking, too.
                guard::count(&self.door, &Viewer::Anonymous, request)?;
                Err(Problem::new(code, code.meaning()))
            }
        }
    }

    /// The same for one operation: a credential that is good no longer keeps nobody from getting
    /// another.
    pub async fn viewer_for(
        &self,
        operation: &Operation,
        request: &Parts,
    ) -> Result<Viewer, Problem> {
        let viewer = self.viewer(request).await;
        match &viewer {
            Err(stale) if matches!(stale.code, Code::Unauthenticated | Code::TokenExpired) => {
                let entrances = &self.door.entrances;
                if self.graph.only_asks(&operation.document, entrances).await {
                    return Ok(Viewer::Anonymous);
                }
                viewer
            }
            _ => viewer,
        }
    }

    /// The data of one operation. An error anywhere in it is the answer: who asks without an
    /// envelope could not tell half of the data from all of it.
    pub async fn run(
        &self,
        operation: &Operation,
        variables: Map<String, Value>,
        viewer: Viewer,
        request: (&Parts, &RequestId),
    ) -> Result<Value, Problem> {
        let (parts, id) = request;
        let mut asked = GraphRequest::new(operation.document.as_str(), viewer, id.clone());
        asked.variables = Variables::from_json(Value::Object(variables));
        asked.client = guard::client(parts);
        asked.trusted = true;
        let response = self.graph.run(asked).await;
        let code = response.code().and_then(Code::parse);
        let (data, errors) = response.into_parts();
        if let Some(error) = errors.into_iter().next() {
            let wait = error
                .extensions
                .as_ref()
                .and_then(|more| more.get("retryAfter"));
            let mut problem = Problem::new(code.unwrap_or(Code::Internal), error.message);
            problem.wait = match wait {
                Some(async_graphql::Value::Number(seconds)) => {
                    seconds.as_u64().map(Duration::from_secs)
                }
                _ => None,
            };
            return Err(problem);
        }
        let data = data.and_then(|data| data.into_json().ok());
        Ok(data.unwrap_or_default())
    }
}

impl From<Refused> for Problem {
    fn from(
        Refused {
            code,
            message,
            wait,
        }: Refused,
    ) -> Self {
        Self {
            wait,
            ..Self::new(code, message)
        }
    }
}
