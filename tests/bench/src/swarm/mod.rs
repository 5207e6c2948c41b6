//! `djinn-bench swarm`: thousands of signed-in sockets follow one room, and every change has to reach
//! every one of them. And `djinn-bench slow`: thousands of clients who send a byte now and then.
//!
//! Who follows with the same login shares the work of an event; so the sockets belong to hundreds of
//! logins, each with as many as one may have by default.

mod arrivals;
mod crowd;
mod follower;
mod frame;
pub mod reader;
pub mod slow;

use crate::{
    failure::{Attempt, Failure},
    hub::{Home, Hub},
    latency::Latencies,
    process,
    report::{Figure, Goal, Report, Unit},
};
use arrivals::Arrivals;
use crowd::Crowd;
use serde_json::{Value, json};
use std::{path::Path, sync::Arc, time::Duration};

/// How many changes are made, one after the other.
const CHANGES: u64 = 12;
/// The first of them, which are not counted, as nowhere in this bench: until then whoever came first to
/// an audience has a stream of their own, and takes a seat with the first changes.
const WARM: u64 = 2;
/// Between two changes, so that one is over before the next begins.
const PAUSE: Duration = Duration::from_millis(1_500);
/// How many sockets are being opened at any time.
const OPENING: usize = 64;
/// How long a change may take to reach everybody before it counts as missed.
const PATIENCE: Duration = Duration::from_secs(20);
/// By so much the clock may be set meanwhile before it is worth a word.
const CLOCK_SET: Duration = Duration::from_millis(1);
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

    let own = std::process::id();
    let (of_hub, of_bench) = (hub.processor_time()?, process::processor_time(own)?);
    for change in 1..=CHANGES {
        act(&hub, &room, change, &arrivals).await?;
        tokio::time::sleep(PAUSE).await;
    }
    let all = arrivals.all_of(sockets, PATIENCE).await;
    let of_hub = hub.processor_time()?.saturating_sub(of_hub);
    let of_bench = process::processor_time(own)?.saturating_sub(of_bench);
    let deliveries = tell_latencies(&arrivals, report);
    for (what, processor) in [
        ("  processor time of the hub for each delivery", of_hub),
        ("  processor time of the bench for each delivery", of_bench),
    ] {
        let each = processor.as_secs_f64() * 1e6 / deliveries.max(1) as f64;
        report.add(Figure::new(what, each, Unit::Microseconds));
    }
    let missed = (sockets as u64 * CHANGES) as f64 - deliveries as f64;
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

/// Says how long changes took, and by what clock; how many came.
fn tell_latencies(arrivals: &Arrivals, report: &mut Report) -> usize {
    let (mut received, mut read) = (Latencies::default(), Latencies::default());
    let mut first = Latencies::default();
    let mut of_each: Vec<_> = (0..=CHANGES).map(|_| Latencies::default()).collect();
    let mut unstamped = 0;
    for arrival in arrivals.all() {
        of_each[arrival.change as usize].add(arrival.received);
        if arrival.change > WARM {
            received.add(arrival.received);
            read.add(arrival.read);
        } else {
            first.add(arrival.received);
        }
        unstamped += usize::from(!arrival.stamped);
    }
    report.add(Figure::new(
        "  one change to all, received by the system: p50",
        received.percentile(50),
        Unit::Milliseconds,
    ));
    report.add(
        Figure::new(
            "  one change to all, received by the system: p99",
            received.percentile(99),
            Unit::Milliseconds,
        )
        .against(Goal::gate(100.0, 3.0)),
    );
    report.add(Figure::new(
        "  the same of the first two, which seat everybody: p99",
        first.percentile(99),
        Unit::Milliseconds,
    ));
    report.add(Figure::new(
        "  the same, read by the bench: p99",
        read.percentile(99),
        Unit::Milliseconds,
    ));
    report.note(&format!(
        "Received: from before the change is sent until the kernel has the frame for its reader, by the kernel's own stamp\n\
         (SO_TIMESTAMPNS). All sockets are read by one thread of the bench, nice {}, at most every {} ms.",
        crowd::NICE,
        crowd::ROUND.as_millis(),
    ));
    let of_each: Vec<_> = of_each[1..]
        .iter()
        .map(|change| format!("{:.0}", change.percentile(99)))
        .collect();
    report.note(&format!(
        "Received: p99 of each change, in ms: {}.",
        of_each.join(", ")
    ));
    if unstamped > 0 {
        report.note(&format!(
            "{unstamped} arrivals have no stamp of the kernel: they count as they were read."
        ));
    }
    let set = arrivals.clock_set_by();
    if set > CLOCK_SET {
        report.note(&format!(
            "The machine's clock was set by {} ms meanwhile: the latencies may be wrong by as much.",
            set.as_millis()
        ));
    }
    received.count() + first.count()
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
) -> Attempt<Crowd> {
    let crowd = Crowd::new(Arc::clone(arrivals))?;
    let mut opening = tokio::task::JoinSet::new();
    for number in 0..sockets {
        if opening.len() >= OPENING
            && let Some(opened) = opening.join_next().await
        {
            crowd.join(opened.map_err(Failure::doing("opening a socket"))??)?;
        }
        opening.spawn(follower::open(
            number,
            hub.url.clone(),
            logins[number % logins.len()].clone(),
            room.clone(),
        ));
    }
    while let Some(opened) = opening.join_next().await {
        crowd.join(opened.map_err(Failure::doing("opening a socket"))??)?;
    }
    Ok(crowd)
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
