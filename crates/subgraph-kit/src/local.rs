//! A subgraph in this process: no HTTP, and each document is parsed once.

use crate::{
    graph::{absent, fault, sdl},
    subgraph::{Call, Subgraph, Unreachable},
};
use async_graphql::{
    ObjectType, Request, Response, Schema, SubscriptionType, parser::types::ExecutableDocument,
};
use djinn_kernel::Viewer;
use futures_util::{StreamExt, stream::BoxStream};
use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};
use tracing::Instrument;

/// Adds what lives for one request, such as dataloaders.
pub type PerRequest = Arc<dyn Fn(Request, &Viewer) -> Request + Send + Sync>;

/// Runs an async-graphql schema.
pub struct Local<Q, M, S> {
    name: &'static str,
    schema: Schema<Q, M, S>,
    per_request: PerRequest,
    /// The router sends the same few hundred texts for its plans; parsing each once is worth it.
    parsed: moka::sync::Cache<Arc<str>, Arc<ExecutableDocument>>,
}

/// Longer documents carry data of one request, and would only fill the memory.
const CACHED_TEXT: usize = 16 * 1024;

/// An operation inside one subgraph may take this long.
const TIMEOUT: Duration = Duration::from_secs(25);

impl<Q, M, S> Local<Q, M, S>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    /// Wraps `schema`; `per_request` adds the dataloaders of one request.
    pub fn new(
        name: &'static str,
        schema: Schema<Q, M, S>,
        per_request: impl Fn(Request, &Viewer) -> Request + Send + Sync + 'static,
    ) -> Self {
        Self {
            name,
            schema,
            per_request: Arc::new(per_request),
            parsed: moka::sync::Cache::new(512),
        }
    }

    /// The schema as Federation 2 SDL.
    pub fn sdl(&self) -> String {
        sdl::export(|options| self.schema.sdl_with_options(options))
    }

    fn request(&self, call: Call) -> Request {
        let mut request = Request::new(&*call.query).variables(call.variables);
        let parsed = self.parsed.get(&call.query).or_else(|| {
            let parsed = Arc::new(request.parsed_query().ok()?.clone());
            if call.query.len() <= CACHED_TEXT {
                self.parsed
                    .insert(Arc::clone(&call.query), Arc::clone(&parsed));
            }
            Some(parsed)
        });
        if let Some(parsed) = parsed {
            let left = absent::left_out(&parsed, &request.variables);
            request.set_parsed_query(left.unwrap_or_else(|| (*parsed).clone()));
        }
        if let Some(name) = call.operation_name {
            request = request.operation_name(name);
        }
        let request = (self.per_request)(request, &call.viewer);
        let request = request.data(call.viewer).data(call.request_id);
        match call.client {
            Some(client) => request.data(client),
            None => request,
        }
    }
}

#[async_trait::async_trait]
impl<Q, M, S> Subgraph for Local<Q, M, S>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    fn name(&self) -> &str {
        self.name
    }

    async fn execute(&self, call: Call) -> Result<Response, Unreachable> {
        let request = self.request(call);
        let work = self.schema.execute(request);
        let work = work.instrument(tracing::debug_span!("subgraph", subgraph = self.name));
        tokio::time::timeout(TIMEOUT, work)
            .await
            .map_err(|_| Unreachable::Timeout)
    }

    async fn subscribe(&self, call: Call) -> Result<BoxStream<'static, Response>, Unreachable> {
        let (name, id) = (self.name, call.request_id.clone());
        let events = AssertUnwindSafe(self.schema.execute_stream(self.request(call)));
        // A panic would take the client's whole connection with it, and say nothing.
        Ok(events
            .catch_unwind()
            .map(move |event| {
                event.unwrap_or_else(|_panic| {
                    tracing::error!(request_id = %id, subgraph = name, "a subscription panicked");
                    Response::from_errors(vec![fault(&id)])
                })
            })
            .boxed())
    }

    async fn ready(&self) -> Result<(), Unreachable> {
        Ok(())
    }
}
