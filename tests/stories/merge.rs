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

fn copies(game: &Value) -> usize {
    game["copies"].as_array().map_or(0, Vec::len)
}

fn all_copies(decided: &Value) -> Vec<usize> {
    let games = decided["games"].as_array().unwrap();
    games.iter().map(copies).collect()
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
            "mutation($input: MergeGamesInput!) { mergeGames(input: $input) { game { id copies { id } merges { id action } } problems { code } } }",
            json!({ "input": { "into": grip, "games": [racing] } }),
        )
        .await;
    assert_eq!(merged["mergeGames"]["problems"], json!([]));
    // The answer says already what the library holds now.
    assert_eq!(copies(&merged["mergeGames"]["game"]), 2, "{merged}");
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
            "mutation($id: ID!) { undoMerge(id: $id) { games { copies { id } } problems { code } } }",
            json!({ "id": id }),
        )
        .await;
    assert_eq!(undone["undoMerge"]["problems"], json!([]));
    assert_eq!(all_copies(&undone["undoMerge"]), [1, 1], "{undone}");
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

    // The same of a split: the two are merged again, and one copy is split off.
    let again = owner
        .ask(
            "mutation($input: MergeGamesInput!) { mergeGames(input: $input) { game { copies { id platform { id } } } } }",
            json!({ "input": { "into": grip, "games": [racing] } }),
        )
        .await;
    let both = again["mergeGames"]["game"]["copies"].as_array().unwrap();
    assert_eq!(both.len(), 2, "{again}");
    let off = both.iter().find(|copy| copy["platform"]["id"] == "gog");
    let split = owner
        .ask(
            "mutation($input: SplitGameInput!) { splitGame(input: $input) { games { copies { id } } problems { code } } }",
            json!({ "input": { "game": grip, "copies": [off.unwrap()["id"]] } }),
        )
        .await;
    assert_eq!(split["splitGame"]["problems"], json!([]));
    assert_eq!(all_copies(&split["splitGame"]), [1, 1], "{split}");
}

crate::in_both_placements!(two_cards_become_one_and_two_again);
