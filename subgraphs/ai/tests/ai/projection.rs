//! What is remembered of events.

use super::{Hub, game, games, holding};
use djinn_kernel::{
    event::{GameChanged, LibraryForgotten, Payload},
    ids::{EventId, LibraryId},
};
use djinn_testkit::viewers::{player, player_id};
use serde_json::json;
use uuid::Uuid;

#[tokio::test]
async fn an_older_event_that_comes_late_is_ignored() {
    let hub = Hub::start().await;
    let puzzle = |revision, genre| GameChanged {
        revision,
        ..game(1, "Portal", &[genre], &[], "Valve")
    };
    hub.game(&puzzle(3, "Puzzle")).await;
    hub.game(&puzzle(2, "Racing")).await;
    let mut held = holding(player_id(1), 1, 0, None);
    held.revision = 5;
    hub.holding(&held).await;
    held.revision = 4;
    held.held = false;
    hub.holding(&held).await;
    assert_eq!(
        games(
            &hub.recommend(&player(1), json!({ "genre": "Puzzle" }))
                .await
        ),
        [1]
    );
    assert!(
        hub.recommend(&player(1), json!({ "genre": "Racing" }))
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn a_change_is_seen_by_the_next_question_whichever_event_came_first() {
    let hub = Hub::start().await;
    let mut held = holding(player_id(1), 1, 0, None);
    hub.holding(&held).await;
    assert!(hub.recommend(&player(1), json!({})).await.is_empty());
    let portal = game(1, "Portal", &["Puzzle"], &[], "Valve");
    hub.game(&portal).await;
    assert_eq!(games(&hub.recommend(&player(1), json!({})).await), [1]);
    hub.game(&GameChanged {
        revision: 2,
        genres: vec!["Platformer".into()],
        ..portal
    })
    .await;
    assert_eq!(
        games(
            &hub.recommend(&player(1), json!({ "genre": "platformer" }))
                .await
        ),
        [1]
    );
    held.revision = 2;
    held.held = false;
    hub.holding(&held).await;
    assert!(hub.recommend(&player(1), json!({})).await.is_empty());
}

#[tokio::test]
async fn a_game_that_is_gone_leaves_no_trace_in_taste() {
    let hub = Hub::start().await;
    hub.held(
        &game(1, "DOOM", &["Shooter"], &[], "id Software"),
        600,
        None,
    )
    .await;
    hub.held(&game(2, "Quake", &["Shooter"], &[], "id Software"), 0, None)
        .await;
    let reasons = |picks: Vec<super::Picked>| {
        picks[0]
            .reasons
            .iter()
            .map(|reason| reason.1.clone())
            .collect::<String>()
    };
    assert!(reasons(hub.recommend(&player(1), json!({})).await).contains("DOOM"));
    let mut gone = holding(player_id(1), 1, 600, None);
    gone.revision = 2;
    gone.held = false;
    hub.holding(&gone).await;
    let forgotten = LibraryForgotten {
        household: player_id(1),
        library: LibraryId(Uuid::from_u128(9)),
        kept: false,
    };
    hub.ports
        .send(&**hub.parts.consumer.as_ref().unwrap(), &forgotten)
        .await;
    assert!(!reasons(hub.recommend(&player(1), json!({})).await).contains("DOOM"));
}

#[tokio::test]
async fn an_event_delivered_twice_or_of_an_unknown_shape_does_no_harm() {
    let hub = Hub::start().await;
    let consumer = hub.parts.consumer.as_ref().unwrap();
    let portal = game(1, "Portal", &["Puzzle"], &[], "Valve");
    let event = hub.ports.send(&**consumer, &portal).await;
    consumer.handle(&event).await.unwrap();
    let newer = djinn_kernel::Event {
        id: EventId(Uuid::from_u128(77)),
        kind: GameChanged::KIND.to_owned(),
        at: event.at,
        body: json!({ "shape": "of tomorrow" }),
        trace: None,
    };
    consumer.handle(&newer).await.unwrap();
    hub.holding(&holding(player_id(1), 1, 0, None)).await;
    assert_eq!(games(&hub.recommend(&player(1), json!({})).await), [1]);
}

#[tokio::test]
async fn a_question_that_changes_nothing_reads_one_row() {
    let hub = Hub::start().await;
    for n in 1..30 {
        hub.held(
            &game(n, &format!("Game {n}"), &["Puzzle"], &[], "A"),
            0,
            None,
        )
        .await;
    }
    hub.recommend(&player(1), json!({})).await;
    hub.ports.database.take_query_count();
    hub.recommend(&player(1), json!({ "criteria": "puzzle" }))
        .await;
    assert_eq!(hub.ports.database.take_query_count(), 1);
}

#[tokio::test]
async fn a_question_after_a_change_asks_the_same_of_a_large_library_as_of_a_small_one() {
    let hub = Hub::start().await;
    let mut counts = Vec::new();
    for n in 1..=60 {
        let title = format!("Game {n}");
        hub.held(&game(n, &title, &["Puzzle"], &["Cozy"], "A"), 0, None)
            .await;
        if n == 5 || n == 60 {
            hub.ports.database.take_query_count();
            let picks = hub.recommend(&player(1), json!({ "limit": 5 })).await;
            counts.push((picks.len(), hub.ports.database.take_query_count()));
        }
    }
    // The revision, the holdings, the facts, and what was made one.
    assert_eq!(counts, [(5, 4), (5, 4)]);
}

#[tokio::test]
async fn many_events_are_remembered_in_a_few_statements_and_the_newest_of_each_counts() {
    let hub = Hub::start().await;
    let consumer = hub.parts.consumer.as_ref().unwrap();
    let mut events = Vec::new();
    for n in 1..=50 {
        let newest = game(n, &format!("Game {n}"), &["Puzzle"], &[], "A");
        let older = GameChanged {
            revision: newest.revision,
            genres: vec!["Racing".to_owned()],
            ..newest.clone()
        };
        let newest = GameChanged {
            revision: newest.revision + 1,
            ..newest
        };
        events.push(hub.ports.event(&newest));
        events.push(hub.ports.event(&older));
        events.push(hub.ports.event(&holding(player_id(1), n, 0, None)));
    }
    hub.ports.database.take_statement_count();
    consumer.handle_all(&events).await.unwrap();
    let statements = hub.ports.database.take_statement_count();
    assert!(statements <= 8, "{statements} statements");
    let picks = hub
        .recommend(&player(1), json!({ "genre": "Puzzle", "limit": 50 }))
        .await;
    assert_eq!(picks.len(), 50);
    let racing = hub
        .recommend(&player(1), json!({ "genre": "Racing" }))
        .await;
    assert!(racing.is_empty());
    // Delivered again, nothing of it is new.
    hub.ports.database.take_statement_count();
    consumer.handle_all(&events).await.unwrap();
    assert!(hub.ports.database.take_statement_count() <= 1);
}
