//! `djinn-bench swarm`: thousands of signed-in sockets follow one room, and every change has to reach
//! every one of them. And `djinn-bench slow`: thousands of clients who send a byte now and then.
//!
//! Who follows with the same login shares the work of an event; so the sockets belong to hundreds of
//! logins, each with as many as one may have by default.

mod follower;
pub mod slow;

use crate::{
    failure::{Attempt, Failure},
    hub::{Home, Hub},
    latency::Latencies,
    report::{Figure, Goal, Report, Unit},
};
use follower::{Arrivals, Follower};
use serde_json::{Value, json};
use std::{path::Path, sync::Arc, time::Duration};

/// How many changes are made, one after the other.
const CHANGES: u64 = 10;
/// Between two changes, so that one is over before the next begins.
const PAUSE: Duration = Duration::from_millis(1_500);
/// How many sockets are being opened at any time.
const OPENING: usize = 64;
/// How long a change may take to reach everybody before it counts as missed.
const PATIENCE: Duration = Duration::from_secs(20);
/// As many as one login may have by default.
const SOCKETS_EACH: usize = 20;

/// Opens the sockets, makes the changes, and reports.
pub async fn measure(binary: &Path, sockets: usize, report: &mut Report) -> Attempt<()> {
    let home = Home::on_sqlite(binary, &[])?;
    let mut hub = home.one().await?;
    hub.set_up().await?;
    let room = open_room(&hub).await?;
    let mut logins = Vec::new();
    for _ in 0..sockets.div_ceil(SOCKETS_EACH) {
        logins.push(hub.another_login().await?);
    }
    let before = hub.memory()?;

    let arrivals = Arc::new(Arrivals::new(CHANGES));
    let begun = std::time::Instant::now();
    let followers = follow(&hub, &logins, &room, sockets, &arrivals).await?;
    report.add(Figure::new(
        format!(
            "{sockets} sockets of {} logins: until all follow the room",
            logins.len()
        ),
        begun.elapsed().as_secs_f64(),
        Unit::Seconds,
    ));
    // What was needed only while they were opened is given back first.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let each = (hub.memory()? - before) * 1e3 / sockets as f64;
    report.add(
        Figure::new("  resident memory for each, in kB", each, Unit::Count)
            .against(Goal::gate(16.4, 2.0)),
    );

    let processor = hub.processor_time()?;
    for change in 1..=CHANGES {
        act(&hub, &room, change, &arrivals).await?;
        tokio::time::sleep(PAUSE).await;
    }
    let all = arrivals.all_of(sockets, PATIENCE).await;
    let processor = hub.processor_time()?.saturating_sub(processor);
    let mut latencies = Latencies::default();
    for took in arrivals.latencies() {
        latencies.add(took);
    }
    report.add(Figure::new(
        "  one change to all: p50",
        latencies.percentile(50),
        Unit::Milliseconds,
    ));
    report.add(
        Figure::new(
            "  one change to all: p99",
            latencies.percentile(99),
            Unit::Milliseconds,
        )
        .against(Goal::gate(100.0, 3.0)),
    );
    let deliveries = latencies.count().max(1) as f64;
    report.add(Figure::new(
        "  processor time for each delivery",
        processor.as_secs_f64() * 1e6 / deliveries,
        Unit::Microseconds,
    ));
    let missed = (sockets as u64 * CHANGES) as f64 - latencies.count() as f64;
    report.add(
        Figure::new("  changes that somebody missed", missed, Unit::Count)
            .against(Goal::gate(0.0, 1.0)),
    );
    if !all {
        report.note("Not every change reached everybody in time.");
    }
    drop(followers);
    hub.stop().await
}

async fn open_room(hub: &Hub) -> Attempt<Value> {
    let made = hub
        .ask(
            "mutation { createRoom(input: { name: \"Swarm\", seats: 2, public: true, state: { count: 0 } }) { room { id } problems { code } } }",
            json!({}),
        )
        .await?;
    Ok(made["createRoom"]["room"]["id"].clone())
}

async fn follow(
    hub: &Hub,
    logins: &[String],
    room: &Value,
    sockets: usize,
    arrivals: &Arc<Arrivals>,
) -> Attempt<Vec<Follower>> {
    let mut opening = tokio::task::JoinSet::new();
    let mut followers = Vec::with_capacity(sockets);
    for number in 0..sockets {
        if opening.len() >= OPENING
            && let Some(opened) = opening.join_next().await
        {
            followers.push(opened.map_err(Failure::doing("opening a socket"))??);
        }
        opening.spawn(Follower::open(
            number,
            hub.url.clone(),
            logins[number % logins.len()].clone(),
            room.clone(),
            Arc::clone(arrivals),
        ));
    }
    while let Some(opened) = opening.join_next().await {
        followers.push(opened.map_err(Failure::doing("opening a socket"))??);
    }
    Ok(followers)
}

async fn act(hub: &Hub, room: &Value, change: u64, arrivals: &Arrivals) -> Attempt<()> {
    let input =
        json!({ "input": { "roomId": room, "clientSeq": change, "patch": { "count": change } } });
    arrivals.sent(change);
    let done = hub
        .ask(
            "mutation($input: ActInput!) { actInRoom(input: $input) { rev problems { code message } } }",
            input,
        )
        .await?;
    if done["actInRoom"]["rev"].is_null() {
        return Err(Failure::Refused("actInRoom".to_owned(), done.to_string()));
    }
    Ok(())
}
