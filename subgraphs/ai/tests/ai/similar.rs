//! What is alike.

use super::{Hub, game, game_id, games, holding};
use djinn_kernel::{Board, Ceiling, Esrb, Rated, Scope, event::GameChanged};
use djinn_testkit::viewers::{child, key, player, player_id};
use serde_json::json;

async fn shelf(hub: &Hub) {
    hub.held(
        &game(
            1,
            "DOOM",
            &["Shooter"],
            &["Gore", "Fast-Paced"],
            "id Software",
        ),
        600,
        None,
    )
    .await;
    hub.held(
        &game(2, "Quake", &["Shooter"], &["Gore", "Retro"], "id Software"),
        0,
        None,
    )
    .await;
    hub.held(
        &game(3, "Dusk", &["Shooter"], &["Retro"], "New Blood"),
        900,
        Some("completed"),
    )
    .await;
    hub.held(
        &game(4, "Unpacking", &["Puzzle"], &["Cozy"], "Witch Beam"),
        0,
        None,
    )
    .await;
    hub.held(
        &game(
            5,
            "A Little to the Left",
            &["Puzzle"],
            &["Cozy"],
            "Max Inferno",
        ),
        0,
        None,
    )
    .await;
}

#[tokio::test]
async fn similar_games_share_features_and_the_reasons_say_which() {
    let hub = Hub::start().await;
    shelf(&hub).await;
    let picks = hub.similar(&player(1), 1).await;
    // Played or not: similar is not a suggestion.
    assert_eq!(games(&picks), [2, 3]);
    assert_eq!(
        picks[0].reason("developer"),
        "Both were made by id Software."
    );
    assert_eq!(picks[0].reason("genre"), "Both are Shooter.");
    assert_eq!(picks[0].reason("tag"), "Both are tagged Gore.");
    assert!(picks[0].score > picks[1].score && picks[0].score <= 1.0);
    assert_eq!(games(&hub.similar(&player(1), 4).await), [5]);
}

#[tokio::test]
async fn a_game_that_is_not_held_is_compared_with_those_that_are() {
    let hub = Hub::start().await;
    shelf(&hub).await;
    hub.game(&game(6, "Prodeus", &["Shooter"], &["Gore"], "Bounding Box"))
        .await;
    assert!(games(&hub.similar(&player(1), 6).await).contains(&1));
    assert!(hub.similar(&player(1), 999).await.is_empty());
    assert!(hub.similar(&player(2), 1).await.is_empty());
}

#[tokio::test]
async fn above_the_ceiling_nothing_is_similar_to_anything() {
    let hub = Hub::start().await;
    shelf(&hub).await;
    let mature = game(
        1,
        "DOOM",
        &["Shooter"],
        &["Gore", "Fast-Paced"],
        "id Software",
    );
    hub.game(&GameChanged {
        revision: 2,
        esrb: Some(Esrb::Mature),
        ..mature
    })
    .await;
    let kid = child(2, 1, Esrb::Teen);
    assert!(hub.similar(&kid, 1).await.is_empty());
    assert_eq!(games(&hub.similar(&kid, 2).await), [3]);
}

#[tokio::test]
async fn a_ceiling_of_another_board_goes_by_that_boards_own_word() {
    let hub = Hub::start().await;
    shelf(&hub).await;
    let doom = game(
        1,
        "DOOM",
        &["Shooter"],
        &["Gore", "Fast-Paced"],
        "id Software",
    );
    let quake = game(2, "Quake", &["Shooter"], &["Gore", "Retro"], "id Software");
    for (said, esrb, usk) in [(doom, Esrb::Mature, "12"), (quake, Esrb::Everyone, "6")] {
        let rated = Rated::by_esrb(Some(esrb)).with(Board::Usk, Board::Usk.level(usk));
        hub.game(&GameChanged {
            revision: 2,
            esrb: rated.esrb(),
            boards: Some(rated.boards()),
            ..said
        })
        .await;
    }
    let usk = |level| child(2, 1, Ceiling::new(Board::Usk, level).unwrap());
    assert!(!hub.similar(&usk("12"), 1).await.is_empty());
    assert!(hub.similar(&usk("6"), 1).await.is_empty());
    assert!(
        hub.similar(&child(2, 1, Esrb::Teen), 1).await.is_empty(),
        "one household, two ceilings: neither gets what was made ready for the other"
    );
    assert!(!hub.similar(&usk("12"), 1).await.is_empty());
}

#[tokio::test]
async fn a_list_of_games_asks_as_often_as_one() {
    let hub = Hub::start().await;
    shelf(&hub).await;
    for n in 20..40 {
        hub.game(&game(n, &format!("Shooter {n}"), &["Shooter"], &[], "A"))
            .await;
    }
    let query = "query($r: [_Any!]!) { _entities(representations: $r) { ... on Game { similar { score } } } }";
    let mut counts = Vec::new();
    for games in [&[1_u128, 20][..], &[1, 2, 3, 4, 20, 21, 22, 23]] {
        let list: Vec<_> = games
            .iter()
            .map(|n| json!({ "__typename": "Game", "id": game_id(*n).to_string() }))
            .collect();
        // The household changes: nothing is ready.
        hub.holding(&holding(player_id(1), 50 + games.len() as u128, 0, None))
            .await;
        hub.ports.database.take_query_count();
        hub.ask(&player(1), query, json!({ "r": list })).await;
        counts.push(hub.ports.database.take_query_count());
    }
    assert_eq!(counts[0], counts[1]);
}

#[tokio::test]
async fn one_bad_id_nulls_only_itself_and_limits_and_scopes_hold() {
    let hub = Hub::start().await;
    shelf(&hub).await;
    let list = json!([{ "__typename": "Game", "id": "portal" }, { "__typename": "Game", "id": game_id(4).to_string() }]);
    let query = "query($r: [_Any!]!, $n: Int) { _entities(representations: $r) { ... on Game { similar(first: $n) { game { id } } } } }";
    let answer = hub
        .answer(&player(1), query, json!({ "r": list, "n": 1 }))
        .await;
    assert_eq!(
        answer["data"]["_entities"],
        json!([null, { "similar": [{ "game": { "id": game_id(5).to_string() } }] }])
    );
    assert_eq!(answer["errors"][0]["extensions"]["code"], "INVALID_ID");
    let answer = hub
        .answer(&player(1), query, json!({ "r": list, "n": 0 }))
        .await;
    assert!(
        answer["errors"]
            .as_array()
            .unwrap()
            .iter()
            .any(|error| error["extensions"]["code"] == "INVALID_INPUT")
    );
    let answer = hub
        .answer(
            &key(1, &[Scope::ReadPlay]),
            query,
            json!({ "r": list, "n": 1 }),
        )
        .await;
    assert!(
        answer["errors"]
            .as_array()
            .unwrap()
            .iter()
            .any(|error| error["extensions"]["code"] == "FORBIDDEN")
    );
}
