//! Two cards that are one game: merged, with everything that was said of both, and told apart again.

use crate::hub::{Hub, Person, Placement};
use serde_json::{Value, json};

const CSV: &str = "title,platform,store_id,playtime_minutes\n\
    GRIP,steam,1,60\n\
    GRIP: Combat Racing,gog,2,45\n\
    Gothic,steam,3,10\n\
    Gothic 3,gog,4,20\n";
const SHELF: &str = "{ games(first: 10, sort: TITLE) { totalCount nodes { id title playtimeMinutes favourite notes copies { id platform { id } } } } }";

async fn shelf(person: &Person<'_>) -> Vec<Value> {
    let mut seen = person.ask(SHELF, json!({})).await;
    serde_json::from_value(seen["games"]["nodes"].take()).unwrap()
}

async fn cards(person: &Person<'_>, count: i32) -> Vec<Value> {
    person
        .until(20, SHELF, |data| data["games"]["totalCount"] == count)
        .await;
    shelf(person).await
}

fn said(card: &Value) -> [&Value; 4] {
    [
        &card["title"],
        &card["playtimeMinutes"],
        &card["favourite"],
        &card["notes"],
    ]
}

async fn mark(person: &Person<'_>, game: &Value, favourite: bool, notes: Option<&str>) {
    let marked = person
        .ask(
            "mutation($input: UpdateGameInput!) { updateGame(input: $input) { problems { code } } }",
            json!({ "input": { "gameId": game, "favourite": favourite, "notes": notes } }),
        )
        .await;
    assert_eq!(marked["updateGame"]["problems"], json!([]));
}

async fn two_cards_become_one_and_two_again(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    let answer = owner
        .ask(
            "mutation($input: ImportInput!) { importGames(input: $input) { added problems { code message } } }",
            json!({ "input": { "format": "CSV", "content": CSV, "label": "Shelf" } }),
        )
        .await;
    assert_eq!(answer["importGames"]["added"], 4, "{answer}");
    let before = cards(&owner, 4).await;
    let titles: Vec<&Value> = before.iter().map(|card| &card["title"]).collect();
    assert_eq!(
        titles,
        ["Gothic", "Gothic 3", "GRIP", "GRIP: Combat Racing"]
    );
    let (grip, racing) = (&before[2]["id"], &before[3]["id"]);
    mark(&owner, racing, true, Some("with friends")).await;

    // The sequel is no suggestion, the subtitle is.
    let queue = owner
        .ask(
            "{ duplicateGames { totalCount nodes { games { title } evidence { kind text } } } }",
            json!({}),
        )
        .await;
    assert_eq!(queue["duplicateGames"]["totalCount"], 1, "{queue}");

    let merged = owner
        .ask(
            "mutation($input: MergeGamesInput!) { mergeGames(input: $input) { game { id merges { id action } } problems { code } } }",
            json!({ "input": { "into": grip, "games": [racing] } }),
        )
        .await;
    assert_eq!(merged["mergeGames"]["problems"], json!([]));
    let together = cards(&owner, 3).await;
    assert_eq!(
        said(&together[2]),
        [
            &json!("GRIP"),
            &json!(105),
            &json!(true),
            &json!("with friends")
        ]
    );
    assert_eq!(together[2]["copies"].as_array().unwrap().len(), 2);

    let id = &merged["mergeGames"]["game"]["merges"][0]["id"];
    let undone = owner
        .ask(
            "mutation($id: ID!) { undoMerge(id: $id) { problems { code } } }",
            json!({ "id": id }),
        )
        .await;
    assert_eq!(undone["undoMerge"]["problems"], json!([]));
    let apart = cards(&owner, 4).await;
    assert_eq!(
        said(&apart[2]),
        [&json!("GRIP"), &json!(60), &json!(false), &Value::Null]
    );
    assert_eq!(
        said(&apart[3]),
        [
            &json!("GRIP: Combat Racing"),
            &json!(45),
            &json!(true),
            &json!("with friends")
        ]
    );
}

crate::in_both_placements!(two_cards_become_one_and_two_again);
