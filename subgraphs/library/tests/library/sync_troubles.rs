//! Syncs of a platform that is busy, private, broken or silent.

use super::stage::{Stage, many};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use djinn_kernel::Clock;
use djinn_subgraph_kit::http::{Answer, NoAnswer};
use djinn_testkit::{
    http::{html, json as answer, too_many},
    viewers::player,
};
use serde_json::{Value, json};
use std::time::Duration;

type Mood = fn() -> Result<Answer, NoAnswer>;

/// An instant of the graph's, as it stands in a sentence.
fn in_a_sentence(at: &Value) -> String {
    let at: DateTime<Utc> = at.as_str().unwrap().parse().unwrap();
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
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
    let until: DateTime<Utc> = run["rateLimitedUntil"].as_str().unwrap().parse().unwrap();
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
    let waiting = stage.until_state(&library, "WAITING").await;
    let asked = waiting["rateLimitedUntil"].clone();
    stage.shop.is_itself();

    let retry = "mutation($id: ID!) { retrySync(libraryId: $id) { problems { code message reason values } } }";
    let refused = stage
        .hub
        .data(&player(1), retry, json!({ "id": library }))
        .await;
    let until = in_a_sentence(&asked);
    assert_eq!(
        refused["retrySync"]["problems"],
        json!([{
            "code": "PROVIDER_RATE_LIMITED",
            "message": format!("the platform asks us to wait until {until}; the sync goes on by itself then"),
            "reason": "sync.waits",
            "values": [until],
        }])
    );
    stage.sync(&library, true).await;
    let anew = stage.run(&library).await;
    assert_eq!(
        (&anew["state"], &anew["rateLimitedUntil"]),
        (&json!("WAITING"), &asked)
    );
    // And it says why, as the run before did.
    assert_eq!(anew["error"]["code"], "PROVIDER_RATE_LIMITED");
    assert_eq!(
        (&anew["error"], &anew["message"]),
        (&waiting["error"], &waiting["message"])
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
async fn which_part_of_an_answer_is_wrong_is_said_and_nothing_of_the_answer() {
    let (stage, library) = Stage::synced(many(3)).await;
    stage.shop.is(|| {
        answer(
            200,
            r#"{"response":{"game_count":3,"games":[{"appid":10,"name":"Nobody's business"}]}}"#,
        )
    });
    stage.sync(&library, false).await;
    for attempt in 1..8 {
        stage
            .until(&library, |run| {
                run["state"] == "WAITING" && run["attempt"] == attempt
            })
            .await;
        stage.later(TimeDelta::minutes(31));
    }
    let run = stage.until_state(&library, "FAILED").await;
    assert_eq!(
        run["error"],
        json!({
            "code": "PROVIDER_MALFORMED",
            "message": "Steam's answer cannot be read: it lists fewer games than it counts. Nothing was changed.",
            "reason": "answer.part",
            "values": ["Steam", "it lists fewer games than it counts"],
        })
    );
    let query = "query($id: ID!) { library(id: $id) { lastError { code message reason values } } }";
    let seen = stage
        .hub
        .data(&stage.me, query, json!({ "id": library }))
        .await;
    assert_eq!(seen["library"]["lastError"], run["error"]);
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
            let until = in_a_sentence(&run["rateLimitedUntil"]);
            assert_eq!(
                run["error"],
                json!({
                    "code": "PROVIDER_RATE_LIMITED",
                    "message": format!("Steam may not be asked again before {until}."),
                    "reason": "platform.again",
                    "values": [until, "Steam"],
                })
            );
            let anew = stage.sync(&library, true).await;
            assert_eq!(anew["run"]["error"], run["error"], "as does one by force");
            let asked = stage.hub.test.http.asked().len();
            assert_eq!(asked, 100, "the limit is used up whole, and not passed");
            stage.later(TimeDelta::seconds(302));
            assert_eq!(stage.settle(&library).await["state"], "SUCCEEDED");
            return;
        }
    }
    panic!("the budget was never spent");
}
