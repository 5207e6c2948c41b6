//! What a grown-up notes, rates, likes and hides is theirs alone: to a child of the household it is as
//! if it had never been said, by whichever way it asks.

use super::{
    collections::{mark, preview, when},
    household::{Hub, game, game_id, numbers},
};
use djinn_kernel::{
    Esrb, Viewer,
    event::{GameHidden, HoldingChanged},
};
use djinn_testkit::viewers::{child, player, player_id};
use serde_json::{Value, json};

fn kid() -> Viewer {
    child(2, 1, Esrb::Teen)
}

async fn shelf() -> Hub {
    let hub = Hub::with(&[game(1, "Celeste"), game(2, "Portal"), game(3, "Tetris")]).await;
    let said = json!({
        "notes": "GIFT FOR KID SECRET", "myRating": 7, "favourite": true, "status": "on_hold",
    });
    mark(&hub, 1, said).await;
    mark(&hub, 2, json!({ "hidden": true })).await;
    hub
}

#[tokio::test]
async fn a_child_reads_no_note_rating_or_favourite_of_a_grown_up() {
    let hub = shelf().await;
    let query = "query($of: [_Any!]!) {
        games { nodes { id notes myRating favourite hidden status { id } } }
        _entities(representations: $of) { ... on Game { notes myRating favourite hidden } } }";
    let of = json!({ "of": [{ "__typename": "Game", "id": game_id(1) }] });
    let seen = hub.data(&kid(), query, of.clone()).await;
    assert!(!seen.to_string().contains("SECRET"), "{seen:#}");
    let first = &seen["games"]["nodes"][0];
    let nothing = json!({ "notes": null, "myRating": null, "favourite": false, "hidden": false });
    assert_eq!(seen["_entities"][0], nothing);
    assert_eq!(
        (&first["notes"], &first["myRating"], &first["favourite"]),
        (&json!(null), &json!(null), &json!(false))
    );
    // The status is of the library that they share.
    assert_eq!(first["status"]["id"], "on_hold");
    let own = hub.data(&player(1), query, of).await;
    assert_eq!(own["_entities"][0]["notes"], "GIFT FOR KID SECRET");
}

#[tokio::test]
async fn a_filter_or_a_rule_tells_a_child_nothing_of_a_grown_ups_marks() {
    let hub = shelf().await;
    let list = "query($filter: GameFilter) { games(filter: $filter) { totalCount nodes { id } } }";
    for (filter, expected) in [
        (json!({ "favourite": true }), Vec::<u128>::new()),
        (json!({ "favourite": false }), vec![1, 3]),
        (json!({ "hidden": true }), vec![]),
    ] {
        let found = hub.data(&kid(), list, json!({ "filter": filter })).await;
        assert_eq!(numbers(&found["games"]["nodes"]), expected, "{filter}");
        assert_eq!(found["games"]["totalCount"], expected.len());
    }
    for (rule, expected) in [
        (when("NOTED", "IS_TRUE", Value::Null), Vec::<u128>::new()),
        (when("FAVOURITE", "IS_TRUE", Value::Null), vec![]),
        (when("MY_RATING", "IS_SET", Value::Null), vec![]),
        (
            when("MY_RATING", "AT_LEAST", json!({ "number": 0 })),
            vec![],
        ),
        (when("HIDDEN", "IS_TRUE", Value::Null), vec![]),
        (when("HIDDEN", "IS_FALSE", Value::Null), vec![1, 3]),
    ] {
        // The grown-up asks first, so that what is remembered for them is not the child's.
        preview(&hub, &player(1), &rule).await;
        assert_eq!(preview(&hub, &kid(), &rule).await, expected, "{rule}");
    }
    let own = when("NOTED", "IS_TRUE", Value::Null);
    assert_eq!(preview(&hub, &player(1), &own).await, [1]);
}

#[tokio::test]
async fn a_hidden_game_is_not_there_for_a_child_and_comes_back_when_it_is_shown() {
    let hub = shelf().await;
    let query = "query($of: [_Any!]!) {
        games { totalCount } searchGames(query: \"portal\") { totalCount }
        every: games(filter: { kinds: [], hidden: true }) { totalCount }
        libraryStats { games copies }
        _entities(representations: $of) { ... on Game { title copies { id } status { id } } }
        whyMissing(title: \"Portal\") { kind } }";
    let of = json!({ "of": [{ "__typename": "Game", "id": game_id(2) }] });
    let seen = hub.data(&kid(), query, of.clone()).await;
    assert_eq!(seen["games"]["totalCount"], 2);
    assert_eq!(seen["searchGames"]["totalCount"], 0);
    assert_eq!(seen["every"]["totalCount"], 0);
    assert_eq!(seen["libraryStats"], json!({ "games": 2, "copies": 2 }));
    assert_eq!(
        seen["_entities"][0],
        json!({ "title": null, "copies": [], "status": null })
    );
    let kinds = seen["whyMissing"].to_string();
    assert!(!kinds.contains("HIDDEN"), "{kinds}");

    mark(&hub, 2, json!({ "hidden": false })).await;
    let seen = hub.data(&kid(), query, of).await;
    assert_eq!(seen["games"]["totalCount"], 3);
    assert_eq!(seen["_entities"][0]["title"], "Portal");
}

#[tokio::test]
async fn other_parts_of_the_hub_are_told_of_hiding_and_of_nothing_else() {
    let hub = Hub::with(&[game(1, "Celeste")]).await;
    assert!(hub.test.take_payloads::<GameHidden>().await.is_empty());
    mark(&hub, 1, json!({ "hidden": true })).await;
    mark(&hub, 1, json!({ "notes": "once more" })).await;
    mark(&hub, 1, json!({ "hidden": false })).await;
    let events = hub.test.take_events().await;
    let told: Vec<GameHidden> = events
        .iter()
        .filter_map(djinn_kernel::Event::read)
        .collect();
    assert_eq!(
        told.iter().map(|one| one.hidden).collect::<Vec<_>>(),
        [true, false]
    );
    assert!(told[0].revision < told[1].revision);
    assert_eq!(
        (told[0].household, told[0].game.0),
        (player_id(1), game_id(1))
    );
    let holdings = events
        .iter()
        .filter_map(djinn_kernel::Event::read::<HoldingChanged>);
    assert_eq!(holdings.count(), 3);
}
