//! What keys open, as long as they hold.

use crate::{
    client::{Reader, Session, http, messages, modern, post, text},
    fake::{Fake, Keys, caller, catalogue, serve, serve_with, wares},
};
use async_trait::async_trait;
use djinn_kernel::Scope;
use djinn_mcp::{HttpConfig, Issued, KeyCheck};
use djinn_operations::{Caller, GraphDown, Live};
use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

/// One key that can be taken back (1), changed (2), or be impossible to check (3).
#[derive(Default)]
struct Holding(AtomicU8);

#[async_trait]
impl KeyCheck for Holding {
    async fn check(&self, _: &str) -> Result<Option<Caller>, GraphDown> {
        match self.0.load(Ordering::SeqCst) {
            0 => Ok(Some(caller(&[Scope::ReadLibrary]))),
            1 => Ok(None),
            2 => Ok(Some(caller(&[Scope::ReadPlay]))),
            _ => Err(GraphDown::Timeout),
        }
    }
}

fn waiting() -> Arc<Fake> {
    let begun = json!({ "data": { "deliver": { "number": "1", "problems": [] } } });
    let fake = Fake::answering("Begin", begun);
    let ware = json!({ "data": { "ware": { "id": "7", "name": "Tea" } } });
    fake.answers
        .lock()
        .unwrap()
        .insert("OneWare".to_owned(), ware);
    let event = json!({ "data": { "delivery": { "done": 1, "of": 10, "note": "x", "arrived": null, "failed": null } } });
    let news = json!({ "data": { "delivery": { "done": 1 } } });
    let mut events = fake.events.lock().unwrap();
    events.insert(
        "Deliver".to_owned(),
        vec![(0, event.clone()), (600_000, event)],
    );
    events.insert(
        "WatchWare".to_owned(),
        vec![(0, news.clone()), (600_000, news)],
    );
    drop(events);
    fake
}

async fn until_open(fake: &Fake, streams: usize) {
    let opening = async {
        while fake.open.load(Ordering::SeqCst) < streams {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let opened = tokio::time::timeout(Duration::from_secs(20), opening).await;
    opened.expect("they are opened");
}

async fn until_closed(fake: &Fake, most: Duration) -> bool {
    let closing = async {
        while fake.open.load(Ordering::SeqCst) > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(most, closing).await.is_ok()
}

#[tokio::test]
async fn a_key_that_is_taken_back_or_changed_ends_a_long_tool_and_what_is_watched_within_seconds() {
    for change in [1, 2] {
        let (fake, keys) = (waiting(), Arc::new(Holding::default()));
        let config = HttpConfig::sealed_by([7; 32]);
        let url = serve_with(fake.clone(), Live::fixed(catalogue()), keys.clone(), config).await;
        let session = Session::open(&url, "mine").await;
        session
            .ask("resources/subscribe", json!({ "uri": "ware://7" }))
            .await;
        let call = json!({ "name": "deliver", "arguments": { "order": "7" }, "_meta": { "progressToken": 1 } });
        let (_, mut response) = session.begin("tools/call", call).await;
        let mut reader = Reader::default();
        while reader
            .take(&response.chunk().await.unwrap().unwrap())
            .is_empty()
        {}
        until_open(&fake, 2).await;
        keys.0.store(change, Ordering::SeqCst);
        assert!(
            until_closed(&fake, Duration::from_secs(20)).await,
            "it went on"
        );
        let ended = messages(response).await.pop().unwrap()["result"].take();
        assert_eq!(
            text(&ended),
            "UNAUTHENTICATED: the key no longer holds; the call was ended"
        );
    }
}

#[tokio::test]
async fn a_key_that_cannot_be_checked_for_a_while_ends_nothing() {
    let (fake, keys) = (waiting(), Arc::new(Holding::default()));
    let config = HttpConfig::sealed_by([7; 32]);
    let url = serve_with(fake.clone(), Live::fixed(catalogue()), keys.clone(), config).await;
    let session = Session::open(&url, "mine").await;
    session
        .ask("resources/subscribe", json!({ "uri": "ware://7" }))
        .await;
    until_open(&fake, 1).await;
    keys.0.store(3, Ordering::SeqCst);
    assert!(
        !until_closed(&fake, Duration::from_secs(3)).await,
        "it was ended"
    );
}

#[tokio::test]
async fn twenty_clients_at_once_each_get_their_own_answers() {
    let fake = Fake::answering("Find", wares(&["Tea"]));
    let url = serve(fake.clone()).await;
    let clients = (0..20).map(|number| {
        let url = url.clone();
        tokio::spawn(async move {
            let text = format!("client {number}");
            if number % 2 == 0 {
                let session = Session::open(&url, "reader").await;
                for _ in 0..5 {
                    let found = session.call("find", json!({ "text": text })).await;
                    assert_eq!(found["structuredContent"]["total"], 1, "{found}");
                }
            } else {
                let http = http();
                for _ in 0..5 {
                    let params = json!({ "name": "find", "arguments": { "text": text } });
                    let request = modern(&http, &url, "tools/call", params, &json!({}));
                    let response = request.bearer_auth("reader").send().await.unwrap();
                    let found = messages(response).await.pop().unwrap();
                    assert_eq!(found["result"]["structuredContent"]["total"], 1, "{found}");
                }
            }
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await.unwrap();
    }
    let mut asked: Vec<String> = (fake.asked().iter())
        .map(|asked| asked.variables["text"].as_str().unwrap().to_owned())
        .collect();
    asked.sort();
    let mut expected: Vec<String> = (0..100).map(|n| format!("client {}", n / 5)).collect();
    expected.sort();
    assert_eq!(asked, expected);
}

#[tokio::test]
async fn where_tokens_are_issued_a_client_is_told_where() {
    let config = HttpConfig {
        oauth: Some(Issued {
            origin: "https://shop.example".to_owned(),
            issuers: vec!["https://id.example".to_owned()],
            scopes: vec!["read:library".to_owned()],
        }),
        ..HttpConfig::sealed_by([7; 32])
    };
    let fake = Fake::answering("Count", json!({}));
    let url = serve_with(fake, Live::fixed(catalogue()), Arc::new(Keys), config).await;
    let http = http();
    let none = post(&http, &url, &json!({})).send().await.unwrap();
    let challenge = none.headers()["www-authenticate"]
        .to_str()
        .unwrap()
        .to_owned();
    assert_eq!(none.status(), 401);
    let place = "/.well-known/oauth-protected-resource/mcp";
    assert_eq!(
        challenge,
        format!("Bearer resource_metadata=\"https://shop.example{place}\"")
    );
    let wrong = post(&http, &url, &json!({})).bearer_auth("stale");
    let wrong = wrong.send().await.unwrap();
    assert_eq!(
        wrong.headers()["www-authenticate"],
        format!(
            "Bearer error=\"invalid_token\", resource_metadata=\"https://shop.example{place}\""
        )
    );
    for place in [place, "/.well-known/oauth-protected-resource"] {
        let metadata = http.get(url.replace("/mcp", place)).send().await.unwrap();
        let metadata: Value = metadata.json().await.unwrap();
        assert_eq!(metadata["resource"], "https://shop.example/mcp");
        assert_eq!(
            metadata["authorization_servers"],
            json!(["https://id.example"])
        );
    }
}
