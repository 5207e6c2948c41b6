//! The router: one graph out of the subgraphs.

use crate::{
    engine::Engine,
    error::{coded, seal},
    execute::{Found, Subgraphs},
    limits::Limits,
    plan::Planner,
    prepare::{Kind, Workshop},
    request::GraphRequest,
    response::GraphResponse,
    schema::Schema,
    validate::Validator,
};
use async_graphql::ServerError;
use djinn_kernel::{Clock, Code, Ids};
use djinn_subgraph_kit::Subgraph;
use futures_util::{
    StreamExt,
    future::join_all,
    stream::{self, BoxStream},
};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::{Duration, Instant},
};

/// What the router needs of the outside world.
#[derive(Clone)]
pub struct RouterPorts {
    /// Tells when a socket's credential has expired.
    pub clock: Arc<dyn Clock>,
    /// Names requests.
    pub ids: Arc<dyn Ids>,
}

/// The supergraph cannot be used.
#[derive(Debug, Clone, thiserror::Error)]
pub enum InvalidSupergraph {
    /// It is not GraphQL.
    #[error("the supergraph cannot be read: {0}")]
    Unreadable(String),
    /// It is GraphQL, but no supergraph.
    #[error("the supergraph cannot be planned on: {0}")]
    Unplannable(String),
    /// It names a subgraph that nobody gave us.
    #[error("the supergraph names the subgraph {0:?}, which is neither here nor has a URL")]
    MissingSubgraph(String),
}

/// The federation router. Cheap to clone.
#[derive(Clone)]
pub struct Router {
    engine: Arc<Engine>,
}

impl Router {
    /// A router for this supergraph, over these subgraphs.
    pub fn new(
        supergraph_sdl: &str,
        subgraphs: Vec<Arc<dyn Subgraph>>,
        limits: Limits,
        ports: RouterPorts,
    ) -> Result<Self, InvalidSupergraph> {
        let document = graphql_tools::parser::parse_schema::<String>(supergraph_sdl)
            .map_err(|error| InvalidSupergraph::Unreadable(error.to_string()))?
            .into_static();
        // The planner was made for files its own composer wrote; on others it may panic.
        let planner = catch_unwind(AssertUnwindSafe(|| Planner::new(&document)))
            .unwrap_or_else(|_| Err("it breaks the planner".to_owned()))
            .map_err(InvalidSupergraph::Unplannable)?;
        let subgraphs: Subgraphs = subgraphs
            .into_iter()
            .map(|subgraph| (subgraph.name().to_owned(), subgraph))
            .collect();
        if let Some((missing, _)) = planner
            .subgraphs()
            .find(|(name, _)| !subgraphs.contains_key(*name))
        {
            return Err(InvalidSupergraph::MissingSubgraph(missing.to_owned()));
        }
        let schema = Schema::new(planner.public_schema(), planner.types());
        let workshop = Workshop {
            planner,
            schema,
            validator: Validator::new(),
            limits,
        };
        Ok(Self {
            engine: Arc::new(Engine::new(workshop, subgraphs, ports)),
        })
    }

    /// Runs a query or a mutation.
    pub async fn execute(&self, request: GraphRequest) -> GraphResponse {
        let started = Instant::now();
        let (kind, mut response) = match self.engine.ready(&request).await {
            Err(errors) => (None, GraphResponse::refused(errors)),
            Ok((prepared, _)) if prepared.kind == Kind::Subscription => {
                let message = "Subscriptions need a WebSocket, or Accept: text/event-stream.";
                (
                    Some(Kind::Subscription),
                    GraphResponse::refused(vec![coded(Code::BadRequest, message)]),
                )
            }
            Ok((prepared, variables)) => {
                let found = self
                    .engine
                    .run(&prepared, &variables, &request, Found::default())
                    .await;
                (
                    Some(prepared.kind),
                    self.engine.show(&prepared, &variables, found),
                )
            }
        };
        seal(response.errors_mut(), &request.request_id);
        count(kind, &response, started);
        response
    }

    /// Starts a subscription. A query or mutation is run once and ends the stream. An error is a
    /// refusal: nothing was started.
    pub async fn subscribe(
        &self,
        request: GraphRequest,
    ) -> Result<BoxStream<'static, GraphResponse>, GraphResponse> {
        let prepared = self.engine.ready(&request).await;
        let refuse = |errors: Vec<ServerError>| {
            let mut response = GraphResponse::refused(errors);
            seal(response.errors_mut(), &request.request_id);
            response
        };
        let (prepared, variables) = prepared.map_err(refuse)?;
        if prepared.kind != Kind::Subscription {
            let router = self.clone();
            return Ok(stream::once(async move { router.execute(request).await }).boxed());
        }
        let events = self
            .engine
            .open(&prepared, &variables, &request)
            .await
            .map_err(|error| refuse(vec![error]))?;
        let engine = Arc::clone(&self.engine);
        let open = OpenSubscription::new();
        Ok(async_stream::stream! {
            let _open = open;
            let mut events = events;
            while let Some(event) = events.next().await {
                let found = engine.take_event(&prepared, &variables, &request, event);
                let found = engine.run(&prepared, &variables, &request, found).await;
                let mut response = engine.show(&prepared, &variables, found);
                seal(response.errors_mut(), &request.request_id);
                yield response;
            }
        }
        .boxed())
    }

    /// What kind of operation a request holds; nothing, when it cannot be run at all.
    pub(crate) async fn kind(&self, request: &GraphRequest) -> Option<Kind> {
        self.engine
            .prepared(request)
            .await
            .ok()
            .map(|prepared| prepared.kind)
    }

    /// The public schema.
    pub fn api_sdl(&self) -> &str {
        self.engine.workshop.schema.sdl()
    }

    /// Whether each subgraph can do its work now.
    pub async fn ready(&self) -> Vec<(String, Result<(), String>)> {
        let mut subgraphs: Vec<_> = self.engine.subgraphs.iter().collect();
        subgraphs.sort_by_key(|(name, _)| name.as_str());
        join_all(subgraphs.into_iter().map(|(name, subgraph)| async move {
            let answer = tokio::time::timeout(Duration::from_secs(3), subgraph.ready()).await;
            let outcome = match answer {
                Ok(Ok(())) => Ok(()),
                Ok(Err(reason)) => Err(reason.to_string()),
                Err(_) => Err("no answer in time".to_owned()),
            };
            (name.clone(), outcome)
        }))
        .await
    }

    /// The limits in force.
    pub fn limits(&self) -> &Limits {
        &self.engine.workshop.limits
    }

    pub(crate) fn ports(&self) -> &RouterPorts {
        &self.engine.ports
    }
}

/// Counts as open while it lives.
struct OpenSubscription;

impl OpenSubscription {
    fn new() -> Self {
        metrics::gauge!("djinn_router_subscriptions").increment(1.0);
        Self
    }
}

impl Drop for OpenSubscription {
    fn drop(&mut self) {
        metrics::gauge!("djinn_router_subscriptions").decrement(1.0);
    }
}

fn count(kind: Option<Kind>, response: &GraphResponse, started: Instant) {
    let kind = kind.map_or("unknown", Kind::as_str);
    let outcome = match (response.data(), response.errors().is_empty()) {
        (Some(_), true) => "ok",
        (Some(_), false) => "partial",
        (None, _) => "refused",
    };
    metrics::counter!("djinn_router_requests_total", "kind" => kind, "outcome" => outcome)
        .increment(1);
    metrics::histogram!("djinn_router_request_seconds", "kind" => kind)
        .record(started.elapsed().as_secs_f64());
}
