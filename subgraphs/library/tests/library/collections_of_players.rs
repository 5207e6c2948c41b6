//! Whose collections are whose, in which order and how many.

use super::{
    collections::{
        ADD, ALL, CREATE, PREVIEW, UPDATE, WHY, create, one, options, preview, shelf, when,
        writing_child,
    },
    household::{Hub, game, game_id, numbers},
};
use djinn_kernel::{Esrb, Scope, Viewer};
use djinn_testkit::viewers::{child, key, player};
use serde_json::{Value, json};

#[tokio::test]
async fn a_child_sees_its_own_collections_and_only_games_it_may_see() {
    let hub = shelf().await;
    let rule = when("PLATFORM", "ONE_OF", options(&["steam"]));
    let anna = create(
        &hub,
        &player(1),
        json!({ "name": "Everything", "rule": rule }),
    )
    .await;
    assert_eq!(anna["totalCount"], 4);
    let ben = writing_child();
    assert_eq!(preview(&hub, &ben, &rule).await, [1]);
    let made = create(&hub, &ben, json!({ "name": "Mine", "rule": rule })).await;
    assert_eq!(made["totalCount"], 1);
    assert_eq!(numbers(&made["games"]["nodes"]), [1]);
    let all = hub.data(&ben, ALL, json!({})).await["collections"].take();
    assert_eq!(all["totalCount"], 1);
    assert_eq!(all["nodes"][0]["name"], "Mine");
    assert_eq!(one(&hub, &ben, &anna["id"]).await, Value::Null);
    assert_eq!(one(&hub, &player(1), &made["id"]).await, Value::Null);

    // DOOM looks as if it were not there, by hand and in reasons too.
    let manual = create(
        &hub,
        &ben,
        json!({ "name": "By hand", "gameIds": [game_id(1)] }),
    )
    .await;
    for n in [2, 77] {
        let input = json!({ "collectionId": manual["id"], "gameIds": [game_id(n)] });
        let added = hub.data(&ben, ADD, json!({ "input": input })).await["addToCollection"].take();
        assert_eq!(
            added["problems"],
            json!([{ "code": "NOT_FOUND", "field": "input.gameIds[0]" }])
        );
        let why = hub
            .data(
                &ben,
                WHY,
                json!({ "collection": made["id"], "game": game_id(n) }),
            )
            .await;
        assert_eq!(why["whyInCollection"], Value::Null);
    }
    // A platform that only hidden games are held on is no platform to a child.
    let gog = when("PLATFORM", "ONE_OF", options(&["dreamcast"]));
    let mut seed = game(8, "Mature on Dreamcast");
    seed.esrb = Some(Esrb::Mature);
    seed.platforms = vec!["dreamcast"];
    hub.hold(1, &[seed]).await;
    assert_eq!(preview(&hub, &player(1), &gog).await, [8]);
    assert_eq!(
        hub.refusal(&ben, PREVIEW, json!({ "rule": gog })).await.0,
        "INVALID_INPUT"
    );

    // A game whose rating rises leaves the child's collections, and their counts.
    let mut seed = game(1, "Celeste");
    seed.esrb = Some(Esrb::Mature);
    hub.learn(&seed, 2).await;
    for id in [&made["id"], &manual["id"]] {
        let seen = one(&hub, &ben, id).await;
        assert_eq!(
            (&seen["totalCount"], &seen["games"]["nodes"]),
            (&json!(0), &json!([]))
        );
    }
}

#[tokio::test]
async fn changing_needs_the_right_to_write_and_looking_the_right_to_read() {
    let hub = shelf().await;
    let rule = when("FAVOURITE", "IS_TRUE", Value::Null);
    let made = create(&hub, &player(1), json!({ "name": "Mine", "rule": rule })).await;
    let create = json!({ "input": { "name": "x", "rule": rule } });
    for (viewer, code) in [
        (Viewer::Anonymous, "UNAUTHENTICATED"),
        (child(9, 1, Esrb::Teen), "FORBIDDEN"),
        (key(1, &[Scope::ReadLibrary]), "FORBIDDEN"),
    ] {
        assert_eq!(hub.refusal(&viewer, CREATE, create.clone()).await.0, code);
    }
    assert_eq!(
        hub.refusal(&key(1, &[Scope::ReadPlay]), ALL, json!({}))
            .await
            .0,
        "FORBIDDEN"
    );
    // Another household's collection is not there, whatever one tries.
    let input = json!({ "input": { "id": made["id"], "name": "Stolen" } });
    let theirs = hub.data(&player(2), UPDATE, input).await["updateCollection"].take();
    assert_eq!(theirs["problems"][0]["code"], "NOT_FOUND");
    let delete = "mutation($id: ID!) { deleteCollection(id: $id) { ok problems { code } } }";
    let theirs = hub
        .data(&player(2), delete, json!({ "id": made["id"] }))
        .await["deleteCollection"]
        .take();
    assert_eq!(
        theirs,
        json!({ "ok": false, "problems": [{ "code": "NOT_FOUND" }] })
    );
    let mine = hub
        .data(&player(1), delete, json!({ "id": made["id"] }))
        .await["deleteCollection"]
        .take();
    assert_eq!(mine, json!({ "ok": true, "problems": [] }));
    assert_eq!(one(&hub, &player(1), &made["id"]).await, Value::Null);
}

#[tokio::test]
async fn collections_are_listed_in_their_players_order_a_page_at_a_time() {
    let hub = Hub::with(&[game(1, "Celeste")]).await;
    let me = player(1);
    let mut ids = Vec::new();
    for name in ["a", "b", "c", "d"] {
        ids.push(create(&hub, &me, json!({ "name": name })).await["id"].clone());
    }
    let names = |page: &Value| {
        let nodes = page["nodes"].as_array().unwrap().iter();
        nodes
            .map(|node| node["name"].as_str().unwrap().to_owned())
            .collect::<String>()
    };
    let list = async |variables: Value| hub.data(&me, ALL, variables).await["collections"].take();
    assert_eq!(names(&list(json!({})).await), "abcd");
    let reorder =
        "mutation($ids: [ID!]!) { reorderCollections(ids: $ids) { ok problems { code field } } }";
    let order = json!({ "ids": [ids[3], ids[1]] });
    let done = hub.data(&me, reorder, order).await["reorderCollections"].take();
    assert_eq!(done, json!({ "ok": true, "problems": [] }));
    let first = list(json!({ "first": 3 })).await;
    assert_eq!(
        (names(&first), &first["totalCount"]),
        ("dba".to_owned(), &json!(4))
    );
    let rest = list(json!({ "after": first["pageInfo"]["endCursor"] })).await;
    assert_eq!(
        (names(&rest), &rest["pageInfo"]["hasNextPage"]),
        ("c".to_owned(), &json!(false))
    );
    for (wrong, code) in [
        (json!([ids[0], ids[0]]), "INVALID_INPUT"),
        (json!(["x"]), "INVALID_ID"),
        (json!([game_id(1)]), "NOT_FOUND"),
    ] {
        let answer = hub.data(&me, reorder, json!({ "ids": wrong })).await;
        assert_eq!(answer["reorderCollections"]["problems"][0]["code"], code);
    }
    assert_eq!(names(&list(json!({})).await), "dbac", "nothing was done");
}

#[tokio::test]
async fn a_player_has_at_most_two_hundred_and_a_name_has_limits_too() {
    let hub = Hub::new().await;
    let me = player(1);
    for name in ["", " \u{7} ", &"x".repeat(81)] {
        let answer = hub
            .data(&me, CREATE, json!({ "input": { "name": name } }))
            .await;
        assert_eq!(
            answer["createCollection"]["problems"][0]["field"],
            "input.name"
        );
    }
    for n in 0..200 {
        create(&hub, &me, json!({ "name": format!("{n}") })).await;
    }
    let answer = hub
        .data(&me, CREATE, json!({ "input": { "name": "One more" } }))
        .await;
    assert_eq!(
        answer["createCollection"]["problems"][0]["code"],
        "LIMIT_EXCEEDED"
    );
    create(&hub, &player(2), json!({ "name": "Somebody else's first" })).await;
}
