//! A list costs the same questions to the database, however long it is.

use super::{
    collections::{create, mark, options, when},
    household::{Hub, Seed, game, game_id},
};
use djinn_library::copy::entity as copy;
use djinn_library::play::entity as play;
use djinn_testkit::viewers::player;
use sea_orm::{EntityTrait, Set};
use serde_json::{Value, json};

/// Twelve games that were played and marked, in as many collections.
async fn shelf() -> Hub {
    let seeds: Vec<Seed> = (1..=12)
        .map(|n| {
            let mut seed = game(n, &format!("Game {n:02}"));
            seed.platforms = vec!["gog", "steam"];
            seed.minutes = 60;
            seed
        })
        .collect();
    let hub = Hub::with(&seeds).await;
    for n in 1..=12 {
        for status in ["on_hold", "completed"] {
            mark(&hub, n, json!({ "status": status })).await;
        }
        let input = if n % 2 == 0 {
            json!({ "name": format!("Rule {n}"), "rule": when("PLATFORM", "ONE_OF", options(&["gog"])) })
        } else {
            // From the end, so that no rule's page of games has it already.
            json!({ "name": format!("Hand {n}"), "gameIds": [game_id(13 - n)] })
        };
        create(&hub, &player(1), input).await;
    }
    let copies = copy::Entity::find()
        .all(hub.test.ports.db.read())
        .await
        .unwrap();
    let rows = copies.iter().map(|copy| play::ActiveModel {
        copy_id: Set(copy.id),
        day: Set("2026-01-01".parse().unwrap()),
        household_id: Set(copy.household_id),
        game_id: Set(copy.game_id),
        platform: Set(copy.platform.clone()),
        minutes: Set(30),
    });
    play::Entity::insert_many(rows)
        .exec_without_returning(hub.test.ports.db.write())
        .await
        .unwrap();
    hub
}

#[tokio::test]
async fn a_long_list_costs_as_many_questions_as_a_short_one() {
    let hub = shelf().await;
    let me = player(1);
    let lists = [
        (
            "collections",
            "totalCount nodes { id name rule ruleText totalCount games(first: 5) { totalCount nodes { title status { id } } } }",
        ),
        (
            "games",
            "nodes { statusHistory(first: 5) { totalCount nodes { from { name } to { name } at } } }",
        ),
        (
            "games",
            "nodes { playByDay(first: 5) { totalCount nodes { day minutes bySource { platform { id } library { label } minutes } } } }",
        ),
        (
            "games",
            "nodes { achievements(first: 5) { total nodes { name } } }",
        ),
        (
            "games",
            "nodes { copies { title platform { id name } } status { id name own } notes myRating }",
        ),
        (
            "crossPlatformGames",
            "nodes { title copies { title } status { name } }",
        ),
    ];
    for (list, selection) in lists {
        let ask = |first: i32| format!("{{ {list}(first: {first}) {{ {selection} }} }}");
        // What is built once, such as the index, is there.
        hub.data(&me, &ask(12), Value::Null).await;
        let mut counts = Vec::new();
        for first in [2, 12] {
            hub.test.database.take_query_count();
            let seen = hub.data(&me, &ask(first), Value::Null).await;
            assert_eq!(
                seen[list]["nodes"].as_array().unwrap().len(),
                first as usize,
                "{list}"
            );
            counts.push(hub.test.database.take_query_count());
        }
        assert_eq!(counts[0], counts[1], "{list} {{ {selection} }}");
        assert!(counts[1] <= 8, "{list} {{ {selection} }}: {counts:?}");
    }
}

#[tokio::test]
async fn a_change_of_one_game_costs_the_same_questions_under_many_rules_as_under_few() {
    let seeds: Vec<Seed> = (1..=12).map(|n| game(n, &format!("Game {n:02}"))).collect();
    let hub = Hub::with(&seeds).await;
    let me = player(1);
    let all = "{ collections(first: 100) { totalCount nodes { name totalCount } } }";
    let mut made = 0;
    let mut counts = Vec::new();
    for rules in [2, 40] {
        for n in made..rules {
            let rule = json!({ "any": [
                when("STATUS", "ONE_OF", options(&["completed"])),
                when("TITLE", "CONTAINS", json!({ "text": format!("{n:02}") })),
            ] });
            create(&hub, &me, json!({ "name": n.to_string(), "rule": rule })).await;
        }
        made = rules;
        hub.data(&me, all, Value::Null).await;
        let status = if rules == 2 { "completed" } else { "playing" };
        mark(&hub, 12, json!({ "status": status })).await;
        hub.test.database.take_query_count();
        let seen = hub.data(&me, all, Value::Null).await;
        counts.push(hub.test.database.take_query_count());
        let nodes = seen["collections"]["nodes"].as_array().unwrap();
        assert_eq!(nodes.len(), rules);
        // "Game 01" is in the second by its title.
        let want = if rules == 2 { 2 } else { 1 };
        assert_eq!(nodes[1]["totalCount"], want);
    }
    assert_eq!(counts[0], counts[1]);
    assert!(counts[0] <= 9, "{counts:?}");
}
