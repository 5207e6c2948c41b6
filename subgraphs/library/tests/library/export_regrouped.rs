//! A file of ours that groups copies otherwise than a household has them already.

use super::{
    export::{import, settle},
    stage::{Stage, facts, game_of},
};
use djinn_kernel::event::{CopiesFound, CopiesMatched};
use serde_json::{Value, json};

/// A shelf with these games on it, all called Portal 2: by the platforms of their copies, with notes.
fn portals(games: &[(&[&str], &str)]) -> String {
    let at = "2026-01-01T00:00:00Z";
    let copy = |platform: &&str| json!({ "library": 0, "platform": platform, "storeId": "1", "title": "Portal 2", "holding": "Owned", "playtimeMinutes": 0, "addedAt": at });
    let game = |(platforms, notes): &(&[&str], &str)| {
        let copies: Vec<Value> = platforms.iter().map(copy).collect();
        let mut game = json!({ "copies": copies });
        if !notes.is_empty() {
            game["notes"] = json!(notes);
        }
        game
    };
    json!({
        "format": "game-djinn", "version": 1,
        "libraries": [{ "platform": "manual", "label": "Shelf", "createdAt": at }],
        "games": games.iter().map(game).collect::<Vec<Value>>(),
        "collections": [],
    })
    .to_string()
}

/// The notes of all games, sorted.
async fn notes(stage: &Stage) -> Vec<String> {
    let games = stage
        .hub
        .data(&stage.me, "{ games { nodes { notes } } }", json!({}))
        .await["games"]["nodes"]
        .take();
    let notes = games.as_array().unwrap().iter();
    let mut notes: Vec<String> = notes
        .map(|game| game["notes"].as_str().unwrap_or("-").to_owned())
        .collect();
    notes.sort();
    notes
}

#[tokio::test]
async fn a_file_that_groups_copies_otherwise_says_nothing_of_a_game_that_is_coming_apart() {
    // Metadata may tell them apart then, or leave them together where somebody here said so.
    for apart in [true, false] {
        let stage = Stage::set().await;
        import(&stage, &portals(&[(&["gog", "steam"], "")])).await;
        settle(&stage).await;
        assert_eq!(notes(&stage).await, ["-"]);

        let file = portals(&[(&["steam"], "of Steam"), (&["gog"], "of GOG")]);
        import(&stage, &file).await;
        let mut found = stage.hub.test.take_payloads::<CopiesFound>().await;
        let found = found.remove(0);
        let entries: Vec<_> = found.copies.iter().map(|copy| copy.entry).collect();
        assert!(
            matches!(entries[..], [Some(one), Some(other)] if one != other),
            "also of copies that have a game: {entries:?}"
        );
        assert_eq!(notes(&stage).await, ["-"]);

        let ear = stage.hub.parts.consumer.as_ref().unwrap();
        stage.hub.test.send(&**ear, &facts("Another", true)).await;
        let game = |platform: &str| match platform {
            "gog" if apart => game_of("Another"),
            _ => game_of("Portal 2"),
        };
        let matches = found.copies.iter();
        let matched = CopiesMatched {
            library: found.library,
            revision: 2,
            matches: matches
                .map(|copy| (copy.copy, game(&copy.platform)))
                .collect(),
        };
        stage.hub.test.send(&**ear, &matched).await;
        if apart {
            assert_eq!(notes(&stage).await, ["of GOG", "of Steam"]);
        } else {
            // What is said first stays, as ever; and nothing waits for nothing.
            assert_eq!(notes(&stage).await, ["of Steam"]);
        }
        // Where all is as the file has it, or nobody will tell it apart, it goes on being so.
        import(&stage, &file).await;
        let again = stage.hub.test.take_payloads::<CopiesFound>().await;
        assert_eq!(again[0].copies.len(), 2);
        let matched = CopiesMatched {
            revision: 3,
            ..matched
        };
        stage.hub.test.send(&**ear, &matched).await;
        assert_eq!(notes(&stage).await.len(), if apart { 2 } else { 1 });
    }
}
