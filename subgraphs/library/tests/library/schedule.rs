//! Syncs that start by themselves, and platforms that are left alone.

use super::stage::{Stage, many, owned};
use chrono::{DateTime, TimeDelta, Utc};
use djinn_kernel::{Clock, Esrb};
use djinn_library::{Config, SyncConfig};
use djinn_testkit::{
    http::{html, json as answer},
    viewers::{child, player},
};
use serde_json::{Value, json};

const NEXT: &str = "query($id: ID!) { library(id: $id) { nextSyncAt syncEveryHours connected } }";
const SET: &str = "mutation($input: ScheduleSyncInput!) { scheduleSync(input: $input) { library { nextSyncAt syncEveryHours } problems { code field } } }";

async fn next(stage: &Stage, library: &str) -> Option<DateTime<Utc>> {
    let seen = stage
        .hub
        .data(&stage.me, NEXT, json!({ "id": library }))
        .await;
    let at = seen["library"]["nextSyncAt"].as_str()?;
    Some(at.parse().unwrap())
}

async fn every(stage: &Stage, library: &str, hours: Option<i32>) -> Value {
    let input = json!({ "input": { "libraryId": library, "everyHours": hours } });
    stage.hub.data(&stage.me, SET, input).await["scheduleSync"].take()
}

/// How many lists were fetched.
fn lists(stage: &Stage) -> usize {
    let asked = stage.hub.test.http.asked();
    asked
        .iter()
        .filter(|url| url.contains("GetOwnedGames"))
        .count()
}

/// Waits until so many lists were fetched, and the run that did is over.
async fn listed(stage: &Stage, library: &str, count: usize) {
    stage.wake();
    stage
        .until(library, |run| {
            lists(stage) >= count && matches!(run["stage"].as_str(), Some("DONE" | "MATCHING"))
        })
        .await;
    stage.settle(library).await;
    assert_eq!(lists(stage), count);
}

#[tokio::test]
async fn a_library_is_synced_again_about_a_day_later_and_once() {
    let (stage, library) = Stage::synced(many(3)).await;
    let due = next(&stage, &library).await.unwrap();
    let hours = (due - stage.hub.test.clock.now()).num_minutes() as f64 / 60.0;
    assert!((21.6..=26.4).contains(&hours), "{hours} hours");

    stage.hub.test.clock.set(due - TimeDelta::seconds(1));
    stage.wake();
    let before = stage.run(&library).await;
    stage.shop.sells(vec![owned(70, "Half-Life", 87)]);
    stage.hub.test.clock.set(due);
    listed(&stage, &library, 2).await;
    let run = stage.run(&library).await;
    assert_ne!(run["id"], before["id"]);
    assert_eq!(run["added"], 1);
    assert!(next(&stage, &library).await.unwrap() > due + TimeDelta::hours(21));
}

#[tokio::test]
async fn two_workers_start_a_due_library_once() {
    let (stage, library) = Stage::synced(many(3)).await;
    let others = [stage.another_worker(), stage.another_worker()];
    for round in 2..6 {
        stage
            .hub
            .test
            .clock
            .set(next(&stage, &library).await.unwrap());
        listed(&stage, &library, round).await;
    }
    let query = "query($id: ID!) { library(id: $id) { syncs { totalCount } } }";
    let seen = stage
        .hub
        .data(&stage.me, query, json!({ "id": library }))
        .await;
    assert_eq!(seen["library"]["syncs"]["totalCount"], 5);
    others.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test]
async fn a_household_chooses_the_interval_or_never() {
    let (stage, library) = Stage::synced(many(1)).await;
    let now = stage.hub.test.clock.now();
    let set = every(&stage, &library, Some(2)).await;
    assert_eq!(
        (&set["problems"], &set["library"]["syncEveryHours"]),
        (&json!([]), &json!(2))
    );
    assert!(next(&stage, &library).await.unwrap() <= now + TimeDelta::minutes(132));

    let off = every(&stage, &library, Some(0)).await;
    assert_eq!(
        off["library"],
        json!({ "nextSyncAt": null, "syncEveryHours": 0 })
    );
    stage.later(TimeDelta::days(40));
    stage.sync_again(&library).await;
    assert_eq!((next(&stage, &library).await, lists(&stage)), (None, 2));

    let back = every(&stage, &library, None).await;
    assert_eq!(back["library"]["syncEveryHours"], 24);
    for wrong in [-1, 721, i32::MAX] {
        let refused = every(&stage, &library, Some(wrong)).await;
        assert_eq!(refused["library"], Value::Null);
        assert_eq!(
            refused["problems"],
            json!([{ "code": "INVALID_INPUT", "field": "input.everyHours" }])
        );
    }
}

#[tokio::test]
async fn only_those_who_may_run_syncs_set_intervals_and_only_of_their_own_libraries() {
    let (stage, library) = Stage::synced(many(1)).await;
    let input = json!({ "input": { "libraryId": library, "everyHours": 5 } });
    let other = stage.hub.data(&player(2), SET, input.clone()).await;
    assert_eq!(
        other["scheduleSync"]["problems"],
        json!([{ "code": "NOT_FOUND", "field": "input.libraryId" }])
    );
    let refused = stage
        .hub
        .refusal(&child(9, 1, Esrb::Teen), SET, input)
        .await;
    assert_eq!(refused.0, "FORBIDDEN");

    let shelf = json!({ "input": { "platform": "manual", "label": "Shelf" } });
    let shelf = stage.hub.data(&stage.me, super::stage::LINK, shelf).await;
    let shelf = shelf["linkLibrary"]["library"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let refused = every(&stage, &shelf, Some(5)).await;
    assert_eq!(refused["problems"][0]["code"], "INVALID_INPUT");
    let seen = stage
        .hub
        .data(&stage.me, NEXT, json!({ "id": shelf }))
        .await;
    assert_eq!(
        seen["library"],
        json!({ "nextSyncAt": null, "syncEveryHours": null, "connected": true })
    );
}

#[tokio::test]
async fn a_hub_can_leave_it_to_people() {
    let sync = SyncConfig {
        every_hours: 0,
        ..SyncConfig::default()
    };
    let mut stage = Stage::set_with(Config {
        sync,
        ..Config::default()
    })
    .await;
    stage.shop.sells(many(1));
    stage.work();
    let library = stage.link().await;
    stage.settle(&library).await;
    assert_eq!(next(&stage, &library).await, None);
}

#[tokio::test]
async fn a_library_that_keeps_failing_is_tried_ever_more_seldom_and_heals() {
    let (stage, library) = Stage::synced(many(3)).await;
    stage.shop.is(|| answer(200, r#"{"response":{}}"#));
    let mut last = TimeDelta::zero();
    for failures in 1..=4 {
        let due = next(&stage, &library).await.unwrap();
        // The run before has failed as well.
        let before = stage.run(&library).await["id"].clone();
        stage.hub.test.clock.set(due);
        stage.wake();
        stage
            .until(&library, |run| {
                run["state"] == "FAILED" && run["id"] != before
            })
            .await;
        assert_eq!(lists(&stage), failures + 1);
        let wait = next(&stage, &library).await.unwrap() - due;
        assert!(wait > last || failures == 4, "{wait} after {last}");
        last = wait;
    }
    assert!(
        (TimeDelta::hours(151)..=TimeDelta::hours(185)).contains(&last),
        "{last}"
    );
    stage.shop.is_itself();
    stage
        .hub
        .test
        .clock
        .set(next(&stage, &library).await.unwrap());
    listed(&stage, &library, 6).await;
    let wait = next(&stage, &library).await.unwrap() - stage.hub.test.clock.now();
    assert!(
        wait < TimeDelta::hours(27),
        "one that works counts as one that never failed"
    );
}

#[tokio::test]
async fn refused_credentials_wait_for_a_person() {
    let (stage, library) = Stage::synced(many(3)).await;
    stage
        .shop
        .is(|| html(401, "<html><h1>Unauthorized</h1></html>"));
    stage.sync_again(&library).await;
    assert_eq!(next(&stage, &library).await, None);
    every(&stage, &library, Some(1)).await;
    assert_eq!(next(&stage, &library).await, None);
    stage.later(TimeDelta::days(30));
    stage.shop.is_itself();
    // The person brings a new key.
    stage.link().await;
    listed(&stage, &library, 3).await;
    assert!(next(&stage, &library).await.is_some());
}

#[tokio::test]
async fn an_unlinked_library_is_not_due_any_more() {
    let (stage, library) = Stage::synced(many(3)).await;
    let query = "mutation($id: ID!) { unlinkLibrary(id: $id) { ok } }";
    stage
        .hub
        .data(&stage.me, query, json!({ "id": library }))
        .await;
    let left = djinn_library::sync::schedule::store::due(
        stage.hub.test.ports.db.read(),
        stage.hub.test.clock.now() + TimeDelta::days(99),
    );
    assert_eq!(left.await.unwrap(), []);
}

#[tokio::test]
async fn a_platform_that_does_not_answer_is_left_alone_by_everybody_until_one_try_succeeds() {
    let (mut stage, library) = Stage::synced(many(3)).await;
    let before = stage.shelf().await;
    stage.shop.is(|| html(503, "<html>Tuesday</html>"));
    stage.sync(&library, false).await;
    // Five failures in a row open the breaker; each wait is at most half an hour.
    for attempt in 1..=5 {
        stage
            .until(&library, |run| {
                run["state"] == "WAITING" && run["attempt"] == attempt
            })
            .await;
        if attempt < 5 {
            stage.later(TimeDelta::minutes(31));
        }
    }
    let asked = lists(&stage);
    // A restart does not forget it, and impatience does not pass it.
    stage.kill().await;
    stage.work();
    stage.retry(&library).await;
    let waits = stage
        .until(&library, |run| {
            run["state"] == "WAITING" && run["attempt"] == 0
        })
        .await;
    assert_eq!(waits["error"]["code"], "PROVIDER_DOWN");
    assert_eq!(lists(&stage), asked, "nobody asked");

    stage.shop.is_itself();
    stage.later(TimeDelta::minutes(2));
    assert_eq!(stage.settle(&library).await["state"], "SUCCEEDED");
    assert_eq!(lists(&stage), asked + 1);
    assert_eq!(stage.shelf().await, before);
    // It is as if nothing had been.
    stage.sync_again(&library).await;
    assert_eq!(lists(&stage), asked + 2);
}
