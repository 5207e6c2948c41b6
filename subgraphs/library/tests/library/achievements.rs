//! Achievements: asked for in the background, shown without spoiling anything.

use super::stage::{Stage, game_of, owned, whole_lists_only};
use chrono::TimeDelta;
use djinn_kernel::Esrb;
use djinn_library::{Config, SyncConfig, achievement};
use djinn_subgraph_kit::http::{Answer, NoAnswer};
use djinn_testkit::{
    http::{html, json as answer, too_many},
    viewers::{child, player},
};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use std::time::Duration;

/// What the shop says instead of achievements.
type Mood = fn() -> Result<Answer, NoAnswer>;

const OF: &str = "query($ids: [_Any!]!, $first: Int, $after: String) { _entities(representations: $ids) { ... on Game {
    achievements(first: $first, after: $after) { unlocked total pageInfo { hasNextPage endCursor }
        nodes { id name description hidden unlocked unlockedAt rarityPercent points platform { id } } } } } }";

fn award(id: &str, unlocked: Option<i64>, hidden: i32, percent: Value) -> Value {
    json!({
        "apiname": id, "achieved": i32::from(unlocked.is_some()), "unlocktime": unlocked.unwrap_or(0),
        "name": id, "displayName": format!("The {id}"), "hidden": hidden,
        "description": format!("Do {id}"), "percent": percent,
    })
}

async fn of(stage: &Stage, title: &str, first: i32, after: Value) -> Value {
    let ids = json!([{ "__typename": "Game", "id": game_of(title).0 }]);
    let variables = json!({ "ids": ids, "first": first, "after": after });
    stage.hub.data(&stage.me, OF, variables).await["_entities"][0]["achievements"].take()
}

fn asked(stage: &Stage, what: &str) -> Vec<String> {
    let asked = stage.hub.test.http.asked();
    asked.into_iter().filter(|url| url.contains(what)).collect()
}

#[tokio::test]
async fn what_an_account_unlocked_is_shown_and_what_is_secret_is_not() {
    let mut stage = Stage::set().await;
    stage
        .shop
        .sells(vec![owned(70, "Half-Life", 87), owned(80, "Ricochet", 5)]);
    stage.shop.awards(
        70,
        json!([
            award("rare", None, 0, json!("2.5")),
            award("old", Some(1_600_000_000), 0, json!(90)),
            award("ending", None, 1, json!(40.25)),
            award("twist", Some(1_700_000_000), 1, Value::Null),
        ]),
    );
    stage.work();
    let library = stage.link().await;
    assert_eq!(stage.settle(&library).await["state"], "SUCCEEDED");
    stage.achieved().await;

    let all = of(&stage, "Half-Life", 10, Value::Null).await;
    assert_eq!((&all["unlocked"], &all["total"]), (&json!(2), &json!(4)));
    let named: Vec<_> = all["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["name"].as_str().unwrap(),
                one["description"].as_str(),
                one["rarityPercent"].as_f64(),
            )
        })
        .collect();
    assert_eq!(
        named,
        [
            ("The twist", Some("Do twist"), None),
            ("The old", Some("Do old"), Some(90.0)),
            ("The rare", Some("Do rare"), Some(2.5)),
            ("Secret achievement", None, Some(40.25)),
        ]
    );
    assert_eq!(all["nodes"][0]["unlockedAt"], "2023-11-14T22:13:20+00:00");
    assert_eq!(all["nodes"][3]["hidden"], true);
    assert_eq!(all["nodes"][1]["platform"]["id"], "steam");
    assert!(!all.to_string().contains("ending"), "{all:#}");

    let none = of(&stage, "Ricochet", 10, Value::Null).await;
    assert_eq!(none["nodes"], json!([]));
    assert_eq!((&none["unlocked"], &none["total"]), (&json!(0), &json!(0)));
}

#[tokio::test]
async fn they_come_in_pages_and_a_list_of_games_costs_as_much_as_one() {
    let mut stage = Stage::set().await;
    let games: Vec<Value> = (1..=12)
        .map(|n| owned(n * 10, &format!("Game {n:02}"), n))
        .collect();
    stage.shop.sells(games);
    for n in 1..=12 {
        let list: Vec<Value> = (0..7)
            .map(|at| award(&format!("A{at}"), None, 0, json!(at)))
            .collect();
        stage.shop.awards(n * 10, json!(list));
    }
    stage.work();
    let library = stage.link().await;
    stage.settle(&library).await;
    stage.achieved().await;

    let (mut names, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = of(&stage, "Game 03", 3, after).await;
        assert_eq!(page["total"], 7);
        let nodes = page["nodes"].as_array().unwrap();
        names.extend(
            nodes
                .iter()
                .map(|one| one["name"].as_str().unwrap().to_owned()),
        );
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(
        names,
        [
            "The A6", "The A5", "The A4", "The A3", "The A2", "The A1", "The A0"
        ]
    );

    stage.stop().await;
    let query = |first: i32| {
        format!(
            "{{ games(first: {first}) {{ nodes {{ id achievements(first: 5) {{ total nodes {{ name platform {{ id }} }} }} }} }} }}"
        )
    };
    let mut costs = Vec::new();
    // The first look also reads the index of the search.
    stage.hub.data(&stage.me, &query(1), json!({})).await;
    for first in [1, 12] {
        stage.hub.test.database.take_query_count();
        let seen = stage.hub.data(&stage.me, &query(first), json!({})).await;
        let nodes = seen["games"]["nodes"].as_array().unwrap();
        assert_eq!(nodes.len(), first as usize);
        assert!(
            nodes
                .iter()
                .all(|game| game["achievements"]["nodes"].as_array().unwrap().len() == 5)
        );
        costs.push(stage.hub.test.database.take_query_count());
    }
    assert_eq!(costs[0], costs[1]);
}

#[tokio::test]
async fn nobody_else_sees_them_and_no_child_what_is_above_its_ceiling() {
    let mut stage = Stage::set().await;
    stage.shop.sells(vec![owned(70, "Half-Life", 87)]);
    stage
        .shop
        .awards(70, json!([award("gore", Some(1_700_000_000), 0, json!(1))]));
    stage.work();
    let library = stage.link().await;
    stage.settle(&library).await;
    stage.achieved().await;
    let ids = json!({ "ids": [{ "__typename": "Game", "id": game_of("Half-Life").0 }] });
    for viewer in [child(9, 1, Esrb::Everyone), player(2)] {
        let seen = stage.hub.data(&viewer, OF, ids.clone()).await;
        let seen = &seen["_entities"][0]["achievements"];
        assert_eq!(
            (&seen["nodes"], &seen["total"], &seen["unlocked"]),
            (&json!([]), &json!(0), &json!(0))
        );
    }
    let query = "mutation($id: ID!) { unlinkLibrary(id: $id) { ok } }";
    stage
        .hub
        .data(&stage.me, query, json!({ "id": library }))
        .await;
    let db = stage.hub.test.ports.db.read();
    let left = achievement::entity::achievement::Entity::find()
        .count(db)
        .await
        .unwrap()
        + achievement::entity::set::Entity::find()
            .count(db)
            .await
            .unwrap();
    assert_eq!(left, 0, "with the library they go");
}

#[tokio::test]
async fn only_what_was_played_on_is_asked_again() {
    let games = |minutes: u32| {
        vec![
            owned(70, "Half-Life", minutes),
            owned(80, "Ricochet", 5),
            owned(90, "Portal", 0),
        ]
    };
    // A month passes, and no sync but those of the test is to begin in it.
    let sync = SyncConfig {
        every_hours: 0,
        ..whole_lists_only()
    };
    let config = Config {
        sync,
        ..Config::default()
    };
    let mut stage = Stage::set_with(config).await;
    stage.shop.sells(games(10));
    stage
        .shop
        .awards(70, json!([award("one", None, 0, json!(1))]));
    stage.work();
    let library = stage.link().await;
    stage.settle(&library).await;
    stage.achieved().await;
    assert_eq!(asked(&stage, "GetPlayerAchievements").len(), 3);
    let order: Vec<bool> = asked(&stage, "GetPlayerAchievements")
        .iter()
        .map(|url| url.contains("appid=90&"))
        .collect();
    assert_eq!(
        order,
        [false, false, true],
        "what was never played comes last"
    );

    stage
        .shop
        .awards(70, json!([award("one", Some(1_700_000_000), 0, json!(1))]));
    stage.shop.sells(games(11));
    stage.sync_again(&library).await;
    stage.achieved().await;
    assert_eq!(asked(&stage, "GetPlayerAchievements").len(), 4);
    assert_eq!(of(&stage, "Half-Life", 5, Value::Null).await["unlocked"], 1);

    // After a month what was played is looked at again: games get new ones.
    stage.later(TimeDelta::days(31));
    stage.sync_again(&library).await;
    stage.achieved().await;
    assert_eq!(asked(&stage, "GetPlayerAchievements").len(), 6);
}

#[tokio::test]
async fn no_bad_answer_takes_away_what_is_known() {
    let mut stage = Stage::set().await;
    stage.shop.sells(vec![owned(70, "Half-Life", 1)]);
    stage
        .shop
        .awards(70, json!([award("one", Some(1_700_000_000), 0, json!(1))]));
    stage.work();
    let library = stage.link().await;
    stage.settle(&library).await;
    stage.achieved().await;
    let before = of(&stage, "Half-Life", 5, Value::Null).await;
    assert_eq!(before["total"], 1);

    let moods: [Mood; 9] = [
        || {
            answer(
                403,
                r#"{"playerstats":{"error":"Profile is not public","success":false}}"#,
            )
        },
        || {
            answer(
                400,
                r#"{"playerstats":{"error":"Requested app has no stats","success":false}}"#,
            )
        },
        || answer(200, r#"{"playerstats":{"achievements":[],"success":true}}"#),
        || answer(200, r#"{"playerstats":{"achievements":[{"apin"#),
        || html(403, "<h1>Forbidden</h1>"),
        || html(503, "<h1>Tuesday</h1>"),
        || Err(NoAnswer::Timeout),
        || answer(200, "null"),
        // The last: whoever uses the key waits then, the list of games too.
        || too_many(Some(Duration::from_secs(90))),
    ];
    for (minutes, mood) in (2..).zip(moods) {
        stage.later(TimeDelta::minutes(40));
        stage.achieved().await;
        stage.shop.hides(mood);
        stage.shop.sells(vec![owned(70, "Half-Life", minutes)]);
        let run = stage.sync_again(&library).await;
        assert_eq!(run["state"], "SUCCEEDED", "achievements never fail a sync");
        stage.achieved().await;
        assert_eq!(of(&stage, "Half-Life", 5, Value::Null).await, before);
    }
    // And it heals by itself.
    stage.shop.hides_nothing();
    stage.shop.awards(
        70,
        json!([
            award("one", Some(1_700_000_000), 0, json!(1)),
            award("two", None, 0, json!(2))
        ]),
    );
    stage.later(TimeDelta::minutes(40));
    stage.shop.sells(vec![owned(70, "Half-Life", 99)]);
    stage.sync_again(&library).await;
    stage.achieved().await;
    assert_eq!(of(&stage, "Half-Life", 5, Value::Null).await["total"], 2);
}

#[tokio::test]
async fn a_budget_that_is_spent_puts_them_off_and_leaves_room_for_syncs() {
    let mut stage = Stage::set().await;
    stage.shop.sells(
        (1..=120)
            .map(|n| owned(n * 10, &format!("Game {n:03}"), n))
            .collect(),
    );
    stage.work();
    let library = stage.link().await;
    let run = stage.settle(&library).await;
    assert_eq!(
        (&run["state"], &run["stage"]),
        (&json!("SUCCEEDED"), &json!("DONE"))
    );
    stage.achieved().await;
    assert_eq!(
        asked(&stage, "GetPlayerAchievements").len(),
        95,
        "the key's budget, but for a twentieth"
    );
    // A sync still finds room.
    assert_eq!(stage.sync_again(&library).await["state"], "SUCCEEDED");
    assert_eq!(asked(&stage, "GetPlayerAchievements").len(), 95);
    stage.later(TimeDelta::seconds(302));
    stage.achieved().await;
    assert_eq!(asked(&stage, "GetPlayerAchievements").len(), 120);
}

#[tokio::test]
async fn the_stage_is_seen_in_the_progress_of_the_sync() {
    let mut stage = Stage::set().await;
    stage.shop.sells(
        (1..=40)
            .map(|n| owned(n * 10, &format!("Game {n:03}"), n))
            .collect(),
    );
    let library = stage.link().await;
    let query = "subscription($id: ID!) { syncProgress(libraryId: $id) { settled final run { stage done total } } }";
    let call = djinn_testkit::viewers::call(&stage.me, query, json!({ "id": library }));
    let mut stream = stage.hub.parts.subgraph.subscribe(call).await.unwrap();
    // The list first, so that the achievements are there to be fetched when the games are known.
    let (mut seen, mut settled) = (Vec::new(), true);
    let tell = async {
        use futures_util::StreamExt;
        while let Some(step) = stream.next().await {
            let step = serde_json::to_value(step).unwrap();
            let step = &step["data"]["syncProgress"];
            if step["run"]["stage"] == "ACHIEVEMENTS" {
                settled &= step["settled"] == true;
            }
            seen.push(step["run"]["stage"].as_str().unwrap().to_owned());
            if step["final"] == true {
                break;
            }
        }
    };
    stage.work();
    let ((), run) = futures_util::join!(tell, stage.settle(&library));
    assert_eq!(run["stage"], "DONE");
    seen.dedup();
    assert_eq!(seen.last().unwrap(), "DONE");
    assert!(
        settled,
        "a library whose achievements are fetched can be used"
    );
}

#[tokio::test]
async fn an_owner_may_do_without_them() {
    let sync = SyncConfig {
        achievements: false,
        ..SyncConfig::default()
    };
    let mut stage = Stage::set_with(Config {
        sync,
        ..Config::default()
    })
    .await;
    stage.shop.sells(vec![owned(70, "Half-Life", 87)]);
    stage.work();
    let library = stage.link().await;
    stage.settle(&library).await;
    assert_eq!(asked(&stage, "ISteamUserStats"), [""; 0]);
}
