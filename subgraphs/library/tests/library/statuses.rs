//! Statuses that a household makes for itself.

use super::household::{Hub, game, game_id};
use djinn_kernel::{Esrb, Viewer};
use djinn_testkit::viewers::{child, player};
use serde_json::{Value, json};

const CREATE: &str = "mutation($input: CreateStatusInput!) { createStatus(input: $input) { status { id name own } problems { code field message } } }";
const DELETE: &str =
    "mutation($id: ID!) { deleteStatus(id: $id) { id problems { code field message } } }";
const MARK: &str = "mutation($input: UpdateGameInput!) { updateGame(input: $input) { game { id status { id name own } } problems { code field } } }";

async fn create(hub: &Hub, who: &Viewer, name: &str) -> Value {
    let input = json!({ "input": { "name": name } });
    hub.data(who, CREATE, input).await["createStatus"].take()
}

async fn delete(hub: &Hub, who: &Viewer, id: &str) -> Value {
    hub.data(who, DELETE, json!({ "id": id })).await["deleteStatus"].take()
}

async fn mark(hub: &Hub, n: u128, status: &str) -> Value {
    let input = json!({ "input": { "gameId": game_id(n), "status": status } });
    hub.data(&player(1), MARK, input).await["updateGame"].take()
}

async fn names(hub: &Hub, who: &Viewer) -> Vec<String> {
    let all = hub.data(who, "{ statuses { name } }", json!({})).await;
    let all = all["statuses"].as_array().unwrap().iter();
    all.map(|one| one["name"].as_str().unwrap().to_owned())
        .collect()
}

fn code(payload: &Value) -> (&str, &str) {
    let problem = &payload["problems"][0];
    (
        problem["code"].as_str().unwrap_or("none"),
        problem["field"].as_str().unwrap_or("none"),
    )
}

#[tokio::test]
async fn a_status_of_ones_own_is_set_filtered_gathered_and_remembered_like_every_other() {
    let hub = Hub::with(&[game(1, "Celeste"), game(2, "Hades")]).await;
    let me = player(1);
    let made = create(&hub, &me, "  Shelf  of shame ").await;
    assert_eq!(
        made["status"],
        json!({ "id": "Shelf of shame", "name": "Shelf of shame", "own": true })
    );
    assert_eq!(names(&hub, &me).await.last().unwrap(), "Shelf of shame");

    // However it is spelled, it is the same.
    let marked = mark(&hub, 1, "shelf of shame").await;
    assert_eq!(marked["game"]["status"]["id"], "Shelf of shame");
    let found = hub
        .data(
            &me,
            "{ searchGames(query: \"\", filter: { statuses: [\"Shelf of shame\"] }) { totalCount facets { statuses { id label count } } }
               game: games(first: 1) { nodes { statusHistory { nodes { from { name } to { name own } } } } } }",
            json!({}),
        )
        .await;
    assert_eq!(found["searchGames"]["totalCount"], 1);
    let facets = found["searchGames"]["facets"]["statuses"]
        .as_array()
        .unwrap();
    assert_eq!(
        facets.last().unwrap(),
        &json!({ "id": "Shelf of shame", "label": "Shelf of shame", "count": 1 })
    );
    assert_eq!(
        found["game"]["nodes"][0]["statusHistory"]["nodes"][0],
        json!({ "from": { "name": "Unplayed" }, "to": { "name": "Shelf of shame", "own": true } })
    );

    let rule = json!({ "rule": { "field": "STATUS", "operator": "ONE_OF", "value": { "options": ["Shelf of shame"] } } });
    let gathered = hub
        .data(
            &me,
            "query($rule: CollectionRule!) { previewCollection(rule: $rule) { totalCount } }",
            rule,
        )
        .await;
    assert_eq!(gathered["previewCollection"]["totalCount"], 1);
    let fields = hub
        .data(
            &me,
            "{ collectionFields { name options(first: 20) { id count } } }",
            json!({}),
        )
        .await;
    let fields = fields["collectionFields"].as_array().unwrap();
    let status = fields.iter().find(|one| one["name"] == "STATUS").unwrap();
    let options = status["options"].as_array().unwrap();
    assert_eq!(
        options.last().unwrap(),
        &json!({ "id": "Shelf of shame", "count": 1 })
    );
}

#[tokio::test]
async fn a_status_is_its_households_own_and_nobody_elses() {
    let hub = Hub::with(&[game(1, "Celeste")]).await;
    create(&hub, &player(1), "Ours").await;
    assert!(
        names(&hub, &child(7, 1, Esrb::Teen))
            .await
            .contains(&"Ours".to_owned())
    );
    assert!(!names(&hub, &player(2)).await.contains(&"Ours".to_owned()));
    assert!(
        !names(&hub, &Viewer::Anonymous)
            .await
            .contains(&"Ours".to_owned())
    );
    let filter = "{ searchGames(query: \"\", filter: { statuses: [\"Ours\"] }) { totalCount } }";
    let refused = hub.refusal(&player(2), filter, json!({})).await;
    assert_eq!(refused.0, "INVALID_INPUT");
    assert_eq!(
        code(&delete(&hub, &player(2), "Ours").await),
        ("NOT_FOUND", "id")
    );
}

#[tokio::test]
async fn a_status_is_removed_when_no_game_has_it() {
    let hub = Hub::with(&[game(1, "Celeste")]).await;
    let me = player(1);
    create(&hub, &me, "Soon").await;
    mark(&hub, 1, "Soon").await;
    let refused = delete(&hub, &me, "Soon").await;
    assert_eq!(code(&refused), ("CONFLICT", "id"));
    assert!(
        refused["problems"][0]["message"]
            .as_str()
            .unwrap()
            .contains('1')
    );
    mark(&hub, 1, "playing").await;
    assert_eq!(delete(&hub, &me, "soon").await["id"], "Soon");
    assert_eq!(names(&hub, &me).await.len(), 5);
    assert_eq!(
        code(&mark(&hub, 1, "Soon").await),
        ("INVALID_INPUT", "input.status")
    );
}

#[tokio::test]
async fn a_status_that_a_rule_names_is_not_removed() {
    let hub = Hub::new().await;
    let me = player(1);
    create(&hub, &me, "Soon").await;
    let document = "mutation($input: CreateCollectionInput!) { createCollection(input: $input) { collection { id } problems { code } } }";
    let status = json!({ "field": "STATUS", "operator": "ONE_OF", "value": { "options": ["soon", "playing"] } });
    let title = json!({ "field": "TITLE", "operator": "CONTAINS", "value": { "text": "Soon" } });
    let mut named = Vec::new();
    for rule in [
        json!({ "all": [title.clone(), { "none": [status] }] }),
        title,
    ] {
        let input = json!({ "input": { "name": "Gathered", "rule": rule } });
        let mut made = hub.data(&me, document, input).await;
        assert_eq!(made["createCollection"]["problems"], json!([]), "{made:#}");
        named.push(made["createCollection"]["collection"]["id"].take());
    }
    let refused = delete(&hub, &me, "Soon").await;
    assert_eq!(code(&refused), ("CONFLICT", "id"));
    assert_eq!(
        refused["problems"][0]["message"],
        "rules of collections name the status `Soon`, 1 of them; take it out of these first"
    );
    let document = "mutation($id: ID!) { deleteCollection(id: $id) { problems { code } } }";
    hub.data(&me, document, json!({ "id": named[0] })).await;
    assert_eq!(delete(&hub, &me, "Soon").await["id"], "Soon");
}

#[tokio::test]
async fn a_status_that_cannot_be_is_refused_with_the_reason() {
    let hub = Hub::new().await;
    let me = player(1);
    let long = "x".repeat(41);
    for odd in ["", "***", long.as_str()] {
        assert_eq!(
            code(&create(&hub, &me, odd).await),
            ("INVALID_INPUT", "input.name"),
            "{odd}"
        );
    }
    // Whether the hub has it or the household: it exists already.
    for taken in ["On hold", "PLAYING"] {
        assert_eq!(
            code(&create(&hub, &me, taken).await),
            ("CONFLICT", "input.name"),
            "{taken}"
        );
    }
    create(&hub, &me, "Soon").await;
    assert_eq!(
        code(&create(&hub, &me, "SOON").await),
        ("CONFLICT", "input.name")
    );
    assert_eq!(
        code(&delete(&hub, &me, "playing").await),
        ("CONFLICT", "id")
    );
    assert_eq!(
        code(&delete(&hub, &me, "never\u{0}was").await),
        ("NOT_FOUND", "id")
    );
    for n in 1..30 {
        assert_eq!(
            create(&hub, &me, &format!("Pile {n}")).await["problems"],
            json!([])
        );
    }
    assert_eq!(
        code(&create(&hub, &me, "One more").await).0,
        "LIMIT_EXCEEDED"
    );
}
