//! What a household holds of a game and says about it.

use super::household::{Hub, game, game_id, library_id, numbers};
use djinn_kernel::{Esrb, Scope, Viewer, event::HoldingChanged};
use djinn_testkit::viewers::{child, key, player};
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
async fn enriched_games_are_counted_over_any_number_of_ids() {
    let hub = Hub::new().await;
    hub.learn(&game(1, "Celeste"), 2).await;
    hub.learn(&game(2, "Hades"), 1).await;
    let ids: Vec<_> = (0..1_200).map(game_id).collect();
    let count = djinn_library::game::projection::enriched_count(hub.test.ports.db.read(), &ids)
        .await
        .unwrap();
    assert_eq!(count, 1);
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
