//! Statuses that are called otherwise after a while, and files that name them.

use super::{
    collections::{WHY, create as collect, options, when},
    export::{fetch, link},
    household::{Hub, game, game_id, numbers},
    import_preview::{PREVIEW, import},
    stage::Stage,
};
use djinn_testkit::viewers::player;
use serde_json::{Value, json};

const CREATE: &str = "mutation($input: CreateStatusInput!) { createStatus(input: $input) { status { id name } problems { code field } } }";
const RENAME: &str = "mutation($input: RenameStatusInput!) { renameStatus(input: $input) { status { id name own } problems { code field } } }";
const MARK: &str = "mutation($input: UpdateGameInput!) { updateGame(input: $input) { game { id status { id name } } problems { code field } } }";
const FILTER: &str = "query($of: [ID!]!) { searchGames(query: \"\", filter: { statuses: $of }) { totalCount nodes { id } facets { statuses { id label } } } }";

async fn create(hub: &Hub, name: &str) -> Value {
    let input = json!({ "input": { "name": name } });
    hub.data(&player(1), CREATE, input).await["createStatus"]["status"].take()
}

async fn rename(hub: &Hub, household: u128, id: &str, name: &str) -> Value {
    let input = json!({ "input": { "id": id, "name": name } });
    hub.data(&player(household), RENAME, input).await["renameStatus"].take()
}

async fn mark(hub: &Hub, n: u128, status: &str) -> Value {
    let input = json!({ "input": { "gameId": game_id(n), "status": status } });
    hub.data(&player(1), MARK, input).await["updateGame"]["game"]["status"].take()
}

async fn filtered(hub: &Hub, id: &str) -> Value {
    let mut seen = hub.data(&player(1), FILTER, json!({ "of": [id] })).await;
    seen["searchGames"].take()
}

#[tokio::test]
async fn whatever_means_a_status_goes_on_meaning_it_when_it_is_called_otherwise() {
    let hub = Hub::with(&[game(1, "Celeste"), game(2, "Hades")]).await;
    let me = player(1);
    create(&hub, "Shelf").await;
    mark(&hub, 1, "Shelf").await;
    let rule = when("STATUS", "ONE_OF", options(&["Shelf"]));
    let gathered = collect(&hub, &me, json!({ "name": "Later", "rule": rule })).await;
    let collection = gathered["id"].clone();

    let renamed = rename(&hub, 1, "shelf", "  Pile of   shame ").await;
    let now = json!({ "id": "Shelf", "name": "Pile of shame", "own": true });
    assert_eq!(renamed, json!({ "status": now, "problems": [] }));

    // The filter, as a kept view has it.
    let seen = filtered(&hub, "Shelf").await;
    assert_eq!(numbers(&seen["nodes"]), [1]);
    let facets = seen["facets"]["statuses"].as_array().unwrap();
    assert!(
        facets.contains(&json!({ "id": "Shelf", "label": "Pile of shame" })),
        "{facets:?}"
    );
    let shown = hub
        .data(
            &me,
            "query($id: ID!) { statuses { id name own }
               collection(id: $id) { totalCount rule ruleText }
               collectionFields { name options(first: 20) { id label count } }
               games { nodes { status { id name own } statusHistory { nodes { from { name } to { id name own } } } } } }",
            json!({ "id": collection }),
        )
        .await;
    assert_eq!(shown["statuses"].as_array().unwrap().last(), Some(&now));
    assert_eq!(
        shown["collection"],
        json!({ "totalCount": 1, "rule": rule, "ruleText": "Status is one of Pile of shame" })
    );
    let fields = shown["collectionFields"].as_array().unwrap();
    let status = fields.iter().find(|one| one["name"] == "STATUS").unwrap();
    assert_eq!(
        status["options"].as_array().unwrap().last(),
        Some(&json!({ "id": "Shelf", "label": "Pile of shame", "count": 1 }))
    );
    let celeste = &shown["games"]["nodes"][0];
    assert_eq!(celeste["status"], now);
    assert_eq!(
        celeste["statusHistory"]["nodes"],
        json!([{ "from": { "name": "Unplayed" }, "to": now }])
    );
    let why = json!({ "collection": collection, "game": game_id(1) });
    let why = hub.data(&me, WHY, why).await["whyInCollection"].take();
    assert_eq!(
        why["parts"][0],
        json!({ "path": "rule", "text": "Status is one of Pile of shame", "held": true, "value": "Pile of shame" })
    );
}

#[tokio::test]
async fn a_name_that_is_free_again_is_another_status() {
    let hub = Hub::with(&[game(1, "Celeste"), game(2, "Hades")]).await;
    create(&hub, "Shelf").await;
    mark(&hub, 1, "Shelf").await;
    rename(&hub, 1, "Shelf", "Pile").await;
    let other = create(&hub, "Shelf").await;
    assert_eq!(other["name"], "Shelf");
    let id = other["id"].as_str().unwrap();
    assert_ne!(id, "Shelf");
    assert_eq!(mark(&hub, 2, id).await, other);
    assert_eq!(numbers(&filtered(&hub, "Shelf").await["nodes"]), [1]);
    assert_eq!(numbers(&filtered(&hub, id).await["nodes"]), [2]);
}

#[tokio::test]
async fn a_name_that_cannot_be_is_refused_and_the_old_one_stays() {
    let hub = Hub::new().await;
    create(&hub, "Shelf").await;
    create(&hub, "Heap").await;
    for (household, id, name, code, field) in [
        (1, "Shelf", "On hold", "CONFLICT", "input.name"),
        (1, "Shelf", " ", "INVALID_INPUT", "input.name"),
        (1, "Shelf", "heap", "CONFLICT", "input.name"),
        (1, "playing", "Now", "CONFLICT", "input.id"),
        (1, "never\u{0}was", "Now", "NOT_FOUND", "input.id"),
        (2, "Shelf", "Theirs", "NOT_FOUND", "input.id"),
    ] {
        let refused = rename(&hub, household, id, name).await;
        let want = json!({ "status": null, "problems": [{ "code": code, "field": field }] });
        assert_eq!(refused, want, "{id}: {name}");
    }
    let all = hub
        .data(&player(1), "{ statuses { name } }", json!({}))
        .await;
    let names: Vec<&str> = all["statuses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|status| status["name"].as_str().unwrap())
        .collect();
    assert_eq!(names[5..], ["Heap", "Shelf"]);
    // Another spelling of its own is no other's name.
    let renamed = rename(&hub, 1, "Shelf", "SHELF").await;
    assert_eq!(renamed["status"]["name"], "SHELF");
}

/// What the household has of its own: id and name.
async fn own(stage: &Stage) -> Vec<Value> {
    let all = stage
        .hub
        .data(&stage.me, "{ statuses { id name own } }", json!({}))
        .await;
    let all = all["statuses"].as_array().unwrap().iter();
    all.filter(|one| one["own"] == true)
        .map(|one| json!([one["id"], one["name"]]))
        .collect()
}

/// Titles, and what each stands at.
async fn stands(stage: &Stage) -> Vec<Value> {
    let query = "{ games { nodes { title status { name } } } }";
    let games = stage.hub.data(&stage.me, query, json!({})).await["games"]["nodes"].take();
    let games = games.as_array().unwrap().iter();
    games
        .map(|game| json!([game["title"], game["status"]["name"]]))
        .collect()
}

/// A household that calls "Pile" what it called "Shelf", with a game there.
async fn household() -> Stage {
    let stage = Stage::set().await;
    let done = import(
        &stage,
        json!({ "content": "title,status\nCeleste,Shelf\nDoom,\n" }),
    )
    .await;
    assert_eq!(done["problems"], json!([]), "{done:#}");
    stage.metadata().await;
    let rule = when("STATUS", "ONE_OF", options(&["Shelf"]));
    collect(
        &stage.hub,
        &stage.me,
        json!({ "name": "Later", "rule": rule }),
    )
    .await;
    let input = json!({ "input": { "id": "Shelf", "name": "Pile" } });
    let renamed = stage.hub.data(&stage.me, RENAME, input).await;
    assert_eq!(renamed["renameStatus"]["problems"], json!([]));
    stage
}

#[tokio::test]
async fn files_say_names_which_mean_the_same_on_every_hub() {
    let stage = household().await;
    let file = fetch(&stage, &link(&stage, &stage.me, "JSON").await).await;
    assert!(
        file.contains("\"Pile\"") && !file.contains("\"Shelf\""),
        "{file}"
    );
    let other = Stage::set().await;
    import(&other, json!({ "content": file })).await;
    other.metadata().await;
    assert_eq!(own(&other).await, [json!(["Pile", "Pile"])]);
    assert_eq!(
        fetch(&other, &link(&other, &other.me, "JSON").await).await,
        file
    );
    // At home it means the one there is, under the id it always had.
    let again = import(&stage, json!({ "content": file })).await;
    assert_eq!((&again["added"], &again["updated"]), (&json!(0), &json!(0)));
    assert_eq!(own(&stage).await, [json!(["Shelf", "Pile"])]);
    assert_eq!(
        fetch(&stage, &link(&stage, &stage.me, "JSON").await).await,
        file
    );
    // And so does a file from before it was renamed.
    let before = "title,status\nDoom,shelf\n";
    import(&stage, json!({ "content": before, "label": "Before" })).await;
    stage.metadata().await;
    assert_eq!(own(&stage).await.len(), 1);
    assert_eq!(
        stands(&stage).await,
        [json!(["Celeste", "Pile"]), json!(["Doom", "Pile"])]
    );
}

#[tokio::test]
async fn a_table_brings_its_statuses_and_a_dry_run_says_which_each_game_gets() {
    let stage = household().await;
    let table = fetch(&stage, &link(&stage, &stage.me, "CSV").await).await;
    assert!(table.contains(",Pile,"), "{table}");
    let other = Stage::set().await;
    let content = format!("{table}Quake,,,,,,,,,,,,,,on_hold,,,,,\n");
    let ask = format!(
        "{} newStatuses nodes {{ title status action }} }} }}",
        PREVIEW.split(" nodes {").next().unwrap()
    );
    let variables = json!({ "input": { "content": content } });
    let seen = other.hub.data(&other.me, &ask, variables).await["previewImport"].take();
    assert_eq!(seen["newStatuses"], json!(["Pile"]));
    assert_eq!(
        seen["nodes"],
        json!([
            { "title": "Celeste", "status": "Pile", "action": "ADD" },
            { "title": "Doom", "status": null, "action": "ADD" },
            { "title": "Quake", "status": "On hold", "action": "ADD" },
        ])
    );
    let run = "mutation($input: ImportInput!) { importGames(input: $input) { added newStatuses problems { code message } } }";
    let dry = json!({ "input": { "content": content, "dryRun": true } });
    let dry = other.hub.data(&other.me, run, dry).await["importGames"].take();
    assert_eq!(
        dry,
        json!({ "added": 3, "newStatuses": ["Pile"], "problems": [] })
    );
    assert_eq!(own(&other).await, [] as [Value; 0]);

    let done = json!({ "input": { "content": content } });
    let done = other.hub.data(&other.me, run, done).await["importGames"].take();
    assert_eq!(done, dry);
    other.metadata().await;
    assert_eq!(own(&other).await, [json!(["Pile", "Pile"])]);
    assert_eq!(
        stands(&other).await,
        [
            json!(["Celeste", "Pile"]),
            json!(["Doom", "Unplayed"]),
            json!(["Quake", "On hold"])
        ]
    );
    // More than a household may have are refused, before anything is written.
    let many: String = std::iter::once("title,status\n".to_owned())
        .chain((0..30).map(|n| format!("Game {n},Pile {n}\n")))
        .collect();
    for dry in [true, false] {
        let input = json!({ "input": { "content": many, "dryRun": dry } });
        let refused = other.hub.data(&other.me, run, input).await["importGames"].take();
        assert_eq!(
            refused["problems"][0]["code"], "LIMIT_EXCEEDED",
            "{refused:#}"
        );
    }
    assert_eq!(own(&other).await.len(), 1);
}
