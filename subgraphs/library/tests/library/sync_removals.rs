//! What a sync takes away, and what it never does.

use super::stage::{Stage, many, owned};
use djinn_testkit::http::json as answer;
use serde_json::json;

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
