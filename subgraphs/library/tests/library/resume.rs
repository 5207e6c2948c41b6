//! Syncs whose worker dies, stops, or is not alone.

use super::stage::{Stage, many};
use chrono::TimeDelta;
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn a_sync_that_was_killed_goes_on_where_it_stood() {
    let (undisturbed, _) = Stage::synced(many(2500)).await;

    let mut stage = Stage::set().await;
    stage.shop.sells(many(2500));
    stage.work();
    let library = stage.link().await;
    stage
        .until(&library, |run| run["done"].as_i64() >= Some(100))
        .await;
    stage.kill().await;
    let stood = stage.run(&library).await;
    assert_eq!(stood["state"], "RUNNING");
    assert_eq!(
        stood["stage"], "LISTING",
        "the test was too slow to kill it in time: {stood:#}"
    );

    // Another process takes it over once its lease has run out, without asking Steam again.
    stage.work();
    stage.later(TimeDelta::seconds(46));
    let run = stage.settle(&library).await;
    assert_eq!(
        (&run["state"], &run["added"], &run["attempt"]),
        (&json!("SUCCEEDED"), &json!(2500), &json!(1))
    );
    assert_eq!(stage.shelf().await, undisturbed.shelf().await);
    assert_eq!(
        stage
            .hub
            .test
            .http
            .asked()
            .iter()
            .filter(|url| url.contains("GetOwnedGames"))
            .count(),
        1
    );
}

#[tokio::test]
async fn a_sync_that_is_killed_again_and_again_ends_the_same() {
    let (undisturbed, _) = Stage::synced(many(700)).await;
    let mut stage = Stage::set().await;
    stage.shop.sells(many(700));
    let library = stage.link().await;
    for n in 0..25_u64 {
        stage.work();
        stage.wake();
        tokio::time::sleep(Duration::from_millis(5 + n * 3 % 17)).await;
        if n % 3 == 0 {
            stage.metadata().await;
        }
        stage.kill().await;
        stage.later(TimeDelta::seconds(46));
    }
    stage.work();
    let run = stage.settle(&library).await;
    assert_eq!(
        (
            &run["state"],
            &run["added"],
            &run["updated"],
            &run["removed"]
        ),
        (&json!("SUCCEEDED"), &json!(700), &json!(0), &json!(0))
    );
    assert_eq!(stage.shelf().await, undisturbed.shelf().await);
}

#[tokio::test]
async fn two_workers_share_a_run_without_doing_it_twice() {
    let mut stage = Stage::set().await;
    stage.shop.sells(many(500));
    stage.work();
    let first = stage.another_worker();
    let library = stage.link().await;
    let run = stage.settle(&library).await;
    assert_eq!(
        (&run["state"], &run["added"]),
        (&json!("SUCCEEDED"), &json!(500))
    );
    assert_eq!(stage.shelf().await.len(), 500);
    assert_eq!(
        stage
            .hub
            .test
            .http
            .asked()
            .iter()
            .filter(|url| url.contains("GetOwnedGames"))
            .count(),
        1
    );
    first.abort();
}

#[tokio::test]
async fn a_worker_that_is_told_to_stop_leaves_its_runs_to_the_next_at_once() {
    let mut stage = Stage::set().await;
    stage.shop.sells(many(2500));
    stage.work();
    let library = stage.link().await;
    stage
        .until(&library, |run| run["done"].as_i64() >= Some(100))
        .await;
    stage.stop().await;
    stage.work();
    assert_eq!(stage.settle(&library).await["added"], 2500);
}
