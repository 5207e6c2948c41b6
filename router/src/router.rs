//! The router: one graph out of the subgraphs.

use crate::{
    discreet,
    engine::{Engine, Ready},
    error::{coded, seal},
    execute::{Found, Subgraphs},
    limits::Limits,
    prepare::{Kind, Workshop},
    request::GraphRequest,
    response::GraphResponse,
    subscription::{self, Following, GraphEvent, Standing},
    supergraph::{InvalidSupergraph, Listed, Supergraph},
    trace as spans,
    validate::Validator,
};
use arc_swap::ArcSwap;
use async_graphql::ServerError;
use djinn_kernel::{Clock, Code, Ids, TraceParent};
use djinn_subgraph_kit::{Subgraph, trace};
use futures_util::{
    StreamExt,
    future::join_all,
    stream::{self, BoxStream},
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tracing::Span;

/// What the router needs of the outside world.
#[derive(Clone)]
pub struct RouterPorts {
    /// Tells when a socket's credential has expired.
    pub clock: Arc<dyn Clock>,
    /// Names requests.
    pub ids: Arc<dyn Ids>,
}

/// The federation router. Cheap to clone; every clone serves the same supergraph, also after
/// [`Router::replace`].
#[derive(Clone)]
pub struct Router {
    shared: Arc<Shared>,
}

struct Shared {
    engine: ArcSwap<Engine>,
    limits: Limits,
    ports: RouterPorts,
}

impl Router {
    /// A router for this supergraph, over these subgraphs.
    pub fn new(
        supergraph_sdl: &str,
        subgraphs: Vec<Arc<dyn Subgraph>>,
        limits: Limits,
        ports: RouterPorts,
    ) -> Result<Self, InvalidSupergraph> {
        Self::of(Supergraph::read(supergraph_sdl)?, subgraphs, limits, ports)
    }

    /// The same, for a supergraph that has been read.
    pub fn of(
        supergraph: Supergraph,
        subgraphs: Vec<Arc<dyn Subgraph>>,
        limits: Limits,
        ports: RouterPorts,
    ) -> Result<Self, InvalidSupergraph> {
        let engine = engine(supergraph, subgraphs, &limits)?;
        Ok(Self {
            shared: Arc::new(Shared {
                engine: ArcSwap::from_pointee(engine),
                limits,
                ports,
            }),
        })
    }

    /// Serves another supergraph from now on. What runs already, an open subscription as well, ends
    /// on the one it began with. After an error nothing has changed.
    pub fn replace(
        &self,
        supergraph: Supergraph,
        subgraphs: Vec<Arc<dyn Subgraph>>,
    ) -> Result<(), InvalidSupergraph> {
        let engine = engine(supergraph, subgraphs, self.limits())?;
        self.shared.engine.store(Arc::new(engine));
        Ok(())
    }

    /// What serves a request from its beginning to its end.
    fn engine(&self) -> Arc<Engine> {
        self.shared.engine.load_full()
    }

    /// Runs a query or a mutation.
    pub async fn execute(&self, request: GraphRequest) -> GraphResponse {
        trace::at(self.place(), self.answer(request)).await
    }

    /// Where the request stands in its trace: where the door has put it.
    fn place(&self) -> TraceParent {
        trace::here().unwrap_or_else(|| TraceParent::root(self.ports().ids.new_id()))
    }

    async fn answer(&self, request: GraphRequest) -> GraphResponse {
        let started = Instant::now();
        let engine = self.engine();
        let (prepared, mut response) = match engine.ready(&request).await {
            Err(errors) => (None, GraphResponse::refused(errors)),
            Ok((prepared, _)) if prepared.kind == Kind::Subscription => {
                let message = "Subscriptions need a WebSocket, or Accept: text/event-stream.";
                (
                    Some(prepared),
                    GraphResponse::refused(vec![coded(Code::BadRequest, message)]),
                )
            }
            Ok((prepared, variables)) => {
                spans::know(&prepared, &request);
                let found = engine
                    .run(&prepared, &variables, &request, Found::default())
                    .await;
                let response = engine.show(&prepared, &variables, found);
                (Some(prepared), response)
            }
        };
        if request.discreet {
            response = discreet::cover(response);
        }
        seal(response.errors_mut(), &request.request_id);
        count(prepared.as_ref(), &request, &response, started);
        response
    }

    /// Starts a subscription. A query or mutation is run once and ends the stream. An error is a
    /// refusal: nothing was started.
    pub async fn subscribe(
        &self,
        request: GraphRequest,
    ) -> Result<BoxStream<'static, GraphEvent>, GraphResponse> {
        let place = self.place();
        trace::at(place, self.open(request, place)).await
    }

    async fn open(
        &self,
        request: GraphRequest,
        place: TraceParent,
    ) -> Result<BoxStream<'static, GraphEvent>, GraphResponse> {
        let engine = self.engine();
        let prepared = engine.ready(&request).await;
        let refuse = |errors: Vec<ServerError>| {
            let mut response = GraphResponse::refused(errors);
            if request.discreet {
                response = discreet::cover(response);
            }
            seal(response.errors_mut(), &request.request_id);
            response
        };
        let (prepared, variables) = prepared.map_err(refuse)?;
        if prepared.kind != Kind::Subscription {
            let router = self.clone();
            let once = stream::once(async move { router.execute(request).await.into() });
            return Ok(trace::stream(Some(place), Span::current(), once.boxed()));
        }
        spans::know(&prepared, &request);
        let stands = Standing {
            place,
            span: Span::current(),
        };
        let following = Following::new(engine, prepared, variables, request, stands);
        match following.open(None).await {
            Ok(own) => Ok(subscription::events(following, own)),
            Err(error) => Err(following.refuse(error).into_response()),
        }
    }

    /// What kind of operation a request holds; nothing, when it cannot be run at all.
    pub(crate) async fn kind(&self, request: &GraphRequest) -> Option<Kind> {
        self.engine()
            .prepared(request)
            .await
            .ok()
            .map(|prepared| prepared.kind)
    }

    /// Whether a request is a mutation of these fields, and of nothing else.
    pub async fn only_asks(&self, request: &GraphRequest, fields: &[String]) -> bool {
        let prepared = self.engine().prepared(request).await;
        prepared.is_ok_and(|prepared| prepared.only_asks(fields))
    }

    /// The public schema.
    pub fn api_sdl(&self) -> String {
        self.engine().workshop.schema.sdl().to_owned()
    }

    /// Whether each subgraph can do its work now.
    pub async fn ready(&self) -> Vec<(String, Result<(), String>)> {
        let engine = self.engine();
        let mut subgraphs: Vec<_> = engine.subgraphs.iter().collect();
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

    /// The names of the subgraphs, in order.
    pub fn subgraphs(&self) -> Vec<String> {
        let mut names: Vec<_> = self.engine().subgraphs.keys().cloned().collect();
        names.sort_unstable();
        names
    }

    /// The limits in force.
    pub fn limits(&self) -> &Limits {
        &self.shared.limits
    }

    pub(crate) fn ports(&self) -> &RouterPorts {
        &self.shared.ports
    }
}

fn engine(
    supergraph: Supergraph,
    subgraphs: Vec<Arc<dyn Subgraph>>,
    limits: &Limits,
) -> Result<Engine, InvalidSupergraph> {
    let subgraphs: Subgraphs = subgraphs
        .into_iter()
        .map(|subgraph| (subgraph.name().to_owned(), subgraph))
        .collect();
    let missing = |listed: &&Listed| !subgraphs.contains_key(&listed.name);
    if let Some(missing) = supergraph.subgraphs().iter().find(missing) {
        return Err(InvalidSupergraph::MissingSubgraph(missing.name.clone()));
    }
    let workshop = Workshop {
        planner: supergraph.planner,
        schema: supergraph.schema,
        weights: supergraph.weights,
        validator: Validator::new(),
        limits: limits.clone(),
    };
    Ok(Engine::new(workshop, subgraphs))
}

fn count(
    ready: Option<&Ready>,
    request: &GraphRequest,
    response: &GraphResponse,
    started: Instant,
) {
    let prepared = ready.map(|ready| &**ready);
    let kind = prepared.map_or("unknown", |prepared| prepared.kind.as_str());
    let operation = spans::label(prepared, request);
    let outcome = match (response.data(), response.errors().is_empty()) {
        (Some(_), true) => "ok",
        (Some(_), false) => "partial",
        (None, _) => "refused",
    };
    spans::end(outcome, response.code());
    if let Some(ready) = ready {
        spans::cost(ready.estimated, response.cost());
        metrics::histogram!("djinn_router_cost", "operation" => Arc::clone(&operation))
            .record(response.cost() as f64);
    }
    metrics::counter!("djinn_router_requests_total", "kind" => kind, "operation" => Arc::clone(&operation), "outcome" => outcome)
        .increment(1);
    metrics::histogram!("djinn_router_request_seconds", "kind" => kind, "operation" => operation)
        .record(started.elapsed().as_secs_f64());
}
