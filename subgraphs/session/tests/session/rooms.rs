use crate::hub::{Hub, codes};
use djinn_kernel::{Scope, Viewer, viewer::Identity};
use futures_util::future::join_all;
use serde_json::{Value, json};

const ROOM: &str = "room { id name phase public seats rev epoch state host { name }
    members { player { name } ready lastClientSeq } } problems { code field message }";

pub async fn create(hub: &Hub, viewer: &Viewer, input: Value) -> Value {
    let query =
        format!("mutation($input: CreateRoomInput!) {{ createRoom(input: $input) {{ {ROOM} }} }}");
    hub.data(viewer, &query, json!({ "input": input })).await["createRoom"].take()
}

/// `joinRoom`, `leaveRoom` or `closeRoom`.
pub async fn change(hub: &Hub, viewer: &Viewer, what: &str, room: &Value) -> Value {
    let query = format!("mutation($id: ID!) {{ {what}(roomId: $id) {{ {ROOM} }} }}");
    hub.data(viewer, &query, json!({ "id": room })).await[what].take()
}

pub async fn ready(hub: &Hub, viewer: &Viewer, room: &Value, ready: bool) -> Value {
    let query = format!(
        "mutation($id: ID!, $ready: Boolean!) {{ setReady(roomId: $id, ready: $ready) {{ {ROOM} }} }}"
    );
    hub.data(viewer, &query, json!({ "id": room, "ready": ready }))
        .await["setReady"]
        .take()
}

pub async fn act(hub: &Hub, viewer: &Viewer, room: &Value, seq: i64, patch: Value) -> Value {
    const ACT: &str = "mutation($input: ActInput!) { actInRoom(input: $input) {
        rev epoch duplicate problems { code field message } } }";
    let input = json!({ "input": { "roomId": room, "clientSeq": seq, "patch": patch } });
    hub.data(viewer, ACT, input).await["actInRoom"].take()
}

pub async fn read(hub: &Hub, viewer: &Viewer, room: &Value) -> Value {
    let query = "query($id: ID!) { room(id: $id) { phase rev epoch state host { id }
        members { player { id } ready joinedAt lastClientSeq } } }";
    hub.data(viewer, query, json!({ "id": room })).await["room"].take()
}

#[tokio::test]
async fn an_action_is_applied_once_however_often_it_is_sent() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let made = create(
        &hub,
        &ann,
        json!({ "name": "Chess", "state": { "turn": "white" } }),
    )
    .await;
    let room = &made["room"]["id"];
    assert_eq!(made["room"]["rev"], json!(1));
    let first = act(
        &hub,
        &ann,
        room,
        1,
        json!({ "turn": "black", "e4": "pawn" }),
    )
    .await;
    assert_eq!(
        (&first["rev"], &first["duplicate"]),
        (&json!(2), &json!(false))
    );
    let second = act(&hub, &ann, room, 2, json!({ "e4": null })).await;
    assert_eq!(second["rev"], json!(3));
    for _ in 0..3 {
        let again = act(&hub, &ann, room, 2, json!({ "e4": null })).await;
        assert_eq!(
            again,
            json!({ "rev": 3, "epoch": made["room"]["epoch"], "duplicate": true, "problems": [] })
        );
    }
    let now = read(&hub, &ann, room).await;
    assert_eq!(
        (&now["rev"], &now["state"]),
        (&json!(3), &json!({ "turn": "black" }))
    );
    assert_eq!(now["members"][0]["lastClientSeq"], json!(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_copies_of_an_action_at_once_one_is_applied_and_none_is_lost() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let kid = hub.child(&ann, "Kid").await;
    let room = create(&hub, &ann, json!({ "name": "Race" })).await["room"]["id"].take();
    change(&hub, &kid, "joinRoom", &room).await;
    let copies = (0..50).map(|n| {
        act(
            &hub,
            if n % 2 == 0 { &ann } else { &kid },
            &room,
            1,
            json!({ "x": 1 }),
        )
    });
    let answers = join_all(copies).await;
    assert!(answers.iter().all(|answer| answer["problems"] == json!([])));
    assert_eq!(
        answers
            .iter()
            .filter(|answer| answer["duplicate"] == json!(false))
            .count(),
        2
    );
    assert_eq!(read(&hub, &ann, &room).await["rev"], json!(4));
}

#[tokio::test]
async fn actions_of_one_player_come_in_order_and_the_refusal_names_the_next() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let room = create(&hub, &ann, json!({ "name": "Chess" })).await["room"]["id"].take();
    for seq in [0, 2, -1, 7] {
        let refused = act(&hub, &ann, &room, seq, json!({})).await;
        assert_eq!(codes(&refused), ["ACTION_OUT_OF_ORDER"], "{seq}");
        assert!(
            refused["problems"][0]["message"]
                .as_str()
                .unwrap()
                .ends_with("the next is 1")
        );
    }
    act(&hub, &ann, &room, 1, json!({})).await;
    act(&hub, &ann, &room, 2, json!({})).await;
    assert_eq!(
        codes(&act(&hub, &ann, &room, 1, json!({})).await),
        ["ACTION_OUT_OF_ORDER"]
    );
}

#[tokio::test]
async fn the_numbers_of_a_player_go_on_where_they_were_when_they_come_back() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let kid = hub.child(&ann, "Kid").await;
    let room = create(&hub, &ann, json!({ "name": "Chess" })).await["room"]["id"].take();
    change(&hub, &kid, "joinRoom", &room).await;
    let applied = act(&hub, &kid, &room, 1, json!({ "n": 1 })).await;
    change(&hub, &kid, "leaveRoom", &room).await;
    assert_eq!(
        codes(&act(&hub, &kid, &room, 2, json!({})).await),
        ["NOT_IN_ROOM"]
    );
    change(&hub, &kid, "joinRoom", &room).await;
    // A copy that was late in the network is not a new action.
    let late = act(&hub, &kid, &room, 1, json!({ "n": 1 })).await;
    assert_eq!(
        (&late["rev"], &late["duplicate"]),
        (&applied["rev"], &json!(true))
    );
    assert_eq!(
        act(&hub, &kid, &room, 2, json!({ "n": 2 })).await["problems"],
        json!([])
    );
}

#[tokio::test]
async fn a_full_room_is_full_and_a_closed_one_is_closed() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let (kid, other) = (hub.child(&ann, "Kid").await, hub.child(&ann, "Other").await);
    let room = create(&hub, &ann, json!({ "name": "Duel", "seats": 2 })).await["room"]["id"].take();
    assert_eq!(
        codes(&act(&hub, &kid, &room, 1, json!({})).await),
        ["NOT_IN_ROOM"]
    );
    assert_eq!(
        change(&hub, &kid, "joinRoom", &room).await["room"]["rev"],
        json!(2)
    );
    // Joining twice is joining once.
    assert_eq!(
        change(&hub, &kid, "joinRoom", &room).await["room"]["rev"],
        json!(2)
    );
    assert_eq!(
        codes(&change(&hub, &other, "joinRoom", &room).await),
        ["ROOM_FULL"]
    );
    let id = json!({ "id": room });
    let not_host = hub
        .error(
            &kid,
            "mutation($id: ID!) { closeRoom(roomId: $id) { problems { code } } }",
            id,
        )
        .await;
    assert_eq!(not_host, "FORBIDDEN");
    let acted = act(&hub, &kid, &room, 1, json!({ "a": 1 })).await;
    assert_eq!(
        change(&hub, &ann, "closeRoom", &room).await["room"]["phase"],
        json!("CLOSED")
    );
    assert_eq!(
        change(&hub, &ann, "closeRoom", &room).await["room"]["phase"],
        json!("CLOSED")
    );
    assert_eq!(
        codes(&change(&hub, &other, "joinRoom", &room).await),
        ["ROOM_CLOSED"]
    );
    assert_eq!(
        codes(&change(&hub, &kid, "leaveRoom", &room).await),
        ["ROOM_CLOSED"]
    );
    assert_eq!(
        codes(&act(&hub, &kid, &room, 2, json!({})).await),
        ["ROOM_CLOSED"]
    );
    // The answer to a lost acknowledgement is the same afterwards.
    assert_eq!(
        act(&hub, &kid, &room, 1, json!({ "a": 1 })).await["rev"],
        acted["rev"]
    );
}

#[tokio::test]
async fn a_room_runs_once_everyone_is_ready_and_outlives_its_host() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let kid = hub.child(&ann, "Kid").await;
    let room = create(&hub, &ann, json!({ "name": "Duel" })).await["room"]["id"].take();
    hub.world.clock.advance(chrono::TimeDelta::seconds(1));
    change(&hub, &kid, "joinRoom", &room).await;
    assert_eq!(
        ready(&hub, &ann, &room, true).await["room"]["phase"],
        json!("OPEN")
    );
    let running = ready(&hub, &kid, &room, true).await["room"].take();
    assert_eq!(
        (&running["phase"], &running["rev"]),
        (&json!("RUNNING"), &json!(5))
    );
    // Saying it again changes nothing.
    assert_eq!(
        ready(&hub, &kid, &room, true).await["room"]["rev"],
        json!(5)
    );
    let left = change(&hub, &ann, "leaveRoom", &room).await["room"].take();
    assert_eq!(
        (&left["host"]["name"], &left["rev"]),
        (&json!("Kid"), &json!(7))
    );
    let empty = change(&hub, &kid, "leaveRoom", &room).await["room"].take();
    assert_eq!(
        (&empty["phase"], &empty["members"]),
        (&json!("CLOSED"), &json!([]))
    );
}

#[tokio::test]
async fn a_private_room_shows_itself_to_its_members_only() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let kid = hub.child(&ann, "Kid").await;
    let room =
        create(&hub, &ann, json!({ "name": "Secret", "public": false })).await["room"]["id"].take();
    let list = "{ rooms { nodes { id } totalCount } }";
    assert_eq!(read(&hub, &kid, &room).await, Value::Null);
    assert_eq!(
        hub.data(&kid, list, json!({})).await["rooms"]["totalCount"],
        json!(0)
    );
    assert_eq!(
        hub.data(&ann, list, json!({})).await["rooms"]["totalCount"],
        json!(1)
    );
    assert_eq!(
        codes(&act(&hub, &kid, &room, 1, json!({})).await),
        ["NOT_FOUND"]
    );
    // The id is the invitation.
    assert_eq!(
        change(&hub, &kid, "joinRoom", &room).await["problems"],
        json!([])
    );
    assert_ne!(read(&hub, &kid, &room).await, Value::Null);
}

#[tokio::test]
async fn what_is_wrong_with_a_room_or_patch_is_said() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let mut deep = json!(1);
    for _ in 0..33 {
        deep = json!({ "a": deep });
    }
    for (input, field) in [
        (json!({ "name": " " }), "input.name"),
        (json!({ "name": "x", "seats": 0 }), "input.seats"),
        (json!({ "name": "x", "seats": 65 }), "input.seats"),
        (json!({ "name": "x", "state": [] }), "input.state"),
        (json!({ "name": "x", "state": deep }), "input.state"),
        (
            json!({ "name": "x", "state": { "a": "x".repeat(256 * 1024) } }),
            "input.state",
        ),
    ] {
        let refused = create(&hub, &ann, input).await;
        assert_eq!(codes(&refused), ["INVALID_INPUT"]);
        assert_eq!(refused["problems"][0]["field"], json!(field));
    }
    let room = create(&hub, &ann, json!({ "name": "x" })).await["room"]["id"].take();
    for patch in [
        json!([1]),
        json!("text"),
        deep,
        json!({ "a": "x".repeat(16 * 1024) }),
    ] {
        let refused = act(&hub, &ann, &room, 1, patch).await;
        assert_eq!(codes(&refused), ["INVALID_INPUT"]);
        assert_eq!(refused["problems"][0]["field"], json!("input.patch"));
    }
    // A state grows to its limit and not beyond; the refused action was none.
    let mut seq = 1;
    loop {
        let patch = json!({ format!("part{seq}"): "x".repeat(16_000) });
        let answer = act(&hub, &ann, &room, seq, patch).await;
        if answer["problems"] != json!([]) {
            assert_eq!(codes(&answer), ["LIMIT_EXCEEDED"]);
            break;
        }
        seq += 1;
    }
    assert_eq!(seq, 17);
    assert_eq!(
        act(&hub, &ann, &room, seq, json!({ "part1": null })).await["problems"],
        json!([])
    );
    let text = json!({ "odd": "\u{0}\u{1f600}" });
    assert_eq!(
        act(&hub, &ann, &room, seq + 1, text).await["problems"],
        json!([])
    );
    assert_eq!(
        read(&hub, &ann, &room).await["state"]["odd"],
        json!("\u{0}\u{1f600}")
    );
}

#[tokio::test]
async fn a_player_hosts_twenty_rooms_at_most() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let mut rooms = Vec::new();
    for n in 0..20 {
        rooms.push(
            create(&hub, &ann, json!({ "name": format!("Room {n}") })).await["room"]["id"].take(),
        );
    }
    assert_eq!(
        codes(&create(&hub, &ann, json!({ "name": "One more" })).await),
        ["LIMIT_EXCEEDED"]
    );
    change(&hub, &ann, "closeRoom", &rooms[0]).await;
    assert_eq!(
        create(&hub, &ann, json!({ "name": "One more" })).await["problems"],
        json!([])
    );
}

#[tokio::test]
async fn a_list_of_rooms_reads_their_players_at_once() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let kid = hub.child(&ann, "Kid").await;
    for n in 0..12 {
        let room =
            create(&hub, &ann, json!({ "name": format!("Room {n}") })).await["room"]["id"].take();
        change(&hub, &kid, "joinRoom", &room).await;
    }
    let list = "query($first: Int, $after: String) { rooms(first: $first, after: $after) {
        nodes { name host { name } members { player { name } } } pageInfo { hasNextPage endCursor } totalCount } }";
    hub.world.database.take_query_count();
    let page = hub.data(&kid, list, json!({ "first": 10 })).await["rooms"].take();
    // The count, the rooms, their seats, the players, and the transaction's frame.
    let queries = hub.world.database.take_query_count();
    assert!(queries <= 6, "{queries} queries");
    assert_eq!(page["totalCount"], json!(12));
    assert_eq!(page["nodes"][0]["name"], json!("Room 11"));
    assert_eq!(page["nodes"][9]["members"].as_array().unwrap().len(), 2);
    let rest = hub
        .data(
            &kid,
            list,
            json!({ "first": 10, "after": page["pageInfo"]["endCursor"] }),
        )
        .await;
    assert_eq!(rest["rooms"]["nodes"].as_array().unwrap().len(), 2);
    assert_eq!(rest["rooms"]["pageInfo"]["hasNextPage"], json!(false));
    assert_eq!(
        hub.error(&kid, list, json!({ "first": 101 })).await,
        "PAGE_TOO_LARGE"
    );
    assert_eq!(
        hub.error(&kid, list, json!({ "after": "%%%" })).await,
        "INVALID_CURSOR"
    );
}

#[tokio::test]
async fn a_key_that_may_only_read_does_not_play() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let room = create(&hub, &ann, json!({ "name": "Chess" })).await["room"]["id"].take();
    let reader = Viewer::Known(Identity {
        scopes: vec![Scope::ReadPlay],
        ..ann.identity().unwrap().clone()
    });
    assert_eq!(read(&hub, &reader, &room).await["rev"], json!(1));
    let query = "mutation($id: ID!) { joinRoom(roomId: $id) { problems { code } } }";
    assert_eq!(
        hub.error(&reader, query, json!({ "id": room })).await,
        "FORBIDDEN"
    );
}
