//! `make bench`: measures the binary in `DJINN_BIN` from outside, through its front door only, and
//! checks what it answers. `docs/bench.md` says what each figure means.

mod analytics;
mod collections;
mod failure;
mod filling;
mod gateway;
mod hub;
mod imports;
mod latency;
mod library;
mod matching;
mod mcp;
mod pages;
mod plans;
mod process;
mod recommend;
mod report;
mod searches;
mod start;
mod swarm;
mod sync;
mod throughput;

use clap::{Parser, Subcommand};
use failure::{Attempt, Failure};
use hub::{Home, Hub};
use library::Library;
use report::{Figure, Goal, Report, Unit};
use std::{path::PathBuf, process::ExitCode, time::Duration};

/// Measures the hub's binary and prints figures against their goals.
#[derive(Debug, Parser)]
#[command(
    name = "djinn-bench",
    after_help = "DJINN_BIN names the binary; TEST_DATABASE_URL and TEST_REDIS_URL, servers to run six processes on."
)]
struct Arguments {
    /// Small counts, for trying the bench itself out. Goals are shown, but miss no gate.
    #[arg(long)]
    quick: bool,
    /// Games in the imported library, 100 to 40,000; 10,000 when left out, 800 in a quick run.
    #[arg(long)]
    games: Option<usize>,
    /// One part only; everything else when left out.
    #[command(subcommand)]
    what: Option<What>,
}

/// What is measured by itself.
#[derive(Debug, Subcommand)]
enum What {
    /// Thousands of sockets that follow one room.
    Swarm {
        /// How many. The system's limit of open files has to allow them, here and in the hub.
        #[arg(long, default_value_t = 10_000)]
        sockets: usize,
    },
    /// Clients who send a byte a second, subscribers who read one, a service that is down: and what
    /// somebody notices who has nothing to do with them.
    Slow,
    /// Planning: each of the hub's own documents the first time and again.
    Plans,
    /// Matching: ten thousand titles against a catalogue of a hundred thousand.
    Matching,
    /// Ten years of daily play, counted.
    Analytics,
    /// Files of 10,000 and 50,000 rows in and out, and what the hub grows by them.
    Imports,
    /// The router as a gateway, in process against HTTP.
    Gateway(gateway::Gateway),
    /// Runs a part of the gateway's bench, in this process.
    #[command(subcommand)]
    Part(gateway::Part),
}

/// How much of everything.
#[derive(Debug, Clone, Copy)]
pub struct Counts {
    /// Games in the imported library.
    pub games: usize,
    /// Cold starts.
    pub starts: usize,
    /// Pages, searches and searches with facets, each.
    pub requests: usize,
    /// Requests before those, which are not counted.
    pub warm_up: usize,
    /// Recommendations of a warm hub.
    pub recommendations: usize,
    /// Titles of the account that is synced.
    pub titles: usize,
    /// How long each hub is kept busy at a time.
    pub busy: Duration,
    /// How often each hub has its turn.
    pub rounds: usize,
}

const WHOLE: Counts = Counts {
    games: 10_000,
    starts: 9,
    requests: 300,
    warm_up: 30,
    recommendations: 60,
    titles: 1_000,
    busy: Duration::from_secs(3),
    rounds: 3,
};
const QUICK: Counts = Counts {
    games: 800,
    starts: 3,
    requests: 60,
    warm_up: 10,
    recommendations: 12,
    titles: 300,
    busy: Duration::from_millis(700),
    rounds: 1,
};

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(What::Part(part)) = &arguments.what {
        return match part.clone().run().await {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => {
                report::complain(&failure);
                ExitCode::from(2)
            }
        };
    }
    match measure(&arguments).await {
        Ok(report) => report.finish(),
        Err(failure) => {
            report::complain(&failure);
            ExitCode::from(2)
        }
    }
}

async fn measure(arguments: &Arguments) -> Attempt<Report> {
    let binary = binary().ok_or(Failure::NoBinary)?;
    // Hubs are started from a folder of their own.
    let binary = std::path::absolute(&binary).map_err(Failure::doing("finding the binary"))?;
    let mut counts = if arguments.quick { QUICK } else { WHOLE };
    counts.games = arguments
        .games
        .map_or(counts.games, |games| games.clamp(100, 40_000));
    let mut report = Report::begin(&counts, arguments.quick);
    match &arguments.what {
        Some(What::Swarm { sockets }) => {
            swarm::measure(&binary, *sockets, &mut report).await?;
            return Ok(report);
        }
        Some(What::Slow) => {
            swarm::slow::measure(&binary, &mut report).await?;
            swarm::reader::measure(&binary, &mut report).await?;
            gateway::down::measure(&binary, &mut report).await?;
            return Ok(report);
        }
        Some(What::Plans) => {
            plans::measure(&mut report).await?;
            return Ok(report);
        }
        Some(What::Matching) => {
            matching::measure(arguments.quick, &mut report);
            return Ok(report);
        }
        Some(What::Analytics) => {
            analytics::measure(&mut report).await?;
            return Ok(report);
        }
        Some(What::Imports) => {
            imports::measure(&binary, arguments.quick, &mut report).await?;
            return Ok(report);
        }
        Some(What::Gateway(gateway)) => {
            gateway::measure(&binary, gateway, &mut report).await?;
            return Ok(report);
        }
        // A part has been run before.
        Some(What::Part(_)) | None => {}
    }
    report.add(start::size(&binary)?);

    let library = Library::of(counts.games);
    let home = Home::on_sqlite(&binary, &[])?;
    let mut hub = home.one().await?;
    hub.set_up().await?;
    filling::import(&hub, &library, "SQLite", &mut report).await?;
    hub.stop().await?;

    start::measure(&home, &counts, &mut report).await?;

    let mut hub = home.one().await?;
    hub.sign_in().await?;
    questions(&hub, &library, &counts, &mut report).await?;
    mcp::measure(&hub, &counts, &mut report).await?;
    sync::measure(&binary, &counts, &mut report).await?;
    matching::measure(arguments.quick, &mut report);
    let services = Home::on_services(&binary).await?;
    if let Some(home) = &services {
        on_postgres(home, &library, &counts, &mut report).await?;
    }
    throughput::measure(hub, services.as_ref(), &counts, &mut report).await?;

    let wrong = report.wrong() as f64;
    report.add(
        Figure::new("wrong bodies, of all that were checked", wrong, Unit::Count)
            .against(Goal::gate(0.0, 1.0)),
    );
    Ok(report)
}

/// What a person with a large library asks.
async fn questions(
    hub: &Hub,
    library: &Library,
    counts: &Counts,
    report: &mut Report,
) -> Attempt<()> {
    pages::measure(hub, library, counts, report).await?;
    searches::measure(hub, library, counts, report).await?;
    recommend::measure(hub, library, counts, report).await?;
    collections::measure(hub, library, counts, report).await
}

/// The same on the other database, where both are to answer alike. Its library was imported by six
/// processes.
async fn on_postgres(
    home: &Home,
    library: &Library,
    counts: &Counts,
    report: &mut Report,
) -> Attempt<()> {
    let mut many = home.many().await?;
    many.set_up().await?;
    filling::import(&many, library, "six processes", report).await?;
    many.stop().await?;
    let mut hub = home.one().await?;
    hub.sign_in().await?;
    report.at(Some("PostgreSQL"));
    questions(&hub, library, counts, report).await?;
    report.at(None);
    hub.stop().await
}

#[expect(
    clippy::disallowed_methods,
    reason = "the bench is told by the environment what to measure"
)]
fn binary() -> Option<PathBuf> {
    let named = std::env::var("DJINN_BIN").ok()?;
    Some(PathBuf::from(named)).filter(|path| path.is_file())
}
