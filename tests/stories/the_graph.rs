//! One graph out of five subgraphs.

use crate::hub::{Hub, Person, Placement};
use serde_json::{Value, json};

/// A small library by import.
pub const CSV: &str =
    "title,platform,year,genres,developer,esrb,playtime_minutes,main_story_minutes,status,tags
Half-Life,steam,1998,Action;Shooter,Valve,Mature,720,720,completed,classic;sci-fi
Half-Life 2,steam,2004,Action;Shooter,Valve,Mature,900,780,completed,sci-fi
Portal,steam,2007,Puzzle,Valve,Teen,200,180,completed,sci-fi;short
Portal 2,gog,2011,Puzzle,Valve,Everyone 10+,0,540,unplayed,sci-fi;co-op
Portal 2,steam,2011,Puzzle,Valve,Everyone 10+,30,540,playing,sci-fi;co-op
DOOM,gog,1993,Action;Shooter,id Software,Mature,0,300,unplayed,classic
Stardew Valley,manual,2016,Simulation,ConcernedApe,Everyone 10+,6000,3180,playing,relaxing
Unpacking,epic,2021,Puzzle,Witch Beam,Everyone,0,240,unplayed,relaxing;short
Nobody Rated This,manual,2024,Puzzle,Somebody,,0,60,unplayed,short
";

/// Imports [`CSV`] and waits until every copy belongs to a game, and the run that shows this is over:
/// its end is the last that changes by itself.
pub async fn import(person: &Person<'_>) {
    let answer = person
        .ask(
            "mutation($input: ImportInput!) { importGames(input: $input) { added rows problems { code message } } }",
            json!({ "input": { "format": "CSV", "content": CSV, "label": "Shelf" } }),
        )
        .await;
    assert_eq!(answer["importGames"]["problems"], json!([]));
    assert_eq!(answer["importGames"]["added"], 9);
    person
        .until(
            20,
            "{ libraryStats { games copies } libraries(first: 1) { nodes { lastSync { state } } } }",
            |data| {
                data["libraryStats"] == json!({ "games": 8, "copies": 9 })
                    && data["libraries"]["nodes"][0]["lastSync"]["state"] == "SUCCEEDED"
            },
        )
        .await;
}

/// The id of the game with this title.
pub async fn game(person: &Person<'_>, title: &str) -> Value {
    let found = person
        .ask(
            "query($q: String!) { searchGames(query: $q, first: 1) { nodes { id title } } }",
            json!({ "q": title }),
        )
        .await;
    assert_eq!(found["searchGames"]["nodes"][0]["title"], title);
    found["searchGames"]["nodes"][0]["id"].clone()
}

async fn one_query_crosses_all_five_subgraphs(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    import(&owner).await;
    let portal = game(&owner, "Portal 2").await;
    let board = owner
        .ask(
            "mutation($game: ID) { createBoard(input: { name: \"Fewest portals\", gameId: $game, order: LOWER_IS_BETTER, operator: BEST }) { board { id } problems { code } } }",
            json!({ "game": portal }),
        )
        .await;
    let board = &board["createBoard"]["board"]["id"];
    for (score, key, improved) in [
        (40.0, "a", true),
        (31.0, "b", true),
        (35.0, "c", false),
        (31.0, "b", true),
    ] {
        let outcome = owner
            .ask(
                "mutation($board: ID!, $score: Float!, $key: String!) { submitScore(input: { boardId: $board, score: $score, key: $key }) { improved problems { code } } }",
                json!({ "board": board, "score": score, "key": key }),
            )
            .await;
        assert_eq!(outcome["submitScore"]["improved"], improved, "{score}");
    }
    let answer = owner
        .until(
            15,
            "{ me { name ranks { rank score board { name } } libraries { label gamesCount } }
               searchGames(query: \"portal 2\", first: 1) { nodes { title esrb playtimeMinutes copies { platform { name } } status { id }
                   boards(first: 2) { name top(first: 3) { nodes { rank score player { name } } } } similar(first: 1) { game { title } reasons { text } } } } }",
            |data| data["searchGames"]["nodes"][0]["similar"][0]["game"]["title"] == "Portal",
        )
        .await;
    let game = &answer["searchGames"]["nodes"][0];
    assert_eq!(game["title"], "Portal 2");
    assert_eq!(game["esrb"], "EVERYONE_10");
    assert_eq!(game["playtimeMinutes"], 30);
    assert_eq!(game["copies"].as_array().unwrap().len(), 2);
    assert_eq!(
        game["boards"][0]["top"]["nodes"],
        json!([{ "rank": 1, "score": 31.0, "player": { "name": "Anna" } }])
    );
    assert_eq!(
        answer["me"]["ranks"],
        json!([{ "rank": 1, "score": 31.0, "board": { "name": "Fewest portals" } }])
    );
    assert_eq!(
        answer["me"]["libraries"],
        json!([{ "label": "Shelf", "gamesCount": 9 }])
    );
    // Keys stand in the order they were asked for, whoever answered first.
    let order: Vec<&str> = game
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(order.len(), 7);
}

async fn recommendations_name_the_persons_own_games(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    import(&owner).await;
    let answer = owner
        .until(
            15,
            "{ recommendGames(limit: 3) { game { title } score reasons { kind text } } }",
            |data| {
                data["recommendGames"]
                    .as_array()
                    .is_some_and(|list| !list.is_empty())
            },
        )
        .await;
    let first = &answer["recommendGames"][0];
    assert!(first["game"]["title"].is_string(), "{answer:#}");
    assert!(
        !first["reasons"].as_array().unwrap().is_empty(),
        "{answer:#}"
    );
    // Once all of the games have come to what recommends them.
    owner
        .until(
            15,
            "{ recommendGames(criteria: \"something short and relaxing\", limit: 1) { game { title } } }",
            |data| data["recommendGames"][0]["game"]["title"] == "Unpacking",
        )
        .await;
}

async fn a_mutation_is_marked_and_read_back(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    import(&owner).await;
    let doom = game(&owner, "DOOM").await;
    let update = "mutation($id: ID!) { updateGame(input: { gameId: $id, status: \"playing\", favourite: true, myRating: 90, notes: \"E1M1!\" }) {
        game { title status { name } favourite myRating notes } problems { code } } }";
    let answer = owner.ask(update, json!({ "id": doom })).await;
    let expected = json!({ "title": "DOOM", "status": { "name": "Playing" }, "favourite": true, "myRating": 90, "notes": "E1M1!" });
    assert_eq!(answer["updateGame"]["game"], expected);
    let page = owner
        .ask(
            "{ games(filter: { statuses: [\"playing\"] }) { nodes { title } totalCount } }",
            json!({}),
        )
        .await;
    let titles: Vec<&str> = page["games"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|game| game["title"].as_str().unwrap())
        .collect();
    assert_eq!(titles, ["DOOM", "Portal 2", "Stardew Valley"]);
}

async fn a_login_is_refreshed_once_and_ends_when_its_token_is_used_twice(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    let refresh = "mutation($token: String!) { refreshLogin(refreshToken: $token) { tokens { accessToken refreshToken player { id } } problems { code } } }";
    let fresh = owner.ask(refresh, json!({ "token": owner.refresh })).await;
    let fresh = Person::new(&hub, &fresh["refreshLogin"]);
    assert_eq!(
        fresh.ask("{ me { name } }", json!({})).await["me"]["name"],
        "Anna"
    );
    let reused = hub
        .anonymous()
        .ask(refresh, json!({ "token": owner.refresh }))
        .await;
    assert_eq!(
        reused["refreshLogin"]["problems"][0]["code"],
        "REFRESH_REUSED"
    );
    // The thief's use ended the whole login, also the access token that is still in its time.
    let mut code = String::new();
    for _ in 0..100 {
        let answer = fresh.send("{ me { name } }", json!({})).await;
        answer["errors"][0]["extensions"]["code"]
            .as_str()
            .unwrap_or_default()
            .clone_into(&mut code);
        if !code.is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    assert_eq!(code, "UNAUTHENTICATED");
    assert_eq!(
        hub.sign_in().await.ask("{ me { name } }", json!({})).await["me"]["name"],
        "Anna"
    );
}

crate::in_both_placements!(
    one_query_crosses_all_five_subgraphs,
    recommendations_name_the_persons_own_games,
    a_mutation_is_marked_and_read_back,
    a_login_is_refreshed_once_and_ends_when_its_token_is_used_twice,
);
