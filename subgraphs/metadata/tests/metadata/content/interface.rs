//! What the interface is made of, and its pictures.

use super::{asked, asked_as, problem, problems, wrong};
use crate::story::Story;
use djinn_kernel::Viewer;
use djinn_testkit::viewers::player;
use serde_json::{Value, json};

const SAVE: &str = "mutation($input: SaveUiConfigInput!) { saveUiConfig(input: $input) {
    config { version name navigation { id flag } logo { url alt } } problems { code field message } } }";
const ASSET: &str = "mutation($input: MediaAssetInput!) { saveMediaAsset(input: $input) {
    asset { name url mediaType width height alt licence attribution } problems { code field message } } }";
const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// A small interface that is fine.
fn config() -> Value {
    json!({
        "name": "Our games", "lightTheme": "light", "darkTheme": "high-contrast", "language": "de",
        "languages": ["de", "en"], "density": "COMPACT", "motion": "SYSTEM", "startPage": "library",
        "navigation": [
            { "id": "library", "text": "nav.library", "path": "/", "icon": "library" },
            { "id": "quests", "text": "nav.tonight", "path": "/quests" },
        ],
        "pages": [{ "id": "quests", "text": "nav.tonight", "blocks": [
            { "id": "list", "kind": "quest-list", "options": { "open": true } },
        ] }],
    })
}

async fn save(story: &Story, config: Value, based_on: Value) -> Value {
    let input = json!({ "input": { "config": config, "basedOn": based_on } });
    asked(story, SAVE, input).await["saveUiConfig"].clone()
}

async fn save_asset(story: &Story, input: Value) -> Value {
    asked(story, ASSET, json!({ "input": input })).await["saveMediaAsset"].clone()
}

#[tokio::test]
async fn the_interface_is_versioned_and_an_old_version_can_be_brought_back() {
    let story = Story::new().await;
    let first = save(&story, config(), json!(0)).await;
    assert_eq!(first["config"]["version"], 1, "{first:#}");
    // Somebody who looked at the version before is told so, and nothing is lost.
    let stale = save(&story, config(), json!(0)).await;
    assert_eq!(problem(&stale), wrong("CONFLICT", "input.basedOn"));
    let mut second = config();
    second["name"] = json!("Another name");
    assert_eq!(save(&story, second, json!(1)).await["config"]["version"], 2);
    let list = "query($after: String) { uiConfigVersions(first: 1, after: $after) { totalCount nodes { version name } pageInfo { hasNextPage endCursor } } }";
    let newest = asked(&story, list, json!({})).await["uiConfigVersions"].clone();
    assert_eq!(newest["nodes"][0]["version"], 2);
    let after = &newest["pageInfo"]["endCursor"];
    let older = asked(&story, list, json!({ "after": after })).await["uiConfigVersions"].clone();
    assert_eq!(
        older["nodes"],
        json!([{ "version": 1, "name": "Our games" }])
    );
    let shown = asked_as(
        &story,
        &Viewer::Anonymous,
        "{ uiConfig { version name language darkTheme { id } } }",
        json!({}),
    )
    .await;
    assert_eq!(
        shown["uiConfig"],
        json!({ "version": 2, "name": "Another name", "language": "de", "darkTheme": { "id": "high-contrast" } })
    );
}

#[tokio::test]
async fn everything_that_is_wrong_with_an_interface_is_said_at_once_with_its_place() {
    let story = Story::new().await;
    let mut bad = config();
    bad["name"] = json!("");
    bad["logo"] = json!("none");
    bad["lightTheme"] = json!("none");
    bad["languages"] = json!(["de", "DE", "x"]);
    bad["language"] = json!("fr");
    bad["startPage"] = json!("nowhere");
    bad["navigation"] = json!([
        { "id": "library", "text": "none", "path": "//evil.org", "icon": "<svg>", "flag": "none" },
        { "id": "library", "text": "nav.library", "path": "javascript:alert(1)" },
    ]);
    bad["pages"] = json!([{ "id": "Ü", "text": "none", "blocks": [
        { "id": "a", "kind": "QUEST", "options": { "big": "x".repeat(5000) } },
        { "id": "a", "kind": "quest", "options": [1] },
    ] }]);
    let refused = save(&story, bad, json!(null)).await;
    let places: Vec<String> = problems(&refused)
        .into_iter()
        .map(|(_, field)| field)
        .collect();
    let at = |place: &str| format!("input.config.{place}");
    assert_eq!(
        places,
        [
            "name",
            "logo",
            "lightTheme",
            "languages.1",
            "languages.2",
            "language",
            "navigation.0.text",
            "navigation.0.flag",
            "navigation.0.path",
            "navigation.0.icon",
            "navigation.1.id",
            "navigation.1.path",
            "pages.0.id",
            "pages.0.text",
            "pages.0.blocks.0.kind",
            "pages.0.blocks.0.options",
            "pages.0.blocks.1.id",
            "pages.0.blocks.1.options",
            "startPage",
        ]
        .map(at)
    );
    let shown = asked(&story, "{ uiConfig { version } }", json!({})).await;
    assert_eq!(shown["uiConfig"]["version"], 0);
}

#[tokio::test]
async fn what_hangs_on_a_flag_is_shown_to_who_has_it() {
    let story = Story::new().await;
    let flag = "mutation($p: Int!) { saveFeatureFlag(input: { key: \"quests\", enabled: true, percentage: $p }) { problems { code } } }";
    asked(&story, flag, json!({ "p": 0 })).await;
    let mut with = config();
    with["navigation"][1]["flag"] = json!("quests");
    with["pages"][0]["blocks"][0]["flag"] = json!("quests");
    let saved = save(&story, with, json!(null)).await;
    // Its maker sees all of it.
    assert_eq!(
        saved["config"]["navigation"],
        json!([{ "id": "library", "flag": null }, { "id": "quests", "flag": "quests" }])
    );
    let look = "{ uiConfig { navigation { id } pages { blocks { id kind options } } } }";
    let shown = asked_as(&story, &player(1), look, json!({})).await;
    assert_eq!(
        shown["uiConfig"],
        json!({ "navigation": [{ "id": "library" }], "pages": [{ "blocks": [] }] })
    );
    asked(&story, flag, json!({ "p": 100 })).await;
    for viewer in [player(1), Viewer::Anonymous] {
        let shown = asked_as(&story, &viewer, look, json!({})).await;
        assert_eq!(shown["uiConfig"]["navigation"][1]["id"], "quests");
        assert_eq!(
            shown["uiConfig"]["pages"][0]["blocks"],
            json!([{ "id": "list", "kind": "quest-list", "options": { "open": true } }])
        );
    }
    let gone = "mutation { deleteFeatureFlag(key: \"quests\") { problems { code field } } }";
    let answer = asked(&story, gone, json!({})).await;
    assert_eq!(
        problem(&answer["deleteFeatureFlag"]),
        wrong("CONFLICT", "key")
    );
}

#[tokio::test]
async fn a_small_picture_is_kept_here_and_a_large_one_has_an_address() {
    let story = Story::new().await;
    let logo = json!({ "name": "logo", "content": PNG, "alt": "A lamp", "licence": "CC0-1.0" });
    let saved = save_asset(&story, logo).await;
    let url = format!("data:image/png;base64,{PNG}");
    assert_eq!(
        saved["asset"],
        json!({ "name": "logo", "url": url, "mediaType": "image/png", "width": 1, "height": 1,
            "alt": "A lamp", "licence": "CC0-1.0", "attribution": null })
    );
    let moved = save_asset(
        &story,
        json!({ "name": "logo", "url": "/images/logo.webp", "attribution": "Anna" }),
    )
    .await;
    assert_eq!(
        moved["asset"],
        json!({ "name": "logo", "url": "/images/logo.webp", "mediaType": null, "width": null, "height": null,
            "alt": "A lamp", "licence": "CC0-1.0", "attribution": "Anna" })
    );
    let mut with = config();
    with["logo"] = json!("logo");
    let saved = save(&story, with, json!(null)).await;
    assert_eq!(saved["config"]["logo"]["alt"], "A lamp");
    let delete = "mutation { deleteMediaAsset(name: \"logo\") { ok problems { code field } } }";
    let answer = asked(&story, delete, json!({})).await;
    assert_eq!(
        problem(&answer["deleteMediaAsset"]),
        wrong("CONFLICT", "name")
    );
    save(&story, config(), json!(null)).await;
    let answer = asked(&story, delete, json!({})).await;
    assert_eq!(answer["deleteMediaAsset"]["ok"], true);
    let left = asked(
        &story,
        "{ mediaAssets { totalCount nodes { name } } }",
        json!({}),
    )
    .await;
    assert_eq!(left["mediaAssets"], json!({ "totalCount": 0, "nodes": [] }));
}

#[tokio::test]
async fn a_picture_that_cannot_be_is_refused_with_its_place() {
    let story = Story::new().await;
    let with = |name: &str, value: Value| {
        let mut input = json!({ "name": "a", "content": PNG, "alt": "", "licence": "own work" });
        input[name] = value;
        input
    };
    for (input, field) in [
        (with("name", json!("A")), "input.name"),
        (with("url", json!("https://example.org/a.png")), "input.url"),
        (with("content", json!(null)), "input.url"),
        (with("content", json!("PHN2Zy8+")), "input.content"),
        (with("content", json!("A".repeat(60_000))), "input.content"),
        (with("alt", json!(null)), "input.alt"),
        (with("alt", json!("x".repeat(301))), "input.alt"),
        (with("licence", json!(null)), "input.licence"),
        (
            json!({ "name": "a", "url": "http://example.org/a.png", "alt": "", "licence": "x" }),
            "input.url",
        ),
    ] {
        let refused = save_asset(&story, input).await;
        assert_eq!(problem(&refused), wrong("INVALID_INPUT", field));
    }
    let unsaid = save_asset(&story, with("alt", json!(null))).await;
    assert_eq!(
        unsaid["problems"][0]["message"],
        "a picture needs `alt`, for somebody who does not see it; empty when it only decorates"
    );
    assert_eq!(
        save_asset(&story, with("attribution", json!(""))).await["problems"],
        json!([])
    );
}
