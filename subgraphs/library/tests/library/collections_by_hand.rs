//! Collections that are put together by hand.

use super::{
    collections::{ADD, CREATE, ONE, REMOVE, UPDATE, create, mark, one, shelf, when},
    household::{game, game_id, numbers},
};
use djinn_testkit::viewers::player;
use serde_json::{Value, json};

#[tokio::test]
async fn games_put_in_by_hand_keep_their_order_and_can_be_moved_and_taken_out() {
    let hub = shelf().await;
    let ids = |ns: &[u128]| ns.iter().map(|n| game_id(*n)).collect::<Vec<_>>();
    let me = player(1);
    let made = create(
        &hub,
        &me,
        json!({ "name": "Tonight", "gameIds": ids(&[3, 1, 3]) }),
    )
    .await;
    assert_eq!(made["rule"], Value::Null);
    assert_eq!(numbers(&made["games"]["nodes"]), [3, 1]);
    let add = async |games: &[u128], before: Option<u128>| {
        let input = json!({ "collectionId": made["id"], "gameIds": ids(games), "beforeGameId": before.map(game_id) });
        hub.data(&me, ADD, json!({ "input": input })).await["addToCollection"].take()
    };
    let order = |payload: &Value| numbers(&payload["collection"]["games"]["nodes"]);
    assert_eq!(
        order(&add(&[5, 2], None).await),
        [3, 1, 5, 2],
        "a soundtrack too, if one wants"
    );
    assert_eq!(order(&add(&[4], Some(1)).await), [3, 4, 1, 5, 2]);
    assert_eq!(order(&add(&[2, 5], Some(3)).await), [2, 5, 3, 4, 1]);
    assert_eq!(order(&add(&[2], None).await), [5, 3, 4, 1, 2]);
    let before_itself = add(&[2], Some(2)).await;
    assert_eq!(before_itself["problems"][0]["field"], "input.beforeGameId");
    let nowhere = add(&[77], None).await;
    assert_eq!(
        nowhere["problems"],
        json!([{ "code": "NOT_FOUND", "field": "input.gameIds[0]" }])
    );

    let first = hub
        .data(&me, ONE, json!({ "id": made["id"], "first": 2 }))
        .await["collection"]["games"]
        .take();
    assert_eq!(numbers(&first["nodes"]), [5, 3]);
    assert_eq!(first["totalCount"], 5);
    let after = &first["pageInfo"]["endCursor"];
    // The game at the cursor goes; its place does not.
    let input = json!({ "collectionId": made["id"], "gameIds": ids(&[3]) });
    let removed =
        hub.data(&me, REMOVE, json!({ "input": input })).await["removeFromCollection"].take();
    assert_eq!(order(&removed), [5, 4, 1, 2]);
    let rest = hub
        .data(&me, ONE, json!({ "id": made["id"], "after": after }))
        .await["collection"]["games"]
        .take();
    assert_eq!(numbers(&rest["nodes"]), [4, 1, 2]);

    mark(&hub, 4, json!({ "hidden": true })).await;
    let now = hub.test.ports.clock.now();
    hub.change_copies(1, 1, |copy| copy.removed_at = Some(now))
        .await;
    let left = one(&hub, &me, &made["id"]).await;
    assert_eq!(numbers(&left["games"]["nodes"]), [5, 2]);
    assert_eq!(left["totalCount"], 2);
    hub.change_copies(1, 1, |copy| copy.removed_at = None).await;
    assert_eq!(
        numbers(&one(&hub, &me, &made["id"]).await["games"]["nodes"]),
        [5, 1, 2]
    );
}

#[tokio::test]
async fn a_game_that_turns_out_to_be_another_stays_where_it_was_put() {
    let hub = shelf().await;
    let put = json!({ "name": "Tonight", "gameIds": [game_id(3), game_id(1)] });
    let made = create(&hub, &player(1), put).await;
    hub.learn(&game(6, "Persona 5"), 1).await;
    hub.rematch(1, 3, 6).await;
    assert_eq!(
        numbers(&one(&hub, &player(1), &made["id"]).await["games"]["nodes"]),
        [6, 1]
    );
}

#[tokio::test]
async fn a_smart_collection_takes_no_games_and_a_manual_one_no_rule() {
    let hub = shelf().await;
    let rule = when("FAVOURITE", "IS_TRUE", Value::Null);
    let smart = create(&hub, &player(1), json!({ "name": "Smart", "rule": rule })).await;
    let manual = create(&hub, &player(1), json!({ "name": "Manual" })).await;
    let input = json!({ "collectionId": smart["id"], "gameIds": [game_id(1)] });
    for (document, name) in [(ADD, "addToCollection"), (REMOVE, "removeFromCollection")] {
        let answer = hub
            .data(&player(1), document, json!({ "input": input }))
            .await;
        assert_eq!(
            answer[name]["problems"],
            json!([{ "code": "INVALID_INPUT", "field": "input.collectionId" }])
        );
    }
    let input = json!({ "id": manual["id"], "rule": rule });
    let answer = hub
        .data(&player(1), UPDATE, json!({ "input": input }))
        .await;
    assert_eq!(
        answer["updateCollection"]["problems"][0]["field"],
        "input.rule"
    );
    let both = json!({ "input": { "name": "Both", "rule": rule, "gameIds": [game_id(1)] } });
    let answer = hub.data(&player(1), CREATE, both).await;
    assert_eq!(
        answer["createCollection"]["problems"][0]["field"],
        "input.gameIds"
    );
}
