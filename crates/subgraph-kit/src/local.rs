//! A subgraph in this process: no HTTP, and each document is parsed once.

use crate::subgraph::{Call, Subgraph, Unreachable};
use async_graphql::{
    ObjectType, Request, Response, SDLExportOptions, Schema, SubscriptionType,
    parser::types::ExecutableDocument,
};
use djinn_kernel::Viewer;
use futures_util::{StreamExt, stream::BoxStream};
use std::{sync::Arc, time::Duration};

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
        self.schema.sdl_with_options(
            SDLExportOptions::new()
                .federation()
                .sorted_fields()
                .sorted_enum_items(),
        )
    }

    fn request(&self, call: Call) -> Request {
        let mut request = Request::new(&*call.query).variables(call.variables);
        if let Some(parsed) = self.parsed.get(&call.query) {
            request.set_parsed_query((*parsed).clone());
        } else if call.query.len() <= CACHED_TEXT
            && let Ok(parsed) = request.parsed_query()
        {
            self.parsed
                .insert(Arc::clone(&call.query), Arc::new(parsed.clone()));
        }
        if let Some(name) = call.operation_name {
            request = request.operation_name(name);
        }
        let request = (self.per_request)(request, &call.viewer);
        request.data(call.viewer).data(call.request_id)
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
        tokio::time::timeout(TIMEOUT, self.schema.execute(request))
            .await
            .map_err(|_| Unreachable::Timeout)
    }

    async fn subscribe(&self, call: Call) -> Result<BoxStream<'static, Response>, Unreachable> {
        Ok(self.schema.execute_stream(self.request(call)).boxed())
    }

    async fn ready(&self) -> Result<(), Unreachable> {
        Ok(())
    }
}
