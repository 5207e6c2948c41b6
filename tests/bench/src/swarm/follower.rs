//! One who follows the room over a socket of its own, and what reached them all.

use crate::failure::{Attempt, Failure};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{Message, client::IntoClientRequest, protocol::WebSocketConfig},
};

const EVENTS: &str = "subscription($room: ID!) { roomEvents(roomId: $room) { __typename ... on RoomSnapshot { rev } ... on RoomDelta { rev changes { patch } } } }";
/// How many come from one address of this machine.
const FROM_ONE_ADDRESS: usize = 100;
/// How long opening one may take.
const OPENING: Duration = Duration::from_secs(30);

/// When each change was sent, and how long it took to each follower.
pub struct Arrivals {
    sent: Vec<Mutex<Option<Instant>>>,
    took: Mutex<Vec<Duration>>,
}

impl Arrivals {
    /// For this many changes.
    pub fn new(changes: u64) -> Self {
        Self {
            sent: (0..=changes).map(|_| Mutex::default()).collect(),
            took: Mutex::default(),
        }
    }

    /// A change is about to be made.
    pub fn sent(&self, change: u64) {
        if let Some(sent) = self.sent.get(change as usize) {
            *sent.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        }
    }

    fn came(&self, change: u64, at: Instant) {
        let sent = self.sent.get(change as usize);
        let sent = sent.and_then(|sent| *sent.lock().unwrap_or_else(PoisonError::into_inner));
        if let Some(sent) = sent {
            let mut took = self.took.lock().unwrap_or_else(PoisonError::into_inner);
            took.push(at.saturating_duration_since(sent));
        }
    }

    /// Waits until every change reached `followers` of them; no when that takes too long.
    pub async fn all_of(&self, followers: usize, patience: Duration) -> bool {
        let wanted = followers * (self.sent.len() - 1);
        let begun = Instant::now();
        while self.latencies().len() < wanted {
            if begun.elapsed() > patience {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        true
    }

    /// How long each change took to each follower.
    pub fn latencies(&self) -> Vec<Duration> {
        self.took
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// One who follows, until dropped.
pub struct Follower(tokio::task::JoinHandle<()>);

impl Drop for Follower {
    fn drop(&mut self) {
        self.0.abort();
    }
}

type Socket = WebSocketStream<TcpStream>;

impl Follower {
    /// Opens a socket, signs in, subscribes, and waits for the snapshot.
    pub async fn open(
        number: usize,
        url: String,
        token: String,
        room: Value,
        arrivals: Arc<Arrivals>,
    ) -> Attempt<Self> {
        let opened = tokio::time::timeout(OPENING, enter(number, &url, &token, &room)).await;
        let late = || Failure::TooLate(format!("socket {number}"), OPENING.as_secs());
        let mut socket = opened.map_err(|_| late())??;
        Ok(Self(tokio::spawn(async move {
            let mut seen = 0;
            while let Some(Ok(Message::Text(text))) = socket.next().await {
                let at = Instant::now();
                if text.contains(r#""type":"ping""#) {
                    let pong = Message::text(r#"{"type":"pong"}"#);
                    if socket.send(pong).await.is_err() {
                        return;
                    }
                }
                for change in counts(&text) {
                    // Each once and in order, or it is not what a follower may rely on.
                    if change == seen + 1 {
                        arrivals.came(change, at);
                        seen = change;
                    }
                }
            }
        })))
    }
}

async fn enter(number: usize, url: &str, token: &str, room: &Value) -> Attempt<Socket> {
    let world = Failure::doing::<std::io::Error>;
    let address: SocketAddr = url
        .trim_start_matches("http://")
        .parse()
        .map_err(Failure::doing("reading the hub's address"))?;
    let tcp = TcpSocket::new_v4().map_err(world("making a socket"))?;
    let from =
        Ipv4Addr::from(u32::from(Ipv4Addr::new(127, 1, 0, 1)) + (number / FROM_ONE_ADDRESS) as u32);
    tcp.bind((from, 0).into())
        .map_err(world("taking an address"))?;
    let stream = tcp.connect(address).await.map_err(world("connecting"))?;
    let mut request = format!("ws://{address}/graphql")
        .into_client_request()
        .map_err(Failure::doing("making the upgrade"))?;
    request.headers_mut().insert(
        "sec-websocket-protocol",
        http::HeaderValue::from_static("graphql-transport-ws"),
    );
    let config = WebSocketConfig::default()
        .read_buffer_size(1024)
        .write_buffer_size(1024);
    let (mut socket, _) = client_async_with_config(request, stream, Some(config))
        .await
        .map_err(Failure::doing("upgrading"))?;
    let credential = json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {token}") } });
    say(&mut socket, credential).await?;
    expect(&mut socket, "connection_ack").await?;
    let operation = json!({ "query": EVENTS, "variables": { "room": room } });
    say(
        &mut socket,
        json!({ "id": "1", "type": "subscribe", "payload": operation }),
    )
    .await?;
    expect(&mut socket, "RoomSnapshot").await?;
    Ok(socket)
}

async fn say(socket: &mut Socket, message: Value) -> Attempt<()> {
    socket
        .send(Message::text(message.to_string()))
        .await
        .map_err(Failure::doing("writing to a socket"))
}

async fn expect(socket: &mut Socket, what: &str) -> Attempt<()> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) if text.contains(what) => return Ok(()),
            Some(Ok(Message::Text(text))) if text.contains(r#""type":"ping""#) => {}
            other => return Err(Failure::Refused(what.to_owned(), format!("{other:?}"))),
        }
    }
}

/// The changes in a message, by their `{"count":N}`; reading it whole would cost more than the hub.
fn counts(text: &str) -> impl Iterator<Item = u64> + '_ {
    text.split(r#""count":"#).skip(1).filter_map(|rest| {
        let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
        digits.parse().ok()
    })
}
