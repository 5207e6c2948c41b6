//! Making and finding boards.

use super::Hub;
use djinn_kernel::{Esrb, Scope, Viewer};
use djinn_leaderboard::Config;
use djinn_testkit::viewers::{child, key, player};
use serde_json::json;

#[tokio::test]
async fn a_board_is_made_with_what_was_asked_and_found_by_its_id() {
    let hub = Hub::start().await;
    let game = "01890000-0000-7000-8000-000000000001";
    let input = json!({ "name": "  100 m  ", "gameId": game, "order": "LOWER_IS_BETTER", "operator": "SET", "unit": "s" });
    let made = hub.create(&player(1), input).await;
    assert_eq!(made["problems"], json!([]));
    let board = &made["board"];
    assert_eq!(board["name"], "100 m");
    assert_eq!(board["game"]["id"], game);
    assert_eq!(board["unit"], "s");
    assert_eq!(board["entries"], 0);
    let query = "query($id: ID!) { board(id: $id) { name order operator unit createdAt entries game { id } id } }";
    let found = hub
        .ask(&player(2), query, json!({ "id": board["id"] }))
        .await;
    assert_eq!(&found["board"], board);
}

#[tokio::test]
async fn a_bad_name_unit_or_game_is_a_problem_that_names_the_field() {
    let hub = Hub::start().await;
    for (input, field, code) in [
        (json!({ "name": " " }), "input.name", "INVALID_INPUT"),
        (
            json!({ "name": "x".repeat(81) }),
            "input.name",
            "INVALID_INPUT",
        ),
        (json!({ "name": "a\u{0}b" }), "input.name", "INVALID_INPUT"),
        (
            json!({ "name": "a", "unit": "u".repeat(21) }),
            "input.unit",
            "INVALID_INPUT",
        ),
        (
            json!({ "name": "a", "gameId": "portal" }),
            "input.gameId",
            "INVALID_ID",
        ),
    ] {
        let made = hub.create(&player(1), input).await;
        assert!(made["board"].is_null());
        assert_eq!(made["problems"][0]["field"], field);
        assert_eq!(made["problems"][0]["code"], code);
    }
    let longest = hub
        .create(&player(1), json!({ "name": "é".repeat(80) }))
        .await;
    assert_eq!(longest["problems"], json!([]));
}

#[tokio::test]
async fn children_and_keys_without_the_scope_cannot_make_boards_and_nobody_unknown_reads_them() {
    let hub = Hub::start().await;
    let create = "mutation { createBoard(input: { name: \"a\" }) { problems { code } } }";
    for viewer in [child(2, 1, Esrb::Teen), key(1, &[Scope::ReadPlay])] {
        assert_eq!(hub.refused(&viewer, create, json!({})).await, "FORBIDDEN");
    }
    assert_eq!(
        hub.refused(&Viewer::Anonymous, create, json!({})).await,
        "UNAUTHENTICATED"
    );
    let list = "{ boards { totalCount } }";
    assert_eq!(
        hub.refused(&Viewer::Anonymous, list, json!({})).await,
        "UNAUTHENTICATED"
    );
    assert_eq!(
        hub.refused(&key(1, &[Scope::ReadLibrary]), list, json!({}))
            .await,
        "FORBIDDEN"
    );
    assert_eq!(
        hub.ask(&child(2, 1, Esrb::Teen), list, json!({})).await["boards"]["totalCount"],
        0
    );
}

#[tokio::test]
async fn a_player_can_make_only_so_many_boards() {
    let hub = Hub::with(Config {
        boards_per_player: 2,
    })
    .await;
    for _ in 0..2 {
        assert_eq!(
            hub.create(&player(1), json!({ "name": "a" })).await["problems"],
            json!([])
        );
    }
    let third = hub.create(&player(1), json!({ "name": "a" })).await;
    assert_eq!(third["problems"][0]["code"], "LIMIT_EXCEEDED");
    assert!(
        third["problems"][0]["message"]
            .as_str()
            .unwrap()
            .contains('2')
    );
    assert_eq!(
        hub.create(&player(2), json!({ "name": "a" })).await["problems"],
        json!([])
    );
}

#[tokio::test]
async fn boards_are_listed_newest_first_in_pages_and_by_game() {
    let hub = Hub::start().await;
    let game = "01890000-0000-7000-8000-000000000001";
    for n in 0..5 {
        let game = (n % 2 == 0).then_some(game);
        hub.create(&player(1), json!({ "name": n.to_string(), "gameId": game }))
            .await;
    }
    let query =
        "query($game: ID, $after: String) { boards(gameId: $game, first: 2, after: $after) {
        nodes { name } pageInfo { hasNextPage endCursor } totalCount } }";
    let mut names = Vec::new();
    let mut after = json!(null);
    loop {
        let page = hub.ask(&player(1), query, json!({ "after": after })).await["boards"].take();
        assert_eq!(page["totalCount"], 5);
        names.extend(
            page["nodes"]
                .as_array()
                .unwrap()
                .iter()
                .map(|board| board["name"].as_str().unwrap().to_owned()),
        );
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(names, ["4", "3", "2", "1", "0"]);
    let of_game = hub.ask(&player(1), query, json!({ "game": game })).await;
    assert_eq!(of_game["boards"]["totalCount"], 3);
    assert_eq!(
        of_game["boards"]["nodes"],
        json!([{ "name": "4" }, { "name": "2" }])
    );
}

#[tokio::test]
async fn a_game_shows_its_boards_and_one_bad_entity_nulls_only_itself() {
    let hub = Hub::start().await;
    let game = "01890000-0000-7000-8000-000000000001";
    let made = hub
        .create(&player(1), json!({ "name": "Sprint", "gameId": game }))
        .await;
    let query = "query($r: [_Any!]!) { _entities(representations: $r) {
        ... on Game { id boards(first: 5) { name } } ... on Board { name } } }";
    let representations = json!([
        { "__typename": "Game", "id": game },
        { "__typename": "Game", "id": "portal" },
        { "__typename": "Board", "id": made["board"]["id"] },
        { "__typename": "Board", "id": "01890000-0000-7000-8000-00000000ffff" },
    ]);
    let answer = hub
        .answer(&player(1), query, json!({ "r": representations }))
        .await;
    assert_eq!(
        answer["data"]["_entities"],
        json!([{ "id": game, "boards": [{ "name": "Sprint" }] }, null, { "name": "Sprint" }, null])
    );
    assert_eq!(answer["errors"].as_array().unwrap().len(), 1);
    assert_eq!(answer["errors"][0]["extensions"]["code"], "INVALID_ID");
}

#[tokio::test]
async fn the_schema_is_as_agreed_and_every_type_is_described() {
    let hub = Hub::start().await;
    let sdl = &hub.parts.sdl;
    for line in [
        "type Query {",
        "type Mutation {",
        "radius: Int = 5",
        "order: BoardOrder = HIGHER_IS_BETTER",
    ] {
        assert!(sdl.contains(line), "{line} in {sdl}");
    }
    let bare = |part: &&str| part.starts_with("type") || part.starts_with("input");
    assert_eq!(sdl.split("\n\n").find(bare), None);
    let nulls = json!({ "name": "a", "order": null, "operator": null });
    let made = hub.create(&player(1), nulls).await;
    assert_eq!(
        (&made["board"]["order"], &made["board"]["operator"]),
        (&json!("HIGHER_IS_BETTER"), &json!("BEST"))
    );
}
