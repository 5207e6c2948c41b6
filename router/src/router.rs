//! The router: one graph out of the subgraphs.

use crate::{
    error::{coded, fault, seal},
    execute::{Execution, Found, Subgraphs, project::project},
    introspect,
    limits::Limits,
    plan::{Plan, Planner, Target},
    prepare::{Kind, Prepared, Workshop},
    request::GraphRequest,
    response::GraphResponse,
    schema::Schema,
    validate::Validator,
    variables::coerce,
};
use async_graphql::{Response, ServerError, Variables};
use djinn_kernel::{Clock, Code, Ids, Viewer};
use djinn_subgraph_kit::Subgraph;
use futures_util::{
    StreamExt,
    future::join_all,
    stream::{self, BoxStream},
};
use std::{sync::Arc, time::Instant};

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
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    workshop: Arc<Workshop>,
    subgraphs: Subgraphs,
    ports: RouterPorts,
    plans: moka::sync::Cache<(String, Option<String>), Arc<Prepared>>,
    /// Planning is work for a core; more of it at once than cores would starve the requests.
    planning: tokio::sync::Semaphore,
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
        let planner = Planner::new(&document).map_err(InvalidSupergraph::Unplannable)?;
        let subgraphs: Subgraphs =
            subgraphs.into_iter().map(|subgraph| (subgraph.name().to_owned(), subgraph)).collect();
        if let Some((missing, _)) = planner.subgraphs().find(|(name, _)| !subgraphs.contains_key(*name)) {
            return Err(InvalidSupergraph::MissingSubgraph(missing.to_owned()));
        }
        let schema = Schema::new(planner.public_schema(), planner.types());
        let plans = moka::sync::Cache::new(limits.plan_cache);
        let workshop = Arc::new(Workshop { planner, schema, validator: Validator::new(), limits });
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let planning = tokio::sync::Semaphore::new(cores);
        Ok(Self { inner: Arc::new(Inner { workshop, subgraphs, ports, plans, planning }) })
    }

    /// Runs a query or a mutation.
    pub async fn execute(&self, request: GraphRequest) -> GraphResponse {
        let started = Instant::now();
        let (kind, mut response) = match self.inner.ready(&request).await {
            Err(errors) => (None, GraphResponse::refused(errors)),
            Ok((prepared, _)) if prepared.kind == Kind::Subscription => {
                let message = "Subscriptions need a WebSocket, or Accept: text/event-stream.";
                (Some(Kind::Subscription), GraphResponse::refused(vec![coded(Code::BadRequest, message)]))
            }
            Ok((prepared, variables)) => {
                let found = self.inner.run(&prepared, &variables, &request, Found::default()).await;
                (Some(prepared.kind), self.inner.show(&prepared, &variables, found))
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
        let prepared = self.inner.ready(&request).await;
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
        let events = self.inner.open(&prepared, &variables, &request).await.map_err(|error| refuse(vec![error]))?;
        let inner = Arc::clone(&self.inner);
        let open = OpenSubscription::new();
        Ok(async_stream::stream! {
            let _open = open;
            let mut events = events;
            while let Some(event) = events.next().await {
                let found = inner.take_event(&prepared, &variables, &request, event);
                let found = inner.run(&prepared, &variables, &request, found).await;
                let mut response = inner.show(&prepared, &variables, found);
                seal(response.errors_mut(), &request.request_id);
                yield response;
            }
        }
        .boxed())
    }

    /// What kind of operation a request holds; nothing, when it cannot be run at all.
    pub(crate) async fn kind(&self, request: &GraphRequest) -> Option<Kind> {
        self.inner.prepared(request).await.ok().map(|prepared| prepared.kind)
    }

    /// The public schema.
    pub fn api_sdl(&self) -> &str {
        self.inner.workshop.schema.sdl()
    }

    /// Whether each subgraph can do its work now.
    pub async fn ready(&self) -> Vec<(String, Result<(), String>)> {
        let mut subgraphs: Vec<_> = self.inner.subgraphs.iter().collect();
        subgraphs.sort_by_key(|(name, _)| name.as_str());
        join_all(subgraphs.into_iter().map(|(name, subgraph)| async move {
            let answer = tokio::time::timeout(std::time::Duration::from_secs(3), subgraph.ready()).await;
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
        &self.inner.workshop.limits
    }

    pub(crate) fn ports(&self) -> &RouterPorts {
        &self.inner.ports
    }
}

impl Inner {
    /// The document prepared, and the variables checked against it.
    async fn ready(&self, request: &GraphRequest) -> Result<(Arc<Prepared>, Variables), Vec<ServerError>> {
        let prepared = self.prepared(request).await?;
        if prepared.introspects && !request.introspection {
            let code = if request.viewer == Viewer::Anonymous { Code::Unauthenticated } else { Code::Forbidden };
            return Err(vec![coded(code, "This caller may not ask for the schema.")]);
        }
        let variables = coerce(&self.workshop.schema, &prepared.variables, request.variables.clone())?;
        Ok((prepared, variables))
    }

    async fn prepared(&self, request: &GraphRequest) -> Result<Arc<Prepared>, Vec<ServerError>> {
        let key = (request.query.clone(), request.operation_name.clone());
        if let Some(prepared) = self.plans.get(&key) {
            metrics::counter!("djinn_router_plans_total", "cache" => "hit").increment(1);
            return Ok(prepared);
        }
        metrics::counter!("djinn_router_plans_total", "cache" => "miss").increment(1);
        let broken = |detail: &dyn std::fmt::Display| vec![fault(&request.request_id, detail)];
        let _turn = self.planning.acquire().await.map_err(|error| broken(&error))?;
        // Whoever waited may find it done.
        if let Some(prepared) = self.plans.get(&key) {
            return Ok(prepared);
        }
        let workshop = Arc::clone(&self.workshop);
        let (text, operation) = key.clone();
        let prepared = tokio::task::spawn_blocking(move || workshop.prepare(&text, operation.as_deref()))
            .await
            .map_err(|panic| broken(&panic))??;
        let prepared = Arc::new(prepared);
        // A thousand texts of a mebibyte each would be a way to fill the memory.
        if key.0.len() <= CACHED_TEXT {
            self.plans.insert(key, Arc::clone(&prepared));
        }
        Ok(prepared)
    }

    fn execution<'a>(&'a self, request: &'a GraphRequest, variables: &'a Variables) -> Execution<'a> {
        let limits = &self.workshop.limits;
        Execution {
            subgraphs: &self.subgraphs,
            types: &self.workshop.schema.types,
            variables,
            viewer: &request.viewer,
            request_id: &request.request_id,
            patience: limits.subgraph_time(),
            deadline: tokio::time::Instant::now() + limits.request_time(),
        }
    }

    async fn run(&self, prepared: &Prepared, variables: &Variables, request: &GraphRequest, found: Found) -> Found {
        self.execution(request, variables).run(prepared.plan.step.as_ref(), found).await
    }

    fn show(&self, prepared: &Prepared, variables: &Variables, found: Found) -> GraphResponse {
        let Found { mut data, mut errors } = found;
        let schema = &self.workshop.schema;
        if prepared.introspects {
            introspect::answer(schema, &prepared.shape, variables, &mut data);
        }
        let shown = project(schema, variables, &prepared.root, &prepared.shape, data, &mut errors);
        GraphResponse::executed(shown, errors)
    }

    /// Opens the one upstream stream of a subscription.
    async fn open(
        &self,
        prepared: &Prepared,
        variables: &Variables,
        request: &GraphRequest,
    ) -> Result<BoxStream<'static, Response>, ServerError> {
        let Plan { source: Some(source), .. } = &prepared.plan else {
            return Err(fault(&request.request_id, &"a subscription was planned without a source"));
        };
        let unavailable = |reason: &dyn std::fmt::Display| {
            tracing::warn!(request_id = %request.request_id, subgraph = %source.subgraph, "cannot subscribe: {reason}");
            coded(Code::SubgraphUnavailable, "The part of the hub that has these events does not answer.")
        };
        let Some(subgraph) = self.subgraphs.get(source.subgraph.as_ref()) else {
            return Err(unavailable(&"no such subgraph is configured"));
        };
        let call = self.execution(request, variables).call(source);
        let limit = self.workshop.limits.subgraph_time();
        match tokio::time::timeout(limit, subgraph.subscribe(call)).await {
            Ok(Ok(events)) => Ok(events),
            Ok(Err(reason)) => Err(unavailable(&reason)),
            Err(_) => Err(unavailable(&"no answer in time")),
        }
    }

    /// One event as the start of an execution.
    fn take_event(
        &self,
        prepared: &Prepared,
        variables: &Variables,
        request: &GraphRequest,
        event: Response,
    ) -> Found {
        let mut found = Found::default();
        let rewrites = match prepared.plan.source.as_ref().map(|source| &source.target) {
            Some(Target::Root { rewrites, .. }) => rewrites.as_slice(),
            _ => &[],
        };
        self.execution(request, variables).merge_event(&mut found, event, rewrites);
        found
    }
}

/// Longer documents are planned each time.
const CACHED_TEXT: usize = 16 * 1024;

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
    metrics::counter!("djinn_router_requests_total", "kind" => kind, "outcome" => outcome).increment(1);
    metrics::histogram!("djinn_router_request_seconds", "kind" => kind).record(started.elapsed().as_secs_f64());
}
