//! Turns: each contestant answers each shape for a while, one after the other and again, so that
//! ratios are of the same minutes.

use super::{
    shapes::{Expected, MARK, SHAPES, Shape, seed},
    wire::Wire,
};
use crate::{
    failure::{Attempt, Failure},
    latency::Latencies,
    process,
    report::{Figure, Goal, Report, Unit},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

const CONNECTIONS: usize = 16;

/// A gateway, and how it did.
pub struct Contestant {
    name: &'static str,
    address: String,
    path: String,
    process: Option<u32>,
}

struct Turn {
    latencies: Latencies,
    seconds: f64,
    processor: Duration,
}

impl Contestant {
    /// One that listens at `url`.
    pub fn new(name: &'static str, url: &str, path: &str, process: Option<u32>) -> Self {
        Self {
            name,
            // Of an address with a path only the beginning.
            address: url
                .trim_start_matches("http://")
                .split('/')
                .next()
                .unwrap_or_default()
                .to_owned(),
            path: path.to_owned(),
            process,
        }
    }

    /// A foreign one, by the whole URL of its endpoint.
    pub fn peer(url: &str, process: Option<u32>) -> Attempt<Self> {
        let bare = url.strip_prefix("http://");
        let (address, path) = bare.and_then(|bare| bare.split_once('/')).ok_or_else(|| {
            Failure::Refused(
                "--peer".to_owned(),
                "a URL like http://127.0.0.1:4000/graphql is wanted".to_owned(),
            )
        })?;
        Ok(Self::new("the peer", address, &format!("/{path}"), process))
    }

    async fn wire(&self) -> Attempt<Wire> {
        Wire::connect(&self.address, &self.path)
            .await
            .map_err(Failure::doing("connecting to a gateway"))
    }

    fn processor_time(&self) -> Attempt<Duration> {
        self.process
            .map_or(Ok(Duration::ZERO), process::processor_time)
    }
}

/// All shapes, in turns.
pub async fn measure(
    contestants: &mut [Contestant],
    busy: Duration,
    rounds: usize,
    report: &mut Report,
) -> Attempt<()> {
    let numbers = Arc::new(AtomicU64::new(1));
    for shape in &SHAPES {
        let mut expected = Vec::new();
        for contestant in &*contestants {
            expected.push(Arc::new(learn(contestant, shape, expected.first()).await?));
        }
        let mut turns: Vec<Vec<Turn>> = contestants.iter().map(|_| Vec::new()).collect();
        for round in 0..=rounds {
            // There and back: whoever is first in one round is last in the next.
            let mut order: Vec<usize> = (0..contestants.len()).collect();
            if round % 2 == 1 {
                order.reverse();
            }
            for at in order {
                // The first round only warms up.
                let busy = if round == 0 { busy / 4 } else { busy };
                let turn = turn(&contestants[at], shape, &expected[at], &numbers, busy).await?;
                if round > 0 {
                    turns[at].push(turn);
                }
            }
        }
        tell(contestants, shape, &expected[0], turns, report)?;
    }
    Ok(())
}

async fn learn(
    contestant: &Contestant,
    shape: &Shape,
    first: Option<&Arc<Expected>>,
) -> Attempt<Expected> {
    let mut wire = contestant.wire().await?;
    let answer = wire
        .post(&shape.body(MARK))
        .await
        .map_err(Failure::doing("asking a gateway for the first time"))?;
    let text = String::from_utf8_lossy(answer);
    let expected = Expected::learn(answer);
    // The keys of an object may be in another order in a peer, so sizes are compared, not bytes.
    let alike = first.is_none_or(|first| first.seeds() == expected.seeds());
    if text.contains("\"errors\"") || expected.seeds() < 6 || !alike {
        return Err(Failure::Refused(
            shape.name.to_owned(),
            text.chars().take(600).collect(),
        ));
    }
    Ok(expected)
}

async fn turn(
    contestant: &Contestant,
    shape: &'static Shape,
    expected: &Arc<Expected>,
    numbers: &Arc<AtomicU64>,
    busy: Duration,
) -> Attempt<Turn> {
    let mut wires = Vec::new();
    for _ in 0..CONNECTIONS {
        wires.push(contestant.wire().await?);
    }
    let (before, begun) = (contestant.processor_time()?, Instant::now());
    let tasks: Vec<_> = wires
        .into_iter()
        .map(|wire| {
            tokio::spawn(keep_asking(
                wire,
                shape,
                Arc::clone(expected),
                Arc::clone(numbers),
                begun + busy,
            ))
        })
        .collect();
    let mut latencies = Latencies::default();
    for task in tasks {
        latencies.extend(
            task.await
                .map_err(Failure::doing("keeping a gateway busy"))?,
        );
    }
    Ok(Turn {
        latencies,
        seconds: begun.elapsed().as_secs_f64(),
        processor: contestant.processor_time()?.saturating_sub(before),
    })
}

async fn keep_asking(
    mut wire: Wire,
    shape: &'static Shape,
    expected: Arc<Expected>,
    numbers: Arc<AtomicU64>,
    until: Instant,
) -> Latencies {
    let mut latencies = Latencies::default();
    while Instant::now() < until {
        let seed = seed(numbers.fetch_add(1, Ordering::Relaxed));
        let body = shape.body(&seed);
        let begun = Instant::now();
        let answer = wire.post(&body).await;
        latencies.add(begun.elapsed());
        match answer {
            Ok(answer) => {
                if !expected.is(answer, &seed) {
                    latencies.complain(String::from_utf8_lossy(answer).into_owned());
                }
            }
            Err(error) => {
                latencies.complain(error.to_string());
                return latencies;
            }
        }
    }
    latencies
}

fn tell(
    contestants: &[Contestant],
    shape: &Shape,
    expected: &Expected,
    turns: Vec<Vec<Turn>>,
    report: &mut Report,
) -> Attempt<()> {
    let (mut rates, mut costs) = (Vec::new(), Vec::new());
    for (contestant, turns) in contestants.iter().zip(turns) {
        let seconds: f64 = turns.iter().map(|turn| turn.seconds).sum();
        let processor: Duration = turns.iter().map(|turn| turn.processor).sum();
        let mut all = Latencies::default();
        for turn in turns {
            all.extend(turn.latencies);
        }
        report.check(shape.name, &all);
        let count = all.count().max(1) as f64;
        let name = format!(
            "{} ({:.1} kB), {}",
            shape.name,
            expected.len() as f64 / 1e3,
            contestant.name
        );
        report.add(Figure::new(name, count / seconds, Unit::PerSecond));
        report.add(Figure::new("  p50", all.percentile(50), Unit::Milliseconds));
        report.add(Figure::new("  p99", all.percentile(99), Unit::Milliseconds));
        let cost = processor.as_secs_f64() * 1e6 / count;
        report.add(Figure::new(
            "  processor time of the gateway for each",
            cost,
            Unit::Microseconds,
        ));
        if let Some(process) = contestant.process {
            report.add(Figure::new(
                "  resident memory",
                process::memory(process)?,
                Unit::Megabytes,
            ));
        }
        rates.push(count / seconds);
        costs.push(cost);
    }
    let ratio = rates[0] / rates[1].max(1e-9);
    report.add(
        Figure::new(
            format!("{}: in process over HTTP, requests/s", shape.name),
            ratio,
            Unit::Times,
        )
        .at_least(2.5),
    );
    if let (Some(peer), Some(rate)) = (costs.get(2), rates.get(2)) {
        if *peer > 0.0 {
            let cost = costs[1] / peer;
            report.add(
                Figure::new(
                    format!(
                        "{}: our processor time over the peer's, over HTTP",
                        shape.name
                    ),
                    cost,
                    Unit::Times,
                )
                .against(Goal::gate(1.0, 1.5)),
            );
        }
        report.add(Figure::new(
            format!("{}: our requests/s over the peer's, over HTTP", shape.name),
            rates[1] / rate,
            Unit::Times,
        ));
    }
    Ok(())
}
