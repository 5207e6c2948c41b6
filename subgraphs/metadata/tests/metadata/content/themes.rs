//! Themes.

use super::{asked, problem, problems, wrong};
use crate::story::Story;
use serde_json::{Value, json};

const SAVE: &str = "mutation($input: ThemeInput!) { saveTheme(input: $input) {
    theme { id name scheme builtIn variables } problems { code field message }
    lowContrast { foreground background ratio least } } }";

async fn save(story: &Story, input: Value) -> Value {
    asked(story, SAVE, json!({ "input": input })).await["saveTheme"].clone()
}

#[tokio::test]
async fn a_theme_is_based_on_another_and_every_client_gets_all_colours() {
    let story = Story::new().await;
    let made = save(
        &story,
        json!({ "id": "forest", "name": "Forest", "basedOn": "dark", "colours": [
            { "token": "teal", "value": "#8FE08F" }, { "token": "shade", "value": "#00000080" }] }),
    )
    .await;
    let theme = &made["theme"];
    assert_eq!(
        (&theme["scheme"], &theme["builtIn"], &made["problems"]),
        (&json!("DARK"), &json!(false), &json!([])),
        "{made:#}"
    );
    assert_eq!(theme["variables"]["teal"], "#8fe08f");
    assert_eq!(theme["variables"]["shade"], "#00000080");
    assert_eq!(theme["variables"].as_object().unwrap().len(), 20);
    // Changed by itself, the rest stays.
    let changed = save(
        &story,
        json!({ "id": "forest", "colours": [{ "token": "good", "value": "#a0ffa0" }] }),
    )
    .await;
    assert_eq!(changed["theme"]["name"], "Forest");
    assert_eq!(changed["theme"]["variables"]["teal"], "#8fe08f");
    let all = asked(
        &story,
        "{ themes { id builtIn contrast { ratio least } } }",
        json!({}),
    )
    .await;
    let ids: Vec<_> = all["themes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|theme| theme["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["light", "dark", "high-contrast", "forest"]);
    for theme in all["themes"].as_array().unwrap() {
        for pair in theme["contrast"].as_array().unwrap() {
            assert!(pair["ratio"].as_f64() >= pair["least"].as_f64(), "{pair}");
        }
    }
}

#[tokio::test]
async fn a_theme_nobody_could_read_names_every_pair_with_its_ratio() {
    let story = Story::new().await;
    let refused = save(
        &story,
        json!({ "id": "pale", "basedOn": "light", "colours": [{ "token": "lamp-ink", "value": "#ffffff" }] }),
    )
    .await;
    assert_eq!(refused["theme"], json!(null));
    assert_eq!(
        problems(&refused),
        [
            wrong("LOW_CONTRAST", "input.colours"),
            wrong("LOW_CONTRAST", "input.colours")
        ]
    );
    let message = refused["problems"][0]["message"].as_str().unwrap();
    assert_eq!(
        message,
        "`lamp-ink` on `lamp` has a contrast of 1.84 to 1; it needs 4.5 to 1"
    );
    assert_eq!(
        refused["lowContrast"][0],
        json!({ "foreground": "lamp-ink", "background": "lamp", "ratio": 1.84, "least": 4.5 })
    );
    let left = asked(&story, "{ themes { id } }", json!({})).await;
    assert_eq!(left["themes"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_theme_that_cannot_be_is_refused_with_its_place() {
    let story = Story::new().await;
    let colour = |token: &str, value: &str| json!([{ "token": token, "value": value }]);
    for (input, code, field) in [
        (json!({ "id": "dark" }), "CONFLICT", "input.id"),
        (json!({ "id": "Über" }), "INVALID_INPUT", "input.id"),
        (
            json!({ "id": "a", "basedOn": "none" }),
            "NOT_FOUND",
            "input.basedOn",
        ),
        (
            json!({ "id": "a", "basedOn": "dark", "name": "" }),
            "INVALID_INPUT",
            "input.name",
        ),
        (
            json!({ "id": "a", "basedOn": "dark", "colours": colour("glow", "#000000") }),
            "INVALID_INPUT",
            "input.colours.0.token",
        ),
        (
            json!({ "id": "a", "basedOn": "dark", "colours": colour("bg", "url(//evil)") }),
            "INVALID_INPUT",
            "input.colours.0.value",
        ),
        (
            json!({ "id": "a", "basedOn": "dark", "colours": colour("bg", "#00000080") }),
            "INVALID_INPUT",
            "input.colours.0.value",
        ),
        (
            json!({ "id": "a", "basedOn": "light", "scheme": "DARK" }),
            "INVALID_INPUT",
            "input.scheme",
        ),
        (
            json!({ "id": "a", "basedOn": "dark", "colours": [{ "token": "bg", "value": "#000000" }, { "token": "bg", "value": "#000000" }] }),
            "INVALID_INPUT",
            "input.colours.1.value",
        ),
    ] {
        assert_eq!(problem(&save(&story, input).await), wrong(code, field));
    }
    // Without anything to take colours from, each that is missing is named.
    let lacking = save(
        &story,
        json!({ "id": "a", "colours": colour("bg", "#000000") }),
    )
    .await;
    assert_eq!(problems(&lacking).len(), 19);
}

#[tokio::test]
async fn only_a_theme_that_nothing_names_is_removed_and_who_chose_it_gets_the_usual() {
    let story = Story::new().await;
    save(&story, json!({ "id": "forest", "basedOn": "dark" })).await;
    asked(
        &story,
        super::SAVE_PREFERENCES,
        json!({ "input": { "theme": "forest" } }),
    )
    .await;
    let delete = async |id: &str| {
        let delete =
            "mutation($id: String!) { deleteTheme(id: $id) { ok problems { code field } } }";
        asked(&story, delete, json!({ "id": id })).await["deleteTheme"].clone()
    };
    assert_eq!(problem(&delete("dark").await), wrong("CONFLICT", "id"));
    assert_eq!(problem(&delete("none").await), wrong("NOT_FOUND", "id"));
    assert_eq!(delete("forest").await["ok"], true);
    let mine = asked(&story, "{ myPreferences { theme { id } } }", json!({})).await;
    assert_eq!(mine["myPreferences"]["theme"], json!(null));
}
