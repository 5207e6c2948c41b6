//! Subscribers who read a byte a second, of a room that has much to say, and what those notice of them
//! who follow another room (row F21 of `docs/operations/resilience.md`).

use super::{
    act,
    arrivals::Arrivals,
    follow,
    follower::{connect, subscribe},
    open_room,
};
use crate::{
    failure::{Attempt, Failure},
    hub::{Home, Hub},
    latency::Latencies,
    report::{Figure, Goal, Report, Unit},
};
use serde_json::{Value, json};
use std::{net::Ipv4Addr, path::Path, sync::Arc, time::Duration};
use tokio::{io::AsyncReadExt, task::JoinSet};

/// How many read as fast as they can.
const FOLLOWERS: usize = 1_000;
/// How many read a byte a second.
const SLOW: usize = 20;
/// Changes of each turn, and turns of each kind.
const CHANGES: u64 = 10;
const ROUNDS: u64 = 3;
/// Between two changes.
const PAUSE: Duration = Duration::from_millis(300);
/// How long a turn's changes may take to reach everybody.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often the other room changes, and by how many bytes.
const CHATTER: Duration = Duration::from_millis(50);
const BYTES: usize = 15 * 1024;
/// What the system takes for a slow reader: as little as it can.
const RECEIVED: u32 = 4 * 1024;
const BYTE_EVERY: Duration = Duration::from_secs(1);

/// Times changes with and without slow readers, by turns, and reports.
pub async fn measure(binary: &Path, report: &mut Report) -> Attempt<()> {
    let home = Home::on_sqlite(binary, &[])?;
    let mut hub = home.one().await?;
    hub.set_up().await?;
    let rooms = [open_room(&hub).await?, open_room(&hub).await?];
    let mut logins = Vec::new();
    for _ in 0..FOLLOWERS.div_ceil(super::SOCKETS_EACH) {
        logins.push(hub.another_login().await?);
    }
    let slow_login = hub.another_login().await?;
    let arrivals = Arc::new(Arrivals::new(2 * ROUNDS * CHANGES));
    let followers = follow(&hub, &logins, &rooms[0], FOLLOWERS, &arrivals).await?;

    let mut said = 0;
    let mut more = Vec::new();
    for round in 0..ROUNDS {
        let first = 2 * round * CHANGES + 1;
        let before = turn(&hub, &rooms, first, &arrivals, &mut said).await?;
        let mut slow = JoinSet::new();
        for number in 0..SLOW {
            let from = Ipv4Addr::from(u32::from(Ipv4Addr::new(127, 3, 0, 1)) + number as u32);
            slow.spawn(creep(
                from,
                hub.url.clone(),
                slow_login.clone(),
                rooms.clone(),
            ));
        }
        // Until what the system takes for them is full.
        chat_for(&hub, &rooms[1], &mut said, Duration::from_secs(3)).await?;
        let after = turn(&hub, &rooms, first + CHANGES, &arrivals, &mut said).await?;
        more.push((after - before) / SLOW as f64);
        slow.shutdown().await;
    }
    let (mut without, mut with) = (Latencies::default(), Latencies::default());
    for arrival in arrivals.all() {
        let turn = (arrival.change - 1) / CHANGES;
        let latencies = if turn.is_multiple_of(2) {
            &mut without
        } else {
            &mut with
        };
        latencies.add(arrival.received);
    }
    let (p99_without, p99_with) = (without.percentile(99), with.percentile(99));
    report.add(Figure::new(
        format!("one change to {FOLLOWERS} sockets: p99"),
        p99_without,
        Unit::Milliseconds,
    ));
    report.add(
        Figure::new(
            format!("  p99 beside {SLOW} who read a byte a second, in proportion"),
            p99_with / p99_without,
            Unit::Times,
        )
        .against(Goal::gate(1.2, 2.0)),
    );
    let most = more.iter().copied().fold(0.0, f64::max);
    report.add(
        Figure::new("  memory for each of these, at most", most, Unit::Megabytes)
            .against(Goal::gate(1.05, 2.0)),
    );
    drop(followers);
    hub.stop().await
}

/// Changes the first room while the other one chatters; says how much memory is in use in the end.
async fn turn(
    hub: &Hub,
    rooms: &[Value; 2],
    first: u64,
    arrivals: &Arrivals,
    said: &mut u64,
) -> Attempt<f64> {
    let changes = async {
        for change in first..first + CHANGES {
            act(hub, &rooms[0], change, arrivals).await?;
            tokio::time::sleep(PAUSE).await;
        }
        let last = first + CHANGES - 1;
        if arrivals.upto(last, FOLLOWERS, PATIENCE).await {
            hub.memory()
        } else {
            let what = format!("change {last} did not reach everybody");
            Err(Failure::TooLate(what, PATIENCE.as_secs()))
        }
    };
    tokio::select! {
        memory = changes => memory,
        failed = chat(hub, &rooms[1], said) => Err(failed),
    }
}

async fn chat_for(hub: &Hub, room: &Value, said: &mut u64, long: Duration) -> Attempt<()> {
    tokio::select! {
        () = tokio::time::sleep(long) => Ok(()),
        failed = chat(hub, room, said) => Err(failed),
    }
}

/// Changes the room again and again, until that fails.
async fn chat(hub: &Hub, room: &Value, said: &mut u64) -> Failure {
    loop {
        if let Err(failure) = say(hub, room, *said).await {
            return failure;
        }
        *said += 1;
        tokio::time::sleep(CHATTER).await;
    }
}

/// Who is stopped in between says the same again, which changes nothing the second time.
async fn say(hub: &Hub, room: &Value, said: u64) -> Attempt<()> {
    let document = "mutation($input: ActInput!) { actInRoom(input: $input) { rev problems { code message } } }";
    let patch = json!({ "said": "x".repeat(BYTES), "by": said });
    let input = json!({ "roomId": room, "clientSeq": said + 1, "patch": patch });
    let done = hub.ask(document, json!({ "input": input })).await?;
    if done["actInRoom"]["rev"].is_null() {
        return Err(Failure::Refused("actInRoom".to_owned(), done.to_string()));
    }
    Ok(())
}

/// Follows both rooms and reads a byte a second; whoever is shown out comes back.
async fn creep(from: Ipv4Addr, url: String, token: String, rooms: [Value; 2]) {
    loop {
        if let Ok(mut socket) = connect(from, &url, &token, Some(RECEIVED)).await
            && subscribe(&mut socket, "1", &rooms[0]).await.is_ok()
            && subscribe(&mut socket, "2", &rooms[1]).await.is_ok()
        {
            let mut stream = socket.into_inner();
            while stream.read_u8().await.is_ok() {
                tokio::time::sleep(BYTE_EVERY).await;
            }
        }
        tokio::time::sleep(BYTE_EVERY).await;
    }
}
