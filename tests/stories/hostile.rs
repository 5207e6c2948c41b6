//! Callers who mean no good, or too much of it: a hub with no configuration holds.

mod many;

use crate::{
    hub::{Hub, Placement},
    socket::Events,
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, timeout},
};

async fn raw(hub: &Hub) -> TcpStream {
    let address = hub.url.strip_prefix("http://").unwrap();
    TcpStream::connect(address).await.unwrap()
}

/// The whole answer of a connection, until the hub closes it.
async fn rest(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    let reading = stream.read_to_end(&mut all);
    let _ = timeout(Duration::from_secs(30), reading)
        .await
        .expect("the hub never closed the connection");
    String::from_utf8_lossy(&all).into_owned()
}

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"]
        .as_str()
        .unwrap_or("none")
}

async fn whoever_may_not_read_the_schema_cannot_spell_it_out(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let nobody = hub.anonymous();
    // What is there and not for them, what is not there, and every way to be wrong.
    let documents = [
        "{ games { totalCount } }",
        "{ gamez { totalCount } }",
        "{ libraryStats { games } }",
        "{ libraryStatz { games } }",
        "{ game(id: \"01a1fb9f-5e74-706f-90af-ff48e05986b8\") { title } }",
        "{ game(id: 7.5) { title } }",
        "{ game { title } }",
        "{ games(frist: 1) { totalCount } }",
        "{ games { totalCuont } }",
        "{ games }",
        "{ setup { needed { x } } }",
        "{ setup { neded } }",
        "{ setup { needed } games { totalCount } }",
        "{ setup { needed } gamez { totalCount } }",
        "query($x: GameFilter) { games(filter: $x) { totalCount } }",
        "query($x: GameFliter) { games(filter: $x) { totalCount } }",
        "fragment F on Game { id } { setup { needed } }",
        "fragment F on Gmae { id } { setup { needed } }",
        "{ ... on Player { id } }",
        "mutation { syncLibrary(libraryId: \"x\") { problems { code } } }",
        "mutation { synkLibrary(libraryId: \"x\") { problems { code } } }",
        "mutation { login(input: {nmae: \"x\"}) { problems { code } } }",
        "{ games(first: 100) { nodes { similar(first: 50) { game { similar(first: 50) { score } } } } } }",
        "{ __schema { queryType { name } } }",
        "{ __type(name: \"Game\") { name } }",
        "{ __type(name: \"Gmae\") { name } }",
    ];
    let mut answers = Vec::new();
    for document in documents {
        let mut answer = nobody.send(document, json!({})).await;
        answer["errors"][0]["extensions"]["requestId"].take();
        answers.push((document, answer));
    }
    for (document, answer) in &answers {
        assert_eq!(answer, &answers[0].1, "{document}");
        assert_eq!(code(answer), "UNAUTHENTICATED");
    }
    // What is open to everybody is answered, and somebody who has signed in is told what is wrong.
    let open = nobody
        .ask(
            "{ setup { needed } me { id } myScopes __typename }",
            json!({}),
        )
        .await;
    assert_eq!(open["setup"]["needed"], true);
    let owner = hub.owner().await;
    assert_eq!(
        owner.refused("{ gamez { totalCount } }", json!({})).await,
        "GRAPHQL_VALIDATION_FAILED"
    );
    // A socket tells no more.
    for document in [
        "subscription { syncProgress(libraryId: \"x\") { rev } }",
        "subscription { synkProgress { rev } }",
    ] {
        let mut events = Events::open(&hub.url, None, document, json!({})).await;
        let refusal = events.refusal().await.expect("a refusal");
        assert_eq!(
            refusal[0]["extensions"]["code"], "UNAUTHENTICATED",
            "{refusal}"
        );
        assert!(
            refusal[0]["message"]
                .as_str()
                .unwrap()
                .starts_with("Sign in first.")
        );
    }
}

async fn what_a_form_of_another_site_can_send_runs_nothing(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    let kinds: [&[&str]; 7] = [
        &[],
        &["text/plain"],
        &["application/x-www-form-urlencoded"],
        &["multipart/form-data; boundary=x"],
        &["text/plain; application/json"],
        &["TEXT/PLAIN"],
        &["text/plain", "application/json"],
    ];
    let query = "{ me { name } }";
    let mutation = "mutation { logout { ok } }";
    for (method, document) in [
        (Method::GET, query),
        (Method::GET, mutation),
        (Method::POST, query),
        (Method::POST, mutation),
    ] {
        for kind in kinds {
            let mut url = reqwest::Url::parse(&format!("{}/graphql", hub.url)).unwrap();
            if method == Method::GET {
                url.query_pairs_mut().append_pair("query", document);
            }
            // As a browser's own credential would be, if the hub gave it one.
            let mut request = hub.http.request(method.clone(), url).header(
                "cookie",
                format!("token={}", owner.token.as_deref().unwrap()),
            );
            for kind in kind {
                request = request.header("content-type", *kind);
            }
            if method == Method::POST {
                request = request.body(json!({ "query": document }).to_string());
            }
            let answer = request.send().await.unwrap();
            let status = answer.status();
            let answer: Value = answer.json().await.unwrap();
            let wanted = if method == Method::GET {
                (StatusCode::FORBIDDEN, "CROSS_SITE_REQUEST")
            } else {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE")
            };
            assert_eq!(
                (status, code(&answer)),
                wanted,
                "{method} {kind:?} {document}"
            );
            assert!(answer.get("data").is_none());
        }
    }
    let mut url = reqwest::Url::parse(&format!("{}/graphql", hub.url)).unwrap();
    url.query_pairs_mut().append_pair("query", mutation);
    let proven = hub
        .http
        .get(url)
        .header("apollo-require-preflight", "1")
        .bearer_auth(owner.token.as_deref().unwrap());
    assert_eq!(proven.send().await.unwrap().status(), 405);
    assert_eq!(owner.ask(query, json!({})).await["me"]["name"], "Anna");
}

async fn no_origin_is_reflected_that_was_not_named(placement: Placement) {
    let named = (
        "DJINN__SERVER__ALLOWED_ORIGINS",
        "https://goodhost".to_owned(),
    );
    let hub = Hub::start(placement, &[named]).await;
    for (origin, may) in [
        ("https://goodhost", true),
        ("https://goodhost.evil", false),
        ("https://evilgoodhost", false),
        ("http://goodhost", false),
        ("https://goodhost:444", false),
        ("null", false),
        ("https://goodhost/", true),
        ("*", false),
    ] {
        for method in [Method::POST, Method::OPTIONS] {
            let request = hub
                .http
                .request(method, format!("{}/graphql", hub.url))
                .header("origin", origin)
                .header("access-control-request-method", "POST")
                .json(&json!({ "query": "{ __typename }" }));
            let answer = request.send().await.unwrap();
            let allowed = answer.headers().get("access-control-allow-origin");
            assert_eq!(allowed.is_some(), may, "{origin}");
            assert!(
                allowed.is_none_or(|allowed| allowed == origin),
                "{allowed:?}"
            );
        }
    }
    let answer = hub
        .http
        .get(format!("{}/health", hub.url))
        .send()
        .await
        .unwrap();
    let headers = answer.headers();
    for (name, part) in [
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "frame-ancestors 'none'"),
        ("cross-origin-opener-policy", "same-origin"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
    ] {
        let value = headers[name].to_str().unwrap();
        assert!(value.contains(part), "{name}: {value}");
    }
    // Without HTTPS in front, asking for it would lock people out.
    assert!(!headers.contains_key("strict-transport-security"));
}

async fn guesses_cannot_be_hidden_in_one_operation(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    hub.owner().await;
    let guess = |number: usize| {
        format!(
            "g{number}: login(input: {{name: \"Anna\", password: \"guess {number}\"}}) {{ problems {{ code }} }}"
        )
    };
    for count in [2, 15, 100] {
        let guesses: Vec<_> = (0..count).map(guess).collect();
        let answer = hub
            .anonymous()
            .send(&format!("mutation {{ {} }}", guesses.join(" ")), json!({}))
            .await;
        assert_eq!(code(&answer), "QUERY_TOO_COMPLEX", "{count}: {answer}");
        assert!(answer.get("data").is_none());
    }
    let spread = "mutation { ...A ...B } fragment A on Mutation { a: login(input: {name: \"Anna\", password: \"x\"}) { problems { code } } } fragment B on Mutation { b: login(input: {name: \"Anna\", password: \"y\"}) { problems { code } } }";
    assert_eq!(
        hub.anonymous().refused(spread, json!({})).await,
        "QUERY_TOO_COMPLEX"
    );
    let batch: Vec<Value> = (0..10_000)
        .map(|_| json!({ "query": format!("mutation {{ {} }}", guess(1)) }))
        .collect();
    let answer = hub
        .http
        .post(format!("{}/graphql", hub.url))
        .json(&batch)
        .send()
        .await
        .unwrap();
    // More than somebody unknown may send, or a batch: either way nothing is run.
    assert!(
        [400, 413].contains(&answer.status().as_u16()),
        "{}",
        answer.status()
    );
    // None of all these was counted, because none was tried: the right password is taken at once.
    hub.sign_in().await;
}

async fn slow_and_large_requests_are_given_up(placement: Placement) {
    let hub = Hub::start(
        placement,
        &[
            ("DJINN__LIMITS__HEADER_SECONDS", "1".to_owned()),
            ("DJINN__LIMITS__BODY_SECONDS", "1".to_owned()),
        ],
    )
    .await;
    let begun = Instant::now();
    let mut slow = raw(&hub).await;
    slow.write_all(b"GET /health HTTP/1.1\r\nhost: x\r\nx-slow: ")
        .await
        .unwrap();
    assert!(!rest(&mut slow).await.contains("200 OK"));
    let mut slow = raw(&hub).await;
    slow.write_all(b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 500\r\nconnection: close\r\n\r\n{\"query\":").await.unwrap();
    let answer = rest(&mut slow).await;
    assert!(
        answer.contains("408")
            && answer.contains("REQUEST_TIMEOUT")
            && answer.contains("1 seconds"),
        "{answer}"
    );
    assert!(begun.elapsed() < Duration::from_secs(30));

    let large = hub
        .http
        .get(format!("{}/health", hub.url))
        .header("x-large", "x".repeat(33 * 1024));
    let answer = large.send().await.unwrap();
    assert_eq!(answer.status(), 431);
    let id = answer.headers()["x-request-id"].clone();
    let text = answer.text().await.unwrap();
    assert!(
        id.len() > 30 && text.contains(id.to_str().unwrap()),
        "{id:?}"
    );
    assert!(
        text.contains("HEADERS_TOO_LARGE") && text.contains("32768 bytes"),
        "{text}"
    );
    let many: Vec<_> = (0..90)
        .map(|n| format!("x-{n}: {}", "y".repeat(400)))
        .collect();
    let many = many.join("\r\n");
    let mut stream = raw(&hub).await;
    stream
        .write_all(
            format!("GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{many}\r\n\r\n")
                .as_bytes(),
        )
        .await
        .unwrap();
    assert!(rest(&mut stream).await.starts_with("HTTP/1.1 431"));

    // Nobody unknown may send what an import needs; whoever has signed in may.
    let owner = hub.owner().await;
    let padded = json!({ "query": "{ __typename }", "extensions": { "x": "y".repeat(1_500_000) } });
    let ask = || hub.http.post(format!("{}/graphql", hub.url)).json(&padded);
    if let Ok(answer) = ask().send().await {
        assert_eq!(answer.status(), 413);
        assert!(answer.text().await.unwrap().contains("1048576 bytes"));
    }
    let answer = ask()
        .bearer_auth(owner.token.as_deref().unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
}

crate::in_both_placements!(
    whoever_may_not_read_the_schema_cannot_spell_it_out,
    what_a_form_of_another_site_can_send_runs_nothing,
    no_origin_is_reflected_that_was_not_named,
    guesses_cannot_be_hidden_in_one_operation,
    slow_and_large_requests_are_given_up,
);
