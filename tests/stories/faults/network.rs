//! F1, F2 and F4: one subgraph is down, silent, or talks nonsense, with a network in between.

use super::world::World;
use axum::body::Body;
use bytes::Bytes;
use djinn_testkit::fault::Fault;
use futures_util::{future::join_all, stream};
use serde_json::{Value, json};
use std::{
    convert::Infallible,
    time::{Duration, Instant},
};

/// Something of everybody.
const ALL: &str = "{ libraryStats { games } setup { needed } boards(first: 1) { totalCount } recommendGames(limit: 1) { score } game(id: \"00000000-0000-7000-8000-00000000ffff\") { id } }";

fn codes(answer: &Value) -> Vec<(&str, String)> {
    let errors = answer["errors"].as_array().map_or(&[][..], Vec::as_slice);
    errors
        .iter()
        .map(|error| {
            let code = error["extensions"]["code"].as_str().unwrap();
            (code, error["path"].to_string())
        })
        .collect()
}

/// All is as it was, but for `field`.
fn lacks(answer: &Value, whole: &Value, field: &str) {
    let mut expected = whole.clone();
    expected[field] = Value::Null;
    assert_eq!(answer["data"], expected, "{answer:#}");
    assert_eq!(
        codes(answer),
        [("SUBGRAPH_UNAVAILABLE", json!([field]).to_string())]
    );
    let said = answer["errors"][0]["message"].as_str().unwrap();
    assert_eq!(
        said, "A part of the hub does not answer; this part of the answer is missing.",
        "nothing else leaves"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn all_but_the_dead_subgraph_is_served_and_it_is_left_alone_within_two_seconds() {
    let world = World::over_network().await;
    let whole = world.data(ALL, json!({})).await;
    world.proxy("ai").now(Fault::Reset);
    let down = Instant::now();
    let (mut asked, mut slowest) = (0, Duration::ZERO);
    while down.elapsed() < Duration::from_secs(2) {
        let started = Instant::now();
        lacks(&world.ask(ALL, json!({})).await, &whole, "recommendGames");
        slowest = slowest.max(started.elapsed());
        asked += 1;
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(
        asked > 10,
        "{asked} questions, the slowest took {slowest:?}"
    );
    // It is open by now: but for one a second that finds out, nobody tries.
    let before = world.proxy("ai").accepted();
    let watched = Instant::now();
    while watched.elapsed() < Duration::from_secs(2) {
        lacks(&world.ask(ALL, json!({})).await, &whole, "recommendGames");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let tried = world.proxy("ai").accepted() - before;
    assert!(tried <= 6, "tried {tried} times in two seconds");

    world.proxy("ai").now(Fault::None);
    let healed = Instant::now();
    while world.ask(ALL, json!({})).await.get("errors").is_some() {
        assert!(
            healed.elapsed() < Duration::from_secs(3),
            "it is not asked again"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_subgraph_costs_its_time_once_and_piles_nothing_up() {
    let world = World::over_network().await;
    let whole = world.data(ALL, json!({})).await;
    world.proxy("library").now(Fault::Blackhole);
    // More than may wait, each with a question of its own.
    let questions = (0..600).map(|n| {
        let world = &world;
        async move {
            let query = "query($s: [ID!]) { games(first: 1, filter: { statuses: $s }) { totalCount } setup { needed } }";
            let started = Instant::now();
            let answer = world.ask(query, json!({ "s": [format!("s{n}")] })).await;
            (answer, started.elapsed())
        }
    });
    let others = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let waiting = world.proxy("library").open();
        let started = Instant::now();
        world
            .data(
                "{ setup { needed } boards(first: 1) { totalCount } }",
                json!({}),
            )
            .await;
        (waiting, started.elapsed())
    };
    let (answers, (waiting, meanwhile)) = tokio::join!(join_all(questions), others);
    assert!(waiting <= 512, "{waiting} wait");
    assert!(
        meanwhile < Duration::from_secs(1),
        "the others took {meanwhile:?}"
    );
    let mut at_once = 0;
    for (answer, took) in &answers {
        assert_eq!(
            answer["data"],
            json!({ "games": null, "setup": { "needed": false } })
        );
        assert!(*took < Duration::from_millis(6_500), "it took {took:?}");
        at_once += usize::from(*took < Duration::from_secs(3));
    }
    assert!(at_once >= 80, "{at_once} were told at once");
    let started = Instant::now();
    lacks(&world.ask(ALL, json!({})).await, &whole, "libraryStats");
    assert!(
        started.elapsed() < Duration::from_millis(1_500),
        "it is open"
    );

    world.proxy("library").now(Fault::None);
    let healed = Instant::now();
    while world.ask(ALL, json!({})).await.get("errors").is_some() {
        assert!(
            healed.elapsed() < Duration::from_secs(3),
            "it is not asked again"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The most memory this process ever had, in bytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let figure = line.unwrap().split_whitespace().nth(1).unwrap();
    figure.parse::<u64>().unwrap() * 1024
}

/// A server that says eight mebibytes of nothing, whatever it is asked.
async fn talkative() -> std::net::SocketAddr {
    let answer = || async {
        let piece = Bytes::from(vec![b'x'; 64 * 1024]);
        Body::from_stream(stream::iter(
            (0..128).map(move |_| Ok::<_, Infallible>(piece.clone())),
        ))
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = axum::Router::new().fallback(answer);
    tokio::spawn(async move { axum::serve(listener, routes).await });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_is_an_error_without_its_words_and_costs_no_memory() {
    let world = World::over_network().await;
    let whole = world.data(ALL, json!({})).await;
    let before = peak();
    for fault in [
        Fault::Garbage,
        Fault::Truncated { after: 160 },
        Fault::Corrupt,
    ] {
        world.proxy("leaderboard").now(fault);
        for _ in 0..5 {
            lacks(&world.ask(ALL, json!({})).await, &whole, "boards");
        }
    }
    // Connections that are open stay with whom they lead to.
    world.proxy("leaderboard").lead_to(talkative().await);
    world.proxy("leaderboard").now(Fault::None);
    world.proxy("leaderboard").cut();
    for _ in 0..20 {
        lacks(&world.ask(ALL, json!({})).await, &whole, "boards");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let grown = peak().saturating_sub(before);
    assert!(grown <= 32 << 20, "{} MiB more", grown >> 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_a_byte_a_second_ends_with_its_time() {
    let world = World::over_network().await;
    let whole = world.data(ALL, json!({})).await;
    world.proxy("leaderboard").now(Fault::Narrow {
        bytes_per_second: 1,
    });
    let started = Instant::now();
    lacks(&world.ask(ALL, json!({})).await, &whole, "boards");
    assert!(started.elapsed() < Duration::from_millis(5_500));
    // Late and jittering is slow, not wrong.
    world.proxy("leaderboard").now(Fault::Late {
        latency: Duration::from_millis(50),
        jitter: Duration::from_millis(100),
    });
    world.proxy("leaderboard").cut();
    assert_eq!(world.data(ALL, json!({})).await, whole);
}
