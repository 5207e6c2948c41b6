//! A smart collection from its first preview to the day after, and one put together by hand.

use crate::{
    hub::{Hub, Person, Placement},
    the_graph::{game, import},
};
use serde_json::{Value, json};

fn titles(nodes: &Value) -> Vec<&str> {
    let nodes = nodes.as_array().unwrap().iter();
    nodes.map(|node| node["title"].as_str().unwrap()).collect()
}

async fn games(person: &Person<'_>, id: &Value) -> Value {
    let document = "query($id: ID!) { collection(id: $id) { games { totalCount nodes { title } } totalCount } }";
    person.ask(document, json!({ "id": id })).await["collection"].take()
}

async fn a_rule_is_tried_kept_and_stays_right(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    import(&owner).await;
    // Short and never finished, or anything co-op: what a form would build of what it is told.
    let fields = owner
        .ask(
            "{ collectionFields { name operators { name value } options(query: \"co\") { id count } } }",
            json!({}),
        )
        .await;
    let fields = fields["collectionFields"].as_array().unwrap();
    let tags = fields.iter().find(|field| field["name"] == "TAG").unwrap();
    assert_eq!(tags["options"], json!([{ "id": "co-op", "count": 1 }]));
    let rule = json!({ "any": [
        { "all": [
            { "field": "MAIN_STORY", "operator": "AT_MOST", "value": { "number": 240 } },
            { "none": [{ "field": "STATUS", "operator": "ONE_OF", "value": { "options": ["completed"] } }] },
        ] },
        { "field": "TAG", "operator": "ONE_OF", "value": { "options": ["co-op"] } },
    ] });
    let preview = owner
        .ask(
            "query($rule: CollectionRule!) { previewCollection(rule: $rule) { totalCount nodes { title status { name } } } }",
            json!({ "rule": rule }),
        )
        .await["previewCollection"]
        .take();
    let expected = ["Nobody Rated This", "Portal 2", "Unpacking"];
    assert_eq!(titles(&preview["nodes"]), expected);
    assert_eq!(preview["totalCount"], 3);

    let made = owner
        .ask(
            "mutation($input: CreateCollectionInput!) { createCollection(input: $input) { collection { id rule } problems { code field message } } }",
            json!({ "input": { "name": "An evening", "rule": rule } }),
        )
        .await;
    assert_eq!(made["createCollection"]["problems"], json!([]));
    let id = &made["createCollection"]["collection"]["id"];
    assert_eq!(made["createCollection"]["collection"]["rule"], rule);
    let kept = games(&owner, id).await;
    assert_eq!(titles(&kept["games"]["nodes"]), expected);
    assert_eq!(kept["totalCount"], 3);

    // Finished: it is gone at once, and one can see why.
    let unpacking = game(&owner, "Unpacking").await;
    owner
        .ask(
            "mutation($id: ID!) { updateGame(input: { gameId: $id, status: \"completed\" }) { problems { code } } }",
            json!({ "id": unpacking }),
        )
        .await;
    let kept = games(&owner, id).await;
    assert_eq!(titles(&kept["games"]["nodes"]), expected[..2]);
    let why = owner
        .ask(
            "query($id: ID!, $game: ID!) { whyInCollection(collectionId: $id, gameId: $game) { included parts { path held value } } }",
            json!({ "id": id, "game": unpacking }),
        )
        .await["whyInCollection"]
        .take();
    assert_eq!(why["included"], false);
    let parts = why["parts"].as_array().unwrap();
    let part = json!({ "path": "rule.any[0].all[1].none[0]", "held": true, "value": "Completed" });
    assert!(parts.contains(&part), "{why:#}");

    let wrong = owner
        .send(
            "query($rule: CollectionRule!) { previewCollection(rule: $rule) { totalCount } }",
            json!({ "rule": { "all": [{ "field": "STATUS", "operator": "ONE_OF", "value": { "text": "x" } }] } }),
        )
        .await;
    assert_eq!(
        wrong["errors"][0]["extensions"]["field"],
        "rule.all[0].value"
    );
}

async fn what_is_put_together_by_hand_keeps_its_order_and_is_nobody_elses(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    import(&owner).await;
    let (portal, doom) = (game(&owner, "Portal").await, game(&owner, "DOOM").await);
    let made = owner
        .ask(
            "mutation($games: [ID!]) { createCollection(input: { name: \"First\", gameIds: $games }) { collection { id } problems { code } } }",
            json!({ "games": [portal, doom] }),
        )
        .await;
    let id = made["createCollection"]["collection"]["id"].clone();
    let moved = owner
        .ask(
            "mutation($input: AddToCollectionInput!) { addToCollection(input: $input) { collection { games { nodes { title } } } problems { code } } }",
            json!({ "input": { "collectionId": id, "gameIds": [doom], "beforeGameId": portal } }),
        )
        .await;
    let nodes = &moved["addToCollection"]["collection"]["games"]["nodes"];
    assert_eq!(titles(nodes), ["DOOM", "Portal"]);

    let made = owner
        .ask(
            "mutation { createProfile(input: { name: \"Ben\", ceiling: TEEN }) { profile { id } problems { code } } }",
            json!({}),
        )
        .await;
    let used = owner
        .ask(
            "mutation($id: ID!) { useProfile(profileId: $id) { tokens { accessToken refreshToken player { id } } problems { code } } }",
            json!({ "id": made["createProfile"]["profile"]["id"] }),
        )
        .await;
    let ben = Person::new(&hub, &used["useProfile"]);
    assert_eq!(games(&ben, &id).await, Value::Null);
    let everything = json!({ "rule": { "field": "PLATFORM_COUNT", "operator": "AT_LEAST", "value": { "number": 1 } } });
    let seen = ben
        .ask(
            "query($rule: CollectionRule!) { collections { totalCount } previewCollection(rule: $rule) { totalCount nodes { title } } }",
            everything,
        )
        .await;
    assert_eq!(seen["collections"]["totalCount"], 0);
    assert_eq!(seen["previewCollection"]["totalCount"], 4);
    assert!(!seen.to_string().contains("DOOM"), "{seen}");

    let deleted = owner
        .ask(
            "mutation($id: ID!) { deleteCollection(id: $id) { ok problems { code } } }",
            json!({ "id": id }),
        )
        .await;
    assert_eq!(deleted["deleteCollection"]["ok"], true);
    assert_eq!(games(&owner, &id).await, Value::Null);
}

crate::in_both_placements!(
    a_rule_is_tried_kept_and_stays_right,
    what_is_put_together_by_hand_keeps_its_order_and_is_nobody_elses
);
