//! Files made to do harm: each is refused in words, nothing of it stays, and the hub does not grow.

use super::{
    export::{fetch, link},
    import_preview::{import, preview, upload},
    stage::Stage,
};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use std::fmt::Write;

/// How much memory this process has had at most, in KiB. Tests run in processes of their own.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

async fn is_empty(stage: &Stage) -> bool {
    let seen = stage
        .hub
        .data(
            &stage.me,
            "{ libraries { totalCount } games { totalCount } }",
            json!({}),
        )
        .await;
    seen["libraries"]["totalCount"] == 0 && seen["games"]["totalCount"] == 0
}

async fn refused(stage: &Stage, content: &[u8], want: &str) {
    // What can be told by its first bytes is not even kept.
    let mut done = upload(stage, content).await;
    if done["problems"] == json!([]) {
        done = import(stage, json!({ "upload": done["upload"] })).await;
    }
    let problem = &done["problems"][0];
    assert!(
        problem["code"] == "IMPORT_MALFORMED" || problem["code"] == "LIMIT_EXCEEDED",
        "{done:#}"
    );
    let message = problem["message"].as_str().unwrap();
    assert!(message.contains(want), "{message}");
    assert!(message.chars().count() < 500, "{message}");
    assert!(is_empty(stage).await, "{want}");
}

#[tokio::test]
async fn each_is_refused_in_words_and_nothing_of_it_stays() {
    let stage = Stage::set().await;
    let own = |games: &str| {
        format!(
            "{{\"format\":\"game-djinn\",\"version\":1,\n\"libraries\":[\n{{\"platform\":\"steam\",\"account\":\"1\",\"label\":\"A\",\"createdAt\":\"2026-01-01T00:00:00Z\"}}],\n\"games\":[\n{games}],\n\"collections\":[]}}"
        )
    };
    let copy = |more: &str| {
        own(&format!(
            "{{\"copies\":[{{\"library\":0,\"platform\":\"steam\",\"title\":\"A\",\"holding\":\"Owned\",\"playtimeMinutes\":1,\"addedAt\":\"2026-01-01T00:00:00Z\"{more}}}]}}"
        ))
    };
    let title = format!("title\n{}\n", "x".repeat(1_000_000));
    let wide: String = std::iter::once("title\nok\n\"".to_owned())
        .chain((0..600_000).map(|n| format!("{n}\n")))
        .collect();
    for (content, want) in [
        (title.clone().into_bytes(), "line 2, column 1 (title): a title has at most 300 characters"),
        (wide.into_bytes(), "line 3, column 1: a row of more than 1048576 bytes"),
        (vec![0; 5_000_000], "begins with zeros"),
        (b"PK\x03\x04 a bomb within".to_vec(), "a zip archive; unpack it"),
        (b"\x1f\x8b\x08 a bomb within".to_vec(), "a gzip archive"),
        (vec![b'['; 3_000_000], "line 1, column 65: nested too deeply: more than 64 levels"),
        (format!("{{\"games\":[\n{}", "{\"a\":".repeat(100)).into_bytes(), "line 2, column 311: nested too deeply: more than 64 levels"),
        (b"title,year\nDoom,99999999999999999999\n".to_vec(), "line 2, column 6 (year)"),
        (b"title,last_played\nDoom,+262142-12-31T23:59:59Z\n".to_vec(), "(last_played)"),
        (b"title,playtime_minutes\nDoom,-1\n".to_vec(), "line 2, column 6 (playtime_minutes)"),
        (b"title\nPok\xe9mon\n".to_vec(), "line 2, column 4: the byte 0xe9 is no UTF-8"),
        (b"\xff\xfet\0i\0t\0l\0e\0\n\0D\0o\0o".to_vec(), "half a character of UTF-16"),
        ([b"\xff\xfe".as_slice(), &[0x2d, 0x4e].repeat(9_000_000)].concat(), "more than 20971520 bytes as UTF-8"),
        (b"<!DOCTYPE x [<!ENTITY a \"b\">]><LaunchBox/>".to_vec(), "DOCTYPE"),
        (copy(",\"storeId\":\"\\u0000\"").into_bytes(), "games[0].copies[0].storeId"),
        (copy(",\"year\":-5").into_bytes(), "games[0].copies[0].year"),
        (copy(",\"lastPlayedAt\":\"-200000-01-01T00:00:00Z\"").into_bytes(), "games[0]"),
        (copy(",\"play\":[[\"2026-01-01\",99999]]").into_bytes(), "games[0].copies[0].play"),
        (copy(",\"extra\":1").into_bytes(), "unknown field `extra`"),
        (own(&format!("{{\"copies\":[],\"title\":\"A\",\"status\":\"{}\"}}", "x".repeat(41))).into_bytes(), "games[0].status"),
        (own("{\"copies\":[],\"title\":\"A\",\"status\":\"On hold\"}").into_bytes(), "games[0].status"),
        (own("{\"copies\":[{\"library\":7}]}").into_bytes(), "missing field"),
        (own("{\"copies\":[],\"title\":\"A\",\"rating\":101}").into_bytes(), "games[0].rating"),
        (own("").replace("\"version\":1", "\"version\":99").into_bytes(), "this file is of version 99"),
        (own("").replace("\"collections\":[]", "\"collections\":[{\"name\":\"x\",\"games\":[4],\"createdAt\":\"2026-01-01T00:00:00Z\",\"updatedAt\":\"2026-01-01T00:00:00Z\"}]").into_bytes(), "there is no game number 4"),
        (own("{\"copies\":[],\"title\":\"A\"}").replace("\"collections\":[]", "\"collections\":[{\"name\":\"x\",\"games\":[0,0],\"createdAt\":\"2026-01-01T00:00:00Z\",\"updatedAt\":\"2026-01-01T00:00:00Z\"}]").into_bytes(), "a game is in a collection once"),
        (own("").replace("\"collections\":[]", "\"collections\":[{\"name\":\"x\",\"rule\":{\"field\":\"TITLE\"},\"createdAt\":\"2026-01-01T00:00:00Z\",\"updatedAt\":\"2026-01-01T00:00:00Z\"}]").into_bytes(), "collections[0]"),
    ] {
        refused(&stage, &content, want).await;
    }
}

#[tokio::test]
async fn an_id_that_comes_twice_is_one_copy_and_the_second_is_said_to_be_passed_over() {
    let stage = Stage::set().await;
    let copy = |title: &str| {
        format!(
            "{{\"copies\":[{{\"library\":0,\"platform\":\"steam\",\"storeId\":\"70\",\"title\":\"{title}\",\"holding\":\"Owned\",\"playtimeMinutes\":1,\"addedAt\":\"2026-01-01T00:00:00Z\"}}]}}"
        )
    };
    let own = format!(
        "{{\"format\":\"game-djinn\",\"version\":1,\"libraries\":[{{\"platform\":\"steam\",\"account\":\"1\",\"label\":\"A\",\"createdAt\":\"2026-01-01T00:00:00Z\"}}],\n\"games\":[\n{},\n{}],\"collections\":[]}}",
        copy("Half-Life"),
        copy("Half-Life, again")
    );
    let table = "title,platform,store_id\nHalf-Life,steam,70\n\"Half-Life, again\",steam,70\n";
    for (content, line) in [(own.as_str(), 4), (table, 3)] {
        let done = import(&stage, json!({ "content": content, "dryRun": true })).await;
        assert_eq!(
            (&done["rows"], &done["added"], &done["skipped"]),
            (&json!(2), &json!(1), &json!(1)),
            "{done:#}"
        );
        assert_eq!(done["preview"][1]["title"], "Half-Life, again");
        assert_eq!(done["preview"][1]["action"], "SKIP");
        let input = json!({ "input": { "content": content }, "only": ["SKIP"] });
        let seen = preview(&stage, input).await;
        let row = &seen["nodes"][0];
        assert_eq!(
            (&row["line"], &row["field"], &row["reason"]),
            (
                &json!(line),
                &json!("store_id"),
                &json!(format!("the same game as in line {}", line - 1))
            )
        );
    }
}

#[tokio::test]
async fn too_many_games_are_refused_before_one_is_read() {
    let stage = Stage::set().await;
    // The first game cannot be read: nobody came so far as to say so.
    let table = format!("title,year\nDoom,never\n{}", "x,1993\n".repeat(50_000));
    let games = "{\"title\":\"x\"},".repeat(50_000);
    let list = format!("[{{\"title\":\"Doom\",\"year\":\"never\"}},{games}7]");
    for content in [table, list] {
        for dry_run in [true, false] {
            let input = json!({ "content": content, "dryRun": dry_run });
            let refused = import(&stage, input).await;
            let problem = &refused["problems"][0];
            let message = problem["message"].as_str().unwrap();
            assert!(message.contains("at most 50000"), "{problem}");
        }
    }
}

#[tokio::test]
async fn names_that_would_climb_out_of_a_folder_are_only_names() {
    let stage = Stage::set().await;
    let content = "title,platform\n../../etc/passwd,../../x\n..\\..\\boot.ini,\"a/../b\"\n<script>alert(1)</script>,\"|steam|\"\n";
    let done = import(
        &stage,
        json!({ "content": content, "label": "../../../tmp" }),
    )
    .await;
    assert_eq!(done["added"], 3, "{done:#}");
    let file = fetch(&stage, &link(&stage, &stage.me, "JSON").await).await;
    assert!(
        file.contains("\"title\":\"../../etc/passwd\",\"holding\""),
        "{file}"
    );
    assert!(
        !file.contains("|steam|") && !file.contains("a/../b"),
        "{file}"
    );
}

#[tokio::test]
async fn what_does_not_stop_coming_is_refused_at_the_limit_and_forgotten() {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let stage = Stage::set().await;
    let words = STANDARD.encode(vec![b'x'; 1024 * 1024]);
    let send = async |upload: &Value| {
        let input = json!({ "input": { "upload": upload, "content": words } });
        stage
            .hub
            .data(&stage.me, super::import_preview::UPLOAD, input)
            .await["uploadImport"]
            .take()
    };
    let before = peak();
    let (mut kept, mut sent) = (send(&Value::Null).await, 1);
    while kept["problems"] == json!([]) {
        assert!(sent <= 21);
        kept = send(&kept["upload"]).await;
        sent += 1;
    }
    assert_eq!(
        (sent, &kept["problems"][0]["code"]),
        (21, &json!("PAYLOAD_TOO_LARGE"))
    );
    let parts = djinn_library::export::file::entity::part::Entity::find();
    let left = sea_orm::PaginatorTrait::count(parts, stage.hub.test.ports.db.read())
        .await
        .unwrap();
    assert_eq!(left, 0);
    assert!(peak() - before < 32 * 1024, "{} KiB", peak() - before);
}

#[tokio::test]
async fn no_bomb_makes_the_hub_grow() {
    let stage = Stage::set().await;
    // Warm: the first import pays for pools and pages.
    import(
        &stage,
        json!({ "content": "title\nDoom\n", "label": "warm" }),
    )
    .await;
    let game = "{\"title\":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]},".repeat(100_000);
    let keys = (0..200_000).fold(String::new(), |mut keys, n| {
        write!(keys, "\"{n}\":0,").unwrap();
        keys
    });
    for content in [
        format!("[{game}{{}}]"),
        format!("[{{{keys}\"title\":\"A\"}}]"),
        format!("title\n{}", ",".repeat(5_000_000)),
        format!("title\n{}", "x\n".repeat(2_000_000)),
        format!(
            "<LaunchBox>{}",
            "<Game><Title>a</Title></Game>".repeat(150_000)
        ),
        format!("<LaunchBox><Game><Title>{}", "&amp;".repeat(1_000_000)),
    ] {
        let kept = upload(&stage, content.as_bytes()).await;
        drop(content);
        let before = peak();
        let done = import(&stage, json!({ "upload": kept["upload"] })).await;
        assert_ne!(done["problems"], json!([]), "{done:#}");
        let grown = peak() - before;
        assert!(
            grown < 32 * 1024,
            "{grown} KiB: {}",
            done["problems"][0]["message"]
        );
    }
}
