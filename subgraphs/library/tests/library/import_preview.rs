//! What a mapping screen sees before an import, and files that are sent in parts.

use super::stage::{Stage, game_of};
use chrono::TimeDelta;
use djinn_testkit::viewers::{child, player};
use serde_json::{Value, json};

pub const PREVIEW: &str =
    "query($input: ImportInput!, $only: [ImportAction!], $first: Int, $after: String) {
    previewImport(input: $input, only: $only, first: $first, after: $after) {
        format columns { name field mapped samples } fields { name } needsTitle
        rows added updated unchanged skipped rejected totalCount pageInfo { hasNextPage endCursor }
        nodes { line column title action field reason changes { field before after } } } }";
pub const UPLOAD: &str = "mutation($input: UploadImportInput!) { uploadImport(input: $input) { upload bytes expiresAt problems { code field message } } }";
pub const IMPORT: &str = "mutation($input: ImportInput!) { importGames(input: $input) {
    library { id } rows added updated unchanged skipped rejected preview { line title action } problems { code field message } } }";

pub async fn import(stage: &Stage, input: Value) -> Value {
    stage
        .hub
        .data(&stage.me, IMPORT, json!({ "input": input }))
        .await["importGames"]
        .take()
}

pub async fn preview(stage: &Stage, variables: Value) -> Value {
    stage.hub.data(&stage.me, PREVIEW, variables).await["previewImport"].take()
}

/// Sends bytes in parts and says what they are kept as.
pub async fn upload(stage: &Stage, bytes: &[u8]) -> Value {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let mut kept = Value::Null;
    for part in bytes.chunks(700_000) {
        let input = json!({ "upload": kept["upload"], "content": STANDARD.encode(part) });
        kept = stage
            .hub
            .data(&stage.me, UPLOAD, json!({ "input": input }))
            .await["uploadImport"]
            .take();
        if kept["problems"] != json!([]) {
            break;
        }
    }
    kept
}

const FILE: &str = "Spiel,Zeit (h),Jahr\nDoom,1,1993\nQuake,x,1996\nPrey,2,2017\nPrey,2,2017\n";

#[tokio::test]
async fn a_form_sees_columns_samples_and_what_each_would_be() {
    let stage = Stage::set().await;
    let seen = preview(&stage, json!({ "input": { "content": FILE } })).await;
    assert_eq!(
        (&seen["format"], &seen["needsTitle"], &seen["rows"]),
        (&json!("CSV"), &json!(true), &json!(0))
    );
    assert_eq!(
        seen["columns"][0],
        json!({ "name": "Spiel", "field": null, "mapped": false, "samples": ["Doom", "Quake", "Prey"] })
    );
    assert!(
        seen["fields"]
            .as_array()
            .unwrap()
            .iter()
            .any(|field| field["name"] == "playtime_hours")
    );

    let mapping = json!([{ "column": "Spiel", "field": "title" }, { "column": "Zeit (h)", "field": "playtime_hours" }, { "column": "Jahr", "field": "year" }]);
    let input = json!({ "content": FILE, "mapping": mapping });
    let seen = preview(&stage, json!({ "input": input })).await;
    assert_eq!(
        [
            &seen["rows"],
            &seen["added"],
            &seen["skipped"],
            &seen["rejected"]
        ],
        [4, 2, 1, 1]
    );
    assert_eq!(
        seen["columns"][1],
        json!({ "name": "Zeit (h)", "field": "playtime_hours", "mapped": true, "samples": ["1", "x", "2"] })
    );
    assert_eq!(
        seen["nodes"][1],
        json!({ "line": 3, "column": 7, "title": "Quake", "action": "REJECT", "field": "Zeit (h)", "reason": "\"x\" is not a number of hours, like 12.5", "changes": [] })
    );
    // Nothing was done, and with the bad row nothing would be.
    let refused = import(&stage, input.clone()).await;
    assert_eq!(refused["problems"][0]["code"], "IMPORT_MALFORMED");
    let mut without = input.clone();
    without["leaveOutRejected"] = json!(true);
    let done = import(&stage, without).await;
    assert_eq!(
        [&done["added"], &done["skipped"], &done["rejected"]],
        [2, 1, 1],
        "{done:#}"
    );

    let changed = FILE.replace("Doom,1,", "Doom,3,");
    let input = json!({ "content": changed, "mapping": input["mapping"] });
    let seen = preview(&stage, json!({ "input": input, "only": ["UPDATE"] })).await;
    assert_eq!(
        [&seen["updated"], &seen["unchanged"], &seen["totalCount"]],
        [1, 1, 1]
    );
    assert_eq!(
        seen["nodes"][0]["changes"],
        json!([{ "field": "playtime_minutes", "before": "60", "after": "180" }])
    );
}

#[tokio::test]
async fn what_a_file_says_of_games_that_are_here_is_a_change_like_any_other() {
    let stage = Stage::set().await;
    let plain = "title,platform\nEta Quux,steam\nEta Quux,gog\nTheta,steam\n";
    import(&stage, json!({ "content": plain })).await;
    let header = "title,platform,my_notes,my_rating,my_tags,favourite,hidden\n";
    let said = format!(
        "{header}Eta Quux,steam,hello,80,Couch; 2024,yes,yes\nEta Quux,gog,,80,2024,,\nTheta,steam,,,,no,no\n"
    );
    let all = json!([
        { "field": "favourite", "before": "no", "after": "yes" },
        { "field": "hidden", "before": "no", "after": "yes" },
        { "field": "my_notes", "before": null, "after": "hello" },
        { "field": "my_rating", "before": null, "after": "80" },
        { "field": "my_tags", "before": null, "after": "Couch; 2024" },
    ]);
    // What is said is the same before: a preview, a dry run and an import.
    let told = async |content: &str| {
        let input = json!({ "content": content });
        let seen = preview(&stage, json!({ "input": input })).await;
        let dry = import(&stage, json!({ "content": content, "dryRun": true })).await;
        let done = import(&stage, input).await;
        for other in [&dry, &done] {
            assert_eq!(other["problems"], json!([]), "{other:#}");
            for sum in ["rows", "added", "updated", "unchanged", "skipped"] {
                assert_eq!(other[sum], seen[sum], "{sum}: {other:#}");
            }
        }
        seen
    };
    // No copy has a game yet: what is said of it waits, and is no change a second time.
    let word = format!("{header}Theta,steam,wait,,,,\n");
    let seen = told(&word).await;
    assert_eq!(
        seen["nodes"][0]["changes"],
        json!([{ "field": "my_notes", "before": null, "after": "wait" }])
    );
    assert_eq!(told(&word).await["unchanged"], 1);

    stage.metadata().await;
    let seen = told(&said).await;
    // The other copy is of the same game, which would have it all by then.
    assert_eq!([&seen["updated"], &seen["unchanged"]], [1, 2], "{seen:#}");
    assert_eq!(seen["nodes"][0]["changes"], all);
    assert_eq!(told(&said).await["unchanged"], 3);

    // What a person takes off, the file brings back, and says so.
    let game = game_of("Eta Quux").0.to_string();
    let document = "mutation($id: ID!) { updateGame(input: { gameId: $id, favourite: false }) { problems { code } } }";
    let off = stage
        .hub
        .data(&stage.me, document, json!({ "id": game }))
        .await;
    assert_eq!(off["updateGame"]["problems"], json!([]));
    let seen = told(&said).await;
    assert_eq!([&seen["updated"], &seen["unchanged"]], [1, 2], "{seen:#}");
    assert_eq!(
        seen["nodes"][0]["changes"],
        json!([{ "field": "favourite", "before": "no", "after": "yes" }])
    );
}

#[tokio::test]
async fn a_preview_is_paged_and_every_page_says_the_same_sums() {
    let stage = Stage::set().await;
    let content: String = std::iter::once("title\n".to_owned())
        .chain((0..1203).map(|n| format!("Game {n}\n")))
        .collect();
    let upload = upload(&stage, content.as_bytes()).await["upload"].take();
    let (mut titles, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = preview(
            &stage,
            json!({ "input": { "upload": upload }, "first": 100, "after": after }),
        )
        .await;
        assert_eq!(
            [&page["rows"], &page["added"], &page["totalCount"]],
            [1203, 1203, 1203]
        );
        titles.extend(
            page["nodes"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| row["title"].as_str().unwrap().to_owned()),
        );
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(
        titles,
        (0..1203).map(|n| format!("Game {n}")).collect::<Vec<_>>()
    );
    let refused = stage
        .hub
        .refusal(
            &stage.me,
            PREVIEW,
            json!({ "input": { "upload": upload }, "first": 101 }),
        )
        .await;
    assert_eq!(refused.0, "PAGE_TOO_LARGE");
}

#[tokio::test]
async fn an_upload_is_its_households_own_and_goes_after_an_hour() {
    let stage = Stage::set().await;
    let kept = upload(&stage, b"title\nDoom\n").await;
    assert_eq!(kept["bytes"], 11);
    let input = json!({ "input": { "upload": kept["upload"] } });
    let theirs = stage.hub.data(&player(2), IMPORT, input.clone()).await;
    assert_eq!(theirs["importGames"]["problems"][0]["code"], "NOT_FOUND");
    for (who, document) in [
        (child(7, 1, djinn_kernel::Esrb::Teen), PREVIEW),
        (child(7, 1, djinn_kernel::Esrb::Teen), IMPORT),
    ] {
        assert_eq!(
            stage.hub.refusal(&who, document, input.clone()).await.0,
            "FORBIDDEN"
        );
    }
    // A part that is sent again is not there twice, and one that leaves a hole is refused.
    let again =
        json!({ "input": { "upload": kept["upload"], "content": "dGl0bGUK", "offset": 0 } });
    assert_eq!(
        stage.hub.data(&stage.me, UPLOAD, again).await["uploadImport"]["bytes"],
        11
    );
    let hole =
        json!({ "input": { "upload": kept["upload"], "content": "dGl0bGUK", "offset": 99 } });
    assert_eq!(
        stage.hub.data(&stage.me, UPLOAD, hole).await["uploadImport"]["problems"][0]["field"],
        "input.offset"
    );
    stage.hub.test.clock.advance(TimeDelta::hours(1));
    let gone = import(&stage, json!({ "upload": kept["upload"] })).await;
    assert_eq!(gone["problems"][0]["code"], "NOT_FOUND");
    let both = import(
        &stage,
        json!({ "upload": kept["upload"], "content": "title\n" }),
    )
    .await;
    assert_eq!(both["problems"][0]["code"], "INVALID_INPUT");
}
