//! Exports: what is in them, who may see what, and that they come back as they were.

use super::stage::{Stage, facts, game_of};
use chrono::TimeDelta;
use djinn_kernel::{
    Esrb, Viewer,
    event::{CopiesFound, CopiesMatched, GameChanged},
};
use djinn_testkit::viewers::{child, player};
use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::{Value, json};

const EXPORT: &str = "mutation($input: ExportLibraryInput!) { exportLibrary(input: $input) {
    url expiresAt fileName bytes games problems { code field } } }";
const FETCH: &str = "query($token: String!, $part: Int!) { exportedFile(token: $token, part: $part) { name media bytes parts content } }";
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

async fn export(stage: &Stage, who: &Viewer, format: &str) -> String {
    fetch(stage, &link(stage, who, format).await).await
}

async fn import(stage: &Stage, content: &str) -> Value {
    let input = json!({ "input": { "format": "AUTO", "content": content } });
    let done = stage.hub.data(&stage.me, IMPORT, input).await["importGames"].take();
    assert_eq!(done["problems"], json!([]), "{done:#}");
    done
}

/// Metadata matches every copy by its title.
async fn settle(stage: &Stage) {
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

async fn household() -> Stage {
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
async fn tables_are_read_back_and_hold_no_formula() {
    let stage = household().await;
    for format in ["CSV", "PLAYNITE_CSV"] {
        let table = export(&stage, &stage.me, format).await;
        for line in table.lines() {
            assert!(!line.starts_with(['=', '+', '-', '@']), "{line}");
            assert!(!line.contains(",="), "{line}");
        }
        let other = Stage::set().await;
        let done = import(&other, &table).await;
        assert_eq!(done["added"], 4, "{format} {done:#}");
        settle(&other).await;
        let query = "{ games(first: 10) { nodes { favourite notes myRating copies { title playtimeMinutes platform { id } storeId } } } }";
        let games = other.hub.data(&other.me, query, json!({})).await["games"]["nodes"].take();
        let half = games
            .as_array()
            .unwrap()
            .iter()
            .find(|game| game["copies"][0]["title"] == "Half-Life")
            .unwrap();
        assert_eq!(half["copies"][0]["playtimeMinutes"], 600, "{half:#}");
        assert_eq!(half["copies"][0]["storeId"], "70");
        assert_eq!(
            (&half["favourite"], &half["myRating"]),
            (&json!(true), &json!(90))
        );
        assert_eq!(half["notes"], "line 1\nline \"2\", ü");
        let formula = games
            .as_array()
            .unwrap()
            .iter()
            .any(|game| game["copies"][0]["title"] == "=HYPERLINK(\"http://evil\")");
        assert!(formula, "{games:#}");
    }
}

#[tokio::test]
async fn a_childs_export_has_no_hidden_game_and_no_trace_of_one() {
    let stage = household().await;
    let ear = stage.hub.parts.consumer.as_ref().unwrap();
    for (title, esrb) in [
        ("Half-Life", Some(Esrb::Mature)),
        ("Chrono Trigger", Some(Esrb::Everyone)),
        ("Celeste", None),
    ] {
        let changed = GameChanged {
            esrb,
            revision: 9,
            ..facts(title, true)
        };
        stage.hub.test.send(&**ear, &changed).await;
    }
    // One that nobody has matched yet.
    import(&stage, "title,rating\nUnknown Horror,M\n").await;
    let kid = child(7, 1, Esrb::Everyone10);
    for format in ["JSON", "CSV", "PLAYNITE_CSV"] {
        let file = export(&stage, &kid, format).await;
        assert!(file.contains("Chrono Trigger"), "{file}");
        for hidden in [
            "Half-Life",
            "Celeste",
            "Unknown Horror",
            "line 1",
            "HYPERLINK",
        ] {
            assert!(!file.contains(hidden), "{format}: {hidden}\n{file}");
        }
    }
    // Another household sees nothing at all.
    let file = export(&stage, &player(2), "JSON").await;
    assert_eq!(
        file,
        "{\"format\":\"game-djinn\",\"version\":1,\n\"libraries\":[],\n\"games\":[],\n\"collections\":[]}\n"
    );
    let library = stage
        .hub
        .data(&stage.me, "{ libraries { nodes { id } } }", json!({}))
        .await["libraries"]["nodes"][0]["id"]
        .take();
    let input = json!({ "input": { "format": "CSV", "library": library } });
    let refused = stage.hub.data(&player(2), EXPORT, input).await;
    assert_eq!(refused["exportLibrary"]["problems"][0]["code"], "NOT_FOUND");
}

#[tokio::test]
async fn a_link_works_for_five_minutes_and_only_as_it_is() {
    let stage = household().await;
    let token = link(&stage, &stage.me, "JSON").await;
    assert!(token.len() >= 43, "{token}");
    let part = |token: &str| json!({ "token": token, "part": 0 });
    for wrong in [
        "",
        "x",
        &token[1..],
        &format!("{token}A"),
        &"x".repeat(5000),
    ] {
        let refused = stage.hub.refusal(&Viewer::Hub, FETCH, part(wrong)).await;
        assert_eq!(refused.0, "NOT_FOUND");
    }
    // A person may not ask past the door.
    assert_eq!(
        stage.hub.refusal(&stage.me, FETCH, part(&token)).await.0,
        "FORBIDDEN"
    );
    stage.hub.test.clock.advance(TimeDelta::seconds(299));
    fetch(&stage, &token).await;
    stage.hub.test.clock.advance(TimeDelta::seconds(1));
    assert_eq!(
        stage.hub.refusal(&Viewer::Hub, FETCH, part(&token)).await.0,
        "NOT_FOUND"
    );
    // Only the newest few are kept.
    let old = link(&stage, &stage.me, "CSV").await;
    for _ in 0..3 {
        link(&stage, &stage.me, "CSV").await;
    }
    assert_eq!(
        stage.hub.refusal(&Viewer::Hub, FETCH, part(&old)).await.0,
        "NOT_FOUND"
    );
}

/// A game of a random household.
#[derive(Debug, Clone)]
struct Any {
    title: String,
    copies: Vec<(usize, Option<String>, i32)>,
    status: Option<&'static str>,
    notes: Option<String>,
    favourite: bool,
    rating: Option<i32>,
    play: Vec<(u32, i32)>,
    listed: bool,
}

fn any() -> impl Strategy<Value = Any> {
    (
        "[A-Za-zäß=+' ]{0,8}[A-Za-z0-9]",
        prop::collection::vec(
            (0..3_usize, prop::option::of("[a-z0-9]{1,8}"), 0..5000_i32),
            0..3,
        ),
        prop::option::of(prop::sample::select(vec![
            "unplayed",
            "playing",
            "completed",
            "on_hold",
        ])),
        prop::option::of("[a-z\"\\\\,;\n=ü]{1,20}[a-z]"),
        any_bool(),
        prop::option::of(0..=100_i32),
        prop::collection::btree_map(1..28_u32, 1..=1440_i32, 0..3),
        any_bool(),
    )
        .prop_map(
            |(title, copies, status, notes, favourite, rating, play, listed)| Any {
                title,
                copies,
                status,
                notes,
                favourite,
                rating,
                play: play.into_iter().collect(),
                listed,
            },
        )
}

fn any_bool() -> impl Strategy<Value = bool> {
    proptest::bool::ANY
}

/// A file of ours with these games, as somebody might have it.
fn file(games: &[Any]) -> String {
    let libraries = ["steam", "manual", "gog"].map(|platform| {
        let account = (platform != "manual").then_some("1");
        let mut library = json!({ "platform": platform, "label": format!("My {platform}"), "createdAt": "2026-01-01T00:00:00.000001Z" });
        if let Some(account) = account {
            library["account"] = json!(account);
        }
        library
    });
    let mut list = Vec::new();
    let mut listed = Vec::new();
    for (number, game) in games.iter().enumerate() {
        // Each title once, so that the stand-in for metadata matches it to a game of its own.
        let words: Vec<&str> = game.title.split_whitespace().collect();
        let title = format!("{} {number}", words.join(" "));
        let copies: Vec<Value> = game.copies.iter().enumerate().map(|(at, (library, store, minutes))| {
            let platform = ["steam", "snes", "gog"][*library];
            let mut copy = json!({
                "library": library, "platform": platform, "title": title,
                "holding": "Owned", "playtimeMinutes": minutes, "addedAt": "2026-01-02T03:04:05.678Z",
            });
            copy["storeId"] = json!(format!("{}{number}x{at}", store.clone().unwrap_or_default()));
            if *minutes > 0 {
                let days: Vec<Value> = game.play.iter().map(|(day, minutes)| json!([format!("2026-01-{day:02}"), minutes])).collect();
                copy["play"] = json!(days);
            }
            copy
        }).collect();
        let mut entry = json!({ "copies": copies, "favourite": game.favourite });
        let played = game.copies.iter().any(|(.., minutes)| *minutes > 0);
        // What was played has a status: the first play gives it one.
        let status = game.status.or(played.then_some("playing"));
        if let Some(status) = status {
            entry["status"] = json!(status);
            entry["statusBy"] = json!(if game.status.is_some() {
                "person"
            } else {
                "rule"
            });
            if status != "unplayed" {
                entry["history"] = json!([{ "at": "2026-01-05T00:00:00.5Z", "from": "unplayed", "to": status, "by": entry["statusBy"] }]);
            }
        }
        if let Some(notes) = &game.notes {
            entry["notes"] = json!(notes);
        }
        if let Some(rating) = game.rating {
            entry["rating"] = json!(rating);
        }
        if game.copies.is_empty() {
            entry["title"] = json!(title);
            let says =
                status.is_some() || game.notes.is_some() || game.rating.is_some() || game.favourite;
            if !says && !game.listed {
                entry["notes"] = json!("something");
            }
        }
        if game.listed {
            listed.push(number);
        }
        list.push(entry);
    }
    let at = "2026-01-01T00:00:00Z";
    let collections = json!([
        { "name": "Listed", "games": listed, "createdAt": at, "updatedAt": at },
        { "name": "Smart", "rule": { "any": [{ "field": "FAVOURITE", "operator": "IS_TRUE" }] }, "createdAt": at, "updatedAt": at },
    ]);
    json!({ "format": "game-djinn", "version": 1, "libraries": libraries, "games": list, "collections": collections }).to_string()
}

#[test]
fn whatever_a_household_has_is_the_same_after_a_trip_through_a_file() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 24,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    runner
        .run(&prop::collection::vec(any(), 0..8), |games| {
            runtime.block_on(async {
                let stage = Stage::set().await;
                import(&stage, &file(&games)).await;
                settle(&stage).await;
                let first = export(&stage, &stage.me, "JSON").await;
                let whole: Value = serde_json::from_str(&first).unwrap();
                assert_eq!(
                    whole["games"].as_array().unwrap().len(),
                    games.len(),
                    "{first}"
                );
                let other = Stage::set().await;
                import(&other, &first).await;
                assert_eq!(
                    export(&other, &other.me, "JSON").await,
                    first,
                    "before matching"
                );
                settle(&other).await;
                assert_eq!(export(&other, &other.me, "JSON").await, first);
            });
            Ok(())
        })
        .unwrap();
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
