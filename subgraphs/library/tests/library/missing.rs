//! Why a game does not show.

use super::stage::{Stage, game_of, owned};
use djinn_kernel::{
    Esrb, Viewer,
    event::CopiesMatched,
    ids::{CopyId, LibraryId},
};
use djinn_testkit::{
    http::json as answered,
    viewers::{child, player},
};
use serde_json::{Value, json};

const WHY: &str = "query($title: String!, $platform: ID, $collection: ID) {
    whyMissing(title: $title, platform: $platform, collectionId: $collection) {
        kind text at game { id title } library { label } } }";

async fn ask(stage: &Stage, viewer: &Viewer, variables: Value) -> Vec<Value> {
    let mut data = stage.hub.data(viewer, WHY, variables).await;
    let reasons = data["whyMissing"].take();
    reasons.as_array().unwrap().clone()
}

async fn why(stage: &Stage, title: &str) -> Vec<Value> {
    ask(stage, &stage.me, json!({ "title": title })).await
}

fn kinds(reasons: &[Value]) -> Vec<String> {
    let kind = |reason: &Value| reason["kind"].as_str().unwrap().to_owned();
    reasons.iter().map(kind).collect()
}

async fn update(stage: &Stage, title: &str, mut input: Value) {
    input["gameId"] = json!(game_of(title).0);
    let query =
        "mutation($input: UpdateGameInput!) { updateGame(input: $input) { problems { code } } }";
    let data = stage.hub.data(&stage.me, query, json!({ "input": input }));
    assert_eq!(data.await["updateGame"]["problems"], json!([]));
}

#[tokio::test]
async fn what_is_here_says_so_and_why_lists_leave_it_out() {
    let (stage, _) = Stage::synced(vec![owned(10, "Celeste", 0), owned(20, "Hades", 5)]).await;
    let listed = why(&stage, "the celeste").await;
    assert_eq!(kinds(&listed), ["LISTED"]);
    assert_eq!(listed[0]["game"]["title"], "Celeste");
    assert_eq!(
        listed[0]["text"],
        "“Celeste” is here, held on Steam, and lists show it."
    );
    update(&stage, "Celeste", json!({ "hidden": true })).await;
    assert_eq!(kinds(&why(&stage, "celeste").await), ["HIDDEN"]);

    let elsewhere = json!({ "title": "hades", "platform": "gog" });
    let elsewhere = ask(&stage, &stage.me, elsewhere).await;
    assert_eq!(kinds(&elsewhere), ["OTHER_PLATFORM", "NOT_LINKED"]);
    assert_eq!(elsewhere[1]["text"], "No library of GOG is linked.");
}

#[tokio::test]
async fn what_is_not_here_says_what_its_libraries_are_at() {
    let (stage, _) = Stage::synced(vec![owned(10, "Celeste Classic", 0)]).await;
    let none = why(&stage, "Stardew Valley").await;
    assert_eq!(kinds(&none), ["NOT_HELD", "SYNCED_BEFORE"]);
    assert_eq!(none[1]["library"]["label"], "Mine");
    assert!(none[1]["at"].is_string());
    // Titles that are only like it come last: they are hardly what was meant.
    let like = why(&stage, "celeste").await;
    assert_eq!(kinds(&like), ["NOT_HELD", "SYNCED_BEFORE", "SIMILAR"]);

    let bare = Stage::set().await;
    let by_hand = json!({ "title": "Celeste", "platform": "manual" });
    assert_eq!(
        ask(&bare, &bare.me, by_hand).await[0]["text"],
        "No game was entered by hand or imported from a file yet."
    );
    assert_eq!(
        kinds(&why(&bare, "Celeste").await),
        ["NOT_LINKED", "NOT_HELD"]
    );
}

#[tokio::test]
async fn a_sync_that_is_under_way_or_failed_is_the_first_reason() {
    let mut stage = Stage::set().await;
    stage.shop.sells(vec![owned(10, "Celeste", 0)]);
    let library = stage.link().await;
    assert_eq!(
        kinds(&why(&stage, "Celeste").await),
        ["SYNC_RUNNING", "NOT_HELD"]
    );
    stage.work();
    // Listed, and nobody has said yet which game it is.
    stage
        .until(&library, |run| run["stage"] == "MATCHING")
        .await;
    let matching = why(&stage, "Celeste").await;
    assert_eq!(kinds(&matching), ["MATCHING", "SYNC_RUNNING"]);
    assert_eq!(
        matching[0]["text"],
        "“Celeste” of Steam (Mine) is being matched; it shows soon."
    );
    stage.settle(&library).await;
    assert_eq!(kinds(&why(&stage, "Celeste").await), ["LISTED"]);

    stage
        .shop
        .is(|| answered(200, json!({ "response": {} }).to_string()));
    stage.sync_again(&library).await;
    let failed = why(&stage, "Hades").await;
    assert_eq!(kinds(&failed), ["SYNC_FAILED", "NOT_HELD"]);
    let text = failed[0]["text"].as_str().unwrap();
    assert!(
        text.starts_with("The last sync of Steam (Mine) failed: "),
        "{text}"
    );
}

#[tokio::test]
async fn what_the_platform_lists_no_more_was_removed() {
    let (stage, library) =
        Stage::synced(vec![owned(10, "Celeste", 0), owned(20, "Hades", 5)]).await;
    stage.shop.sells(vec![owned(20, "Hades", 5)]);
    stage.sync_again(&library).await;
    stage.sync_again(&library).await;
    let removed = why(&stage, "Celeste").await;
    assert_eq!(kinds(&removed), ["REMOVED", "SYNCED_BEFORE"]);
    assert_eq!(
        removed[0]["text"],
        "Steam (Mine) listed “Celeste” once, and lists it no more."
    );
    assert!(removed[0]["at"].is_string());
}

#[tokio::test]
async fn a_copy_that_is_part_of_another_game_says_of_which() {
    let games = vec![
        owned(10, "Hades", 0),
        owned(20, "Hades: Game of the Year", 5),
    ];
    let (stage, library) = Stage::synced(games).await;
    let title = "Hades: Game of the Year";
    let query = "query($ids: [_Any!]!) { _entities(representations: $ids) { ... on Game { copies { id } } } }";
    let ids = json!({ "ids": [{ "__typename": "Game", "id": game_of(title).0 }] });
    let copies = stage.hub.data(&stage.me, query, ids).await;
    let copy = copies["_entities"][0]["copies"][0]["id"].as_str().unwrap();
    let matched = CopiesMatched {
        library: LibraryId::parse(&library).unwrap(),
        revision: 2,
        matches: vec![(CopyId::parse(copy).unwrap(), game_of("Hades"))],
    };
    let ear = stage.hub.parts.consumer.as_ref().unwrap();
    stage.hub.test.send(&**ear, &matched).await;

    let merged = why(&stage, title).await;
    assert_eq!(kinds(&merged), ["MERGED"]);
    assert_eq!(
        merged[0]["text"],
        "“Hades: Game of the Year” of Steam (Mine) is part of the game “Hades” here."
    );
    assert_eq!(merged[0]["game"]["id"], json!(game_of("Hades").0));
}

#[tokio::test]
async fn a_collection_says_which_of_its_conditions_keeps_a_game_out() {
    let (stage, _) = Stage::synced(vec![owned(10, "Celeste", 0), owned(20, "Hades", 5)]).await;
    let query = "mutation($input: CreateCollectionInput!) { createCollection(input: $input) { collection { id } problems { code } } }";
    let rule = json!({ "field": "PLAYED", "operator": "IS_TRUE" });
    let input = json!({ "input": { "name": "Begun", "rule": rule } });
    let made = stage.hub.data(&stage.me, query, input).await;
    let id = &made["createCollection"]["collection"]["id"];
    let of = async |title: &str| {
        let variables = json!({ "title": title, "collection": id });
        ask(&stage, &stage.me, variables).await
    };
    assert_eq!(kinds(&of("Hades").await), ["LISTED"]);
    let out = of("Celeste").await;
    assert_eq!(kinds(&out), ["NOT_IN_COLLECTION"]);
    let text = out[0]["text"].as_str().unwrap();
    assert!(
        text.starts_with(
            "“Celeste” is here, and not in the collection “Begun”. What keeps it out: Ever played is true"
        ),
        "{text}"
    );
    // Somebody else's is no collection at all.
    let theirs = json!({ "title": "Celeste", "collection": id });
    let theirs = stage.hub.data(&player(2), WHY, theirs).await;
    assert_eq!(theirs["whyMissing"], Value::Null);
}

#[tokio::test]
async fn a_child_reads_the_same_of_a_hidden_game_as_of_one_that_nobody_holds() {
    let (stage, library) = Stage::synced(vec![owned(10, "DOOM", 0), owned(20, "Gore", 5)]).await;
    stage.shop.sells(vec![owned(10, "DOOM", 0)]);
    stage.sync_again(&library).await;
    stage.sync_again(&library).await;
    // Nothing is rated here, and the profile shows nothing unrated.
    let kid = child(2, 1, Esrb::Teen);
    let of = async |title: &str| ask(&stage, &kid, json!({ "title": title })).await;
    let nothing = of("There is no such game").await;
    assert_eq!(
        kinds(&nothing),
        ["NOT_HELD", "SYNCED_BEFORE", "FAMILY_VIEW"]
    );
    assert_eq!(
        nothing[2]["text"],
        "This profile shows games rated up to Teen, and none without a rating."
    );
    for hidden in ["DOOM", "doom", "dom", "Gore"] {
        assert_eq!(of(hidden).await, nothing, "{hidden}");
    }
    assert_eq!(kinds(&why(&stage, "DOOM").await), ["LISTED"]);
    assert_eq!(why(&stage, "Gore").await[0]["kind"], "REMOVED");
}

#[tokio::test]
async fn a_question_that_cannot_be_answered_names_what_is_wrong_with_it() {
    let (stage, _) = Stage::synced(vec![owned(10, "Celeste", 0)]).await;
    for (variables, code, field) in [
        // A title of signs is a title: games are called so.
        (json!({ "title": " \u{2003} " }), "INVALID_INPUT", "title"),
        (
            json!({ "title": "x".repeat(201) }),
            "INVALID_INPUT",
            "title",
        ),
        (
            json!({ "title": "x", "platform": "atari" }),
            "INVALID_INPUT",
            "platform",
        ),
        (
            json!({ "title": "x", "collection": "mine" }),
            "INVALID_ID",
            "collectionId",
        ),
    ] {
        let refused = stage.hub.refusal(&stage.me, WHY, variables).await;
        assert_eq!(refused, (code.to_owned(), Some(field.to_owned())));
    }
    let nobody = stage
        .hub
        .refusal(&Viewer::Anonymous, WHY, json!({ "title": "x" }));
    assert_eq!(nobody.await.0, "UNAUTHENTICATED");
}

#[tokio::test]
async fn an_answer_costs_the_same_few_queries_whatever_there_is() {
    let one = |id: u32| owned(id * 10, &format!("Lantern {id}"), 0);
    let (mut stage, _) = Stage::synced((1..=3).map(one).collect()).await;
    why(&stage, "Lantern 1").await;
    // The worker looks around once more a moment after a run's end: its queries are not the answer's.
    stage.stop().await;
    let mut counts = Vec::new();
    for title in ["Lantern 2", "lantern", "Nothing like it"] {
        stage.hub.test.database.take_query_count();
        why(&stage, title).await;
        counts.push(stage.hub.test.database.take_query_count());
    }
    assert!(counts.iter().all(|count| *count <= 12), "{counts:?}");
}
