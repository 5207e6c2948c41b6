//! Syncs, from the first request to the last game.

use super::stage::{Stage, facts, many, owned};
use chrono::TimeDelta;
use djinn_kernel::{
    Clock, Esrb,
    event::{CopiesFound, CopiesMatched, EnrichmentPaused},
};
use djinn_subgraph_kit::http::{Answer, NoAnswer};
use djinn_testkit::{
    http::{html, json as answer, too_many},
    viewers::{call, child, player},
};
use futures_util::StreamExt;
use serde_json::{Value, json};
use std::time::Duration;

type Mood = fn() -> Result<Answer, NoAnswer>;

#[tokio::test]
async fn a_sync_lists_matches_enriches_and_succeeds() {
    let mut stage = Stage::set().await;
    stage.shop.sells(vec![
        owned(70, "Half-Life", 87),
        owned(220, "Half-Life 2", 0),
    ]);
    stage.work();
    let library = stage.link().await;

    let matching = stage
        .until(&library, |run| {
            run["stage"] == "MATCHING" && run["total"] == 2
        })
        .await;
    assert_eq!(
        (&matching["state"], &matching["done"], &matching["added"]),
        (&json!("RUNNING"), &json!(0), &json!(2))
    );

    let found = stage
        .hub
        .test
        .take_payloads::<CopiesFound>()
        .await
        .remove(0);
    assert_eq!(found.copies[0].platform, "steam");
    let ids = found.copies.iter().map(|copy| copy.store_id.as_deref());
    assert!(ids.eq([Some("220"), Some("70")]), "each once");
    let ear = stage.hub.parts.consumer.as_ref().unwrap();
    let matches = found
        .copies
        .iter()
        .map(|copy| (copy.copy, super::stage::game_of(&copy.title)))
        .collect();
    stage
        .hub
        .test
        .send(
            &**ear,
            &CopiesMatched {
                library: found.library,
                revision: 1,
                matches,
            },
        )
        .await;
    stage
        .until(&library, |run| run["stage"] == "ENRICHING")
        .await;

    let until = stage.hub.test.clock.now() + TimeDelta::minutes(5);
    stage
        .hub
        .test
        .send(
            &**ear,
            &EnrichmentPaused {
                provider: "steam-store".to_owned(),
                until,
            },
        )
        .await;
    let paused = stage.run(&library).await;
    assert_eq!(
        paused["rateLimitedUntil"].as_str().unwrap().parse(),
        Ok(until)
    );

    stage.hub.test.send(&**ear, &facts("Half-Life", true)).await;
    let half = stage.until(&library, |run| run["done"] == 1).await;
    assert_eq!(half["currentTitle"], "Half-Life");
    let query = "query($id: ID!) { library(id: $id) { lastSync { done currentTitle } } }";
    let seen = stage
        .hub
        .data(
            &child(9, 1, Esrb::AdultsOnly),
            query,
            json!({ "id": library }),
        )
        .await;
    assert_eq!(
        seen["library"]["lastSync"],
        json!({ "done": 0, "currentTitle": null }),
        "neither a title nor a count may tell of what is above the ceiling"
    );
    stage
        .hub
        .test
        .send(&**ear, &facts("Half-Life 2", true))
        .await;
    let done = stage.until_state(&library, "SUCCEEDED").await;
    assert_eq!(
        (&done["stage"], &done["rateLimitedUntil"], &done["error"]),
        (&json!("DONE"), &Value::Null, &Value::Null)
    );
    assert_eq!(
        stage.shelf().await,
        [("Half-Life".to_owned(), 87), ("Half-Life 2".to_owned(), 0)]
    );
    assert_eq!(stage.count(&library).await, 2);
}

#[tokio::test]
async fn a_thousand_games_can_be_browsed_within_seconds() {
    let began = std::time::Instant::now();
    let mut stage = Stage::set().await;
    stage.shop.sells(many(1000));
    stage.work();
    let library = stage.link().await;
    stage.settled(&library).await;
    assert_eq!(stage.shelf().await.len(), 1000);
    assert!(
        began.elapsed() < Duration::from_secs(15),
        "{:?}",
        began.elapsed()
    );
}

#[tokio::test]
async fn a_second_sync_changes_only_what_changed() {
    let (stage, library) = Stage::synced(vec![
        owned(70, "Half-Life", 87),
        owned(220, "Half-Life 2", 0),
    ])
    .await;
    stage.shop.sells(vec![
        owned(70, "Half-Life", 95),
        owned(220, "Half-Life 2", 0),
        owned(400, "Portal", 0),
    ]);
    let run = stage.sync_again(&library).await;
    assert_eq!(
        (&run["added"], &run["updated"], &run["removed"]),
        (&json!(1), &json!(1), &json!(0))
    );
    assert_eq!(stage.shelf().await[0], ("Half-Life".to_owned(), 95));
    assert_eq!(
        stage
            .hub
            .test
            .http
            .asked()
            .iter()
            .filter(|url| url.contains("GetOwnedGames"))
            .count(),
        2
    );
}

#[tokio::test]
async fn hidden_playtime_never_takes_known_playtime_away() {
    let (stage, library) = Stage::synced(vec![owned(70, "Half-Life", 87)]).await;
    stage.shop.sells(vec![owned(70, "Half-Life", 0)]);
    stage.sync_again(&library).await;
    assert_eq!(stage.shelf().await, [("Half-Life".to_owned(), 87)]);
}

#[tokio::test]
async fn a_private_profile_changes_nothing_and_says_why() {
    let (stage, library) = Stage::synced(many(3)).await;
    let before = stage.shelf().await;
    stage.shop.is(|| answer(200, r#"{"response":{}}"#));
    for _ in 0..3 {
        let run = stage.sync_again(&library).await;
        assert_eq!(run["state"], "FAILED");
        assert_eq!(run["error"]["code"], "PROFILE_PRIVATE");
    }
    assert_eq!(stage.shelf().await, before);
    let query = "query($id: ID!) { library(id: $id) { connected lastError { code message } } }";
    let seen = stage
        .hub
        .data(&stage.me, query, json!({ "id": library }))
        .await;
    assert_eq!(seen["library"]["connected"], true);
    assert_eq!(seen["library"]["lastError"]["code"], "PROFILE_PRIVATE");

    stage.shop.is_itself();
    let retried = stage.retry(&library).await;
    assert_eq!(retried["problems"], json!([]));
    assert_eq!(stage.settle(&library).await["state"], "SUCCEEDED");
    let seen = stage
        .hub
        .data(&stage.me, query, json!({ "id": library }))
        .await;
    assert_eq!(seen["library"]["lastError"], Value::Null);
}

#[tokio::test]
async fn a_rejected_key_disconnects_the_library_and_keeps_its_games() {
    let (stage, library) = Stage::synced(many(3)).await;
    stage
        .shop
        .is(|| html(401, "<html><h1>Unauthorized</h1></html>"));
    let run = stage.sync_again(&library).await;
    assert_eq!(
        (&run["state"], &run["error"]["code"]),
        (&json!("FAILED"), &json!("CREDENTIALS_REJECTED"))
    );
    let query = "query($id: ID!) { library(id: $id) { connected gamesCount } }";
    let seen = stage
        .hub
        .data(&stage.me, query, json!({ "id": library }))
        .await;
    assert_eq!(
        seen["library"],
        json!({ "connected": false, "gamesCount": 3 })
    );
}

#[tokio::test]
async fn a_busy_platform_is_asked_again_when_it_said() {
    let (stage, library) = Stage::synced(many(3)).await;
    let before = stage.shelf().await;
    stage.shop.is(|| too_many(Some(Duration::from_mins(10))));
    stage.sync(&library, false).await;
    let run = stage.until_state(&library, "WAITING").await;
    let until: chrono::DateTime<chrono::Utc> =
        run["rateLimitedUntil"].as_str().unwrap().parse().unwrap();
    assert_eq!(until, stage.hub.test.clock.now() + TimeDelta::seconds(600));
    assert_eq!(run["error"]["code"], "PROVIDER_RATE_LIMITED");
    assert_eq!(stage.shelf().await, before);

    stage.shop.is_itself();
    stage.later(TimeDelta::seconds(599));
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(stage.run(&library).await["state"], "WAITING");
    stage.later(TimeDelta::seconds(2));
    let run = stage.settle(&library).await;
    assert_eq!(
        (&run["state"], &run["error"], &run["rateLimitedUntil"]),
        (&json!("SUCCEEDED"), &Value::Null, &Value::Null)
    );
}

#[tokio::test]
async fn neither_a_retry_nor_starting_over_breaks_what_the_platform_asked_for() {
    let (stage, library) = Stage::synced(many(3)).await;
    stage.shop.is(|| too_many(Some(Duration::from_hours(1))));
    stage.sync(&library, false).await;
    let asked = stage.until_state(&library, "WAITING").await["rateLimitedUntil"].clone();
    stage.shop.is_itself();

    let retry = "mutation($id: ID!) { retrySync(libraryId: $id) { problems { code message } } }";
    let refused = stage
        .hub
        .data(&player(1), retry, json!({ "id": library }))
        .await;
    assert_eq!(
        refused["retrySync"]["problems"][0]["code"],
        "PROVIDER_RATE_LIMITED"
    );
    stage.sync(&library, true).await;
    let anew = stage.run(&library).await;
    assert_eq!(
        (&anew["state"], &anew["rateLimitedUntil"]),
        (&json!("WAITING"), &asked)
    );
    stage.later(TimeDelta::seconds(3601));
    assert_eq!(stage.settle(&library).await["state"], "SUCCEEDED");
}

#[tokio::test]
async fn error_pages_torn_answers_and_silence_heal_by_themselves_and_delete_nothing() {
    let (stage, library) = Stage::synced(many(3)).await;
    let before = stage.shelf().await;
    stage.shop.is(|| html(503, "<html>Tuesday</html>"));
    stage.sync(&library, false).await;
    assert_eq!(
        stage.until_state(&library, "WAITING").await["error"]["code"],
        "PROVIDER_DOWN"
    );
    let moods: [(Mood, &str); 6] = [
        (|| html(200, "<html>Login</html>"), "PROVIDER_DOWN"),
        (
            || answer(200, r#"{"response":{"game_count":3,"games":[{"appid":10"#),
            "PROVIDER_MALFORMED",
        ),
        (|| answer(200, "null"), "PROVIDER_MALFORMED"),
        (
            || {
                answer(
                    200,
                    r#"{"response":{"game_count":3,"games":[{"appid":10}]}}"#,
                )
            },
            "PROVIDER_MALFORMED",
        ),
        (|| Err(NoAnswer::Truncated), "PROVIDER_MALFORMED"),
        (|| Err(NoAnswer::Timeout), "PROVIDER_DOWN"),
    ];
    for (attempt, (mood, code)) in (2..).zip(moods) {
        stage.shop.is(mood);
        stage.later(TimeDelta::minutes(31));
        let run = stage
            .until(&library, |run| {
                run["state"] == "WAITING" && run["attempt"] == attempt
            })
            .await;
        assert_eq!(run["error"]["code"], code, "{run:#}");
    }
    stage.later(TimeDelta::minutes(31));
    let run = stage.until_state(&library, "FAILED").await;
    assert_eq!(run["attempt"], 8, "after the eighth try it gives up");
    assert_eq!(stage.shelf().await, before);

    stage.shop.is_itself();
    stage.retry(&library).await;
    let run = stage.settle(&library).await;
    assert_eq!(
        (&run["state"], &run["attempt"], &run["added"]),
        (&json!("SUCCEEDED"), &json!(1), &json!(0))
    );
}

#[tokio::test]
async fn a_spent_budget_waits_without_counting_as_a_try() {
    let (stage, library) = Stage::synced(many(1)).await;
    for _ in 0..120 {
        let started = stage.sync(&library, false).await;
        assert_eq!(started["problems"], json!([]));
        let run = stage
            .until(&library, |run| {
                matches!(run["state"].as_str(), Some("SUCCEEDED" | "WAITING"))
            })
            .await;
        if run["state"] == "WAITING" {
            assert_eq!(
                (&run["error"]["code"], &run["attempt"]),
                (&json!("PROVIDER_RATE_LIMITED"), &json!(0))
            );
            assert!(run["rateLimitedUntil"].is_string());
            let asked = stage.hub.test.http.asked().len();
            assert_eq!(asked, 100, "the limit is used up whole, and not passed");
            stage.later(TimeDelta::seconds(302));
            assert_eq!(stage.settle(&library).await["state"], "SUCCEEDED");
            return;
        }
    }
    panic!("the budget was never spent");
}

#[tokio::test]
async fn a_game_is_removed_only_when_two_whole_lists_in_a_row_lack_it() {
    let (stage, library) = Stage::synced(vec![
        owned(70, "Half-Life", 87),
        owned(220, "Half-Life 2", 0),
    ])
    .await;
    stage.shop.sells(vec![owned(70, "Half-Life", 87)]);
    assert_eq!(stage.sync_again(&library).await["removed"], 0);
    assert_eq!(stage.shelf().await.len(), 2, "once is not enough");

    // A failed run in between confirms nothing.
    stage.shop.is(|| answer(200, r#"{"response":{}}"#));
    stage.sync_again(&library).await;
    assert_eq!(stage.shelf().await.len(), 2);
    stage.shop.is_itself();

    assert_eq!(stage.sync_again(&library).await["removed"], 1);
    assert_eq!(stage.shelf().await, [("Half-Life".to_owned(), 87)]);
    assert_eq!(stage.count(&library).await, 1);

    stage.shop.sells(vec![
        owned(70, "Half-Life", 87),
        owned(220, "Half-Life 2", 0),
    ]);
    assert_eq!(stage.sync_again(&library).await["added"], 1);
    assert_eq!(
        stage.shelf().await.len(),
        2,
        "what comes back is there again"
    );
}

#[tokio::test]
async fn a_game_that_is_back_in_time_starts_over() {
    let (stage, library) = Stage::synced(vec![
        owned(70, "Half-Life", 87),
        owned(220, "Half-Life 2", 0),
    ])
    .await;
    for games in [
        vec![owned(70, "Half-Life", 87)],
        vec![owned(70, "Half-Life", 87), owned(220, "Half-Life 2", 0)],
        vec![owned(70, "Half-Life", 87)],
    ] {
        stage.shop.sells(games);
        stage.sync_again(&library).await;
    }
    assert_eq!(stage.shelf().await.len(), 2);
}

#[tokio::test]
async fn an_empty_list_never_empties_a_library() {
    let (stage, library) = Stage::synced(many(3)).await;
    stage
        .shop
        .is(|| answer(200, r#"{"response":{"game_count":0}}"#));
    for _ in 0..3 {
        let run = stage.sync_again(&library).await;
        assert_eq!(
            (&run["state"], &run["removed"]),
            (&json!("SUCCEEDED"), &json!(0))
        );
    }
    assert_eq!(stage.count(&library).await, 3);
}

#[tokio::test]
async fn an_empty_account_syncs_to_an_empty_library() {
    let mut stage = Stage::set().await;
    stage.work();
    let library = stage.link().await;
    let run = stage.until_state(&library, "SUCCEEDED").await;
    assert_eq!((&run["stage"], &run["total"]), (&json!("DONE"), &json!(0)));
}

#[tokio::test]
async fn a_library_is_synced_once_at_a_time_unless_forced() {
    let stage = Stage::set().await;
    let library = stage.link().await;
    assert_eq!(
        stage.sync(&library, false).await["problems"][0]["code"],
        "SYNC_RUNNING"
    );
    assert_eq!(
        stage.retry(&library).await["problems"][0]["code"],
        "SYNC_RUNNING"
    );
    let first = stage.run(&library).await;

    let second = stage.sync(&library, true).await["run"].take();
    assert_ne!(first["id"], second["id"]);
    let query = "query($id: ID!) { syncRun(id: $id) { state finishedAt } }";
    let old = stage
        .hub
        .data(&stage.me, query, json!({ "id": first["id"] }))
        .await;
    assert_eq!(old["syncRun"]["state"], "SUPERSEDED");
    let other = stage
        .hub
        .data(&player(2), query, json!({ "id": first["id"] }))
        .await;
    assert_eq!(other["syncRun"], Value::Null);

    let query = "query($id: ID!, $after: String) { library(id: $id) { syncs(first: 1, after: $after) { nodes { id } totalCount pageInfo { hasNextPage endCursor } } } }";
    let page = stage
        .hub
        .data(&stage.me, query, json!({ "id": library }))
        .await["library"]["syncs"]
        .take();
    assert_eq!(
        (&page["nodes"][0]["id"], &page["totalCount"]),
        (&second["id"], &json!(2))
    );
    let after = &page["pageInfo"]["endCursor"];
    let page = stage
        .hub
        .data(&stage.me, query, json!({ "id": library, "after": after }))
        .await["library"]["syncs"]
        .take();
    assert_eq!(
        (&page["nodes"][0]["id"], &page["pageInfo"]["hasNextPage"]),
        (&first["id"], &json!(false))
    );
}

#[tokio::test]
async fn a_hundred_runs_are_remembered_and_older_ones_forgotten() {
    let stage = Stage::set().await;
    let library = stage.link().await;
    for _ in 0..105 {
        stage.sync(&library, true).await;
    }
    let query =
        "query($id: ID!) { library(id: $id) { syncs(first: 100) { nodes { state } totalCount } } }";
    let syncs = stage
        .hub
        .data(&stage.me, query, json!({ "id": library }))
        .await["library"]["syncs"]
        .take();
    assert_eq!(syncs["totalCount"], 100);
    assert_eq!(
        (&syncs["nodes"][0]["state"], &syncs["nodes"][99]["state"]),
        (&json!("QUEUED"), &json!("SUPERSEDED"))
    );
}

#[tokio::test]
async fn the_last_syncs_of_many_libraries_cost_one_query() {
    let mut stage = Stage::set().await;
    stage.work();
    let library = stage.link().await;
    stage.until_state(&library, "SUCCEEDED").await;
    stage.sync(&library, false).await;
    let newest = stage.until_state(&library, "SUCCEEDED").await;
    let query = "{ libraries { nodes { id lastSync { id } gamesCount } } }";
    let one = queries(&stage, query).await;
    for n in 0..8 {
        let input = json!({ "input": { "platform": "manual", "label": format!("Shelf {n}") } });
        stage.hub.data(&stage.me, super::stage::LINK, input).await;
    }
    assert_eq!(queries(&stage, query).await, one);
    let seen = stage.hub.data(&stage.me, query, json!({})).await;
    assert_eq!(
        seen["libraries"]["nodes"][0]["lastSync"]["id"],
        newest["id"]
    );
}

async fn queries(stage: &Stage, query: &str) -> usize {
    // The worker looks for work with queries of its own; the least of some tries has none of them.
    let mut least = usize::MAX;
    for _ in 0..5 {
        stage.hub.test.database.take_query_count();
        stage.hub.data(&stage.me, query, json!({})).await;
        least = least.min(stage.hub.test.database.take_query_count());
    }
    least
}

#[tokio::test]
async fn progress_is_a_snapshot_then_every_change_and_ends_after_the_last() {
    let mut stage = Stage::set().await;
    stage.shop.sells(many(250));
    let library = stage.link().await;
    let query = "subscription($id: ID!) { syncProgress(libraryId: $id) { epoch rev final run { id state stage done total rev } } }";
    let mut stream = stage
        .hub
        .parts
        .subgraph
        .subscribe(call(&stage.me, query, json!({ "id": library })))
        .await
        .unwrap();
    let first = next(&mut stream).await;
    assert_eq!(
        (&first["run"]["state"], &first["final"]),
        (&json!("QUEUED"), &json!(false))
    );

    stage.work();
    let mut last = first.clone();
    let mut stages = Vec::new();
    while last["final"] == false {
        let step = tokio::select! {
            step = next(&mut stream) => step,
            () = tokio::time::sleep(Duration::from_millis(20)) => { stage.metadata().await; continue }
        };
        assert_eq!(step["epoch"], first["run"]["id"]);
        assert_eq!(step["rev"], step["run"]["rev"]);
        assert!(
            step["rev"].as_i64() > last["rev"].as_i64(),
            "revisions only grow"
        );
        stages.push(step["run"]["stage"].as_str().unwrap().to_owned());
        last = step;
    }
    assert_eq!(last["run"]["state"], "SUCCEEDED");
    stages.dedup();
    assert_eq!(stages.last().unwrap(), "DONE");
    assert!(
        stream.next().await.is_none(),
        "nothing comes after the final step"
    );

    // Who comes late gets the end as the snapshot.
    let mut stream = stage
        .hub
        .parts
        .subgraph
        .subscribe(call(&stage.me, query, json!({ "id": library })))
        .await
        .unwrap();
    assert_eq!(next(&mut stream).await["final"], true);
    assert!(stream.next().await.is_none());

    let mut stream = stage
        .hub
        .parts
        .subgraph
        .subscribe(call(&player(2), query, json!({ "id": library })))
        .await
        .unwrap();
    let refused = serde_json::to_value(stream.next().await.unwrap()).unwrap();
    assert_eq!(refused["errors"][0]["extensions"]["code"], "NOT_FOUND");
}

async fn next(stream: &mut (impl StreamExt<Item = async_graphql::Response> + Unpin)) -> Value {
    let response = tokio::time::timeout(Duration::from_secs(15), stream.next())
        .await
        .unwrap()
        .unwrap();
    let mut value = serde_json::to_value(response).unwrap();
    assert!(value.get("errors").is_none(), "{value:#}");
    value["data"]["syncProgress"].take()
}

#[tokio::test]
async fn an_event_that_is_delivered_twice_acts_once() {
    let (stage, _) = Stage::synced(many(1)).await;
    let ear = stage.hub.parts.consumer.as_ref().unwrap();
    let event = stage
        .hub
        .test
        .send(&**ear, &facts("Game 00001", true))
        .await;
    stage.hub.test.take_events().await;
    ear.handle(&event).await.unwrap();
    assert!(stage.hub.test.take_events().await.is_empty());
}
