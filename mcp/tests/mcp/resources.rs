use crate::{
    client::{Reader, Session, messages, modern},
    fake::{Fake, serve, wares},
    follow::closed,
};
use serde_json::json;
use std::{sync::atomic::Ordering, time::Duration};

#[tokio::test]
async fn a_query_with_an_address_is_a_resource() {
    let fake = Fake::answering(
        "OneWare",
        json!({ "data": { "ware": { "id": "7", "name": "Tea" } } }),
    );
    let url = serve(fake.clone()).await;
    let session = Session::open(&url, "reader").await;
    let templates = session.ask("resources/templates/list", json!({})).await;
    assert_eq!(
        templates["result"]["resourceTemplates"],
        json!([{ "uriTemplate": "ware://{id}", "name": "ware", "description": "A ware.", "mimeType": "application/json" }])
    );
    let list = session.ask("resources/list", json!({})).await;
    assert_eq!(list["result"]["resources"][0]["uri"], "shop://count");
    let read = session
        .ask("resources/read", json!({ "uri": "ware://7" }))
        .await;
    assert_eq!(
        read["result"]["contents"],
        json!([{ "uri": "ware://7", "mimeType": "application/json", "text": "{\"id\":\"7\",\"name\":\"Tea\"}" }])
    );
    assert_eq!(fake.asked()[0].variables, json!({ "id": "7" }));
}

#[tokio::test]
async fn a_resource_there_is_not_is_not_found() {
    let url = serve(Fake::answering(
        "OneWare",
        json!({ "data": { "ware": null } }),
    ))
    .await;
    let session = Session::open(&url, "reader").await;
    for missing in ["ware://9", "ware://", "nothing://here"] {
        let answer = session
            .ask("resources/read", json!({ "uri": missing }))
            .await;
        assert_eq!(answer["error"]["code"], -32002, "{missing}");
    }
}

fn changing() -> std::sync::Arc<Fake> {
    let fake = Fake::answering(
        "OneWare",
        json!({ "data": { "ware": { "id": "7", "name": "Tea" } } }),
    );
    let event = json!({ "data": { "delivery": { "done": 1 } } });
    let events = vec![(0, event.clone()), (300, event.clone()), (60_000, event)];
    fake.events
        .lock()
        .unwrap()
        .insert("WatchWare".to_owned(), events);
    fake
}

#[tokio::test]
async fn a_watched_resource_tells_of_changes_until_it_is_left() {
    let fake = changing();
    let url = serve(fake.clone()).await;
    let session = Session::open(&url, "reader").await;
    let mut news = session.listen().await;
    session
        .ask("resources/subscribe", json!({ "uri": "ware://7" }))
        .await;
    let mut reader = Reader::default();
    let told = tokio::time::timeout(Duration::from_secs(20), async {
        loop {
            let found = reader.take(&news.chunk().await.unwrap().unwrap());
            if let Some(one) = found
                .into_iter()
                .find(|one| one["method"] == "notifications/resources/updated")
            {
                return one;
            }
        }
    });
    assert_eq!(told.await.unwrap()["params"]["uri"], "ware://7");
    assert_eq!(fake.open.load(Ordering::SeqCst), 1);
    session
        .ask("resources/unsubscribe", json!({ "uri": "ware://7" }))
        .await;
    closed(&fake).await;
}

#[tokio::test]
async fn a_stateless_client_listens_for_the_same_changes() {
    let fake = changing();
    let url = serve(fake.clone()).await;
    let http = crate::client::http();
    let filter = json!({ "notifications": { "resourceSubscriptions": ["ware://7"] } });
    let request =
        modern(&http, &url, "subscriptions/listen", filter, &json!({})).bearer_auth("reader");
    let mut response = request.send().await.unwrap();
    let told = tokio::time::timeout(Duration::from_secs(20), async {
        let mut seen = String::new();
        while !seen.contains("notifications/resources/updated") {
            seen += &String::from_utf8_lossy(&response.chunk().await.unwrap().unwrap());
        }
    });
    told.await.unwrap();
    drop(response);
    closed(&fake).await;
}

#[tokio::test]
async fn a_prompt_is_filled_from_its_arguments_and_the_graph() {
    let fake = Fake::answering("Ask", wares(&["Tea", "Cake"]));
    let url = serve(fake.clone()).await;
    let session = Session::open(&url, "reader").await;
    let list = session.ask("prompts/list", json!({})).await;
    assert_eq!(
        list["result"]["prompts"][0]["arguments"][0]["required"],
        true
    );
    let got = session
        .ask(
            "prompts/get",
            json!({ "name": "ask", "arguments": { "text": "sweet", "first": "5" } }),
        )
        .await;
    assert_eq!(
        got["result"]["messages"][0]["content"]["text"],
        "Choose sweet out of Tea, Cake."
    );
    assert_eq!(
        fake.asked()[0].variables,
        json!({ "text": "sweet", "first": 5 })
    );
    let bad = session
        .ask("prompts/get", json!({ "name": "ask", "arguments": {} }))
        .await;
    assert_eq!(bad["error"]["code"], -32602);
}

#[tokio::test]
async fn arguments_are_completed_from_the_graph() {
    let fake = Fake::answering("Names", wares(&["Tea", "Teapot", "Cake"]));
    let url = serve(fake.clone()).await;
    let session = Session::open(&url, "reader").await;
    for reference in [
        json!({ "type": "ref/prompt", "name": "ask" }),
        json!({ "type": "ref/resource", "uri": "ware://{id}" }),
    ] {
        let argument = if reference["name"].is_null() {
            "id"
        } else {
            "text"
        };
        let params = json!({ "ref": reference, "argument": { "name": argument, "value": "te" } });
        let answer = session.ask("completion/complete", params).await;
        assert_eq!(
            answer["result"]["completion"],
            json!({ "values": ["Tea", "Teapot"], "total": 2, "hasMore": false })
        );
    }
    assert_eq!(fake.asked()[0].variables, json!({ "value": "te" }));
    let none = json!({ "ref": { "type": "ref/prompt", "name": "ask" }, "argument": { "name": "first", "value": "" } });
    let none = session.ask("completion/complete", none).await;
    assert_eq!(none["result"]["completion"]["values"], json!([]));
    for unknown in [
        json!({ "type": "ref/prompt", "name": "x" }),
        json!({ "type": "ref/resource", "uri": "nothing://{id}" }),
    ] {
        let params = json!({ "ref": unknown, "argument": { "name": "text", "value": "" } });
        let answer = session.ask("completion/complete", params).await;
        assert_eq!(answer["error"]["code"], -32602, "{unknown}");
    }
}

#[tokio::test]
async fn what_is_not_there_cannot_be_watched() {
    let fake = changing();
    let url = serve(fake.clone()).await;
    let session = Session::open(&url, "reader").await;
    let nothing = json!({ "data": { "ware": null } });
    fake.answers
        .lock()
        .unwrap()
        .insert("OneWare".to_owned(), nothing);
    for uri in ["ware://9", "nothing://here"] {
        let params = json!({ "uri": uri });
        let answer = session.ask("resources/subscribe", params).await;
        assert_eq!(answer["error"]["code"], -32002, "{uri}");
    }
    assert_eq!(fake.open.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_stateless_read_says_how_long_it_keeps_and_for_whom() {
    let url = serve(Fake::answering("Count", json!({ "data": { "count": 3 } }))).await;
    let http = crate::client::http();
    let request = modern(
        &http,
        &url,
        "resources/read",
        json!({ "uri": "shop://count" }),
        &json!({}),
    )
    .bearer_auth("reader");
    let read = messages(request.send().await.unwrap()).await;
    assert_eq!(read[0]["result"]["contents"][0]["text"], "{\"value\":3}");
    assert_eq!(read[0]["result"]["cacheScope"], "private");
}
