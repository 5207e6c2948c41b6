//! The five real subgraphs in this process, each behind a switch.

use async_graphql::{Response, Variables};
use chrono::TimeDelta;
use djinn_kernel::{Role, Viewer, viewer::Identity};
use djinn_router::{GraphRequest, Limits, Router, RouterPorts};
use djinn_subgraph_kit::{
    Call, Parts, RequestId, Subgraph, Unreachable, endpoint, outbox, remote::Remote,
};
use djinn_testkit::{
    fault::FaultProxy,
    ports::{TestPorts, frozen_with},
};
use futures_util::stream::BoxStream;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

const SUPERGRAPH: &str = include_str!("../../../schema/supergraph.graphql");

/// Something of everybody.
pub const ALL: &str = "{ libraryStats { games } setup { needed } boards(first: 1) { totalCount } recommendGames(limit: 1) { score } game(id: \"00000000-0000-7000-8000-00000000ffff\") { id } }";
/// For what comes in a moment, on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(30);

/// The five.
pub const NAMES: [&str; 5] = ["session", "metadata", "library", "ai", "leaderboard"];

/// A subgraph whose process can be gone.
struct Switched {
    inner: Arc<dyn Subgraph>,
    down: Arc<AtomicBool>,
}

impl Switched {
    fn here(&self) -> Result<(), Unreachable> {
        if self.down.load(Ordering::SeqCst) {
            return Err(Unreachable::Connection("switched off".to_owned()));
        }
        Ok(())
    }
}

#[async_trait::async_trait]
impl Subgraph for Switched {
    fn name(&self) -> &str {
        self.inner.name()
    }
    async fn execute(&self, call: Call) -> Result<Response, Unreachable> {
        self.here()?;
        self.inner.execute(call).await
    }
    async fn subscribe(&self, call: Call) -> Result<BoxStream<'static, Response>, Unreachable> {
        self.here()?;
        self.inner.subscribe(call).await
    }
    async fn ready(&self) -> Result<(), Unreachable> {
        self.here()
    }
}

/// A hub without doors, whose owner has a few games.
pub struct World {
    /// The graph.
    pub router: Router,
    /// Its owner.
    pub owner: Viewer,
    down: Vec<(&'static str, Arc<AtomicBool>)>,
    /// In front of each subgraph, where a network lies between.
    proxies: HashMap<&'static str, FaultProxy>,
    ports: TestPorts,
    stop: CancellationToken,
    _tasks: Vec<AbortOnDropHandle<()>>,
}

impl World {
    /// With an empty library, each subgraph behind a switch.
    pub async fn new() -> Self {
        Self::made(false).await
    }

    /// The same, with a network between the router and each subgraph, and a proxy that can
    /// misbehave in it.
    pub async fn over_network() -> Self {
        Self::made(true).await
    }

    async fn made(network: bool) -> Self {
        let ports = frozen_with(&[
            ("metadata", djinn_metadata::CONSUMES),
            ("library", djinn_library::CONSUMES),
            ("ai", djinn_ai::CONSUMES),
            ("leaderboard", djinn_leaderboard::CONSUMES),
        ])
        .await;
        let mut world = Self::over(ports, network).await;
        world.set_up().await;
        world
    }

    async fn over(ports: TestPorts, network: bool) -> Self {
        let stop = CancellationToken::new();
        let ours = || ports.ports.clone();
        let parts = [
            djinn_session::Session::assemble(ours(), djinn_session::Config::default()),
            djinn_metadata::Metadata::assemble(ours(), djinn_metadata::Config::default()),
            djinn_library::Library::assemble(ours(), djinn_library::Config::default()),
            djinn_ai::Ai::assemble(ours(), djinn_ai::Config::default()),
            djinn_leaderboard::Leaderboard::assemble(ours(), djinn_leaderboard::Config::default()),
        ];
        let (mut down, mut tasks, mut proxies) = (Vec::new(), Vec::new(), HashMap::new());
        let mut switched: Vec<Arc<dyn Subgraph>> = Vec::new();
        for (name, part) in NAMES.into_iter().zip(parts) {
            let off = Arc::<AtomicBool>::default();
            let mut reached = Arc::clone(&part.subgraph);
            if network {
                let (proxy, remote) = elsewhere(name, reached, &ports).await;
                proxies.insert(name, proxy);
                reached = Arc::new(remote);
            }
            switched.push(Arc::new(Switched {
                inner: reached,
                down: Arc::clone(&off),
            }));
            down.push((name, off));
            start(name, part, &ports, &stop, &mut tasks);
        }
        let router_ports = RouterPorts {
            clock: Arc::clone(&ports.ports.clock),
            ids: Arc::clone(&ports.ports.ids),
        };
        let router = Router::new(SUPERGRAPH, switched, Limits::default(), router_ports).unwrap();
        Self {
            router,
            owner: Viewer::Anonymous,
            down,
            proxies,
            ports,
            stop,
            _tasks: tasks,
        }
    }

    async fn set_up(&mut self) {
        let token = djinn_session::setup_link_token(&self.ports.ports)
            .await
            .unwrap()
            .unwrap();
        let input = json!({ "token": token, "name": "Anna", "password": crate::hub::PASSWORD });
        let made = self
            .ask(
                "mutation($input: CompleteSetupInput!) { completeSetup(input: $input) { tokens { player { id } } problems { message } } }",
                json!({ "input": input }),
            )
            .await;
        assert_eq!(
            made["data"]["completeSetup"]["problems"],
            json!([]),
            "{made:#}"
        );
        let owner = djinn_session::owner(&self.ports.ports).await.unwrap();
        self.owner = Viewer::Known(Identity {
            scopes: Role::Admin.scopes(),
            ..owner.unwrap()
        });
    }

    /// Switches one off; all others are on.
    pub fn down(&self, dead: Option<&str>) {
        for (name, off) in &self.down {
            off.store(dead == Some(*name), Ordering::SeqCst);
        }
    }

    /// What stands in front of a subgraph.
    pub fn proxy(&self, subgraph: &str) -> &FaultProxy {
        &self.proxies[subgraph]
    }

    /// The whole answer to the owner.
    pub async fn ask(&self, query: &str, variables: Value) -> Value {
        let mut request = GraphRequest::new(query, self.owner.clone(), RequestId("story".into()));
        request.variables = Variables::from_json(variables);
        serde_json::to_value(self.router.execute(request).await).unwrap()
    }

    /// The data; any error ends the story.
    pub async fn data(&self, query: &str, variables: Value) -> Value {
        let mut answer = self.ask(query, variables).await;
        assert!(answer.get("errors").is_none(), "{query}\n{answer:#}");
        answer["data"].take()
    }

    /// Asks until it is so.
    pub async fn until(&self, query: &str, good: impl Fn(&Value) -> bool) -> Value {
        let asking = async {
            loop {
                let data = self.data(query, json!({})).await;
                if good(&data) {
                    return data;
                }
                tokio::time::sleep(Duration::from_millis(25)).await;
            }
        };
        let asked = tokio::time::timeout(PATIENCE, asking).await;
        asked.unwrap_or_else(|_| panic!("{query} was never so"))
    }

    /// Waits until everybody has heard of everything that has happened.
    pub async fn all_delivered(&self) {
        // One look at all of them: whoever takes an event says what follows from it before the event
        // counts as delivered.
        let waiting =
            outbox::row::Entity::find().filter(outbox::row::Column::DeliveredAt.is_null());
        let delivering = async {
            while waiting
                .clone()
                .count(self.ports.ports.db.read())
                .await
                .unwrap()
                > 0
            {
                tokio::time::sleep(Duration::from_millis(25)).await;
                // What could not be given to somebody at once is tried again later, by this clock.
                self.ports.clock.advance(TimeDelta::seconds(1));
                self.ports.ports.bus.poke(outbox::TOPIC);
            }
        };
        let waited = tokio::time::timeout(PATIENCE, delivering).await;
        waited.expect("every event is delivered");
    }

    /// Asks [`ALL`] until everybody answers: then every breaker is closed, and has no failure to
    /// remember.
    pub async fn whole_again(&self) -> Value {
        let asking = async {
            loop {
                let mut answer = self.ask(ALL, json!({})).await;
                if answer.get("errors").is_none() {
                    return answer["data"].take();
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let asked = tokio::time::timeout(PATIENCE, asking).await;
        asked.expect("whoever was away is asked again")
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Serves a subgraph on a port, and reaches it from there.
async fn elsewhere(
    name: &'static str,
    subgraph: Arc<dyn Subgraph>,
    ports: &TestPorts,
) -> (FaultProxy, Remote) {
    let (keys, clock) = (ports.ports.keys, Arc::clone(&ports.ports.clock));
    let guard = endpoint::Guard {
        keys,
        clock: Arc::clone(&clock),
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = FaultProxy::to(listener.local_addr().unwrap())
        .await
        .unwrap();
    let routes = endpoint::routes(subgraph, guard);
    tokio::spawn(async move { axum::serve(listener, routes).await });
    let remote = Remote::new(name, &proxy.url(), keys, clock).unwrap();
    (proxy, remote)
}

fn start(
    name: &'static str,
    part: Parts,
    ports: &TestPorts,
    stop: &CancellationToken,
    tasks: &mut Vec<AbortOnDropHandle<()>>,
) {
    let ports = &ports.ports;
    let mut spawn = |task: tokio::task::JoinHandle<()>| tasks.push(AbortOnDropHandle::new(task));
    spawn(tokio::spawn(outbox::relay(
        ports.db.clone(),
        Arc::clone(&ports.bus),
        Arc::clone(&ports.clock),
        name,
        stop.clone(),
    )));
    if let Some(consumer) = part.consumer {
        let (bus, stop) = (Arc::clone(&ports.bus), stop.clone());
        spawn(tokio::spawn(
            async move { bus.consume(consumer, stop).await },
        ));
    }
    for worker in part.workers {
        spawn(tokio::spawn(worker.start(stop.clone())));
    }
}
