//! F10: all connections to the database are in use. Whoever comes then is told to come back, soon and
//! in every door's own words; nothing is called a fault that is none.

use crate::hub::Hub;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

const BOARDS: &str = "{ boards(first: 1) { totalCount } }";

async fn who_finds_no_connection_is_told_to_come_back() {
    let few = [("DJINN__DATABASE__MAX_CONNECTIONS", "2".to_owned())];
    let hub = Hub::start_behind_proxies(&few).await;
    let owner = hub.owner().await;
    owner.ask(BOARDS, json!({})).await;

    // Somebody holds the table, so whoever reads it holds a connection of the process.
    let held = hub.database().begin().await.unwrap();
    held.execute_unprepared("LOCK TABLE leaderboard_board IN ACCESS EXCLUSIVE MODE")
        .await
        .unwrap();
    let stuck = || owner.send(BOARDS, json!({}));
    let others = async {
        // Until both connections are taken by somebody else.
        let refused = loop {
            let answer = owner.get("/leaderboards").await;
            let status = answer.status();
            let wait = answer.headers().get("retry-after").cloned();
            let body: Value = answer.json().await.unwrap();
            if body["code"] == "UNAVAILABLE" {
                break (status, wait);
            }
            assert_eq!(body["code"], "SUBGRAPH_UNAVAILABLE", "{body}");
        };
        assert_eq!(refused.0, 503);
        assert_eq!(refused.1.unwrap(), "2");
        let answer = owner.send(BOARDS, json!({})).await;
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], "UNAVAILABLE", "{answer}");
        assert_eq!(error["extensions"]["retryAfter"], 2);
        // The process lives, and says what is the matter with it.
        let process = hub
            .endpoint("leaderboard")
            .replace("/leaderboard/graphql", "");
        let health = hub.http.get(format!("{process}/health"));
        assert_eq!(health.send().await.unwrap().status(), 200);
        let ready = hub.http.get(format!("{process}/ready"));
        let ready = ready.send().await.unwrap();
        assert_eq!(ready.status(), 503);
        let said: Value = ready.json().await.unwrap();
        assert_eq!(said["parts"]["database"], "does not answer");
        // What the others have is there.
        let rooms = owner
            .ask("{ rooms(first: 1) { totalCount } }", json!({}))
            .await;
        assert_eq!(rooms["rooms"]["totalCount"], 0);
        held.rollback().await.unwrap();
    };
    tokio::join!(stuck(), stuck(), stuck(), others);
    while owner.send(BOARDS, json!({})).await.get("errors").is_some() {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert!(!hub.log().contains("resolver failed"), "{}", hub.log());
}

mod in_many_processes {
    #[tokio::test(flavor = "multi_thread")]
    async fn who_finds_no_connection_is_told_to_come_back() {
        super::who_finds_no_connection_is_told_to_come_back().await;
    }
}
