//! What a file of ours says of a status, and what there is already.

use super::{
    export::{import, settle},
    stage::{Stage, game_of},
};
use serde_json::{Value, json};

/// Doom, played for an hour; an empty status is none.
fn table(status: &str) -> String {
    format!("title,platform,store_id,playtime_minutes,status\nDoom,steam,2280,60,{status}\n")
}

/// The same in a file of ours, with a status that somebody or something said.
fn file(status: &str, by: &str) -> String {
    let at = "2026-01-01T00:00:00Z";
    let copy = json!({ "library": 0, "platform": "steam", "storeId": "2280", "title": "Doom", "holding": "Owned", "playtimeMinutes": 60, "addedAt": at });
    let turn = json!({ "at": at, "from": "unplayed", "to": status, "by": by });
    json!({
        "format": "game-djinn", "version": 1,
        "libraries": [{ "platform": "manual", "label": "Imported", "createdAt": at }],
        "games": [{ "copies": [copy], "status": status, "statusBy": by, "history": [turn] }],
        "collections": [],
    })
    .to_string()
}

async fn mark(stage: &Stage, mut input: Value) {
    input["gameId"] = json!(game_of("Doom").0.to_string());
    let document = "mutation($input: UpdateGameInput!) { updateGame(input: $input) { problems { code message } } }";
    let variables = json!({ "input": input });
    let done = stage.hub.data(&stage.me, document, variables).await;
    assert_eq!(done["updateGame"]["problems"], json!([]), "{done:#}");
}

#[tokio::test]
async fn a_persons_word_counts_more_than_a_files_and_that_more_than_a_rules() {
    for (here, there, by, want) in [
        // An hour was played, and so a rule says "playing".
        ("", "completed", "import", "completed"),
        ("", "on_hold", "person", "on_hold"),
        ("completed", "playing", "rule", "completed"),
        ("completed", "on_hold", "import", "completed"),
        ("completed", "on_hold", "person", "on_hold"),
    ] {
        // However often the game has changed since it came.
        for changed in [false, true] {
            let stage = Stage::set().await;
            import(&stage, &table(here)).await;
            settle(&stage).await;
            if changed {
                mark(&stage, json!({ "favourite": true })).await;
            }
            let done = import(&stage, &file(there, by)).await;
            assert_eq!(done["unchanged"], 1, "the same copy: {done:#}");
            settle(&stage).await;
            let query = "{ games { nodes { status { id } } } }";
            let games = stage.hub.data(&stage.me, query, json!({})).await;
            assert_eq!(
                games["games"]["nodes"],
                json!([{ "status": { "id": want } }]),
                "{here} here, {there} by {by} in the file; changed: {changed}"
            );
        }
    }
}

#[tokio::test]
async fn an_unplayed_of_a_file_gives_way_to_minutes_that_a_later_one_brings() {
    let of = |minutes: u32, status: &str| {
        format!("title,platform,playtime_minutes,status\nDoom,snes,{minutes},{status}\n")
    };
    for (first, said, again) in [
        (0, "unplayed", ""),
        (60, "unplayed", ""),
        (60, "unplayed", "unplayed"),
    ] {
        let stage = Stage::set().await;
        let status = async || {
            settle(&stage).await;
            let query = "{ games { nodes { status { id } } } }";
            let games = stage.hub.data(&stage.me, query, json!({})).await;
            games["games"]["nodes"][0]["status"]["id"].clone()
        };
        import(&stage, &of(first, said)).await;
        assert_eq!(status().await, "unplayed", "of the minutes there were");
        import(&stage, &of(first, again)).await;
        assert_eq!(status().await, "unplayed", "nothing was played since");
        // And a second time the same.
        for _ in 0..2 {
            import(&stage, &of(5_000, again)).await;
            assert_eq!(status().await, "playing", "{first}, then {again:?}");
        }
        import(&stage, &of(5_000, "on_hold")).await;
        assert_eq!(status().await, "on_hold");
        mark(&stage, json!({ "status": "unplayed" })).await;
        import(&stage, &of(5_100, "on_hold")).await;
        assert_eq!(status().await, "unplayed", "one's own word");
    }
}

#[tokio::test]
async fn what_somebody_here_said_no_file_changes() {
    let stage = Stage::set().await;
    import(&stage, &table("")).await;
    settle(&stage).await;
    mark(&stage, json!({ "status": "on_hold" })).await;
    for by in ["rule", "import", "person"] {
        import(&stage, &file("completed", by)).await;
        settle(&stage).await;
        let query = "{ games { nodes { status { id } } } }";
        let games = stage.hub.data(&stage.me, query, json!({})).await;
        let status = &games["games"]["nodes"][0]["status"]["id"];
        assert_eq!(*status, "on_hold", "{by}");
    }
}
