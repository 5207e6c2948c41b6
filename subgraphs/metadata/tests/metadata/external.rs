//! Catalogues that know the ids of several stores.

use crate::story::{Story, product};
use djinn_metadata::matching::{service::Matching, store};

/// What a provider's answer leads to.
async fn say(story: &Story, work: &str, products: &[(&str, &str)]) {
    let ports = &story.test.ports;
    let matching = Matching::new(ports.clone(), false);
    let txn = ports.db.begin().await.unwrap();
    store::lock(&txn, ports.clock.now()).await.unwrap();
    matching
        .external_ids_found(&txn, "igdb", work, products)
        .await
        .unwrap();
    txn.commit().await.unwrap();
}

#[tokio::test]
async fn products_of_one_work_become_one_game_whichever_is_known_first() {
    for known_before in [true, false] {
        let story = Story::new().await;
        let copies = vec![
            product(1, "steam", "1", "GRIP"),
            product(2, "gog", "2", "GRIP: Combat Racing"),
        ];
        let work = [
            ("steam", "1"),
            ("gog", "2"),
            ("pirate", "3"),
            ("epic", "test"),
        ];
        if known_before {
            say(&story, "900", &work).await;
        }
        story.find(copies).await;
        if !known_before {
            assert_ne!(story.game_of(1).await, story.game_of(2).await);
            say(&story, "900", &work).await;
        }
        assert_eq!(story.game_of(1).await, story.game_of(2).await);
        // And so is what has the name of either.
        story
            .find(vec![product(3, "epic", "x", "Grip – Combat Racing")])
            .await;
        assert_eq!(story.game_of(3).await, story.game_of(1).await);
    }
}

#[tokio::test]
async fn a_catalogue_that_says_nonsense_joins_nothing() {
    let story = Story::new().await;
    story
        .find(vec![
            product(1, "steam", "1", "Gothic"),
            product(2, "gog", "2", "Gothic 3"),
            product(3, "epic", "3", "Gothic Soundtrack"),
            product(4, "steam", "4", "Gothic Origins"),
        ])
        .await;
    say(
        &story,
        "7",
        &[("steam", "1"), ("gog", "2"), ("epic", "3"), ("steam", "4")],
    )
    .await;
    let games = [
        story.game_of(1).await,
        story.game_of(2).await,
        story.game_of(3).await,
        story.game_of(4).await,
    ];
    for (at, game) in games.iter().enumerate() {
        assert!(!games[at + 1..].contains(game));
    }
}
