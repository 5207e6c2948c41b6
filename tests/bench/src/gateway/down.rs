//! What somebody notices of a service that is down who does not ask for anything of it (row F1 of
//! `docs/operations/resilience.md`).

use super::{itself, over_http, shapes, wire::Wire};
use crate::{
    failure::{Attempt, Failure},
    latency::Latencies,
    process::Process,
    report::{Figure, Goal, Report, Unit},
};
use djinn_testkit::fault::{Fault, FaultProxy};
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// The one that is down.
const DOWN: &str = "reviews";
/// How many requests are timed at a time.
const REQUESTS: usize = 2_000;
/// Turns of each.
const ROUNDS: usize = 4;
/// How often somebody asks for something of it meanwhile.
const BESIDE: Duration = Duration::from_millis(10);
/// The breaker has noticed by then.
const NOTICED: Duration = Duration::from_secs(15);

/// Times requests while it is up and while it is down, by turns, and reports.
pub async fn measure(binary: &Path, report: &mut Report) -> Attempt<()> {
    let bench = itself()?;
    let (_services, services) =
        Process::announced(&bench, &["part", "services", "--port", "0"], &[]).await?;
    let address = services.trim_start_matches("http://");
    let address = address
        .parse()
        .map_err(Failure::doing("reading the services' address"))?;
    let proxy = FaultProxy::to(address)
        .await
        .map_err(Failure::doing("starting a proxy"))?;
    let place = |name: &str| match name {
        DOWN => format!("{}/{name}/graphql", proxy.url()),
        _ => format!("{services}/{name}/graphql"),
    };
    let (_router, at) = over_http(binary, place).await?;
    let at = at.trim_start_matches("http://").to_owned();

    let numbers = Arc::new(AtomicU64::new(1));
    let beside = tokio::spawn(keep_asking(at.clone(), Arc::clone(&numbers)));
    let (mut up, mut down) = (Latencies::default(), Latencies::default());
    ask(&at, &numbers, &mut Latencies::default()).await?;
    for _ in 0..ROUNDS {
        noticed(&proxy, Fault::None, &at, &numbers).await?;
        ask(&at, &numbers, &mut up).await?;
        noticed(&proxy, Fault::Reset, &at, &numbers).await?;
        ask(&at, &numbers, &mut down).await?;
    }
    beside.abort();
    report.check("requests beside a service that is down", &down);
    report.check("requests beside a service that is up", &up);
    report.add(Figure::new(
        "p95 while all services are up",
        up.percentile(95),
        Unit::Milliseconds,
    ));
    report.add(
        Figure::new(
            "p95 of others while one service is down, in proportion",
            down.percentile(95) / up.percentile(95),
            Unit::Times,
        )
        .against(Goal::gate(1.2, 2.0)),
    );
    Ok(())
}

/// From now on, this happens to the service. Waits until the router knows: somebody who asks for
/// something of it is answered again, or refused without another try to reach it.
async fn noticed(proxy: &FaultProxy, fault: Fault, at: &str, numbers: &AtomicU64) -> Attempt<()> {
    proxy.now(fault);
    let begun = Instant::now();
    let mut wire = Wire::connect(at, "/graphql")
        .await
        .map_err(Failure::doing("connecting to the router"))?;
    while begun.elapsed() < NOTICED {
        let tries = proxy.accepted();
        let seed = shapes::seed(numbers.fetch_add(1, Ordering::Relaxed));
        let answer = wire
            .post(&shapes::SHAPES[1].body(&seed))
            .await
            .map_err(Failure::doing("asking the router"))?;
        let whole = !String::from_utf8_lossy(answer).contains("\"errors\"");
        let known = match fault {
            Fault::None => whole,
            _ => !whole && proxy.accepted() == tries,
        };
        if known {
            return Ok(());
        }
        tokio::time::sleep(BESIDE).await;
    }
    let what = format!("the router noticed {fault:?}");
    Err(Failure::TooLate(what, NOTICED.as_secs()))
}

/// Asks one service that is up, one request after the other.
async fn ask(at: &str, numbers: &AtomicU64, latencies: &mut Latencies) -> Attempt<()> {
    let mut wire = Wire::connect(at, "/graphql")
        .await
        .map_err(Failure::doing("connecting to the router"))?;
    for _ in 0..REQUESTS {
        let seed = shapes::seed(numbers.fetch_add(1, Ordering::Relaxed));
        let body = shapes::SHAPES[0].body(&seed);
        let begun = Instant::now();
        let answer = wire
            .post(&body)
            .await
            .map_err(Failure::doing("asking the router"))?;
        latencies.add(begun.elapsed());
        let text = String::from_utf8_lossy(answer);
        if !text.contains(&seed) || text.contains("\"errors\"") {
            latencies.complain(text.into_owned());
        }
    }
    Ok(())
}

/// Somebody who asks for what is missing meanwhile, or nobody would notice that it is.
async fn keep_asking(at: String, numbers: Arc<AtomicU64>) {
    let Ok(mut wire) = Wire::connect(&at, "/graphql").await else {
        return;
    };
    loop {
        let seed = shapes::seed(numbers.fetch_add(1, Ordering::Relaxed));
        if wire.post(&shapes::SHAPES[1].body(&seed)).await.is_err() {
            return;
        }
        tokio::time::sleep(BESIDE).await;
    }
}
