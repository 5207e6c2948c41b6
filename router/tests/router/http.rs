//! `/graphql` over HTTP, as the GraphQL-over-HTTP specification has it.

use super::{
    graphs::router,
    world::{client, open_doors, open_doors_of},
};
use djinn_router::door::{DoorConfig, Introspection};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use std::net::SocketAddr;

const GRAPHQL: &str = "application/graphql-response+json";
const JSON: &str = "application/json";

struct Answer {
    status: u16,
    kind: String,
    headers: http::HeaderMap,
    body: Value,
}

async fn send(request: RequestBuilder) -> Answer {
    let answer = request.send().await.unwrap();
    let headers = answer.headers().clone();
    let kind = headers
        .get("content-type")
        .map(|kind| kind.to_str().unwrap().to_owned())
        .unwrap_or_default();
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    Answer {
        status,
        kind,
        headers,
        body: serde_json::from_str(&text).unwrap_or(Value::String(text)),
    }
}

fn request(method: Method, door: SocketAddr, rest: &str) -> RequestBuilder {
    client().request(method, format!("http://{door}/graphql{rest}"))
}

fn post(door: SocketAddr, body: &Value) -> RequestBuilder {
    request(Method::POST, door, "").json(body)
}

fn code(answer: &Answer) -> &str {
    answer.body["errors"][0]["extensions"]["code"]
        .as_str()
        .unwrap_or("none")
}

#[tokio::test]
async fn the_media_type_decides_what_the_status_means() {
    let door = open_doors().await;
    for (query, for_graphql) in [
        ("{ echo }", 200),
        ("{ refused }", 200),
        ("{ nothing }", 400),
        ("{", 400),
    ] {
        let answer = send(post(door, &json!({"query": query})).header("accept", GRAPHQL)).await;
        assert_eq!(
            (answer.status, answer.kind.as_str()),
            (
                for_graphql,
                "application/graphql-response+json; charset=utf-8"
            )
        );
        for accept in [JSON, "*/*", "text/html, */*;q=0.1"] {
            let answer = send(post(door, &json!({"query": query})).header("accept", accept)).await;
            assert_eq!(
                (answer.status, answer.kind.as_str()),
                (200, "application/json; charset=utf-8"),
                "{accept} {query}"
            );
        }
    }
    let answer =
        send(post(door, &json!({"query": "{ echo }"})).header("accept", "text/html")).await;
    assert_eq!((answer.status, code(&answer)), (406, "NOT_ACCEPTABLE"));
}

#[tokio::test]
async fn a_body_that_is_no_request_is_a_400_in_any_media_type() {
    let door = open_doors().await;
    for body in [
        r#"{"query""#,
        "",
        "null",
        "{}",
        r#"{"query":7}"#,
        r#"{"query":"{ echo }","variables":"no"}"#,
        r#"{"query":"{ echo }","operationName":7}"#,
        r#"{"query":"{ echo }","extensions":[]}"#,
        r#"[{"query":"{ echo }"}]"#,
    ] {
        for accept in [JSON, GRAPHQL] {
            let sent = request(Method::POST, door, "")
                .header("content-type", JSON)
                .header("accept", accept)
                .body(body);
            let answer = send(sent).await;
            assert_eq!(
                (answer.status, code(&answer)),
                (400, "BAD_REQUEST"),
                "{body}"
            );
            assert!(answer.body.get("data").is_none());
            assert_eq!(answer.kind, format!("{accept}; charset=utf-8"), "{body}");
        }
    }
    let full = json!({"query": "query A($n: Int) { echo(number: $n) }", "operationName": "A", "variables": {"n": 2}, "extensions": {"x": 1}, "unknown": 1});
    assert_eq!(
        send(post(door, &full)).await.body,
        json!({"data": {"echo": "2:-"}})
    );
    let nulls =
        json!({"query": "{ echo }", "operationName": null, "variables": null, "extensions": null});
    assert_eq!(
        send(post(door, &nulls)).await.body,
        json!({"data": {"echo": "7:-"}})
    );
}

#[tokio::test]
async fn only_json_is_taken_because_everything_else_needs_no_preflight() {
    let door = open_doors().await;
    for query in ["{ echo }", "mutation { bump(by: 1) }"] {
        let body = json!({"query": query}).to_string();
        for kind in [
            "text/plain",
            "TEXT/PLAIN",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "text/plain; application/json",
            "application/jsonp",
            "application/json; charset=latin1",
        ] {
            let answer = send(
                request(Method::POST, door, "")
                    .header("content-type", kind)
                    .body(body.clone()),
            )
            .await;
            assert_eq!(
                (answer.status, code(&answer)),
                (415, "UNSUPPORTED_MEDIA_TYPE"),
                "{kind}"
            );
        }
        let answer = send(request(Method::POST, door, "").body(body.clone())).await;
        assert_eq!(answer.status, 415, "no content type at all");
        let twice = request(Method::POST, door, "")
            .header("content-type", JSON)
            .header("content-type", "text/plain");
        assert_eq!(
            send(twice.body(body.clone())).await.status,
            415,
            "two content types"
        );
        for (coding, status) in [("gzip", 415), ("br", 415), ("identity", 200)] {
            let sent = request(Method::POST, door, "")
                .header("content-type", JSON)
                .header("content-encoding", coding);
            let answer = send(sent.body(body.clone())).await;
            assert_eq!(answer.status, status, "{coding}");
            let told = answer.body.to_string().contains("Content-Encoding");
            assert_eq!(told, status == 415, "{coding}");
        }
        for kind in [
            "application/json",
            "Application/JSON; charset=UTF-8",
            "application/json;charset=\"utf-8\"",
        ] {
            let answer = send(
                request(Method::POST, door, "")
                    .header("content-type", kind)
                    .body(body.clone()),
            )
            .await;
            assert_eq!(answer.status, 200, "{kind}");
        }
    }
}

#[tokio::test]
async fn a_get_reads_only_and_never_for_another_site() {
    let door = open_doors().await;
    let query = "?query=%7Becho%7D";
    let mutation = "?query=mutation%7Bbump(by%3A1)%7D";
    for proofless in [query, mutation] {
        let answer = send(request(Method::GET, door, proofless)).await;
        assert_eq!((answer.status, code(&answer)), (403, "CROSS_SITE_REQUEST"));
        let answer =
            send(request(Method::GET, door, proofless).header("sec-fetch-site", "cross-site"))
                .await;
        assert_eq!(answer.status, 403);
    }
    for (name, value) in [
        ("apollo-require-preflight", "1"),
        ("x-apollo-operation-name", "A"),
        ("content-type", JSON),
    ] {
        let answer = send(request(Method::GET, door, query).header(name, value)).await;
        assert_eq!(
            (answer.status, &answer.body),
            (200, &json!({"data": {"echo": "7:-"}})),
            "{name}"
        );
        let answer = send(request(Method::GET, door, mutation).header(name, value)).await;
        assert_eq!(
            (answer.status, code(&answer)),
            (405, "METHOD_NOT_ALLOWED"),
            "{name}"
        );
        assert_eq!(answer.headers["allow"], "POST");
    }
    let proven =
        |rest: &str| request(Method::GET, door, rest).header("apollo-require-preflight", "1");
    let full = "?query=query%20A(%24n%3AInt)%7Becho(number%3A%24n)%7D&operationName=A&variables=%7B%22n%22%3A5%7D&extensions=%7B%7D";
    assert_eq!(
        send(proven(full)).await.body,
        json!({"data": {"echo": "5:-"}})
    );
    for bad in [
        "",
        "?query=",
        "?query=%7Becho%7D&variables=7",
        "?query=%7Becho%7D&variables=%7B",
        "?query=%7Becho%7D&query=%7Becho%7D",
    ] {
        assert_eq!(send(proven(bad)).await.status, 400, "{bad}");
    }
    assert_eq!(
        send(proven("?query=%7Bnothing%7D").header("accept", GRAPHQL))
            .await
            .status,
        400
    );
    assert_eq!(send(request(Method::PUT, door, query)).await.status, 405);
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused_whether_it_says_so_or_not() {
    let config = DoorConfig {
        body_bytes: 1_000,
        ..DoorConfig::default()
    };
    let door = open_doors_of(router(), config).await;
    let large = json!({"query": format!("{{ echo }} # {}", "x".repeat(2_000))});
    let answer = send(post(door, &large)).await;
    assert_eq!((answer.status, code(&answer)), (413, "PAYLOAD_TOO_LARGE"));
    assert!(
        answer.body["errors"][0]["message"]
            .as_str()
            .unwrap()
            .contains("1000 bytes")
    );
    let chunks: Vec<Result<Vec<u8>, std::io::Error>> = large
        .to_string()
        .into_bytes()
        .chunks(100)
        .map(|part| Ok(part.to_vec()))
        .collect();
    let streamed = reqwest::Body::wrap_stream(futures_util::stream::iter(chunks));
    let answer = send(
        request(Method::POST, door, "")
            .header("content-type", JSON)
            .body(streamed),
    )
    .await;
    assert_eq!(answer.status, 413);
}

#[tokio::test]
async fn a_wrong_credential_is_a_401_and_a_right_one_is_the_viewer() {
    let door = open_doors().await;
    let ask = json!({"query": "{ whoami }"});
    let answer = send(post(door, &ask).bearer_auth("bad")).await;
    assert_eq!((answer.status, code(&answer)), (401, "UNAUTHENTICATED"));
    let answer = send(post(door, &ask).bearer_auth("good")).await;
    assert!(
        answer.body["data"]["whoami"]
            .as_str()
            .unwrap()
            .contains("Known")
    );
    let answer = send(post(door, &ask)).await;
    assert!(
        answer.body["data"]["whoami"]
            .as_str()
            .unwrap()
            .contains("Anonymous")
    );
}

#[tokio::test]
async fn introspection_is_for_the_signed_in_unless_it_is_for_all_or_none() {
    let ask = json!({"query": "{ __schema { queryType { name } } }"});
    for (who, anonymous, known) in [
        (Introspection::SignedIn, "UNAUTHENTICATED", "none"),
        (Introspection::Everyone, "none", "none"),
        (Introspection::Nobody, "UNAUTHENTICATED", "FORBIDDEN"),
    ] {
        let config = DoorConfig {
            introspection: who,
            ..DoorConfig::default()
        };
        let door = open_doors_of(router(), config).await;
        assert_eq!(code(&send(post(door, &ask)).await), anonymous, "{who:?}");
        assert_eq!(
            code(&send(post(door, &ask).bearer_auth("good")).await),
            known,
            "{who:?}"
        );
    }
}

#[tokio::test]
async fn every_answer_names_its_request() {
    let door = open_doors().await;
    let answer =
        send(post(door, &json!({"query": "{ refused }"})).header("x-request-id", "mine-1")).await;
    assert_eq!(answer.headers["x-request-id"], "mine-1");
    assert_eq!(
        answer.body["errors"][0]["extensions"]["requestId"],
        "mine-1"
    );
    let answer =
        send(post(door, &json!({"query": "{ refused }"})).header("x-request-id", "a b\"c")).await;
    assert_eq!(
        answer.headers["x-request-id"],
        answer.body["errors"][0]["extensions"]["requestId"]
            .as_str()
            .unwrap()
    );
    assert_ne!(answer.headers["x-request-id"], "a b\"c");
}

#[tokio::test]
async fn only_named_origins_may_read_an_answer() {
    let config = DoorConfig {
        allowed_origins: vec!["https://games.example".to_owned()],
        ..DoorConfig::default()
    };
    let door = open_doors_of(router(), config).await;
    for (origin, may) in [
        ("https://games.example", true),
        ("https://games.example.evil.test", false),
        ("https://evilgames.example", false),
        ("http://games.example", false),
        ("null", false),
    ] {
        let answer = send(post(door, &json!({"query": "{ echo }"})).header("origin", origin)).await;
        assert_eq!(
            answer.headers.get("access-control-allow-origin").is_some(),
            may,
            "{origin}"
        );
        let preflight = request(Method::OPTIONS, door, "")
            .header("origin", origin)
            .header("access-control-request-method", "POST");
        let answer = send(preflight).await;
        assert_eq!(
            answer.headers.get("access-control-allow-headers").is_some(),
            may,
            "{origin}"
        );
    }
}
