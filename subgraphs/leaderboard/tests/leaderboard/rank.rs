//! Reading ranks.

use super::{Hub, standings};
use chrono::TimeDelta;
use djinn_kernel::{Scope, Viewer};
use djinn_testkit::viewers::{key, player, player_id};
use serde_json::{Value, json};

/// Ten players with 10, 20, … 100 points.
async fn ten(hub: &Hub) -> String {
    let board = hub.board("BEST", "HIGHER_IS_BETTER").await;
    for n in 1..=10_u32 {
        hub.submit(&player(u128::from(n)), &board, f64::from(n * 10), "a")
            .await;
    }
    board
}

#[tokio::test]
async fn the_top_goes_on_page_by_page_with_ranks_that_fit_together() {
    let hub = Hub::start().await;
    let board = ten(&hub).await;
    let query =
        "query($id: ID!, $after: String) { board(id: $id) { entries top(first: 3, after: $after) {
        nodes { rank score player { id } } pageInfo { hasNextPage endCursor } totalCount } } }";
    let (mut seen, mut after) = (Vec::new(), json!(null));
    loop {
        let data = hub
            .ask(&player(1), query, json!({ "id": board, "after": after }))
            .await;
        let top = &data["board"]["top"];
        assert_eq!(
            (&top["totalCount"], &data["board"]["entries"]),
            (&json!(10), &json!(10))
        );
        seen.extend(standings(&top["nodes"]));
        after = top["pageInfo"]["endCursor"].clone();
        if top["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    let expected: Vec<_> = (1..=10)
        .map(|rank| {
            (
                rank,
                player_id((11 - rank) as u128).to_string(),
                (110 - rank * 10) as f64,
            )
        })
        .collect();
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn around_shows_the_neighbours_and_stops_at_the_ends() {
    let hub = Hub::start().await;
    let board = ten(&hub).await;
    let query = "query($id: ID!, $player: ID, $radius: Int) { board(id: $id) { around(playerId: $player, radius: $radius) {
        rank score player { id } } } }";
    let ranks = |data: Value| -> Vec<i64> {
        standings(&data["board"]["around"])
            .into_iter()
            .map(|(rank, ..)| rank)
            .collect()
    };
    let middle = hub
        .ask(&player(6), query, json!({ "id": board, "radius": 2 }))
        .await;
    assert_eq!(ranks(middle), [3, 4, 5, 6, 7]);
    let best = hub
        .ask(
            &player(1),
            query,
            json!({ "id": board, "player": player_id(10).to_string(), "radius": 1 }),
        )
        .await;
    assert_eq!(ranks(best), [1, 2]);
    let alone = hub
        .ask(&player(1), query, json!({ "id": board, "radius": 0 }))
        .await;
    assert_eq!(ranks(alone), [10]);
    let absent = hub
        .ask(&player(77), query, json!({ "id": board, "radius": 3 }))
        .await;
    assert_eq!(ranks(absent), [] as [i64; 0]);
    for radius in [-1, 51] {
        assert_eq!(
            hub.refused(&player(1), query, json!({ "id": board, "radius": radius }))
                .await,
            "INVALID_INPUT"
        );
    }
}

#[tokio::test]
async fn a_rank_is_null_without_a_score_and_mine_unless_asked_otherwise() {
    let hub = Hub::start().await;
    let board = ten(&hub).await;
    let query = "query($id: ID!, $other: ID) { board(id: $id) { rank { rank } other: rank(playerId: $other) { rank score } } }";
    let data = hub
        .ask(
            &player(4),
            query,
            json!({ "id": board, "other": player_id(9).to_string() }),
        )
        .await;
    assert_eq!(
        data["board"],
        json!({ "rank": { "rank": 7 }, "other": { "rank": 2, "score": 90.0 } })
    );
    let data = hub.ask(&player(77), query, json!({ "id": board })).await;
    assert!(data["board"]["rank"].is_null());
}

#[tokio::test]
async fn bad_pages_and_cursors_are_refused_with_their_codes() {
    let hub = Hub::start().await;
    let board = ten(&hub).await;
    let query = "query($id: ID!, $first: Int, $after: String) { board(id: $id) { top(first: $first, after: $after) { totalCount } } }";
    let refused = |first: i32, after: Value| {
        let (hub, board) = (&hub, &board);
        async move {
            hub.refused(
                &player(1),
                query,
                json!({ "id": board, "first": first, "after": after }),
            )
            .await
        }
    };
    assert_eq!(refused(0, json!(null)).await, "PAGE_TOO_LARGE");
    assert_eq!(refused(101, json!(null)).await, "PAGE_TOO_LARGE");
    assert_eq!(refused(5, json!("nonsense")).await, "INVALID_CURSOR");
    assert_eq!(
        hub.refused(&player(1), "{ board(id: \"x\") { id } }", json!({}))
            .await,
        "INVALID_ID"
    );
}

const RANKS: &str = "query($r: [_Any!]!) { _entities(representations: $r) {
    ... on Player { id ranks(first: 2) { rank score board { id entries } player { id } } } } }";

#[tokio::test]
async fn a_player_shows_the_latest_ranks_first_with_their_boards() {
    let hub = Hub::start().await;
    let mut boards = Vec::new();
    for points in [1.0, 2.0, 3.0] {
        let board = hub.board("BEST", "HIGHER_IS_BETTER").await;
        hub.submit(&player(1), &board, points, "a").await;
        hub.submit(&player(2), &board, 9.0, "a").await;
        hub.ports.clock.advance(TimeDelta::seconds(1));
        boards.push(board);
    }
    let representations = json!([{ "__typename": "Player", "id": player_id(1).to_string() }]);
    let data = hub
        .ask(&player(3), RANKS, json!({ "r": representations }))
        .await;
    let ranks = data["_entities"][0]["ranks"].as_array().unwrap();
    let seen: Vec<_> = ranks
        .iter()
        .map(|rank| {
            (
                rank["board"]["id"].as_str().unwrap(),
                &rank["rank"],
                &rank["board"]["entries"],
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            (boards[2].as_str(), &json!(2), &json!(2)),
            (boards[1].as_str(), &json!(2), &json!(2))
        ]
    );
    let denied = hub
        .answer(
            &key(1, &[Scope::ReadLibrary]),
            RANKS,
            json!({ "r": representations }),
        )
        .await;
    assert_eq!(denied["errors"][0]["extensions"]["code"], "FORBIDDEN");
    let nobody = hub
        .answer(&Viewer::Anonymous, RANKS, json!({ "r": representations }))
        .await;
    assert_eq!(nobody["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
}

#[tokio::test]
async fn lists_of_players_and_of_boards_ask_as_often_as_one_of_them() {
    let hub = Hub::start().await;
    for _ in 0..6 {
        ten(&hub).await;
    }
    let boards = "query($first: Int) { boards(first: $first) { nodes { entries rank { rank } top(first: 3) { totalCount nodes { rank score } } } } }";
    let mut counts = Vec::new();
    for n in [1, 10] {
        let players: Vec<_> = (1..=n)
            .map(|n| json!({ "__typename": "Player", "id": player_id(n).to_string() }))
            .collect();
        hub.ports.database.take_query_count();
        let data = hub.ask(&player(1), RANKS, json!({ "r": players })).await;
        assert_eq!(data["_entities"].as_array().unwrap().len(), n as usize);
        let of_players = hub.ports.database.take_query_count();
        let data = hub
            .ask(&player(1), boards, json!({ "first": n.min(6) }))
            .await;
        for board in data["boards"]["nodes"].as_array().unwrap() {
            assert_eq!(board["rank"]["rank"], 10);
            assert_eq!(
                board["top"]["nodes"][2],
                json!({ "rank": 3, "score": 80.0 })
            );
        }
        counts.push((of_players, hub.ports.database.take_query_count()));
    }
    assert!(counts[0].0 > 0 && counts[0].1 > 0);
    assert_eq!(counts[0], counts[1]);
}
