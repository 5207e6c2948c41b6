//! One's own tags: set, filtered by, gathered by, and taken along in files.

use super::{
    collections::{mark, options, preview, when},
    export::{export, household, import, settle},
    household::{Hub, game, game_id, numbers},
    stage::{Stage, game_of},
};
use djinn_kernel::Esrb;
use djinn_testkit::viewers::{child, player};
use serde_json::{Value, json};

const UPDATE: &str = "mutation($input: UpdateGameInput!) { updateGame(input: $input) {
    game { myTags tags } problems { code field message } } }";
const LIST: &str =
    "query($filter: GameFilter) { games(filter: $filter) { totalCount nodes { id myTags }
    facets { myTags { id label count } } } }";

#[tokio::test]
async fn ones_own_tags_are_tidied_kept_and_removed() {
    let hub = Hub::with(&[game(1, "Celeste")]).await;
    let set = async |tags: Value| {
        let input = json!({ "input": { "gameId": game_id(1), "tags": tags } });
        hub.data(&player(1), UPDATE, input).await["updateGame"].take()
    };
    let made = set(json!(["  Couch  co-op ", "GIFT", "couch CO-OP"])).await;
    assert_eq!(made["game"]["myTags"], json!(["Couch co-op", "GIFT"]));
    // What providers say of it is something else.
    assert_eq!(made["game"]["tags"], json!([]));
    let long = "x".repeat(51);
    let many: Vec<String> = (0..51).map(|n| n.to_string()).collect();
    for refused in [json!([long]), json!([" "]), json!(many)] {
        let problem = set(refused).await["problems"][0].take();
        assert_eq!(
            (&problem["code"], &problem["field"]),
            (&json!("INVALID_INPUT"), &json!("input.tags"))
        );
    }
    // What is not said stays.
    mark(&hub, 1, json!({ "favourite": true })).await;
    let list = hub.data(&player(1), LIST, json!({})).await;
    assert_eq!(
        list["games"]["nodes"][0]["myTags"],
        json!(["Couch co-op", "GIFT"])
    );
    assert_eq!(set(json!(null)).await["game"]["myTags"], json!([]));
}

#[tokio::test]
async fn lists_facets_and_rules_go_by_ones_own_tags_and_a_child_finds_none() {
    let mut other = game(3, "Tetris");
    other.tags = vec!["Couch co-op"];
    let hub = Hub::with(&[game(1, "Celeste"), game(2, "Portal"), other]).await;
    mark(&hub, 1, json!({ "tags": ["Couch co-op", "GIFT"] })).await;
    mark(&hub, 2, json!({ "tags": ["couch co-op"] })).await;
    let (me, kid) = (player(1), child(2, 1, Esrb::Teen));
    let filter = json!({ "filter": { "myTags": ["COUCH co-op"] } });
    let found = hub.data(&me, LIST, filter.clone()).await["games"].take();
    assert_eq!(numbers(&found["nodes"]), [1, 2]);
    // Counted as if its own filter were not set.
    let counts: Vec<_> = found["facets"]["myTags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["count"].as_i64().unwrap())
        .collect();
    assert_eq!(counts, [2, 1]);
    let seen = hub.data(&kid, LIST, filter).await["games"].take();
    assert_eq!(seen["totalCount"], 0);
    assert_eq!(seen["facets"]["myTags"], json!([]));
    let seen = hub.data(&kid, LIST, json!({})).await["games"].take();
    assert_eq!(seen["nodes"][0]["myTags"], json!([]));

    for (rule, mine) in [
        (when("MY_TAG", "ONE_OF", options(&["gift"])), vec![1]),
        (
            when("MY_TAG", "ALL_OF", options(&["Gift", "couch co-op"])),
            vec![1],
        ),
        (
            when("MY_TAG", "CONTAINS", json!({ "text": "couch" })),
            vec![1, 2],
        ),
        (when("MY_TAG", "IS_SET", Value::Null), vec![1, 2]),
    ] {
        assert_eq!(preview(&hub, &me, &rule).await, mine, "{rule}");
        assert_eq!(preview(&hub, &kid, &rule).await, [0_u128; 0], "{rule}");
    }
    let unset = when("MY_TAG", "IS_NOT_SET", Value::Null);
    assert_eq!(preview(&hub, &me, &unset).await, [3]);
    assert_eq!(preview(&hub, &kid, &unset).await, [1, 2, 3]);
    // A rule that is looked at again knows of a tag that is new.
    mark(&hub, 3, json!({ "tags": ["gift"] })).await;
    let gifts = when("MY_TAG", "ONE_OF", options(&["gift"]));
    assert_eq!(preview(&hub, &me, &gifts).await, [1, 3]);
    let fields = "{ collectionFields { name freeOptions options { id count } } }";
    let fields = hub.data(&kid, fields, json!({})).await;
    let fields = fields["collectionFields"].as_array().unwrap();
    let mine = fields.iter().find(|one| one["name"] == "MY_TAG").unwrap();
    assert_eq!(
        mine,
        &json!({ "name": "MY_TAG", "freeOptions": true, "options": [] })
    );
}

#[tokio::test]
async fn every_file_takes_ones_own_tags_along() {
    let stage = household().await;
    let input = json!({ "input": {
        "gameId": game_of("Half-Life").0.to_string(), "tags": ["Evening", "with, a comma"],
    } });
    stage.hub.data(&stage.me, UPDATE, input).await;
    for format in ["JSON", "CSV", "PLAYNITE_CSV"] {
        let file = export(&stage, &stage.me, format).await;
        let other = Stage::set().await;
        import(&other, &file).await;
        settle(&other).await;
        let list = "{ games(first: 10, filter: { myTags: [\"evening\"] }) { nodes { myTags copies { title } } } }";
        let found = other.hub.data(&other.me, list, json!({})).await["games"]["nodes"].take();
        assert_eq!(
            found,
            json!([{ "myTags": ["Evening", "with, a comma"], "copies": [{ "title": "Half-Life" }] }]),
            "{format}"
        );
    }
}
