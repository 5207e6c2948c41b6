//! Exports come back as they were.

use super::stage::{Stage, facts, game_of};
use chrono::TimeDelta;
use djinn_kernel::{
    Viewer,
    event::{CopiesFound, CopiesMatched},
};
use serde_json::{Value, json};

pub const EXPORT: &str = "mutation($input: ExportLibraryInput!) { exportLibrary(input: $input) {
    url expiresAt fileName bytes games problems { code field } } }";
pub const FETCH: &str = "query($token: String!, $part: Int!) { exportedFile(token: $token, part: $part) { name media bytes parts content } }";
const IMPORT: &str = "mutation($input: ImportInput!) { importGames(input: $input) {
    rows added updated unchanged skipped rejected libraries { label connected platform { id } } problems { code field message } } }";

/// Asks for an export, and the word that fetches it.
pub async fn link(stage: &Stage, who: &Viewer, format: &str) -> String {
    let made = stage
        .hub
        .data(who, EXPORT, json!({ "input": { "format": format } }))
        .await["exportLibrary"]
        .take();
    assert_eq!(made["problems"], json!([]));
    let url = made["url"].as_str().unwrap();
    url.strip_prefix("/download/").unwrap().to_owned()
}

/// The whole of it, as the hub's door puts it together.
pub async fn fetch(stage: &Stage, token: &str) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let mut whole = Vec::new();
    for part in 0.. {
        let variables = json!({ "token": token, "part": part });
        let file = stage.hub.data(&Viewer::Hub, FETCH, variables).await["exportedFile"].take();
        match file["content"].as_str() {
            Some(content) => whole.extend(STANDARD.decode(content).unwrap()),
            None => {
                assert_eq!(file["bytes"], whole.len());
                assert_eq!(file["parts"], part);
                break;
            }
        }
    }
    String::from_utf8(whole).unwrap()
}

pub async fn export(stage: &Stage, who: &Viewer, format: &str) -> String {
    fetch(stage, &link(stage, who, format).await).await
}

pub async fn import(stage: &Stage, content: &str) -> Value {
    let input = json!({ "input": { "format": "AUTO", "content": content } });
    let done = stage.hub.data(&stage.me, IMPORT, input).await["importGames"].take();
    assert_eq!(done["problems"], json!([]), "{done:#}");
    done
}

/// Metadata matches every copy by its title.
pub async fn settle(stage: &Stage) {
    stage.metadata().await;
}

async fn mark(stage: &Stage, title: &str, input: Value) {
    let mut input = input;
    input["gameId"] = json!(game_of(title).0.to_string());
    let document = "mutation($input: UpdateGameInput!) { updateGame(input: $input) { game { id } problems { code message } } }";
    let done = stage
        .hub
        .data(&stage.me, document, json!({ "input": input }))
        .await;
    assert_eq!(done["updateGame"]["problems"], json!([]), "{done:#}");
}

const FILE: &str = "title,platform,store_id,playtime_minutes,last_played,year,genres,rating,status
Half-Life,steam,70,600,2024-01-31,1998,Action,M,
Chrono Trigger,snes,,30,,1995,RPG; Adventure,E,completed
\"=HYPERLINK(\"\"http://evil\"\")\",gog,1,,,,,,
Celeste,switch,,0,,2018,,E10+,
";

pub async fn household() -> Stage {
    let stage = Stage::set().await;
    import(&stage, FILE).await;
    settle(&stage).await;
    mark(&stage, "Half-Life", json!({ "status": "on_hold", "favourite": true, "notes": "line 1\nline \"2\", ü", "myRating": 90 })).await;
    stage.hub.test.clock.advance(TimeDelta::milliseconds(1));
    mark(&stage, "Half-Life", json!({ "status": "completed" })).await;
    mark(&stage, "Celeste", json!({ "hidden": true })).await;
    let document = "mutation($input: CreateCollectionInput!) { createCollection(input: $input) { problems { code message } } }";
    for input in [
        json!({ "name": "Short", "rule": { "all": [{ "field": "PLAYTIME", "operator": "AT_MOST", "value": { "number": 60 } }] } }),
        json!({ "name": "By hand", "gameIds": [game_of("Celeste").0.to_string(), game_of("Half-Life").0.to_string()] }),
    ] {
        let made = stage
            .hub
            .data(&stage.me, document, json!({ "input": input }))
            .await;
        assert_eq!(made["createCollection"]["problems"], json!([]), "{made:#}");
    }
    stage
}

#[tokio::test]
async fn an_export_comes_back_whole_in_an_empty_hub() {
    let stage = household().await;
    let first = export(&stage, &stage.me, "JSON").await;
    let whole: Value = serde_json::from_str(&first).unwrap();
    assert_eq!(
        (&whole["format"], &whole["version"]),
        (&json!("game-djinn"), &json!(1))
    );
    assert_eq!(whole["games"].as_array().unwrap().len(), 4);
    assert_eq!(whole["collections"][1]["name"], "By hand");
    assert_eq!(
        whole["collections"][1]["games"].as_array().unwrap().len(),
        2
    );
    let marked = whole["games"]
        .as_array()
        .unwrap()
        .iter()
        .find(|game| game["favourite"] == true)
        .unwrap();
    assert_eq!(marked["status"], "completed");
    assert!(
        marked["history"].as_array().unwrap().len() >= 2,
        "{marked:#}"
    );

    let other = Stage::set().await;
    let done = import(&other, &first).await;
    assert_eq!((&done["rows"], &done["added"]), (&json!(4), &json!(4)));
    // Also before anything is matched: what was said waits, and is not lost.
    assert_eq!(export(&other, &other.me, "JSON").await, first);
    settle(&other).await;
    assert_eq!(export(&other, &other.me, "JSON").await, first);
    // And a second time, where everything is there.
    let again = import(&other, &first).await;
    assert_eq!(
        (&again["added"], &again["updated"], &again["unchanged"]),
        (&json!(0), &json!(0), &json!(4))
    );
    settle(&other).await;
    assert_eq!(export(&other, &other.me, "JSON").await, first);
}

/// Games that are told apart by nothing but the file: one is held, others only spoken of.
fn namesakes() -> String {
    let at = "2026-01-01T00:00:00Z";
    let copy = json!({ "library": 0, "platform": "snes", "title": "Ys", "holding": "Owned", "playtimeMinutes": 0, "addedAt": at });
    json!({
        "format": "game-djinn", "version": 1,
        "libraries": [{ "platform": "manual", "label": "Shelf", "createdAt": at }],
        "games": [
            { "copies": [copy], "notes": "held" },
            { "title": "Ys", "copies": [], "notes": "lost" },
            { "title": "Gone", "copies": [], "notes": "one" },
            { "title": "Gone", "copies": [], "notes": "other" },
        ],
        "collections": [{ "name": "By hand", "games": [3, 0, 1, 2], "createdAt": at, "updatedAt": at }],
    })
    .to_string()
}

#[tokio::test]
async fn importing_the_same_file_again_changes_nothing() {
    let stage = Stage::set().await;
    import(&stage, &namesakes()).await;
    let first = export(&stage, &stage.me, "JSON").await;
    let whole: Value = serde_json::from_str(&first).unwrap();
    assert_eq!(whole["games"].as_array().unwrap().len(), 4, "{first}");
    assert_eq!(whole["collections"][0]["games"], json!([2, 0, 3, 1]));
    // Before anything is matched, and after.
    import(&stage, &first).await;
    assert_eq!(export(&stage, &stage.me, "JSON").await, first);
    settle(&stage).await;
    for _ in 0..3 {
        assert_eq!(export(&stage, &stage.me, "JSON").await, first);
        import(&stage, &first).await;
        settle(&stage).await;
    }
    assert_eq!(export(&stage, &stage.me, "JSON").await, first);

    // A game that was held and is not any more is a game without copies too.
    let document = "mutation($id: ID!) { unlinkLibrary(id: $id) { ok } }";
    let libraries = "{ libraries { nodes { id } } }";
    let libraries = stage.hub.data(&stage.me, libraries, json!({})).await;
    let id = &libraries["libraries"]["nodes"][0]["id"];
    stage
        .hub
        .data(&stage.me, document, json!({ "id": id }))
        .await;
    let without = export(&stage, &stage.me, "JSON").await;
    let whole: Value = serde_json::from_str(&without).unwrap();
    assert_eq!(whole["games"].as_array().unwrap().len(), 4, "{without}");
    for _ in 0..2 {
        import(&stage, &without).await;
        assert_eq!(export(&stage, &stage.me, "JSON").await, without);
    }
}

#[tokio::test]
async fn copies_of_our_own_file_say_which_entry_brought_them_and_those_of_others_do_not() {
    let stage = Stage::set().await;
    let at = "2026-01-01T00:00:00Z";
    let copy = |platform: &str, title: &str| json!({ "library": 0, "platform": platform, "storeId": title, "title": title, "holding": "Owned", "playtimeMinutes": 0, "addedAt": at });
    let file = json!({
        "format": "game-djinn", "version": 1,
        "libraries": [{ "platform": "manual", "label": "Shelf", "createdAt": at }],
        "games": [
            { "copies": [copy("steam", "GRIP"), copy("gog", "GRIP: Combat Racing")] },
            { "copies": [copy("gog", "GRIP")] },
        ],
        "collections": [],
    });
    import(&stage, &file.to_string()).await;
    import(&stage, "title\nUnpacking\n").await;
    let found = stage.hub.test.take_payloads::<CopiesFound>().await;
    let entries: std::collections::HashMap<_, _> = found
        .iter()
        .flat_map(|found| &found.copies)
        .map(|copy| ((&*copy.platform, &*copy.title), copy.entry))
        .collect();
    let grip = entries[&("steam", "GRIP")].unwrap();
    assert_eq!(entries[&("gog", "GRIP: Combat Racing")], Some(grip));
    let other = entries[&("gog", "GRIP")].unwrap();
    assert_eq!(other.file, grip.file);
    assert_ne!(other.entry, grip.entry);
    assert_eq!(entries[&("manual", "Unpacking")], None);
}

#[tokio::test]
async fn statuses_of_ones_own_come_along() {
    let stage = household().await;
    let document =
        "mutation { createStatus(input: { name: \"Shelf of shame\" }) { problems { code } } }";
    stage.hub.data(&stage.me, document, json!({})).await;
    mark(&stage, "Celeste", json!({ "status": "Shelf of shame" })).await;
    let file = export(&stage, &stage.me, "JSON").await;
    let other = Stage::set().await;
    import(&other, &file).await;
    settle(&other).await;
    assert_eq!(export(&other, &other.me, "JSON").await, file);
    let statuses = other
        .hub
        .data(&other.me, "{ statuses { id } }", json!({}))
        .await;
    let last = statuses["statuses"]
        .as_array()
        .unwrap()
        .last()
        .unwrap()
        .clone();
    assert_eq!(last["id"], "Shelf of shame");
}

#[tokio::test]
async fn a_linked_account_comes_back_without_its_secrets_and_asks_to_be_linked_again() {
    let (stage, _) = Stage::synced(vec![super::stage::owned(70, "Half-Life", 5)]).await;
    let file = export(&stage, &stage.me, "JSON").await;
    assert!(!file.contains(super::stage::KEY));
    assert!(file.contains(super::stage::ACCOUNT));
    let other = Stage::set().await;
    let done = import(&other, &file).await;
    assert_eq!(
        done["libraries"],
        json!([{ "label": "Mine", "connected": false, "platform": { "id": "steam" } }])
    );
    settle(&other).await;
    assert_eq!(export(&other, &other.me, "JSON").await, file);
}

#[tokio::test]
async fn achievements_schedules_and_where_days_begin_come_along() {
    let mut stage = Stage::set().await;
    stage
        .shop
        .sells(vec![super::stage::owned(70, "Half-Life", 5)]);
    let award = |id: &str, unlocked: i64| {
        json!({ "apiname": id, "achieved": i32::from(unlocked > 0), "unlocktime": unlocked, "name": id,
            "displayName": format!("The \"{id}\""), "hidden": 1, "description": "Do it", "icon": "https://a.test/i.jpg", "percent": 12.300_000_190_734_863 })
    };
    stage.shop.awards(
        70,
        json!([
            award("one", 1_600_000_000),
            award("two", 1_700_000_000),
            award("never", 0)
        ]),
    );
    stage.work();
    let library = stage.link().await;
    stage.settle(&library).await;
    stage.achieved().await;
    stage.stop().await;
    for (document, variables) in [
        (
            "mutation($id: ID!) { scheduleSync(input: { libraryId: $id, everyHours: 72 }) { problems { code } } }",
            json!({ "id": library }),
        ),
        (
            "mutation { updateLibrarySettings(input: { timeZone: \"America/New_York\" }) { settings { timeZone } problems { code } } }",
            json!({}),
        ),
        (
            "mutation { createStatus(input: { name: \"Never used\" }) { problems { code } } }",
            json!({}),
        ),
    ] {
        stage.hub.data(&stage.me, document, variables).await;
    }
    let file = export(&stage, &stage.me, "JSON").await;
    let whole: Value = serde_json::from_str(&file).unwrap();
    assert_eq!(whole["timeZone"], "America/New_York");
    assert_eq!(whole["statuses"], json!(["Never used"]));
    assert_eq!(whole["libraries"][0]["syncEveryHours"], 72);
    let kept = &whole["games"][0]["copies"][0]["achievements"];
    assert_eq!(
        (&kept["total"], kept["unlocked"].as_array().unwrap().len()),
        (&json!(3), 2)
    );
    assert_eq!(kept["unlocked"][0]["key"], "two");
    assert_eq!(kept["unlocked"][0]["rarityPpm"], 123_000);

    let other = Stage::set().await;
    import(&other, &file).await;
    assert_eq!(
        export(&other, &other.me, "JSON").await,
        file,
        "before matching"
    );
    settle(&other).await;
    assert_eq!(export(&other, &other.me, "JSON").await, file);
    let seen = other
        .hub
        .data(
            &other.me,
            "{ librarySettings { timeZone } statuses { id own } libraries { nodes { syncEveryHours connected } }
               games { nodes { achievements { total unlocked nodes { name unlockedAt rarityPercent } } } } }",
            json!({}),
        )
        .await;
    assert_eq!(seen["librarySettings"]["timeZone"], "America/New_York");
    assert_eq!(
        seen["statuses"][5],
        json!({ "id": "Never used", "own": true })
    );
    assert_eq!(
        seen["libraries"]["nodes"][0],
        json!({ "syncEveryHours": 72, "connected": false })
    );
    assert_eq!(
        seen["games"]["nodes"][0]["achievements"],
        json!({ "total": 3, "unlocked": 2, "nodes": [
            { "name": "The \"two\"", "unlockedAt": "2023-11-14T22:13:20+00:00", "rarityPercent": 12.3 },
            { "name": "The \"one\"", "unlockedAt": "2020-09-13T12:26:40+00:00", "rarityPercent": 12.3 },
        ] })
    );
    // Its own settings stay, if it has any.
    let third = Stage::set().await;
    let set = "mutation { updateLibrarySettings(input: { timeZone: \"Asia/Tokyo\" }) { problems { code } } }";
    third.hub.data(&third.me, set, json!({})).await;
    import(&third, &file).await;
    let zone = third
        .hub
        .data(&third.me, "{ librarySettings { timeZone } }", json!({}))
        .await;
    assert_eq!(zone["librarySettings"]["timeZone"], "Asia/Tokyo");
    // A file that says what cannot be is refused with its place.
    for (from, to, name) in [
        ("America/New_York", "Mars/Olympus", "timeZone"),
        (
            "\"syncEveryHours\":72",
            "\"syncEveryHours\":721",
            "libraries[0]",
        ),
        (
            "\"total\":3",
            "\"total\":1",
            "games[0].copies[0].achievements",
        ),
        ("[\"Never used\"]", "[\"Playing\"]", "statuses"),
    ] {
        assert!(file.contains(from), "{from}");
        let input = json!({ "input": { "content": file.replace(from, to) } });
        let refused = third.hub.data(&third.me, IMPORT, input).await;
        let problem = &refused["importGames"]["problems"][0];
        assert_eq!(problem["code"], "IMPORT_MALFORMED");
        assert!(
            problem["message"].as_str().unwrap().contains(name),
            "{problem}"
        );
    }
}

/// Kept here so that a change of the events that carry copies shows.
#[tokio::test]
async fn what_waits_for_a_game_arrives_with_its_copy_and_not_before() {
    let stage = Stage::set().await;
    let content =
        json!([{ "title": "Ys", "platform": "snes", "favourite": true, "my_notes": "mine" }])
            .to_string();
    import(&stage, &content).await;
    let found = stage
        .hub
        .test
        .take_payloads::<CopiesFound>()
        .await
        .remove(0);
    let ear = stage.hub.parts.consumer.as_ref().unwrap();
    stage.hub.test.send(&**ear, &facts("Ys", true)).await;
    let query = "{ games { nodes { favourite notes } } }";
    let games = stage.hub.data(&stage.me, query, json!({})).await;
    assert_eq!(games["games"]["nodes"], json!([]));
    let matches = vec![(found.copies[0].copy, game_of("Ys"))];
    let matched = CopiesMatched {
        library: found.library,
        revision: 1,
        matches,
    };
    stage.hub.test.send(&**ear, &matched).await;
    let games = stage.hub.data(&stage.me, query, json!({})).await;
    assert_eq!(
        games["games"]["nodes"],
        json!([{ "favourite": true, "notes": "mine" }])
    );
}
