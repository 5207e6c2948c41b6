//! Collections: what a rule gathers, now and when something changes.

use super::household::{Hub, game, game_id, numbers};
use chrono::TimeDelta;
use djinn_kernel::{Esrb, Scope, Viewer, event::GameKind};
use djinn_library::copy::Holding;
use djinn_testkit::viewers::{child, player};
use serde_json::{Value, json};

pub const PREVIEW: &str =
    "query($rule: CollectionRule!, $sort: GameSort, $first: Int, $after: String) {
    previewCollection(rule: $rule, sort: $sort, first: $first, after: $after) {
        nodes { id } totalCount pageInfo { hasNextPage endCursor } } }";
pub const CREATE: &str = "mutation($input: CreateCollectionInput!) { createCollection(input: $input) {
    collection { id name rule ruleText totalCount games { nodes { id } totalCount } } problems { code field message } } }";
pub const UPDATE: &str =
    "mutation($input: UpdateCollectionInput!) { updateCollection(input: $input) {
    collection { id name rule totalCount } problems { code field message } } }";
pub const ONE: &str = "query($id: ID!, $first: Int, $after: String) { collection(id: $id) { name rule totalCount
    games(first: $first, after: $after) { nodes { id } totalCount pageInfo { hasNextPage endCursor } } } }";
pub const ALL: &str =
    "query($first: Int, $after: String) { collections(first: $first, after: $after) {
    nodes { id name totalCount } totalCount pageInfo { hasNextPage endCursor } } }";
pub const ADD: &str = "mutation($input: AddToCollectionInput!) { addToCollection(input: $input) {
    collection { games { nodes { id } } } problems { code field } } }";
pub const REMOVE: &str =
    "mutation($input: RemoveFromCollectionInput!) { removeFromCollection(input: $input) {
    collection { games { nodes { id } } } problems { code field } } }";
pub const WHY: &str =
    "query($collection: ID!, $game: ID!) { whyInCollection(collectionId: $collection, gameId: $game) {
    included parts { path text held value } } }";

pub fn when(field: &str, operator: &str, value: Value) -> Value {
    if value.is_null() {
        json!({ "field": field, "operator": operator })
    } else {
        json!({ "field": field, "operator": operator, "value": value })
    }
}

pub fn options(ids: &[&str]) -> Value {
    json!({ "options": ids })
}

pub async fn preview(hub: &Hub, viewer: &Viewer, rule: &Value) -> Vec<u128> {
    let variables = json!({ "rule": rule, "first": 100 });
    let page = hub.data(viewer, PREVIEW, variables).await["previewCollection"].take();
    let mut found = numbers(&page["nodes"]);
    assert_eq!(page["totalCount"], found.len());
    found.sort_unstable();
    found
}

pub async fn create(hub: &Hub, viewer: &Viewer, input: Value) -> Value {
    let made = hub.data(viewer, CREATE, json!({ "input": input })).await["createCollection"].take();
    assert_eq!(made["problems"], json!([]), "{made:#}");
    made["collection"].clone()
}

pub async fn one(hub: &Hub, viewer: &Viewer, id: &Value) -> Value {
    hub.data(viewer, ONE, json!({ "id": id })).await["collection"].take()
}

pub async fn mark(hub: &Hub, n: u128, input: Value) {
    let mut input = input;
    input["gameId"] = json!(game_id(n));
    let document =
        "mutation($input: UpdateGameInput!) { updateGame(input: $input) { problems { code } } }";
    let marked = hub
        .data(&player(1), document, json!({ "input": input }))
        .await;
    assert_eq!(marked["updateGame"]["problems"], json!([]));
}

/// Five games unlike each other.
pub async fn shelf() -> Hub {
    let mut celeste = game(1, "Celeste");
    celeste.genres = vec!["Platformer", "Indie"];
    celeste.tags = vec!["difficult"];
    celeste.minutes = 600;
    celeste.days_ago = Some(10);
    celeste.released = Some("2018-01-25");
    celeste.score = Some(92);
    let mut doom = game(2, "DOOM");
    doom.platforms = vec!["gog", "steam"];
    doom.genres = vec!["Action"];
    doom.esrb = Some(Esrb::Mature);
    doom.released = Some("1993-12-10");
    doom.import_status = Some("completed");
    let mut persona = game(3, "Persona 5 Royal");
    persona.genres = vec!["RPG"];
    persona.tags = vec!["turn-based", "story rich"];
    persona.esrb = Some(Esrb::Mature);
    persona.released = Some("2026-02-01");
    let mut unrated = game(4, "Nobody Rated This");
    unrated.genres = Vec::new();
    unrated.esrb = None;
    unrated.released = None;
    unrated.minutes = 30;
    unrated.days_ago = Some(200);
    let mut extra = game(5, "Celeste Soundtrack");
    extra.kind = GameKind::Extra;
    let hub = Hub::with(&[celeste, doom, persona, unrated, extra]).await;
    mark(&hub, 1, json!({ "favourite": true, "myRating": 95 })).await;
    hub.change_copies(1, 3, |copy| copy.holding = Holding::Subscription)
        .await;
    hub.change_copies(1, 2, |copy| {
        if copy.platform == "gog" {
            copy.holding = Holding::Wishlist;
        }
    })
    .await;
    hub
}

#[tokio::test]
async fn a_rule_gathers_the_games_it_says() {
    let hub = shelf().await;
    let days = |days: i32| json!({ "days": days });
    for (rule, expected) in [
        (
            when("TITLE", "CONTAINS", json!({ "text": "éLeS" })),
            vec![1],
        ),
        (
            when("TITLE", "DOES_NOT_CONTAIN", json!({ "text": "e" })),
            vec![2],
        ),
        (
            when("TITLE", "STARTS_WITH", json!({ "text": "doom" })),
            vec![2],
        ),
        (when("TITLE", "IS", json!({ "text": "celeste" })), vec![1]),
        (when("PLATFORM", "ONE_OF", options(&["gog"])), vec![2]),
        (
            when("PLATFORM", "ALL_OF", options(&["gog", "steam"])),
            vec![2],
        ),
        (
            when("PLATFORM", "NONE_OF", options(&["gog"])),
            vec![1, 3, 4],
        ),
        (
            when("PLATFORM_COUNT", "AT_LEAST", json!({ "number": 2 })),
            vec![2],
        ),
        (
            when("HELD_AS", "ONE_OF", options(&["SUBSCRIPTION"])),
            vec![3],
        ),
        (
            when("HELD_AS", "ALL_OF", options(&["OWNED", "WISHLIST"])),
            vec![2],
        ),
        (when("STATUS", "ONE_OF", options(&["completed"])), vec![2]),
        (
            when("STATUS", "NONE_OF", options(&["unplayed", "completed"])),
            vec![1, 4],
        ),
        (
            when("GENRE", "ONE_OF", options(&["rpg", "No Such Genre"])),
            vec![3],
        ),
        (
            when("GENRE", "ALL_OF", options(&["Indie", "No Such Genre"])),
            vec![],
        ),
        (
            when("GENRE", "CONTAINS", json!({ "text": "form" })),
            vec![1],
        ),
        (when("GENRE", "IS_NOT_SET", Value::Null), vec![4]),
        (when("TAG", "IS_SET", Value::Null), vec![1, 3]),
        (
            when("TAG", "NONE_OF", options(&["Story Rich"])),
            vec![1, 2, 4],
        ),
        (
            when("DEVELOPER", "CONTAINS", json!({ "text": "some" })),
            vec![1, 2, 3, 4],
        ),
        (when("KIND", "ONE_OF", options(&["EXTRA"])), vec![5]),
        (
            when("RELEASED", "BEFORE", json!({ "date": "2018-01-25" })),
            vec![2],
        ),
        (
            when("RELEASED", "AFTER", json!({ "date": "2018-01-24" })),
            vec![1, 3],
        ),
        (
            when(
                "RELEASED",
                "BETWEEN",
                json!({ "dates": { "from": "1993-12-10", "to": "2018-01-25" } }),
            ),
            vec![1, 2],
        ),
        (when("RELEASED", "IN_THE_NEXT", days(30)), vec![3]),
        (when("RELEASED", "IN_THE_NEXT", days(29)), vec![]),
        (when("RELEASED", "LONGER_AGO_THAN", days(3_650)), vec![2]),
        (when("RELEASED", "IS_NOT_SET", Value::Null), vec![4]),
        (
            when(
                "PLAYTIME",
                "BETWEEN",
                json!({ "numbers": { "from": 1, "to": 30 } }),
            ),
            vec![4],
        ),
        (when("PLAYTIME", "IS", json!({ "number": 0 })), vec![2, 3]),
        (when("PLAYED", "IS_FALSE", Value::Null), vec![2, 3]),
        (when("LAST_PLAYED", "IN_THE_LAST", days(10)), vec![1]),
        (when("LAST_PLAYED", "IN_THE_LAST", days(9)), vec![]),
        (when("LAST_PLAYED", "LONGER_AGO_THAN", days(10)), vec![4]),
        (when("ADDED", "IN_THE_LAST", days(2)), vec![1, 2]),
        (when("FAVOURITE", "IS_TRUE", Value::Null), vec![1]),
        (
            when("MY_RATING", "AT_LEAST", json!({ "number": 95 })),
            vec![1],
        ),
        (
            when("CRITIC_SCORE", "IS_NOT_SET", Value::Null),
            vec![2, 3, 4],
        ),
        (when("MAIN_STORY", "IS_SET", Value::Null), vec![]),
        (when("AGE_RATING", "AT_MOST", options(&["TEEN"])), vec![1]),
        (
            when("AGE_RATING", "AT_LEAST", options(&["TEEN"])),
            vec![2, 3],
        ),
        (
            when("AGE_RATING", "NONE_OF", options(&["MATURE"])),
            vec![1, 4],
        ),
        (
            json!({ "any": [when("GENRE", "ONE_OF", options(&["RPG"])), when("FAVOURITE", "IS_TRUE", Value::Null)] }),
            vec![1, 3],
        ),
        (
            json!({ "all": [when("PLAYED", "IS_FALSE", Value::Null), { "none": [when("STATUS", "ONE_OF", options(&["completed"]))] }] }),
            vec![3],
        ),
    ] {
        assert_eq!(preview(&hub, &player(1), &rule).await, expected, "{rule}");
    }
}

#[tokio::test]
async fn what_is_hidden_or_no_game_proper_is_left_out_unless_the_rule_asks() {
    let hub = shelf().await;
    mark(&hub, 1, json!({ "hidden": true })).await;
    let celeste = when("TITLE", "CONTAINS", json!({ "text": "celeste" }));
    assert_eq!(preview(&hub, &player(1), &celeste).await, [0_u128; 0]);
    for (asked, expected) in [
        (when("HIDDEN", "IS_TRUE", Value::Null), vec![1]),
        (when("KIND", "ONE_OF", options(&["GAME", "EXTRA"])), vec![5]),
    ] {
        let rule = json!({ "all": [celeste, asked] });
        assert_eq!(preview(&hub, &player(1), &rule).await, expected, "{rule}");
    }
}

#[tokio::test]
async fn a_saved_rule_has_the_games_of_its_preview_and_comes_back_as_it_was_sent() {
    let hub = shelf().await;
    let rule = json!({ "any": [
        { "all": [when("RELEASED", "BETWEEN", json!({ "dates": { "to": "2020-12-31" } })), when("PLAYTIME", "AT_MOST", json!({ "number": 600 }))] },
        { "none": [when("TITLE", "CONTAINS", json!({ "text": "e" })), when("HELD_AS", "ONE_OF", options(&["SUBSCRIPTION"]))] },
        when("LAST_PLAYED", "IN_THE_LAST", json!({ "days": 90 })),
    ] });
    let made = create(
        &hub,
        &player(1),
        json!({ "name": " Short\u{7} ones ", "rule": rule }),
    )
    .await;
    assert_eq!(made["name"], "Short ones");
    assert_eq!(made["rule"], rule);
    assert_eq!(
        made["ruleText"],
        "(Released is between … and 2020-12-31 and Playtime is at most 600 minutes) or (none of: Title contains “e”, Held as is one of Subscription) or Last played is in the last 90 days"
    );
    let saved = one(&hub, &player(1), &made["id"]).await;
    assert_eq!(saved["rule"], rule);
    let mut games = numbers(&saved["games"]["nodes"]);
    games.sort_unstable();
    assert_eq!(games, preview(&hub, &player(1), &rule).await);
    assert_eq!(games, [1, 2]);
    assert_eq!(saved["totalCount"], 2);
    // What was read can be sent back.
    let input = json!({ "id": made["id"], "rule": saved["rule"], "name": "Again" });
    let again = hub
        .data(&player(1), UPDATE, json!({ "input": input }))
        .await["updateCollection"]
        .take();
    assert_eq!(again["problems"], json!([]));
    assert_eq!(again["collection"]["rule"], rule);
    assert_eq!(again["collection"]["name"], "Again");
}

#[tokio::test]
async fn a_change_of_a_game_shows_at_once_and_so_does_a_new_day() {
    let hub = shelf().await;
    let rule = json!({ "any": [
        when("FAVOURITE", "IS_TRUE", Value::Null),
        when("HELD_AS", "ONE_OF", options(&["PLAYED_ONLY"])),
        when("GENRE", "ONE_OF", options(&["Roguelike"])),
    ] });
    let made = create(&hub, &player(1), json!({ "name": "Now", "rule": rule })).await;
    let now = async || numbers(&one(&hub, &player(1), &made["id"]).await["games"]["nodes"]);
    assert_eq!(now().await, [1]);
    mark(&hub, 2, json!({ "favourite": true })).await;
    assert_eq!(now().await, [1, 2]);
    hub.change_copies(1, 3, |copy| copy.holding = Holding::PlayedOnly)
        .await;
    assert_eq!(now().await, [1, 2, 3]);
    let mut seed = game(4, "Nobody Rated This");
    seed.genres = vec!["Roguelike"];
    hub.learn(&seed, 2).await;
    assert_eq!(now().await, [1, 2, 4, 3]);
    mark(&hub, 1, json!({ "favourite": false })).await;
    assert_eq!(now().await, [2, 4, 3]);

    let rule = when("LAST_PLAYED", "IN_THE_LAST", json!({ "days": 12 }));
    let lately = create(&hub, &player(1), json!({ "name": "Lately", "rule": rule })).await;
    assert_eq!(lately["totalCount"], 1);
    hub.test.clock.advance(TimeDelta::days(2));
    assert_eq!(one(&hub, &player(1), &lately["id"]).await["totalCount"], 1);
    hub.test.clock.advance(TimeDelta::days(1));
    assert_eq!(one(&hub, &player(1), &lately["id"]).await["totalCount"], 0);
}

/// A child of player 1 by a key that may write.
pub fn writing_child() -> Viewer {
    let Viewer::Known(mut identity) = child(9, 1, Esrb::Teen) else {
        unreachable!("a child is somebody")
    };
    identity.scopes = vec![Scope::ReadLibrary, Scope::WriteLibrary];
    Viewer::Known(identity)
}

#[tokio::test]
async fn how_far_a_game_is_how_many_copies_it_has_and_whether_it_has_notes_can_be_asked() {
    let mut celeste = game(1, "Celeste");
    celeste.minutes = 480;
    let mut doom = game(2, "DOOM");
    doom.platforms = vec!["gog", "steam"];
    doom.minutes = 30;
    let hub = Hub::with(&[celeste.clone(), doom.clone(), game(3, "Tetris")]).await;
    let ear = hub.parts.consumer.as_ref().unwrap();
    for (seed, story) in [(&celeste, 480), (&doom, 300)] {
        let changed = djinn_kernel::event::GameChanged {
            main_story_minutes: Some(story),
            ..Hub::facts(seed, 9)
        };
        hub.test.send(&**ear, &changed).await;
    }
    mark(&hub, 3, json!({ "notes": "no end" })).await;
    let number = |number: i32| json!({ "number": number });
    for (rule, want) in [
        (when("PROGRESS", "AT_LEAST", number(100)), &[1][..]),
        (
            when(
                "PROGRESS",
                "BETWEEN",
                json!({ "numbers": { "from": 1, "to": 99 } }),
            ),
            &[2],
        ),
        (when("PROGRESS", "IS_NOT_SET", Value::Null), &[3]),
        (when("COPY_COUNT", "AT_LEAST", number(2)), &[2]),
        (when("NOTED", "IS_TRUE", Value::Null), &[3]),
        (when("NOTED", "IS_FALSE", Value::Null), &[1, 2]),
    ] {
        assert_eq!(preview(&hub, &player(1), &rule).await, want, "{rule}");
    }
    mark(&hub, 3, json!({ "notes": null })).await;
    let noted = when("NOTED", "IS_TRUE", Value::Null);
    assert_eq!(preview(&hub, &player(1), &noted).await, [0_u128; 0]);
}
