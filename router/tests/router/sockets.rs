//! graphql-transport-ws, to the letter.

use super::{
    graphs::router,
    world::{open_doors, open_doors_of},
};
use djinn_router::door::{DoorConfig, Rate, Rates};
use djinn_subgraph_kit::socket::Bounds;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::{net::SocketAddr, time::Duration};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{
        Error, Message,
        client::IntoClientRequest,
        handshake::client::Request,
        protocol::{CloseFrame, frame::coding::CloseCode},
    },
};

struct Client(WebSocketStream<MaybeTlsStream<TcpStream>>);

fn handshake(door: SocketAddr, headers: &[(&'static str, &str)]) -> Request {
    let mut request = format!("ws://{door}/graphql")
        .into_client_request()
        .unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    request
}

const PROTOCOL: (&str, &str) = ("sec-websocket-protocol", "graphql-transport-ws");

impl Client {
    async fn connect(door: SocketAddr) -> Self {
        Self(connect_async(handshake(door, &[PROTOCOL])).await.unwrap().0)
    }

    async fn ready(door: SocketAddr) -> Self {
        let mut client = Self::connect(door).await;
        client.say(json!({"type": "connection_init"})).await;
        assert_eq!(client.hear().await, json!({"type": "connection_ack"}));
        client
    }

    async fn say(&mut self, message: Value) {
        self.0
            .send(Message::text(message.to_string()))
            .await
            .unwrap();
    }

    async fn subscribe(&mut self, id: &str, query: &str) {
        self.say(json!({"id": id, "type": "subscribe", "payload": {"query": query}}))
            .await;
    }

    async fn raw(&mut self) -> Message {
        timeout(Duration::from_secs(20), self.0.next())
            .await
            .expect("nothing came")
            .unwrap()
            .unwrap()
    }

    async fn hear(&mut self) -> Value {
        match self.raw().await {
            Message::Text(text) => serde_json::from_str(&text).unwrap(),
            other => panic!("expected a text, got {other:?}"),
        }
    }

    async fn closed(&mut self) -> u16 {
        loop {
            if let Message::Close(frame) = self.raw().await {
                return frame.unwrap().code.into();
            }
        }
    }
}

#[tokio::test]
async fn a_subscription_runs_from_ack_to_complete() {
    let mut client = Client::ready(open_doors().await).await;
    client
        .subscribe(
            "a",
            r#"subscription { played(ids: ["1", "3"]) { title playtime } }"#,
        )
        .await;
    assert_eq!(
        client.hear().await,
        json!({"id": "a", "type": "next", "payload": {"data": {"played": {"title": "Half-Life", "playtime": 10}}}})
    );
    assert_eq!(
        client.hear().await["payload"]["data"]["played"]["title"],
        "Doom"
    );
    assert_eq!(client.hear().await, json!({"id": "a", "type": "complete"}));
    // The id is free again, and queries run here as well.
    client.subscribe("a", "{ echo }").await;
    assert_eq!(
        client.hear().await["payload"],
        json!({"data": {"echo": "7:-"}})
    );
    assert_eq!(client.hear().await, json!({"id": "a", "type": "complete"}));
}

#[tokio::test]
async fn a_goodbye_is_returned_whenever_it_comes() {
    let frame = CloseFrame {
        code: CloseCode::Normal,
        reason: "done".into(),
    };
    let mut running = Client::ready(open_doors().await).await;
    running.subscribe("quiet", "subscription { silence }").await;
    for mut client in [
        Client::connect(open_doors().await).await,
        Client::ready(open_doors().await).await,
        running,
    ] {
        client.0.close(Some(frame.clone())).await.unwrap();
        // Without it a client takes the end for a broken line, and tries again.
        assert_eq!(client.raw().await, Message::Close(Some(frame.clone())));
    }
}

#[tokio::test]
async fn an_operation_that_is_refused_is_an_error_message_and_the_socket_lives() {
    let mut client = Client::ready(open_doors().await).await;
    client.subscribe("a", "subscription { nothing }").await;
    let said = client.hear().await;
    assert_eq!((&said["type"], &said["id"]), (&json!("error"), &json!("a")));
    assert_eq!(
        said["payload"][0]["extensions"]["code"],
        "GRAPHQL_VALIDATION_FAILED"
    );
    client
        .say(json!({"type": "ping", "payload": {"n": 1}}))
        .await;
    assert_eq!(
        client.hear().await,
        json!({"type": "pong", "payload": {"n": 1}})
    );
    client.say(json!({"type": "ping"})).await;
    assert_eq!(client.hear().await, json!({"type": "pong"}));
}

#[tokio::test]
async fn operations_run_beside_each_other_and_complete_ends_one() {
    let mut client = Client::ready(open_doors().await).await;
    client.subscribe("quiet", "subscription { silence }").await;
    client.subscribe("loud", "{ echo }").await;
    assert_eq!(client.hear().await["id"], "loud");
    assert_eq!(client.hear().await["id"], "loud");
    client.say(json!({"id": "quiet", "type": "complete"})).await;
    client.subscribe("quiet", "{ echo }").await;
    assert_eq!(client.hear().await["id"], "quiet", "its id was free again");
}

#[tokio::test]
async fn a_client_is_heard_while_an_operation_talks_without_a_pause() {
    let mut client = Client::ready(open_doors().await).await;
    let query = "subscription($ids: [ID!]!) { played(ids: $ids) { playtime } }";
    let operation = json!({"query": query, "variables": {"ids": vec!["1"; 5_000]}});
    let loud = json!({"id": "loud", "type": "subscribe", "payload": operation});
    client.say(loud).await;
    assert_eq!(client.hear().await["id"], "loud");
    client.say(json!({"id": "loud", "type": "complete"})).await;
    client.subscribe("b", "{ echo }").await;
    let mut words = 1;
    while client.hear().await["id"] == "loud" {
        words += 1;
    }
    assert!(words < 5_000, "the client was heard after all was said");
}

#[tokio::test]
async fn each_breach_of_the_protocol_has_its_own_close_code() {
    let door = open_doors().await;
    for text in [
        "nonsense",
        "{}",
        r#"{"type":"unknown"}"#,
        r#"{"type":"subscribe","id":"a"}"#,
        r#"{"type":"connection_init","payload":7}"#,
    ] {
        let mut client = Client::connect(door).await;
        client.0.send(Message::text(text)).await.unwrap();
        assert_eq!(client.closed().await, 4400, "{text}");
    }
    let mut client = Client::ready(door).await;
    client.0.send(Message::binary(vec![1, 2])).await.unwrap();
    assert_eq!(client.closed().await, 4400);

    let mut client = Client::connect(door).await;
    client.subscribe("a", "{ echo }").await;
    assert_eq!(client.closed().await, 4401);

    let mut client = Client::connect(door).await;
    client
        .say(json!({"type": "connection_init", "payload": {"authorization": "Bearer bad"}}))
        .await;
    assert_eq!(client.closed().await, 4403);

    let mut client = Client::ready(door).await;
    client.subscribe("a", "subscription { silence }").await;
    client.subscribe("a", "{ echo }").await;
    assert_eq!(client.closed().await, 4409);

    let mut client = Client::ready(door).await;
    client.say(json!({"type": "connection_init"})).await;
    assert_eq!(client.closed().await, 4429);

    let mut client = Client(connect_async(handshake(door, &[])).await.unwrap().0);
    assert_eq!(client.closed().await, 4406);
}

#[tokio::test]
async fn whoever_says_nothing_is_closed_with_4408() {
    let sockets = Bounds {
        init: Duration::from_millis(200),
        ..Bounds::default()
    };
    let door = open_doors_of(
        router(),
        DoorConfig {
            sockets,
            ..DoorConfig::default()
        },
    )
    .await;
    assert_eq!(Client::connect(door).await.closed().await, 4408);
}

#[tokio::test]
async fn a_credential_that_expires_ends_the_socket_with_4403() {
    let door = open_doors().await;
    let mut client = Client::connect(door).await;
    client
        .say(json!({"type": "connection_init", "payload": {"Authorization": "Bearer short"}}))
        .await;
    assert_eq!(client.hear().await["type"], "connection_ack");
    client.subscribe("a", "subscription { silence }").await;
    assert_eq!(client.closed().await, 4403);
}

#[tokio::test]
async fn the_hub_says_1001_when_it_stops_and_can_wait_for_its_sockets() {
    let config = DoorConfig::default();
    let (stop, open) = (config.stop.clone(), config.open.clone());
    let door = open_doors_of(router(), config).await;
    let mut client = Client::ready(door).await;
    client.subscribe("a", "subscription { silence }").await;
    client.subscribe("b", "{ echo }").await;
    client.hear().await;
    assert_eq!(open.len(), 1);
    stop.cancel();
    assert_eq!(client.closed().await, 1001);
    drop(client);
    open.close();
    timeout(Duration::from_secs(20), open.wait()).await.unwrap();
}

#[tokio::test]
async fn no_more_operations_than_the_limit_run_on_a_socket() {
    let sockets = Bounds {
        operations: 2,
        ..Bounds::default()
    };
    let door = open_doors_of(
        router(),
        DoorConfig {
            sockets,
            ..DoorConfig::default()
        },
    )
    .await;
    let mut client = Client::ready(door).await;
    for id in ["a", "b", "c"] {
        client.subscribe(id, "subscription { silence }").await;
    }
    let said = client.hear().await;
    assert_eq!((&said["type"], &said["id"]), (&json!("error"), &json!("c")));
    assert_eq!(said["payload"][0]["extensions"]["code"], "LIMIT_EXCEEDED");
}

#[tokio::test]
async fn the_other_side_is_pinged_and_dropped_when_it_stays_silent() {
    let sockets = Bounds {
        ping: Duration::from_millis(100),
        silence: Duration::from_secs(2),
        ..Bounds::default()
    };
    let door = open_doors_of(
        router(),
        DoorConfig {
            sockets,
            ..DoorConfig::default()
        },
    )
    .await;
    let mut client = Client::ready(door).await;
    assert_eq!(client.hear().await, json!({"type": "ping"}));
    let ends = async { while let Some(Ok(Message::Text(_))) = client.0.next().await {} };
    timeout(Duration::from_secs(20), ends).await.unwrap();
}

#[tokio::test]
async fn only_pages_of_this_host_or_of_named_origins_open_a_socket() {
    let config = DoorConfig {
        allowed_origins: vec!["https://games.example".to_owned()],
        ..DoorConfig::default()
    };
    let door = open_doors_of(router(), config).await;
    let own = format!("http://{door}");
    for (origin, may) in [
        (own.as_str(), true),
        ("https://games.example", true),
        ("https://evil.example", false),
        ("https://games.example.evil.test", false),
        ("http://127.0.0.1:1", false),
        ("null", false),
    ] {
        let outcome = connect_async(handshake(door, &[PROTOCOL, ("origin", origin)])).await;
        match outcome {
            Ok(_) => assert!(may, "{origin} was let in"),
            Err(Error::Http(answer)) => assert!(!may && answer.status() == 403, "{origin}"),
            Err(other) => panic!("{other}"),
        }
    }
}

#[tokio::test]
async fn a_cookie_of_the_upgrade_counts_when_the_init_has_no_credential() {
    let door = open_doors().await;
    for (payload, who) in [
        (json!(null), "Known"),
        (json!({"authorization": "Bearer good"}), "Known"),
    ] {
        let mut client = Client(
            connect_async(handshake(door, &[PROTOCOL, ("cookie", "key=good")]))
                .await
                .unwrap()
                .0,
        );
        client
            .say(json!({"type": "connection_init", "payload": payload}))
            .await;
        client.hear().await;
        client.subscribe("a", "{ whoami }").await;
        assert!(
            client.hear().await["payload"]["data"]["whoami"]
                .as_str()
                .unwrap()
                .contains(who)
        );
    }
}

#[tokio::test]
async fn a_message_beyond_the_limit_ends_the_socket() {
    let config = DoorConfig {
        message_bytes: 1_000,
        ..DoorConfig::default()
    };
    let mut client = Client::ready(open_doors_of(router(), config).await).await;
    client
        .subscribe("a", &format!("{{ echo }} # {}", "x".repeat(2_000)))
        .await;
    assert_eq!(client.closed().await, 1009);
}

#[tokio::test]
async fn somebody_has_only_so_many_sockets_and_gets_them_back() {
    let config = DoorConfig {
        sockets_each: 2,
        ..DoorConfig::default()
    };
    let door = open_doors_of(router(), config).await;
    let open = async || {
        let mut client = Client::connect(door).await;
        client
            .say(json!({"type": "connection_init", "payload": {"authorization": "good"}}))
            .await;
        client
    };
    let mut first = open().await;
    let mut second = open().await;
    for client in [&mut first, &mut second] {
        assert_eq!(client.hear().await["type"], "connection_ack");
    }
    assert_eq!(open().await.closed().await, 4429);
    first.0.close(None).await.unwrap();
    // Given back once the hub has seen the end, which is a moment later.
    let mut again = open().await;
    for _ in 0..100 {
        match again.raw().await {
            Message::Text(text) => return assert!(text.contains("connection_ack")),
            _ => again = open().await,
        }
    }
    panic!("the place was not given back");
}

#[tokio::test]
async fn an_operation_on_a_socket_counts_like_a_request() {
    let config = DoorConfig {
        rates: Rates::new(Rate {
            per_second: 1,
            burst: 2,
        }),
        ..DoorConfig::default()
    };
    let door = open_doors_of(router(), config).await;
    let mut client = Client::connect(door).await;
    client
        .say(json!({"type": "connection_init", "payload": {"authorization": "good"}}))
        .await;
    client.hear().await;
    let mut refused = None;
    // However slowly they come, sooner or later there are too many.
    for id in 0..100 {
        client.subscribe(&id.to_string(), "{ echo }").await;
        let said = client.hear().await;
        if said["type"] == "error" {
            refused = Some(said);
            break;
        }
        client.hear().await;
    }
    let refused = refused.expect("a hundred were answered");
    let error = &refused["payload"][0];
    assert_eq!(error["extensions"]["code"], "RATE_LIMITED", "{refused}");
    assert!(error["extensions"]["retryAfter"].as_u64().unwrap() >= 1);
}

#[tokio::test]
async fn a_credential_that_is_revoked_ends_the_socket_with_4403() {
    let config = DoorConfig {
        recheck: Duration::from_millis(100),
        ..DoorConfig::default()
    };
    let door = open_doors_of(router(), config).await;
    let mut good = Client::connect(door).await;
    let mut revoked = Client::connect(door).await;
    for (client, key) in [(&mut good, "good"), (&mut revoked, "revoked")] {
        client
            .say(json!({"type": "connection_init", "payload": {"authorization": key}}))
            .await;
        assert_eq!(client.hear().await["type"], "connection_ack");
        client.subscribe("a", "subscription { silence }").await;
    }
    assert_eq!(revoked.closed().await, 4403);
    good.subscribe("b", "{ echo }").await;
    assert_eq!(good.hear().await["id"], "b");
}

#[tokio::test]
async fn talking_without_a_pause_does_not_outlive_the_credential() {
    let door = open_doors().await;
    let mut client = Client::connect(door).await;
    client
        .say(json!({"type": "connection_init", "payload": {"authorization": "short"}}))
        .await;
    let (mut write, mut read) = client.0.split();
    let talk = tokio::spawn(async move {
        while write
            .send(Message::text(r#"{"type":"pong"}"#))
            .await
            .is_ok()
        {}
    });
    let ends = async {
        while let Some(Ok(message)) = read.next().await {
            if let Message::Close(frame) = message {
                return frame.map(|frame| u16::from(frame.code));
            }
        }
        None
    };
    let code = timeout(Duration::from_secs(20), ends).await.unwrap();
    talk.abort();
    assert!(code.is_none_or(|code| code == 4403), "{code:?}");
}

#[tokio::test]
async fn a_host_that_is_refused_opens_no_socket_whatever_its_first_message_would_say() {
    let door = open_doors().await;
    // The page's own name points at this machine: its origin is the host it names.
    let headers = [
        PROTOCOL,
        ("host", "evil.example"),
        ("origin", "http://evil.example"),
    ];
    match connect_async(handshake(door, &headers)).await {
        Err(Error::Http(answer)) => assert_eq!(answer.status(), 403),
        other => panic!("{other:?}"),
    }
}
