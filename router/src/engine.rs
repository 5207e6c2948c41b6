//! What the router does for a request, step by step: [`Engine::ready`], [`Engine::run`],
//! [`Engine::show`]; and for a subscription [`Engine::open`] before, and for each event
//! [`Engine::take_event`].

use crate::{
    GraphRequest, GraphResponse, RouterPorts,
    error::{coded, fault},
    execute::{Execution, Found, Subgraphs, project::project},
    introspect,
    prepare::{Prepared, Workshop},
    size,
    steps::{Plan, Target},
    variables::coerce,
};
use async_graphql::{Response, ServerError, Variables};
use djinn_kernel::{Code, Viewer};
use futures_util::stream::BoxStream;
use std::sync::Arc;

/// Longer documents are planned each time.
const CACHED_TEXT: usize = 16 * 1024;
/// A document of no more fields counts as one in the cache of plans.
const USUAL_FIELDS: usize = 64;

/// Everything a request needs, shared by all of them.
pub struct Engine {
    /// Prepares documents.
    pub workshop: Arc<Workshop>,
    /// Whom to ask.
    pub subgraphs: Subgraphs,
    /// The outside world.
    pub ports: RouterPorts,
    plans: moka::sync::Cache<(String, Option<String>), Arc<Prepared>>,
    /// Planning is work for a core; more of it at once than cores would starve the requests.
    planning: Arc<tokio::sync::Semaphore>,
}

impl Engine {
    /// Everything for one supergraph and its subgraphs.
    pub fn new(workshop: Workshop, subgraphs: Subgraphs, ports: RouterPorts) -> Self {
        // Fragments spread out make a big plan of a short text: it takes the place of several.
        let plans = moka::sync::Cache::builder()
            .weigher(|_, prepared: &Arc<Prepared>| {
                u32::try_from(1 + size::fields(&prepared.shape) / USUAL_FIELDS).unwrap_or(u32::MAX)
            })
            .max_capacity(workshop.limits.plan_cache)
            .build();
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self {
            workshop: Arc::new(workshop),
            subgraphs,
            ports,
            plans,
            planning: Arc::new(tokio::sync::Semaphore::new(cores)),
        }
    }

    /// The document prepared, and the variables checked against it.
    pub async fn ready(
        &self,
        request: &GraphRequest,
    ) -> Result<(Arc<Prepared>, Variables), Vec<ServerError>> {
        let prepared = self.prepared(request).await?;
        if prepared.introspects && !request.introspection {
            let code = if request.viewer == Viewer::Anonymous {
                Code::Unauthenticated
            } else {
                Code::Forbidden
            };
            return Err(vec![coded(code, "This caller may not ask for the schema.")]);
        }
        let variables = coerce(
            &self.workshop.schema,
            &prepared.variables,
            request.variables.clone(),
        )?;
        size::check(&prepared.shape, &variables, self.workshop.limits.objects)
            .map_err(|error| vec![error])?;
        Ok((prepared, variables))
    }

    /// The document prepared, from the cache if it has been before.
    pub async fn prepared(
        &self,
        request: &GraphRequest,
    ) -> Result<Arc<Prepared>, Vec<ServerError>> {
        let key = (request.query.clone(), request.operation_name.clone());
        if let Some(prepared) = self.plans.get(&key) {
            metrics::counter!("djinn_router_plans_total", "cache" => "hit").increment(1);
            return Ok(prepared);
        }
        metrics::counter!("djinn_router_plans_total", "cache" => "miss").increment(1);
        let broken = |detail: &dyn std::fmt::Display| vec![fault(&request.request_id, detail)];
        let turn = Arc::clone(&self.planning)
            .acquire_owned()
            .await
            .map_err(|error| broken(&error))?;
        // Whoever waited may find it done.
        if let Some(prepared) = self.plans.get(&key) {
            return Ok(prepared);
        }
        let workshop = Arc::clone(&self.workshop);
        let (text, operation) = key.clone();
        let prepared = tokio::task::spawn_blocking(move || {
            // Held by the work, not by whoever waits for it: a client that hangs up and asks
            // for something else would otherwise plan on more cores than there are.
            let _turn = turn;
            workshop.prepare(&text, operation.as_deref())
        })
        .await
        .map_err(|panic| broken(&panic))??;
        let prepared = Arc::new(prepared);
        // A thousand texts of a mebibyte each would be a way to fill the memory.
        if key.0.len() <= CACHED_TEXT {
            self.plans.insert(key, Arc::clone(&prepared));
        }
        Ok(prepared)
    }

    fn execution<'a>(
        &'a self,
        request: &'a GraphRequest,
        variables: &'a Variables,
    ) -> Execution<'a> {
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

    /// Runs the plan on what has been found before.
    pub async fn run(
        &self,
        prepared: &Prepared,
        variables: &Variables,
        request: &GraphRequest,
        found: Found,
    ) -> Found {
        self.execution(request, variables)
            .run(prepared.plan.step.as_ref(), found)
            .await
    }

    /// The answer, in the document's own shape.
    pub fn show(&self, prepared: &Prepared, variables: &Variables, found: Found) -> GraphResponse {
        let Found {
            mut data,
            mut errors,
        } = found;
        let schema = &self.workshop.schema;
        if prepared.introspects {
            introspect::answer(schema, &prepared.shape, variables, &mut data);
        }
        let shown = project(
            schema,
            variables,
            &prepared.root,
            &prepared.shape,
            data,
            &mut errors,
        );
        GraphResponse::executed(shown, errors)
    }

    /// Opens the one upstream stream of a subscription.
    pub async fn open(
        &self,
        prepared: &Prepared,
        variables: &Variables,
        request: &GraphRequest,
    ) -> Result<BoxStream<'static, Response>, ServerError> {
        let Plan {
            source: Some(source),
            ..
        } = &prepared.plan
        else {
            return Err(fault(
                &request.request_id,
                &"a subscription was planned without a source",
            ));
        };
        let unavailable = |reason: &dyn std::fmt::Display| {
            tracing::warn!(request_id = %request.request_id, subgraph = %source.subgraph, "cannot subscribe: {reason}");
            coded(
                Code::SubgraphUnavailable,
                "The part of the hub that has these events does not answer.",
            )
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
    pub fn take_event(
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
        self.execution(request, variables)
            .merge_event(&mut found, event, rewrites);
        found
    }
}
