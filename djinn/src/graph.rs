//! The graph as the adapters see it: documents run over the router, in this process.

use async_graphql::Variables;
use djinn_kernel::Ids;
use djinn_operations::{Caller, Graph, GraphAnswer, GraphDown};
use djinn_router::{GraphRequest, GraphResponse, Router};
use djinn_subgraph_kit::RequestId;
use futures_util::{StreamExt, stream::BoxStream};
use serde_json::{Map, Value};
use std::sync::Arc;

/// [`Graph`] over the router.
#[derive(Clone)]
pub struct InProcess {
    router: Router,
    ids: Arc<dyn Ids>,
}

impl InProcess {
    /// Over `router`.
    pub fn new(router: Router, ids: Arc<dyn Ids>) -> Self {
        Self { router, ids }
    }

    fn request(
        &self,
        document: &str,
        operation_name: Option<&str>,
        variables: Map<String, Value>,
        caller: &Caller,
    ) -> GraphRequest {
        let request_id = RequestId(self.ids.new_id().to_string().into());
        let mut request = GraphRequest::new(document, caller.viewer.clone(), request_id);
        request.operation_name = operation_name.map(str::to_owned);
        request.variables = Variables::from_json(Value::Object(variables));
        request
    }
}

fn answer(response: &GraphResponse) -> GraphAnswer {
    GraphAnswer::from_response(serde_json::to_value(response).unwrap_or_default())
}

#[async_trait::async_trait]
impl Graph for InProcess {
    async fn execute(
        &self,
        document: &str,
        operation_name: Option<&str>,
        variables: Map<String, Value>,
        caller: &Caller,
    ) -> Result<GraphAnswer, GraphDown> {
        let request = self.request(document, operation_name, variables, caller);
        Ok(answer(&self.router.execute(request).await))
    }

    async fn subscribe(
        &self,
        document: &str,
        operation_name: Option<&str>,
        variables: Map<String, Value>,
        caller: &Caller,
    ) -> Result<BoxStream<'static, GraphAnswer>, GraphDown> {
        let request = self.request(document, operation_name, variables, caller);
        Ok(match self.router.subscribe(request).await {
            Ok(stream) => stream.map(|response| answer(&response)).boxed(),
            Err(refused) => futures_util::stream::once(async move { answer(&refused) }).boxed(),
        })
    }
}
