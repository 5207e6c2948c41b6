//! Syncs, from the first request to the last game.

use super::stage::{Stage, facts, many, owned};
use chrono::TimeDelta;
use djinn_kernel::{
    Clock, Esrb,
    event::{CopiesFound, CopiesMatched, EnrichmentPaused},
};
use djinn_library::{Config, SyncConfig};
use djinn_testkit::viewers::{call, child, player};
use futures_util::StreamExt;
use serde_json::{Value, json};
use std::time::Duration;

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
    assert!(
        half["message"].is_string() && half["rateLimitedUntil"].is_string(),
        "{half}"
    );
    let query = "query($id: ID!) { library(id: $id) { lastSync { done total currentTitle message rateLimitedUntil } } }";
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
        json!({ "done": 0, "total": null, "currentTitle": null, "message": null, "rateLimitedUntil": null }),
        "neither a title nor a count nor a wait may tell of what is above the ceiling"
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
async fn a_thousand_games_can_be_browsed_after_a_handful_of_requests() {
    let mut stage = Stage::set_with(Config {
        sync: SyncConfig {
            achievements: false,
            ..SyncConfig::default()
        },
        ..Config::default()
    })
    .await;
    stage.shop.sells(many(1000));
    stage.work();
    let library = stage.link().await;
    stage.settled(&library).await;
    assert_eq!(stage.shelf().await.len(), 1000);
    let asked = stage.hub.test.http.asked();
    assert!(asked.len() <= 4, "{asked:?}");
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
    // The worker looks for work with queries of its own.
    stage.stop().await;
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
    // What is loaded together may come in two batches where the machine is busy: the least of some
    // tries is what it takes.
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
