//! The router by itself: somebody else's supergraph over somebody else's subgraphs.

mod bookshop;
mod process;
mod tls;

use self::process::{Bookshop, Gateway, listen, refused};
use crate::socket::Events;
use serde_json::{Value, json};
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

const RELOADS: &str = "djinn_router_supergraph_reloads_total";

#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_graph_is_served_from_its_file() {
    let shop = Bookshop::open().await;
    let gateway = Gateway::start(&shop.file(), &[], &[]).await;
    let answer = gateway.ask("{ books { title stars } }").await;
    let books = json!([{"title": "Ulysses", "stars": 5}, {"title": "Emma", "stars": null}]);
    assert_eq!(answer, json!({"data": {"books": books}}));
    assert_eq!(gateway.get("/health").await.status(), 200);
    let ready: Value = gateway.get("/ready").await.json().await.unwrap();
    let parts = json!({"subgraph books": "ok", "subgraph reviews": "ok"});
    assert_eq!(ready, json!({"ready": true, "whole": true, "parts": parts}));
    let headers = gateway.get("/health").await.headers().clone();
    assert_eq!(headers["x-content-type-options"], "nosniff");
    let answer = gateway.post("{ books { id } }").send().await.unwrap();
    assert!(answer.headers().contains_key("x-request-id"));
    let id = answer.headers()["x-request-id"].to_str().unwrap();
    assert_eq!(shop.books.last("x-request-id").as_deref(), Some(id));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_schema_is_shown_only_where_the_owner_says_so() {
    let shop = Bookshop::open().await;
    let asked = "{ __schema { queryType { name } } __typename }";
    let closed = Gateway::start(&shop.file(), &[], &[]).await;
    let answer = closed.ask(asked).await;
    assert!(answer.get("data").is_none(), "{answer}");
    let open = Gateway::start(&shop.file(), &["--introspection", "everyone"], &[]).await;
    let answer = open.ask(asked).await;
    assert_eq!(answer["data"]["__schema"]["queryType"]["name"], "Query");
    assert!(
        !open.ask("{ __type(name: \"join__Graph\") { name } }").await["data"]["__type"].is_object()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_names_its_request_and_promises_nothing() {
    let shop = Bookshop::open().await;
    let gateway = Gateway::start(&shop.file(), &[], &[]).await;
    let lost = gateway.get("/nowhere").await;
    assert_eq!(lost.status(), 404);
    let id = lost.headers()["x-request-id"].to_str().unwrap().to_owned();
    let said: Value = lost.json().await.unwrap();
    assert_eq!(said["code"], "NOT_FOUND", "{said}");
    assert_eq!(said["requestId"], id, "{said}");
    let long = format!("{{ books {{ id }} }} #{}", "x".repeat(1024 * 1024));
    let large = gateway.post(&long).send().await.unwrap();
    assert_eq!(large.status(), 413);
    let said = large.text().await.unwrap();
    assert!(
        said.contains("1048576") && !said.contains("signed in"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subgraph_is_asked_where_the_command_line_says() {
    let shop = Bookshop::open().await;
    let other = listen(bookshop::books("/second", " (2nd ed.)", &shop.books)).await;
    let place = format!("books={other}/second");
    let gateway = Gateway::start(&shop.file(), &["--subgraph", &place], &[]).await;
    let answer = gateway.ask("{ books { title } }").await;
    assert_eq!(answer["data"]["books"][1]["title"], "Emma (2nd ed.)");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_subgraph_may_have_to_do_is_bounded_for_itself() {
    let shop = Bookshop::open().await;
    let few = ["--subgraph-cost", "reviews=0", "--subgraph-cost", "books=5"];
    let gateway = Gateway::start(&shop.file(), &few, &[]).await;
    let answer = gateway.ask("{ books { title } }").await;
    assert_eq!(answer["data"]["books"][1]["title"], "Emma", "{answer}");
    let answer = gateway
        .ask("{ books { title } again: books { title } }")
        .await;
    let extensions = &answer["errors"][0]["extensions"];
    assert_eq!(extensions["code"], "QUERY_TOO_COMPLEX", "{answer}");
    assert_eq!(extensions["subgraph"], "books");
    assert_eq!(extensions["maximumCost"], 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_headers_that_are_named_go_on() {
    let shop = Bookshop::open().await;
    let send = async |gateway: &Gateway| {
        let request = gateway.post("{ asker books { id } }");
        let request = request
            .bearer_auth("theirs")
            .header("cookie", "session=secret")
            .header("x-tenant", "north")
            .header("x-hop", "this far")
            .header("connection", "keep-alive, x-hop");
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        answer["data"]["asker"].clone()
    };
    let usual = Gateway::start(&shop.file(), &[], &[]).await;
    assert_eq!(send(&usual).await, "Bearer theirs");
    for subgraph in [&shop.books, &shop.reviews] {
        assert_eq!(
            subgraph.last("authorization").as_deref(),
            Some("Bearer theirs")
        );
        assert_eq!(subgraph.last("cookie"), None);
        assert_eq!(subgraph.last("x-tenant"), None);
    }
    let named = ["--forward-header", "x-tenant", "--forward-header", "x-hop"];
    let tenants = Gateway::start(&shop.file(), &named, &[]).await;
    assert_eq!(send(&tenants).await, Value::Null);
    assert_eq!(shop.books.last("x-tenant").as_deref(), Some("north"));
    assert_eq!(shop.books.last("x-hop"), None, "the client ended it here");
    let none = Gateway::start(&shop.file(), &["--forward-header", "none"], &[]).await;
    assert_eq!(send(&none).await, Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_an_allowed_origin_may_send_what_goes_on() {
    let shop = Bookshop::open().await;
    let site = "https://shop.example";
    let arguments = ["--allowed-origin", site, "--forward-header", "x-tenant"];
    let gateway = Gateway::start(&shop.file(), &arguments, &[]).await;
    let asks = |origin: &'static str| {
        let url = format!("{}/graphql", gateway.url);
        let request = crate::hub::client().request(reqwest::Method::OPTIONS, url);
        let request = request
            .header("origin", origin)
            .header("access-control-request-method", "POST");
        async move { request.send().await.unwrap() }
    };
    let told = asks(site).await;
    let may = told.headers()["access-control-allow-headers"]
        .to_str()
        .unwrap();
    assert!(may.contains("x-tenant"), "{may}");
    let stranger = asks("https://else.example").await;
    assert!(
        !stranger
            .headers()
            .contains_key("access-control-allow-origin")
    );
    let read = gateway.post("{ books { id } }").header("origin", site);
    let read = read.send().await.unwrap();
    assert_eq!(read.headers()["access-control-allow-origin"], site);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_clients_never_get_each_others_answers() {
    let shop = Bookshop::open().await;
    let gateway = Gateway::start(&shop.file(), &[], &[]).await;
    let asked = (0..40).map(|client| {
        let request = gateway.post("{ asker }").bearer_auth(client.to_string());
        async move {
            let answer: Value = request.send().await.unwrap().json().await.unwrap();
            assert_eq!(answer["data"]["asker"], format!("Bearer {client}"));
        }
    });
    futures_util::future::join_all(asked).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_is_enriched_and_ends_upstream_with_its_client() {
    let shop = Bookshop::open().await;
    let gateway = Gateway::start(&shop.file(), &[], &[]).await;
    let query = "subscription { reviewed { title stars } }";
    let mut events = Events::open(&gateway.url, Some("theirs"), query, json!({})).await;
    let first = events.next().await.unwrap();
    assert_eq!(
        first,
        json!({"reviewed": {"title": "Ulysses", "stars": 5}}),
        "the title is the books'"
    );
    assert_eq!(
        events.next().await.unwrap()["reviewed"],
        json!({"title": "Emma", "stars": null})
    );
    // The credential of the first message is said in each way a server may look for it.
    let inits = shop.reviews.inits.lock().unwrap().clone();
    assert_eq!(inits, [json!({"authorization": "Bearer theirs"})]);
    assert_eq!(
        shop.reviews.last("authorization").as_deref(),
        Some("Bearer theirs")
    );
    assert_eq!(
        shop.books.last("authorization").as_deref(),
        Some("Bearer theirs"),
        "of the fetch that an event leads to"
    );
    shop.reviews.open_is(1).await;
    drop(events);
    shop.reviews.open_is(0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_file_is_served_without_a_lost_request_and_a_bad_one_is_not() {
    let shop = Bookshop::open().await;
    let gateway = Arc::new(Gateway::start(&shop.file(), &[], &[]).await);
    let query = "subscription { reviewed { title } }";
    let mut events = Events::open(&gateway.url, None, query, json!({})).await;
    let (stop, asked) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicUsize::new(0)),
    );
    let load: Vec<_> = (0..4)
        .map(|_| {
            let (gateway, stop, asked) =
                (Arc::clone(&gateway), Arc::clone(&stop), Arc::clone(&asked));
            tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    let answer = gateway.ask("{ books { title stars } }").await;
                    assert!(answer.get("errors").is_none(), "{answer}");
                    asked.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();

    // A good one, which nobody could have asked of the first.
    let renamed = shop.supergraph().replace("asker: String", "asker: ID");
    let renamed = renamed.replace("type Query", "\"The counter.\"\ntype Query");
    shop.write(&renamed);
    gateway
        .figure_is(&format!("{RELOADS}{{outcome=\"served\"}}"), 1.0)
        .await;
    // Bad ones: not GraphQL, then no supergraph, then one that names no subgraph, then gone.
    let refused = format!("{RELOADS}{{outcome=\"refused\"}}");
    shop.write("type Query {");
    gateway.figure_is(&refused, 1.0).await;
    shop.write("type Query { books: [Int] }");
    gateway.figure_is(&refused, 2.0).await;
    let dangling = shop.supergraph().replace("graph: REVIEWS", "graph: NOBODY");
    shop.write(&dangling);
    gateway.figure_is(&refused, 3.0).await;
    std::fs::remove_file(shop.file()).unwrap();
    gateway.figure_is(&refused, 4.0).await;
    assert_eq!(gateway.get("/ready").await.status(), 200);
    // It is counted before it is said.
    let refusal = "the changed supergraph is not served";
    gateway
        .until_logged(|log| log.matches(refusal).count() >= 4)
        .await;
    let log = gateway.log();
    let said = log.matches(refusal).count();
    assert_eq!(said, 4, "each is said once: {log}");
    // And a good one again.
    shop.write(&shop.supergraph());
    gateway
        .figure_is(&format!("{RELOADS}{{outcome=\"served\"}}"), 2.0)
        .await;

    stop.store(true, Ordering::Relaxed);
    for one in load {
        one.await.unwrap();
    }
    assert!(asked.load(Ordering::Relaxed) > 20, "there was a load");
    assert!(
        events.next().await.is_some(),
        "the subscription went on all the while"
    );
    drop(events);
    shop.reviews.open_is(0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_subgraph_that_is_gone_takes_only_its_own_part_away() {
    let shop = Bookshop::open().await;
    let nowhere = ["--subgraph", "reviews=http://127.0.0.1:1/reviews"];
    let gateway = Gateway::start(&shop.file(), &nowhere, &[]).await;
    let answer = gateway.ask("{ books { title stars } }").await;
    assert_eq!(
        answer["data"]["books"][0],
        json!({"title": "Ulysses", "stars": null})
    );
    assert_eq!(
        answer["errors"][0]["extensions"]["code"],
        "SUBGRAPH_UNAVAILABLE"
    );
    assert!(!answer.to_string().contains("127.0.0.1"), "{answer}");
    let ready = gateway.get("/ready").await;
    assert_eq!(ready.status(), 200);
    let ready: Value = ready.json().await.unwrap();
    assert_eq!(ready["whole"], false, "{ready}");
    let nowhere = [
        nowhere[0],
        nowhere[1],
        "--subgraph",
        "books=http://127.0.0.1:1/",
    ];
    let gateway = Gateway::start(&shop.file(), &nowhere, &[]).await;
    assert_eq!(gateway.get("/ready").await.status(), 503);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_router_that_is_asked_to_stop_lets_its_sockets_know() {
    let shop = Bookshop::open().await;
    let mut gateway = Gateway::start(&shop.file(), &[], &[]).await;
    let query = "subscription { reviewed { title } }";
    let mut events = Events::open(&gateway.url, None, query, json!({})).await;
    assert!(events.next().await.is_some());
    let ended = gateway.terminate().await;
    assert!(ended.success(), "{ended}: {}", gateway.log());
    while events.next().await.is_some() {}
    shop.reviews.open_is(0).await;
}

#[tokio::test]
async fn a_slip_in_the_command_line_is_named() {
    let shop = Bookshop::open().await;
    let file = shop.file();
    for (arguments, named) in [
        (
            ["--subgraph", "boks=http://127.0.0.1:1"],
            "has no subgraph of that name; it has books, reviews",
        ),
        (["--subgraph", "books=ftp://host"], "\"ftp://host\""),
        (["--subgraph", "books"], "reviews=http://localhost:4001"),
        (["--subgraph-cost", "boks=9"], "no subgraph of that name"),
        (["--subgraph-cost", "books=few"], "a whole number"),
        (["--override-label", "canary"], "label \"canary\""),
        (["--forward-header", "Connection"], "never forwarded"),
        (["--forward-header", "not a header"], "--forward-header"),
        (["--introspection", "some"], "everyone"),
        (["--allowed-origin", "games.example"], "--allowed-origin"),
    ] {
        let said = refused(&file, &arguments).await;
        assert!(said.contains(named), "{arguments:?}: {said}");
    }
    let twice = [
        "--subgraph",
        "books=http://a",
        "--subgraph",
        "books=http://b",
    ];
    assert!(refused(&file, &twice).await.contains("given twice"));
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_that_nobody_enforces_are_not_served() {
    let shop = Bookshop::open().await;
    let link = |url: &str| {
        let linked = format!("@link(url: \"{url}\", for: SECURITY) {{\n  query: Query");
        shop.supergraph().replacen("{\n  query: Query", &linked, 1)
    };
    let apollo = ["authenticated", "requiresScopes", "policy"]
        .map(|name| link(&format!("https://specs.apollo.dev/{name}/v0.1")));
    let unknown = [
        "https://example.com/topsecret/v1.0",
        "https://specs.apollo.dev/context/v0.1",
        "https://specs.apollo.dev/inaccessible/v9.0",
    ]
    .map(link);
    let flag = "--rules-are-enforced-by-subgraphs";
    for text in &apollo {
        shop.write(text);
        let said = refused(&shop.file(), &[]).await;
        assert!(said.contains("line 1: ") && said.contains(flag), "{said}");
    }
    for text in &unknown {
        shop.write(text);
        let said = refused(&shop.file(), &[flag]).await;
        assert!(
            said.contains("line 1: ") && said.contains("for: SECURITY"),
            "{said}"
        );
    }

    shop.write(&apollo[0]);
    let told = Gateway::start(&shop.file(), &[flag], &[]).await;
    let answer = told.ask("{ books { title } }").await;
    assert_eq!(answer["data"]["books"][1]["title"], "Emma", "{answer}");
    shop.write(&apollo[1]);
    told.figure_is(&format!("{RELOADS}{{outcome=\"served\"}}"), 1.0)
        .await;

    // And one that is changed into such a file goes on as it was.
    shop.write(&shop.supergraph());
    let gateway = Gateway::start(&shop.file(), &[], &[]).await;
    shop.write(&apollo[0]);
    let refusals = format!("{RELOADS}{{outcome=\"refused\"}}");
    gateway.figure_is(&refusals, 1.0).await;
    let answer = gateway.ask("{ books { title } }").await;
    assert_eq!(answer["data"]["books"][1]["title"], "Emma", "{answer}");
}

#[tokio::test]
async fn a_file_that_cannot_be_served_is_named_with_its_line() {
    let shop = Bookshop::open().await;
    let file = shop.file();
    let name = file.display().to_string();
    let good = shop.supergraph();
    let line = |of: &str| good[..good.find(of).unwrap()].lines().count();
    for (text, named) in [
        (
            good.replace("title: String!", "title String!"),
            format!("line {}", line("title:")),
        ),
        (
            good.replace(&shop.urls[0], ""),
            format!("line {}", line("BOOKS @")),
        ),
        (
            good.replace(
                "REVIEWS @join__graph(name: \"reviews\",",
                "REVIEWS @join__graph(",
            ),
            format!("line {}", line("REVIEWS @")),
        ),
        (
            good.replace("name: \"reviews\"", "name: \"books\""),
            format!("line {}", line("REVIEWS @")),
        ),
        (
            good.replace("stars: Int", "stars: Itn"),
            format!("line {}: there is no type Itn", line("stars:")),
        ),
        (
            "type Query { books: Int }".to_owned(),
            "join__Graph".to_owned(),
        ),
        (String::new(), "cannot use the supergraph".to_owned()),
    ] {
        shop.write(&text);
        let said = refused(&file, &[]).await;
        assert!(
            said.contains(&name) && said.contains(&named),
            "{named}: {said}"
        );
    }
    std::fs::remove_file(&file).unwrap();
    let said = refused(&file, &[]).await;
    assert!(
        said.contains(&format!("cannot read the supergraph {name}")),
        "{said}"
    );
}
