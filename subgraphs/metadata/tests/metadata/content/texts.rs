//! Texts of the interface.

use super::{asked, problem, problems, wrong};
use crate::story::Story;
use serde_json::{Value, json};

const SAVE: &str = "mutation($texts: [UiTextInput!]!) { saveTexts(input: { texts: $texts }) { ok problems { code field message } } }";
const READ: &str = "query($language: String, $prefix: String) { texts(language: $language, prefix: $prefix) { language chain values } }";

async fn save(story: &Story, texts: Value) -> Value {
    asked(story, SAVE, json!({ "texts": texts })).await["saveTexts"].clone()
}

async fn read(story: &Story, language: &str, key: &str) -> Value {
    let answer = asked(story, READ, json!({ "language": language, "prefix": key })).await;
    answer["texts"]["values"][key].clone()
}

#[tokio::test]
async fn a_text_is_found_in_the_nearest_language_that_has_it() {
    let story = Story::new().await;
    let answer = asked(&story, READ, json!({ "language": "DE-at" })).await;
    let texts = &answer["texts"];
    assert_eq!(texts["language"], "de-AT");
    assert_eq!(texts["chain"], json!(["de-AT", "de", "en"]));
    assert_eq!(texts["values"]["nav.library"], "Bibliothek");
    let made = save(
        &story,
        json!([
            { "language": "de-AT", "key": "nav.library", "text": "Bücherei" },
            { "language": "en", "key": "quest.won", "text": "{hero} won {{gold}}" },
            { "language": "fr", "key": "nav.library", "text": "Bibliothèque" },
        ]),
    )
    .await;
    assert_eq!(made["ok"], true, "{made}");
    for (language, key, text) in [
        ("de-AT", "nav.library", "Bücherei"),
        ("de-CH", "nav.library", "Bibliothek"),
        ("fr-CA", "nav.library", "Bibliothèque"),
        ("fr-CA", "nav.tonight", "Tonight"),
        ("de-AT", "quest.won", "{hero} won {{gold}}"),
        ("tlh", "nav.library", "Library"),
    ] {
        assert_eq!(
            read(&story, language, key).await,
            text,
            "{key} in {language}"
        );
    }
    // Taken back, the hub's own is there again.
    save(
        &story,
        json!([{ "language": "de", "key": "nav.library", "text": "Spiele" }]),
    )
    .await;
    assert_eq!(read(&story, "de", "nav.library").await, "Spiele");
    save(
        &story,
        json!([{ "language": "de", "key": "nav.library", "text": null }]),
    )
    .await;
    assert_eq!(read(&story, "de", "nav.library").await, "Bibliothek");
}

#[tokio::test]
async fn texts_come_page_by_page_with_the_language_they_were_found_in() {
    let story = Story::new().await;
    save(
        &story,
        json!([{ "language": "de-AT", "key": "nav.library", "text": "Bücherei" }]),
    )
    .await;
    let list = "query($after: String) { texts(language: \"de-AT\", prefix: \"nav.\") { entries(first: 3, after: $after) {
        totalCount nodes { key text language } pageInfo { hasNextPage endCursor } } } }";
    let (mut after, mut seen) = (Value::Null, Vec::new());
    loop {
        let page = asked(&story, list, json!({ "after": after })).await["texts"]["entries"].clone();
        seen.extend(page["nodes"].as_array().unwrap().clone());
        if page["pageInfo"]["hasNextPage"] == false {
            assert_eq!(page["totalCount"].as_u64().unwrap() as usize, seen.len());
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    let found = |key: &str| seen.iter().find(|text| text["key"] == key).unwrap();
    assert_eq!(found("nav.library")["language"], "de-AT");
    assert_eq!(found("nav.tonight")["language"], "de");
    assert!(seen.is_sorted_by_key(|text| text["key"].as_str().unwrap().to_owned()));
}

#[tokio::test]
async fn a_text_leaves_open_what_the_same_text_leaves_open_elsewhere() {
    let story = Story::new().await;
    let refused = save(
        &story,
        json!([{ "language": "fr", "key": "library.games.other", "text": "{nombre} jeux" }]),
    )
    .await;
    assert_eq!(
        problem(&refused),
        wrong("INVALID_INPUT", "input.texts.0.text")
    );
    assert_eq!(
        refused["problems"][0]["message"],
        "`library.games.other` has {nombre} in fr, but {count} in the hub's own text"
    );
    // Nor may English itself leave open what no client fills.
    let refused = save(
        &story,
        json!([{ "language": "en", "key": "library.games.other", "text": "Many games" }]),
    )
    .await;
    assert_eq!(
        problem(&refused),
        wrong("INVALID_INPUT", "input.texts.0.text")
    );
    // Of one's own texts, all languages change together.
    save(&story, json!([{ "language": "de", "key": "own", "text": "{a}" }, { "language": "fr", "key": "own", "text": "le {a}" }])).await;
    let half = save(
        &story,
        json!([{ "language": "de", "key": "own", "text": "{b}" }]),
    )
    .await;
    assert_eq!(problems(&half).len(), 1);
    let both = json!([{ "language": "de", "key": "own", "text": "{b}" }, { "language": "fr", "key": "own", "text": "le {b}" }]);
    assert_eq!(save(&story, both).await["ok"], true);
}

#[tokio::test]
async fn texts_that_cannot_be_are_refused_all_together() {
    let story = Story::new().await;
    let many: Vec<Value> = (0..501)
        .map(|n| json!({ "language": "de", "key": format!("k{n}"), "text": "x" }))
        .collect();
    for (texts, code, field) in [
        (
            json!([{ "language": "de", "key": "ok", "text": "fine" }, { "language": "deutsch!", "key": "a", "text": "x" }]),
            "INVALID_INPUT",
            "input.texts.1.language",
        ),
        (
            json!([{ "language": "de", "key": "a b", "text": "x" }]),
            "INVALID_INPUT",
            "input.texts.0.key",
        ),
        (
            json!([{ "language": "de", "key": "a", "text": "" }]),
            "INVALID_INPUT",
            "input.texts.0.text",
        ),
        (
            json!([{ "language": "de", "key": "a", "text": "x".repeat(2001) }]),
            "INVALID_INPUT",
            "input.texts.0.text",
        ),
        (
            json!([{ "language": "de", "key": "a", "text": "open {brace" }]),
            "INVALID_INPUT",
            "input.texts.0.text",
        ),
        (
            json!([{ "language": "de", "key": "a", "text": "nul\u{0}" }]),
            "INVALID_INPUT",
            "input.texts.0.text",
        ),
        (
            json!([{ "language": "de", "key": "a", "text": "x" }, { "language": "DE", "key": "a", "text": "y" }]),
            "INVALID_INPUT",
            "input.texts.1.key",
        ),
        (json!(many), "LIMIT_EXCEEDED", "input.texts"),
    ] {
        assert_eq!(problem(&save(&story, texts).await), wrong(code, field));
    }
    assert_eq!(read(&story, "de", "ok").await, json!(null));
    let answer = story
        .ask(
            &djinn_testkit::viewers::player(1),
            READ,
            json!({ "language": "../etc" }),
        )
        .await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "INVALID_INPUT");
}

#[tokio::test]
async fn without_a_language_texts_are_in_the_one_a_player_prefers() {
    let story = Story::new().await;
    asked(
        &story,
        super::SAVE_PREFERENCES,
        json!({ "input": { "language": "de" } }),
    )
    .await;
    let answer = asked(&story, READ, json!({})).await;
    assert_eq!(answer["texts"]["values"]["action.save"], "Speichern");
}
