//! Files made to do harm, sent to the real hub as a person would send them: each is refused in
//! words, with its place where it has one; nothing of it stays, and the hub does not grow.

use crate::hub::{Hub, Person, Placement};
use djinn_library::export::file::entity::part;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// What one file may cost one process, in bytes.
const GROWTH: u64 = 32 * 1024 * 1024;
/// Less than what an upload may have.
const LARGE: usize = 19 * 1024 * 1024;

async fn upload(hub: &Hub, person: &Person<'_>, bytes: Vec<u8>) -> Value {
    let sent = hub.http.post(format!("{}/upload?name=games", hub.url));
    sent.bearer_auth(person.token.as_deref().unwrap())
        .header("content-type", "application/octet-stream")
        .body(bytes)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap()
}

async fn import(person: &Person<'_>, input: Value) -> Value {
    person
        .ask(
            "mutation($input: ImportInput!) { importGames(input: $input) { rows added skipped problems { code message field } } }",
            json!({ "input": input }),
        )
        .await["importGames"]
        .take()
}

/// The words a file is refused with, whether at once or when it is read.
async fn refusal(hub: &Hub, person: &Person<'_>, bytes: Vec<u8>) -> (String, String) {
    let kept = upload(hub, person, bytes).await;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    if kept["upload"].is_null() {
        return (text(&kept["code"]), text(&kept["detail"]));
    }
    let done = import(person, json!({ "upload": kept["upload"] })).await;
    let problem = &done["problems"][0];
    (text(&problem["code"]), text(&problem["message"]))
}

async fn is_empty(person: &Person<'_>) -> bool {
    let stats = person
        .ask("{ libraryStats { games copies libraries } }", json!({}))
        .await;
    stats["libraryStats"] == json!({ "games": 0, "copies": 0, "libraries": 0 })
}

/// `text` again and again, until it is large.
fn much(begin: &str, text: &str) -> Vec<u8> {
    let mut bytes = begin.as_bytes().to_vec();
    bytes.extend(text.bytes().cycle().take(LARGE));
    bytes
}

async fn a_hostile_file_is_refused_in_words_and_the_hub_does_not_grow(placement: Placement) {
    // What is large is given back when it is dropped, rather than kept for the next: so that each
    // file is measured as if it were the first.
    let settings = [("MALLOC_MMAP_THRESHOLD_", (256 * 1024).to_string())];
    let hub = Hub::start(placement, &settings).await;
    let owner = hub.owner().await;
    // Pools and pages are not what a file costs. A large one that is kept, and not read, fills the
    // pages that the one writing connection may hold; the story below measures that as well.
    refusal(&hub, &owner, b"title,year\nDoom,1\n".to_vec()).await;
    let kept = upload(&hub, &owner, much("title\n", "x,")).await;
    assert!(!kept["upload"].is_null(), "{kept}");
    let utf16: Vec<u8> = "\u{feff}title\n"
        .encode_utf16()
        .chain("游戏".encode_utf16().cycle().take(LARGE / 2))
        .flat_map(u16::to_le_bytes)
        .collect();
    for (what, bytes, want) in [
        ("a zip", much("PK\u{3}\u{4}", "bomb"), "unpack it"),
        ("zeros", vec![0; LARGE], "begins with zeros"),
        (
            "a quote that stays open",
            much("title\nDoom\n\"", "x\n"),
            "line 3, column 1",
        ),
        (
            "one row of commas",
            much("title\n", ","),
            "line 2, column 10001",
        ),
        ("too many rows", much("title\n", "x\n"), "at most 50000"),
        (
            "a title of a megabyte",
            format!("title\n{}\n", "x".repeat(1_000_000)).into_bytes(),
            "line 2, column 1 (title)",
        ),
        ("UTF-16 that grows", utf16, "as UTF-8"),
        (
            "brackets in brackets",
            vec![b'['; LARGE],
            "nested too deeply",
        ),
        ("one value of JSON", much("[{\"title\":\"", "x"), "line 1"),
        ("one key after the other", much("[{", "\"k\":0,"), "line 1"),
        (
            "entities in entities",
            b"<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"b\">]><LaunchBox>&a;</LaunchBox>"
                .to_vec(),
            "DOCTYPE",
        ),
        (
            "one element of XML",
            much("<LaunchBox><Game><Title>", "x"),
            "line 1",
        ),
        (
            "a torn database",
            much("SQLite format 3\0", "x"),
            "cannot be read",
        ),
        (
            "a year out of range",
            b"title,year\nDoom,1993\nQuake,99999\n".to_vec(),
            "line 3, column 7 (year)",
        ),
        (
            "a day that is none",
            b"title,last_played\nDoom,2024-02-30\n".to_vec(),
            "line 2, column 6 (last_played)",
        ),
    ] {
        let before = hub.forget_peaks();
        let (code, message) = refusal(&hub, &owner, bytes).await;
        let grown = hub.grown(&before);
        assert!(
            code == "IMPORT_MALFORMED" || code == "LIMIT_EXCEEDED",
            "{what}: {code} {message}"
        );
        assert!(message.contains(want), "{what}: {message}");
        assert!(message.len() < 500, "{what}: {message}");
        assert!(grown < GROWTH, "{what}: {} KiB", grown / 1024);
        assert!(is_empty(&owner).await, "{what}");
    }
}

async fn who_sends_a_large_file_to_its_end_reads_why_it_was_refused(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    let address = hub.url.strip_prefix("http://").unwrap();
    let file = much("PK\u{3}\u{4}", "bomb");
    let head = format!(
        "POST /upload HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {}\r\ncontent-type: application/octet-stream\r\ncontent-length: {}\r\n\r\n",
        owner.token.as_deref().unwrap(),
        file.len()
    );
    let mut socket = TcpStream::connect(address.replace("localhost", "127.0.0.1"))
        .await
        .unwrap();
    socket.write_all(head.as_bytes()).await.unwrap();
    // The refusal is on its way after the first part; this client looks only when all is sent.
    for part in file.chunks(512 * 1024) {
        tokio::time::sleep(Duration::from_millis(20)).await;
        socket.write_all(part).await.expect("the hub reads on");
    }
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_mins(1), socket.read_to_end(&mut answer));
    read.await.expect("the hub closes").expect("nobody resets");
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
    assert!(answer.contains("unpack it"), "{answer}");
}

async fn a_gigabyte_of_zeros_or_of_words_is_not_taken(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    let address = hub.url.strip_prefix("http://").unwrap();
    for (byte, status) in [(0_u8, "400"), (b'x', "413")] {
        let before = hub.forget_peaks();
        let mut socket = TcpStream::connect(address.replace("localhost", "127.0.0.1"))
            .await
            .unwrap();
        let head = format!(
            "POST /upload HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {}\r\ncontent-type: application/octet-stream\r\ncontent-length: {}\r\n\r\n",
            owner.token.as_deref().unwrap(),
            1 << 30
        );
        socket.write_all(head.as_bytes()).await.unwrap();
        let (mut reading, mut writing) = socket.into_split();
        let sender = tokio::spawn(async move {
            let block = vec![byte; 256 * 1024];
            // The hub stops reading at some point, and closes: that is how it says enough.
            for _ in 0..4096 {
                if writing.write_all(&block).await.is_err() {
                    break;
                }
            }
        });
        let mut answer = vec![0; 512];
        let read = tokio::time::timeout(Duration::from_mins(1), reading.read(&mut answer));
        let read = read.await.expect("it answers").unwrap_or_default();
        let answer = String::from_utf8_lossy(&answer[..read]).into_owned();
        // Who is reset before they read it has been refused as well.
        assert!(
            answer.is_empty() || answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{answer}"
        );
        drop(reading);
        sender.abort();
        let grown = hub.grown(&before);
        assert!(grown < GROWTH, "{} KiB", grown / 1024);
    }
    assert!(is_empty(&owner).await);
    let left = part::Entity::find().count(hub.database().read()).await;
    assert_eq!(left.unwrap(), 0, "what does not fit is not kept");
}

async fn what_only_looks_dangerous_is_taken_as_it_is_written(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    let file = "\u{feff}title,platform,store_id,notes\r\n\"=HYPERLINK(\"\"http://evil\"\")\",steam,1,\"two\nlines\"\r\n../../etc/passwd,gog,2,\r\nDoom,steam,3,\r\nDoom again,steam,3,\r\n";
    let utf16: Vec<u8> = file.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let kept = upload(&hub, &owner, utf16).await;
    let done = import(&owner, json!({ "upload": kept["upload"] })).await;
    assert_eq!(
        done,
        json!({ "rows": 4, "added": 3, "skipped": 1, "problems": [] }),
        "an id that comes twice is one copy"
    );
    let made = owner
        .ask(
            "mutation { exportLibrary(input: { format: CSV }) { url } }",
            json!({}),
        )
        .await;
    let url = made["exportLibrary"]["url"].as_str().unwrap();
    let fetched = hub.http.get(format!("{}{url}", hub.url)).send().await;
    let csv = fetched.unwrap().text().await.unwrap();
    assert!(
        csv.contains("'=HYPERLINK"),
        "a spreadsheet runs nothing: {csv}"
    );
    assert!(csv.contains("../../etc/passwd"), "{csv}");
}

crate::in_both_placements!(
    a_hostile_file_is_refused_in_words_and_the_hub_does_not_grow,
    who_sends_a_large_file_to_its_end_reads_why_it_was_refused,
    a_gigabyte_of_zeros_or_of_words_is_not_taken,
    what_only_looks_dangerous_is_taken_as_it_is_written,
);
