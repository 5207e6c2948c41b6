//! Copies become games.

use crate::story::{LIBRARY, Story, copy, household_of, product};
use djinn_kernel::{
    Esrb, Event,
    event::{CopiesFound, FoundCopy, GameKind, GamesForgotten, Hints, LibraryForgotten},
    ids::{GameId, LibraryId},
};
use djinn_subgraph_kit::Db;
use djinn_testkit::viewers::player;
use serde_json::json;
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use uuid::Uuid;

#[tokio::test]
async fn one_title_on_two_platforms_is_one_game() {
    let story = Story::new().await;
    story
        .find(vec![product(
            1,
            "steam",
            "292030",
            "The Witcher® 3: Wild Hunt",
        )])
        .await;
    story
        .find_in(
            LibraryId(Uuid::from_u128(0xB)),
            vec![product(2, "gog", "1207664643", "Witcher 3: Wild Hunt, The")],
        )
        .await;
    assert_eq!(story.game_of(1).await, story.game_of(2).await);
    let said = story.said_of(1).await;
    assert_eq!(said.kind, GameKind::Game);
    assert_eq!(story.heard().await.games.len(), 1);
}

#[tokio::test]
async fn a_stores_product_stays_one_game_whatever_it_is_called() {
    let story = Story::new().await;
    story
        .find(vec![product(1, "steam", "70", "Half-Life")])
        .await;
    story
        .find(vec![product(2, "steam", "70", "ハーフライフ")])
        .await;
    assert_eq!(story.game_of(1).await, story.game_of(2).await);
    assert_eq!(story.said_of(1).await.title, "Half-Life");
}

#[tokio::test]
async fn what_only_looks_like_the_game_is_another() {
    let story = Story::new().await;
    let titles = [
        "Hades",
        "Hades II",
        "Hades Original Soundtrack",
        "Hades Demo",
        "Hades - Season Pass",
        "Hades Remastered",
        "Hades VR",
        "Hades: Dedicated Server",
    ];
    let copies = titles
        .iter()
        .enumerate()
        .map(|(n, title)| copy(n as u128, "manual", title))
        .collect();
    story.find(copies).await;
    let games = story.heard().await.games.len();
    assert_eq!(games, titles.len());
    assert_eq!(story.said_of(2).await.kind, GameKind::Extra);
    assert_eq!(story.said_of(3).await.kind, GameKind::Demo);
    assert_eq!(story.said_of(4).await.kind, GameKind::Dlc);
    assert_eq!(story.said_of(7).await.kind, GameKind::Tool);
}

#[tokio::test]
async fn an_edition_joins_the_game_until_a_store_turns_out_to_sell_both() {
    let story = Story::new().await;
    story
        .find(vec![product(
            1,
            "steam",
            "22370",
            "Fallout 3: Game of the Year Edition",
        )])
        .await;
    story
        .find(vec![product(2, "gog", "1454315831", "Fallout 3")])
        .await;
    assert_eq!(story.game_of(1).await, story.game_of(2).await);
    assert_eq!(story.said_of(1).await.title, "Fallout 3");

    story
        .find(vec![product(3, "steam", "22300", "Fallout 3")])
        .await;
    assert_ne!(story.game_of(1).await, story.game_of(3).await);
    assert_eq!(story.game_of(2).await, story.game_of(3).await);
    assert_eq!(
        story.said_of(1).await.title,
        "Fallout 3: Game of the Year Edition"
    );
}

#[tokio::test]
async fn years_one_apart_are_one_release_and_more_are_two_works() {
    let story = Story::new().await;
    let dated = |n, platform, year| FoundCopy {
        year: Some(year),
        ..copy(n, platform, "Prey")
    };
    story
        .find(vec![
            dated(1, "manual", 2016),
            dated(2, "other", 2017),
            dated(3, "old", 2006),
        ])
        .await;
    assert_eq!(story.game_of(1).await, story.game_of(2).await);
    assert_ne!(story.game_of(1).await, story.game_of(3).await);
    assert_eq!(
        story.said_of(3).await.released_on.unwrap().to_string(),
        "2006-01-01"
    );
}

#[tokio::test]
async fn the_same_event_twice_does_nothing_the_second_time() {
    let story = Story::new().await;
    let event = story
        .find(vec![
            product(1, "steam", "70", "Half-Life"),
            copy(2, "manual", "Half-Life"),
        ])
        .await;
    let before = story.heard().await.events;
    story
        .parts
        .consumer
        .as_ref()
        .unwrap()
        .handle(&event)
        .await
        .unwrap();
    assert_eq!(story.heard().await.events, before);
}

#[tokio::test]
async fn the_same_copies_in_a_new_event_are_answered_again_without_changing_a_game() {
    let story = Story::new().await;
    story
        .find(vec![product(1, "steam", "70", "Half-Life")])
        .await;
    let (game, before) = (story.game_of(1).await, story.heard().await.events);
    story
        .find(vec![product(1, "steam", "70", "Half-Life")])
        .await;
    assert_eq!(
        story.heard().await.events,
        before + 1,
        "only the match is said again"
    );
    assert_eq!(story.game_of(1).await, game);
    assert_eq!(story.said_of(1).await.revision, 1);
}

#[tokio::test]
async fn a_copy_that_gets_another_title_becomes_another_game() {
    let story = Story::new().await;
    story
        .find(vec![
            copy(1, "manual", "Portal"),
            product(2, "steam", "400", "Portal"),
        ])
        .await;
    let portal = story.game_of(2).await;
    assert_eq!(story.game_of(1).await, portal);
    story.find(vec![copy(1, "manual", "Portal 2")]).await;
    assert_ne!(story.game_of(1).await, portal);
    assert_eq!(story.game_of(2).await, portal);
    assert_eq!(story.said_of(1).await.title, "Portal 2");
}

#[tokio::test]
async fn a_copy_that_comes_to_name_its_product_keeps_its_game() {
    let story = Story::new().await;
    story.find(vec![copy(1, "steam", "Portal")]).await;
    let game = story.game_of(1).await;
    assert!(story.said_of(1).await.enriched, "there is nobody to ask");
    story.find(vec![product(1, "steam", "400", "Portal")]).await;
    assert_eq!(story.game_of(1).await, game);
    assert!(!story.said_of(1).await.enriched, "now the store is asked");
    story.find(vec![product(2, "steam", "400", "Portal")]).await;
    assert_eq!(story.game_of(2).await, game);
}

#[tokio::test]
async fn an_import_fills_what_is_empty_and_says_so() {
    let story = Story::new().await;
    let hints = Hints {
        esrb: Some(Esrb::Teen),
        boards: Vec::new(),
        by_admin: true,
        genres: vec!["Puzzle".into(), "nul\0 byte".into()],
        tags: vec!["favourite".into()],
        developers: vec!["Valve".into()],
        released_on: "2007-10-10".parse().ok(),
        main_story_minutes: Some(180),
    };
    story
        .find(vec![FoundCopy {
            hints,
            ..copy(1, "manual", "Portal")
        }])
        .await;
    let other = Hints {
        esrb: Some(Esrb::Everyone),
        by_admin: true,
        genres: vec!["Shooter".into()],
        ..Hints::default()
    };
    story
        .find(vec![FoundCopy {
            hints: other,
            ..copy(2, "manual", "Portal")
        }])
        .await;
    let said = story.said_of(1).await;
    assert_eq!(said.genres, ["Puzzle", "nul byte"]);
    assert_eq!(
        (said.esrb, said.main_story_minutes),
        (Some(Esrb::Teen), Some(180))
    );
    assert_eq!(said.released_on.unwrap().to_string(), "2007-10-10");
    assert_eq!(said.revision, 1, "the second import had nothing to add");
}

#[tokio::test]
async fn titles_nobody_can_read_stay_apart_and_harm_nothing() {
    let story = Story::new().await;
    let long = "x".repeat(1_000_000);
    story
        .find(vec![
            copy(1, "manual", ""),
            copy(2, "manual", "\u{200B}"),
            copy(3, "manual", "***"),
            copy(4, "manual", &long),
            copy(5, "manual", &format!("{long}y")),
            copy(6, "manual", "a\0b"),
            product(7, "steam", &"9".repeat(5000), "Far too long an id"),
        ])
        .await;
    assert_eq!(story.heard().await.games.len(), 7);
    assert_eq!(story.said_of(1).await.title, "Untitled");
}

#[tokio::test]
async fn a_forgotten_library_takes_along_what_only_it_said() {
    let story = Story::new().await;
    story
        .find(vec![
            copy(1, "manual", "Diary of a Secret Game"),
            product(2, "gog", "5", "Portal"),
        ])
        .await;
    let (secret, portal) = (story.game_of(1).await, story.game_of(2).await);
    story.leave(LIBRARY, false).await;
    let again = LibraryId(Uuid::from_u128(0xA1));
    let there = vec![
        copy(3, "manual", "Diary of a Secret Game"),
        product(4, "gog", "5", "Portal"),
    ];
    story.find_in(again, there).await;
    assert_ne!(story.game_of(3).await, secret);
    assert_eq!(
        story.game_of(4).await,
        portal,
        "what a product is remains known"
    );
}

#[tokio::test]
async fn a_game_that_only_a_forgotten_library_had_is_forgotten() {
    for kept in [false, true] {
        let story = Story::new().await;
        story
            .find(vec![
                copy(1, "manual", "Diary of a Secret Game"),
                copy(2, "manual", "Unpacking"),
                product(3, "gog", "5", "Portal"),
            ])
            .await;
        let theirs = LibraryId(Uuid::from_u128(0xB));
        story
            .find_in(theirs, vec![copy(12, "switch", "Unpacking")])
            .await;
        let secret = story.game_of(1).await;
        let others = [story.game_of(2).await, story.game_of(3).await];
        story.leave(LIBRARY, kept).await;
        let events = story.test.take_events().await;
        let forgotten: Vec<GameId> = events
            .iter()
            .filter_map(Event::read::<GamesForgotten>)
            .flat_map(|gone| gone.games)
            .collect();
        let gone = if kept { Vec::new() } else { vec![secret] };
        assert_eq!(forgotten, gone);
        let query = "query($id: ID!) { game(id: $id) { title } }";
        for game in [secret, others[0], others[1]] {
            let known = story.ask(&player(1), query, json!({ "id": game })).await;
            let is_gone = known["data"]["game"].is_null();
            assert_eq!(is_gone, gone.contains(&game), "{known:#}");
        }
    }
}

#[tokio::test]
async fn a_library_that_was_unlinked_is_known_again_when_it_comes_back() {
    let story = Story::new().await;
    let dated = |n, year| FoundCopy {
        year: Some(year),
        ..copy(n, "manual", "Prey")
    };
    let again = LibraryId(Uuid::from_u128(0xA1));
    let theirs = LibraryId(Uuid::from_u128(0xB));
    story
        .find(vec![
            copy(1, "snes", "Diary of a Secret Game"),
            dated(2, 2006),
            dated(3, 2017),
            product(4, "gog", "5", "Portal"),
        ])
        .await;
    let before = [
        story.game_of(1).await,
        story.game_of(2).await,
        story.game_of(3).await,
        story.game_of(4).await,
    ];
    story.leave(LIBRARY, true).await;
    story
        .find_in(
            again,
            vec![
                product(14, "gog", "5", "Portal"),
                dated(13, 2017),
                dated(12, 2006),
                copy(11, "snes", "Diary of a Secret Game"),
            ],
        )
        .await;
    let after = [
        story.game_of(11).await,
        story.game_of(12).await,
        story.game_of(13).await,
        story.game_of(14).await,
    ];
    assert_eq!(after, before);
    // It goes on under the copy that is there now: once that is forgotten, nobody knows it.
    story.leave(again, false).await;
    story
        .find_in(theirs, vec![copy(21, "snes", "Diary of a Secret Game")])
        .await;
    assert_ne!(story.game_of(21).await, before[0]);
}

#[tokio::test]
async fn what_was_found_in_a_library_and_comes_late_does_not_bring_it_back() {
    for kept in [false, true] {
        let story = Story::new().await;
        story.find(vec![copy(1, "snes", "Secret of Mana")]).await;
        let before = story.game_of(1).await;
        story.leave(LIBRARY, kept).await;
        story
            .find(vec![
                copy(1, "snes", "Secret of Mana"),
                copy(2, "snes", "Chrono Trigger"),
            ])
            .await;
        assert_eq!(story.heard().await.matches.len(), 1);
        let again = LibraryId(Uuid::from_u128(0xA1));
        story
            .find_in(again, vec![copy(3, "snes", "Secret of Mana")])
            .await;
        assert_eq!(story.game_of(3).await == before, kept);
    }
}

#[tokio::test]
async fn an_event_of_before_unlinking_was_told_apart_forgets() {
    let story = Story::new().await;
    story.find(vec![copy(1, "snes", "Secret of Mana")]).await;
    let before = story.game_of(1).await;
    let mut event = story.test.event(&LibraryForgotten {
        household: household_of(LIBRARY),
        library: LIBRARY,
        kept: true,
    });
    event.body.as_object_mut().unwrap().remove("kept");
    let consumer = story.parts.consumer.as_ref().unwrap();
    consumer.handle(&event).await.unwrap();
    let again = LibraryId(Uuid::from_u128(0xA1));
    story
        .find_in(again, vec![copy(2, "snes", "Secret of Mana")])
        .await;
    assert_ne!(story.game_of(2).await, before);
}

#[tokio::test]
async fn a_hundred_copies_take_hardly_more_queries_than_two() {
    let mut story = Story::new().await;
    let queries = Arc::new(AtomicUsize::new(0));
    let mut write = story.test.ports.db.write().clone();
    let counter = Arc::clone(&queries);
    write.set_metric_callback(move |info| {
        // Each event is a row of its own, and each is written by itself.
        if !info.statement.sql.contains("outbox") {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    });
    story.test.ports.db = Db::new(story.test.ports.db.read().clone(), write);
    story.restart();
    let batch = |numbers: std::ops::Range<u128>| -> Vec<FoundCopy> {
        numbers
            .map(|n| product(n, "steam", &n.to_string(), &format!("Game Number {n}")))
            .collect()
    };
    story.find(batch(1..3)).await;
    let two = queries.swap(0, Ordering::Relaxed);
    story.find(batch(100..200)).await;
    let hundred = queries.swap(0, Ordering::Relaxed);
    // An INSERT has a bounded number of values: some rows need two of them.
    assert!((5..25).contains(&two), "{two} queries");
    assert!(
        (two..=two + 8).contains(&hundred),
        "{two}, {hundred} queries"
    );
    assert_eq!(story.heard().await.games.len(), 102);
}

#[tokio::test]
async fn a_thousand_copies_that_come_together_are_matched_in_a_few_statements() {
    let story = Story::new().await;
    let events: Vec<_> = (0..10_u128)
        .map(|event| {
            story.test.event(&CopiesFound {
                library: LIBRARY,
                household: Some(household_of(LIBRARY)),
                copies: (0..100)
                    .map(|n| copy(event * 100 + n + 1, "manual", &format!("Game {event}-{n}")))
                    .collect(),
            })
        })
        .collect();
    let consumer = story.parts.consumer.as_ref().unwrap();
    story.test.database.take_statement_count();
    consumer.handle_all(&events).await.unwrap();
    let statements = story.test.database.take_statement_count();
    assert!(
        statements <= 110,
        "{statements} statements: about one for ten copies"
    );
    assert_eq!(story.heard().await.games.len(), 1_000);
    // Delivered again, all of it is known.
    consumer.handle_all(&events).await.unwrap();
    assert!(story.test.database.take_statement_count() <= 2);
}
