//! `djinn`: one binary, many roles.
//!
//! The composition root, and the only crate that knows everyone: configuration → ports →
//! subgraphs → router → HTTP. It holds no rule of the domain.

mod assemble;
mod background;
mod cli;
mod config;
mod credentials;
mod demo;
mod doctor;
mod documents;
mod figures;
mod gateway;
mod graph;
mod greeting;
mod healthcheck;
mod mcp;
mod migrate;
mod ports;
mod schema;
mod serve;
mod start;
mod web;

use clap::Parser;
use cli::{Cli, Command};
use config::{Config, LogFormat, Sources};
use djinn_platform::telemetry::{Collector, Export};
use start::StartError;
use std::process::ExitCode;
use tokio_util::sync::CancellationToken;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("djinn: cannot start threads: {error}");
            return ExitCode::FAILURE;
        }
    };
    let outcome = runtime.block_on(run(cli));
    // What is still running has had its time to finish.
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("djinn: {error}\n  {}", error.remedy());
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<ExitCode, StartError> {
    let sources = sources(&cli);
    if matches!(cli.command, Some(Command::Doctor)) {
        return Ok(doctor::run(&sources).await);
    }
    let config = config::load(&sources)?;
    if cli.print_config {
        print(&config::redacted(&config));
        return Ok(ExitCode::SUCCESS);
    }
    match cli
        .command
        .unwrap_or_else(|| Command::Serve(cli::Serve::default()))
    {
        Command::Serve(arguments) => {
            let export = start_logs(&config, &arguments.only)?;
            let outcome = serve::run(config, arguments).await;
            send_the_last_spans(export).await;
            outcome?;
        }
        Command::Router(options) => {
            let export = start_logs(&config, &["router".to_owned()])?;
            let outcome = gateway::run(config, options).await;
            send_the_last_spans(export).await;
            outcome?;
        }
        Command::Migrate => {
            let applied = migrate::up(&ports::database(&config).await?).await?;
            print(&format!(
                "The database is of version {}; {applied} migrations were applied.\n",
                env!("CARGO_PKG_VERSION")
            ));
        }
        Command::Seed(arguments) => {
            let export = start_logs(&config, &["seed".to_owned()])?;
            let outcome = demo::run(&config, &arguments).await;
            send_the_last_spans(export).await;
            outcome?;
        }
        Command::Schema(arguments) => {
            let good = schema::run(&arguments, ports::for_schema().await?)?;
            return Ok(if good {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            });
        }
        Command::Healthcheck => return Ok(healthcheck::run(&config).await),
        Command::Mcp(arguments) => {
            let good = mcp::run(&arguments).await?;
            return Ok(if good {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            });
        }
        Command::Doctor => {}
    }
    Ok(ExitCode::SUCCESS)
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the door of the environment"
)]
fn sources(cli: &Cli) -> Sources {
    let beside = std::path::PathBuf::from("djinn.toml");
    Sources {
        file: cli
            .config
            .clone()
            .or_else(|| beside.exists().then_some(beside)),
        // A variable that is not text cannot be one of ours.
        variables: std::env::vars_os()
            .filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)))
            .collect(),
    }
}

/// Starts the log, and the export of spans if a collector is configured. `parts` is what this process
/// is of the hub; nothing, when it is all of it.
fn start_logs(config: &Config, parts: &[String]) -> Result<Option<Export>, StartError> {
    let format = match config.log.format {
        LogFormat::Text => djinn_platform::telemetry::LogFormat::Text,
        LogFormat::Json => djinn_platform::telemetry::LogFormat::Json,
    };
    // Migrations say in one line of ours how many they were.
    let level = format!("sea_orm_migration=warn,{}", config.log.level);
    let settings = &config.telemetry;
    let collector = settings.otlp.as_ref().map(|url| Collector {
        url: url.clone(),
        service: settings.service_name.clone().unwrap_or_else(|| {
            let parts = parts.iter().map(String::as_str);
            let words: Vec<_> = std::iter::once("game-djinn").chain(parts).collect();
            words.join("-")
        }),
        share: 1.0 / settings.one_in.max(1) as f64,
    });
    djinn_platform::telemetry::start_logs(&level, format, collector.as_ref())
        .map_err(StartError::Fault)
}

/// Waits, a moment at most, until what has ended is with the collector.
async fn send_the_last_spans(export: Option<Export>) {
    if let Some(export) = export {
        // It blocks, and what it waits for runs here.
        let sent = tokio::task::spawn_blocking(move || export.stop()).await;
        if let Err(panic) = sent {
            tracing::warn!(%panic, "the last spans were not sent");
        }
    }
}

/// Says something to the person at the terminal. Nobody listening any more is not an error.
fn print(text: &str) {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    drop(out.write_all(text.as_bytes()).and_then(|()| out.flush()));
}

/// Cancelled when the process is asked to stop.
fn stop_signal() -> CancellationToken {
    let stop = CancellationToken::new();
    let asked = stop.clone();
    tokio::spawn(async move {
        let mut terminate =
            match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
                Ok(signal) => signal,
                Err(error) => {
                    tracing::error!(%error, "cannot listen for the signal to stop");
                    return;
                }
            };
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        asked.cancel();
    });
    stop
}
