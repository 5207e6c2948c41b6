//! What was said and decided of a library's games is there again when it comes back, unless it was
//! forgotten.

use crate::hub::{Hub, Person, Placement};
use serde_json::{Value, json};

const STAYS: &str = "title,platform\nThief,steam\n";
const GOES: &str = "title,platform,year\nSecret of Mana,snes,1993\nThief,gog,\n";
const IMPORT: &str =
    "mutation($input: ImportInput!) { importGames(input: $input) { problems { code message } } }";
const SHELF: &str = "{ libraryStats { games copies } libraries { nodes { id label } } games(first: 10, sort: TITLE) { nodes { id title notes myRating copies { id platform { id } } } } }";

async fn import(person: &Person<'_>, content: &str, label: &str) {
    let input = json!({ "input": { "content": content, "label": label } });
    let done = person.ask(IMPORT, input).await["importGames"].take();
    assert_eq!(done["problems"], json!([]), "{done:#}");
}

async fn shelf(person: &Person<'_>, games: i32, copies: i32) -> Value {
    let want = json!({ "games": games, "copies": copies });
    person
        .until(30, SHELF, |data| data["libraryStats"] == want)
        .await
}

fn card<'v>(shelf: &'v Value, title: &str) -> Option<&'v Value> {
    let games = shelf["games"]["nodes"].as_array().unwrap();
    games.iter().find(|game| game["title"] == title)
}

/// Ends a library, by unlinking or forgetting.
async fn end(person: &Person<'_>, label: &str, mutation: &str) {
    let data = person.ask(SHELF, json!({})).await;
    let libraries = data["libraries"]["nodes"].as_array().unwrap();
    let library = libraries.iter().find(|one| one["label"] == label).unwrap();
    let done = person.ask(mutation, json!({ "id": library["id"] })).await;
    let payload = done.as_object().unwrap().values().next().unwrap();
    assert_eq!(payload["problems"], json!([]), "{done:#}");
}

async fn an_unlinked_library_comes_back_as_it_was_and_a_forgotten_one_does_not(
    placement: Placement,
) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    import(&owner, STAYS, "One").await;
    import(&owner, GOES, "Two").await;
    // The two of Thief are one game by their title.
    let before = shelf(&owner, 2, 3).await;
    let (mana, thief) = (
        card(&before, "Secret of Mana").unwrap(),
        card(&before, "Thief").unwrap(),
    );
    owner
        .ask(
            "mutation($input: UpdateGameInput!) { updateGame(input: $input) { problems { code } } }",
            json!({ "input": { "gameId": mana["id"], "notes": "precious", "myRating": 77 } }),
        )
        .await;
    let mut copies = thief["copies"].as_array().unwrap().iter();
    let gog = copies.find(|copy| copy["platform"]["id"] == "gog");
    owner
        .ask(
            "mutation($input: SplitGameInput!) { splitGame(input: $input) { problems { code } } }",
            json!({ "input": { "game": thief["id"], "copies": [gog.unwrap()["id"]] } }),
        )
        .await;
    shelf(&owner, 3, 3).await;

    let unlink = "mutation($id: ID!) { unlinkLibrary(id: $id) { problems { code } } }";
    end(&owner, "Two", unlink).await;
    shelf(&owner, 1, 1).await;
    import(&owner, GOES, "Two again").await;
    let after = shelf(&owner, 3, 3).await;
    let back = card(&after, "Secret of Mana").unwrap();
    for field in ["id", "notes", "myRating"] {
        let want = json!({ "id": mana["id"], "notes": "precious", "myRating": 77 });
        assert_eq!(back[field], want[field], "{field}");
    }

    let forget =
        "mutation($id: ID!) { forgetLibrary(input: { library: $id }) { problems { code } } }";
    end(&owner, "Two again", forget).await;
    shelf(&owner, 1, 1).await;
    import(&owner, GOES, "Two").await;
    let new = shelf(&owner, 2, 3).await;
    let new = card(&new, "Secret of Mana").unwrap();
    assert_ne!(new["id"], mana["id"]);
    assert_eq!(new["notes"], Value::Null);
}

crate::in_both_placements!(an_unlinked_library_comes_back_as_it_was_and_a_forgotten_one_does_not);
