//! Whoever follows a room has the room.

use crate::{
    hub::{Hub, answer},
    mirror::Mirror,
    rooms::{act, change, create, read, ready},
};
use async_graphql::Response;
use chrono::TimeDelta;
use djinn_kernel::Viewer;
use futures_util::{StreamExt, stream::BoxStream};
use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::{Map, Value, json};
use std::time::Duration;

const EVENT: &str = "__typename
    ... on RoomSnapshot { epoch rev room { phase state host { id } members { player { id } ready joinedAt lastClientSeq } } }
    ... on RoomDelta { epoch fromRev rev changes { rev kind playerId at patch clientSeq } }
    ... on RoomGap { epoch rev room { phase state host { id } members { player { id } ready joinedAt lastClientSeq } } }
    ... on RoomClosed { epoch rev }";

async fn since(hub: &Hub, viewer: &Viewer, room: &Value, epoch: &Value, rev: i64) -> Value {
    let query = format!(
        "query($id: ID!, $epoch: String!, $rev: Int!) {{
        roomSince(roomId: $id, epoch: $epoch, rev: $rev) {{ {EVENT} }} }}"
    );
    hub.data(
        viewer,
        &query,
        json!({ "id": room, "epoch": epoch, "rev": rev }),
    )
    .await["roomSince"]
        .take()
}

async fn follow(
    hub: &Hub,
    viewer: &Viewer,
    room: &Value,
    resume: Value,
) -> BoxStream<'static, Response> {
    let query = format!(
        "subscription($id: ID!, $resume: RoomPosition) {{
        roomEvents(roomId: $id, resume: $resume) {{ {EVENT} }} }}"
    );
    hub.follow(viewer, &query, json!({ "id": room, "resume": resume }))
        .await
}

async fn next(events: &mut BoxStream<'static, Response>) -> Option<Value> {
    let next = tokio::time::timeout(Duration::from_secs(20), events.next())
        .await
        .unwrap()?;
    let mut event = answer(next);
    assert!(event.get("errors").is_none(), "{event:#}");
    Some(event["data"]["roomEvents"].take())
}

#[tokio::test]
async fn a_follower_gets_the_whole_then_every_change_then_the_end() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let kid = hub.child(&ann, "Kid").await;
    let room =
        create(&hub, &ann, json!({ "name": "Chess", "state": { "a": 1 } })).await["room"]["id"]
            .take();
    let mut events = follow(&hub, &kid, &room, Value::Null).await;
    let mut mirror = Mirror::default();
    let first = next(&mut events).await.unwrap();
    assert_eq!(first["__typename"], json!("RoomSnapshot"));
    mirror.apply(&first);
    change(&hub, &kid, "joinRoom", &room).await;
    mirror.apply(&next(&mut events).await.unwrap());
    act(&hub, &kid, &room, 1, json!({ "b": [1, 2] })).await;
    act(&hub, &ann, &room, 1, json!({ "a": null })).await;
    change(&hub, &ann, "closeRoom", &room).await;
    while let Some(event) = next(&mut events).await {
        mirror.apply(&event);
    }
    assert!(mirror.over);
    assert_eq!(mirror.state, json!({ "b": [1, 2] }));
    assert_eq!(mirror.phase, json!("CLOSED"));
    assert_eq!(json!(mirror.rev), read(&hub, &ann, &room).await["rev"]);
}

#[tokio::test]
async fn a_follower_who_was_away_resumes_where_they_left_off() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let room = create(&hub, &ann, json!({ "name": "Chess" })).await["room"].take();
    for seq in 1..=300 {
        act(&hub, &ann, &room["id"], seq, json!({ "n": seq })).await;
    }
    let resume = json!({ "epoch": room["epoch"], "rev": 1 });
    let mut events = follow(&hub, &ann, &room["id"], resume).await;
    let mut mirror = Mirror {
        epoch: room["epoch"].clone(),
        rev: 1,
        state: json!({}),
        ..Mirror::default()
    };
    let me = ann.identity().unwrap().player.to_string();
    mirror.members.insert(me, (false, String::new(), 0));
    let steps = [
        next(&mut events).await.unwrap(),
        next(&mut events).await.unwrap(),
    ];
    assert_eq!(steps[0]["changes"].as_array().unwrap().len(), 256);
    for step in &steps {
        mirror.apply(step);
    }
    assert_eq!((mirror.rev, &mirror.state), (301, &json!({ "n": 300 })));

    // Whoever missed nothing is told so at once.
    let resume = json!({ "epoch": room["epoch"], "rev": 301 });
    let mut events = follow(&hub, &ann, &room["id"], resume).await;
    let nothing = next(&mut events).await.unwrap();
    assert_eq!(
        (&nothing["fromRev"], &nothing["changes"]),
        (&json!(301), &json!([]))
    );
}

#[tokio::test]
async fn what_cannot_be_resumed_is_a_gap_with_the_whole() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let room = create(&hub, &ann, json!({ "name": "Long" })).await["room"].take();
    for seq in 1..=1300 {
        act(&hub, &ann, &room["id"], seq, json!({ "n": seq })).await;
    }
    // 1301 revisions; the log was trimmed at 1280 and keeps 1024 before that.
    let (id, epoch) = (&room["id"], &room["epoch"]);
    assert_eq!(
        since(&hub, &ann, id, epoch, 1301 - 1024).await["__typename"],
        json!("RoomDelta")
    );
    for (epoch, rev) in [
        (epoch, 1),
        (epoch, 250),
        (epoch, 1302),
        (&json!("another"), 1300),
    ] {
        let gap = since(&hub, &ann, id, epoch, rev).await;
        assert_eq!(gap["__typename"], json!("RoomGap"), "{epoch} {rev}");
        assert_eq!(
            (&gap["rev"], &gap["room"]["state"]),
            (&json!(1301), &json!({ "n": 1300 }))
        );
    }
    let mut events = follow(&hub, &ann, id, json!({ "epoch": epoch, "rev": 1 })).await;
    assert_eq!(
        next(&mut events).await.unwrap()["__typename"],
        json!("RoomGap")
    );
}

#[tokio::test]
async fn after_the_end_there_is_the_rest_and_then_the_end() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let room = create(&hub, &ann, json!({ "name": "Short" })).await["room"].take();
    change(&hub, &ann, "closeRoom", &room["id"]).await;
    let (id, epoch) = (&room["id"], &room["epoch"]);
    assert_eq!(
        since(&hub, &ann, id, epoch, 1).await["changes"][0]["kind"],
        json!("CLOSED")
    );
    assert_eq!(
        since(&hub, &ann, id, epoch, 2).await["__typename"],
        json!("RoomClosed")
    );
    let mut events = follow(&hub, &ann, id, Value::Null).await;
    assert_eq!(
        next(&mut events).await.unwrap()["__typename"],
        json!("RoomSnapshot")
    );
    assert_eq!(
        next(&mut events).await.unwrap()["__typename"],
        json!("RoomClosed")
    );
    assert_eq!(next(&mut events).await, None);
}

#[tokio::test]
async fn nobody_follows_a_private_room_they_are_not_in() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let kid = hub.child(&ann, "Kid").await;
    let room =
        create(&hub, &ann, json!({ "name": "Secret", "public": false })).await["room"].take();
    let code = |event: Response| answer(event)["errors"][0]["extensions"]["code"].take();
    for resume in [Value::Null, json!({ "epoch": room["epoch"], "rev": 1 })] {
        let mut events = follow(&hub, &kid, &room["id"], resume).await;
        assert_eq!(code(events.next().await.unwrap()), json!("NOT_FOUND"));
    }
    let mut events = follow(&hub, &Viewer::Anonymous, &room["id"], Value::Null).await;
    assert_eq!(code(events.next().await.unwrap()), json!("UNAUTHENTICATED"));
    // Whoever leaves does not go on looking in.
    change(&hub, &kid, "joinRoom", &room["id"]).await;
    let mut events = follow(&hub, &kid, &room["id"], Value::Null).await;
    assert_eq!(
        next(&mut events).await.unwrap()["__typename"],
        json!("RoomSnapshot")
    );
    change(&hub, &kid, "leaveRoom", &room["id"]).await;
    assert_eq!(code(events.next().await.unwrap()), json!("NOT_FOUND"));
    assert!(events.next().await.is_none());
}

#[derive(Debug, Clone)]
enum Step {
    Join(usize),
    Leave(usize),
    Ready(usize, bool),
    Act(usize, Value),
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[a-z\u{0}-\u{1f}\u{e9}]{0,4}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map("[ab]", inner, 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn object() -> impl Strategy<Value = Value> {
    prop::collection::btree_map("[abc]", value(), 0..3)
        .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>()))
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => (1..3_usize).prop_map(Step::Join),
        1 => (0..3_usize).prop_map(Step::Leave),
        2 => (0..3_usize, any::<bool>()).prop_map(|(who, ready)| Step::Ready(who, ready)),
        6 => (0..3_usize, object()).prop_map(|(who, patch)| Step::Act(who, patch)),
    ]
}

/// Runs `steps`, and checks that from every revision the changes lead to the room as it is.
async fn converges(hub: &Hub, players: &[Viewer; 3], state: Value, steps: Vec<Step>) {
    let room =
        create(hub, &players[0], json!({ "name": "Any", "state": state })).await["room"]["id"]
            .take();
    let mut seqs = [0; 3];
    let mut mirrors = Vec::new();
    for step in steps {
        let seen = read(hub, &players[0], &room).await;
        let mut mirror = Mirror {
            epoch: seen["epoch"].clone(),
            rev: seen["rev"].as_i64().unwrap(),
            ..Mirror::default()
        };
        mirror.load(&seen);
        mirrors.push(mirror);
        hub.world.clock.advance(TimeDelta::seconds(1));
        match step {
            Step::Join(who) => drop(change(hub, &players[who], "joinRoom", &room).await),
            Step::Leave(who) => drop(change(hub, &players[who], "leaveRoom", &room).await),
            Step::Ready(who, is) => drop(ready(hub, &players[who], &room, is).await),
            Step::Act(who, patch) => {
                let done = act(hub, &players[who], &room, seqs[who] + 1, patch).await;
                if done["problems"] == json!([]) {
                    seqs[who] += 1;
                }
            }
        }
    }
    let seen = read(hub, &players[0], &room).await;
    for mut mirror in mirrors {
        while mirror.rev < seen["rev"].as_i64().unwrap() {
            mirror.apply(&since(hub, &players[0], &room, &mirror.epoch, mirror.rev).await);
        }
        // A member's number after coming back is told by the next snapshot or action only.
        for (player, member) in &mut mirror.members {
            let seat = |seat: &&Value| seat["player"]["id"] == json!(player);
            member.2 = seen["members"]
                .as_array()
                .unwrap()
                .iter()
                .find(seat)
                .unwrap()["lastClientSeq"]
                .as_i64()
                .unwrap();
        }
        let mut whole = Mirror {
            epoch: mirror.epoch.clone(),
            rev: mirror.rev,
            ..Mirror::default()
        };
        whole.load(&seen);
        assert_eq!(mirror, whole);
    }
    // At most twenty rooms at once.
    for player in players {
        if read(hub, player, &room).await["host"]["id"]
            == json!(player.identity().unwrap().player.to_string())
        {
            change(hub, player, "closeRoom", &room).await;
        }
    }
}

#[test]
fn from_any_revision_the_changes_lead_to_the_room_as_it_is() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (hub, players) = runtime.block_on(async {
        let hub = Hub::new().await;
        let ann = hub.admin().await;
        let players = [
            hub.child(&ann, "Kid").await,
            hub.child(&ann, "Other").await,
            ann,
        ];
        (hub, players)
    });
    let config = ProptestConfig {
        cases: 24,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let steps = prop::collection::vec(step(), 1..20);
    TestRunner::new(config)
        .run(&(object(), steps), |(state, steps)| {
            runtime.block_on(converges(&hub, &players, state, steps));
            Ok(())
        })
        .unwrap();
    drop(runtime.enter());
}
