//! Steam beyond the first list: the family's games, wishes, what was played lately, and one key
//! for many accounts.

use super::super::stage::{Stage, whole_lists_only};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use djinn_library::{
    Config, Library, SteamConfig,
    account::{Accounts, entity::account},
    platform::Registry,
};
use djinn_testkit::{
    steam::{ACCOUNT, KEY, Mood, OTHER_KEY, PRIVATE, Steam, routes},
    viewers::player,
};
use sea_orm::EntityTrait;
use serde_json::json;
use std::sync::Arc;

pub fn token(account: &str) -> String {
    let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let claims =
        json!({ "iss": "steam", "sub": account, "aud": ["web:store"], "exp": 1_767_400_000 });
    format!(
        "{}.{}.c2ln",
        part(json!({ "typ": "JWT", "alg": "EdDSA" })),
        part(claims)
    )
}

pub fn config(key: bool) -> Config {
    Config {
        steam: SteamConfig {
            api_base: "https://steam.test".to_owned(),
            api_key: key.then(|| KEY.to_owned()),
        },
        sync: whole_lists_only(),
        ..Config::default()
    }
}

async fn stage() -> (Stage, Arc<Steam>) {
    let steam = Steam::with_titles(6);
    steam.owns_only(3);
    steam.trusts(&token(ACCOUNT));
    let stage = Stage::of(config(false), routes(Arc::clone(&steam))).await;
    (stage, steam)
}

pub fn fields<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![("apiKey", KEY), ("account", ACCOUNT)];
    fields.extend(more);
    fields
}

#[tokio::test]
async fn the_familys_games_and_wishes_are_listed_for_who_asks_for_them() {
    let (mut stage, steam) = stage().await;
    // The family has the third, which is owned too, and two more; the last is wished for.
    steam.family_lends(&[2, 3, 4]);
    steam.wishes_for(&[4, 5]);
    stage.work();
    let page = json!({ "success": 1, "data": { "webapi_token": token(ACCOUNT) } }).to_string();
    let library = stage
        .linked(
            "steam",
            &fields(&[("accessToken", &page), ("wishlist", "Yes")]),
        )
        .await;
    assert_eq!(stage.settle(&library).await["state"], "SUCCEEDED");
    let copies = stage.copies().await;
    let mut held: Vec<(&str, &str)> = copies.iter().map(|copy| (&*copy.1, &*copy.2)).collect();
    held.sort_unstable();
    assert_eq!(
        held,
        [
            ("1000", "OWNED"),
            ("1010", "OWNED"),
            ("1020", "OWNED"),
            ("1030", "FAMILY_SHARED"),
            ("1040", "FAMILY_SHARED"),
            ("1050", "WISHLIST"),
        ]
    );
    let lent = copies.iter().find(|copy| copy.1 == "1030").unwrap();
    assert_eq!(lent.3, 33, "minutes come with a list of their own");
    assert!(
        copies.iter().all(|copy| !copy.0.starts_with("Steam ")),
        "wishes have names: {copies:?}"
    );
    let again = stage.sync_again(&library).await;
    assert_eq!((&again["added"], &again["updated"]), (&json!(0), &json!(0)));
}

#[tokio::test]
async fn when_the_token_is_past_its_day_what_was_lent_is_kept() {
    let (mut stage, steam) = stage().await;
    steam.family_lends(&[3, 4]);
    stage.work();
    let library = stage
        .linked("steam", &fields(&[("accessToken", &token(ACCOUNT))]))
        .await;
    stage.settle(&library).await;
    let before = stage.copies().await;
    assert_eq!(before.len(), 5);
    steam.trusts("nobody");
    for _ in 0..3 {
        let run = stage.sync_again(&library).await;
        assert_eq!(
            (&run["state"], &run["removed"]),
            (&json!("SUCCEEDED"), &json!(0))
        );
    }
    assert_eq!(stage.copies().await, before);
    // With a good one, leaving the family is seen.
    steam.trusts(&token(ACCOUNT));
    steam.family_lends(&[]);
    stage.sync_again(&library).await;
    assert_eq!(stage.sync_again(&library).await["removed"], 2);
}

#[tokio::test]
async fn wishes_that_steam_hides_are_kept_and_fulfilled_ones_are_owned() {
    let (mut stage, steam) = stage().await;
    steam.wishes_for(&[4, 5]);
    stage.work();
    let library = stage.linked("steam", &fields(&[("wishlist", "yes")])).await;
    stage.settle(&library).await;
    assert_eq!(stage.copies().await.len(), 5);
    steam.wishes_for(&[]);
    for _ in 0..2 {
        assert_eq!(stage.sync_again(&library).await["removed"], 0);
    }
    steam.wishes_for(&[5]);
    steam.owns_only(5);
    stage.sync_again(&library).await;
    let holdings = stage.copies().await;
    assert!(
        holdings
            .iter()
            .any(|copy| copy.1 == "1040" && copy.2 == "OWNED")
    );
    assert!(
        holdings
            .iter()
            .any(|copy| copy.1 == "1050" && copy.2 == "WISHLIST")
    );
}

#[tokio::test]
async fn mistakes_in_the_form_name_their_field() {
    let (stage, _) = stage().await;
    let others = token(PRIVATE);
    let mine = format!("{}x", token(ACCOUNT));
    for (more, code, field) in [
        (("accessToken", "abc"), "INVALID_INPUT", "accessToken"),
        (("accessToken", &*others), "INVALID_INPUT", "accessToken"),
        (
            ("accessToken", &*mine),
            "CREDENTIALS_REJECTED",
            "accessToken",
        ),
        (("wishlist", "perhaps"), "INVALID_INPUT", "wishlist"),
    ] {
        let refused = stage.refused("steam", &fields(&[more])).await;
        assert_eq!(
            (&*refused.0, refused.1),
            (code, format!("input.fields.{field}"))
        );
    }
}

#[tokio::test]
async fn what_was_played_lately_comes_in_one_request() {
    let (stage, steam) = stage().await;
    stage.linked("steam", &fields(&[])).await;
    let ports = &stage.hub.test.ports;
    let registry = Registry::new(ports, &stage.config);
    let accounts = Accounts::new(ports.clone(), registry.clone(), stage.config.limits);
    let row = account::Entity::find()
        .one(ports.db.read())
        .await
        .unwrap()
        .unwrap();
    let access = accounts.access(&row).await.unwrap();
    steam.plays(1, 90);
    steam.plays(2, 30);
    let asked = steam.asked().len();
    let recent = registry
        .adapter("steam")
        .unwrap()
        .recent(&access)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(steam.asked().len(), asked + 1);
    let ids: Vec<&str> = recent.iter().map(|game| &*game.store_id).collect();
    assert_eq!(ids, ["1010", "1020"]);
    assert!(
        registry
            .adapter("epic")
            .unwrap()
            .recent(&access)
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn what_steam_asked_of_one_account_holds_for_all_with_the_same_key() {
    let steam = Steam::with_titles(3);
    let mut stage = Stage::of(config(true), routes(Arc::clone(&steam))).await;
    stage.work();
    let mine = stage.linked("steam", &[("account", ACCOUNT)]).await;
    stage.settle(&mine).await;
    stage.me = player(2);
    let theirs = stage.linked("steam", &[("account", ACCOUNT)]).await;
    stage.settle(&theirs).await;
    stage.me = player(3);
    let own = stage
        .linked("steam", &[("apiKey", OTHER_KEY), ("account", ACCOUNT)])
        .await;
    stage.settle(&own).await;

    steam.owned_moods([Mood::TooMany(Some(600))]);
    stage.me = player(1);
    stage.sync(&mine, false).await;
    let until = stage.until_state(&mine, "WAITING").await["rateLimitedUntil"].clone();
    let asked = steam.asked().len();
    stage.me = player(2);
    stage.sync(&theirs, false).await;
    let run = stage.until_state(&theirs, "WAITING").await;
    assert_eq!(
        run["rateLimitedUntil"], until,
        "the same wait, without asking for it"
    );
    assert_eq!(steam.asked().len(), asked);
    let refused = stage.refused("steam", &[("account", PRIVATE)]).await;
    assert_eq!(refused.0, "PROVIDER_RATE_LIMITED", "nor to link another");
    assert_eq!(steam.asked().len(), asked);
    // Who has a key of their own need not wait.
    stage.me = player(3);
    assert_eq!(stage.sync_again(&own).await["state"], "SUCCEEDED");

    stage.later(TimeDelta::seconds(601));
    stage.me = player(2);
    assert_eq!(stage.settle(&theirs).await["state"], "SUCCEEDED");
}

#[tokio::test]
async fn a_hub_that_has_no_key_any_more_says_so_and_a_key_of_ones_own_helps() {
    let steam = Steam::with_titles(3);
    let mut stage = Stage::of(config(true), routes(Arc::clone(&steam))).await;
    stage.work();
    let library = stage.linked("steam", &[("account", ACCOUNT)]).await;
    stage.settle(&library).await;
    stage.stop().await;
    stage.config = config(false);
    stage.hub.parts = Library::assemble(stage.hub.test.ports.clone(), config(false));
    stage.work();
    let run = stage.sync_again(&library).await;
    assert_eq!(
        (&run["state"], &run["error"]["code"]),
        (&json!("FAILED"), &json!("PLATFORM_NOT_READY"))
    );
    let message = run["error"]["message"].as_str().unwrap();
    assert!(message.contains("steam.api_key"), "{message}");
    let query = "query($id: ID!) { library(id: $id) { connected gamesCount } }";
    let seen = stage
        .hub
        .data(&stage.me, query, json!({ "id": library }))
        .await;
    assert_eq!(
        seen["library"],
        json!({ "connected": true, "gamesCount": 3 }),
        "the account is not to blame"
    );

    let again = stage.linked("steam", &fields(&[])).await;
    assert_eq!(again, library);
    assert_eq!(stage.settle(&library).await["state"], "SUCCEEDED");
}

#[tokio::test]
async fn no_bad_answer_about_the_family_or_wishes_loses_a_row() {
    let (mut stage, steam) = stage().await;
    steam.family_lends(&[2, 3, 4]);
    steam.wishes_for(&[4, 5]);
    stage.work();
    let library = stage
        .linked(
            "steam",
            &fields(&[("accessToken", &token(ACCOUNT)), ("wishlist", "yes")]),
        )
        .await;
    assert_eq!(stage.settle(&library).await["state"], "SUCCEEDED");
    let before = stage.copies().await;
    assert_eq!(before.len(), 6);
    // As in `survives`: nobody works while the next mood is set and the next run is asked for.
    stage.stop().await;
    for method in [
        "GetFamilyGroupForUser",
        "GetSharedLibraryApps",
        "ClientGetLastPlayedTimes",
        "GetWishlist",
    ] {
        for (mood, code) in [
            (Mood::Down, "PROVIDER_DOWN"),
            (Mood::Truncated, "PROVIDER_MALFORMED"),
            (Mood::Null, "PROVIDER_MALFORMED"),
            (Mood::TooMany(None), "PROVIDER_RATE_LIMITED"),
        ] {
            steam.calm();
            // Long enough that it does not heal within the same run.
            steam.feel(method, [mood; 4]);
            stage.sync(&library, true).await;
            stage.work();
            let run = stage.until_state(&library, "WAITING").await;
            assert_eq!(run["error"]["code"], code, "{method} {mood:?}");
            assert_eq!(stage.copies().await, before, "{method} {mood:?}");
            stage.stop().await;
            stage.later(TimeDelta::minutes(45));
        }
    }
    // Nothing at all, with status 200: no family, no play times, no wishes are believed.
    for (method, state) in [
        ("GetFamilyGroupForUser", "WAITING"),
        ("GetSharedLibraryApps", "WAITING"),
        ("ClientGetLastPlayedTimes", "SUCCEEDED"),
        ("GetWishlist", "SUCCEEDED"),
    ] {
        steam.calm();
        steam.feel(method, [Mood::Empty; 4]);
        stage.sync(&library, true).await;
        stage.work();
        stage.until_state(&library, state).await;
        assert_eq!(stage.copies().await, before, "{method}");
        stage.stop().await;
        stage.later(TimeDelta::minutes(45));
    }
    steam.calm();
    stage.sync(&library, true).await;
    stage.work();
    assert_eq!(stage.settle(&library).await["state"], "SUCCEEDED");
    assert_eq!(stage.copies().await, before);
}

#[tokio::test]
async fn what_a_game_says_of_its_achievements_is_asked_once_for_everybody() {
    let steam = Steam::with_titles(7);
    let mut stage = Stage::of(config(true), routes(Arc::clone(&steam))).await;
    stage.work();
    let asked = |method: &str| {
        let asked = steam.asked();
        asked.iter().filter(|one| one.starts_with(method)).count()
    };
    for person in 1..=3 {
        stage.me = player(person);
        let library = stage.linked("steam", &[("account", ACCOUNT)]).await;
        stage.settle(&library).await;
        stage.achieved().await;
        assert_eq!(asked("GetPlayerAchievements"), person as usize * 7);
        // The first and the sixth have some.
        assert_eq!(asked("GetSchemaForGame"), 2);
        assert_eq!(asked("GetGlobalAchievementPercentagesForApp"), 2);
        let query = "{ games(first: 10) { nodes { achievements(first: 10) { unlocked total nodes { rarityPercent } } } } }";
        let seen = stage.hub.data(&stage.me, query, json!({})).await;
        let rare = seen["games"]["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|game| game["achievements"]["nodes"].as_array().unwrap())
            .filter(|one| one["rarityPercent"].is_f64())
            .count();
        assert_eq!(rare, 8, "{seen}");
    }
}

#[tokio::test]
async fn a_bad_answer_about_a_game_is_not_remembered() {
    // One method after the other: a game that was tried five times in vain is left alone.
    for method in ["GetSchemaForGame", "GetGlobalAchievementPercentagesForApp"] {
        let steam = Steam::with_titles(1);
        let mut stage = Stage::of(config(true), routes(Arc::clone(&steam))).await;
        stage.work();
        steam.feel(method, [Mood::Down, Mood::Truncated, Mood::Null]);
        let library = stage.linked("steam", &[("account", ACCOUNT)]).await;
        stage.settle(&library).await;
        let seen = healed(&stage).await;
        assert_eq!(seen["nodes"][0]["name"], "Achievement 0", "{method}");
        assert_eq!(seen["nodes"][0]["rarityPercent"], 80.5, "{method}");
        let asked = steam.asked();
        let times = asked.iter().filter(|one| one.starts_with(method)).count();
        assert_eq!(times, 4, "{method}: {asked:?}");
    }
}

/// The achievements of the only game, once they are known; until then there are none.
async fn healed(stage: &Stage) -> serde_json::Value {
    let query = "{ games(first: 1) { nodes { achievements(first: 10) { total nodes { name rarityPercent } } } } }";
    for _ in 0..12 {
        stage.achieved().await;
        stage.later(TimeDelta::hours(2));
        stage.achieved().await;
        let mut seen = stage.hub.data(&stage.me, query, json!({})).await;
        let found = seen["games"]["nodes"][0]["achievements"].take();
        if found["total"] == 4 {
            return found;
        }
        assert_eq!(found["total"], 0, "half an answer was believed: {found}");
    }
    panic!("it never healed");
}
