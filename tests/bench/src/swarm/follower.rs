//! One who comes to follow the room over a socket of its own.

use crate::failure::{Attempt, Failure};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
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

/// One who speaks the protocol.
pub type Socket = WebSocketStream<TcpStream>;

/// Opens a socket, signs in, subscribes, and waits for the snapshot.
pub async fn open(number: usize, url: String, token: String, room: Value) -> Attempt<TcpStream> {
    let opened = tokio::time::timeout(OPENING, enter(number, &url, &token, &room)).await;
    let late = || Failure::TooLate(format!("socket {number}"), OPENING.as_secs());
    // Nothing but the snapshot has been said so far: nothing is read that would be lost here.
    Ok(opened.map_err(|_| late())??.into_inner())
}

async fn enter(number: usize, url: &str, token: &str, room: &Value) -> Attempt<Socket> {
    let from = u32::from(Ipv4Addr::new(127, 1, 0, 1)) + (number / FROM_ONE_ADDRESS) as u32;
    let mut socket = connect(from.into(), url, token, None).await?;
    subscribe(&mut socket, "1", room).await?;
    expect(&mut socket, "RoomSnapshot").await?;
    Ok(socket)
}

/// Opens a socket from this address and signs in. `receive` is how many bytes the system takes for it
/// before it is read; as it likes, when absent.
pub async fn connect(
    from: Ipv4Addr,
    url: &str,
    token: &str,
    receive: Option<u32>,
) -> Attempt<Socket> {
    let world = Failure::doing::<std::io::Error>;
    let address: SocketAddr = url
        .trim_start_matches("http://")
        .parse()
        .map_err(Failure::doing("reading the hub's address"))?;
    let tcp = TcpSocket::new_v4().map_err(world("making a socket"))?;
    if let Some(bytes) = receive {
        tcp.set_recv_buffer_size(bytes)
            .map_err(world("making a socket"))?;
    }
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
    Ok(socket)
}

/// Asks for the events of a room.
pub async fn subscribe(socket: &mut Socket, id: &str, room: &Value) -> Attempt<()> {
    let operation = json!({ "query": EVENTS, "variables": { "room": room } });
    let message = json!({ "id": id, "type": "subscribe", "payload": operation });
    say(socket, message).await
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
