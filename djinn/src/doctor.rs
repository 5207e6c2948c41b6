//! `djinn doctor`: what is wrong, and how to mend it.

use crate::{
    assemble,
    config::{self, AuthMode, Config, LOCAL, Sources},
    ports::{self, Version},
    print,
    start::StartError,
    web::listen,
};
use djinn_platform::{SystemClock, http::Client};
use djinn_subgraph_kit::http::{Ask, Http, NoAnswer};
use std::{process::ExitCode, sync::Arc, time::Duration};

/// Checks everything that can be checked without a running hub. Exits 1 when something would keep
/// the hub from working.
pub async fn run(sources: &Sources) -> ExitCode {
    let mut report = Report::default();
    let config = match config::load(sources) {
        Ok(config) => config,
        Err(error) => {
            report.bad("configuration", &StartError::Config(error));
            return report.end();
        }
    };
    match &sources.file {
        Some(file) => Report::good(
            "configuration",
            &format!("read from {} and the environment", file.display()),
        ),
        None => Report::good(
            "configuration",
            "the defaults and the environment; no djinn.toml here",
        ),
    }
    database(&config, &mut report).await;
    match ports::master_key(&config, true) {
        Ok(_) => Report::good(
            "secret",
            if config.secret.key.is_some() {
                "from the configuration"
            } else {
                "in the data folder"
            },
        ),
        Err(error) => report.bad("secret", &error),
    }
    bus(&config, &mut report).await;
    placement(&config, &mut report).await;
    match listen::bind(&config.server.host, config.server.port).await {
        Ok(_) => Report::good(
            "port",
            &format!("{}:{} is free", config.server.host, config.server.port),
        ),
        Err(error) => Report::note(
            "port",
            &format!("{error}. If that is your running hub, all is well"),
        ),
    }
    if config.auth.mode == AuthMode::Off {
        Report::note("auth", "off: everybody who reaches the hub is its owner");
    }
    providers(&config).await;
    report.end()
}

async fn database(config: &Config, report: &mut Report) {
    let db = match ports::database(config).await {
        Ok(db) => db,
        Err(error) => return report.bad("database", &error),
    };
    match ports::check_version(&db).await {
        Ok(Version::Current) => Report::good("database", "of this version"),
        Ok(Version::Empty) => Report::good("database", "empty; the first start makes its tables"),
        Ok(Version::Behind(n)) => Report::note(
            "database",
            &format!("{n} migrations behind; `djinn migrate` or the next start applies them"),
        ),
        Err(error) => report.bad("database", &error),
    }
}

async fn bus(config: &Config, report: &mut Report) {
    let stop = tokio_util::sync::CancellationToken::new();
    match ports::bus_and_cache(config, &stop).await {
        Ok((bus, _)) => match bus.ready().await {
            Ok(()) => Report::good("bus and cache", &config::without_password(&config.bus.url)),
            Err(fault) => report.bad("bus and cache", &StartError::Fault(fault)),
        },
        Err(error) => report.bad("bus and cache", &error),
    }
    stop.cancel();
}

async fn placement(config: &Config, report: &mut Report) {
    if let Ok(url) = ports::database_url(config)
        && let Err(error) = assemble::check_placement(config, &url, false)
    {
        report.bad("placement", &error);
    }
    for (name, place) in config
        .subgraphs
        .places()
        .into_iter()
        .filter(|(_, place)| *place != LOCAL)
    {
        match reach(&format!("{}/ready", place.trim_end_matches('/'))).await {
            Ok(200) => Report::good(name, &format!("ready at {place}")),
            Ok(status) => Report::note(name, &format!("{place} answers {status}; see its own log")),
            Err(no) => Report::note(name, &format!("{place}: {no}")),
        }
    }
}

async fn providers(config: &Config) {
    match &config.steam.api_key {
        Some(_) => {}
        None => Report::note(
            "steam",
            "no key of the hub's own; each person brings theirs (https://steamcommunity.com/dev/apikey)",
        ),
    }
    for (name, url, wanted) in [
        ("steam web api", &config.steam.api_url, true),
        (
            "steam store",
            &config.steam.store_url,
            config.steam.store_pages,
        ),
    ] {
        if !wanted {
            continue;
        }
        match reach(url).await {
            Ok(_) => Report::good(name, url),
            Err(no) => Report::note(name, &format!("{url}: {no}. Syncs wait until it answers")),
        }
    }
    for (name, set, url) in [
        ("rawg", config.rawg.api_key.is_some(), &config.rawg.url),
        ("igdb", config.igdb.client_id.is_some(), &config.igdb.url),
        ("gog", config.gog.metadata, &config.gog.gamesdb_url),
    ] {
        if set {
            Report::good(name, &format!("asked for facts about games, at {url}"));
        }
    }
    if config.ollama.url.is_some() {
        Report::note("ollama", "configured; this version does not use it yet");
    }
}

async fn reach(url: &str) -> Result<u16, NoAnswer> {
    let client = Client::new(Arc::new(SystemClock)).map_err(|_| NoAnswer::Unreachable)?;
    let ask = Ask {
        timeout: Duration::from_secs(5),
        max_bytes: 1 << 20,
        ..Ask::get(url)
    };
    match client.send(ask).await {
        Ok(answer) => Ok(answer.status),
        // It answered, if only too much.
        Err(NoAnswer::TooLarge(_)) => Ok(200),
        Err(no) => Err(no),
    }
}

#[derive(Default)]
struct Report {
    failed: usize,
}

impl Report {
    fn good(what: &str, how: &str) {
        print(&format!("  ok    {what}: {how}\n"));
    }

    fn note(what: &str, how: &str) {
        print(&format!("  note  {what}: {how}\n"));
    }

    fn bad(&mut self, what: &str, error: &StartError) {
        self.failed += 1;
        print(&format!(
            "  BAD   {what}: {error}\n        {}\n",
            error.remedy()
        ));
    }

    fn end(self) -> ExitCode {
        if self.failed == 0 {
            print("Nothing is in the way.\n");
            return ExitCode::SUCCESS;
        }
        print(&format!("{} to mend.\n", self.failed));
        ExitCode::FAILURE
    }
}
