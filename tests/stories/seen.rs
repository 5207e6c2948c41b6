//! How a hub is seen from outside: its traces, its figures, its log.

mod collector;

use crate::{
    hub::{Hub, Person, Placement, metrics_of},
    in_both_placements,
    mcp::rpc_with,
    socket::Events,
    the_graph::import,
};
use collector::{Collector, Span};
use serde_json::{Value, json};
use std::{collections::HashSet, net::TcpListener, time::Duration};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";
const SECRET: &str = "canary-in-a-variable";

async fn traced(placement: Placement, collector: &Collector) -> Hub {
    let settings = [("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url.clone())];
    Hub::start(placement, &settings).await
}

/// Asks at `/graphql`, with headers.
async fn post(person: &Person<'_>, hub: &Hub, body: Value, headers: &[(&str, &str)]) -> Value {
    let mut request = hub.http.post(format!("{}/graphql", hub.url)).json(&body);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    if let Some(token) = &person.token {
        request = request.bearer_auth(token);
    }
    request.send().await.unwrap().json().await.unwrap()
}

in_both_placements!(
    a_trace_goes_from_the_door_to_the_database,
    what_is_malformed_begins_a_trace_of_its_own,
    an_event_is_linked_to_the_request_that_led_to_it,
    a_subscription_is_a_part_of_the_trace_that_its_client_names,
    a_tool_call_is_a_part_of_the_trace_that_its_client_names,
);

async fn a_trace_goes_from_the_door_to_the_database(placement: Placement) {
    let collector = Collector::start().await;
    let mut hub = traced(placement, &collector).await;
    let owner = hub.owner().await;
    let token = owner.token.clone().unwrap();
    let body = json!({
        "query": "query MadeUpName($query: String!) { searchGames(query: $query) { nodes { title } } }",
        "variables": { "query": SECRET },
    });
    let given = format!("00-{TRACE}-{CALLER}-01");
    let headers = [("traceparent", given.as_str()), ("x-request-id", "asked-1")];
    let answer = post(&owner, &hub, body, &headers).await;
    assert_eq!(answer["errors"], Value::Null);

    let is = |name: &'static str| move |span: &Span| span.trace == TRACE && span.name == name;
    let request = collector.find(is("request")).await;
    assert_eq!(request.parent, CALLER);
    for (name, value) in [
        ("door", "graphql"),
        ("request_id", "asked-1"),
        ("trace_id", TRACE),
        ("http.request.method", "POST"),
        ("http.response.status_code", "200"),
        ("graphql.operation.type", "query"),
        ("outcome", "ok"),
    ] {
        assert_eq!(request.says(name), Some(value), "{name}");
    }
    // The client's own words are not the hub's to spread.
    assert_eq!(request.says("graphql.operation.name"), None);
    let prepare = collector.find(is("prepare")).await;
    assert_eq!(prepare.parent, request.id);
    assert_eq!(prepare.says("cached"), Some("false"));

    let of_library = |span: &Span| is("fetch")(span) && span.says("subgraph") == Some("library");
    let fetch = collector.find(of_library).await;
    assert_eq!(fetch.parent, request.id);
    assert_eq!(fetch.says("attempt"), Some("1"));
    assert_eq!(fetch.says("outcome"), Some("ok"));
    assert_eq!(fetch.service, request.service);
    let mut above = fetch.id;
    if placement == Placement::Many {
        // Who is asking was asked before, of another process.
        let of_library = |span: &Span| is("serve")(span) && span.service == "game-djinn-library";
        let serve = collector.find(of_library).await;
        assert_eq!(serve.parent, above);
        assert_eq!(serve.says("request_id"), Some("asked-1"));
        above = serve.id;
    }
    let below = |span: &Span| is("subgraph")(span) && span.parent == above;
    let subgraph = collector.find(below).await;
    let statement = |span: &Span| is("query")(span) && span.parent == subgraph.id;
    let query = collector.find(statement).await;
    assert!(query.says("db.query.text").unwrap().starts_with("SELECT"));

    // What ended last is sent when the hub stops.
    let last = json!({ "query": "{ __typename }" });
    let headers = [("x-request-id", "asked-last")];
    post(&hub.anonymous(), &hub, last, &headers).await;
    assert!(hub.terminate().await.success());
    let of_last = |span: &Span| span.says("request_id") == Some("asked-last");
    assert!(collector.spans().iter().any(of_last));
    let all = format!("{:?}", collector.spans());
    for secret in [SECRET, &token, "MadeUpName"] {
        assert!(!all.contains(secret), "{secret} is in a span");
    }
}

async fn what_is_malformed_begins_a_trace_of_its_own(placement: Placement) {
    let collector = Collector::start().await;
    let hub = traced(placement, &collector).await;
    let nobody = hub.anonymous();
    for (number, bad) in [
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "what is this",
    ]
    .into_iter()
    .enumerate()
    {
        let id = format!("bad-{number}");
        let headers = [("traceparent", bad), ("x-request-id", id.as_str())];
        post(
            &nobody,
            &hub,
            json!({ "query": "{ __typename }" }),
            &headers,
        )
        .await;
        let of_it = |span: &Span| span.says("request_id") == Some(id.as_str());
        let request = collector.find(of_it).await;
        assert_eq!(request.parent, "", "{bad}");
        assert_ne!(request.trace, TRACE, "{bad}");
        assert_ne!(request.trace, "0".repeat(32), "{bad}");
    }
    // Whoever began it wants no spans of it.
    let unwanted = format!("00-{TRACE}-{CALLER}-00");
    let headers = [("traceparent", unwanted.as_str())];
    post(
        &nobody,
        &hub,
        json!({ "query": "{ __typename }" }),
        &headers,
    )
    .await;
    post(
        &nobody,
        &hub,
        json!({ "query": "{ __typename }" }),
        &[("x-request-id", "after")],
    )
    .await;
    collector
        .find(|span| span.says("request_id") == Some("after"))
        .await;
    assert!(collector.spans().iter().all(|span| span.trace != TRACE));
}

async fn an_event_is_linked_to_the_request_that_led_to_it(placement: Placement) {
    let collector = Collector::start().await;
    let hub = traced(placement, &collector).await;
    let owner = hub.owner().await;
    import(&owner).await;
    let consumed = |span: &Span, by: &str| {
        span.name == "event" && span.says("messaging.consumer.group.name") == Some(by)
    };
    let event = collector.find(|span| consumed(span, "metadata")).await;
    assert_eq!(event.parent, "");
    let (trace, wrote) = event.links.first().expect("it has a link");
    assert_ne!(*trace, event.trace);
    let writer = collector.find(|span| span.id == *wrote).await;
    assert_eq!(
        (&writer.trace, writer.name.as_str()),
        (
            trace,
            match placement {
                Placement::One => "fetch",
                Placement::Many => "serve",
            }
        )
    );
    let request = collector
        .find(|span| span.name == "request" && span.trace == *trace)
        .await;
    assert_eq!(request.says("graphql.operation.type"), Some("mutation"));
    // What metadata made of it is an event as well, of the work that the first one was.
    let of_it = |span: &Span| {
        consumed(span, "library") && span.links.iter().any(|(led, _)| *led == event.trace)
    };
    collector.find(of_it).await;
}

async fn a_subscription_is_a_part_of_the_trace_that_its_client_names(placement: Placement) {
    let collector = Collector::start().await;
    let hub = traced(placement, &collector).await;
    let owner = hub.owner().await;
    let made = owner
        .ask(
            "mutation { createRoom(input: { name: \"Chess\", seats: 2, public: true, state: {} }) { room { id } } }",
            json!({}),
        )
        .await;
    let operation = json!({
        "query": "subscription($id: ID!) { roomEvents(roomId: $id) { __typename } }",
        "variables": { "id": made["createRoom"]["room"]["id"] },
        "extensions": { "traceparent": format!("00-{TRACE}-{CALLER}-01") },
    });
    let mut events = Events::open_with(&hub.url, owner.token.as_deref(), operation).await;
    let first = events.next().await.unwrap();
    assert_eq!(first["roomEvents"]["__typename"], "RoomSnapshot");
    drop(events);
    let is = |name: &'static str| move |span: &Span| span.trace == TRACE && span.name == name;
    let request = collector.find(is("request")).await;
    assert_eq!(
        (request.says("door"), request.parent.as_str()),
        (Some("socket"), CALLER)
    );
    assert_eq!(request.says("graphql.operation.type"), Some("subscription"));
    let fetch = collector.find(is("fetch")).await;
    assert_eq!(fetch.parent, request.id);
    if placement == Placement::Many {
        let serve = collector.find(is("serve")).await;
        assert_eq!(serve.parent, fetch.id);
        assert_eq!(serve.service, "game-djinn-session");
    }
}

async fn a_tool_call_is_a_part_of_the_trace_that_its_client_names(placement: Placement) {
    const OTHER: &str = "0af7651916cd43dd8448eb211c80319c";
    let collector = Collector::start().await;
    let hub = traced(placement, &collector).await;
    let owner = hub.owner().await;
    let made = owner
        .ask(
            "mutation { createApiKey(input: { name: \"agent\", scopes: [READ_LIBRARY] }) { secret } }",
            json!({}),
        )
        .await;
    let key = made["createApiKey"]["secret"].as_str().unwrap();
    let call = json!({ "name": "search_games", "arguments": { "query": SECRET } });
    let inside = |trace: &'static str| {
        move |span: &Span| {
            span.trace == trace && span.name == "request" && span.says("door") == Some("inside")
        }
    };

    // By the header of the request: the call is below the request.
    let given = format!("00-{TRACE}-{CALLER}-01");
    let headers = [
        ("traceparent", given.as_str()),
        ("x-request-id", "called-1"),
    ];
    let answer = rpc_with(&hub, key, "tools/call", call.clone(), &headers).await;
    assert_eq!(answer["result"]["isError"], false, "{answer}");
    let door = |span: &Span| span.trace == TRACE && span.says("door") == Some("mcp");
    let request = collector.find(door).await;
    assert_eq!(request.parent, CALLER);
    assert_eq!(request.says("request_id"), Some("called-1"));
    let ran = collector.find(inside(TRACE)).await;
    assert_eq!(ran.parent, request.id);
    let of_call = |span: &Span| span.name == "fetch" && span.parent == ran.id;
    assert_eq!(
        collector.find(of_call).await.says("subgraph"),
        Some("library")
    );

    // By the call itself, as clients do that cannot set a header: the call is below what it names.
    let mut call = call;
    call["_meta"]["traceparent"] = json!(format!("00-{OTHER}-{CALLER}-01"));
    rpc_with(&hub, key, "tools/call", call, &[]).await;
    let ran = collector.find(inside(OTHER)).await;
    assert_eq!(ran.parent, CALLER);
    let all = format!("{:?}", collector.spans());
    for secret in [SECRET, key] {
        assert!(!all.contains(secret), "{secret} is in a span");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_hangs_holds_nobody_up() {
    // It takes connections and says nothing.
    let deaf = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", deaf.local_addr().unwrap());
    let mut hub = Hub::start(Placement::One, &[("OTEL_EXPORTER_OTLP_ENDPOINT", url)]).await;
    let nobody = hub.anonymous();
    let asking = async {
        for _ in 0..50 {
            nobody.ask("{ __typename }", json!({})).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(40), asking)
        .await
        .expect("it answers");
    assert!(hub.terminate().await.success());
}

/// A hub whose figures can be read, and where.
async fn counted(settings: &[(&str, String)]) -> (Hub, String) {
    let mut all = vec![
        ("DJINN__SERVER__METRICS", "127.0.0.1:0".to_owned()),
        ("DJINN__LIMITS__REQUESTS_PER_SECOND", "0".to_owned()),
    ];
    all.extend(settings.iter().cloned());
    let hub = Hub::start(Placement::One, &all).await;
    let url = metrics_of(|| hub.log()).await;
    (hub, url)
}

async fn figures(hub: &Hub, url: &str) -> String {
    let answer = hub.http.get(url).send().await.unwrap();
    answer.text().await.unwrap()
}

/// The values of a label among the series of a figure.
fn values<'t>(figures: &'t str, name: &str, label: &str) -> HashSet<&'t str> {
    let of_it = figures
        .lines()
        .filter(|line| line.starts_with(&format!("{name}{{")));
    of_it
        .filter_map(|line| {
            let (_, rest) = line.split_once(&format!("{label}=\""))?;
            Some(rest.split_once('"')?.0)
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_clients_make_up_is_no_label() {
    let (hub, url) = counted(&[]).await;
    let nobody = hub.anonymous();
    for number in 0..1000 {
        let name = format!("Made{number}Up{}", "x".repeat(number % 7));
        let query = if number % 3 == 0 {
            format!("query {name} {{ nothing }}")
        } else {
            format!("query {name} {{ __typename }}")
        };
        nobody.send(&query, json!({})).await;
    }
    for path in ["/no/such/page", "/api/none", "/q/none"] {
        nobody.get(path).await;
    }
    let made_up = reqwest::Method::from_bytes(b"BREW").unwrap();
    let request = hub.http.request(made_up, format!("{}/graphql", hub.url));
    request.send().await.unwrap();
    let body = json!({ "documentId": "q.now-playing" });
    post(&nobody, &hub, body, &[]).await;

    let figures = figures(&hub, &url).await;
    let operations = values(&figures, "djinn_router_requests_total", "operation");
    assert!(
        operations.contains("other") && operations.len() <= 3,
        "{operations:?}"
    );
    assert!(
        operations.len() > 1,
        "the trusted one has its name: {operations:?}"
    );
    assert!(!figures.contains("Made"), "{figures}");
    let doors = values(&figures, "djinn_http_requests_total", "door");
    let known = HashSet::from(["graphql", "rest", "q", "mcp", "other"]);
    assert!(doors.is_subset(&known), "{doors:?}");
    assert!(
        doors.contains("graphql") && doors.contains("q"),
        "{doors:?}"
    );
    assert!(figures.lines().count() < 1000, "{figures}");
}

/// What metadata has done with events.
const HANDLED: &str = "djinn_events_handled_total{consumer=\"metadata\",outcome=\"ok\"}";

#[tokio::test(flavor = "multi_thread")]
async fn every_figure_is_described_and_in_the_table() {
    let (hub, url) = counted(&[]).await;
    let owner = hub.owner().await;
    import(&owner).await;
    // What is read now and then, and what is counted after it was done, may come a moment later.
    let mut text = figures(&hub, &url).await;
    for _ in 0..100 {
        let there = |name: &str| text.lines().any(|line| line.starts_with(name));
        if ["djinn_outbox_waiting", "djinn_library_syncs", HANDLED]
            .into_iter()
            .all(there)
        {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        text = figures(&hub, &url).await;
    }
    let page = include_str!("../../docs/metrics.md");
    let mut seen = 0;
    for line in text.lines() {
        let Some(rest) = line.strip_prefix("# TYPE ") else {
            continue;
        };
        let (name, kind) = rest.split_once(' ').unwrap();
        let row = format!("| `{name}` | {kind} |");
        assert!(page.contains(&row), "{row} is not in docs/metrics.md");
        assert!(
            text.contains(&format!("# HELP {name} ")),
            "{name} says nothing"
        );
        seen += 1;
    }
    assert!(seen > 15, "{text}");
    for (name, least) in [
        ("djinn_router_subscriptions", None),
        ("process_resident_memory_bytes", Some(1e7)),
        ("process_start_time_seconds", Some(1.6e9)),
        ("process_open_fds", Some(5.0)),
        ("djinn_outbox_waiting{subgraph=\"library\"}", Some(0.0)),
        ("djinn_library_syncs{state=\"queued\"}", Some(0.0)),
        (HANDLED, Some(1.0)),
    ] {
        let line = text.lines().find(|line| line.starts_with(name));
        if let Some(least) = least {
            let value = line.unwrap_or_else(|| panic!("no {name} in {text}"));
            let value: f64 = value.rsplit(' ').next().unwrap().parse().unwrap();
            assert!(value >= least, "{name} is {value}");
        }
    }
    // As Prometheus reads it: buckets that only grow, up to the count.
    let buckets: Vec<f64> = text
        .lines()
        .filter(|line| line.starts_with("djinn_database_seconds_bucket"))
        .map(|line| line.rsplit(' ').next().unwrap().parse().unwrap())
        .collect();
    assert_eq!(buckets.len(), 15);
    assert!(buckets.is_sorted() && buckets[14] > 10.0, "{buckets:?}");
}

const LOOKED_FOR: &str = "the-one-that-is-looked-for";

/// What a hub logs of a request whose words would like to be lines of the log.
async fn logged(format: &str) -> String {
    let settings = [
        ("LOG_FORMAT", format.to_owned()),
        ("LOG_LEVEL", "info,djinn::web=debug".to_owned()),
    ];
    let mut hub = Hub::start(Placement::One, &settings).await;
    let nobody = hub.anonymous();
    let body = json!({
        "query": "query A\r\n{\n __typename }",
        "operationName": "A\n{\"level\":\"INFO\"}",
    });
    post(&nobody, &hub, body, &[("x-request-id", LOOKED_FOR)]).await;
    hub.whole_log().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_json_log_is_an_object_a_line_under_the_requests_id() {
    let log = logged("json").await;
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    let whole = |line: &Value| line["timestamp"].is_string() && line["level"].is_string();
    assert!(lines.iter().all(whole), "{log}");
    let of_it = lines
        .iter()
        .find(|line| line["spans"][0]["request_id"] == LOOKED_FOR);
    let request = &of_it.unwrap_or_else(|| panic!("no line of it in {log}"))["spans"][0];
    assert_eq!(request["name"], "request");
    assert_eq!(request["status"], 200);
    assert_eq!(request["code"], "OPERATION_NOT_FOUND");
    assert_eq!(request["trace_id"].as_str().unwrap().len(), 32);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_for_people_has_the_requests_id_in_its_line_as_well() {
    let log = logged("text").await;
    let line = log.lines().find(|line| line.contains(LOOKED_FOR));
    let line = line.unwrap_or_else(|| panic!("no line of it in {log}"));
    assert!(
        line.contains("status=200") && line.ends_with("answered"),
        "{line}"
    );
}
