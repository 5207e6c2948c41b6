//! The subgraphs themselves, asked without the router: they hold their own rules.

use super::{
    Outcome, SUBGRAPHS,
    documents::Types,
    due, outcome,
    table::{ENTITIES, ROOTS, Who},
};
use crate::{
    hub::{Hub, Person, Placement},
    rules::{MISSING, cast::Cast, shown},
};
use async_graphql::parser::types::TypeKind;
use djinn_kernel::{Esrb, Role, Scope, Viewer, viewer::Identity};
use djinn_platform::{SystemClock, master::MasterKey};
use djinn_subgraph_kit::{Parts, Ports, token};
use djinn_testkit::{ports, viewers};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn subgraph(name: &str, ports: Ports) -> Parts {
    match name {
        "ai" => djinn_ai::Ai::assemble(ports, djinn_ai::Config::default()),
        "leaderboard" => {
            djinn_leaderboard::Leaderboard::assemble(ports, djinn_leaderboard::Config::default())
        }
        "library" => djinn_library::Library::assemble(ports, djinn_library::Config::default()),
        "metadata" => djinn_metadata::Metadata::assemble(ports, djinn_metadata::Config::default()),
        _ => djinn_session::Session::assemble(ports, djinn_session::Config::default()),
    }
}

#[test]
fn every_entity_has_a_row() {
    let listed: BTreeSet<_> = ENTITIES.iter().map(|row| row.field.to_owned()).collect();
    let mut found = BTreeSet::new();
    for (subgraph, sdl) in SUBGRAPHS {
        for (name, _, definition) in Types::read(sdl).objects() {
            let keyed = definition.directives.iter().any(|directive| {
                let stub = directive
                    .node
                    .get_argument("resolvable")
                    .is_some_and(|value| value.node.to_string() == "false");
                directive.node.name.node == "key" && !stub
            });
            if keyed && matches!(definition.kind, TypeKind::Object(_)) {
                found.insert(format!("{subgraph}.{name}"));
            }
        }
    }
    assert_eq!(
        found, listed,
        "left: what the schema has; right: tests/stories/rules/table.rs"
    );
}

fn everybody() -> Vec<(&'static str, Viewer)> {
    vec![
        ("nobody", Viewer::Anonymous),
        ("the hub", Viewer::Hub),
        (
            "a read-only key",
            viewers::key(1, &[Scope::ReadLibrary, Scope::ReadPlay]),
        ),
        (
            "a key to play",
            viewers::key(1, &[Scope::ReadPlay, Scope::WritePlay]),
        ),
        (
            "a key for the account",
            viewers::key(1, &[Scope::ManageAccount]),
        ),
        ("a child", viewers::child(2, 1, Esrb::Teen)),
        ("a player", viewers::player(1)),
        ("the admin", viewers::admin(3)),
    ]
}

#[tokio::test]
async fn every_entity_and_every_root_field_holds_its_rule_without_the_router() {
    let ports = ports::frozen().await;
    let mut wrong = Vec::new();
    let mut tried = 0;
    for (name, sdl) in SUBGRAPHS {
        let parts = subgraph(name, ports.ports.clone());
        let types = Types::read(sdl);
        let mut questions = Vec::new();
        for row in ENTITIES {
            if let Some(entity) = row
                .field
                .strip_prefix(name)
                .and_then(|rest| rest.strip_prefix('.'))
            {
                let body = format!(
                    "query {{ _entities(representations: [{{ __typename: {entity:?}, id: {MISSING:?} }}]) {{ __typename }} }}"
                );
                questions.push((row, body));
            }
        }
        for row in ROOTS {
            let (parent, field) = super::split(row.field);
            let ours = types.objects().any(|(name, object, _)| {
                name == parent
                    && object
                        .fields
                        .iter()
                        .any(|found| found.node.name.node == field)
            });
            // Mutations are tried at the front door: here one after the other would change things.
            if ours && parent == "Query" {
                questions.push((
                    row,
                    format!("query {{ {} }}", types.ask(parent, field, MISSING, false)),
                ));
            }
        }
        for (row, body) in questions {
            for (who, viewer) in everybody() {
                let response = parts
                    .subgraph
                    .execute(viewers::call(&viewer, &body, json!({})))
                    .await
                    .unwrap();
                let answer = serde_json::to_value(&response).unwrap();
                let due = due_of(row.who, &viewer);
                tried += 1;
                if outcome(&answer, row.nonsense) != due {
                    wrong.push(format!(
                        "{} ({}) for {who}: {due:?}, but {answer}",
                        row.field,
                        shown(row.who)
                    ));
                }
            }
        }
    }
    assert!(tried > 200, "{tried}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn due_of(who: Who, viewer: &Viewer) -> Outcome {
    match (who, viewer) {
        (Who::Hub, Viewer::Hub) => Outcome::Open,
        (Who::Hub, _) => Outcome::Forbidden,
        _ => due(
            who,
            viewer.identity().map(|identity| identity.scopes.as_slice()),
        ),
    }
}

/// The secret that all processes of a story share; see `Hub::start`.
const SECRET: &str = "a secret that all processes of a story share";

async fn a_subgraph_hears_nobody_but_the_hub_and_trusts_no_representation(placement: Placement) {
    if placement == Placement::One {
        return; // There is no endpoint to call.
    }
    let hub = Hub::start(placement, &[]).await;
    let cast = Cast::of(&hub).await;
    let libraries = cast
        .anna
        .ask("{ libraries { nodes { id } } }", json!({}))
        .await;
    let library = libraries["libraries"]["nodes"][0]["id"].as_str().unwrap();
    let body = json!({ "query": format!("{{ _entities(representations: [{{ __typename: \"PlatformLibrary\", id: {library:?}, label: \"forged\", household: {:?} }}]) {{ ... on PlatformLibrary {{ id label account }} }} }}", cast.otto.id) });
    let keys = MasterKey::from_secret(SECRET).keys();
    let known = |person: &Person<'_>| {
        let player = djinn_kernel::ids::PlayerId::parse(&person.id).unwrap();
        Viewer::Known(Identity {
            player,
            household: player,
            role: Role::Player,
            scopes: Role::Player.scopes(),
            family: None,
            login: None,
            key: None,
        })
    };
    let ask = async |subgraph: &str, token: Option<&str>, body: &Value| {
        let mut request = hub.http.post(hub.endpoint(subgraph)).json(body);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await.unwrap();
        (
            answer.status().as_u16(),
            answer.json::<Value>().await.unwrap(),
        )
    };
    let hello = json!({ "query": "{ __typename }" });
    for (subgraph, _) in SUBGRAPHS {
        let others = MasterKey::from_secret("the secret of another hub, as long").keys();
        let foreign = token::sign(&others, &SystemClock, &Viewer::Hub);
        let tokens = [
            None,
            cast.anna.token.as_deref(),
            Some(foreign.as_str()),
            Some(""),
        ];
        for token in tokens {
            let (status, answer) = ask(subgraph, token, &hello).await;
            assert_eq!(status, 401, "{subgraph}: {answer}");
            assert_eq!(super::codes(&answer), ["UNAUTHENTICATED"], "{subgraph}");
        }
    }
    // The hub's own token, for Otto: what the representation says of him is worth nothing.
    let otto = token::sign(&keys, &SystemClock, &known(&cast.otto));
    let (status, answer) = ask("library", Some(&otto), &body).await;
    assert_eq!(
        (status, &answer["data"]["_entities"]),
        (200, &json!([null])),
        "{answer}"
    );
    let anna = token::sign(&keys, &SystemClock, &known(&cast.anna));
    let (_, answer) = ask("library", Some(&anna), &body).await;
    assert_eq!(answer["data"]["_entities"][0]["label"], "Shelf", "{answer}");
}

crate::in_both_placements!(a_subgraph_hears_nobody_but_the_hub_and_trusts_no_representation);
