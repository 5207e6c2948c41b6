//! The queue of suggestions: what may be one game, for a person to decide.

use crate::story::{Story, copy, product};
use djinn_kernel::{
    Esrb, Viewer,
    event::{FoundCopy, Hints},
    ids::{CopyId, LibraryId},
};
use djinn_testkit::viewers::{child, player};
use serde_json::{Value, json};
use uuid::Uuid;

const DUPLICATES: &str = "query($first: Int, $after: String) { duplicateGames(first: $first, after: $after) {
    totalCount nodes { id confidence games { title } evidence { kind text } } pageInfo { hasNextPage endCursor } } }";

async fn queue(story: &Story, who: &Viewer, page: Value) -> Value {
    let mut answer = story.ask(who, DUPLICATES, page).await;
    answer["data"]["duplicateGames"].take()
}

fn titles(queue: &Value) -> Vec<Vec<&str>> {
    let nodes = queue["nodes"].as_array().unwrap().iter();
    nodes
        .map(|node| {
            let games = node["games"].as_array().unwrap().iter();
            let mut titles: Vec<&str> = games.map(|game| game["title"].as_str().unwrap()).collect();
            titles.sort_unstable();
            titles
        })
        .collect()
}

#[tokio::test]
async fn what_may_be_one_game_is_asked_and_what_is_not_is_not() {
    let story = Story::new().await;
    story
        .find(vec![
            product(1, "steam", "1", "GRIP"),
            product(2, "gog", "2", "GRIP: Combat Racing"),
            product(3, "steam", "3", "Ley Lines"),
            product(4, "epic", "4", "Leylines"),
            product(5, "steam", "5", "Gothic"),
            product(6, "gog", "6", "Gothic 3"),
            product(7, "steam", "7", "Hades"),
            product(8, "gog", "8", "Hades Soundtrack"),
            product(9, "steam", "9", "Orwell"),
            product(10, "steam", "10", "Orwell: Ignorance is Strength"),
        ])
        .await;
    let all = queue(&story, &player(1), json!({})).await;
    assert_eq!(
        titles(&all),
        [
            vec!["Ley Lines", "Leylines"],
            vec!["GRIP", "GRIP: Combat Racing"]
        ]
    );
    assert_eq!(all["totalCount"], 2);
    assert_eq!(
        all["nodes"][0]["evidence"],
        json!([
            { "kind": "SPELLING", "text": all["nodes"][0]["evidence"][0]["text"] },
            { "kind": "PLATFORM", "text": all["nodes"][0]["evidence"][1]["text"] },
        ])
    );
    assert!(all["nodes"][0]["confidence"].as_f64().unwrap() > 0.7);

    // Page by page it is the same queue.
    let first = queue(&story, &player(1), json!({ "first": 1 })).await;
    assert_eq!(first["pageInfo"]["hasNextPage"], true);
    let after = json!({ "first": 1, "after": first["pageInfo"]["endCursor"] });
    let second = queue(&story, &player(1), after).await;
    assert_eq!(titles(&second), [vec!["GRIP", "GRIP: Combat Racing"]]);
    assert_eq!(second["pageInfo"]["hasNextPage"], false);
    let wrong = story
        .ask(&player(1), DUPLICATES, json!({ "after": "x" }))
        .await;
    assert_eq!(wrong["errors"][0]["extensions"]["code"], "INVALID_CURSOR");
    let wrong = story
        .ask(&player(1), DUPLICATES, json!({ "first": 101 }))
        .await;
    assert_eq!(wrong["errors"][0]["extensions"]["code"], "PAGE_TOO_LARGE");
}

#[tokio::test]
async fn what_was_dismissed_merged_or_taken_back_is_not_asked_again() {
    let story = Story::new().await;
    story
        .find(vec![
            product(1, "steam", "1", "GRIP"),
            product(2, "gog", "2", "GRIP: Combat Racing"),
            product(3, "steam", "3", "Ley Lines"),
            product(4, "epic", "4", "Leylines"),
        ])
        .await;
    let all = queue(&story, &player(1), json!({})).await;
    let dismiss = "mutation($id: ID!) { dismissDuplicate(id: $id) { games { title } problems { code field } } }";
    let id = json!({ "id": all["nodes"][0]["id"] });
    let done = story.ask(&player(1), dismiss, id.clone()).await;
    assert_eq!(done["data"]["dismissDuplicate"]["problems"], json!([]));
    let rest = queue(&story, &player(1), json!({})).await;
    assert_eq!(titles(&rest), [vec!["GRIP", "GRIP: Combat Racing"]]);
    let refused = story.ask(&player(2), dismiss, id).await;
    assert_eq!(
        refused["data"]["dismissDuplicate"]["problems"],
        json!([{ "code": "NOT_FOUND", "field": "id" }])
    );
    for nonsense in ["", "x", "x.y", "00000000-0000-0000-0000-000000000000"] {
        let refused = story
            .ask(&player(1), dismiss, json!({ "id": nonsense }))
            .await;
        assert_eq!(
            refused["data"]["dismissDuplicate"]["problems"][0]["code"],
            "INVALID_ID"
        );
    }

    let merge = "mutation($input: MergeGamesInput!) { mergeGames(input: $input) { game { merges { id } } problems { code } } }";
    let input =
        json!({ "input": { "into": story.game_of(1).await, "games": [story.game_of(2).await] } });
    let merged = story.ask(&player(1), merge, input).await;
    assert_eq!(queue(&story, &player(1), json!({})).await["totalCount"], 0);
    let id = &merged["data"]["mergeGames"]["game"]["merges"][0]["id"];
    let undo = "mutation($id: ID!) { undoMerge(id: $id) { problems { code } } }";
    story.ask(&player(1), undo, json!({ "id": id })).await;
    assert_eq!(queue(&story, &player(1), json!({})).await["totalCount"], 0);
}

#[tokio::test]
async fn nobody_is_asked_about_what_is_not_theirs_or_above_their_ceiling() {
    let story = Story::new().await;
    let rated = |n, title, esrb| FoundCopy {
        hints: Hints {
            esrb: Some(esrb),
            by_admin: true,
            ..Hints::default()
        },
        ..copy(n, "manual", title)
    };
    story
        .find(vec![
            rated(1, "Ley Lines", Esrb::Everyone),
            rated(2, "Leylines", Esrb::Mature),
            rated(3, "Quiet Harbour", Esrb::Everyone),
            rated(4, "Quiet Harbour: The Island", Esrb::Everyone),
        ])
        .await;
    let theirs = LibraryId(Uuid::from_u128(0xB));
    story
        .find_in(theirs, vec![copy(11, "manual", "Ley Lines")])
        .await;
    let ida = child(5, 1, Esrb::Teen);
    let seen = queue(&story, &ida, json!({})).await;
    assert_eq!(
        titles(&seen),
        [vec!["Quiet Harbour", "Quiet Harbour: The Island"]]
    );
    assert_eq!(seen["totalCount"], 1);
    assert_eq!(queue(&story, &player(2), json!({})).await["totalCount"], 0);
    assert_eq!(queue(&story, &player(1), json!({})).await["totalCount"], 2);
}

#[tokio::test]
async fn ten_thousand_games_are_compared_in_a_few_queries() {
    let story = Story::new().await;
    let words = [
        "Amber", "Basalt", "Cinder", "Dusk", "Ember", "Frost", "Gale", "Harbor", "Iron", "Jade",
    ];
    for chunk in 0..20_u128 {
        let copies = (chunk * 500..(chunk + 1) * 500).map(|n| {
            let word = |at: u128| words[(n / 10_u128.pow(at as u32) % 10) as usize];
            FoundCopy {
                copy: CopyId(Uuid::from_u128(n)),
                ..product(
                    n,
                    "steam",
                    &n.to_string(),
                    &format!("{} {} of {} {}", word(0), word(1), word(2), word(3)),
                )
            }
        });
        story.find(copies.collect()).await;
    }
    let begun = std::time::Instant::now();
    let all = queue(&story, &player(1), json!({ "first": 10 })).await;
    assert_eq!(all["totalCount"], 0, "one store sells them side by side");
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_page_of_suggestions_and_what_made_its_games_are_a_few_queries() {
    let story = Story::new().await;
    let words = [
        "Amber", "Basalt", "Cinder", "Dusk", "Ember", "Frost", "Gale", "Harbor", "Iron", "Jade",
        "Kelp", "Lagoon", "Marble", "Nettle", "Opal", "Pebble", "Quartz", "Raven", "Slate",
        "Thorn",
    ];
    let pairs = words.iter().zip(0_u128..).flat_map(|(word, n)| {
        let (one, other) = (2 * n, 2 * n + 1);
        [
            product(one, "steam", &one.to_string(), &format!("{word} Lines")),
            product(other, "epic", &other.to_string(), &format!("{word}lines")),
        ]
    });
    story.find(pairs.collect()).await;
    let query = "query($first: Int) { duplicateGames(first: $first) { totalCount
        nodes { games { title coverUrl merges { id evidence { text } } relations { kind } } } } }";
    let mut counts = Vec::new();
    for first in [2, 20] {
        // What was compared a moment ago is kept: look once before it is counted.
        for _ in 0..2 {
            story.test.database.take_query_count();
            let answer = story
                .ask(&player(1), query, json!({ "first": first }))
                .await;
            let nodes = answer["data"]["duplicateGames"]["nodes"].as_array();
            assert_eq!(nodes.map(Vec::len), Some(first), "{answer}");
            assert!(
                nodes.unwrap()[0]["games"][0]["merges"][0]["id"].is_string(),
                "{answer}"
            );
        }
        counts.push(story.test.database.take_query_count());
    }
    // A busy machine cuts what is loaded together into a few batches; one by one it would be more
    // than a hundred.
    assert!(counts[1] <= counts[0] + 20, "{counts:?} queries");
}
