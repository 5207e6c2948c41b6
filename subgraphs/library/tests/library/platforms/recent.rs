//! Looks at what was played lately, between two whole lists: cheap, and never the last word.

use super::{
    super::stage::Stage,
    gog, playstation,
    steam::{config, fields, token},
    xbox,
};
use chrono::TimeDelta;
use djinn_kernel::Clock;
use djinn_library::{Config, SyncConfig};
use djinn_testkit::{
    gog::CODE as GOG_CODE,
    psn::{NPSSO, game},
    steam::{ACCOUNT, Mood, Steam, routes},
    xbox::{CODE as XBOX_CODE, Xbox, routes as routes_of_xbox},
};
use serde_json::{Value, json};
use std::sync::Arc;

const LAST: &str = "query($id: ID!) { library(id: $id) { nextSyncAt connected lastSync {
    id recentOnly state stage added updated removed error { code } } } }";

/// A hub with a library of six of seven titles, of which one is the family's and one a wish.
async fn synced() -> (Stage, Arc<Steam>, String) {
    let steam = Steam::with_titles(7);
    steam.owns_only(4);
    steam.trusts(&token(ACCOUNT));
    steam.family_lends(&[4]);
    steam.wishes_for(&[5]);
    let config = Config {
        sync: SyncConfig::default(),
        ..config(false)
    };
    let mut stage = Stage::of(config, routes(Arc::clone(&steam))).await;
    stage.work();
    let library = stage
        .linked(
            "steam",
            &fields(&[("accessToken", &token(ACCOUNT)), ("wishlist", "true")]),
        )
        .await;
    assert_eq!(stage.settle(&library).await["state"], "SUCCEEDED");
    stage.achieved().await;
    (stage, steam, library)
}

fn asked(steam: &Steam, what: &str) -> usize {
    let asked = steam.asked();
    asked.iter().filter(|one| one.starts_with(what)).count()
}

async fn last(stage: &Stage, library: &str) -> Value {
    let seen = stage.hub.data(&stage.me, LAST, json!({ "id": library }));
    seen.await["library"].take()
}

/// Waits until the newest run is as wanted.
async fn until(stage: &Stage, library: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..12_000 {
        stage.metadata().await;
        let seen = last(stage, library).await;
        if wanted(&seen["lastSync"]) {
            return seen;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("it never came so far: {:#}", last(stage, library).await);
}

/// Four hours later: a look is over, and it was no whole list.
async fn looked(stage: &Stage, library: &str) -> Value {
    let before = last(stage, library).await["lastSync"]["id"].clone();
    stage.later(TimeDelta::hours(4));
    until(stage, library, |run| {
        run["id"] != before && run["recentOnly"] == true && run["state"] == "SUCCEEDED"
    })
    .await
}

#[tokio::test]
async fn what_was_played_since_comes_in_one_request_and_nothing_else_changes() {
    let (stage, steam, library) = synced().await;
    let before = stage.copies().await;
    let due = last(&stage, &library).await["nextSyncAt"].clone();
    // One of its own, and one of the family's.
    steam.plays(1, 500);
    steam.plays(4, 45);
    let requests = steam.asked().len();
    let seen = looked(&stage, &library).await;
    assert_eq!(
        (&seen["lastSync"]["added"], &seen["lastSync"]["updated"]),
        (&json!(0), &json!(2))
    );
    assert_eq!(seen["nextSyncAt"], due, "the whole list is due as before");
    let more: Vec<String> = steam.asked().split_off(requests);
    let lists: Vec<&String> = more
        .iter()
        .filter(|one| !one.contains("Achievements") && !one.contains("Schema"))
        .filter(|one| !one.contains("Percentages"))
        .collect();
    assert_eq!(lists, [&format!("GetRecentlyPlayedGames {ACCOUNT}")]);

    let mut expected = before.clone();
    for (title, minutes) in [(1, 500), (4, 45)] {
        let id = (1000 + 10 * title).to_string();
        let copy = expected.iter_mut().find(|copy| copy.1 == id).unwrap();
        copy.3 = minutes;
    }
    assert_eq!(stage.copies().await, expected);
    // Nothing new to tell: the next look changes nothing.
    let seen = looked(&stage, &library).await;
    assert_eq!(seen["lastSync"]["updated"], 0);
    assert_eq!(stage.copies().await, expected);
}

#[tokio::test]
async fn a_game_the_library_has_not_makes_the_whole_list_due_once_and_is_not_claimed() {
    let (stage, steam, library) = synced().await;
    let before = stage.copies().await;
    // A free week-end: it is played, and belongs to nobody.
    steam.plays(6, 90);
    let lists = asked(&steam, "GetOwnedGames");
    stage.later(TimeDelta::hours(4));
    until(&stage, &library, |run| {
        run["recentOnly"] == false
            && run["state"] == "SUCCEEDED"
            && asked(&steam, "GetOwnedGames") == lists + 1
    })
    .await;
    assert_eq!(asked(&steam, "GetRecentlyPlayedGames"), 1);
    assert_eq!(stage.copies().await, before);
    for _ in 0..2 {
        looked(&stage, &library).await;
    }
    assert_eq!(asked(&steam, "GetOwnedGames"), lists + 1, "once is enough");
    assert_eq!(stage.copies().await, before);

    // Bought: now the whole list has it.
    steam.owns_only(7);
    steam.plays(3, 10);
    stage.sync(&library, false).await;
    stage.settle(&library).await;
    assert_eq!(stage.copies().await.len(), 7);
}

#[tokio::test]
async fn a_bad_answer_to_a_look_loses_nothing_and_holds_nobody_up() {
    let (stage, steam, library) = synced().await;
    let before = stage.copies().await;
    for (mood, code) in [
        (Mood::Down, "PROVIDER_DOWN"),
        (Mood::Truncated, "PROVIDER_MALFORMED"),
        (Mood::Null, "PROVIDER_MALFORMED"),
        (Mood::TooMany(None), "PROVIDER_RATE_LIMITED"),
    ] {
        let due = last(&stage, &library).await["nextSyncAt"].clone();
        steam.feel("GetRecentlyPlayedGames", [mood]);
        stage.later(TimeDelta::hours(4));
        let seen = until(&stage, &library, |run| {
            run["recentOnly"] == true && run["state"] == "WAITING"
        })
        .await;
        assert_eq!(seen["lastSync"]["error"]["code"], code);
        assert_eq!(seen["nextSyncAt"], due);
        assert_eq!(stage.copies().await, before, "{mood:?}");
        // Whoever wants the whole list now gets it.
        let started = stage.sync(&library, false).await;
        assert_eq!(started["problems"], json!([]), "{mood:?}");
        stage.later(TimeDelta::minutes(1));
        until(&stage, &library, |run| {
            run["recentOnly"] == false && run["state"] == "SUCCEEDED"
        })
        .await;
        assert_eq!(stage.copies().await, before, "{mood:?}");
    }
}

#[tokio::test]
async fn a_profile_that_is_hidden_now_is_said_and_not_asked_again_before_the_whole_list() {
    let (stage, steam, library) = synced().await;
    let before = stage.copies().await;
    steam.feel("GetRecentlyPlayedGames", [Mood::Empty]);
    stage.later(TimeDelta::hours(4));
    let seen = until(&stage, &library, |run| run["state"] == "FAILED").await;
    assert_eq!(
        (&seen["lastSync"]["error"]["code"], &seen["connected"]),
        (&json!("PROFILE_PRIVATE"), &json!(true))
    );
    stage.later(TimeDelta::hours(4));
    stage.later(TimeDelta::hours(4));
    let still = last(&stage, &library).await;
    assert_eq!(still["lastSync"]["id"], seen["lastSync"]["id"]);
    assert_eq!(asked(&steam, "GetRecentlyPlayedGames"), 1);
    // The whole list comes in its time, and looks go on after it.
    stage.later(TimeDelta::hours(20));
    until(&stage, &library, |run| {
        run["recentOnly"] == false && run["state"] == "SUCCEEDED"
    })
    .await;
    looked(&stage, &library).await;
    assert_eq!(stage.copies().await, before);
}

#[tokio::test]
async fn of_playstation_the_first_page_of_what_was_played_is_looked_at_and_no_purchase() {
    let (mut stage, psn) = playstation::stage_with(SyncConfig::default()).await;
    psn.has(playstation::shelf());
    stage.work();
    let library = stage.linked("playstation", &[("npsso", NPSSO)]).await;
    assert_eq!(stage.settle(&library).await["state"], "SUCCEEDED");
    let mut expected = stage.copies().await;
    let (bought, played) = (psn.temper.count("bought"), psn.temper.count("played"));
    let mut games = playstation::shelf();
    games[0] = game("CUSA00900_00", "Bloodborne™", Some("PT41H"));
    psn.has(games);
    let seen = looked(&stage, &library).await;
    assert_eq!(seen["lastSync"]["updated"], 1);
    assert_eq!(psn.temper.count("bought"), bought);
    assert_eq!(psn.temper.count("played"), played + 1);
    let copy = expected.iter_mut().find(|copy| copy.1 == "CUSA00900_00");
    copy.unwrap().3 = 41 * 60;
    assert_eq!(stage.copies().await, expected);
}

#[tokio::test]
async fn of_xbox_the_history_is_looked_at_and_only_the_minutes_of_what_was_played_since() {
    let config = Config {
        sync: SyncConfig::default(),
        ..xbox::config()
    };
    let standin = Xbox::new();
    let mut stage = Stage::of(config, routes_of_xbox(Arc::clone(&standin))).await;
    standin.played(xbox::history());
    stage.work();
    let library = stage.linked("xbox", &[("code", XBOX_CODE)]).await;
    assert_eq!(stage.settle(&library).await["state"], "SUCCEEDED");
    let mut expected = stage.copies().await;
    let count = |what: &'static str| standin.temper.count(what);
    let (history, stats) = (count("history"), count("stats"));

    // Nothing was played for two weeks: one request says so.
    let seen = looked(&stage, &library).await;
    assert_eq!(seen["lastSync"]["updated"], 0);
    assert_eq!((count("history"), count("stats")), (history + 1, stats));
    assert_eq!(stage.copies().await, expected);

    // Played yesterday, and lent no more, which is the whole list's to say.
    let yesterday = stage.hub.test.clock.now() - TimeDelta::days(1);
    let mut titles = xbox::history();
    titles[0].minutes = Some(1_300);
    titles[0].played_at = Some(yesterday.to_rfc3339());
    titles[1].lent = false;
    standin.played(titles);
    let seen = looked(&stage, &library).await;
    assert_eq!(seen["lastSync"]["updated"], 1);
    assert_eq!((count("history"), count("stats")), (history + 2, stats + 1));
    let copy = expected
        .iter_mut()
        .find(|copy| copy.1 == "219630713")
        .unwrap();
    copy.3 = 1_300;
    copy.4 = yesterday.date_naive().to_string();
    assert_eq!(stage.copies().await, expected);
}

#[tokio::test]
async fn of_gog_the_first_page_of_play_times_is_looked_at_and_a_private_profile_says_nothing() {
    let (mut stage, standin) = gog::stage_with(SyncConfig::default()).await;
    standin.has(gog::shelf());
    stage.work();
    let library = stage.linked("gog", &[("code", GOG_CODE)]).await;
    assert_eq!(stage.settle(&library).await["state"], "SUCCEEDED");
    let mut expected = stage.copies().await;
    let count = |what: &'static str| standin.temper.count(what);
    let (products, stats) = (count("products"), count("stats"));
    let mut games = gog::shelf();
    games[0].minutes = Some(660);
    standin.has(games);
    let seen = looked(&stage, &library).await;
    assert_eq!(seen["lastSync"]["updated"], 1);
    assert_eq!((count("products"), count("stats")), (products, stats + 1));
    let copy = expected.iter_mut().find(|copy| copy.1 == "1207658930");
    copy.unwrap().3 = 660;
    assert_eq!(stage.copies().await, expected);
    standin.is_private(true);
    let seen = looked(&stage, &library).await;
    assert_eq!(seen["lastSync"]["updated"], 0);
    assert_eq!(stage.copies().await, expected);
}
