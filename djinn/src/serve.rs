//! `djinn serve`: the hub, or some of its subgraphs.

use crate::{
    assemble, cli,
    config::{AuthMode, Config, LOCAL},
    credentials::Credentials,
    demo, documents,
    graph::InProcess,
    migrate, ports, print, schema,
    start::StartError,
    stdio, stop_signal,
    web::{self, Health, Trusted, listen},
};
use djinn_kernel::Doing;
use djinn_mcp::HttpConfig;
use djinn_router::{Authenticator, Limits, Router, RouterPorts, door};
use djinn_subgraph_kit::{Parts, Ports, Subgraph, endpoint, outbox};
use std::{net::IpAddr, sync::Arc, time::Duration};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Serves until the process is asked to stop.
pub async fn run(config: Config, arguments: cli::Serve) -> Result<(), StartError> {
    let stop = stop_signal();
    check(&config, &arguments)?;
    // The port first: everything after it takes longer to fail.
    let listener = listen::bind(&config.server.host, config.server.port).await?;
    let metrics = start_metrics(&config, &stop).await?;
    let ports = ports::make(&config, &stop).await?;
    bring_up_to_date(&config, &ports).await?;
    let background = if arguments.only.is_empty() {
        hub(&config, &arguments, ports, listener, &stop).await?
    } else {
        some(&config, &arguments.only, ports, listener, &stop).await?
    };
    if let Some(metrics) = metrics {
        background.spawn(metrics);
    }
    stop.cancelled().await;
    tracing::info!("stopping");
    background.close();
    if tokio::time::timeout(listen::DRAIN, background.wait())
        .await
        .is_err()
    {
        tracing::warn!("something did not stop in time");
    }
    Ok(())
}

fn check(config: &Config, arguments: &cli::Serve) -> Result<(), StartError> {
    if let Some(stranger) = arguments
        .only
        .iter()
        .find(|name| !assemble::NAMES.contains(&name.as_str()))
    {
        return Err(StartError::NoSuchSubgraph(stranger.clone()));
    }
    let url = match &config.database.url {
        Some(url) => url.as_str(),
        None => "sqlite:",
    };
    assemble::check_placement(config, url, !arguments.only.is_empty())?;
    if config.auth.mode == AuthMode::Off {
        let loopback = config.server.host == "localhost"
            || config
                .server
                .host
                .parse::<IpAddr>()
                .is_ok_and(|ip| ip.is_loopback());
        if !loopback && !config.auth.allow_off_on_network {
            return Err(StartError::OpenDoor(config.server.host.clone()));
        }
        if config.subgraphs.session != LOCAL {
            return Err(StartError::OffNeedsLocalSession);
        }
    }
    Ok(())
}

async fn bring_up_to_date(config: &Config, ports: &Ports) -> Result<(), StartError> {
    match ports::check_version(&ports.db).await? {
        ports::Version::Current => {}
        ports::Version::Behind(n) if !config.database.migrate_on_start => {
            return Err(StartError::OlderDatabase(n));
        }
        _ => {
            let applied = migrate::up(&ports.db).await?;
            tracing::info!(applied, "the database is up to date");
        }
    }
    Ok(())
}

/// Everything: graph, adapters, SPA.
async fn hub(
    config: &Config,
    arguments: &cli::Serve,
    ports: Ports,
    listener: tokio::net::TcpListener,
    stop: &CancellationToken,
) -> Result<TaskTracker, StartError> {
    let assembly = assemble::all(config, &ports)?;
    let session = assembly
        .subgraphs
        .iter()
        .find(|subgraph| subgraph.name() == "session")
        .map(Arc::clone)
        .doing("finding the session subgraph")
        .map_err(StartError::Fault)?;
    let router = router(config, &ports, assembly.subgraphs)?;
    let graph = InProcess::new(router.clone(), Arc::clone(&ports.ids));
    let who = credentials(config, &ports, session).await?;
    let background = start_background(&ports, assembly.parts, stop);
    background.spawn(Arc::clone(&who).follow_logins(Arc::clone(&ports.bus), stop.clone()));
    if arguments.demo {
        background.spawn(load_demo(ports.clone(), graph.clone(), stop.clone()));
    }

    let folder = config.server.operations.as_deref();
    let tools = documents::of_door("mcp", folder, stop);
    let mcp = config.mcp.enabled.then(|| {
        djinn_mcp::service(
            tools,
            Arc::new(graph.clone()),
            Arc::clone(&who) as _,
            stdio::about(),
            mcp_door(config, stop),
        )
    });
    let trusted = Trusted {
        documents: documents::of_door("q", folder, stop),
        graph,
        who: Arc::clone(&who) as Arc<dyn Authenticator>,
        max_age: config.cache.ttl_seconds,
    };
    let health = Health {
        ports: ports.clone(),
        router: Some(router.clone()),
        draining: stop.clone(),
    };
    let doors = door::routes(router, who, door_config(config, stop, &background));
    if let (Some(port), Some(mcp)) = (config.mcp.port, mcp.clone()) {
        let listener = listen::bind(&config.server.host, port).await?;
        background.spawn(served(
            listener,
            config.server.max_connections,
            mcp,
            stop.clone(),
        ));
    }
    let routes = web::hub(doors, mcp, trusted, health);
    let port = port_of(&listener, config);
    background.spawn(served(
        listener,
        config.server.max_connections,
        routes,
        stop.clone(),
    ));
    greet(config, &ports, port).await?;
    Ok(background)
}

/// Some subgraphs, for a router elsewhere.
async fn some(
    config: &Config,
    only: &[String],
    ports: Ports,
    listener: tokio::net::TcpListener,
    stop: &CancellationToken,
) -> Result<TaskTracker, StartError> {
    let mut parts = Vec::new();
    let mut endpoints = Vec::new();
    for name in only {
        let part = assemble::local(name, config, ports.clone())?;
        let guard = endpoint::Guard {
            keys: ports.keys,
            clock: Arc::clone(&ports.clock),
        };
        endpoints.push((
            name.clone(),
            endpoint::routes(Arc::clone(&part.subgraph), guard),
        ));
        parts.push(part);
    }
    let background = start_background(&ports, parts, stop);
    let health = Health {
        ports: ports.clone(),
        router: None,
        draining: stop.clone(),
    };
    let routes = web::subgraphs(endpoints, health);
    let address = address(config, port_of(&listener, config));
    background.spawn(served(
        listener,
        config.server.max_connections,
        routes,
        stop.clone(),
    ));
    print(&format!(
        "Game Djinn serves {} at {address}\n",
        only.join(", ")
    ));
    if only.iter().any(|name| name == "session") {
        greet_setup(config, &ports, &address).await?;
        print("\n");
    }
    Ok(background)
}

fn port_of(listener: &tokio::net::TcpListener, config: &Config) -> u16 {
    listener
        .local_addr()
        .map_or(config.server.port, |address| address.port())
}

async fn served(
    listener: tokio::net::TcpListener,
    connections: usize,
    routes: axum::Router,
    stop: CancellationToken,
) {
    if let Err(error) = listen::serve(listener, connections, routes, stop).await {
        tracing::error!(%error, "the hub cannot listen any more");
    }
}

fn router(
    config: &Config,
    ports: &Ports,
    subgraphs: Vec<Arc<dyn Subgraph>>,
) -> Result<Router, StartError> {
    let limits = Limits {
        depth: config.limits.depth,
        aliases: config.limits.aliases,
        root_fields: config.limits.root_fields,
        tokens: config.limits.tokens,
        directives: config.limits.directives,
        request_seconds: config.limits.timeout_seconds,
        ..Limits::default()
    };
    let router_ports = RouterPorts {
        clock: Arc::clone(&ports.clock),
        ids: Arc::clone(&ports.ids),
    };
    Router::new(schema::SUPERGRAPH, subgraphs, limits, router_ports)
        .map_err(|error| StartError::Supergraph(error.to_string()))
}

async fn credentials(
    config: &Config,
    ports: &Ports,
    session: Arc<dyn Subgraph>,
) -> Result<Arc<Credentials>, StartError> {
    let mut who = Credentials::new(session, Arc::clone(&ports.clock), Arc::clone(&ports.ids));
    if config.auth.mode == AuthMode::Off {
        who = who.everybody_is(
            djinn_session::sole_admin(ports)
                .await
                .map_err(StartError::Fault)?,
        );
    }
    if let Some(key) = &config.mcp.api_key {
        who = who.fixed_key(key.clone(), ports.clone());
    }
    Ok(Arc::new(who))
}

fn mcp_door(config: &Config, stop: &CancellationToken) -> HttpConfig {
    let mut door = HttpConfig {
        stop: stop.clone(),
        ..HttpConfig::default()
    };
    door.allowed_hosts.push(config.server.host.clone());
    door.allowed_hosts
        .extend(config.mcp.allowed_hosts.iter().cloned());
    door.allowed_origins
        .extend(config.server.allowed_origins.iter().cloned());
    if let Some(url) = &config.server.public_url {
        let host = url
            .split("://")
            .nth(1)
            .unwrap_or(url)
            .split('/')
            .next()
            .unwrap_or_default();
        door.allowed_hosts.push(host.to_owned());
        door.allowed_origins
            .push(url.trim_end_matches('/').to_owned());
    }
    door
}

/// Starts what runs beside the requests: workers, consumers, and the relay of each subgraph.
pub fn start_background(ports: &Ports, parts: Vec<Parts>, stop: &CancellationToken) -> TaskTracker {
    let tasks = TaskTracker::new();
    for part in parts {
        let name = assemble::NAMES
            .into_iter()
            .find(|name| *name == part.subgraph.name())
            .unwrap_or_default();
        tasks.spawn(outbox::relay(
            ports.db.clone(),
            Arc::clone(&ports.bus),
            Arc::clone(&ports.clock),
            name,
            stop.clone(),
        ));
        if let Some(consumer) = part.consumer {
            let (bus, stop) = (Arc::clone(&ports.bus), stop.clone());
            tasks.spawn(async move { bus.consume(consumer, stop).await });
        }
        for worker in part.workers {
            tracing::debug!(worker = worker.name, "started");
            tasks.spawn(worker.start(stop.clone()));
        }
    }
    tasks.spawn(sweep(ports.clone(), stop.clone()));
    tasks
}

/// Delivered events are kept a day, for whoever looks into what happened.
async fn sweep(ports: Ports, stop: CancellationToken) {
    const KEPT: chrono::TimeDelta = chrono::TimeDelta::days(1);
    while stop
        .run_until_cancelled(tokio::time::sleep(Duration::from_hours(1)))
        .await
        .is_some()
    {
        if let Err(fault) = outbox::sweep(&ports.db, ports.clock.now() - KEPT).await {
            tracing::warn!(%fault, "old events stay for another hour");
        }
    }
}

async fn load_demo(ports: Ports, graph: InProcess, stop: CancellationToken) {
    let mut logins = ports.bus.watch(djinn_session::LOGINS_TOPIC);
    loop {
        match djinn_session::owner(&ports).await {
            Ok(Some(owner)) => {
                match demo::load(&graph, owner).await {
                    Ok(added) => tracing::info!(
                        added,
                        "the sample library is loaded; remove it under Platforms, or by `djinn seed --remove-demo`"
                    ),
                    Err(fault) => tracing::error!(%fault, "the sample library"),
                }
                return;
            }
            Ok(None) => {}
            Err(fault) => tracing::warn!(%fault, "waiting for an owner"),
        }
        if stop.run_until_cancelled(logins.poked()).await.is_none() {
            return;
        }
    }
}

async fn start_metrics(
    config: &Config,
    stop: &CancellationToken,
) -> Result<Option<impl Future<Output = ()> + Send + 'static>, StartError> {
    if config.server.metrics == "off" {
        return Ok(None);
    }
    let handle = djinn_platform::telemetry::start_metrics().map_err(StartError::Fault)?;
    let listener = match tokio::net::TcpListener::bind(&config.server.metrics).await {
        Ok(listener) => listener,
        // Figures are worth having, but not worth staying down for.
        Err(error) => {
            tracing::warn!(address = config.server.metrics, %error, "/metrics is not served");
            return Ok(None);
        }
    };
    let routes = axum::Router::new().route(
        "/metrics",
        axum::routing::get(move || async move { handle.render() }),
    );
    Ok(Some(served(listener, 16, routes, stop.clone())))
}

/// The address people use. With port 0 the system chose one, so the listener is asked.
fn address(config: &Config, port: u16) -> String {
    config.server.public_url.clone().unwrap_or_else(|| {
        let host = match config.server.host.as_str() {
            "127.0.0.1" | "0.0.0.0" | "::" | "::1" => "localhost",
            host => host,
        };
        format!("http://{host}:{port}")
    })
}

async fn greet(config: &Config, ports: &Ports, port: u16) -> Result<(), StartError> {
    let address = address(config, port);
    print(&format!(
        "\n  Game Djinn {} is at {address}\n",
        env!("CARGO_PKG_VERSION")
    ));
    if config.subgraphs.session == LOCAL {
        greet_setup(config, ports, &address).await?;
    }
    print("\n");
    Ok(())
}

async fn greet_setup(config: &Config, ports: &Ports, address: &str) -> Result<(), StartError> {
    if config.auth.mode == AuthMode::Password
        && let Some(token) = djinn_session::setup_link_token(ports)
            .await
            .map_err(StartError::Fault)?
    {
        print(&format!(
            "  Set it up within 30 minutes: {address}/setup?token={token}\n"
        ));
    }
    Ok(())
}

fn door_config(
    config: &Config,
    stop: &CancellationToken,
    background: &TaskTracker,
) -> door::DoorConfig {
    let mut allowed_origins = config.server.allowed_origins.clone();
    allowed_origins.extend(
        config
            .server
            .public_url
            .as_deref()
            .map(|url| url.trim_end_matches('/').to_owned()),
    );
    door::DoorConfig {
        allowed_origins,
        body_bytes: config.limits.body_bytes,
        // An import carries its file, over a socket too.
        message_bytes: config.limits.body_bytes,
        introspection: if config.limits.anonymous_introspection {
            door::Introspection::Everyone
        } else {
            door::Introspection::SignedIn
        },
        stop: stop.clone(),
        open: background.clone(),
        ..door::DoorConfig::default()
    }
}
