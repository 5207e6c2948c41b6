//! What a household holds of a game and says about it.

use super::household::{Hub, Seed, game, game_id, library_id, numbers};
use djinn_kernel::{
    Board, Ceiling, Esrb, Event, Rated, Scope, Viewer,
    event::{CopiesMatched, GameJoined, HoldingChanged},
    ids::{CopyId, GameId, LibraryId},
};
use djinn_testkit::viewers::{child, key, player, player_id};
use serde_json::{Value, json};

const ENTITY: &str = "query($ids: [_Any!]!) { _entities(representations: $ids) { ... on Game {
    id copies { title playtimeMinutes } status { id name } playtimeMinutes lastPlayedAt favourite hidden notes myRating } } }";
const UPDATE: &str = "mutation($input: UpdateGameInput!) { updateGame(input: $input) {
    game { id status { id } favourite hidden notes myRating } problems { code field message } } }";

async fn entity(hub: &Hub, viewer: &Viewer, n: u128) -> Value {
    let ids = json!({ "ids": [{ "__typename": "Game", "id": game_id(n) }] });
    hub.data(viewer, ENTITY, ids).await["_entities"][0].take()
}

async fn update(hub: &Hub, viewer: &Viewer, n: u128, mut input: Value) -> Value {
    input["gameId"] = json!(game_id(n));
    hub.data(viewer, UPDATE, json!({ "input": input })).await["updateGame"].take()
}

#[tokio::test]
async fn copies_on_several_platforms_are_one_game() {
    let mut seed = game(1, "Celeste");
    seed.platforms = vec!["steam", "epic"];
    seed.minutes = 90;
    seed.days_ago = Some(3);
    let hub = Hub::with(&[seed]).await;

    let celeste = entity(&hub, &player(1), 1).await;
    assert_eq!(celeste["copies"].as_array().unwrap().len(), 2);
    assert_eq!(celeste["playtimeMinutes"], 90);
    assert_eq!(celeste["lastPlayedAt"], "2025-12-30T03:04:05+00:00");
}

#[tokio::test]
async fn the_first_play_starts_a_game_and_a_persons_word_stays() {
    let hub = Hub::with(&[game(1, "Celeste"), game(2, "Hades")]).await;
    assert_eq!(
        entity(&hub, &player(1), 1).await["status"]["id"],
        "unplayed"
    );

    hub.change_copies(1, 1, |copy| copy.playtime_minutes = 5)
        .await;
    assert_eq!(
        entity(&hub, &player(1), 1).await["status"],
        json!({ "id": "playing", "name": "Playing" })
    );

    update(&hub, &player(1), 1, json!({ "status": "completed" })).await;
    hub.change_copies(1, 1, |copy| copy.playtime_minutes = 50)
        .await;
    assert_eq!(
        entity(&hub, &player(1), 1).await["status"]["id"],
        "completed"
    );
}

#[tokio::test]
async fn what_an_import_says_counts_until_a_person_says_otherwise() {
    let mut seed = game(1, "Celeste");
    seed.import_status = Some("abandoned");
    seed.minutes = 30;
    let hub = Hub::with(&[seed]).await;
    assert_eq!(
        entity(&hub, &player(1), 1).await["status"]["id"],
        "abandoned"
    );

    update(&hub, &player(1), 1, json!({ "status": "on_hold" })).await;
    hub.change_copies(1, 1, |copy| copy.playtime_minutes = 31)
        .await;
    assert_eq!(entity(&hub, &player(1), 1).await["status"]["id"], "on_hold");
}

#[tokio::test]
async fn marks_are_kept_changed_and_removed() {
    let hub = Hub::with(&[game(1, "Celeste")]).await;
    let input =
        json!({ "favourite": true, "hidden": true, "notes": "Farewell is hard", "myRating": 95 });
    let marked = update(&hub, &player(1), 1, input).await;
    assert_eq!(marked["problems"], json!([]));
    assert_eq!(marked["game"]["notes"], "Farewell is hard");
    assert_eq!(marked["game"]["myRating"], 95);

    let marked = update(
        &hub,
        &player(1),
        1,
        json!({ "notes": null, "favourite": false }),
    )
    .await;
    assert_eq!(marked["game"]["notes"], Value::Null);
    assert_eq!(marked["game"]["favourite"], false);
    assert_eq!(marked["game"]["hidden"], true, "what is left out stays");
    assert_eq!(marked["game"]["myRating"], 95);
}

#[tokio::test]
async fn a_mark_that_cannot_be_is_a_problem_that_names_its_field() {
    let hub = Hub::with(&[game(1, "Celeste")]).await;
    for (input, code, field) in [
        (
            json!({ "status": "speedrunning" }),
            "INVALID_INPUT",
            "input.status",
        ),
        (
            json!({ "notes": "x".repeat(4_001) }),
            "INVALID_INPUT",
            "input.notes",
        ),
        (
            json!({ "myRating": 101 }),
            "INVALID_INPUT",
            "input.myRating",
        ),
        (json!({ "myRating": -1 }), "INVALID_INPUT", "input.myRating"),
    ] {
        let payload = update(&hub, &player(1), 1, input).await;
        assert_eq!(payload["game"], Value::Null);
        assert_eq!(payload["problems"][0]["code"], code);
        assert_eq!(payload["problems"][0]["field"], field);
    }
    let missing = update(&hub, &player(1), 7, json!({ "favourite": true })).await;
    assert_eq!(missing["problems"][0]["code"], "NOT_FOUND");
    let input = json!({ "input": { "gameId": "celeste" } });
    let malformed = hub.data(&player(1), UPDATE, input).await;
    assert_eq!(malformed["updateGame"]["problems"][0]["code"], "INVALID_ID");
    assert_eq!(
        entity(&hub, &player(1), 1).await["myRating"],
        Value::Null,
        "nothing was done"
    );
}

#[tokio::test]
async fn marking_needs_the_right_to_write() {
    let hub = Hub::with(&[game(1, "Celeste")]).await;
    let input = json!({ "input": { "gameId": game_id(1), "favourite": true } });
    for (viewer, code) in [
        (Viewer::Anonymous, "UNAUTHENTICATED"),
        (child(2, 1, Esrb::Teen), "FORBIDDEN"),
        (key(1, &[Scope::ReadLibrary]), "FORBIDDEN"),
    ] {
        assert_eq!(hub.refusal(&viewer, UPDATE, input.clone()).await.0, code);
    }
}

#[tokio::test]
async fn every_change_is_told_once_with_a_growing_revision() {
    let hub = Hub::with(&[game(1, "Celeste")]).await;
    let told = hub.test.take_payloads::<HoldingChanged>().await;
    assert_eq!(told.len(), 1);
    assert_eq!(
        (told[0].revision, told[0].held, told[0].playtime_minutes),
        (1, true, 0)
    );
    assert_eq!(told[0].status.as_deref(), Some("unplayed"));

    hub.change_copies(1, 1, |_| {}).await;
    assert_eq!(
        hub.test.take_payloads::<HoldingChanged>().await,
        [],
        "nothing changed"
    );

    update(&hub, &player(1), 1, json!({ "hidden": true })).await;
    update(&hub, &player(1), 1, json!({ "hidden": true })).await;
    hub.change_copies(1, 1, |copy| copy.playtime_minutes = 9)
        .await;
    let told = hub.test.take_payloads::<HoldingChanged>().await;
    let told: Vec<_> = told
        .iter()
        .map(|told| (told.revision, told.hidden, told.playtime_minutes))
        .collect();
    assert_eq!(told, [(2, true, 0), (3, true, 9)]);
}

#[tokio::test]
async fn a_game_whose_last_copy_goes_disappears_and_comes_back_with_its_marks() {
    let hub = Hub::with(&[game(1, "Celeste"), game(2, "Hades")]).await;
    update(&hub, &player(1), 1, json!({ "notes": "Farewell" })).await;
    let now = hub.test.ports.clock.now();
    hub.test.take_events().await;

    hub.change_copies(1, 1, |copy| copy.removed_at = Some(now))
        .await;
    assert!(!hub.test.take_payloads::<HoldingChanged>().await[0].held);
    let gone = entity(&hub, &player(1), 1).await;
    assert_eq!(
        (&gone["copies"], &gone["status"], &gone["notes"]),
        (&json!([]), &Value::Null, &Value::Null)
    );
    assert_eq!(hub.search(&player(1), "").await, [2]);
    let refused = update(&hub, &player(1), 1, json!({ "favourite": true })).await;
    assert_eq!(refused["problems"][0]["code"], "NOT_FOUND");

    hub.change_copies(1, 1, |copy| copy.removed_at = None).await;
    assert_eq!(entity(&hub, &player(1), 1).await["notes"], "Farewell");
    assert_eq!(hub.search(&player(1), "").await, [1, 2]);
}

#[tokio::test]
async fn what_was_said_of_a_game_goes_with_its_last_copy_when_it_turns_out_to_be_another() {
    let hub = Hub::with(&[game(1, "Prey"), game(2, "Prey (2017)")]).await;
    let words =
        json!({ "notes": "Mimics", "favourite": true, "myRating": 90, "status": "completed" });
    update(&hub, &player(1), 1, words).await;
    update(&hub, &player(1), 2, json!({ "myRating": 70 })).await;
    hub.rematch(1, 1, 2).await;
    let one = entity(&hub, &player(1), 2).await;
    assert_eq!(one["copies"].as_array().unwrap().len(), 2);
    assert_eq!(
        json!([one["notes"], one["favourite"], one["status"]["id"]]),
        json!(["Mimics", true, "completed"])
    );
    assert_eq!(one["myRating"], 70, "its own words stay");
    assert_eq!(hub.search(&player(1), "").await, [2]);
}

#[tokio::test]
async fn what_was_said_of_a_game_stays_with_it_while_it_has_a_copy() {
    let mut both = game(1, "Prey");
    both.platforms = vec!["steam", "gog"];
    let hub = Hub::with(&[both, game(2, "Prey (2017)")]).await;
    update(&hub, &player(1), 1, json!({ "notes": "Mimics" })).await;
    hub.rematch(1, 1, 2).await;
    assert_eq!(entity(&hub, &player(1), 1).await["notes"], "Mimics");
    assert_eq!(entity(&hub, &player(1), 2).await["notes"], Value::Null);
}

#[tokio::test]
async fn what_comes_out_of_a_hidden_game_or_into_another_stays_hidden() {
    let mut both = game(1, "Prey");
    both.platforms = vec!["steam", "gog"];
    let hub = Hub::with(&[both, game(2, "Prey (2017)"), game(3, "Typhon Hunter")]).await;
    hub.learn(&game(9, "Prey, split off"), 1).await;
    update(&hub, &player(1), 1, json!({ "hidden": true })).await;
    hub.rematch(1, 1, 9).await;
    assert_eq!(entity(&hub, &player(1), 9).await["hidden"], true);
    assert_eq!(entity(&hub, &player(1), 1).await["hidden"], true);
    // Into a game that has a card of its own.
    update(&hub, &player(1), 3, json!({ "hidden": true })).await;
    hub.rematch(1, 3, 2).await;
    assert_eq!(entity(&hub, &player(1), 2).await["hidden"], true);
}

#[tokio::test]
async fn a_game_is_as_closed_to_a_child_as_what_was_made_one_with_it() {
    let hub = Hub::with(&[game(1, "Prey"), game(2, "Hades")]).await;
    let teen = child(5, 1, Esrb::Teen);
    let joined = async |revision: i64, joined: bool| {
        let said = GameJoined {
            household: player_id(1),
            game: GameId(game_id(1)),
            part: GameId(game_id(9)),
            revision,
            joined,
        };
        let ear = hub.parts.consumer.as_ref().unwrap();
        hub.test.send(&**ear, &said).await;
    };
    let rated = |esrb| {
        let mut part = game(9, "Prey, uncut");
        part.esrb = Some(esrb);
        part
    };
    assert_eq!(hub.search(&teen, "").await, [2, 1]);
    joined(5, true).await;
    assert_eq!(
        hub.search(&teen, "").await,
        [2],
        "nobody knows the part yet"
    );
    hub.learn(&rated(Esrb::Teen), 1).await;
    assert_eq!(hub.search(&teen, "").await, [2, 1]);
    hub.learn(&rated(Esrb::Mature), 2).await;
    assert_eq!(hub.search(&teen, "").await, [2]);
    assert_eq!(entity(&hub, &teen, 1).await["copies"], json!([]));
    assert_eq!(hub.search(&player(1), "").await, [2, 1]);
    joined(4, false).await;
    assert_eq!(hub.search(&teen, "").await, [2], "that was older");
    joined(6, false).await;
    assert_eq!(hub.search(&teen, "").await, [2, 1]);
}

#[tokio::test]
async fn older_facts_that_arrive_late_are_ignored() {
    let hub = Hub::with(&[game(1, "Celeste")]).await;
    hub.learn(&game(1, "Celeste, the Mountain"), 3).await;
    hub.learn(&game(1, "Celest"), 2).await;
    assert_eq!(hub.search(&player(1), "mountain").await, [1]);
}

#[tokio::test]
async fn games_may_be_matched_before_anybody_knows_what_they_are() {
    let hub = Hub::new().await;
    hub.shelve(1, &[game(1, "Celeste")]).await;
    assert_eq!(hub.search(&player(1), "").await, [0_u128; 0]);
    hub.learn(&game(1, "Celeste"), 1).await;
    assert_eq!(hub.search(&player(1), "").await, [1]);
}

#[tokio::test]
async fn the_games_of_a_library_are_counted_once_each_and_those_that_are_enriched() {
    let mut twice = game(1, "Celeste");
    twice.platforms = vec!["steam", "steam"];
    let hub = Hub::with(&[twice.clone(), game(2, "Hades")]).await;
    hub.learn(&twice, 2).await;
    // Of somebody else.
    hub.hold(2, &[game(3, "Doom")]).await;
    hub.learn(&game(3, "Doom"), 2).await;
    let count = djinn_library::game::projection::enriched_count(
        hub.test.ports.db.read(),
        library_id(1, "steam"),
    )
    .await
    .unwrap();
    assert_eq!(count, (2, 1));
}

/// How many of household 1's games a search finds, on all pages.
async fn total(hub: &Hub, query: &str) -> Value {
    let document = "query($q: String!) { searchGames(query: $q) { totalCount } }";
    hub.data(&player(1), document, json!({ "q": query })).await["searchGames"]["totalCount"].take()
}

#[tokio::test]
async fn what_metadata_says_of_a_hundred_games_is_taken_over_in_a_few_statements() {
    let hub = Hub::new().await;
    let seeds: Vec<_> = (1..=100)
        .map(|n| game(n, &format!("Game {n:03}")))
        .collect();
    hub.hold(1, &seeds[..50]).await;
    let ear = hub.parts.consumer.as_ref().unwrap();
    let events: Vec<Event> = seeds
        .iter()
        .map(|seed| hub.test.event(&Hub::facts(seed, 7)))
        .collect();
    hub.test.database.take_statement_count();
    ear.handle_all(&events).await.unwrap();
    let statements = hub.test.database.take_statement_count();
    assert!(statements <= 10, "{statements} statements");
    // Delivered again, all of it is known; and what is older changes nothing.
    ear.handle_all(&events).await.unwrap();
    let older: Vec<Event> = seeds
        .iter()
        .map(|seed| hub.test.event(&Hub::facts(&game(seed.n, "Older"), 6)))
        .collect();
    ear.handle_all(&older).await.unwrap();
    assert_eq!(total(&hub, "game").await, 50);
    assert_eq!(hub.search(&player(1), "older").await, [0_u128; 0]);
}

#[tokio::test]
async fn a_thousand_copies_that_are_matched_are_summed_up_in_a_few_statements_for_each_hundred() {
    let hub = Hub::new().await;
    let seeds: Vec<_> = (1..=1_000)
        .map(|n| game(n, &format!("Game {n:04}")))
        .collect();
    let events: Vec<Event> = seeds
        .iter()
        .map(|seed| hub.test.event(&Hub::facts(seed, 1)))
        .collect();
    let ear = hub.parts.consumer.as_ref().unwrap();
    ear.handle_all(&events).await.unwrap();
    let mut found = Vec::new();
    for seed in &seeds {
        found.extend(hub.find_copies(1, seed).await);
    }
    let matched: Vec<Event> = found
        .chunks(100)
        .zip(seeds.chunks(100))
        .map(|(copies, seeds)| {
            let game = |seed: &Seed| GameId(game_id(seed.n));
            hub.test.event(&CopiesMatched {
                library: LibraryId(library_id(1, "steam")),
                revision: 1,
                matches: copies
                    .iter()
                    .map(|copy| CopyId(copy.id))
                    .zip(seeds.iter().map(game))
                    .collect(),
            })
        })
        .collect();
    hub.test.database.take_statement_count();
    ear.handle_all(&matched).await.unwrap();
    let statements = hub.test.database.take_statement_count();
    assert!(statements <= 150, "{statements} statements");
    assert_eq!(total(&hub, "game").await, 1_000);
}

#[tokio::test]
async fn of_several_words_about_one_game_that_come_together_the_newest_counts() {
    let hub = Hub::with(&[game(1, "Celeste")]).await;
    let ear = hub.parts.consumer.as_ref().unwrap();
    let events: Vec<Event> = [(3, "Celeste Classic"), (5, "Mountain"), (4, "Strawberry")]
        .iter()
        .map(|(revision, title)| hub.test.event(&Hub::facts(&game(1, title), *revision)))
        .collect();
    ear.handle_all(&events).await.unwrap();
    assert_eq!(hub.search(&player(1), "mountain").await, [1]);
    assert_eq!(hub.search(&player(1), "strawberry").await, [0_u128; 0]);
}

#[tokio::test]
async fn an_entity_that_cannot_be_resolved_nulls_only_itself() {
    let hub = Hub::with(&[game(1, "Celeste")]).await;
    let ids = json!({ "ids": [
        { "__typename": "Game", "id": "nonsense" },
        { "__typename": "Game", "id": game_id(1) },
        { "__typename": "Game", "id": game_id(99) },
    ] });
    let answer = hub.answer(&player(1), ENTITY, ids.clone()).await;
    assert_eq!(answer["data"]["_entities"][0], Value::Null);
    assert_eq!(
        answer["data"]["_entities"][1]["copies"][0]["title"],
        "Celeste"
    );
    assert_eq!(answer["data"]["_entities"][2]["copies"], json!([]));
    assert_eq!(answer["errors"].as_array().unwrap().len(), 1);
    assert_eq!(answer["errors"][0]["extensions"]["code"], "INVALID_ID");
    assert_eq!(
        hub.refusal(&Viewer::Anonymous, ENTITY, ids).await.0,
        "UNAUTHENTICATED"
    );
}

#[tokio::test]
async fn a_page_of_games_costs_the_same_few_queries_whatever_its_length() {
    let seeds: Vec<_> = (1..=60).map(|n| game(n, &format!("Game {n}"))).collect();
    let hub = Hub::with(&seeds).await;
    let query = "query($n: Int!) { games(first: $n) { nodes { id playtimeMinutes copies { title } status { id } } } }";
    hub.data(&player(1), query, json!({ "n": 1 })).await;

    hub.test.database.take_query_count();
    hub.data(&player(1), query, json!({ "n": 5 })).await;
    let few = hub.test.database.take_query_count();
    hub.data(&player(1), query, json!({ "n": 60 })).await;
    assert_eq!(hub.test.database.take_query_count(), few);
    assert!(few <= 3, "the revision, the holdings, the copies: {few}");
}

#[tokio::test]
async fn a_ceiling_of_another_board_goes_by_that_boards_own_word() {
    let usk = |level| {
        let rated = Rated::by_esrb(Some(Esrb::Mature));
        Some(rated.with(Board::Usk, Board::Usk.level(level)).boards())
    };
    let mut mild = game(1, "Strong Words");
    (mild.esrb, mild.boards) = (Some(Esrb::Mature), usk("12"));
    let mut strong = game(2, "Strong Deeds");
    (strong.esrb, strong.boards) = (Some(Esrb::Mature), usk("16"));
    // Told by a version that knew only the ESRB: closed to ceilings of all others.
    let untold = game(3, "Untold");
    let mut unrated = game(4, "Unrated");
    (unrated.esrb, unrated.boards) = (None, Some(0));
    let hub = Hub::with(&[mild, strong, untold, unrated]).await;
    let by_usk = |level| child(2, 1, Ceiling::new(Board::Usk, level).unwrap());
    let query = "{ games(sort: TITLE) { totalCount nodes { id } } libraryStats { games } }";
    for (viewer, seen) in [
        (by_usk("0"), vec![]),
        (by_usk("6"), vec![]),
        (by_usk("12"), vec![1]),
        (by_usk("16"), vec![2, 1]),
        (by_usk("18"), vec![2, 1]),
        (child(2, 1, Esrb::Teen), vec![3]),
        (player(1), vec![2, 1, 4, 3]),
    ] {
        let found = hub.data(&viewer, query, json!({})).await;
        assert_eq!(numbers(&found["games"]["nodes"]), seen, "{viewer:?}");
        assert_eq!(found["games"]["totalCount"], seen.len());
        assert_eq!(found["libraryStats"]["games"], seen.len());
        let copies = entity(&hub, &viewer, 2).await["copies"].take();
        let there = copies != json!([]);
        assert_eq!(there, seen.contains(&2), "{viewer:?}");
    }
}

/// The walk of the family view: nothing the library answers may tell of a game above the ceiling.
#[tokio::test]
async fn a_child_finds_no_trace_of_a_game_above_the_ceiling() {
    let mut shown = game(1, "Celeste");
    shown.minutes = 10;
    shown.days_ago = Some(2);
    let mut doom = game(2, "DOOM Eternal");
    doom.esrb = Some(Esrb::Mature);
    doom.platforms = vec!["steam", "sega-mega-drive"];
    doom.minutes = 500;
    doom.days_ago = Some(1);
    doom.genres = vec!["Shooter"];
    doom.released = Some("1993-12-10");
    doom.import_status = Some("completed");
    let mut unrated = game(3, "Mystery of the Unrated");
    unrated.esrb = None;
    unrated.genres = vec!["Puzzle"];
    let hub = Hub::with(&[shown, doom, unrated]).await;
    let kid = child(2, 1, Esrb::Teen);

    let everything = "query($q: String!) {
        games { nodes { id } totalCount facets { ...f } }
        newest: games(sort: LAST_PLAYED, first: 1) { nodes { id } pageInfo { hasNextPage } }
        every: games(filter: { kinds: [], includeUnrated: true }) { totalCount }
        searchGames(query: $q) { nodes { id } totalCount facets { ...f } }
        recentlyPlayed { id }
        libraryStats { games copies playtimeMinutes played neverPlayed
            byPlatform { id count } byStatus { id count } byGenre { id count } } }
        fragment f on GameFacets { platforms { id count } statuses { id count } genres { id count }
            ratings { id count } decades { id count } }";
    for q in ["doom eternal", "doom etrenal", "mystery", ""] {
        let seen = hub.data(&kid, everything, json!({ "q": q })).await;
        let text = seen.to_string();
        for trace in [
            "Shooter",
            "Puzzle",
            "MATURE",
            "UNRATED",
            "1990",
            "mega",
            "completed",
            &game_id(2).to_string(),
            &game_id(3).to_string(),
        ] {
            assert!(!text.contains(trace), "{trace} in {seen:#}");
        }
        assert_eq!(numbers(&seen["games"]["nodes"]), [1]);
        assert_eq!(seen["games"]["totalCount"], 1);
        assert_eq!(seen["every"]["totalCount"], 1);
        assert_eq!(seen["newest"]["pageInfo"]["hasNextPage"], false);
        assert_eq!(numbers(&seen["recentlyPlayed"]), [1]);
        let stats = &seen["libraryStats"];
        assert_eq!(
            (&stats["games"], &stats["copies"], &stats["playtimeMinutes"]),
            (&json!(1), &json!(1), &json!(10))
        );
        assert_eq!(
            (&stats["played"], &stats["neverPlayed"]),
            (&json!(1), &json!(0))
        );
    }

    // A platform that only a hidden game is on is unknown, not empty.
    let filtered = "{ games(filter: { platforms: [\"sega-mega-drive\"] }) { totalCount } }";
    assert_eq!(
        hub.refusal(&kid, filtered, json!({})).await.0,
        "INVALID_INPUT"
    );
    assert_eq!(
        hub.data(&player(1), filtered, json!({})).await["games"]["totalCount"],
        1
    );

    // By id it is a game that nobody holds, in every field.
    for n in [2, 3] {
        let hidden = entity(&hub, &kid, n).await;
        let strange = entity(&hub, &kid, 77).await;
        for field in [
            "copies",
            "status",
            "playtimeMinutes",
            "lastPlayedAt",
            "favourite",
            "hidden",
            "notes",
            "myRating",
        ] {
            assert_eq!(hidden[field], strange[field], "{field}");
        }
    }

    // Even with a credential that may write.
    let Viewer::Known(mut identity) = kid else {
        unreachable!()
    };
    identity.scopes.push(Scope::WriteLibrary);
    let writer = Viewer::Known(identity);
    for n in [2, 3, 77] {
        let payload = update(&hub, &writer, n, json!({ "favourite": true })).await;
        assert_eq!(payload["problems"][0]["code"], "NOT_FOUND");
    }
    assert_eq!(
        update(&hub, &writer, 1, json!({ "favourite": true })).await["problems"],
        json!([])
    );
}

#[tokio::test]
async fn a_game_that_is_rated_later_disappears_from_a_childs_lists_at_once() {
    let hub = Hub::with(&[game(1, "Celeste")]).await;
    let kid = child(2, 1, Esrb::Everyone);
    assert_eq!(hub.search(&kid, "").await, [1]);
    let mut rated = game(1, "Celeste");
    rated.esrb = Some(Esrb::Everyone10);
    hub.learn(&rated, 2).await;
    assert_eq!(hub.search(&kid, "").await, [0_u128; 0]);
    assert_eq!(entity(&hub, &kid, 1).await["copies"], json!([]));
}

#[tokio::test]
async fn households_do_not_see_each_others_games() {
    let hub = Hub::with(&[game(1, "Celeste")]).await;
    hub.hold(5, &[game(2, "Hades")]).await;
    assert_eq!(hub.search(&player(5), "").await, [2]);
    assert_eq!(entity(&hub, &player(5), 1).await["copies"], json!([]));
    let refused = update(&hub, &player(5), 1, json!({ "favourite": true })).await;
    assert_eq!(refused["problems"][0]["code"], "NOT_FOUND");
    let filter = json!({ "filter": { "libraries": [library_id(1, "steam")] } });
    let query = "query($filter: GameFilter) { games(filter: $filter) { totalCount } }";
    assert_eq!(
        hub.data(&player(5), query, filter).await["games"]["totalCount"],
        0
    );
}
