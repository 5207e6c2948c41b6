//! Feature flags.

use super::{asked, asked_as, problem, wrong};
use crate::story::Story;
use djinn_testkit::viewers::{player, player_id};
use serde_json::{Value, json};

const SAVE: &str = "mutation($input: FeatureFlagInput!) { saveFeatureFlag(input: $input) {
    flag { key description enabled percentage players { totalCount } updatedAt } problems { code field message } } }";
const FOR: &str =
    "mutation($input: FeatureFlagForPlayerInput!) { setFeatureFlagForPlayer(input: $input) {
    flag { players { totalCount nodes { playerId enabled } } } problems { code field } } }";

async fn save(story: &Story, input: Value) -> Value {
    asked(story, SAVE, json!({ "input": input })).await["saveFeatureFlag"].clone()
}

async fn is_on(story: &Story, n: u128, key: &str) -> bool {
    let flags = asked_as(
        story,
        &player(n),
        "{ featureFlags { key enabled } }",
        json!({}),
    )
    .await;
    let all = flags["featureFlags"].as_array().unwrap().clone();
    let found = all.iter().find(|flag| flag["key"] == key).unwrap();
    found["enabled"].as_bool().unwrap()
}

#[tokio::test]
async fn a_flag_is_off_until_it_is_switched_on_and_stays_with_who_has_it() {
    let story = Story::new().await;
    let made = save(
        &story,
        json!({ "key": "quests", "description": " Quests " }),
    )
    .await;
    assert_eq!(
        made,
        json!({ "flag": { "key": "quests", "description": "Quests", "enabled": false, "percentage": 100,
            "players": { "totalCount": 0 }, "updatedAt": "2026-01-02T03:04:05+00:00" }, "problems": [] })
    );
    assert!(!is_on(&story, 1, "quests").await);
    save(
        &story,
        json!({ "key": "quests", "enabled": true, "percentage": 30 }),
    )
    .await;
    let mut had = Vec::new();
    for n in 1..=60 {
        if is_on(&story, n, "quests").await {
            had.push(n);
        }
    }
    assert!((6..=32).contains(&had.len()), "{had:?}");
    save(&story, json!({ "key": "quests", "percentage": 60 })).await;
    for n in had {
        assert!(is_on(&story, n, "quests").await, "{n}");
    }
    let kept = save(&story, json!({ "key": "quests", "percentage": 0 })).await;
    assert_eq!(kept["flag"]["description"], "Quests");
    assert!(!is_on(&story, 1, "quests").await);
}

#[tokio::test]
async fn a_player_has_a_flag_of_their_own_until_it_is_taken_back() {
    let story = Story::new().await;
    save(&story, json!({ "key": "chat" })).await;
    let set = async |enabled: Value| {
        let id = player_id(4).to_string();
        let input = json!({ "key": "chat", "playerId": id, "enabled": enabled });
        asked(&story, FOR, json!({ "input": input })).await["setFeatureFlagForPlayer"].clone()
    };
    let answer = set(json!(true)).await;
    assert_eq!(answer["flag"]["players"]["totalCount"], 1);
    assert!(is_on(&story, 4, "chat").await && !is_on(&story, 5, "chat").await);
    save(&story, json!({ "key": "chat", "enabled": true })).await;
    set(json!(false)).await;
    assert!(!is_on(&story, 4, "chat").await && is_on(&story, 5, "chat").await);
    let answer = set(json!(null)).await;
    assert_eq!(answer["flag"]["players"]["nodes"], json!([]));
    assert!(is_on(&story, 4, "chat").await);
}

#[tokio::test]
async fn a_flag_that_cannot_be_is_refused_with_its_place() {
    let story = Story::new().await;
    for (input, code, field) in [
        (json!({ "key": "" }), "INVALID_INPUT", "input.key"),
        (json!({ "key": "Quests" }), "INVALID_INPUT", "input.key"),
        (
            json!({ "key": "a".repeat(65) }),
            "INVALID_INPUT",
            "input.key",
        ),
        (
            json!({ "key": "a", "percentage": 101 }),
            "INVALID_INPUT",
            "input.percentage",
        ),
        (
            json!({ "key": "a", "percentage": -1 }),
            "INVALID_INPUT",
            "input.percentage",
        ),
        (
            json!({ "key": "a", "description": "x".repeat(501) }),
            "INVALID_INPUT",
            "input.description",
        ),
        (
            json!({ "key": "a", "description": "a\u{7}" }),
            "INVALID_INPUT",
            "input.description",
        ),
    ] {
        assert_eq!(problem(&save(&story, input).await), wrong(code, field));
    }
    for (input, code, field) in [
        (
            json!({ "key": "none", "playerId": player_id(1).to_string() }),
            "NOT_FOUND",
            "input.key",
        ),
        (
            json!({ "key": "none", "playerId": "me" }),
            "INVALID_ID",
            "input.playerId",
        ),
    ] {
        let answer = asked(&story, FOR, json!({ "input": input })).await;
        assert_eq!(
            problem(&answer["setFeatureFlagForPlayer"]),
            wrong(code, field)
        );
    }
    let gone = "mutation { deleteFeatureFlag(key: \"none\") { ok problems { code field } } }";
    let answer = asked(&story, gone, json!({})).await;
    assert_eq!(
        problem(&answer["deleteFeatureFlag"]),
        wrong("NOT_FOUND", "key")
    );
}

#[tokio::test]
async fn flags_are_listed_page_by_page() {
    let story = Story::new().await;
    for n in 0..5 {
        save(&story, json!({ "key": format!("flag-{n}") })).await;
    }
    let list = "query($after: String) { featureFlagRules(first: 2, after: $after) { totalCount nodes { key } pageInfo { hasNextPage endCursor } } }";
    let (mut after, mut seen) = (Value::Null, Vec::new());
    loop {
        let page = asked(&story, list, json!({ "after": after })).await["featureFlagRules"].clone();
        assert_eq!(page["totalCount"], 5);
        for flag in page["nodes"].as_array().unwrap() {
            seen.push(flag["key"].as_str().unwrap().to_owned());
        }
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(seen, ["flag-0", "flag-1", "flag-2", "flag-3", "flag-4"]);
}
