//! `/ready`, as a balancer asks it: a hub without one of its subgraphs still has all the rest.

use crate::hub::Hub;
use djinn_testkit::fault::Fault;
use serde_json::{Value, json};
use std::time::Duration;

async fn ready(hub: &Hub) -> (u16, Value) {
    let answer = hub.anonymous().get("/ready").await;
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// Asks until it is whole, or is not.
async fn until(hub: &Hub, whole: bool) -> (u16, Value) {
    loop {
        let (status, said) = ready(hub).await;
        if said["whole"] == whole {
            return (status, said);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn a_hub_without_one_of_its_subgraphs_stays_ready_and_says_which_is_gone() {
    let hub = Hub::start_behind_proxies(&[]).await;
    let names = ["session", "metadata", "library", "ai", "leaderboard"];
    let (status, said) = ready(&hub).await;
    assert_eq!((status, &said["whole"]), (200, &json!(true)), "{said}");
    for name in names {
        assert_eq!(said["parts"][format!("subgraph {name}")], "ok");
    }

    hub.proxy("ai").now(Fault::Reset);
    let (status, said) = until(&hub, false).await;
    assert_eq!((status, &said["ready"]), (200, &json!(true)), "{said}");
    assert_ne!(said["parts"]["subgraph ai"], "ok");
    assert_eq!(said["parts"]["subgraph library"], "ok");
    // What it is ready for.
    let answer = hub.owner().await;
    let answer = answer.ask("{ libraryStats { games } }", json!({})).await;
    assert_eq!(answer["libraryStats"]["games"], 0);

    for name in names {
        hub.proxy(name).now(Fault::Reset);
    }
    let nobody = async {
        while ready(&hub).await.0 != 503 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let answer = hub.anonymous().get("/ready").await;
        assert!(answer.headers().contains_key("retry-after"));
        assert_eq!(hub.anonymous().get("/health").await.status(), 200);
    };
    tokio::time::timeout(Duration::from_secs(30), nobody)
        .await
        .expect("it is not ready while nobody answers");
    for name in names {
        hub.proxy(name).now(Fault::None);
    }
    assert_eq!(until(&hub, true).await.0, 200);
}

mod in_many_processes {
    #[tokio::test(flavor = "multi_thread")]
    async fn a_hub_without_one_of_its_subgraphs_stays_ready_and_says_which_is_gone() {
        super::a_hub_without_one_of_its_subgraphs_stays_ready_and_says_which_is_gone().await;
    }
}
