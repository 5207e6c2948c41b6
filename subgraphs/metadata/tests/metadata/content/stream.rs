//! Changes of content, live.

use super::{SAVE_PREFERENCES, asked, asked_as};
use crate::story::Story;
use djinn_kernel::Viewer;
use djinn_testkit::viewers::{call, player};
use futures_util::{StreamExt, stream::BoxStream};
use serde_json::{Value, json};
use std::time::Duration;

struct Watching(BoxStream<'static, async_graphql::Response>);

impl Watching {
    async fn of(story: &Story, viewer: &Viewer, since: Value) -> Self {
        let watch = "subscription($since: Int) { contentChanged(since: $since) { rev kinds } }";
        let watch = call(viewer, watch, json!({ "since": since }));
        Self(story.parts.subgraph.subscribe(watch).await.unwrap())
    }

    async fn next(&mut self) -> Value {
        let next = tokio::time::timeout(Duration::from_secs(10), self.0.next()).await;
        let next = next.unwrap().unwrap();
        assert!(next.errors.is_empty(), "{:?}", next.errors);
        serde_json::to_value(next.data).unwrap()["contentChanged"].clone()
    }
}

async fn epoch(story: &Story) -> String {
    let watch = call(
        &Viewer::Anonymous,
        "subscription { contentChanged { epoch } }",
        json!({}),
    );
    let stream = story.parts.subgraph.subscribe(watch).await.unwrap();
    let told = Watching(stream).next().await;
    told["epoch"].as_str().unwrap().to_owned()
}

const THEME: &str =
    "mutation { saveTheme(input: { id: \"forest\", basedOn: \"dark\" }) { problems { code } } }";
const TEXT: &str = "mutation { saveTexts(input: { texts: [{ language: \"de\", key: \"own\", text: \"Eigen\" }] }) { ok } }";

#[tokio::test]
async fn who_watches_is_told_what_changed_and_who_was_away_what_they_missed() {
    let story = Story::new().await;
    let mut watching = Watching::of(&story, &Viewer::Anonymous, json!(null)).await;
    assert_eq!(watching.next().await, json!({ "rev": 0, "kinds": [] }));
    asked(&story, THEME, json!({})).await;
    assert_eq!(
        watching.next().await,
        json!({ "rev": 1, "kinds": ["THEMES"] })
    );
    drop(watching);
    asked(&story, TEXT, json!({})).await;
    asked(&story, THEME, json!({})).await;
    let mut back = Watching::of(&story, &Viewer::Anonymous, json!(1)).await;
    assert_eq!(
        back.next().await,
        json!({ "rev": 3, "kinds": ["THEMES", "TEXTS"] })
    );
    // The same revision of another count: the hub was set up anew, or from a copy.
    for (epoch, kinds) in [
        (None, 0),
        (Some("0".to_owned()), 5),
        (Some(epoch(&story).await), 0),
    ] {
        let watch = "subscription($since: Int, $epoch: String) { contentChanged(since: $since, epoch: $epoch) { rev kinds } }";
        let since = json!({ "since": 3, "epoch": epoch });
        let watch = call(&Viewer::Anonymous, watch, since);
        let stream = story.parts.subgraph.subscribe(watch).await.unwrap();
        let told = Watching(stream).next().await;
        assert_eq!(told["kinds"].as_array().unwrap().len(), kinds, "{told}");
    }
    // A revision that this hub never had: everything that was ever changed is new.
    let mut strange = Watching::of(&story, &Viewer::Anonymous, json!(99)).await;
    let told = strange.next().await;
    assert_eq!(told["kinds"].as_array().unwrap().len(), 5, "{told}");
}

#[tokio::test]
async fn ones_own_preferences_are_told_to_nobody_else() {
    let story = Story::new().await;
    let (anna, otto) = (player(1), player(2));
    let mut annas = Watching::of(&story, &anna, json!(null)).await;
    let mut ottos = Watching::of(&story, &otto, json!(null)).await;
    assert_eq!(annas.next().await["kinds"], json!([]));
    assert_eq!(ottos.next().await["kinds"], json!([]));
    let choose = json!({ "input": { "language": "de" } });
    asked_as(&story, &anna, SAVE_PREFERENCES, choose).await;
    assert_eq!(annas.next().await["kinds"], json!(["PREFERENCES"]));
    asked(&story, TEXT, json!({})).await;
    assert_eq!(ottos.next().await["kinds"], json!(["TEXTS"]));
    assert_eq!(annas.next().await["kinds"], json!(["TEXTS"]));
}

#[tokio::test]
async fn a_change_that_is_refused_tells_nobody_anything() {
    let story = Story::new().await;
    asked(
        &story,
        "mutation { saveTheme(input: { id: \"light\" }) { problems { code } } }",
        json!({}),
    )
    .await;
    let mut watching = Watching::of(&story, &Viewer::Anonymous, json!(0)).await;
    assert_eq!(watching.next().await, json!({ "rev": 0, "kinds": [] }));
}
