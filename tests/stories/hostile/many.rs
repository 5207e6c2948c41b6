//! Too many requests, too many connections, too many sockets.

use super::raw;
use crate::{
    hub::{Hub, Placement, client},
    socket::Events,
};
use futures_util::future::select_all;
use serde_json::json;
use std::time::Duration;
use tokio::{io::AsyncReadExt, time::timeout};

async fn too_many_requests_are_told_when_to_come_back(placement: Placement) {
    let hub = Hub::start(
        placement,
        &[
            ("DJINN__LIMITS__REQUESTS_PER_SECOND", "2".to_owned()),
            ("DJINN__LIMITS__REQUESTS_AT_ONCE", "8".to_owned()),
        ],
    )
    .await;
    let owner = hub.owner().await;
    let send = async |path: &str, forwarded: &str| {
        let request = match path {
            "/graphql" => hub
                .http
                .post(format!("{}/graphql", hub.url))
                .json(&json!({ "query": "{ __typename }" })),
            path => hub.http.get(format!("{}{path}", hub.url)),
        };
        // Nobody has said that there is a proxy, so this is made up.
        request
            .header("x-forwarded-for", forwarded)
            .send()
            .await
            .unwrap()
    };
    let mut refused = 0;
    for number in 0..60 {
        let path = ["/graphql", "/q/library-stats"][number % 2];
        let answer = send(path, &format!("192.0.2.{number}")).await;
        if answer.status() == 429 {
            refused += 1;
            assert!(
                answer.headers()["retry-after"]
                    .to_str()
                    .unwrap()
                    .parse::<u64>()
                    .unwrap()
                    >= 1
            );
            let text = answer.text().await.unwrap();
            assert!(
                text.contains("RATE_LIMITED") && text.contains("2 requests a second"),
                "{text}"
            );
        }
    }
    assert!(refused >= 15, "{refused}");
    // Whoever has signed in has a bucket of their own, and sockets do not go around it.
    assert_eq!(
        owner.ask("{ me { name } }", json!({})).await["me"]["name"],
        "Anna"
    );
    let mut told = false;
    for _ in 0..200 {
        let mut events = owner
            .subscribe(
                "subscription { syncProgress(libraryId: \"x\") { rev } }",
                json!({}),
            )
            .await;
        let refusal = events.refusal().await.unwrap_or_default();
        told = refusal[0]["extensions"]["code"] == "RATE_LIMITED";
        if told {
            break;
        }
    }
    assert!(told);
}

async fn a_proxy_that_is_trusted_speaks_for_its_clients(placement: Placement) {
    let hub = Hub::start(
        placement,
        &[
            ("DJINN__LIMITS__REQUESTS_PER_SECOND", "1".to_owned()),
            ("DJINN__LIMITS__REQUESTS_AT_ONCE", "3".to_owned()),
            (
                "DJINN__SERVER__TRUSTED_PROXIES",
                "127.0.0.0/8,::1".to_owned(),
            ),
        ],
    )
    .await;
    let ask = async |forwarded: &str| {
        let request = hub
            .http
            .post(format!("{}/graphql", hub.url))
            .header("x-forwarded-for", forwarded)
            .json(&json!({ "query": "{ __typename }" }));
        request.send().await.unwrap().status().as_u16()
    };
    for client in 1..=20 {
        assert_eq!(
            ask(&format!("192.0.2.{client}")).await,
            200,
            "each has a bucket"
        );
    }
    // What a client writes before the proxy does is not believed.
    let mut refused = 0;
    for made_up in 0..40 {
        refused += u32::from(ask(&format!("203.0.113.{made_up}, 192.0.2.99")).await == 429);
    }
    assert!(refused >= 5, "{refused}");
}

async fn one_address_cannot_take_every_connection_nor_one_caller_every_socket(
    placement: Placement,
) {
    let hub = Hub::start(
        placement,
        &[
            ("DJINN__LIMITS__CONNECTIONS_PER_ADDRESS", "30".to_owned()),
            ("DJINN__LIMITS__SOCKETS_PER_CALLER", "3".to_owned()),
            ("DJINN__LIMITS__SOCKETS_PER_ADDRESS", "4".to_owned()),
        ],
    )
    .await;
    let owner = hub.owner().await;
    let watch = "subscription { roomEvents(roomId: \"01a1fb9f-5e74-706f-90af-ff48e05986b8\") { __typename } }";
    let mut open = Vec::new();
    for _ in 0..3 {
        open.push(owner.subscribe(watch, json!({})).await);
    }
    let token = owner.token.as_deref().unwrap();
    assert!(
        Events::refused(&hub.url, token).await,
        "a fourth socket was opened"
    );
    drop(open);

    // Nobody says anything; the first to hear something is one too many.
    let mut held = Vec::new();
    for _ in 0..60 {
        held.push(raw(&hub).await);
    }
    let hearing = held.iter_mut().map(|stream| {
        Box::pin(async move {
            let mut first = [0; 1024];
            let count = stream.read(&mut first).await.unwrap_or(0);
            String::from_utf8_lossy(&first[..count]).into_owned()
        })
    });
    let heard = timeout(Duration::from_secs(20), select_all(hearing)).await;
    let (refusal, _, _) = heard.expect("nothing was refused");
    assert!(
        refusal.starts_with("HTTP/1.1 429")
            && refusal.contains("30 connections")
            && refusal.contains("RATE_LIMITED"),
        "{refusal}"
    );
    drop(held);
    // Once they are given back, there is room again.
    for attempt in 0.. {
        if client()
            .get(format!("{}/health", hub.url))
            .send()
            .await
            .is_ok_and(|it| it.status() == 200)
        {
            break;
        }
        assert!(attempt < 300, "the connections were not given back");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

crate::in_both_placements!(
    too_many_requests_are_told_when_to_come_back,
    a_proxy_that_is_trusted_speaks_for_its_clients,
    one_address_cannot_take_every_connection_nor_one_caller_every_socket,
);
