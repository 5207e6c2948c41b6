//! As many requests as eight connections can make, in one process and in six.

use crate::{
    Counts,
    failure::{Attempt, Failure},
    hub::{Home, Hub, client},
    latency::Latencies,
    report::{Figure, Report, Unit},
};
use serde_json::{Value, json};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

const CONNECTIONS: usize = 8;
/// What is asked, with the number of games an answer has to hold.
const DOCUMENTS: [(&str, usize, &str); 3] = [
    ("the smallest query", 0, "{ me { name role } }"),
    (
        "ten games of one subgraph",
        10,
        "{ games(first: 10) { totalCount nodes { id playtimeMinutes status { id } } } }",
    ),
    (
        "ten games, federated",
        10,
        "{ games(first: 10) { totalCount nodes { id playtimeMinutes status { id } title esrb genres } } }",
    ),
];

/// One way to run the hub, and how it did.
struct Contestant {
    name: &'static str,
    hub: Arc<Hub>,
    turns: Vec<Turn>,
}

struct Turn {
    latencies: Latencies,
    seconds: f64,
    processor: Duration,
}

/// Keeps `one` busy, and next to it, where there are servers for that, the same library as one and
/// as six processes on PostgreSQL and Redis: by turns, so that ratios are of the same minutes.
pub async fn measure(
    mut one: Hub,
    services: Option<&Home>,
    counts: &Counts,
    report: &mut Report,
) -> Attempt<()> {
    one.sign_in().await?;
    let mut hubs = vec![("one process, SQLite", one)];
    if let Some(home) = services {
        let mut many = home.many().await?;
        many.sign_in().await?;
        let mut same = home.one().await?;
        same.sign_in().await?;
        hubs.push(("one process, PostgreSQL", same));
        hubs.push(("six processes, PostgreSQL", many));
    } else {
        report.note("Six processes were not measured: that needs TEST_DATABASE_URL and TEST_REDIS_URL (`scripts/with-services make bench`).");
    }
    let mut contestants: Vec<Contestant> = hubs
        .into_iter()
        .map(|(name, hub)| Contestant {
            name,
            hub: Arc::new(hub),
            turns: Vec::new(),
        })
        .collect();
    for (what, games, document) in DOCUMENTS {
        contest(&mut contestants, what, games, document, counts, report).await?;
    }
    for contestant in &contestants {
        let memory = contestant.hub.memory()?;
        report.add(Figure::new(
            format!("{}: resident memory after all this", contestant.name),
            memory,
            Unit::Megabytes,
        ));
    }
    for contestant in contestants {
        if let Some(hub) = Arc::into_inner(contestant.hub) {
            hub.stop().await?;
        }
    }
    Ok(())
}

async fn contest(
    contestants: &mut [Contestant],
    what: &str,
    games: usize,
    document: &'static str,
    counts: &Counts,
    report: &mut Report,
) -> Attempt<()> {
    for contestant in &mut *contestants {
        contestant.turns.clear();
        // The plan, the connections and the caches are made before anything counts.
        turn(&contestant.hub, document, games, counts.busy / 3).await?;
    }
    for _ in 0..counts.rounds {
        for contestant in &mut *contestants {
            let turn = turn(&contestant.hub, document, games, counts.busy).await?;
            contestant.turns.push(turn);
        }
    }
    let mut rates = Vec::new();
    for contestant in &mut *contestants {
        let turns = std::mem::take(&mut contestant.turns);
        let seconds: f64 = turns.iter().map(|turn| turn.seconds).sum();
        let processor: Duration = turns.iter().map(|turn| turn.processor).sum();
        let mut all = Latencies::default();
        for turn in turns {
            all.extend(turn.latencies);
        }
        report.check(what, &all);
        let (name, count) = (contestant.name, all.count().max(1) as f64);
        report.add(Figure::new(
            format!("{what}, {name}"),
            count / seconds,
            Unit::PerSecond,
        ));
        report.add(Figure::new("  p50", all.percentile(50), Unit::Milliseconds));
        report.add(Figure::new("  p99", all.percentile(99), Unit::Milliseconds));
        report.add(Figure::new(
            "  processor time for each",
            processor.as_secs_f64() * 1e6 / count,
            Unit::Microseconds,
        ));
        rates.push(count / seconds);
    }
    if let [sqlite, same, many] = rates[..] {
        report.add(Figure::new(
            format!("{what}: one process over six, both on PostgreSQL"),
            same / many,
            Unit::Times,
        ));
        report.add(Figure::new(
            format!("{what}: one process on SQLite over six on PostgreSQL"),
            sqlite / many,
            Unit::Times,
        ));
    }
    Ok(())
}

/// Keeps a hub busy for a while.
async fn turn(
    hub: &Arc<Hub>,
    document: &'static str,
    games: usize,
    busy: Duration,
) -> Attempt<Turn> {
    let body = json!({ "query": document });
    let expected = right_answer(hub, &body, games).await?;
    let (before, begun) = (hub.processor_time()?, Instant::now());
    let tasks: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            tokio::spawn(keep_asking(
                Arc::clone(hub),
                body.clone(),
                expected.clone(),
                begun + busy,
            ))
        })
        .collect();
    let mut latencies = Latencies::default();
    for task in tasks {
        latencies.extend(task.await.map_err(Failure::doing("keeping the hub busy"))?);
    }
    Ok(Turn {
        latencies,
        seconds: begun.elapsed().as_secs_f64(),
        processor: hub.processor_time()?.saturating_sub(before),
    })
}

/// The one right answer, byte for byte, once what it says was looked at.
async fn right_answer(hub: &Hub, body: &Value, games: usize) -> Attempt<String> {
    let answer = hub
        .request(&client(), body)
        .send()
        .await
        .map_err(Failure::doing("asking the hub"))?;
    let text = answer
        .text()
        .await
        .map_err(Failure::doing("reading an answer"))?;
    let value: Value = serde_json::from_str(&text).unwrap_or_default();
    let right = value["errors"].is_null()
        && if games == 0 {
            value["data"]["me"]["name"].is_string()
        } else {
            value["data"]["games"]["nodes"]
                .as_array()
                .is_some_and(|nodes| nodes.len() == games)
        };
    if right {
        Ok(text)
    } else {
        Err(Failure::Refused(body.to_string(), text))
    }
}

async fn keep_asking(hub: Arc<Hub>, body: Value, expected: String, until: Instant) -> Latencies {
    let http = client();
    let mut latencies = Latencies::default();
    while Instant::now() < until {
        let request = hub.request(&http, &body);
        let begun = Instant::now();
        let answer = match request.send().await {
            Ok(answer) => answer.text().await,
            Err(error) => Err(error),
        };
        latencies.add(begun.elapsed());
        match answer {
            Ok(text) if text == expected => {}
            Ok(text) => latencies.complain(text),
            Err(error) => latencies.complain(error.to_string()),
        }
    }
    latencies
}
