//! The graph as the adapters see it: documents run over the router, in this process.

use async_graphql::Variables;
use djinn_kernel::{Ids, Viewer};
use djinn_operations::{Caller, Graph, GraphAnswer, GraphDown};
use djinn_router::{GraphRequest, GraphResponse, Router, trace as spans};
use djinn_subgraph_kit::{
    RequestId,
    trace::{self, Origin},
};
use futures_util::{StreamExt, stream::BoxStream};
use serde_json::{Map, Value};
use std::sync::Arc;
use tracing::Span;

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

    /// A name for a request that came without one.
    pub fn new_request_id(&self) -> RequestId {
        RequestId(self.ids.new_id().to_string().into())
    }

    /// Runs what an adapter over HTTP has made of a request.
    pub async fn run(&self, request: GraphRequest) -> GraphResponse {
        self.router.execute(request).await
    }

    /// Whether a document is a mutation of these fields, and of nothing else.
    pub async fn only_asks(&self, document: &str, fields: &[String]) -> bool {
        let request = GraphRequest::new(document, Viewer::Anonymous, self.new_request_id());
        self.router.only_asks(&request, fields).await
    }

    fn request(
        &self,
        document: &str,
        operation_name: Option<&str>,
        variables: Map<String, Value>,
        caller: &Caller,
    ) -> GraphRequest {
        let mut request = GraphRequest::new(document, caller.viewer.clone(), self.new_request_id());
        request.operation_name = operation_name.map(str::to_owned);
        request.variables = Variables::from_json(Value::Object(variables));
        // Adapters run operation files, and nothing of their clients' own.
        request.trusted = true;
        request
    }

    /// The span of a request that came through no door of HTTP.
    fn begin(&self, request: &GraphRequest, caller: &Caller) -> (Origin, Span) {
        let id = || self.ids.new_id();
        // Where its caller says: what an adapter does may be in a task of its own.
        let parent = caller.place.or_else(trace::here);
        spans::request(Some("inside"), None, &request.request_id, parent, id)
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
        let (origin, span) = self.begin(&request, caller);
        let response = origin.run(span, self.router.execute(request)).await;
        Ok(answer(&response).below(caller.base.clone()))
    }

    async fn subscribe(
        &self,
        document: &str,
        operation_name: Option<&str>,
        variables: Map<String, Value>,
        caller: &Caller,
    ) -> Result<BoxStream<'static, GraphAnswer>, GraphDown> {
        let request = self.request(document, operation_name, variables, caller);
        let (origin, span) = self.begin(&request, caller);
        let base = caller.base.clone();
        Ok(
            match origin.run(span, self.router.subscribe(request)).await {
                Ok(stream) => stream
                    .map(move |response| answer(&response).below(base.clone()))
                    .boxed(),
                Err(refused) => futures_util::stream::once(async move { answer(&refused) }).boxed(),
            },
        )
    }
}
