//! What belongs to somebody else looks exactly like what is not there.

use super::{
    MISSING, answer, cast,
    documents::{API, Types},
    hub, split,
    table::ROOTS,
};
use crate::{hub::Person, the_graph::game};
use djinn_kernel::Scope;
use djinn_testkit::steam::{ACCOUNT, KEY, Steam};
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc};

/// Everything of Anna's that has an id.
async fn belongings(hub: &crate::hub::Hub, anna: &Person<'_>) -> BTreeMap<&'static str, String> {
    let text = |value: &Value| {
        value
            .as_str()
            .unwrap_or_else(|| panic!("no id: {value}"))
            .to_owned()
    };
    let linked = anna
        .ask(
            "mutation($fields: [ConnectValue!]) { linkLibrary(input: { platform: \"steam\", fields: $fields }) { library { id lastSync { id } } problems { code message } } }",
            json!({ "fields": [{ "name": "apiKey", "value": KEY }, { "name": "account", "value": ACCOUNT }] }),
        )
        .await;
    let library = &linked["linkLibrary"]["library"];
    let profile = anna
        .ask(
            "mutation { createProfile(input: { name: \"Ida\", ceiling: TEEN }) { profile { id } problems { code } } }",
            json!({}),
        )
        .await;
    let room = anna
        .ask(
            "mutation { createRoom(input: { name: \"Ours\", public: false }) { room { id } problems { code } } }",
            json!({}),
        )
        .await;
    let collection = anna
        .ask(
            "mutation { createCollection(input: { name: \"Mine\" }) { collection { id } problems { code } } }",
            json!({}),
        )
        .await;
    let (_, key) = cast::key(hub, anna, &[Scope::ReadLibrary]).await;
    // A second login, to be ended.
    hub.sign_in().await;
    let logins = anna
        .ask("{ logins { nodes { id current } } }", json!({}))
        .await;
    let nodes = logins["logins"]["nodes"].as_array().unwrap();
    let other = nodes
        .iter()
        .find(|login| login["current"] == false)
        .unwrap();
    BTreeMap::from([
        ("library", text(&library["id"])),
        ("run", text(&library["lastSync"]["id"])),
        ("profile", text(&profile["createProfile"]["profile"]["id"])),
        ("room", text(&room["createRoom"]["room"]["id"])),
        (
            "collection",
            text(&collection["createCollection"]["collection"]["id"]),
        ),
        ("game", text(&game(anna, "Unpacking").await)),
        ("key", text(&key)),
        ("login", text(&other["id"])),
    ])
}

/// An answer without what differs between any two.
fn plain(mut answer: Value, id: &str) -> String {
    for error in answer["errors"].as_array_mut().into_iter().flatten() {
        error["extensions"]
            .as_object_mut()
            .unwrap()
            .remove("requestId");
    }
    answer.to_string().replace(id, "ID")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_belongs_to_somebody_else_looks_exactly_missing() {
    let steam = Arc::clone(&Steam::new()).serve(0).await;
    let hub = crate::hub::Hub::start(
        crate::hub::Placement::One,
        &[
            ("DJINN__STEAM__API_URL", format!("http://{steam}")),
            ("DJINN__STEAM__STORE_URL", format!("http://{steam}")),
        ],
    )
    .await;
    let api = Types::read(API);
    let cast = cast::Cast::of(&hub).await;
    let theirs = belongings(&hub, &cast.anna).await;
    let mut compared = 0;
    for row in ROOTS {
        let Some(id) = row.owned.map(|kind| &theirs[kind]) else {
            continue;
        };
        let (parent, field) = split(row.field);
        let strangers = [("a player", &cast.otto), ("a moderator", &cast.mia)];
        for (who, person) in strangers {
            let seen = answer(person, parent, &api.ask(parent, field, id, true)).await;
            let missing = answer(person, parent, &api.ask(parent, field, MISSING, true)).await;
            assert_eq!(
                plain(seen, id),
                plain(missing, MISSING),
                "{} of Anna for {who}",
                row.field
            );
            compared += 1;
        }
    }
    assert!(compared >= 36, "{compared}");
    // And the comparison means something: to Anna the same questions have another answer.
    for row in ROOTS {
        let Some(id) = row.owned.map(|kind| &theirs[kind]) else {
            continue;
        };
        let (parent, field) = split(row.field);
        let missing = answer(&cast.anna, parent, &api.ask(parent, field, MISSING, true)).await;
        let seen = answer(&cast.anna, parent, &api.ask(parent, field, id, true)).await;
        assert_ne!(
            plain(seen, id),
            plain(missing, MISSING),
            "{} for Anna",
            row.field
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_hangs_on_a_shared_thing_is_the_viewers_own() {
    let hub = hub().await;
    let cast = cast::Cast::of(&hub).await;
    let doom = game(&cast.anna, "DOOM").await;
    // Two boards, one of them of a game that nobody has ever seen.
    let board = async |name: &str, game: &Value| {
        let made = cast
            .anna
            .ask(
                "mutation($name: String!, $game: ID) { createBoard(input: { name: $name, gameId: $game }) { board { id } problems { code } } }",
                json!({ "name": name, "game": game }),
            )
            .await;
        let id = made["createBoard"]["board"]["id"].clone();
        cast.anna
            .ask(
                "mutation($id: ID!, $key: String!) { submitScore(input: { boardId: $id, score: 7, key: $key }) { problems { code } } }",
                json!({ "id": id, "key": name }),
            )
            .await;
        id
    };
    let (real, unreal) = (
        board("real", &doom).await,
        board("unreal", &json!(MISSING)).await,
    );
    let look = "query($id: ID!) { board(id: $id) { game { copies { id title } status { id } notes playtimeMinutes favourite similar(first: 1) { score } }
        top(first: 1) { nodes { player { name family { ceiling } profiles { id } libraries { label } } } } } }";
    let at = async |person: &Person<'_>, id: &Value| {
        plain(
            person.send(look, json!({ "id": id })).await,
            doom.as_str().unwrap(),
        )
    };
    for person in [&cast.otto, &cast.mia] {
        let seen = at(person, &real).await;
        assert_eq!(seen, at(person, &unreal).await);
        assert!(
            seen.contains("\"name\":\"Anna\"")
                && seen.contains("\"libraries\":[]")
                && seen.contains("\"profiles\":[]"),
            "{seen}"
        );
    }
    // DOOM is above Ben's ceiling: neither the catalogue nor his own household's shelf shows it.
    let title = "query($id: ID!) { board(id: $id) { name game { title esrb copies { title } status { id } similar(first: 1) { score } } } }";
    let of = async |id: &Value| {
        let answer = plain(
            cast.ben.send(title, json!({ "id": id })).await,
            doom.as_str().unwrap(),
        );
        answer.replace("unreal", "real")
    };
    assert_eq!(of(&real).await, of(&unreal).await);
    let by_id = "query($id: ID!) { game(id: $id) { title copies { title } } }";
    let seen = cast.ben.send(by_id, json!({ "id": doom })).await;
    assert_eq!(seen, cast.ben.send(by_id, json!({ "id": MISSING })).await);
    assert_eq!(seen, json!({ "data": { "game": null } }));
}
