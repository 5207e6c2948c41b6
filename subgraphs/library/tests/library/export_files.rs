//! The files of exports: tables, who may see what, and how long a link works.

use super::{
    export::{EXPORT, FETCH, export, fetch, household, import, link, settle},
    stage::{Stage, facts},
};
use chrono::TimeDelta;
use djinn_kernel::{Esrb, Viewer, event::GameChanged};
use djinn_testkit::viewers::{child, player};
use serde_json::json;

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
