//! Two thousand connections that send their headers a byte at a time, and what somebody else notices
//! of them.

use crate::{
    failure::{Attempt, Failure},
    hub::{Home, Hub},
    latency::{Latencies, must},
    report::{Figure, Goal, Report, Unit},
};
use serde_json::json;
use std::{
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    time::Duration,
};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpSocket, TcpStream},
};

/// How many connections are held.
const SLOW: usize = 2_000;
/// How many of them come from one address; each may hold 256 by default.
const FROM_ONE_ADDRESS: usize = 100;
/// How often each of them sends a byte.
const BYTE_EVERY: Duration = Duration::from_secs(1);
/// How many requests are timed at a time.
const REQUESTS: usize = 400;
/// What is asked meanwhile.
const DOCUMENT: &str = "{ me { id name role } libraries(first: 10) { totalCount } }";

/// Times requests by themselves and beside the slow ones, by turns, and reports.
pub async fn measure(binary: &Path, report: &mut Report) -> Attempt<()> {
    let home = Home::on_sqlite(binary, &[])?;
    let mut hub = home.one().await?;
    hub.set_up().await?;
    let (mut alone, mut beside) = (Latencies::default(), Latencies::default());
    ask(&hub, &mut Latencies::default()).await?;
    for _ in 0..3 {
        ask(&hub, &mut alone).await?;
        let before = hub.memory()?;
        let slow = crowd(&hub).await?;
        ask(&hub, &mut beside).await?;
        let each = (hub.memory()? - before) * 1e3 / SLOW as f64;
        report.note(&format!("{SLOW} slow connections hold {each:.1} kB each."));
        drop(slow);
    }
    report.check("requests beside slow connections", &beside);
    let (p95_alone, p95_beside) = (alone.percentile(95), beside.percentile(95));
    report.add(Figure::new("p95 by itself", p95_alone, Unit::Milliseconds));
    report.add(
        Figure::new(
            format!("p95 beside {SLOW} slow connections, in proportion"),
            p95_beside / p95_alone,
            Unit::Times,
        )
        .against(Goal::gate(1.5, 2.0)),
    );
    hub.stop().await
}

async fn ask(hub: &Hub, latencies: &mut Latencies) -> Attempt<()> {
    for _ in 0..REQUESTS {
        latencies
            .ask(hub, DOCUMENT, &json!({}), |data| {
                must(data["me"]["name"] == "Anna", || data.to_string())
            })
            .await?;
    }
    Ok(())
}

/// They send until they are dropped; whoever is shown out comes back.
async fn crowd(hub: &Hub) -> Attempt<tokio::task::JoinSet<()>> {
    let address: SocketAddr = hub
        .url
        .trim_start_matches("http://")
        .parse()
        .map_err(Failure::doing("reading the hub's address"))?;
    let mut crowd = tokio::task::JoinSet::new();
    for number in 0..SLOW {
        let stream = connect(number, address)
            .await
            .map_err(Failure::doing("connecting slowly"))?;
        crowd.spawn(dawdle(number, address, stream));
    }
    Ok(crowd)
}

async fn connect(number: usize, address: SocketAddr) -> std::io::Result<TcpStream> {
    let tcp = TcpSocket::new_v4()?;
    let from = u32::from(Ipv4Addr::new(127, 2, 0, 1)) + (number / FROM_ONE_ADDRESS) as u32;
    tcp.bind((Ipv4Addr::from(from), 0).into())?;
    tcp.connect(address).await
}

async fn dawdle(number: usize, address: SocketAddr, mut stream: TcpStream) {
    loop {
        for byte in b"POST /graphql HTTP/1.1\r\nhost: localhost\r\nx-slow: "
            .iter()
            .cycle()
        {
            if stream.write_all(&[*byte]).await.is_err() {
                break;
            }
            tokio::time::sleep(BYTE_EVERY).await;
        }
        match connect(number, address).await {
            Ok(again) => stream = again,
            Err(_) => return,
        }
    }
}
