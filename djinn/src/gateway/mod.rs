//! `djinn router`: the federation router by itself, before anybody's subgraphs.
//!
//! No database, no accounts, nothing of games: a supergraph file, and subgraphs over HTTP. What
//! the doors, the limits and the drain are to the hub they are here.

mod anyone;
mod error;
mod file;
mod subgraphs;

pub use error::GatewayError;

use self::{
    anyone::Anyone,
    file::{File, Terms},
    subgraphs::Places,
};
use crate::{
    background::Background,
    cli,
    config::Config,
    documents::Sent,
    figures, print,
    serve::{connections, door_config, drain, limits, served, start_metrics},
    start::StartError,
    stop_signal,
    web::{
        self,
        health::{Health, Subgraphs},
    },
};
use djinn_platform::{SystemClock, SystemIds};
use djinn_router::{
    AnonymousDocuments, InvalidSupergraph, Limits, Router, RouterPorts, Supergraph,
    door::{self, DoorConfig, Rate, Rates},
};
use djinn_subgraph_kit::{Forwarded, remote::Frankness};
use http::HeaderName;
use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf, sync::Arc};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Serves until the process is asked to stop.
pub async fn run(mut config: Config, options: cli::Router) -> Result<(), StartError> {
    let stop = stop_signal();
    if let Some(metrics) = &options.metrics {
        config.server.metrics.clone_from(metrics);
    }
    let forward_headers = forwarded(&options.forward_headers)?;
    let frankness = match options.subgraph_errors {
        cli::SubgraphErrors::Hidden => Frankness::Hidden,
        cli::SubgraphErrors::Told => Frankness::Told,
    };
    let places = Places::new(&options.subgraphs, frankness)?;
    let terms = Terms {
        labels: options.override_labels.clone(),
        enforced_by_subgraphs: options.rules_are_enforced_by_subgraphs,
    };
    let (file, supergraph) = read(options.supergraph.clone(), terms).await?;
    let costs = options.subgraph_costs.iter().cloned().collect();
    let router = router(&config, &file, &places, supergraph, costs)?;
    let listener = bind(&options.listen).await?;
    let address = listener.local_addr().ok();

    let background = Background::new(&stop);
    if let Some(metrics) = start_metrics(&config, &stop).await? {
        background.spawn("metrics", metrics);
        background.spawn("figures", figures::watch_process(stop.clone()));
    }
    let mut bounds = connections(&config);
    if !options.limit_addresses {
        bounds.each = 0;
    }
    let mut door = door(&config, &options, &stop, &background);
    door.forward_headers = forward_headers;
    let doors = door::routes(router.clone(), Arc::new(Anyone), door);
    let health = Health {
        ports: None,
        subgraphs: Some(Subgraphs::of(router.clone())),
        draining: stop.clone(),
    };
    let routes = web::facing(web::graph_alone(doors, health), &config);
    greet(&file, &router, address, &options.listen);
    background.spawn("supergraph", file.follow(router, places, stop.clone()));
    background.spawn("listener", served(listener, bounds, routes, stop.clone()));
    drain(&background, &stop).await
}

/// The hub's doors, for people of whom nothing is known.
fn door(
    config: &Config,
    options: &cli::Router,
    stop: &CancellationToken,
    background: &Background,
) -> DoorConfig {
    let mut door = door_config(config, stop, &background.tasks);
    door.allowed_origins
        .extend_from_slice(&options.allowed_origins);
    door.introspection = match options.introspection {
        cli::Introspection::Everyone => door::Introspection::Everyone,
        cli::Introspection::Nobody => door::Introspection::Nobody,
    };
    // Everybody is anonymous here: nobody could learn otherwise what is wrong with a document, and
    // this graph has none of its own.
    door.discreet = false;
    // Nor is there anybody who might send more.
    door.body_bytes = door.body_bytes.min(door.anonymous_body_bytes);
    door.anonymous_documents = AnonymousDocuments::Any;
    door.documents = Some(Arc::new(Sent::default()));
    if !options.limit_addresses {
        door.rates = Rates::new(Rate {
            per_second: 0,
            burst: 0,
        });
        door.sockets_anonymous = config.server.max_connections;
    }
    door
}

async fn read(path: PathBuf, terms: Terms) -> Result<(File, Supergraph), GatewayError> {
    let file = path.clone();
    let reading = tokio::task::spawn_blocking(move || File::read(&path, terms));
    reading.await.unwrap_or_else(|panic| {
        Err(GatewayError::Invalid {
            file,
            reason: panic.to_string(),
        })
    })
}

fn router(
    config: &Config,
    file: &File,
    places: &Places,
    supergraph: Supergraph,
    cost_of: BTreeMap<String, u64>,
) -> Result<Router, GatewayError> {
    if let Some(name) = places.unknown(&supergraph) {
        let known: Vec<_> = supergraph
            .subgraphs()
            .iter()
            .map(|listed| listed.name.as_str())
            .collect();
        return Err(GatewayError::UnknownSubgraph {
            name: name.to_owned(),
            file: file.path().to_owned(),
            known: known.join(", "),
        });
    }
    let known = |name: &&String| supergraph.subgraphs().iter().any(|it| it.name == **name);
    if let Some(name) = cost_of.keys().find(|name| !known(name)) {
        return Err(GatewayError::UnknownCost(name.clone()));
    }
    let subgraphs = places.subgraphs(&supergraph, file.path())?;
    let ports = RouterPorts {
        clock: Arc::new(SystemClock),
        ids: Arc::new(SystemIds),
    };
    let limits = Limits {
        // Those that the hub allows once a request are fields of its own.
        single: Vec::new(),
        cost_of,
        ..limits(config)
    };
    Router::of(supergraph, subgraphs, limits, ports).map_err(|error: InvalidSupergraph| {
        GatewayError::Invalid {
            file: file.path().to_owned(),
            reason: error.to_string(),
        }
    })
}

/// The names of the headers that go on to the subgraphs. `none` alone stands for none at all.
fn forwarded(names: &[HeaderName]) -> Result<Vec<HeaderName>, GatewayError> {
    if matches!(names, [only] if only == "none") {
        return Ok(Vec::new());
    }
    match names.iter().find(|name| !Forwarded::may(name)) {
        Some(name) => Err(GatewayError::Header(name.to_string())),
        None => Ok(names.to_vec()),
    }
}

async fn bind(address: &str) -> Result<TcpListener, GatewayError> {
    TcpListener::bind(address)
        .await
        .map_err(|error| GatewayError::Listen {
            address: address.to_owned(),
            reason: error.to_string(),
        })
}

fn greet(file: &File, router: &Router, address: Option<SocketAddr>, asked: &str) {
    let address = address.map_or_else(|| asked.to_owned(), |address| address.to_string());
    let names = router.subgraphs().join(", ");
    print(&format!(
        "The router serves {} ({names}) at http://{address}/graphql\n",
        file.path().display()
    ));
}
