//! `djinn serve`: the hub, or some of its subgraphs.

use crate::{
    assemble,
    background::Background,
    cli,
    config::{AnonymousDocuments, AuthMode, Config, LOCAL, Server},
    credentials::Credentials,
    demo,
    documents::{self, Known},
    figures,
    graph::InProcess,
    greeting::{greet, greet_setup},
    mcp, migrate, ports, print, schema,
    start::StartError,
    stop_signal,
    web::{
        self, Asking, Health, Rest, Sources, Transfer, Trusted, connection::Bounds,
        health::Subgraphs, listen,
    },
};
use djinn_kernel::Doing;
use djinn_migrations::{Migrator, MigratorTrait};
use djinn_router::{Authenticator, Limits, Router, RouterPorts, door};
use djinn_subgraph_kit::{Ports, Subgraph, endpoint, socket};
use std::{net::IpAddr, sync::Arc, time::Duration};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Serves until the process is asked to stop.
pub async fn run(config: Config, arguments: cli::Serve) -> Result<(), StartError> {
    let stop = stop_signal();
    check(&config, &arguments)?;
    // The port first: everything after it takes longer to fail.
    let listener = listen::bind(&config.server.host, config.server.port).await?;
    let metrics = start_metrics(&config, &stop).await?;
    let _ours = ports::take_data_folder(&config)?;
    let ports = ports::make(&config, arguments.only.is_empty(), &stop).await?;
    bring_up_to_date(&config, &ports).await?;
    let background = Background::new(&stop);
    let subgraphs = figures::of_this_process(&arguments.only, &config.subgraphs.places());
    let figures = figures::watch(ports.clone(), subgraphs, stop.clone());
    if arguments.only.is_empty() {
        hub(&config, &arguments, ports, listener, &stop, &background).await?;
    } else {
        some(
            &config,
            &arguments.only,
            ports,
            listener,
            &stop,
            &background,
        )
        .await?;
    }
    if let Some(metrics) = metrics {
        background.spawn("metrics", metrics);
        background.spawn("figures", figures);
    }
    drain(&background, &stop).await
}

/// Waits for the signal to stop, and then for what is under way.
pub(crate) async fn drain(
    background: &Background,
    stop: &CancellationToken,
) -> Result<(), StartError> {
    stop.cancelled().await;
    tracing::info!("stopping");
    background.tasks.close();
    if tokio::time::timeout(listen::DRAIN, background.tasks.wait())
        .await
        .is_err()
    {
        tracing::warn!("something did not stop in time");
    }
    if background.broken.is_cancelled() {
        Err(StartError::Broken)
    } else {
        Ok(())
    }
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
        ports::Version::Empty if !config.database.migrate_on_start => {
            return Err(StartError::OlderDatabase(Migrator::migrations().len()));
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
    background: &Background,
) -> Result<(), StartError> {
    let assembly = assemble::all(config, &ports)?;
    let session = assembly
        .subgraphs
        .iter()
        .find(|subgraph| subgraph.name() == "session")
        .map(Arc::clone)
        .doing("finding the session subgraph")
        .map_err(StartError::Fault)?;
    let library = assembly
        .subgraphs
        .iter()
        .find(|subgraph| subgraph.name() == djinn_library::NAME)
        .map(Arc::clone)
        .doing("finding the library subgraph")
        .map_err(StartError::Fault)?;
    let router = router(config, &ports, assembly.subgraphs)?;
    let graph = InProcess::new(router.clone(), Arc::clone(&ports.ids));
    let who = credentials(config, &ports, session).await?;
    background.start(&ports, assembly.parts);
    background.spawn(
        "login watch",
        Arc::clone(&who).follow_logins(Arc::clone(&ports.bus), stop.clone()),
    );
    if arguments.demo {
        background.spawn(
            "sample library",
            demo::load_when_owned(ports.clone(), graph.clone(), stop.clone()),
        );
    }

    let folder = config.server.operations.as_deref();
    let files = documents::live(folder, stop);
    let mcp = config.mcp.enabled.then(|| {
        djinn_mcp::service(
            files.clone(),
            Arc::new(graph.clone()),
            Arc::new(mcp::Keys::new(
                Arc::clone(&who),
                &config.mcp.oauth,
                &mcp::origin(config),
                &ports,
            )),
            mcp::about(),
            mcp::door(config, &ports.keys, stop),
        )
    });
    let mcp = mcp.transpose().map_err(StartError::Fault)?;
    let door = door::DoorConfig {
        documents: Some(Arc::new(Known::new(files.clone()))),
        ..door_config(config, stop, &background.tasks)
    };
    let asking = Asking {
        graph,
        who: Arc::clone(&who) as Arc<dyn Authenticator>,
        door: Arc::new(door.clone()),
    };
    let files = web::Files {
        trusted: Trusted {
            documents: files.clone(),
            asking: asking.clone(),
            max_age: config.cache.ttl_seconds,
        },
        transfer: Transfer {
            asking: asking.clone(),
            library,
        },
        rest: Rest::new(files.clone(), asking.clone()),
        sources: Sources::new(files.clone(), asking, config.server.public_url.as_deref()),
        openapi: web::openapi::of(files),
    };
    let health = Health {
        ports: Some(ports.clone()),
        subgraphs: Some(Subgraphs::of(router.clone())),
        draining: stop.clone(),
    };
    let mcp = mcp.map(|mcp| {
        let mcp = mcp::answered(mcp);
        let mcp = match &config.mcp.oauth.issuer {
            Some(issuer) => mcp.merge(mcp::older_clients(issuer)),
            None => mcp,
        };
        let mcp = web::reached(web::coded(mcp), config.server.public_url.as_deref());
        web::counted(mcp, rates(config), Arc::clone(&who))
    });
    let doors = door::routes(router, who, door);
    if let (Some(port), Some(mcp)) = (config.mcp.port, mcp.clone()) {
        let listener = listen::bind(&config.server.host, port).await?;
        background.spawn(
            "listener",
            served(
                listener,
                connections(config),
                web::facing(web::guarded(mcp), config),
                stop.clone(),
            ),
        );
    }
    let mut routes = web::hub(doors, mcp, files, health);
    if let Some(pictures) = web::art::Pictures::of(config, &ports) {
        routes = routes.merge(web::guarded(web::art::routes(pictures)));
    }
    let routes = web::facing(routes, config);
    let port = port_of(&listener, config);
    background.spawn(
        "listener",
        served(listener, connections(config), routes, stop.clone()),
    );
    greet(config, &ports, port).await?;
    Ok(())
}

/// Some subgraphs, for a router elsewhere.
async fn some(
    config: &Config,
    only: &[String],
    ports: Ports,
    listener: tokio::net::TcpListener,
    stop: &CancellationToken,
    background: &Background,
) -> Result<(), StartError> {
    let mut parts = Vec::new();
    let mut endpoints = Vec::new();
    for name in only {
        let part = assemble::local(name, config, ports.clone())?;
        let guard = endpoint::Guard {
            keys: ports.keys,
            clock: Arc::clone(&ports.clock),
        };
        let mut routes = endpoint::routes(Arc::clone(&part.subgraph), guard.clone());
        if name == "metadata"
            && let Some(pictures) = web::art::for_subgraph(config, &ports, guard)
        {
            routes = routes.merge(pictures);
        }
        endpoints.push((name.clone(), routes));
        parts.push(part);
    }
    background.start(&ports, parts);
    let health = Health {
        ports: Some(ports.clone()),
        subgraphs: None,
        draining: stop.clone(),
    };
    let routes = web::subgraphs(endpoints, health);
    let address = format!(
        "http://{}:{}",
        config.server.host,
        port_of(&listener, config)
    );
    background.spawn(
        "listener",
        served(
            listener,
            config.server.max_connections,
            routes,
            stop.clone(),
        ),
    );
    print(&format!(
        "Game Djinn serves {} at {address}\n",
        only.join(", ")
    ));
    if only.iter().any(|name| name == "session") {
        // People come in by the router, which has the usual port unless a public address says more.
        let hub = config.server.public_url.clone();
        let hub = hub.unwrap_or_else(|| format!("http://localhost:{}", Server::default().port));
        greet_setup(config, &ports, &hub).await?;
        print("\n");
    }
    Ok(())
}

fn port_of(listener: &tokio::net::TcpListener, config: &Config) -> u16 {
    listener
        .local_addr()
        .map_or(config.server.port, |address| address.port())
}

pub(crate) async fn served(
    listener: tokio::net::TcpListener,
    bounds: impl Into<Bounds>,
    routes: axum::Router,
    stop: CancellationToken,
) {
    listen::serve(listener, bounds.into(), routes, stop).await;
}

/// The bounds of connections that anybody can make, as they are configured.
pub(crate) fn connections(config: &Config) -> Bounds {
    let limits = &config.limits;
    Bounds {
        each: limits.connections_per_address,
        head: Duration::from_secs(limits.header_seconds.max(1)),
        // What is a little too large is refused in words, what is larger by the status alone.
        head_bytes: limits.header_bytes.saturating_mul(2),
        proxies: config.server.proxies(),
        ..Bounds::from(config.server.max_connections)
    }
}

fn router(
    config: &Config,
    ports: &Ports,
    subgraphs: Vec<Arc<dyn Subgraph>>,
) -> Result<Router, StartError> {
    let router_ports = RouterPorts {
        clock: Arc::clone(&ports.clock),
        ids: Arc::clone(&ports.ids),
    };
    Router::new(schema::SUPERGRAPH, subgraphs, limits(config), router_ports)
        .map_err(|error| StartError::Supergraph(error.to_string()))
}

/// The mutations by which somebody comes in who is nobody yet.
fn entrances() -> impl Iterator<Item = String> {
    ["login", "completeSetup", "refreshLogin", "acceptInvite"]
        .into_iter()
        .map(str::to_owned)
}

/// The bounds of a request, as they are configured.
pub(crate) fn limits(config: &Config) -> Limits {
    Limits {
        depth: config.limits.depth,
        aliases: config.limits.aliases,
        root_fields: config.limits.root_fields,
        tokens: config.limits.tokens,
        directives: config.limits.directives,
        directives_at_once: config.limits.directives_at_once,
        cost: config.limits.cost,
        objects: config.limits.objects,
        // Each takes a password or a token: one guess, one operation.
        single: entrances()
            .chain([String::from("changePassword")])
            .collect(),
        request_seconds: config.limits.timeout_seconds,
        subgraph_seconds: config.limits.subgraph_seconds,
        ..Limits::default()
    }
}

async fn credentials(
    config: &Config,
    ports: &Ports,
    session: Arc<dyn Subgraph>,
) -> Result<Arc<Credentials>, StartError> {
    let mut who = Credentials::new(session, Arc::clone(&ports.clock), Arc::clone(&ports.ids));
    if config.auth.mode == AuthMode::Off {
        let owner = djinn_session::sole_admin(ports)
            .await
            .map_err(StartError::Fault)?;
        who = who.everybody_is(owner, config.server.hosts());
    }
    if let Some(key) = &config.mcp.api_key {
        if key.chars().count() < 24 {
            return Err(StartError::WeakKey);
        }
        who = who.fixed_key(key.clone(), ports.clone());
    }
    Ok(Arc::new(who))
}

pub(crate) async fn start_metrics(
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
    // Whoever says port 0 leaves the choice to the system.
    if let Ok(address) = listener.local_addr() {
        tracing::info!(%address, "/metrics is served");
    }
    let routes = axum::Router::new().route(
        "/metrics",
        axum::routing::get(move || async move { handle.render() }),
    );
    Ok(Some(served(listener, 16, routes, stop.clone())))
}

pub(crate) fn rates(config: &Config) -> door::Rates {
    door::Rates::new(door::Rate {
        per_second: config.limits.requests_per_second,
        burst: config.limits.requests_at_once,
    })
}

pub(crate) fn door_config(
    config: &Config,
    stop: &CancellationToken,
    background: &TaskTracker,
) -> door::DoorConfig {
    door::DoorConfig {
        allowed_origins: config.server.origins(),
        body_bytes: config.limits.body_bytes,
        anonymous_body_bytes: config.limits.anonymous_body_bytes,
        body_time: Duration::from_secs(config.limits.body_seconds.max(1)),
        message_bytes: config.limits.message_bytes,
        rates: rates(config),
        sockets_each: config.limits.sockets_per_caller,
        sockets_anonymous: config.limits.sockets_per_address,
        sockets: socket::Bounds {
            operations: config.limits.operations_per_socket,
            ..socket::Bounds::default()
        },
        // Whoever may not read the schema is not to spell it out by guesses.
        discreet: !config.limits.anonymous_introspection,
        entrances: entrances().collect(),
        anonymous_documents: match config.limits.anonymous_documents {
            AnonymousDocuments::Any => djinn_router::AnonymousDocuments::Any,
            AnonymousDocuments::Trusted => djinn_router::AnonymousDocuments::Trusted,
        },
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
