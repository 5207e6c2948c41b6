//! A child's ceiling holds wherever one looks.

use crate::{
    hub::{Hub, Person, Placement},
    people::{child, profile},
    the_graph::{game, import},
};
use serde_json::{Value, json};

const HIDDEN: [&str; 4] = ["Half-Life", "Half-Life 2", "DOOM", "Nobody Rated This"];

async fn no_door_shows_a_child_a_game_above_its_ceiling(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    import(&owner).await;
    let doom = game(&owner, "DOOM").await;
    let child = child(&hub, &owner).await;

    let everything = child
        .ask(
            "query($doom: ID!) {
                games { totalCount nodes { title } facets { ratings { id count } genres { id count } platforms { id count } decades { id count } } }
                searchGames(query: \"half-life\") { totalCount nodes { title } }
                recentlyPlayed { title }
                libraryStats { games copies byGenre { id count } byPlatform { id count } }
                recommendGames(limit: 50) { game { title } reasons { text } }
                game(id: $doom) { title }
                me { libraries { label } } }",
            json!({ "doom": doom }),
        )
        .await;
    assert_eq!(everything["games"]["totalCount"], 4, "{everything:#}");
    assert_eq!(everything["searchGames"]["totalCount"], 0);
    assert_eq!(everything["game"], Value::Null);
    assert_eq!(everything["libraryStats"]["games"], 4);
    let text = everything.to_string();
    for title in HIDDEN {
        assert!(
            !text.contains(&format!("\"{title}\"")),
            "{title} leaks: {everything:#}"
        );
    }
    // Counts say nothing either: there is no Shooter for a child here.
    assert!(!text.contains("Shooter"), "{everything:#}");
    // A child may not change the library at all.
    let code = child.refused("mutation($id: ID!) { updateGame(input: { gameId: $id, favourite: true }) { problems { code } } }", json!({ "id": doom })).await;
    assert_eq!(code, "FORBIDDEN");
    let code = child
        .refused(
            "mutation { createApiKey(input: { name: \"x\", scopes: [ADMIN] }) { secret } }",
            json!({}),
        )
        .await;
    assert_eq!(code, "FORBIDDEN");
}

async fn a_key_of_a_child_sees_what_the_child_sees(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    import(&owner).await;
    let child = child(&hub, &owner).await;
    let key = owner
        .ask(
            "mutation($profile: ID!) { createApiKey(input: { name: \"tablet\", scopes: [READ_LIBRARY], profileId: $profile }) { secret problems { code message } } }",
            json!({ "profile": child.id }),
        )
        .await;
    let tablet = hub.with_key(key["createApiKey"]["secret"].as_str().unwrap());
    let seen = tablet.ask("{ games { totalCount } }", json!({})).await;
    assert_eq!(seen["games"]["totalCount"], 4);
}

/// What boards say of six games; the last is rated by nobody.
const BY_BOARDS: &str = "title,platform,rating
Strong Words,manual,ESRB M; USK 12; PEGI 16
Strong Deeds,manual,ESRB M; USK 16; PEGI 12
European,manual,PEGI 12
American,manual,ESRB T
For Everyone,manual,USK 0; PEGI 3
Nobody Asked,manual,
";

async fn a_child_sees_what_the_board_of_its_guardian_allows(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    let input = json!({ "format": "CSV", "content": BY_BOARDS, "label": "Shelf" });
    let imported = owner
        .ask(
            "mutation($input: ImportInput!) { importGames(input: $input) { added problems { code message } } }",
            json!({ "input": input }),
        )
        .await;
    assert_eq!(
        imported["importGames"],
        json!({ "added": 6, "problems": [] })
    );
    let all = "{ games(sort: TITLE) { totalCount nodes { id title } } }";
    let all = owner
        .until(20, all, |data| data["games"]["totalCount"] == 6)
        .await;
    for game in all["games"]["nodes"].as_array().unwrap() {
        owner
            .ask(
                "mutation($name: String!, $game: ID) { createBoard(input: { name: $name, gameId: $game }) { problems { code } } }",
                json!({ "name": game["title"], "game": game["id"] }),
            )
            .await;
    }

    let everything = "{ games(sort: TITLE) { totalCount nodes { title } } libraryStats { games copies }
        boards { nodes { name } } recommendGames(limit: 50) { game { title } } me { family { limit { label } } } }";
    for (board, level, seen) in [
        // By its own word; the European as 12; not the American, whose Teen begins at 13.
        (
            "USK",
            "12",
            vec!["European", "For Everyone", "Strong Words"],
        ),
        (
            "PEGI",
            "12",
            vec!["European", "For Everyone", "Strong Deeds"],
        ),
        ("USK", "0", vec!["For Everyone"]),
        // As it always was: 12 is Teen.
        ("ESRB", "T", vec!["American", "European", "For Everyone"]),
        // What other boards give to 17 is 18 here.
        (
            "CLASS_IND",
            "16",
            vec!["American", "European", "For Everyone"],
        ),
    ] {
        let limit = json!({ "board": board, "level": level });
        let name = format!("{board} {level}");
        let input = json!({ "name": name, "limit": limit });
        let child = profile(&hub, &owner, input).await;
        let boards: Vec<&str> = seen.iter().rev().copied().collect();
        // Each part of the hub hears of ratings by itself.
        let found = child
            .until(20, everything, |data| {
                data["boards"]["nodes"].as_array().unwrap().len() == seen.len()
                    && data["games"]["totalCount"] == seen.len()
            })
            .await;
        let titles = |nodes: &Value, name: &str| -> Vec<String> {
            let nodes = nodes.as_array().unwrap().iter();
            let text = |node: &Value| node[name].as_str().unwrap().to_owned();
            nodes.map(text).collect()
        };
        assert_eq!(titles(&found["games"]["nodes"], "title"), seen, "{name}");
        assert_eq!(titles(&found["boards"]["nodes"], "name"), boards, "{name}");
        let stats = json!({ "games": seen.len(), "copies": seen.len() });
        assert_eq!(found["libraryStats"], stats, "{name}");
        for pick in found["recommendGames"].as_array().unwrap() {
            let title = pick["game"]["title"].as_str().unwrap();
            assert!(seen.contains(&title), "{name}: {title}");
        }
        let made = owner
            .ask("{ all: games { nodes { id title } } }", json!({}))
            .await;
        for game in made["all"]["nodes"].as_array().unwrap() {
            let title = game["title"].as_str().unwrap();
            let query = "query($id: ID!) { game(id: $id) { title ageRatings { rating } } }";
            let one = child.ask(query, json!({ "id": game["id"] })).await;
            assert_eq!(
                one["game"].is_null(),
                !seen.contains(&title),
                "{name}: {title}"
            );
        }
    }
}

async fn a_limit_that_is_changed_holds_at_once(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    import(&owner).await;
    let input = json!({ "name": "Mia", "limit": { "board": "USK", "level": "16" } });
    let child = profile(&hub, &owner, input).await;
    let games = "{ games { totalCount } me { id family { limit { label } } } }";
    let before = child
        .until(20, games, |data| data["games"]["totalCount"] == 4)
        .await;
    for (change, count) in [
        (json!({ "limit": { "board": "USK", "level": "12" } }), 3),
        (json!({ "limit": { "board": "PEGI", "level": "7" } }), 1),
        (json!({ "ceiling": "MATURE" }), 7),
    ] {
        let mut input = change;
        input["id"] = before["me"]["id"].clone();
        owner
            .ask(
                "mutation($input: UpdateProfileInput!) { updateProfile(input: $input) { problems { code } } }",
                json!({ "input": input }),
            )
            .await;
        child
            .until(20, games, |data| data["games"]["totalCount"] == count)
            .await;
    }
}

async fn a_rating_by_hand_of_whoever_runs_the_hub_opens_a_game(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    let link = "mutation { linkLibrary(input: { platform: \"manual\" }) { library { id } problems { code } } }";
    let linked = owner.ask(link, json!({})).await;
    let shelf = &linked["linkLibrary"]["library"]["id"];
    let add = "mutation($shelf: ID!) { addGame(input: { libraryId: $shelf, title: \"Zorp\" }) { copy { id } problems { code } } }";
    let added = owner.ask(add, json!({ "shelf": shelf })).await;
    let copy = &added["addGame"]["copy"]["id"];
    let games = "{ games { totalCount nodes { title } } }";
    owner
        .until(20, games, |data| data["games"]["totalCount"] == 1)
        .await;
    let input = json!({ "name": "Mia", "limit": { "board": "ESRB", "level": "T" } });
    let child = profile(&hub, &owner, input).await;
    let seen = child.ask(games, json!({})).await;
    assert_eq!(seen["games"]["totalCount"], 0);
    for (rating, count) in [("TEEN", 1), ("MATURE", 0)] {
        let edit = "mutation($id: ID!, $esrb: EsrbRating) { updateCopy(input: { id: $id, esrb: $esrb }) { problems { code } } }";
        let edited = owner.ask(edit, json!({ "id": copy, "esrb": rating })).await;
        assert_eq!(edited["updateCopy"]["problems"], json!([]));
        child
            .until(20, games, |data| data["games"]["totalCount"] == count)
            .await;
    }
}

const TO_MERGE: &str = "title,platform,store_id,rating
GRIP,steam,1,ESRB T
GRIP: Combat Racing,gog,2,ESRB M
Gothic,steam,3,ESRB E
Wild Game,gog,4,ESRB E
";

/// Changes something as the owner, and returns what came of it.
async fn decide(owner: &Person<'_>, document: &str, variables: Value) -> Value {
    let mut done = owner.ask(document, variables).await;
    let payload = done.as_object_mut().unwrap().values_mut().next().unwrap();
    assert_eq!(payload["problems"], json!([]), "{payload}");
    payload.take()
}

async fn what_is_merged_is_as_closed_to_a_child_as_its_parts(placement: Placement) {
    const MERGE: &str = "mutation($input: MergeGamesInput!) { mergeGames(input: $input) { game { merges { id action } } problems { code } } }";
    const UNDO: &str = "mutation($id: ID!) { undoMerge(id: $id) { problems { code } } }";
    const SEEN: &str = "{ games(sort: TITLE) { totalCount nodes { title copies { title storeId } merges { titles } } }
        libraryStats { games copies } boards { nodes { name } } recommendGames(limit: 50) { game { title } } }";
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    let input = json!({ "format": "CSV", "content": TO_MERGE, "label": "Shelf" });
    owner
        .ask(
            "mutation($input: ImportInput!) { importGames(input: $input) { added problems { code } } }",
            json!({ "input": input }),
        )
        .await;
    let all = "{ games(sort: TITLE) { totalCount nodes { id title } } }";
    let all = owner
        .until(20, all, |data| data["games"]["totalCount"] == 4)
        .await;
    let id = |at: usize| all["games"]["nodes"][at]["id"].clone();
    let (gothic, grip, racing, wild) = (id(0), id(1), id(2), id(3));
    decide(
        &owner,
        "mutation($game: ID!) { createBoard(input: { name: \"Laps\", gameId: $game }) { problems { code } } }",
        json!({ "game": grip }),
    )
    .await;
    let child = child(&hub, &owner).await;
    // Each part of the hub hears of it by itself.
    let seen = |games: usize, boards: usize, gone: &'static str| {
        move |data: &Value| {
            data["games"]["totalCount"] == games
                && data["libraryStats"] == json!({ "games": games, "copies": games })
                && data["boards"]["nodes"].as_array().unwrap().len() == boards
                && !data.to_string().contains(gone)
        }
    };
    child.until(20, SEEN, seen(3, 1, "Racing")).await;

    // The winner is for teens, what came to it is not.
    let merged = json!({ "input": { "into": grip, "games": [racing] } });
    let merged = decide(&owner, MERGE, merged).await;
    child.until(20, SEEN, seen(2, 0, "GRIP")).await;
    let one = "query($id: ID!) { game(id: $id) { title copies { title } merges { titles } } }";
    let told = child.ask(one, json!({ "id": grip })).await;
    assert_eq!(told["game"], Value::Null);
    let undo = json!({ "id": merged["game"]["merges"][0]["id"] });
    decide(&owner, UNDO, undo).await;
    child.until(20, SEEN, seen(3, 1, "Racing")).await;

    // What is hidden stays hidden, whatever it is merged into, and when it is alone again.
    decide(
        &owner,
        "mutation($game: ID!) { updateGame(input: { gameId: $game, hidden: true }) { problems { code } } }",
        json!({ "game": wild }),
    )
    .await;
    child.until(20, SEEN, seen(2, 1, "Wild")).await;
    let merged = json!({ "input": { "into": gothic, "games": [wild] } });
    let merged = decide(&owner, MERGE, merged).await;
    child.until(20, SEEN, seen(1, 1, "Gothic")).await;
    let undo = json!({ "id": merged["game"]["merges"][0]["id"] });
    decide(&owner, UNDO, undo).await;
    child.until(20, SEEN, seen(2, 1, "Wild")).await;
}

crate::in_both_placements!(
    what_is_merged_is_as_closed_to_a_child_as_its_parts,
    no_door_shows_a_child_a_game_above_its_ceiling,
    a_child_sees_what_the_board_of_its_guardian_allows,
    a_limit_that_is_changed_holds_at_once,
    a_rating_by_hand_of_whoever_runs_the_hub_opens_a_game,
    a_key_of_a_child_sees_what_the_child_sees
);
