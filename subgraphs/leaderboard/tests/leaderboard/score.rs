//! Submitting scores.

use super::Hub;
use chrono::TimeDelta;
use djinn_kernel::{Esrb, Scope, Viewer};
use djinn_testkit::viewers::{child, key, player, player_id};
use futures_util::future::join_all;
use serde_json::json;

#[tokio::test]
async fn best_keeps_the_better_score_whichever_way_the_board_runs() {
    let hub = Hub::start().await;
    for (order, better, worse) in [
        ("HIGHER_IS_BETTER", 20.0, 5.0),
        ("LOWER_IS_BETTER", 5.0, 20.0),
    ] {
        let board = hub.board("BEST", order).await;
        let first = hub.submit(&player(1), &board, 10.0, "a").await;
        assert_eq!(
            (&first["improved"], &first["previous"]),
            (&json!(true), &json!(null))
        );
        let lost = hub.submit(&player(1), &board, worse, "b").await;
        assert_eq!(
            (&lost["improved"], &lost["rank"]["score"]),
            (&json!(false), &json!(10.0))
        );
        let won = hub.submit(&player(1), &board, better, "c").await;
        assert_eq!(
            (&won["improved"], &won["previous"], &won["rank"]["score"]),
            (&json!(true), &json!(10.0), &json!(better))
        );
    }
}

#[tokio::test]
async fn set_replaces_and_increment_adds() {
    let hub = Hub::start().await;
    let set = hub.board("SET", "HIGHER_IS_BETTER").await;
    hub.submit(&player(1), &set, 10.0, "a").await;
    let worse = hub.submit(&player(1), &set, 4.0, "b").await;
    assert_eq!(
        (&worse["improved"], &worse["rank"]["score"]),
        (&json!(false), &json!(4.0))
    );
    let sum = hub.board("INCREMENT", "HIGHER_IS_BETTER").await;
    hub.submit(&player(1), &sum, 10.0, "a").await;
    let more = hub.submit(&player(1), &sum, 4.5, "b").await;
    assert_eq!(
        (&more["previous"], &more["rank"]["score"]),
        (&json!(10.0), &json!(14.5))
    );
}

#[tokio::test]
async fn a_repeated_key_applies_nothing_and_answers_what_the_first_did() {
    let hub = Hub::start().await;
    let board = hub.board("INCREMENT", "HIGHER_IS_BETTER").await;
    hub.submit(&player(1), &board, 1.0, "a").await;
    let first = hub.submit(&player(1), &board, 2.0, "b").await;
    let mut again = hub.submit(&player(1), &board, 99.0, "b").await;
    assert_eq!(again["duplicate"], true);
    again["duplicate"] = json!(false);
    assert_eq!(again, first);
    // The key is the player's own, and the board's own.
    assert_eq!(
        hub.submit(&player(2), &board, 2.0, "b").await["duplicate"],
        false
    );
    let other = hub.board("INCREMENT", "HIGHER_IS_BETTER").await;
    assert_eq!(
        hub.submit(&player(1), &other, 2.0, "b").await["duplicate"],
        false
    );
}

#[tokio::test]
async fn of_equal_scores_the_one_achieved_first_ranks_first_and_keeps_its_time() {
    let hub = Hub::start().await;
    let board = hub.board("BEST", "HIGHER_IS_BETTER").await;
    let early = hub.submit(&player(2), &board, 10.0, "a").await;
    hub.ports.clock.advance(TimeDelta::milliseconds(1));
    assert_eq!(
        hub.submit(&player(1), &board, 10.0, "a").await["rank"]["rank"],
        2
    );
    hub.ports.clock.advance(TimeDelta::seconds(1));
    let equalled = hub.submit(&player(2), &board, 10.0, "b").await;
    assert_eq!(equalled["improved"], false);
    assert_eq!(equalled["rank"], early["rank"]);
}

#[tokio::test]
async fn scores_keys_and_boards_that_cannot_be_are_problems() {
    let hub = Hub::start().await;
    let board = hub.board("INCREMENT", "HIGHER_IS_BETTER").await;
    let limit = 9_007_199_254_740_992.0;
    for (score, board, key, field, code) in [
        (
            limit + 2.0,
            board.as_str(),
            "a",
            "input.score",
            "INVALID_INPUT",
        ),
        (-1e300, &board, "a", "input.score", "INVALID_INPUT"),
        (1.0, &board, "", "input.key", "INVALID_INPUT"),
        (1.0, &board, &"k".repeat(65), "input.key", "INVALID_INPUT"),
        (1.0, "sprint", "a", "input.boardId", "INVALID_ID"),
        (
            1.0,
            "01890000-0000-7000-8000-00000000ffff",
            "a",
            "input.boardId",
            "NOT_FOUND",
        ),
    ] {
        let answer = hub.submit(&player(1), board, score, key).await;
        assert_eq!(answer["problems"][0]["field"], field, "{answer}");
        assert_eq!(answer["problems"][0]["code"], code);
        assert!(answer["rank"].is_null());
    }
    let named = hub.submit(&player(1), &board, limit * 2.0, "a").await;
    assert!(
        named["problems"][0]["message"]
            .as_str()
            .unwrap()
            .contains("9007199254740992")
    );
}

#[tokio::test]
async fn a_sum_past_the_limit_is_refused_and_leaves_score_and_key_as_they_were() {
    let hub = Hub::start().await;
    let board = hub.board("INCREMENT", "HIGHER_IS_BETTER").await;
    let limit = 9_007_199_254_740_992.0;
    hub.submit(&player(1), &board, limit, "a").await;
    let refused = hub.submit(&player(1), &board, 2.0, "b").await;
    assert_eq!(refused["problems"][0]["code"], "LIMIT_EXCEEDED");
    let fits = hub.submit(&player(1), &board, -2.0, "b").await;
    assert_eq!(
        (&fits["duplicate"], &fits["rank"]["score"]),
        (&json!(false), &json!(limit - 2.0))
    );
}

#[tokio::test]
async fn a_child_may_play_and_a_reading_key_may_not() {
    let hub = Hub::start().await;
    let board = hub.board("BEST", "HIGHER_IS_BETTER").await;
    assert_eq!(
        hub.submit(&child(9, 1, Esrb::Everyone), &board, 3.0, "a")
            .await["rank"]["rank"],
        1
    );
    let query = "mutation($b: ID!) { submitScore(input: { boardId: $b, score: 1, key: \"a\" }) { duplicate } }";
    assert_eq!(
        hub.refused(&key(1, &[Scope::ReadPlay]), query, json!({ "b": board }))
            .await,
        "FORBIDDEN"
    );
    assert_eq!(
        hub.refused(&Viewer::Anonymous, query, json!({ "b": board }))
            .await,
        "UNAUTHENTICATED"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_increments_at_once_sum_exactly_and_each_counts_once() {
    let hub = Hub::start().await;
    let board = hub.board("INCREMENT", "HIGHER_IS_BETTER").await;
    let me = player(1);
    // Every key is sent twice at once, as an impatient client would.
    let keys: Vec<String> = (0..50).map(|n| format!("k{n}")).collect();
    let answers = join_all(
        keys.iter()
            .chain(&keys)
            .map(|key| hub.submit(&me, &board, 3.0, key)),
    )
    .await;
    assert_eq!(
        answers
            .iter()
            .filter(|answer| answer["duplicate"] == true)
            .count(),
        50
    );
    assert!(answers.iter().all(|answer| answer["problems"] == json!([])));
    assert_eq!(
        hub.top(&board).await,
        [(1, player_id(1).to_string(), 150.0)]
    );
}
