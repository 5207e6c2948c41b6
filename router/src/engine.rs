//! What the router does for a request, step by step: [`Engine::ready`], [`Engine::run`],
//! [`Engine::show`]; and for a subscription [`Engine::open`] before, and for each event
//! [`Engine::take_event`].

use crate::{
    GraphRequest, GraphResponse, aliases,
    error::{coded, fault},
    execute::{Execution, Found, Subgraphs, project::project},
    introspect,
    overrides::Side,
    prepare::{Kind, Prepared, Workshop},
    steps::{Plan, Target},
    subscription::{Audiences, Own, unavailable},
    traffic::{Position, Traffic},
    variables::coerce,
};
use async_graphql::{Response, ServerError, Value, Variables};
use djinn_kernel::{Code, Viewer};
use std::{
    hash::{Hash, Hasher},
    sync::Arc,
    time::Instant,
};
use tracing::Instrument;

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
    /// How they are asked.
    traffic: Traffic,
    /// Who follows what.
    pub audiences: Audiences,
    plans: moka::sync::Cache<(String, Option<String>, Side), Arc<Prepared>>,
    /// Planning is work for a core; more of it at once than cores would starve the requests.
    planning: Arc<tokio::sync::Semaphore>,
}

/// A document with the plan for one request's variables.
pub struct Ready {
    prepared: Arc<Prepared>,
    plan: Arc<Plan>,
    /// What it may cost.
    pub estimated: u64,
}

impl std::ops::Deref for Ready {
    type Target = Prepared;

    fn deref(&self) -> &Prepared {
        &self.prepared
    }
}

impl Ready {
    /// Whether two are the same document, planned alike.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.prepared, &other.prepared) && Arc::ptr_eq(&self.plan, &other.plan)
    }
}

impl Hash for Ready {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.prepared).hash(state);
    }
}

impl Engine {
    /// Everything for one supergraph and its subgraphs.
    pub fn new(workshop: Workshop, subgraphs: Subgraphs) -> Self {
        // Fragments spread out make a big plan of a short text: it takes the place of several.
        let plans = moka::sync::Cache::builder()
            .weigher(|_, prepared: &Arc<Prepared>| {
                u32::try_from(1 + prepared.shape.fields() / USUAL_FIELDS).unwrap_or(u32::MAX)
            })
            .max_capacity(workshop.limits.plan_cache)
            .build();
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self {
            traffic: Traffic::new(&subgraphs, &workshop.limits),
            audiences: Audiences::default(),
            workshop: Arc::new(workshop),
            subgraphs,
            plans,
            planning: Arc::new(tokio::sync::Semaphore::new(cores)),
        }
    }

    /// The document prepared, and the variables checked against it.
    pub async fn ready(
        &self,
        request: &GraphRequest,
    ) -> Result<(Ready, Variables), Vec<ServerError>> {
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
        let Workshop {
            weights, limits, ..
        } = &*self.workshop;
        let estimated = prepared.estimate.check(weights, &variables, limits);
        let estimated = estimated.map_err(|error| vec![error])?;
        for (name, limit, estimate) in &prepared.estimates_of {
            estimate
                .check_of((name, *limit), weights, &variables)
                .map_err(|error| vec![error])?;
        }
        let plan = match prepared.ways.known(&variables) {
            Some(plan) => plan,
            None => self.plan(request, &prepared, &variables).await?,
        };
        let ready = Ready {
            prepared,
            plan,
            estimated,
        };
        Ok((ready, variables))
    }

    /// The document prepared, from the cache if it has been before.
    pub async fn prepared(
        &self,
        request: &GraphRequest,
    ) -> Result<Arc<Prepared>, Vec<ServerError>> {
        let side = self.workshop.planner.shares().side(&request.request_id);
        let key = (request.query.clone(), request.operation_name.clone(), side);
        if let Some(prepared) = self.plans.get(&key) {
            metrics::counter!("djinn_router_plans_total", "cache" => "hit").increment(1);
            drop(tracing::debug_span!("prepare", cached = true));
            return Ok(prepared);
        }
        metrics::counter!("djinn_router_plans_total", "cache" => "miss").increment(1);
        self.prepare(request, key)
            .instrument(tracing::debug_span!("prepare", cached = false))
            .await
    }

    /// Prepares a document that is not in the cache.
    async fn prepare(
        &self,
        request: &GraphRequest,
        key: (String, Option<String>, Side),
    ) -> Result<Arc<Prepared>, Vec<ServerError>> {
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
        let (text, operation, side) = key.clone();
        let prepared = tokio::task::spawn_blocking(move || {
            // Held by the work, not by whoever waits for it: a client that hangs up and asks
            // for something else would otherwise plan on more cores than there are.
            let _turn = turn;
            let started = Instant::now();
            let prepared = workshop.prepare(&text, operation.as_deref(), side);
            metrics::histogram!("djinn_router_plan_seconds")
                .record(started.elapsed().as_secs_f64());
            prepared
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

    /// Plans a document whose conditions are answered otherwise than before.
    async fn plan(
        &self,
        request: &GraphRequest,
        prepared: &Arc<Prepared>,
        variables: &Variables,
    ) -> Result<Arc<Plan>, Vec<ServerError>> {
        let broken = |detail: &dyn std::fmt::Display| vec![fault(&request.request_id, detail)];
        let turn = Arc::clone(&self.planning)
            .acquire_owned()
            .await
            .map_err(|error| broken(&error))?;
        if let Some(plan) = prepared.ways.known(variables) {
            return Ok(plan);
        }
        let workshop = Arc::clone(&self.workshop);
        let (prepared, variables) = (Arc::clone(prepared), variables.clone());
        tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let started = Instant::now();
            let plan = workshop.plan(&prepared.ways, &variables);
            metrics::histogram!("djinn_router_plan_seconds")
                .record(started.elapsed().as_secs_f64());
            plan
        })
        .await
        .map_err(|panic| broken(&panic))?
    }

    fn execution<'a>(
        &'a self,
        request: &'a GraphRequest,
        variables: &'a Variables,
        share: bool,
    ) -> Execution<'a> {
        Execution {
            traffic: &self.traffic,
            share,
            types: &self.workshop.schema.types,
            variables,
            viewer: &request.viewer,
            request_id: &request.request_id,
            forwarded: &request.forwarded,
            client: request.client,
            deadline: tokio::time::Instant::now() + self.workshop.limits.request_time(),
        }
    }

    /// Runs the plan on what has been found before.
    pub async fn run(
        &self,
        prepared: &Ready,
        variables: &Variables,
        request: &GraphRequest,
        found: Found,
    ) -> Found {
        // What a mutation or an event leads to was asked for because something changed.
        let share = prepared.kind == Kind::Query;
        self.execution(request, variables, share)
            .run(prepared.plan.step.as_ref(), found)
            .await
    }

    /// The answer, in the document's own shape.
    pub fn show(&self, prepared: &Prepared, variables: &Variables, found: Found) -> GraphResponse {
        let Found {
            mut data,
            mut errors,
            failures,
        } = found;
        let Workshop {
            schema,
            weights,
            limits,
            ..
        } = &*self.workshop;
        failures.tell(
            &prepared.shape,
            variables,
            &schema.types,
            &data,
            &mut errors,
        );
        aliases::tell(errors.told_mut());
        if prepared.introspects {
            introspect::answer(schema, &prepared.shape, variables, &mut data);
        }
        let shown = project(
            (schema, weights, limits),
            variables,
            &prepared.root,
            &prepared.shape,
            data,
            &mut errors,
        );
        match shown {
            Ok((data, cost)) => GraphResponse::executed(data, errors.into_told()).that_cost(cost),
            // Something ran, so there is data, but none of it.
            Err(too_large) => GraphResponse::executed(Value::Null, vec![too_large]),
        }
    }

    /// Opens the one upstream stream of a subscription: from its beginning, or behind a position
    /// that one of its events had.
    pub async fn open(
        &self,
        prepared: &Ready,
        variables: &Variables,
        request: &GraphRequest,
        at: Option<Arc<Position>>,
    ) -> Result<Own, ServerError> {
        let Plan {
            source: Some(source),
            ..
        } = &*prepared.plan
        else {
            return Err(fault(
                &request.request_id,
                &"a subscription was planned without a source",
            ));
        };
        let call = self.execution(request, variables, false).call(source);
        self.traffic
            .subscribe(&self.workshop.schema, &source.subgraph, call, at)
            .await
            .map_err(|_| unavailable())
    }

    /// One event as the start of an execution.
    pub fn take_event(
        &self,
        prepared: &Ready,
        variables: &Variables,
        request: &GraphRequest,
        event: Response,
    ) -> Found {
        let mut found = Found::default();
        let rewrites = match prepared.plan.source.as_ref().map(|source| &source.target) {
            Some(Target::Root { rewrites, .. }) => rewrites.as_slice(),
            _ => &[],
        };
        self.execution(request, variables, false)
            .merge_event(&mut found, event, rewrites);
        found
    }
}
