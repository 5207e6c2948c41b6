//! Where a household's days begin, and what follows from it.

use super::{
    household::{Hub, game, game_id},
    stage::{Stage, owned, whole_lists_only},
};
use djinn_kernel::Viewer;
use djinn_library::{Config, SyncConfig};
use djinn_testkit::viewers::{child, player};
use serde_json::{Value, json};

const SET: &str = "mutation($zone: String!) { updateLibrarySettings(input: { timeZone: $zone }) {
    settings { timeZone today } problems { code field message } } }";

async fn set(hub: &Hub, viewer: &Viewer, zone: &str) -> Value {
    hub.data(viewer, SET, json!({ "zone": zone })).await["updateLibrarySettings"].take()
}

/// Puts the clock there.
fn at(hub: &Hub, when: &str) {
    hub.test.clock.set(when.parse().unwrap());
}

#[tokio::test]
async fn a_household_says_where_its_days_begin_and_others_keep_theirs() {
    let hub = Hub::with(&[game(1, "Celeste")]).await;
    at(&hub, "2030-01-01T03:30:00Z");
    let (me, kid) = (player(1), child(7, 1, djinn_kernel::Esrb::Everyone));
    let ask = "{ librarySettings { timeZone today } }";
    let seen = hub.data(&me, ask, json!({})).await;
    assert_eq!(
        seen["librarySettings"],
        json!({ "timeZone": null, "today": "2030-01-01" })
    );
    let done = set(&hub, &me, "America/New_York").await;
    assert_eq!(
        done,
        json!({ "settings": { "timeZone": "America/New_York", "today": "2029-12-31" }, "problems": [] })
    );
    for viewer in [&me, &kid] {
        let seen = hub.data(viewer, ask, json!({})).await;
        assert_eq!(seen["librarySettings"]["today"], "2029-12-31");
    }
    let other = hub.data(&player(2), ask, json!({})).await;
    assert_eq!(other["librarySettings"]["timeZone"], Value::Null);
    for wrong in [
        "",
        "Berlin",
        "europe/berlin ",
        "Mars/Olympus",
        &"x".repeat(5000),
    ] {
        let refused = set(&hub, &me, wrong).await;
        assert_eq!(refused["settings"], Value::Null, "{wrong}");
        assert_eq!(refused["problems"][0]["code"], "INVALID_INPUT");
        assert_eq!(refused["problems"][0]["field"], "input.timeZone");
        assert!(refused["problems"][0]["message"].as_str().unwrap().len() < 200);
    }
    // A child lives by it, and does not set it.
    let refused = hub.refusal(&kid, SET, json!({ "zone": "UTC" })).await;
    assert_eq!(refused.0, "FORBIDDEN");
}

#[tokio::test]
async fn an_evening_counts_where_it_was_played_in_days_weekdays_streaks_and_years() {
    // Days pass, and no sync but those of the test is to begin in them.
    let sync = SyncConfig {
        every_hours: 0,
        ..whole_lists_only()
    };
    let config = Config {
        sync,
        ..Config::default()
    };
    let mut stage = Stage::set_with(config).await;
    set(&stage.hub, &stage.me, "America/New_York").await;
    at(&stage.hub, "2029-12-30T18:00:00Z");
    stage.shop.sells(vec![owned(70, "Half-Life", 5)]);
    stage.work();
    let library = stage.link().await;
    stage.settle(&library).await;
    // The evenings before New Year's Eve and of it: in UTC, both are the next day already.
    for (when, minutes, last) in [
        ("2029-12-31T12:00:00Z", 65, "2029-12-31T03:30:00Z"),
        ("2030-01-01T12:00:00Z", 155, "2030-01-01T04:50:00Z"),
    ] {
        let last: chrono::DateTime<chrono::Utc> = last.parse().unwrap();
        let mut played = owned(70, "Half-Life", minutes);
        played["rtime_last_played"] = json!(last.timestamp());
        stage.shop.sells(vec![played]);
        at(&stage.hub, when);
        stage.sync_again(&library).await;
    }
    let ask = "query($year: Int!) {
        analyzeGamingPatterns(period: LAST_7_DAYS) { from to byDay { day minutes } byWeekday { weekday minutes } currentStreak { from to days } }
        yearInReview(year: $year) { totals { minutes daysPlayed } lastPlayed { day } }
        games { nodes { playByDay { nodes { day minutes } } } } }";
    let seen = stage
        .hub
        .data(&stage.me, ask, json!({ "year": 2029 }))
        .await;
    let days =
        json!([{ "day": "2029-12-30", "minutes": 60 }, { "day": "2029-12-31", "minutes": 90 }]);
    let patterns = &seen["analyzeGamingPatterns"];
    assert_eq!(patterns["byDay"], days, "{seen:#}");
    assert_eq!(patterns["to"], "2030-01-01", "it is morning there");
    assert_eq!(
        patterns["currentStreak"],
        json!({ "from": "2029-12-30", "to": "2029-12-31", "days": 2 })
    );
    let weekdays = patterns["byWeekday"].as_array().unwrap();
    let of =
        |day: &str| weekdays.iter().find(|one| one["weekday"] == day).unwrap()["minutes"].clone();
    assert_eq!(
        (of("SUNDAY"), of("MONDAY"), of("TUESDAY")),
        (json!(60), json!(90), json!(0))
    );
    assert_eq!(
        seen["yearInReview"]["totals"],
        json!({ "minutes": 150, "daysPlayed": 2 })
    );
    let nodes = &seen["games"]["nodes"][0]["playByDay"]["nodes"];
    assert_eq!((&nodes[0], &nodes[1]), (&days[1], &days[0]));
    // Whoever moves keeps the days they had.
    set(&stage.hub, &stage.me, "Asia/Tokyo").await;
    let again = stage
        .hub
        .data(&stage.me, ask, json!({ "year": 2029 }))
        .await;
    assert_eq!(again["analyzeGamingPatterns"]["byDay"], days);
}

#[tokio::test]
async fn rules_about_days_go_by_the_households_days() {
    let mut celeste = game(1, "Celeste");
    celeste.days_ago = Some(0);
    celeste.minutes = 30;
    let hub = Hub::with(&[celeste, game(2, "Hades")]).await;
    let me = player(1);
    let preview = "query($rule: CollectionRule!) { previewCollection(rule: $rule) { totalCount } }";
    let on = |day: chrono::NaiveDate| json!({ "rule": { "field": "LAST_PLAYED", "operator": "BETWEEN", "value": { "dates": { "from": day, "to": day } } } });
    let found = async |day| {
        let seen = hub.data(&me, preview, on(day)).await;
        seen["previewCollection"]["totalCount"].as_i64().unwrap()
    };
    for zone in ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"] {
        let done = set(&hub, &me, zone).await;
        let today: chrono::NaiveDate = done["settings"]["today"].as_str().unwrap().parse().unwrap();
        assert_eq!(found(today).await, 1, "{zone}");
        assert_eq!(found(today.pred_opt().unwrap()).await, 0, "{zone}");
        assert_eq!(found(today.succ_opt().unwrap()).await, 0, "{zone}");
        // What explains it says the same day.
        let mut input = on(today);
        input["name"] = json!(zone);
        let make = "mutation($input: CreateCollectionInput!) { createCollection(input: $input) { collection { id } problems { message } } }";
        let made = hub.data(&me, make, json!({ "input": input })).await;
        let variables = json!({ "id": made["createCollection"]["collection"]["id"], "game": game_id(1).to_string() });
        let why = "query($id: ID!, $game: ID!) { whyInCollection(collectionId: $id, gameId: $game) { included parts { value } } }";
        let seen = hub.data(&me, why, variables).await["whyInCollection"].take();
        assert_eq!(seen["included"], true, "{made:#} {seen:#}");
        assert_eq!(seen["parts"][0]["value"], json!(today.to_string()));
    }
}
