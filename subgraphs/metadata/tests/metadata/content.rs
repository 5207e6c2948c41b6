//! The content catalogue through the graph.

mod flags;
mod interface;
mod stream;
mod texts;
mod themes;
mod views;

use crate::story::Story;
use djinn_kernel::Viewer;
use djinn_testkit::viewers::admin;
use serde_json::{Value, json};

/// Asks as the admin, and expects no error.
async fn asked(story: &Story, query: &str, variables: Value) -> Value {
    asked_as(story, &admin(1), query, variables).await
}

async fn asked_as(story: &Story, viewer: &Viewer, query: &str, variables: Value) -> Value {
    let answer = story.ask(viewer, query, variables).await;
    assert!(answer.get("errors").is_none(), "{answer:#}");
    answer["data"].clone()
}

/// The codes of a payload's problems, with the field each is about.
fn problems(payload: &Value) -> Vec<(String, String)> {
    let all = payload["problems"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    all.map(|problem| (text(&problem["code"]), text(&problem["field"])))
        .collect()
}

/// The only problem of a payload.
fn problem(payload: &Value) -> (String, String) {
    let mut all = problems(payload);
    assert_eq!(all.len(), 1, "{payload:#}");
    all.remove(0)
}

fn wrong(code: &str, field: &str) -> (String, String) {
    (code.to_owned(), field.to_owned())
}

const SAVE_PREFERENCES: &str = "mutation($input: PreferencesInput!) { updatePreferences(input: $input) {
    preferences { theme { id } language density motion startPage } problems { code field message } } }";

#[tokio::test]
async fn every_player_prefers_for_themselves_and_may_take_it_back() {
    let story = Story::new().await;
    let (anna, ben) = (
        djinn_testkit::viewers::player(1),
        djinn_testkit::viewers::child(2, 1, djinn_kernel::Esrb::Teen),
    );
    let mine = "{ myPreferences { theme { id } language density motion startPage updatedAt } }";
    let nothing = json!({ "myPreferences": { "theme": null, "language": null, "density": null,
        "motion": null, "startPage": null, "updatedAt": null } });
    assert_eq!(asked_as(&story, &ben, mine, json!({})).await, nothing);
    let all = json!({ "input": { "theme": "high-contrast", "language": "DE-at", "density": "COMPACT", "motion": "REDUCED", "startPage": "tonight" } });
    let saved = asked_as(&story, &ben, SAVE_PREFERENCES, all).await;
    assert_eq!(
        saved["updatePreferences"],
        json!({ "preferences": { "theme": { "id": "high-contrast" }, "language": "de-AT", "density": "COMPACT",
            "motion": "REDUCED", "startPage": "tonight" }, "problems": [] })
    );
    assert_eq!(asked_as(&story, &anna, mine, json!({})).await, nothing);
    // What is left out stays, null takes back.
    let saved = asked_as(
        &story,
        &ben,
        SAVE_PREFERENCES,
        json!({ "input": { "theme": null } }),
    )
    .await;
    let saved = &saved["updatePreferences"]["preferences"];
    assert_eq!(
        (&saved["theme"], &saved["language"]),
        (&json!(null), &json!("de-AT"))
    );
    // Nothing half.
    let bad = json!({ "input": { "theme": "none", "language": "klingon!", "startPage": "moon", "density": "COMFORTABLE" } });
    let refused = asked_as(&story, &ben, SAVE_PREFERENCES, bad).await;
    assert_eq!(
        problems(&refused["updatePreferences"]),
        [
            wrong("NOT_FOUND", "input.theme"),
            wrong("INVALID_INPUT", "input.language"),
            wrong("NOT_FOUND", "input.startPage")
        ]
    );
    // A language that the interface does not have to choose from.
    let french = json!({ "input": { "language": "fr-CA" } });
    let refused = asked_as(&story, &ben, SAVE_PREFERENCES, french).await;
    assert_eq!(
        problems(&refused["updatePreferences"]),
        [wrong("NOT_FOUND", "input.language")]
    );
    let still = asked_as(&story, &ben, mine, json!({})).await;
    assert_eq!(still["myPreferences"]["density"], "COMPACT");
}

#[tokio::test]
async fn a_key_changes_nobodys_preferences() {
    let story = Story::new().await;
    let Viewer::Known(mut identity) =
        djinn_testkit::viewers::key(1, &[djinn_kernel::Scope::ReadLibrary])
    else {
        unreachable!()
    };
    identity.key = Some(djinn_kernel::ids::ApiKeyId(uuid::Uuid::from_u128(5)));
    let answer = story
        .ask(
            &Viewer::Known(identity),
            SAVE_PREFERENCES,
            json!({ "input": { "language": "de" } }),
        )
        .await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN");
}

#[tokio::test]
async fn nobody_signed_in_reads_what_the_login_page_needs_and_no_more() {
    let story = Story::new().await;
    let open = "{ uiConfig { name lightTheme { id } darkTheme { id } navigation { id } }
        themes { id } texts { language values } }";
    let answer = asked_as(&story, &Viewer::Anonymous, open, json!({})).await;
    assert_eq!(answer["uiConfig"]["name"], "Game Djinn");
    assert_eq!(answer["texts"]["values"]["login.submit"], "Sign in");
    for closed in [
        "{ featureFlags { key } }",
        "{ featureFlagRules { totalCount } }",
        "{ mediaAssets { totalCount } }",
        "{ myPreferences { language } }",
        "{ uiConfigVersions { totalCount } }",
    ] {
        let answer = story.ask(&Viewer::Anonymous, closed, json!({})).await;
        assert_eq!(
            answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED",
            "{closed}"
        );
    }
    let player = djinn_testkit::viewers::player(3);
    for change in [
        "mutation { saveTheme(input: { id: \"x\" }) { problems { code } } }",
        "mutation { deleteTheme(id: \"x\") { ok } }",
        "mutation { saveTexts(input: { texts: [] }) { ok } }",
        "mutation { saveFeatureFlag(input: { key: \"x\" }) { problems { code } } }",
        "mutation { saveMediaAsset(input: { name: \"x\" }) { problems { code } } }",
        "{ featureFlagRules { totalCount } }",
    ] {
        let answer = story.ask(&player, change, json!({})).await;
        assert_eq!(
            answer["errors"][0]["extensions"]["code"], "FORBIDDEN",
            "{change}"
        );
    }
}

#[tokio::test]
async fn what_is_kept_in_memory_is_never_older_than_the_database() {
    let story = Story::new().await;
    let flags = "{ featureFlags { key enabled } }";
    assert_eq!(
        asked(&story, flags, json!({})).await["featureFlags"],
        json!([])
    );
    // Another process on the same database changes something.
    let other = djinn_metadata::Metadata::assemble(story.test.ports.clone(), story.config.clone());
    let save = "mutation { saveFeatureFlag(input: { key: \"quests\", enabled: true }) { problems { code } } }";
    let answer = other
        .subgraph
        .execute(djinn_testkit::viewers::call(&admin(1), save, json!({})))
        .await
        .unwrap();
    assert!(answer.errors.is_empty());
    assert_eq!(
        asked(&story, flags, json!({})).await["featureFlags"],
        json!([{ "key": "quests", "enabled": true }])
    );
    // While nothing changes, one small query is all there is.
    story.test.database.take_query_count();
    asked(
        &story,
        "{ featureFlags { key } uiConfig { name } themes { id colours { value } } texts(language: \"de\") { values } }",
        json!({}),
    )
    .await;
    assert_eq!(
        story.test.database.take_query_count(),
        4,
        "one for each field"
    );
}
