//! What a file says of a household's copies: one entry is one game, two entries are two.

use crate::story::{Story, copy, product};
use djinn_kernel::{
    event::{FileEntry, FoundCopy},
    ids::{CopyId, GameId, LibraryId},
};
use djinn_testkit::viewers::player;
use serde_json::{Value, json};
use uuid::Uuid;

/// Of the second household.
const THEIRS: LibraryId = LibraryId(Uuid::from_u128(0xB));
/// Another library of the first.
const OTHER: LibraryId = LibraryId(Uuid::from_u128(0xA1));

fn brought(entry: i32, found: FoundCopy) -> FoundCopy {
    brought_by(0xF11E, entry, found)
}

fn brought_by(file: u128, entry: i32, found: FoundCopy) -> FoundCopy {
    let file = Uuid::from_u128(file);
    FoundCopy {
        entry: Some(FileEntry { file, entry }),
        ..found
    }
}

/// Which game each of these copies is.
async fn games<const N: usize>(story: &Story, copies: [u128; N]) -> [GameId; N] {
    let heard = story.heard().await;
    copies.map(|copy| heard.matches[&CopyId(Uuid::from_u128(copy))])
}

/// Somebody of the first household decides.
async fn decide(story: &Story, document: &str, input: Value) {
    let query = format!("mutation($input: {document} {{ problems {{ code }} }} }}");
    let done = story
        .ask(&player(1), &query, json!({ "input": input }))
        .await;
    let payload = done["data"].as_object().unwrap().values().next().unwrap();
    assert_eq!(payload["problems"], json!([]), "{done:#}");
}

async fn merge(story: &Story, into: GameId, other: GameId) {
    let document = "MergeGamesInput!) { mergeGames(input: $input)";
    decide(story, document, json!({ "into": into, "games": [other] })).await;
}

async fn split(story: &Story, game: GameId, copy: u128) {
    let document = "SplitGameInput!) { splitGame(input: $input)";
    let copies = [Uuid::from_u128(copy)];
    decide(story, document, json!({ "game": game, "copies": copies })).await;
}

#[tokio::test]
async fn copies_of_one_entry_are_one_game_whatever_evidence_says() {
    let story = Story::new().await;
    story
        .find_in(
            THEIRS,
            vec![
                product(11, "steam", "1", "GRIP"),
                product(12, "gog", "2", "GRIP: Combat Racing"),
            ],
        )
        .await;
    // In two events, and in two libraries.
    story
        .find(vec![brought(0, product(1, "steam", "1", "GRIP"))])
        .await;
    let found = brought(0, product(2, "gog", "2", "GRIP: Combat Racing"));
    story.find_in(OTHER, vec![found]).await;
    let (grip, racing) = (story.game_of(11).await, story.game_of(12).await);
    assert_ne!(grip, racing);
    assert_eq!(
        (story.game_of(1).await, story.game_of(2).await),
        (grip, grip),
        "the household that imports it sees one game"
    );

    // It is a decision like any other, and whoever takes it back is not overruled by the next copy.
    let query = "query($id: ID!) { game(id: $id) { merges { id action undoable } } }";
    let mut told =
        story.ask(&player(1), query, json!({ "id": grip })).await["data"]["game"]["merges"].take();
    assert_eq!(
        (&told[0]["action"], &told[0]["undoable"]),
        (&json!("MERGED"), &json!(true))
    );
    let undo = "mutation($id: ID!) { undoMerge(id: $id) { problems { code } } }";
    let id = told[0]["id"].take();
    let undone = story.ask(&player(1), undo, json!({ "id": id })).await;
    assert_eq!(undone["data"]["undoMerge"]["problems"], json!([]));
    assert_eq!(story.game_of(2).await, racing);
    story
        .find(vec![brought(
            0,
            product(3, "gog", "2", "GRIP: Combat Racing"),
        )])
        .await;
    assert_eq!(
        (story.game_of(2).await, story.game_of(3).await),
        (racing, racing)
    );
}

#[tokio::test]
async fn copies_of_two_entries_are_two_games_whatever_evidence_says() {
    let story = Story::new().await;
    story
        .find(vec![brought(0, product(1, "steam", "1", "Portal 2"))])
        .await;
    story
        .find(vec![
            brought(1, product(2, "gog", "2", "Portal 2")),
            brought(1, copy(3, "manual", "Portal 2")),
        ])
        .await;
    let (one, other) = (story.game_of(1).await, story.game_of(2).await);
    assert_ne!(one, other);
    assert_eq!(story.game_of(3).await, other);
    // What no file speaks of goes by evidence, and others see nothing of it.
    story
        .find_in(
            THEIRS,
            vec![
                product(11, "steam", "1", "Portal 2"),
                product(12, "gog", "2", "Portal 2"),
            ],
        )
        .await;
    assert_eq!(
        (story.game_of(11).await, story.game_of(12).await),
        (one, one)
    );
    let query = "query($id: ID!) { game(id: $id) { merges { action } } }";
    let told = story.ask(&player(1), query, json!({ "id": other })).await;
    let merges = told["data"]["game"]["merges"].as_array().cloned();
    assert!(
        merges
            .unwrap_or_default()
            .iter()
            .any(|merge: &Value| merge["action"] == "SPLIT"),
        "{told:#}"
    );
}

#[tokio::test]
async fn a_part_of_a_game_that_was_merged_elsewhere_comes_out_as_the_file_has_it() {
    // Evidence takes 2 and 3 for one game; the file has 1 with 2, and 3 by itself.
    for together in [true, false] {
        let story = Story::new().await;
        let copies = vec![
            brought(0, product(1, "steam", "1", "GRIP")),
            brought(0, product(2, "gog", "2", "GRIP: Combat Racing")),
            brought(1, product(3, "epic", "3", "GRIP: Combat Racing")),
        ];
        if together {
            story.find(copies).await;
        } else {
            for copy in copies {
                story.find(vec![copy]).await;
            }
        }
        let games = [1, 2, 3].map(|n| story.game_of(n));
        let [one, two, three] = games;
        let (one, two, three) = (one.await, two.await, three.await);
        assert_eq!(one, two);
        assert_ne!(two, three);
    }
}

#[tokio::test]
async fn copies_that_are_here_already_come_to_be_as_the_file_has_them() {
    let here = [
        product(1, "steam", "1", "GRIP"),
        product(2, "gog", "2", "GRIP: Combat Racing"),
        product(3, "steam", "3", "Portal 2"),
        product(4, "gog", "4", "Portal 2"),
        product(5, "epic", "5", "Portal 2"),
    ];
    // All at once, one by one, and the last one first.
    for way in 0..3 {
        let story = Story::new().await;
        story.find(here.to_vec()).await;
        let theirs = here.iter().zip(11..).map(|(found, n)| FoundCopy {
            copy: CopyId(Uuid::from_u128(n)),
            ..found.clone()
        });
        story.find_in(THEIRS, theirs.collect()).await;
        let [grip, racing, portal, gog, epic] = games(&story, [1, 2, 3, 4, 5]).await;
        assert_ne!(grip, racing);
        assert_eq!((gog, epic), (portal, portal));

        let mut settled = None;
        for file in [0xA, 0xB] {
            // The file has the two of GRIP as one game, and of Portal the one of GOG by itself.
            let found = here.iter().zip([0, 0, 1, 2, 1]);
            let mut found: Vec<FoundCopy> = found
                .map(|(found, entry)| brought_by(file, entry, found.clone()))
                .collect();
            if way == 2 {
                found.reverse();
            }
            if way == 0 {
                story.find(found).await;
            } else {
                for one in found {
                    story.find(vec![one]).await;
                }
            }
            let now = games(&story, [1, 2, 3, 4, 5]).await;
            assert_eq!(now[0], now[1], "way {way}");
            assert_eq!(now[2], now[4], "way {way}");
            assert_ne!(now[2], now[3], "way {way}");
            // A second time there is nothing to decide.
            assert_eq!(*settled.get_or_insert(now), now, "way {way}");
        }
        let others = games(&story, [11, 12, 13, 14, 15]).await;
        assert_eq!(others, [grip, racing, portal, portal, portal]);
    }
}

#[tokio::test]
async fn what_somebody_here_decided_no_file_decides_anew() {
    let story = Story::new().await;
    let here = [
        product(1, "steam", "1", "GRIP"),
        product(2, "gog", "2", "GRIP: Combat Racing"),
        product(3, "steam", "3", "Portal 2"),
        product(4, "gog", "4", "Portal 2"),
    ];
    story.find(here.to_vec()).await;
    let [grip, racing, portal, _] = games(&story, [1, 2, 3, 4]).await;
    merge(&story, grip, racing).await;
    split(&story, portal, 4).await;
    let before = games(&story, [1, 2, 3, 4]).await;
    assert_eq!(before[0], before[1]);
    assert_ne!(before[2], before[3]);
    // The file has all of it the other way round.
    let found = here.iter().zip([0, 1, 2, 2]);
    let found = found.map(|(found, entry)| brought(entry, found.clone()));
    story.find(found.collect()).await;
    assert_eq!(games(&story, [1, 2, 3, 4]).await, before);
}

#[tokio::test]
async fn what_somebody_here_put_together_leaves_a_game_together() {
    let story = Story::new().await;
    let gog = product(2, "gog", "2", "Portal 2");
    let epic = product(3, "epic", "3", "Aperture");
    story.find(vec![gog.clone(), epic.clone()]).await;
    let [portal, aperture] = games(&story, [2, 3]).await;
    merge(&story, portal, aperture).await;
    // By its title this is the same game as well, and of this nobody here has said anything.
    let steam = product(1, "steam", "1", "Portal 2");
    story.find(vec![steam.clone()]).await;
    let [one, two, three] = games(&story, [1, 2, 3]).await;
    assert_eq!((one, three), (two, two));
    let found = [steam, gog, epic].into_iter().zip(0..);
    let found = found.map(|(found, entry)| brought(entry, found));
    story.find(found.collect()).await;
    let [one, two, three] = games(&story, [1, 2, 3]).await;
    assert_eq!(two, three, "they stay one game");
    assert_ne!(one, two, "and the file tells the other from it");
}
