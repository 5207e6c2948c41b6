//! Documents that clients name: trusted ones by id or name, their own by hash.

use super::{
    graphs::router,
    world::{client, open_doors, open_doors_of},
};
use djinn_router::{AnonymousDocuments, Documents, door::DoorConfig};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest};

const ECHO: &str = "query Echo($n: Int) { echo(number: $n) }";
const CHANGE: &str = "mutation Change { __typename }";
const FOLLOW: &str = r#"subscription { played(ids: ["1"]) { title } }"#;
const ADDED: &str = "query Added { echo(number: 3) }";

fn hash(text: &str) -> String {
    format!("{:x}", Sha256::digest(text))
}

/// Trusts three documents; remembers what it is given.
#[derive(Debug, Default)]
struct Shelf(Mutex<HashMap<String, Arc<str>>>);

impl Documents for Shelf {
    fn trusted(&self, id: &str) -> Option<Arc<str>> {
        let bare = id.strip_prefix("sha256:").unwrap_or(id);
        let known = [("Echo", ECHO), ("Change", CHANGE), ("Follow", FOLLOW)];
        let found = known
            .iter()
            .find(|(name, text)| *name == id || hash(text) == bare);
        found.map(|(_, text)| Arc::from(*text))
    }

    fn persisted(&self, hash: &str) -> Option<Arc<str>> {
        self.0.lock().unwrap().get(hash).cloned()
    }

    fn persist(&self, hash: &str, text: &str) {
        self.0.lock().unwrap().insert(hash.to_owned(), text.into());
    }
}

struct World {
    door: SocketAddr,
    shelf: Arc<Shelf>,
}

async fn open(anonymous: AnonymousDocuments) -> World {
    let shelf = Arc::<Shelf>::default();
    let config = DoorConfig {
        documents: Some(Arc::clone(&shelf) as _),
        anonymous_documents: anonymous,
        ..DoorConfig::default()
    };
    let door = open_doors_of(router(), config).await;
    World { door, shelf }
}

impl World {
    async fn ask(&self, key: Option<&str>, body: &Value) -> (u16, Value) {
        let mut request = client()
            .post(format!("http://{}/graphql", self.door))
            .header("accept", "application/graphql-response+json")
            .json(body);
        if let Some(key) = key {
            request = request.bearer_auth(key);
        }
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    async fn get(&self, pairs: &[(&str, &str)]) -> (u16, Value) {
        let pairs: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        let request = client()
            .get(format!("http://{}/graphql?{}", self.door, pairs.join("&")))
            .header("apollo-require-preflight", "1");
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }
}

fn encoded(value: &str) -> String {
    let digit = |half: u8| char::from_digit(half.into(), 16).unwrap();
    value
        .bytes()
        .flat_map(|byte| ['%', digit(byte >> 4), digit(byte & 15)])
        .collect()
}

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"]
        .as_str()
        .unwrap_or("none")
}

fn persisted(hash: &str) -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } })
}

#[tokio::test]
async fn a_trusted_document_is_run_by_its_id_its_bare_hash_and_its_name() {
    let world = open(AnonymousDocuments::Any).await;
    let bare = hash(ECHO);
    let full = format!("sha256:{bare}");
    for id in [full.as_str(), &bare, "Echo"] {
        for key in ["documentId", "doc_id"] {
            let body = json!({ key: id, "variables": { "n": 5 } });
            let (status, answer) = world.ask(None, &body).await;
            assert_eq!(status, 200, "{id}");
            assert_eq!(answer, json!({ "data": { "echo": "5:-" } }), "{id}");
        }
        let pairs = [("documentId", id), ("variables", r#"{"n":6}"#)];
        assert_eq!(world.get(&pairs).await.1["data"]["echo"], "6:-");
    }
    let by_apollo = json!({ "operationName": "Echo", "extensions": persisted(&bare) });
    assert_eq!(world.ask(None, &by_apollo).await.1["data"]["echo"], "7:-");
}

#[tokio::test]
async fn an_id_that_nobody_knows_is_a_404_and_two_documents_are_one_too_many() {
    let world = open(AnonymousDocuments::Any).await;
    for id in ["Nothing", "sha256:00", &hash("{ other }"), "md5:x"] {
        let (status, answer) = world.ask(None, &json!({ "documentId": id })).await;
        assert_eq!((status, code(&answer)), (404, "DOCUMENT_NOT_FOUND"), "{id}");
        assert_eq!(answer["errors"].as_array().unwrap().len(), 1);
        assert!(answer.get("data").is_none());
    }
    let both = json!({ "documentId": "Echo", "query": ECHO });
    assert_eq!(code(&world.ask(None, &both).await.1), "BAD_REQUEST");
    let other = json!({ "documentId": "Echo", "operationName": "Other" });
    assert_eq!(
        code(&world.ask(None, &other).await.1),
        "OPERATION_NOT_FOUND"
    );
    // Without a port there is nothing to name.
    let bare = World {
        door: open_doors().await,
        shelf: Arc::default(),
    };
    let (_, answer) = bare.ask(None, &json!({ "documentId": "Echo" })).await;
    assert_eq!(code(&answer), "DOCUMENT_NOT_FOUND");
}

#[tokio::test]
async fn a_get_never_runs_a_mutation_however_it_is_named() {
    let world = open(AnonymousDocuments::Any).await;
    let (status, answer) = world.get(&[("documentId", "Change")]).await;
    assert_eq!((status, code(&answer)), (405, "METHOD_NOT_ALLOWED"));
    let extensions = persisted(&hash(CHANGE)).to_string();
    let (status, _) = world.get(&[("extensions", &extensions)]).await;
    assert_eq!(status, 405);
}

#[tokio::test]
async fn apollos_protocol_asks_for_the_text_once_and_never_again() {
    let world = open(AnonymousDocuments::Any).await;
    let by_hash = json!({ "operationName": "Added", "extensions": persisted(&hash(ADDED)) });
    let (status, answer) = world.ask(None, &by_hash).await;
    // 200, as Apollo Server answers: some clients read no further than a bad status.
    assert_eq!((status, code(&answer)), (200, "PERSISTED_QUERY_NOT_FOUND"));
    assert_eq!(answer["errors"][0]["message"], "PersistedQueryNotFound");

    let mut with_text = by_hash.clone();
    with_text["query"] = ADDED.into();
    let given = json!({ "data": { "echo": "3:-" } });
    assert_eq!(world.ask(None, &with_text).await, (200, given.clone()));
    assert_eq!(world.ask(None, &by_hash).await, (200, given.clone()));
    let extensions = persisted(&hash(ADDED)).to_string();
    let pairs = [("operationName", "Added"), ("extensions", &extensions)];
    assert_eq!(world.get(&pairs).await, (200, given));
}

#[tokio::test]
async fn a_get_registers_as_well() {
    let world = open(AnonymousDocuments::Any).await;
    let extensions = persisted(&hash(ADDED)).to_string();
    let pairs = [("query", ADDED), ("extensions", &extensions)];
    assert_eq!(world.get(&pairs).await.0, 200);
    assert!(world.shelf.persisted(&hash(ADDED)).is_some());
}

#[tokio::test]
async fn a_hash_of_another_text_is_refused_and_a_bad_document_is_not_kept() {
    let world = open(AnonymousDocuments::Any).await;
    let wrong = json!({ "query": ADDED, "extensions": persisted(&hash("{ echo }")) });
    let (status, answer) = world.ask(None, &wrong).await;
    assert_eq!((status, code(&answer)), (400, "PERSISTED_QUERY_MISMATCH"));
    for bad in ["{ nothing }", "{"] {
        let body = json!({ "query": bad, "extensions": persisted(&hash(bad)) });
        assert_eq!(world.ask(Some("good"), &body).await.0, 400);
    }
    assert!(world.shelf.0.lock().unwrap().is_empty());
    for (extension, status) in [
        (json!({ "version": 2, "sha256Hash": hash(ECHO) }), 400),
        (json!({ "version": 1, "sha256Hash": "short" }), 400),
        (json!({ "version": 1 }), 400),
        (json!("nonsense"), 400),
    ] {
        let body = json!({ "extensions": { "persistedQuery": extension } });
        assert_eq!(world.ask(None, &body).await.0, status, "{body}");
    }
}

#[tokio::test]
async fn without_a_port_apollos_clients_are_told_to_send_texts() {
    let door = open_doors().await;
    let world = World {
        door,
        shelf: Arc::default(),
    };
    let by_hash = json!({ "extensions": persisted(&hash(ADDED)) });
    let (status, answer) = world.ask(None, &by_hash).await;
    assert_eq!(
        (status, code(&answer)),
        (200, "PERSISTED_QUERY_NOT_SUPPORTED")
    );
    assert_eq!(answer["errors"][0]["message"], "PersistedQueryNotSupported");
    let with_text = json!({ "query": ADDED, "extensions": persisted(&hash(ADDED)) });
    assert_eq!(world.ask(None, &with_text).await.0, 200);
}

#[tokio::test]
async fn where_only_trusted_documents_are_run_for_strangers_nothing_gets_around_it() {
    let world = open(AnonymousDocuments::Trusted).await;
    let free = json!({ "query": ADDED });
    let (status, answer) = world.ask(None, &free).await;
    assert_eq!((status, code(&answer)), (401, "DOCUMENT_NOT_TRUSTED"));
    // A guess at the schema is answered as any other text is.
    let guess = json!({ "query": "{ nothing }" });
    assert_eq!(
        code(&world.ask(None, &guess).await.1),
        "DOCUMENT_NOT_TRUSTED"
    );
    for good in [json!({ "documentId": "Echo" }), json!({ "query": ECHO })] {
        assert_eq!(world.ask(None, &good).await.0, 200, "{good}");
    }
    // A stranger registers nothing, and runs nothing that another registered.
    let with_text = json!({ "query": ADDED, "extensions": persisted(&hash(ADDED)) });
    let by_hash = json!({ "extensions": persisted(&hash(ADDED)) });
    assert_eq!(
        code(&world.ask(None, &with_text).await.1),
        "DOCUMENT_NOT_TRUSTED"
    );
    assert!(world.shelf.0.lock().unwrap().is_empty());
    assert_eq!(world.ask(Some("good"), &with_text).await.0, 200);
    assert_eq!(world.ask(Some("good"), &by_hash).await.0, 200);
    let (_, answer) = world.ask(None, &by_hash).await;
    assert_eq!(code(&answer), "PERSISTED_QUERY_NOT_FOUND");
    assert_eq!(world.ask(Some("good"), &free).await.0, 200);
}

/// What comes over a socket for one `subscribe`.
async fn over_a_socket(door: SocketAddr, key: Option<&str>, payload: Value) -> Vec<Value> {
    let mut request = format!("ws://{door}/graphql")
        .into_client_request()
        .unwrap();
    let protocol = "graphql-transport-ws".parse().unwrap();
    request
        .headers_mut()
        .insert("sec-websocket-protocol", protocol);
    let mut socket = tokio_tungstenite::connect_async(request).await.unwrap().0;
    let init = match key {
        Some(key) => json!({ "type": "connection_init", "payload": { "authorization": key } }),
        None => json!({ "type": "connection_init" }),
    };
    let subscribe = json!({ "id": "a", "type": "subscribe", "payload": payload });
    for message in [init, subscribe] {
        socket
            .send(Message::text(message.to_string()))
            .await
            .unwrap();
    }
    let mut heard = Vec::new();
    while let Some(Ok(message)) = socket.next().await {
        match message {
            Message::Text(text) => {
                let message: Value = serde_json::from_str(&text).unwrap();
                let over = message["type"] == "complete" || message["type"] == "error";
                heard.push(message);
                if over {
                    break;
                }
            }
            Message::Close(frame) => {
                heard.push(json!({ "closed": u16::from(frame.unwrap().code) }));
                break;
            }
            _ => {}
        }
    }
    heard
}

#[tokio::test]
async fn sockets_take_names_and_hashes_too() {
    let world = open(AnonymousDocuments::Trusted).await;
    for payload in [
        json!({ "documentId": "Follow" }),
        json!({ "documentId": format!("sha256:{}", hash(FOLLOW)) }),
        json!({ "extensions": persisted(&hash(FOLLOW)) }),
        json!({ "query": FOLLOW }),
    ] {
        let heard = over_a_socket(world.door, None, payload.clone()).await;
        assert_eq!(
            heard[1]["payload"]["data"]["played"]["title"], "Half-Life",
            "{payload}: {heard:?}"
        );
    }
    let own = r#"subscription { played(ids: ["3"]) { title } }"#;
    for (payload, code) in [
        (json!({ "documentId": "Nothing" }), "DOCUMENT_NOT_FOUND"),
        (json!({ "query": own }), "DOCUMENT_NOT_TRUSTED"),
        (
            json!({ "extensions": persisted(&hash(own)) }),
            "PERSISTED_QUERY_NOT_FOUND",
        ),
        (json!({ "extensions": {} }), "BAD_REQUEST"),
    ] {
        let heard = over_a_socket(world.door, None, payload.clone()).await;
        assert_eq!(heard[1]["type"], "error");
        assert_eq!(
            heard[1]["payload"][0]["extensions"]["code"], code,
            "{payload}"
        );
    }
    let registers = json!({ "query": own, "extensions": persisted(&hash(own)) });
    let heard = over_a_socket(world.door, Some("good"), registers).await;
    assert_eq!(heard[1]["payload"]["data"]["played"]["title"], "Doom");
    let by_hash = json!({ "extensions": persisted(&hash(own)) });
    let heard = over_a_socket(world.door, Some("good"), by_hash).await;
    assert_eq!(heard[1]["payload"]["data"]["played"]["title"], "Doom");
    // A message that neither has nor names a document is still none of the protocol's.
    let nothing = over_a_socket(world.door, None, json!({ "variables": {} })).await;
    assert_eq!(nothing.last().unwrap()["closed"], 4400);
}

#[tokio::test]
async fn event_streams_take_names_too() {
    let world = open(AnonymousDocuments::Trusted).await;
    let answer = client()
        .post(format!("http://{}/graphql", world.door))
        .header("accept", "text/event-stream")
        .json(&json!({ "documentId": "Follow" }))
        .send()
        .await
        .unwrap();
    let text = answer.text().await.unwrap();
    assert!(
        text.contains("Half-Life") && text.contains("complete"),
        "{text}"
    );
}
