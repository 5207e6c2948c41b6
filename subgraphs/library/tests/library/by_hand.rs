//! Games entered by hand: they are matched like any other, changed, removed, and only on a shelf of
//! one's own.

use super::stage::{Stage, owned};
use djinn_kernel::{Esrb, Viewer, event::CopiesFound};
use djinn_testkit::viewers::{admin, child, player};
use serde_json::{Value, json};

const ADD: &str = "mutation($input: AddGameInput!) { addGame(input: $input) {
    copy { id title storeId holding playtimeMinutes platform { id } library { id } } problems { code field } } }";
const UPDATE: &str = "mutation($input: UpdateCopyInput!) { updateCopy(input: $input) {
    copy { id title storeId playtimeMinutes lastPlayedAt platform { id } } problems { code field } } }";
const REMOVE: &str = "mutation($id: ID!) { removeCopy(id: $id) { ok problems { code field } } }";

async fn shelf() -> (Stage, String) {
    let stage = Stage::set().await;
    let linked = stage.try_link("manual", &[]).await;
    assert_eq!(linked["problems"], json!([]), "{linked:#}");
    let library = linked["library"]["id"].as_str().unwrap().to_owned();
    (stage, library)
}

async fn send(stage: &Stage, who: &Viewer, document: &str, variables: Value) -> Value {
    let mut data = stage.hub.data(who, document, variables).await;
    let field = data.as_object().unwrap().keys().next().unwrap().clone();
    data[field].take()
}

async fn add(stage: &Stage, library: &str, mut input: Value) -> Value {
    input["libraryId"] = json!(library);
    send(stage, &stage.me, ADD, json!({ "input": input })).await
}

fn problem(answer: &Value) -> (&str, &str) {
    let text = |name: &str| answer["problems"][0][name].as_str().unwrap_or_default();
    (text("code"), text("field"))
}

#[tokio::test]
async fn a_game_entered_by_hand_is_matched_changed_and_removed() {
    let (stage, library) = shelf().await;
    let input = json!({
        "title": "  Chrono   Trigger ", "platform": "Nintendo Switch", "year": 1995,
        "holding": "PLAYED_ONLY", "playtimeMinutes": 90, "esrb": "EVERYONE", "status": "completed",
    });
    let added = add(&stage, &library, input.clone()).await;
    assert_eq!(added["problems"], json!([]), "{added:#}");
    let copy = &added["copy"];
    assert_eq!(
        (&copy["title"], &copy["holding"], &copy["library"]["id"]),
        (
            &json!("Chrono Trigger"),
            &json!("PLAYED_ONLY"),
            &json!(library)
        )
    );
    let found = stage.hub.test.take_payloads::<CopiesFound>().await;
    assert_eq!(found[0].copies[0].hints.esrb, Some(Esrb::Everyone));
    assert_eq!(found[0].copies[0].year, Some(1995));

    let id = copy["id"].as_str().unwrap();
    let edit = json!({ "input": { "id": id, "title": "Chrono Cross", "playtimeMinutes": 30, "lastPlayedAt": "2024-05-06T07:08:09Z" } });
    let changed = send(&stage, &stage.me, UPDATE, edit).await;
    assert_eq!(changed["problems"], json!([]), "{changed:#}");
    assert_eq!(changed["copy"]["id"], id);
    // Another title may be another game: metadata is asked again.
    stage.metadata().await;
    assert_eq!(stage.shelf().await, [("Chrono Cross".to_owned(), 30)]);
    assert_eq!(stage.count(&library).await, 1);
    let status = "{ games { nodes { status { id } } } }";
    let status = stage.hub.data(&stage.me, status, json!({})).await;
    assert_eq!(status["games"]["nodes"][0]["status"]["id"], "completed");

    // Its old name is free again, and its new one is taken.
    let again = add(&stage, &library, input).await;
    assert_eq!(again["problems"], json!([]), "{again:#}");
    let twice = json!({ "title": "chrono cross", "platform": "nintendo switch", "year": 1995 });
    assert_eq!(
        problem(&add(&stage, &library, twice.clone()).await),
        ("CONFLICT", "input.title")
    );
    let taken = json!({ "input": { "id": again["copy"]["id"], "title": "Chrono Cross" } });
    let taken = send(&stage, &stage.me, UPDATE, taken).await;
    assert_eq!(problem(&taken), ("CONFLICT", "input.title"));

    let removed = send(&stage, &stage.me, REMOVE, json!({ "id": id })).await;
    assert_eq!(removed, json!({ "ok": true, "problems": [] }));
    stage.metadata().await;
    assert_eq!(stage.shelf().await, [("Chrono Trigger".to_owned(), 90)]);
    let removed = send(&stage, &stage.me, REMOVE, json!({ "id": id })).await;
    assert_eq!(problem(&removed), ("NOT_FOUND", "id"));
    // What was removed steps aside for another of its name, and comes back when it is entered.
    let renamed = json!({ "input": { "id": again["copy"]["id"], "title": "Chrono Cross" } });
    let renamed = send(&stage, &stage.me, UPDATE, renamed).await;
    assert_eq!(renamed["problems"], json!([]), "{renamed:#}");
    stage.metadata().await;
    assert_eq!(stage.shelf().await, [("Chrono Cross".to_owned(), 90)]);
}

#[tokio::test]
async fn a_rating_by_hand_is_believed_of_those_who_run_the_hub() {
    let (stage, library) = shelf().await;
    let admin = admin(1);
    let mut added = Vec::new();
    for (who, title, by_admin) in [(&stage.me, "Riddle", false), (&admin, "Zorp", true)] {
        let input = json!({ "libraryId": library, "title": title, "platform": "steam", "storeId": title, "esrb": "EVERYONE" });
        let done = send(&stage, who, ADD, json!({ "input": input })).await;
        assert_eq!(done["problems"], json!([]), "{done:#}");
        let found = stage.hub.test.take_payloads::<CopiesFound>().await;
        let told = &found[0].copies[0];
        assert_eq!((told.hints.by_admin, told.vouched), (by_admin, by_admin));
        added.push(done["copy"]["id"].clone());
    }
    let edits = [
        // The same rating, by somebody whose word counts.
        (&admin, 0, json!({ "esrb": "EVERYONE" }), true),
        (&admin, 0, json!({ "esrb": null }), false),
        (&admin, 0, json!({ "esrb": "TEEN" }), true),
        (&stage.me, 0, json!({ "esrb": "EVERYONE" }), false),
        (&admin, 1, json!({ "title": "Zorp II" }), true),
        // What was said of one game opens no other.
        (&stage.me, 1, json!({ "title": "Grown-up Zorp" }), false),
    ];
    for (who, at, mut edit, by_admin) in edits {
        edit["id"] = added[at].clone();
        let done = send(&stage, who, UPDATE, json!({ "input": edit })).await;
        assert_eq!(done["problems"], json!([]), "{done:#}");
        let found = stage.hub.test.take_payloads::<CopiesFound>().await;
        assert_eq!(found.len(), 1, "{edit:#}");
        assert_eq!(found[0].copies[0].hints.by_admin, by_admin, "{edit:#}");
    }
}

#[tokio::test]
async fn only_a_shelf_of_ones_own_is_filled_by_hand() {
    let (stage, steam) = Stage::synced(vec![owned(400, "Portal", 10)]).await;
    let refused = add(&stage, &steam, json!({ "title": "Half-Life" })).await;
    assert_eq!(problem(&refused), ("INVALID_INPUT", "input.libraryId"));
    let copies = "{ games { nodes { copies { id } } } }";
    let copies = stage.hub.data(&stage.me, copies, json!({})).await;
    let portal = &copies["games"]["nodes"][0]["copies"][0]["id"];
    let edit = json!({ "input": { "id": portal, "title": "Portal 3" } });
    let edited = send(&stage, &stage.me, UPDATE, edit).await;
    assert_eq!(problem(&edited), ("INVALID_INPUT", "input.id"));
    let removed = send(&stage, &stage.me, REMOVE, json!({ "id": portal })).await;
    assert_eq!(problem(&removed), ("INVALID_INPUT", "id"));
    assert_eq!(stage.shelf().await, [("Portal".to_owned(), 10)]);
    // To another household there is neither library nor copy.
    let other = player(2);
    let input = json!({ "input": { "libraryId": steam, "title": "Doom" } });
    let refused = send(&stage, &other, ADD, input).await;
    assert_eq!(problem(&refused), ("NOT_FOUND", "input.libraryId"));
    let removed = send(&stage, &other, REMOVE, json!({ "id": portal })).await;
    assert_eq!(problem(&removed), ("NOT_FOUND", "id"));
    let refused = stage
        .hub
        .refusal(&child(7, 1, Esrb::Teen), REMOVE, json!({ "id": portal }))
        .await;
    assert_eq!(refused.0, "FORBIDDEN");
}

#[tokio::test]
async fn what_cannot_be_is_refused_by_name() {
    let (stage, library) = shelf().await;
    for (input, field) in [
        (json!({ "title": " " }), "input.title"),
        (json!({ "title": "x".repeat(301) }), "input.title"),
        (json!({ "title": "Doom", "year": 1800 }), "input.year"),
        (
            json!({ "title": "Doom", "playtimeMinutes": -1 }),
            "input.playtimeMinutes",
        ),
        (
            json!({ "title": "Doom", "platform": " - " }),
            "input.platform",
        ),
        (
            json!({ "title": "Doom", "storeId": "1".repeat(101) }),
            "input.storeId",
        ),
        (
            json!({ "title": "Doom", "lastPlayedAt": "1066-10-14T00:00:00Z" }),
            "input.lastPlayedAt",
        ),
        (
            json!({ "title": "Doom", "status": "no such" }),
            "input.status",
        ),
    ] {
        let refused = add(&stage, &library, input).await;
        assert_eq!(problem(&refused), ("INVALID_INPUT", field));
    }
    let refused = add(&stage, "nonsense", json!({ "title": "Doom" })).await;
    assert_eq!(problem(&refused), ("INVALID_ID", "input.libraryId"));
}
