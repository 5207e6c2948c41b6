//! What a household decided about its games goes with its file: into another household, and back
//! into its own any number of times.

use crate::{
    hub::{Hub, Person, Placement},
    people::stranger,
};
use serde_json::{Value, json};

const CSV: &str = "title,platform,store_id,playtime_minutes\n\
    GRIP,steam,1,60\n\
    GRIP: Combat Racing,gog,2,45\n\
    Portal 2,steam,3,10\n\
    Portal 2,gog,4,0\n\
    Unpacking,epic,5,0\n";
const STATS: &str = "{ libraryStats { games copies } }";
const GAMES: &str = "{ games(first: 10, sort: TITLE) { nodes { id title notes favourite copies { id platform { id } } } } }";
const IMPORT: &str = "mutation($input: ImportInput!) { importGames(input: $input) { added updated problems { code message } } }";

async fn import(person: &Person<'_>, content: &str) {
    let input = json!({ "input": { "content": content, "label": "Shelf" } });
    let done = person.ask(IMPORT, input).await["importGames"].take();
    assert_eq!(done["problems"], json!([]), "{done:#}");
}

async fn settled(person: &Person<'_>, games: i32) {
    let want = json!({ "games": games, "copies": 5 });
    person
        .until(30, STATS, |data| data["libraryStats"] == want)
        .await;
}

async fn change(person: &Person<'_>, document: &str, variables: Value) {
    let done = person.ask(document, variables).await;
    let payload = done.as_object().unwrap().values().next().unwrap();
    assert_eq!(payload["problems"], json!([]), "{done:#}");
}

async fn export(hub: &Hub, person: &Person<'_>) -> String {
    let document = "mutation { exportLibrary(input: { format: JSON }) { url problems { code } } }";
    let made = person.ask(document, json!({})).await["exportLibrary"].take();
    assert_eq!(made["problems"], json!([]));
    let url = format!("{}{}", hub.url, made["url"].as_str().unwrap());
    let file = hub.http.get(url).send().await.unwrap();
    assert_eq!(file.status(), 200);
    file.text().await.unwrap()
}

async fn what_was_merged_and_split_is_the_same_after_a_trip_through_a_file(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    import(&owner, CSV).await;
    // The two of Portal are one game by their title.
    settled(&owner, 4).await;
    let before = owner.ask(GAMES, json!({})).await["games"]["nodes"].take();
    let id = |title: &str| -> Value {
        let games = before.as_array().unwrap();
        let game = games.iter().find(|game| game["title"] == title).unwrap();
        game["id"].clone()
    };
    let (grip, racing, portal) = (id("GRIP"), id("GRIP: Combat Racing"), id("Portal 2"));
    let update =
        "mutation($input: UpdateGameInput!) { updateGame(input: $input) { problems { code } } }";
    for (game, notes, favourite) in [
        (&grip, "Of the first", false),
        (&racing, "Of the second", true),
        (&portal, "Of both", false),
    ] {
        let input = json!({ "gameId": game, "notes": notes, "favourite": favourite, "status": "completed" });
        change(&owner, update, json!({ "input": input })).await;
    }
    change(
        &owner,
        "mutation($input: CreateCollectionInput!) { createCollection(input: $input) { problems { code } } }",
        json!({ "input": { "name": "By hand", "gameIds": [racing, portal, grip] } }),
    )
    .await;
    change(
        &owner,
        "mutation($input: MergeGamesInput!) { mergeGames(input: $input) { problems { code } } }",
        json!({ "input": { "into": grip, "games": [racing] } }),
    )
    .await;
    settled(&owner, 3).await;
    let nodes = before.as_array().unwrap();
    let both = nodes.iter().find(|game| game["id"] == portal).unwrap();
    let copies = both["copies"].as_array().unwrap();
    let gog = copies.iter().find(|copy| copy["platform"]["id"] == "gog");
    change(
        &owner,
        "mutation($input: SplitGameInput!) { splitGame(input: $input) { problems { code } } }",
        json!({ "input": { "game": portal, "copies": [gog.unwrap()["id"]] } }),
    )
    .await;
    settled(&owner, 4).await;

    let file = export(&hub, &owner).await;
    for notes in ["Of the first", "Of the second", "Of both"] {
        assert_eq!(file.matches(notes).count(), 1, "{notes} in {file}");
    }
    let otto = stranger(&hub, &owner).await;
    import(&otto, &file).await;
    settled(&otto, 4).await;
    assert_eq!(export(&hub, &otto).await, file);
    // Nor does it grow, however often it comes: not there, and not where it is from.
    for _ in 0..2 {
        for person in [&otto, &owner] {
            import(person, &file).await;
            settled(person, 4).await;
            assert_eq!(export(&hub, person).await, file);
        }
    }
    let seen = otto.ask(GAMES, json!({})).await["games"]["nodes"].take();
    let merged = seen.as_array().unwrap().iter().find(|game| {
        let copies = game["copies"].as_array().unwrap();
        copies.len() == 2
    });
    let merged = merged.unwrap();
    assert_eq!(merged["notes"], "Of the first");
}

/// The titles of the games, each with the platforms of its copies and what was noted.
fn grouped(data: &Value) -> Vec<(String, Vec<String>, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let games = data["games"]["nodes"].as_array().unwrap().iter();
    let mut games: Vec<(String, Vec<String>, String)> = games
        .map(|game| {
            let copies = game["copies"].as_array().unwrap().iter();
            let mut platforms: Vec<String> =
                copies.map(|copy| text(&copy["platform"]["id"])).collect();
            platforms.sort();
            (text(&game["title"]), platforms, text(&game["notes"]))
        })
        .collect();
    games.sort();
    games
}

async fn a_file_regroups_the_copies_that_are_there_already(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    let otto = stranger(&hub, &owner).await;
    for person in [&owner, &otto] {
        import(person, CSV).await;
        settled(person, 4).await;
    }
    let games = owner.ask(GAMES, json!({})).await["games"]["nodes"].take();
    let games = games.as_array().unwrap();
    let game = |title: &str| games.iter().find(|game| game["title"] == title).unwrap();
    let (grip, racing) = (game("GRIP"), game("GRIP: Combat Racing"));
    let portal = game("Portal 2");
    let mut copies = portal["copies"].as_array().unwrap().iter();
    let gog = copies.find(|copy| copy["platform"]["id"] == "gog").unwrap();
    for (document, input) in [
        (
            "MergeGamesInput!) { done: mergeGames",
            json!({ "into": grip["id"], "games": [racing["id"]] }),
        ),
        (
            "SplitGameInput!) { done: splitGame",
            json!({ "game": portal["id"], "copies": [gog["id"]] }),
        ),
    ] {
        let document =
            format!("mutation($input: {document}(input: $input) {{ problems {{ code }} }} }}");
        change(&owner, &document, json!({ "input": input })).await;
    }
    let split = |data: &Value| {
        let games = grouped(data);
        games.iter().filter(|game| game.0 == "Portal 2").count() == 2
            && games
                .iter()
                .filter(|game| game.0.starts_with("GRIP"))
                .count()
                == 1
    };
    let now = owner.until(30, GAMES, split).await;
    let nodes = now["games"]["nodes"].as_array().unwrap();
    let update =
        "mutation($input: UpdateGameInput!) { updateGame(input: $input) { problems { code } } }";
    for game in nodes {
        let copies = game["copies"].as_array().unwrap();
        let notes = format!("Of {} with {}", game["title"], copies[0]["platform"]["id"]);
        let input = json!({ "gameId": game["id"], "notes": notes });
        change(&owner, update, json!({ "input": input })).await;
    }
    let want = grouped(&owner.ask(GAMES, json!({})).await);
    assert_eq!(want.len(), 4);

    // Otto has decided nothing, and sees his games as the file has them: once and for all.
    let file = export(&hub, &owner).await;
    for _ in 0..2 {
        import(&otto, &file).await;
        otto.until(30, GAMES, |data| grouped(data) == want).await;
    }
}

crate::in_both_placements!(
    what_was_merged_and_split_is_the_same_after_a_trip_through_a_file,
    a_file_regroups_the_copies_that_are_there_already,
);
