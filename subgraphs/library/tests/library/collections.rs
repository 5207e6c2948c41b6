//! Collections: what a rule gathers, what is put in by hand, and why.

use super::household::{Hub, game, game_id, numbers};
use chrono::TimeDelta;
use djinn_kernel::{Esrb, Scope, Viewer, event::GameKind};
use djinn_library::copy::Holding;
use djinn_testkit::viewers::{child, key, player};
use serde_json::{Value, json};

pub const PREVIEW: &str =
    "query($rule: CollectionRule!, $sort: GameSort, $first: Int, $after: String) {
    previewCollection(rule: $rule, sort: $sort, first: $first, after: $after) {
        nodes { id } totalCount pageInfo { hasNextPage endCursor } } }";
const CREATE: &str = "mutation($input: CreateCollectionInput!) { createCollection(input: $input) {
    collection { id name rule ruleText totalCount games { nodes { id } totalCount } } problems { code field message } } }";
pub const UPDATE: &str =
    "mutation($input: UpdateCollectionInput!) { updateCollection(input: $input) {
    collection { id name rule totalCount } problems { code field message } } }";
pub const ONE: &str = "query($id: ID!, $first: Int, $after: String) { collection(id: $id) { name rule totalCount
    games(first: $first, after: $after) { nodes { id } totalCount pageInfo { hasNextPage endCursor } } } }";
const ALL: &str = "query($first: Int, $after: String) { collections(first: $first, after: $after) {
    nodes { id name totalCount } totalCount pageInfo { hasNextPage endCursor } } }";
const ADD: &str = "mutation($input: AddToCollectionInput!) { addToCollection(input: $input) {
    collection { games { nodes { id } } } problems { code field } } }";
const REMOVE: &str =
    "mutation($input: RemoveFromCollectionInput!) { removeFromCollection(input: $input) {
    collection { games { nodes { id } } } problems { code field } } }";
const WHY: &str =
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
async fn shelf() -> Hub {
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

#[tokio::test]
async fn a_rule_that_cannot_be_is_refused_with_the_place() {
    let hub = shelf().await;
    let fine = when("FAVOURITE", "IS_TRUE", Value::Null);
    let nested = |depth: usize| (0..depth).fold(fine.clone(), |rule, _| json!({ "all": [rule] }));
    for (rule, at) in [
        (json!({}), ""),
        (json!({ "all": [fine], "any": [fine] }), ""),
        (json!({ "all": [fine], "field": "TITLE" }), ""),
        (json!({ "all": [] }), ".all"),
        (json!({ "all": [fine, { "none": [] }] }), ".all[1].none"),
        (json!({ "operator": "IS_TRUE" }), ".field"),
        (json!({ "field": "HIDDEN" }), ".operator"),
        (
            json!({ "all": [fine, when("HIDDEN", "AT_LEAST", Value::Null)] }),
            ".all[1].operator",
        ),
        (
            json!({ "all": [fine, when("HIDDEN", "IS_TRUE", json!({ "number": 1 }))] }),
            ".all[1].value",
        ),
        (when("TITLE", "CONTAINS", Value::Null), ".value"),
        (when("TITLE", "CONTAINS", json!({ "number": 3 })), ".value"),
        (
            when("TITLE", "CONTAINS", json!({ "text": "a", "number": 3 })),
            ".value",
        ),
        (
            when("TITLE", "CONTAINS", json!({ "text": " " })),
            ".value.text",
        ),
        (
            when("TITLE", "CONTAINS", json!({ "text": "x".repeat(201) })),
            ".value.text",
        ),
        (
            when("GENRE", "ONE_OF", json!({ "options": [] })),
            ".value.options",
        ),
        (
            when("GENRE", "ONE_OF", json!({ "options": vec!["x"; 51] })),
            ".value.options",
        ),
        (
            when("GENRE", "ONE_OF", json!({ "options": ["RPG", ""] })),
            ".value.options[1]",
        ),
        (
            json!({ "any": [when("STATUS", "ONE_OF", options(&["playing", "speedrunning"]))] }),
            ".any[0].value.options[1]",
        ),
        (
            when("PLATFORM", "ONE_OF", options(&["dreamcast"])),
            ".value.options[0]",
        ),
        (
            when("HELD_AS", "ONE_OF", options(&["STOLEN"])),
            ".value.options[0]",
        ),
        (
            when("AGE_RATING", "AT_MOST", options(&["TEEN", "MATURE"])),
            ".value.options",
        ),
        (
            when("MY_RATING", "AT_LEAST", json!({ "number": 101 })),
            ".value.number",
        ),
        (
            when(
                "PLAYTIME",
                "BETWEEN",
                json!({ "numbers": { "from": 9, "to": 3 } }),
            ),
            ".value.numbers",
        ),
        (
            when("PLAYTIME", "BETWEEN", json!({ "numbers": {} })),
            ".value.numbers",
        ),
        (
            when("PLAYTIME", "AT_LEAST", json!({ "number": -1 })),
            ".value.number",
        ),
        (
            when(
                "RELEASED",
                "BETWEEN",
                json!({ "dates": { "from": "2020-01-02", "to": "2020-01-01" } }),
            ),
            ".value.dates",
        ),
        (
            when("ADDED", "IN_THE_LAST", json!({ "days": 0 })),
            ".value.days",
        ),
        (
            when("ADDED", "IN_THE_LAST", json!({ "days": 36_501 })),
            ".value.days",
        ),
        (nested(6), ".all[0].all[0].all[0].all[0].all[0].all"),
        (json!({ "any": vec![fine.clone(); 51] }), ".any"),
        (
            json!({ "all": [{ "any": vec![fine.clone(); 50] }, fine] }),
            ".all[1]",
        ),
    ] {
        let preview = hub
            .answer(&player(1), PREVIEW, json!({ "rule": rule }))
            .await;
        let error = &preview["errors"][0];
        assert_eq!(
            error["extensions"]["code"], "INVALID_INPUT",
            "{rule} {preview}"
        );
        assert_eq!(error["extensions"]["field"], format!("rule{at}"), "{rule}");
        let place = format!("`rule{at}` ");
        let message = error["message"].as_str().unwrap();
        assert!(message.starts_with(&place), "{message}");

        let input = json!({ "input": { "name": "Never", "rule": rule } });
        let made = hub.data(&player(1), CREATE, input).await["createCollection"].take();
        assert_eq!(made["problems"][0]["field"], format!("input.rule{at}"));
        assert_eq!(made["collection"], Value::Null);
    }
    assert_eq!(
        hub.data(&player(1), ALL, json!({})).await["collections"]["totalCount"],
        0
    );
    // At the limits it is fine.
    preview(&hub, &player(1), &nested(5)).await;
    preview(&hub, &player(1), &json!({ "any": vec![fine; 50] })).await;
}

#[tokio::test]
async fn everything_that_a_form_is_told_can_be_asked() {
    let hub = shelf().await;
    let described = hub
        .data(
            &player(1),
            "{ collectionFields { name label unit minimum maximum freeOptions operators { name label value } options { id label count } } }",
            json!({}),
        )
        .await["collectionFields"]
        .take();
    let mut asked = 0;
    for field in described.as_array().unwrap() {
        for operator in field["operators"].as_array().unwrap() {
            let option = || match field["options"][0]["id"].as_str() {
                Some(id) => id.to_owned(),
                None => panic!("{field} offers nothing"),
            };
            let number = &field["minimum"];
            let value = match operator["value"].as_str().unwrap() {
                "NONE" => Value::Null,
                "TEXT" => json!({ "text": "a" }),
                "OPTIONS" | "OPTION" => json!({ "options": [option()] }),
                "NUMBER" => json!({ "number": number }),
                "NUMBERS" => json!({ "numbers": { "from": number, "to": field["maximum"] } }),
                "DATE" => json!({ "date": "2020-02-29" }),
                "DATES" => json!({ "dates": { "from": "2020-02-29" } }),
                "DAYS" => json!({ "days": 90 }),
                other => panic!("what is {other}?"),
            };
            let names = (
                field["name"].as_str().unwrap(),
                operator["name"].as_str().unwrap(),
            );
            preview(&hub, &player(1), &when(names.0, names.1, value)).await;
            asked += 1;
        }
    }
    assert!(asked > 80, "{asked}");
    let genre = described
        .as_array()
        .unwrap()
        .iter()
        .find(|field| field["name"] == "GENRE")
        .unwrap();
    assert_eq!(genre["freeOptions"], true);
    assert_eq!(
        genre["options"][0],
        json!({ "id": "Action", "label": "Action", "count": 2 })
    );
}

#[tokio::test]
async fn options_come_with_what_the_viewer_may_see_and_can_be_looked_for() {
    let hub = shelf().await;
    let document = "query($query: String, $first: Int) { collectionFields { name options(query: $query, first: $first) { id count } } }";
    let options = async |viewer: &Viewer, variables: Value, name: &str| {
        let fields = hub.data(viewer, document, variables).await["collectionFields"].take();
        let field = fields
            .as_array()
            .unwrap()
            .iter()
            .find(|field| field["name"] == name);
        field.unwrap()["options"].clone()
    };
    let ben = child(9, 1, Esrb::Teen);
    assert_eq!(
        options(&ben, json!({}), "GENRE").await,
        json!([{ "id": "Action", "count": 1 }, { "id": "Indie", "count": 1 }, { "id": "Platformer", "count": 1 }]),
        "a soundtrack counts, DOOM and Persona do not"
    );
    assert_eq!(
        options(&ben, json!({}), "TAG").await,
        json!([{ "id": "difficult", "count": 1 }])
    );
    assert_eq!(
        options(&player(1), json!({ "query": "PLAT" }), "GENRE").await,
        json!([{ "id": "Platformer", "count": 1 }])
    );
    assert_eq!(
        options(&player(1), json!({ "first": 1 }), "TAG")
            .await
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let platforms = options(&player(1), json!({ "first": 2 }), "PLATFORM").await;
    assert_eq!(
        platforms,
        json!([{ "id": "steam", "count": 5 }, { "id": "gog", "count": 1 }])
    );
    assert_eq!(
        hub.refusal(&player(1), document, json!({ "first": 101 }))
            .await
            .0,
        "PAGE_TOO_LARGE"
    );
}

#[tokio::test]
async fn games_put_in_by_hand_keep_their_order_and_can_be_moved_and_taken_out() {
    let hub = shelf().await;
    let ids = |ns: &[u128]| ns.iter().map(|n| game_id(*n)).collect::<Vec<_>>();
    let me = player(1);
    let made = create(
        &hub,
        &me,
        json!({ "name": "Tonight", "gameIds": ids(&[3, 1, 3]) }),
    )
    .await;
    assert_eq!(made["rule"], Value::Null);
    assert_eq!(numbers(&made["games"]["nodes"]), [3, 1]);
    let add = async |games: &[u128], before: Option<u128>| {
        let input = json!({ "collectionId": made["id"], "gameIds": ids(games), "beforeGameId": before.map(game_id) });
        hub.data(&me, ADD, json!({ "input": input })).await["addToCollection"].take()
    };
    let order = |payload: &Value| numbers(&payload["collection"]["games"]["nodes"]);
    assert_eq!(
        order(&add(&[5, 2], None).await),
        [3, 1, 5, 2],
        "a soundtrack too, if one wants"
    );
    assert_eq!(order(&add(&[4], Some(1)).await), [3, 4, 1, 5, 2]);
    assert_eq!(order(&add(&[2, 5], Some(3)).await), [2, 5, 3, 4, 1]);
    assert_eq!(order(&add(&[2], None).await), [5, 3, 4, 1, 2]);
    let before_itself = add(&[2], Some(2)).await;
    assert_eq!(before_itself["problems"][0]["field"], "input.beforeGameId");
    let nowhere = add(&[77], None).await;
    assert_eq!(
        nowhere["problems"],
        json!([{ "code": "NOT_FOUND", "field": "input.gameIds[0]" }])
    );

    let first = hub
        .data(&me, ONE, json!({ "id": made["id"], "first": 2 }))
        .await["collection"]["games"]
        .take();
    assert_eq!(numbers(&first["nodes"]), [5, 3]);
    assert_eq!(first["totalCount"], 5);
    let after = &first["pageInfo"]["endCursor"];
    // The game at the cursor goes; its place does not.
    let input = json!({ "collectionId": made["id"], "gameIds": ids(&[3]) });
    let removed =
        hub.data(&me, REMOVE, json!({ "input": input })).await["removeFromCollection"].take();
    assert_eq!(order(&removed), [5, 4, 1, 2]);
    let rest = hub
        .data(&me, ONE, json!({ "id": made["id"], "after": after }))
        .await["collection"]["games"]
        .take();
    assert_eq!(numbers(&rest["nodes"]), [4, 1, 2]);

    mark(&hub, 4, json!({ "hidden": true })).await;
    let now = hub.test.ports.clock.now();
    hub.change_copies(1, 1, |copy| copy.removed_at = Some(now))
        .await;
    let left = one(&hub, &me, &made["id"]).await;
    assert_eq!(numbers(&left["games"]["nodes"]), [5, 2]);
    assert_eq!(left["totalCount"], 2);
    hub.change_copies(1, 1, |copy| copy.removed_at = None).await;
    assert_eq!(
        numbers(&one(&hub, &me, &made["id"]).await["games"]["nodes"]),
        [5, 1, 2]
    );
}

#[tokio::test]
async fn a_game_that_turns_out_to_be_another_stays_where_it_was_put() {
    let hub = shelf().await;
    let put = json!({ "name": "Tonight", "gameIds": [game_id(3), game_id(1)] });
    let made = create(&hub, &player(1), put).await;
    hub.learn(&game(6, "Persona 5"), 1).await;
    hub.rematch(1, 3, 6).await;
    assert_eq!(
        numbers(&one(&hub, &player(1), &made["id"]).await["games"]["nodes"]),
        [6, 1]
    );
}

#[tokio::test]
async fn a_smart_collection_takes_no_games_and_a_manual_one_no_rule() {
    let hub = shelf().await;
    let rule = when("FAVOURITE", "IS_TRUE", Value::Null);
    let smart = create(&hub, &player(1), json!({ "name": "Smart", "rule": rule })).await;
    let manual = create(&hub, &player(1), json!({ "name": "Manual" })).await;
    let input = json!({ "collectionId": smart["id"], "gameIds": [game_id(1)] });
    for (document, name) in [(ADD, "addToCollection"), (REMOVE, "removeFromCollection")] {
        let answer = hub
            .data(&player(1), document, json!({ "input": input }))
            .await;
        assert_eq!(
            answer[name]["problems"],
            json!([{ "code": "INVALID_INPUT", "field": "input.collectionId" }])
        );
    }
    let input = json!({ "id": manual["id"], "rule": rule });
    let answer = hub
        .data(&player(1), UPDATE, json!({ "input": input }))
        .await;
    assert_eq!(
        answer["updateCollection"]["problems"][0]["field"],
        "input.rule"
    );
    let both = json!({ "input": { "name": "Both", "rule": rule, "gameIds": [game_id(1)] } });
    let answer = hub.data(&player(1), CREATE, both).await;
    assert_eq!(
        answer["createCollection"]["problems"][0]["field"],
        "input.gameIds"
    );
}

#[tokio::test]
async fn every_part_of_a_rule_says_whether_it_holds_and_what_the_game_has() {
    let hub = shelf().await;
    let rule = json!({ "all": [
        when("GENRE", "ONE_OF", options(&["Indie", "RPG"])),
        { "none": [when("PLAYTIME", "AT_LEAST", json!({ "number": 60 }))] },
        when("CRITIC_SCORE", "AT_LEAST", json!({ "number": 90 })),
    ] });
    let made = create(&hub, &player(1), json!({ "name": "Indies", "rule": rule })).await;
    let why = async |n: u128| {
        let variables = json!({ "collection": made["id"], "game": game_id(n) });
        hub.data(&player(1), WHY, variables).await["whyInCollection"].take()
    };
    let part = |path: &str, text: &str, held: bool, value: Value| json!({ "path": path, "text": text, "held": held, "value": value });
    assert_eq!(
        why(1).await,
        json!({ "included": false, "parts": [
            part("rule", "All of these", false, Value::Null),
            part("rule.all[0]", "Genre is one of Indie, RPG", true, json!("Indie, Platformer")),
            part("rule.all[1]", "None of these", false, Value::Null),
            part("rule.all[1].none[0]", "Playtime is at least 60 minutes", true, json!("600 minutes")),
            part("rule.all[2]", "Critics' score is at least 90", true, json!("92")),
            { "path": null, "text": "Hidden is false", "held": true, "value": "no" },
            { "path": null, "text": "Kind is one of Game", "held": true, "value": "Game" },
        ] })
    );
    let persona = why(3).await;
    assert_eq!(persona["included"], false);
    assert_eq!(
        persona["parts"][4],
        part(
            "rule.all[2]",
            "Critics' score is at least 90",
            false,
            Value::Null
        )
    );
    let input = json!({ "id": made["id"], "rule": { "all": [rule["all"][0], rule["all"][2]] } });
    hub.data(&player(1), UPDATE, json!({ "input": input }))
        .await;
    assert_eq!(why(1).await["included"], true);

    let manual = create(
        &hub,
        &player(1),
        json!({ "name": "By hand", "gameIds": [game_id(1)] }),
    )
    .await;
    for (n, held) in [(1, true), (2, false)] {
        let variables = json!({ "collection": manual["id"], "game": game_id(n) });
        let why = hub.data(&player(1), WHY, variables).await["whyInCollection"].take();
        assert_eq!(why["included"], held);
        assert_eq!(
            why["parts"][0],
            json!({ "path": null, "text": "Put in by hand", "held": held, "value": null })
        );
    }
    // Neither what is not held nor what is somebody else's has a reason.
    let missing = json!({ "collection": made["id"], "game": game_id(77) });
    assert_eq!(
        hub.data(&player(1), WHY, missing).await["whyInCollection"],
        Value::Null
    );
    let theirs = json!({ "collection": made["id"], "game": game_id(1) });
    assert_eq!(
        hub.data(&player(2), WHY, theirs).await["whyInCollection"],
        Value::Null
    );
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
async fn a_child_sees_its_own_collections_and_only_games_it_may_see() {
    let hub = shelf().await;
    let rule = when("PLATFORM", "ONE_OF", options(&["steam"]));
    let anna = create(
        &hub,
        &player(1),
        json!({ "name": "Everything", "rule": rule }),
    )
    .await;
    assert_eq!(anna["totalCount"], 4);
    let ben = writing_child();
    assert_eq!(preview(&hub, &ben, &rule).await, [1]);
    let made = create(&hub, &ben, json!({ "name": "Mine", "rule": rule })).await;
    assert_eq!(made["totalCount"], 1);
    assert_eq!(numbers(&made["games"]["nodes"]), [1]);
    let all = hub.data(&ben, ALL, json!({})).await["collections"].take();
    assert_eq!(all["totalCount"], 1);
    assert_eq!(all["nodes"][0]["name"], "Mine");
    assert_eq!(one(&hub, &ben, &anna["id"]).await, Value::Null);
    assert_eq!(one(&hub, &player(1), &made["id"]).await, Value::Null);

    // DOOM looks as if it were not there, by hand and in reasons too.
    let manual = create(
        &hub,
        &ben,
        json!({ "name": "By hand", "gameIds": [game_id(1)] }),
    )
    .await;
    for n in [2, 77] {
        let input = json!({ "collectionId": manual["id"], "gameIds": [game_id(n)] });
        let added = hub.data(&ben, ADD, json!({ "input": input })).await["addToCollection"].take();
        assert_eq!(
            added["problems"],
            json!([{ "code": "NOT_FOUND", "field": "input.gameIds[0]" }])
        );
        let why = hub
            .data(
                &ben,
                WHY,
                json!({ "collection": made["id"], "game": game_id(n) }),
            )
            .await;
        assert_eq!(why["whyInCollection"], Value::Null);
    }
    // A platform that only hidden games are held on is no platform to a child.
    let gog = when("PLATFORM", "ONE_OF", options(&["dreamcast"]));
    let mut seed = game(8, "Mature on Dreamcast");
    seed.esrb = Some(Esrb::Mature);
    seed.platforms = vec!["dreamcast"];
    hub.hold(1, &[seed]).await;
    assert_eq!(preview(&hub, &player(1), &gog).await, [8]);
    assert_eq!(
        hub.refusal(&ben, PREVIEW, json!({ "rule": gog })).await.0,
        "INVALID_INPUT"
    );

    // A game whose rating rises leaves the child's collections, and their counts.
    let mut seed = game(1, "Celeste");
    seed.esrb = Some(Esrb::Mature);
    hub.learn(&seed, 2).await;
    for id in [&made["id"], &manual["id"]] {
        let seen = one(&hub, &ben, id).await;
        assert_eq!(
            (&seen["totalCount"], &seen["games"]["nodes"]),
            (&json!(0), &json!([]))
        );
    }
}

#[tokio::test]
async fn changing_needs_the_right_to_write_and_looking_the_right_to_read() {
    let hub = shelf().await;
    let rule = when("FAVOURITE", "IS_TRUE", Value::Null);
    let made = create(&hub, &player(1), json!({ "name": "Mine", "rule": rule })).await;
    let create = json!({ "input": { "name": "x", "rule": rule } });
    for (viewer, code) in [
        (Viewer::Anonymous, "UNAUTHENTICATED"),
        (child(9, 1, Esrb::Teen), "FORBIDDEN"),
        (key(1, &[Scope::ReadLibrary]), "FORBIDDEN"),
    ] {
        assert_eq!(hub.refusal(&viewer, CREATE, create.clone()).await.0, code);
    }
    assert_eq!(
        hub.refusal(&key(1, &[Scope::ReadPlay]), ALL, json!({}))
            .await
            .0,
        "FORBIDDEN"
    );
    // Another household's collection is not there, whatever one tries.
    let input = json!({ "input": { "id": made["id"], "name": "Stolen" } });
    let theirs = hub.data(&player(2), UPDATE, input).await["updateCollection"].take();
    assert_eq!(theirs["problems"][0]["code"], "NOT_FOUND");
    let delete = "mutation($id: ID!) { deleteCollection(id: $id) { ok problems { code } } }";
    let theirs = hub
        .data(&player(2), delete, json!({ "id": made["id"] }))
        .await["deleteCollection"]
        .take();
    assert_eq!(
        theirs,
        json!({ "ok": false, "problems": [{ "code": "NOT_FOUND" }] })
    );
    let mine = hub
        .data(&player(1), delete, json!({ "id": made["id"] }))
        .await["deleteCollection"]
        .take();
    assert_eq!(mine, json!({ "ok": true, "problems": [] }));
    assert_eq!(one(&hub, &player(1), &made["id"]).await, Value::Null);
}

#[tokio::test]
async fn collections_are_listed_in_their_players_order_a_page_at_a_time() {
    let hub = Hub::with(&[game(1, "Celeste")]).await;
    let me = player(1);
    let mut ids = Vec::new();
    for name in ["a", "b", "c", "d"] {
        ids.push(create(&hub, &me, json!({ "name": name })).await["id"].clone());
    }
    let names = |page: &Value| {
        let nodes = page["nodes"].as_array().unwrap().iter();
        nodes
            .map(|node| node["name"].as_str().unwrap().to_owned())
            .collect::<String>()
    };
    let list = async |variables: Value| hub.data(&me, ALL, variables).await["collections"].take();
    assert_eq!(names(&list(json!({})).await), "abcd");
    let reorder =
        "mutation($ids: [ID!]!) { reorderCollections(ids: $ids) { ok problems { code field } } }";
    let order = json!({ "ids": [ids[3], ids[1]] });
    let done = hub.data(&me, reorder, order).await["reorderCollections"].take();
    assert_eq!(done, json!({ "ok": true, "problems": [] }));
    let first = list(json!({ "first": 3 })).await;
    assert_eq!(
        (names(&first), &first["totalCount"]),
        ("dba".to_owned(), &json!(4))
    );
    let rest = list(json!({ "after": first["pageInfo"]["endCursor"] })).await;
    assert_eq!(
        (names(&rest), &rest["pageInfo"]["hasNextPage"]),
        ("c".to_owned(), &json!(false))
    );
    for (wrong, code) in [
        (json!([ids[0], ids[0]]), "INVALID_INPUT"),
        (json!(["x"]), "INVALID_ID"),
        (json!([game_id(1)]), "NOT_FOUND"),
    ] {
        let answer = hub.data(&me, reorder, json!({ "ids": wrong })).await;
        assert_eq!(answer["reorderCollections"]["problems"][0]["code"], code);
    }
    assert_eq!(names(&list(json!({})).await), "dbac", "nothing was done");
}

#[tokio::test]
async fn a_player_has_at_most_two_hundred_and_a_name_has_limits_too() {
    let hub = Hub::new().await;
    let me = player(1);
    for name in ["", " \u{7} ", &"x".repeat(81)] {
        let answer = hub
            .data(&me, CREATE, json!({ "input": { "name": name } }))
            .await;
        assert_eq!(
            answer["createCollection"]["problems"][0]["field"],
            "input.name"
        );
    }
    for n in 0..200 {
        create(&hub, &me, json!({ "name": format!("{n}") })).await;
    }
    let answer = hub
        .data(&me, CREATE, json!({ "input": { "name": "One more" } }))
        .await;
    assert_eq!(
        answer["createCollection"]["problems"][0]["code"],
        "LIMIT_EXCEEDED"
    );
    create(&hub, &player(2), json!({ "name": "Somebody else's first" })).await;
}
