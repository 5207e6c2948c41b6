//! The searches that players keep.

use super::{asked_as, problem, wrong};
use crate::story::Story;
use djinn_kernel::{Esrb, Viewer};
use djinn_testkit::viewers::{child, player};
use serde_json::{Value, json};

const MINE: &str = "{ myViews { name search } }";
const SAVE: &str = "mutation($input: SaveViewInput!) { saveView(input: $input) { views { name search } problems { code field } } }";
const DELETE: &str = "mutation($name: String!) { deleteView(name: $name) { views { name } problems { code field } } }";

async fn save(story: &Story, who: &Viewer, name: &str, search: Value) -> Value {
    let input = json!({ "input": { "name": name, "search": search } });
    let saved = asked_as(story, who, SAVE, input).await;
    story.test.clock.advance(chrono::TimeDelta::seconds(1));
    saved["saveView"].clone()
}

#[tokio::test]
async fn a_view_follows_its_player_and_is_nobody_elses() {
    let story = Story::new().await;
    let (anna, ben) = (player(1), child(2, 1, Esrb::Teen));
    save(&story, &anna, "Short", json!({ "genre": ["RPG"] })).await;
    save(&story, &anna, "Long", json!({ "q": "x" })).await;
    let again = save(&story, &anna, " SHORT ", json!({ "sort": "TITLE" })).await;
    let expected = json!([{ "name": "SHORT", "search": { "sort": "TITLE" } }, { "name": "Long", "search": { "q": "x" } }]);
    assert_eq!(again["views"], expected);
    assert_eq!(
        asked_as(&story, &anna, MINE, json!({})).await["myViews"],
        expected
    );
    assert_eq!(
        asked_as(&story, &ben, MINE, json!({})).await["myViews"],
        json!([])
    );
    let left = asked_as(&story, &anna, DELETE, json!({ "name": "short" })).await;
    assert_eq!(left["deleteView"]["views"], json!([{ "name": "Long" }]));
    let gone = asked_as(&story, &ben, DELETE, json!({ "name": "Long" })).await;
    assert_eq!(problem(&gone["deleteView"]), wrong("NOT_FOUND", "name"));
}

#[tokio::test]
async fn a_view_that_cannot_be_is_refused_where_it_is_wrong() {
    let story = Story::new().await;
    let me = player(1);
    let refused = save(&story, &me, "  ", json!({})).await;
    assert_eq!(problem(&refused), wrong("INVALID_INPUT", "input.name"));
    for odd in [
        json!([]),
        json!("q"),
        json!({ "q": "x".repeat(4_000) }),
        json!({ "q": "\u{0}" }),
    ] {
        let refused = save(&story, &me, "Odd", odd).await;
        assert_eq!(problem(&refused), wrong("INVALID_INPUT", "input.search"));
    }
    for n in 0..30 {
        save(&story, &me, &format!("View {n}"), json!({})).await;
    }
    let refused = save(&story, &me, "One more", json!({})).await;
    assert_eq!(problem(&refused), wrong("LIMIT_EXCEEDED", "input.name"));
    assert_eq!(
        save(&story, &me, "View 3", json!({ "q": "y" })).await["views"][0]["name"],
        "View 3"
    );
}
