//! What a household decides about its games: for itself, remembered, and to be taken back.

use crate::story::{Story, copy, product};
use djinn_kernel::{
    Esrb, Scope, Viewer,
    event::{FoundCopy, Hints},
    ids::{GameId, LibraryId},
};
use djinn_metadata::decision::parts::row as part;
use djinn_testkit::viewers::{child, key, player};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use uuid::Uuid;

/// Of the second household.
const THEIRS: LibraryId = LibraryId(Uuid::from_u128(0xB));

const MERGE: &str = "mutation($input: MergeGamesInput!) { mergeGames(input: $input) { game { id title } games { id } problems { code field } } }";
const SPLIT: &str = "mutation($input: SplitGameInput!) { splitGame(input: $input) { games { id title } problems { code field } } }";
const UNDO: &str =
    "mutation($id: ID!) { undoMerge(id: $id) { games { id } problems { code field } } }";
const HISTORY: &str = "query($id: ID!) { game(id: $id) { merges { id action titles platform undoable undoneAt evidence { kind text } } } }";

async fn merge(story: &Story, who: &Viewer, into: GameId, games: &[GameId]) -> Value {
    let input = json!({ "input": { "into": into, "games": games } });
    story.ask(who, MERGE, input).await["data"]["mergeGames"].take()
}

async fn split(story: &Story, who: &Viewer, game: GameId, copies: &[u128]) -> Value {
    let copies: Vec<Uuid> = copies.iter().copied().map(Uuid::from_u128).collect();
    let input = json!({ "input": { "game": game, "copies": copies } });
    story.ask(who, SPLIT, input).await["data"]["splitGame"].take()
}

async fn undo(story: &Story, who: &Viewer, id: &Value) -> Value {
    story.ask(who, UNDO, json!({ "id": id })).await["data"]["undoMerge"].take()
}

async fn history(story: &Story, who: &Viewer, game: GameId) -> Value {
    story.ask(who, HISTORY, json!({ "id": game })).await["data"]["game"]["merges"].take()
}

#[tokio::test]
async fn a_merge_holds_for_one_household_and_can_be_taken_back() {
    let story = Story::new().await;
    story
        .find(vec![
            product(1, "steam", "1", "GRIP"),
            product(2, "gog", "2", "GRIP: Combat Racing"),
        ])
        .await;
    story
        .find_in(
            THEIRS,
            vec![
                product(11, "steam", "1", "GRIP"),
                product(12, "gog", "2", "GRIP: Combat Racing"),
            ],
        )
        .await;
    let (grip, racing) = (story.game_of(1).await, story.game_of(2).await);
    let done = merge(&story, &player(1), grip, &[racing]).await;
    assert_eq!(
        (&done["problems"], &done["game"]["title"]),
        (&json!([]), &json!("GRIP"))
    );
    assert_eq!(
        (story.game_of(1).await, story.game_of(2).await),
        (grip, grip)
    );
    assert_eq!(
        (story.game_of(11).await, story.game_of(12).await),
        (grip, racing),
        "others see what they saw"
    );

    // Their history knows nothing of it, ours says why.
    let told = history(&story, &player(1), grip).await;
    assert_eq!(
        (&told[0]["action"], &told[0]["titles"], &told[0]["undoable"]),
        (
            &json!("MERGED"),
            &json!(["GRIP: Combat Racing"]),
            &json!(true)
        )
    );
    let kinds: Vec<&str> = told[0]["evidence"]
        .as_array()
        .unwrap()
        .iter()
        .map(|proof| proof["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["PERSON", "SUBTITLE", "PLATFORM"]);
    let theirs = history(&story, &player(2), grip).await;
    assert_eq!(theirs.as_array().unwrap().len(), 1);
    assert_eq!(theirs[0]["action"], "MATCHED");

    // Only they can take it back, and then each is what it was.
    let refused = undo(&story, &player(2), &told[0]["id"]).await;
    assert_eq!(refused["problems"][0]["code"], "NOT_FOUND");
    let undone = undo(&story, &player(1), &told[0]["id"]).await;
    assert_eq!(undone["problems"], json!([]));
    assert_eq!(
        (story.game_of(1).await, story.game_of(2).await),
        (grip, racing)
    );
    let told = history(&story, &player(1), grip).await;
    assert_ne!(told[0]["undoneAt"], Value::Null);
    let again = undo(&story, &player(1), &told[0]["id"]).await;
    assert_eq!(again["problems"], json!([]), "twice is as good as once");
}

#[tokio::test]
async fn one_merge_is_one_thing_to_take_back_and_evidence_stays_what_it_was() {
    let story = Story::new().await;
    story
        .find(vec![
            product(1, "steam", "900000", "GRIP"),
            product(2, "gog", "2", "GRIP: Combat Racing"),
        ])
        .await;
    let (grip, racing) = (story.game_of(1).await, story.game_of(2).await);
    merge(&story, &player(1), grip, &[racing]).await;
    let told = history(&story, &player(1), grip).await;
    let told = told.as_array().unwrap();
    let undoable: Vec<&Value> = told
        .iter()
        .filter(|entry| entry["undoable"] == true)
        .map(|entry| &entry["action"])
        .collect();
    assert_eq!(undoable, ["MERGED"]);
    let matched: Vec<&Value> = told
        .iter()
        .filter(|entry| entry["action"] == "MATCHED")
        .map(|entry| &entry["evidence"][0])
        .collect();
    assert_eq!(matched.len(), 2);
    for text in ["It is Steam's number 900000", "It is GOG's number 2"] {
        let proof = json!({ "kind": "STORE_ID", "text": text });
        assert!(matched.contains(&&proof), "{matched:?}");
    }
}

#[tokio::test]
async fn none_or_too_many_at_once_are_counted_as_they_came() {
    let story = Story::new().await;
    story.find(vec![product(1, "steam", "1", "GRIP")]).await;
    let grip = story.game_of(1).await;
    let told = "mutation($input: MergeGamesInput!) { mergeGames(input: $input) { problems { field message } } }";
    for count in [0, 21] {
        let games = vec![grip; count];
        let input = json!({ "input": { "into": grip, "games": games } });
        let answer = story.ask(&player(1), told, input).await;
        assert_eq!(
            answer["data"]["mergeGames"]["problems"],
            json!([{ "field": "input.games", "message": format!("1 to 20 at a time, not {count}") }])
        );
    }
}

#[tokio::test]
async fn what_comes_later_follows_a_merge() {
    let story = Story::new().await;
    story
        .find(vec![
            product(1, "steam", "1", "GRIP"),
            product(2, "gog", "2", "GRIP: Combat Racing"),
        ])
        .await;
    let (grip, racing) = (story.game_of(1).await, story.game_of(2).await);
    merge(&story, &player(1), grip, &[racing]).await;
    story
        .find(vec![product(3, "epic", "x", "GRIP: Combat Racing")])
        .await;
    story
        .find_in(
            THEIRS,
            vec![product(13, "epic", "x", "GRIP: Combat Racing")],
        )
        .await;
    assert_eq!(
        (story.game_of(3).await, story.game_of(13).await),
        (grip, racing)
    );
}

#[tokio::test]
async fn a_split_is_remembered_against_matching_again() {
    let story = Story::new().await;
    story
        .find(vec![
            product(1, "steam", "1", "Fallout 3"),
            product(2, "gog", "2", "Fallout 3 GOTY"),
            copy(3, "manual", "Fallout 3"),
        ])
        .await;
    let game = story.game_of(1).await;
    assert_eq!(
        (story.game_of(2).await, story.game_of(3).await),
        (game, game)
    );
    let done = split(&story, &player(1), game, &[2]).await;
    assert_eq!(
        (&done["problems"], &done["games"][1]["title"]),
        (&json!([]), &json!("Fallout 3 GOTY"))
    );
    let other = story.game_of(2).await;
    assert_ne!(other, game);
    assert_eq!(story.said_of(2).await.title, "Fallout 3 GOTY");
    assert_eq!(
        (story.game_of(1).await, story.game_of(3).await),
        (game, game)
    );

    // The same products again, and more of the name: what was split off stays off.
    story
        .find(vec![
            product(4, "gog", "2", "Fallout 3 GOTY"),
            product(5, "epic", "5", "Fallout 3"),
        ])
        .await;
    assert_eq!(
        (story.game_of(4).await, story.game_of(5).await),
        (other, game)
    );

    let told = history(&story, &player(1), game).await;
    assert_eq!(
        (&told[0]["action"], &told[0]["undoable"]),
        (&json!("SPLIT"), &json!(true))
    );
    undo(&story, &player(1), &told[0]["id"]).await;
    for copy in 1..=5 {
        assert_eq!(story.game_of(copy).await, game);
    }
}

#[tokio::test]
async fn what_the_hub_matched_by_itself_can_be_undone_too() {
    let story = Story::new().await;
    story
        .find(vec![
            product(1, "steam", "1", "Thief"),
            product(2, "gog", "2", "Thief™"),
        ])
        .await;
    let game = story.game_of(1).await;
    let told = history(&story, &player(1), game).await;
    let gog = told
        .as_array()
        .unwrap()
        .iter()
        .find(|entry| entry["platform"] == "gog")
        .unwrap();
    assert_eq!(
        (&gog["action"], &gog["undoable"]),
        (&json!("MATCHED"), &json!(true))
    );
    assert!(
        gog["evidence"]
            .as_array()
            .unwrap()
            .contains(&json!({ "kind": "TITLE", "text": "It is called “Thief”, signs and editions aside, as this game is" }))
    );
    let done = undo(&story, &player(1), &gog["id"]).await;
    assert_eq!(done["problems"], json!([]));
    assert_ne!(story.game_of(2).await, game);
    assert_eq!(story.game_of(1).await, game);
}

#[tokio::test]
async fn a_part_of_a_merge_that_is_split_off_is_what_it_was() {
    let story = Story::new().await;
    story
        .find(vec![
            product(1, "steam", "1", "GRIP"),
            product(2, "gog", "2", "GRIP: Combat Racing"),
        ])
        .await;
    let (grip, racing) = (story.game_of(1).await, story.game_of(2).await);
    merge(&story, &player(1), grip, &[racing]).await;
    split(&story, &player(1), grip, &[2]).await;
    assert_eq!(
        (story.game_of(1).await, story.game_of(2).await),
        (grip, racing)
    );
}

#[tokio::test]
async fn nobody_decides_about_what_is_not_theirs_or_not_for_them() {
    let story = Story::new().await;
    let strong = |n, title| FoundCopy {
        hints: Hints {
            esrb: Some(Esrb::Mature),
            ..Hints::default()
        },
        ..copy(n, "manual", title)
    };
    story
        .find(vec![strong(1, "Ley Lines"), strong(2, "Leylines")])
        .await;
    story
        .find_in(THEIRS, vec![copy(11, "manual", "Another")])
        .await;
    let (one, two, theirs) = (
        story.game_of(1).await,
        story.game_of(2).await,
        story.game_of(11).await,
    );
    let refused = merge(&story, &player(1), one, &[theirs]).await;
    assert_eq!(
        refused["problems"],
        json!([{ "code": "NOT_FOUND", "field": "input.games.0" }])
    );
    let refused = merge(&story, &player(2), theirs, &[one]).await;
    assert_eq!(refused["problems"][0]["code"], "NOT_FOUND");
    let refused = split(&story, &player(2), one, &[1]).await;
    assert_eq!(refused["problems"][0]["code"], "NOT_FOUND");
    let refused = split(&story, &player(1), one, &[2]).await;
    assert_eq!(
        refused["problems"],
        json!([{ "code": "NOT_FOUND", "field": "input.copies.0" }])
    );
    let refused = split(&story, &player(1), one, &[1]).await;
    assert_eq!(
        refused["problems"],
        json!([{ "code": "INVALID_INPUT", "field": "input.copies" }])
    );
    let refused = merge(&story, &player(1), one, &[one]).await;
    assert_eq!(refused["problems"][0]["code"], "INVALID_INPUT");
    let refused = merge(&story, &player(1), one, &[]).await;
    assert_eq!(refused["problems"][0]["field"], "input.games");
    let input = json!({ "input": { "into": "x", "games": [two] } });
    let refused = story.ask(&player(1), MERGE, input).await;
    assert_eq!(
        refused["data"]["mergeGames"]["problems"],
        json!([{ "code": "INVALID_ID", "field": "input.into" }])
    );
    // A profile with a ceiling has no scope; and were it to have one, it would find nothing.
    let mut ida = child(5, 1, Esrb::Everyone);
    let answer = story
        .ask(
            &ida,
            MERGE,
            json!({ "input": { "into": one, "games": [two] } }),
        )
        .await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN");
    if let Viewer::Known(identity) = &mut ida {
        identity.scopes.push(Scope::WriteLibrary);
    }
    let refused = merge(&story, &ida, one, &[two]).await;
    assert_eq!(refused["problems"][0]["code"], "NOT_FOUND");
    assert_eq!((story.game_of(1).await, story.game_of(2).await), (one, two));
}

#[tokio::test]
async fn a_forgotten_library_takes_along_what_was_decided_about_it() {
    let story = Story::new().await;
    let other = LibraryId(Uuid::from_u128(0xA1));
    story.find(vec![product(1, "steam", "1", "GRIP")]).await;
    story
        .find_in(other, vec![product(2, "gog", "2", "GRIP: Combat Racing")])
        .await;
    let (grip, racing) = (story.game_of(1).await, story.game_of(2).await);
    merge(&story, &player(1), grip, &[racing]).await;
    story.leave(other, false).await;
    assert_eq!(
        history(&story, &player(1), grip)
            .await
            .as_array()
            .unwrap()
            .len(),
        1
    );
    story
        .find_in(
            LibraryId(Uuid::from_u128(0xA2)),
            vec![product(3, "gog", "2", "GRIP: Combat Racing")],
        )
        .await;
    assert_eq!(story.game_of(3).await, racing);
}

#[tokio::test]
async fn an_unlinked_library_finds_what_was_decided_about_it_when_it_comes_back() {
    for loose in [false, true] {
        let story = Story::new().await;
        let of = |n, platform: &str, store_id: &str, title: &str| {
            if loose {
                copy(n, platform, title)
            } else {
                product(n, platform, store_id, title)
            }
        };
        let there = |n| {
            vec![
                of(n, "gog", "2", "GRIP: Combat Racing"),
                of(n + 1, "gog", "4", "Thief"),
            ]
        };
        let [first, second, third] =
            [0xA1, 0xA2, 0xA3].map(|shelf| LibraryId(Uuid::from_u128(shelf)));
        story
            .find(vec![
                of(1, "steam", "1", "GRIP"),
                of(2, "steam", "3", "Thief"),
            ])
            .await;
        story.find_in(first, there(11)).await;
        let (grip, thief) = (story.game_of(1).await, story.game_of(2).await);
        let racing = story.game_of(11).await;
        assert_eq!(story.game_of(12).await, thief);
        merge(&story, &player(1), grip, &[racing]).await;
        split(&story, &player(1), thief, &[12]).await;
        let other = story.game_of(12).await;
        assert_ne!(other, thief);

        story.leave(first, true).await;
        story.find_in(second, there(21)).await;
        assert_eq!(
            (story.game_of(21).await, story.game_of(22).await),
            (grip, other),
            "without ids of a store: {loose}"
        );
        let told = history(&story, &player(1), grip).await;
        assert_eq!(told[0]["action"], "MERGED");
        undo(&story, &player(1), &told[0]["id"]).await;
        assert_eq!(story.game_of(21).await, racing);

        // Forgotten, nothing of it is left to come back to.
        story.leave(second, false).await;
        story.find_in(third, there(31)).await;
        assert_eq!(story.game_of(32).await, thief);
    }
}

#[tokio::test]
async fn what_stays_of_a_merge_with_a_forgotten_library_is_what_it_was() {
    let story = Story::new().await;
    let other = LibraryId(Uuid::from_u128(0xA1));
    story.find(vec![product(1, "steam", "1", "GRIP")]).await;
    story
        .find_in(other, vec![product(2, "gog", "2", "GRIP: Combat Racing")])
        .await;
    let (grip, racing) = (story.game_of(1).await, story.game_of(2).await);
    merge(&story, &player(1), racing, &[grip]).await;
    assert_eq!(story.game_of(1).await, racing);
    story.leave(other, false).await;
    assert_eq!(story.game_of(1).await, grip);
}

#[tokio::test]
async fn what_stays_of_a_merge_says_nothing_of_the_part_that_was_forgotten() {
    let story = Story::new().await;
    let other = LibraryId(Uuid::from_u128(0xA1));
    story
        .find(vec![
            product(1, "steam", "1", "GRIP"),
            product(3, "epic", "x", "Rollcage"),
        ])
        .await;
    story
        .find_in(other, vec![product(2, "gog", "2", "GRIP: Combat Racing")])
        .await;
    let (grip, racing) = (story.game_of(1).await, story.game_of(2).await);
    let rollcage = story.game_of(3).await;
    merge(&story, &player(1), grip, &[racing, rollcage]).await;
    story.leave(other, false).await;
    assert_eq!(story.game_of(3).await, grip);
    let told = history(&story, &player(1), grip).await;
    assert_eq!(told[0]["titles"], json!(["Rollcage"]));
    let evidence = told[0]["evidence"].as_array().unwrap();
    assert!(
        evidence.iter().all(|proof| proof["kind"] == "PERSON"),
        "{told:#}"
    );
}

#[tokio::test]
async fn relations_name_what_is_kept_apart_and_only_what_one_has() {
    let story = Story::new().await;
    story
        .find(vec![
            product(1, "steam", "1", "Dark Souls"),
            product(2, "steam", "2", "DARK SOULS™: REMASTERED"),
            product(3, "gog", "3", "Dark Souls Soundtrack"),
        ])
        .await;
    story
        .find_in(THEIRS, vec![product(11, "steam", "9", "Dark Souls Demo")])
        .await;
    let (base, remaster, music) = (
        story.game_of(1).await,
        story.game_of(2).await,
        story.game_of(3).await,
    );
    let query = "query($id: ID!) { game(id: $id) { relations { kind game { id } } } }";
    let of = async |game: GameId, who: &Viewer| {
        story.ask(who, query, json!({ "id": game })).await["data"]["game"]["relations"].take()
    };
    assert_eq!(
        of(base, &player(1)).await,
        json!([{ "kind": "REMASTER", "game": { "id": remaster } }, { "kind": "EXTRA", "game": { "id": music } }])
    );
    assert_eq!(
        of(remaster, &player(1)).await[0],
        json!({ "kind": "BASE_GAME", "game": { "id": base } })
    );
    assert_eq!(of(base, &player(2)).await, json!([]), "they do not have it");
    let reader = key(1, &[Scope::ReadLibrary]);
    assert_eq!(of(base, &reader).await.as_array().unwrap().len(), 2);
}

/// As somebody who runs the hub imports it.
fn imported(found: FoundCopy, year: i32, esrb: Option<Esrb>) -> FoundCopy {
    FoundCopy {
        year: Some(year),
        hints: Hints {
            genres: vec!["RPG".to_owned()],
            esrb,
            by_admin: true,
            ..Hints::default()
        },
        ..found
    }
}

#[tokio::test]
async fn what_is_split_off_has_the_facts_and_the_rating_of_its_own_copies_at_once() {
    let story = Story::new().await;
    let both = || {
        vec![
            imported(
                product(1, "steam", "111", "Split Me"),
                2001,
                Some(Esrb::Teen),
            ),
            imported(
                product(2, "gog", "222", "Split Me"),
                2001,
                Some(Esrb::Mature),
            ),
        ]
    };
    story.find(both()).await;
    let game = story.game_of(1).await;
    assert_eq!(story.game_of(2).await, game);
    split(&story, &player(1), game, &[2]).await;
    assert_ne!(story.game_of(2).await, game);
    let off = story.said_of(2).await;
    assert_eq!(off.esrb, Some(Esrb::Mature));
    assert_eq!(off.genres, ["RPG"]);
    assert_eq!(
        off.released_on.map(|day| day.to_string()).as_deref(),
        Some("2001-01-01")
    );

    // What a later file says of the copy is said of what it is now.
    let mut later = both();
    later[1].hints.developers = vec!["Somebody".to_owned()];
    story.find(later).await;
    assert_eq!(story.said_of(2).await.developers, ["Somebody"]);
}

#[tokio::test]
async fn what_is_matched_by_itself_and_told_apart_again_has_its_own_facts_too() {
    let story = Story::new().await;
    story
        .find(vec![
            imported(product(1, "steam", "1", "Thief"), 1998, Some(Esrb::Mature)),
            imported(product(2, "gog", "2", "Thief"), 1998, Some(Esrb::Mature)),
        ])
        .await;
    let told = history(&story, &player(1), story.game_of(1).await).await;
    let told = told.as_array().unwrap();
    let gog = told
        .iter()
        .find(|entry| entry["platform"] == "gog")
        .unwrap();
    undo(&story, &player(1), &gog["id"]).await;
    assert_eq!(story.said_of(2).await.esrb, Some(Esrb::Mature));
}

#[tokio::test]
async fn a_split_shows_a_child_nothing_that_was_closed_to_it() {
    for (esrb, after) in [
        (Esrb::Mature, Some(Esrb::Mature)),
        (Esrb::Teen, Some(Esrb::Teen)),
        // A mild word was about the other one.
        (Esrb::Everyone, None),
    ] {
        let story = Story::new().await;
        story
            .find(vec![
                imported(product(1, "steam", "111", "Split Me"), 2001, Some(esrb)),
                imported(product(2, "gog", "222", "Split Me"), 2001, None),
            ])
            .await;
        let game = story.game_of(1).await;
        assert_eq!(story.game_of(2).await, game);
        split(&story, &player(1), game, &[2]).await;
        assert_eq!(story.said_of(2).await.esrb, after, "{esrb:?}");
        assert_eq!(story.said_of(1).await.esrb, Some(esrb));
    }
}

#[tokio::test]
async fn a_merged_game_is_as_closed_as_its_strictest_part_for_the_household_alone() {
    let story = Story::new().await;
    let both = |n| {
        vec![
            imported(product(n, "steam", "1", "GRIP"), 2018, Some(Esrb::Teen)),
            imported(
                product(n + 1, "gog", "2", "GRIP: Combat Racing"),
                2018,
                Some(Esrb::Mature),
            ),
        ]
    };
    story.find(both(1)).await;
    story.find_in(THEIRS, both(11)).await;
    let (grip, racing) = (story.game_of(1).await, story.game_of(2).await);
    assert_ne!(grip, racing);
    let (ours, theirs) = (child(5, 1, Esrb::Teen), child(6, 2, Esrb::Teen));
    let title = "query($id: ID!) { game(id: $id) { title merges { titles } } }";
    let sees = async |who: &Viewer| {
        let told = story.ask(who, title, json!({ "id": grip })).await;
        assert!(!told.to_string().contains("Racing"), "{told}");
        told["data"]["game"]["title"] == "GRIP"
    };
    assert!(sees(&ours).await);
    merge(&story, &player(1), grip, &[racing]).await;
    assert!(!sees(&ours).await);
    assert!(sees(&theirs).await, "others see what they saw");

    // Told apart by a split or by taking it back, it is what it was; and its history names nothing.
    split(&story, &player(1), grip, &[2]).await;
    assert!(sees(&ours).await);
    let told = history(&story, &player(1), grip).await;
    undo(&story, &player(1), &told[0]["id"]).await;
    assert!(!sees(&ours).await, "the split was taken back");
    let told = history(&story, &player(1), grip).await;
    let mut told = told.as_array().unwrap().iter();
    let merged = told.find(|entry| entry["action"] == "MERGED").unwrap();
    undo(&story, &player(1), &merged["id"]).await;
    assert!(sees(&ours).await);
}

#[tokio::test]
async fn what_was_merged_before_parts_were_told_is_told_after_a_start() {
    let mut story = Story::new().await;
    story
        .find(vec![
            imported(product(1, "gog", "1", "GRIP"), 2018, Some(Esrb::Teen)),
            imported(
                product(2, "gog", "2", "GRIP: Combat Racing"),
                2018,
                Some(Esrb::Mature),
            ),
        ])
        .await;
    let (grip, racing) = (story.game_of(1).await, story.game_of(2).await);
    merge(&story, &player(1), grip, &[racing]).await;
    // As a version from before left it.
    part::Entity::delete_many()
        .exec(story.test.ports.db.write())
        .await
        .unwrap();
    let teen = child(5, 1, Esrb::Teen);
    let title = "query($id: ID!) { game(id: $id) { title } }";
    let told = story.ask(&teen, title, json!({ "id": grip })).await;
    assert_eq!(told["data"]["game"]["title"], "GRIP");
    story.work().await;
    let told = story.ask(&teen, title, json!({ "id": grip })).await;
    assert_eq!(told["data"]["game"], Value::Null);
}
