//! A room: shared state that converges, and survives.

use crate::hub::{Hub, Person, Placement};
use serde_json::{Value, json};

const EVENTS: &str = "subscription($room: ID!, $resume: RoomPosition) { roomEvents(roomId: $room, resume: $resume) { __typename
    ... on RoomSnapshot { epoch rev room { state members { player { id name } ready } } }
    ... on RoomDelta { epoch fromRev rev changes { rev kind patch clientSeq } }
    ... on RoomGap { epoch rev } ... on RoomClosed { epoch rev } } }";
const ACT: &str = "mutation($input: ActInput!) { actInRoom(input: $input) { rev epoch duplicate problems { code message } } }";

async fn room(owner: &Person<'_>) -> Value {
    let made = owner
        .ask(
            "mutation { createRoom(input: { name: \"Chess\", seats: 2, public: true, state: { turn: \"white\" } }) { room { id rev } problems { code } } }",
            json!({}),
        )
        .await;
    made["createRoom"]["room"]["id"].clone()
}

async fn second_player<'h>(hub: &'h Hub, owner: &Person<'_>) -> Person<'h> {
    let made = owner.ask("mutation { createProfile(input: { name: \"Ben\", ceiling: TEEN }) { profile { id } } }", json!({})).await;
    let used = owner
        .ask(
            "mutation($id: ID!) { useProfile(profileId: $id) { tokens { accessToken refreshToken player { id } } problems { code } } }",
            json!({ "id": made["createProfile"]["profile"]["id"] }),
        )
        .await;
    Person::new(hub, &used["useProfile"])
}

async fn act(person: &Person<'_>, room: &Value, seq: i32, patch: Value) -> Value {
    person
        .ask(
            ACT,
            json!({ "input": { "roomId": room, "clientSeq": seq, "patch": patch } }),
        )
        .await["actInRoom"]
        .take()
}

async fn two_players_share_a_state_that_each_change_reaches(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    let guest = second_player(&hub, &owner).await;
    let room = room(&owner).await;
    let mut events = owner.subscribe(EVENTS, json!({ "room": room })).await;
    let snapshot = events.next().await.unwrap()["roomEvents"].take();
    assert_eq!(snapshot["__typename"], "RoomSnapshot");
    assert_eq!(snapshot["room"]["state"], json!({ "turn": "white" }));

    guest
        .ask(
            "mutation($id: ID!) { joinRoom(roomId: $id) { problems { code } } }",
            json!({ "id": room }),
        )
        .await;
    let moved = act(
        &guest,
        &room,
        1,
        json!({ "turn": "black", "moves": ["e4"] }),
    )
    .await;
    assert_eq!(moved["duplicate"], false);
    let again = act(&guest, &room, 1, json!({ "turn": "nobody" })).await;
    assert_eq!(
        (&again["duplicate"], &again["rev"]),
        (&json!(true), &moved["rev"])
    );
    let jumped = act(&guest, &room, 5, json!({})).await;
    assert_eq!(jumped["problems"][0]["code"], "ACTION_OUT_OF_ORDER");

    let (mut rev, mut kinds) = (snapshot["rev"].as_i64().unwrap(), Vec::new());
    while rev < moved["rev"].as_i64().unwrap() {
        let delta = events.next().await.unwrap()["roomEvents"].take();
        assert_eq!(delta["fromRev"], rev, "a change is missing");
        for change in delta["changes"].as_array().unwrap() {
            kinds.push(change["kind"].as_str().unwrap().to_owned());
        }
        rev = delta["rev"].as_i64().unwrap();
    }
    assert_eq!(kinds, ["JOINED", "ACTED"]);
    let whole = owner
        .ask(
            "query($id: ID!) { room(id: $id) { state members { player { name } } } }",
            json!({ "id": room }),
        )
        .await;
    assert_eq!(
        whole["room"]["state"],
        json!({ "turn": "black", "moves": ["e4"] })
    );
    assert_eq!(whole["room"]["members"].as_array().unwrap().len(), 2);
}

async fn nothing_acknowledged_is_lost_by_a_kill_and_a_client_resumes(placement: Placement) {
    let mut hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    let room = room(&owner).await;
    let mut position = json!(null);
    for seq in 1..=25 {
        let done = act(&owner, &room, seq, json!({ "count": seq })).await;
        assert_eq!(done["problems"], json!([]), "{done}");
        if seq == 10 {
            position = json!({ "epoch": done["epoch"], "rev": done["rev"] });
        }
    }
    let token = owner.token.clone().unwrap();
    hub.kill_and_restart().await;
    let owner = hub.with_key(&token);
    let whole = owner
        .ask(
            "query($id: ID!) { room(id: $id) { state rev } }",
            json!({ "id": room }),
        )
        .await;
    assert_eq!(whole["room"]["state"]["count"], 25);
    let mut events = owner
        .subscribe(EVENTS, json!({ "room": room, "resume": position }))
        .await;
    let delta = events.next().await.unwrap()["roomEvents"].take();
    assert_eq!(delta["__typename"], "RoomDelta");
    let counts: Vec<i64> = delta["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| change["patch"]["count"].as_i64().unwrap())
        .collect();
    assert_eq!(counts, (11..=25).collect::<Vec<i64>>());
    let repaired = owner
        .ask(
            "query($id: ID!, $epoch: String!) { roomSince(roomId: $id, epoch: $epoch, rev: 0) { __typename } }",
            json!({ "id": room, "epoch": "another one" }),
        )
        .await;
    assert_eq!(repaired["roomSince"]["__typename"], "RoomGap");
}

crate::in_both_placements!(
    two_players_share_a_state_that_each_change_reaches,
    nothing_acknowledged_is_lost_by_a_kill_and_a_client_resumes,
);
