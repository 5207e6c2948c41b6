//! Between the plan and the subgraphs: what is asked twice, what only once, and what not at all.
//! Time stands still in these tests, and moves on when nobody has anything to do.

mod again;
mod audience;
mod breaker;
mod shared;
mod streams;

use super::graphs::{error, errors, json, ports};
use async_graphql::{Response, ServerError, Value, value};
use djinn_kernel::{Role, Scope, Viewer, ids::PlayerId, viewer::Identity};
use djinn_router::{GraphRequest, GraphResponse, Limits, Router};
use djinn_subgraph_kit::{Call, RequestId, Subgraph, Unreachable, graph::coded};
use futures_util::{
    FutureExt, StreamExt,
    future::{BoxFuture, join_all},
    stream::{self, BoxStream},
};
use serde_json::json;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    sync::Notify,
    time::{Instant, advance, sleep},
};

const SUPERGRAPH: &str = include_str!("../../fixtures/stage.graphql");

type Act = dyn Fn(usize, &Call) -> BoxFuture<'static, Result<Response, Unreachable>> + Send + Sync;
type Opened = Result<Vec<Response>, Unreachable>;

/// A subgraph that does what the test says, and remembers what it was asked.
struct Stage {
    name: &'static str,
    act: Box<Act>,
    asked: Mutex<Vec<Call>>,
    streams: Mutex<VecDeque<Opened>>,
    opened: Mutex<Vec<Call>>,
}

impl Stage {
    fn new(
        act: impl Fn(usize, &Call) -> BoxFuture<'static, Result<Response, Unreachable>>
        + Send
        + Sync
        + 'static,
    ) -> Arc<Self> {
        Self::named("stage", act)
    }

    fn named(
        name: &'static str,
        act: impl Fn(usize, &Call) -> BoxFuture<'static, Result<Response, Unreachable>>
        + Send
        + Sync
        + 'static,
    ) -> Arc<Self> {
        Arc::new(Self {
            name,
            act: Box::new(act),
            asked: Mutex::default(),
            streams: Mutex::default(),
            opened: Mutex::default(),
        })
    }

    fn asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    /// Waits until it has been asked so often. On a paused clock no time passes meanwhile.
    async fn is_asked(&self, times: usize) {
        while self.asked() < times {
            tokio::task::yield_now().await;
        }
    }

    fn texts(&self) -> Vec<String> {
        let asked = self.asked.lock().unwrap();
        asked.iter().map(|call| call.query.to_string()).collect()
    }
}

#[async_trait::async_trait]
impl Subgraph for Stage {
    fn name(&self) -> &str {
        self.name
    }
    async fn execute(&self, call: Call) -> Result<Response, Unreachable> {
        let work = {
            let mut asked = self.asked.lock().unwrap();
            asked.push(call.clone());
            (self.act)(asked.len(), &call)
        };
        work.await
    }
    async fn subscribe(&self, call: Call) -> Result<BoxStream<'static, Response>, Unreachable> {
        self.opened.lock().unwrap().push(call);
        let next = self.streams.lock().unwrap().pop_front();
        Ok(stream::iter(next.unwrap_or(Err(Unreachable::Timeout))?).boxed())
    }
    async fn ready(&self) -> Result<(), Unreachable> {
        Ok(())
    }
}

fn router(stage: &Arc<Stage>, limits: Limits) -> Router {
    let other = Stage::named("other", |_, _| says(&value!({"calm": 7})));
    Router::new(
        SUPERGRAPH,
        vec![Arc::clone(stage) as Arc<dyn Subgraph>, other],
        limits,
        ports(),
    )
    .unwrap()
}

fn says(data: &Value) -> BoxFuture<'static, Result<Response, Unreachable>> {
    let data = data.clone();
    async move { Ok(Response::new(data)) }.boxed()
}

/// Says which time it was asked, after a second.
fn slowly(nth: usize) -> BoxFuture<'static, Result<Response, Unreachable>> {
    async move {
        sleep(Duration::from_secs(1)).await;
        Ok(Response::new(value!({"count": nth})))
    }
    .boxed()
}

fn broken() -> BoxFuture<'static, Result<Response, Unreachable>> {
    async { Err(Unreachable::Connection("reset".to_owned())) }.boxed()
}

fn silent() -> BoxFuture<'static, Result<Response, Unreachable>> {
    futures_util::future::pending().boxed()
}

fn person(number: u128, scopes: Vec<Scope>) -> Viewer {
    let player = PlayerId(uuid::Uuid::from_u128(number));
    Viewer::Known(Identity {
        player,
        household: player,
        role: Role::Player,
        scopes,
        family: None,
        login: None,
        key: None,
    })
}

async fn ask_as(router: &Router, viewer: Viewer, query: &str) -> GraphResponse {
    let request = GraphRequest::new(query, viewer, RequestId("req-1".into()));
    router.execute(request).await
}

async fn ask(router: &Router, query: &str) -> GraphResponse {
    ask_as(router, person(1, vec![Scope::ReadLibrary]), query).await
}

fn data(answer: &GraphResponse) -> serde_json::Value {
    json(answer)["data"].take()
}

const UNAVAILABLE: &str = "SUBGRAPH_UNAVAILABLE";
