//! Who may ask for what: every field with a rule, tried by everybody.

pub mod cast;
pub mod documents;
mod entities;
mod owned;
pub mod table;

use crate::hub::{Hub, Person, Placement};
use cast::Actor;
use djinn_kernel::Scope;
use documents::{API, Types};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use table::{FIELDS, ROOTS, Row, Who};

/// The subgraphs' own schemas, as other gateways read them.
const SUBGRAPHS: [(&str, &str); 5] = [
    ("ai", include_str!("../../../schema/ai.graphql")),
    (
        "leaderboard",
        include_str!("../../../schema/leaderboard.graphql"),
    ),
    ("library", include_str!("../../../schema/library.graphql")),
    ("metadata", include_str!("../../../schema/metadata.graphql")),
    ("session", include_str!("../../../schema/session.graphql")),
];
const ROOT_TYPES: [&str; 3] = ["Query", "Mutation", "Subscription"];
/// An id of the right shape that nothing has.
pub const MISSING: &str = "01920000-0000-7000-8000-ffffffffffff";

fn shown(who: Who) -> String {
    match who {
        Who::Anyone => "anyone".to_owned(),
        Who::SignedIn => "signed in".to_owned(),
        Who::Has(scope) => scope.as_str().to_owned(),
        Who::HasEither(one, other) => format!("{} or {}", one.as_str(), other.as_str()),
        Who::Hub => "the hub".to_owned(),
    }
}

/// The rule that a field's directives declare.
fn declared(field: &async_graphql::parser::types::FieldDefinition) -> Option<String> {
    field.directives.iter().find_map(|directive| {
        let argument = |name: &str| {
            directive
                .node
                .get_argument(name)
                .map(|value| value.node.to_string())
        };
        match directive.node.name.node.as_str() {
            "authenticated" => Some("signed in".to_owned()),
            "requiresScopes" => argument("scopes")
                .map(|scopes| scopes.replace("], [", " or ").replace(['[', ']', '"'], "")),
            "tag" => argument("name").map(|name| match name.as_str() {
                "\"hub\"" => "the hub".to_owned(),
                name => name.replace('"', ""),
            }),
            _ => None,
        }
    })
}

#[test]
fn every_field_of_a_root_type_has_a_rule_and_the_table_says_the_same() {
    let mut declared_rules = BTreeMap::new();
    for (subgraph, sdl) in SUBGRAPHS {
        let types = Types::read(sdl);
        for (name, object, _) in types.objects() {
            let root = ROOT_TYPES.contains(&name);
            for field in &object.fields {
                let at = format!("{name}.{}", field.node.name.node);
                match declared(&field.node) {
                    Some(rule) => {
                        declared_rules.insert(at, rule);
                    }
                    None => assert!(
                        !root,
                        "{at} of {subgraph} has no rule: say one in its #[graphql(directive = …)]"
                    ),
                }
            }
        }
    }
    let listed: BTreeMap<_, _> = ROOTS
        .iter()
        .chain(FIELDS)
        .map(|row| (row.field.to_owned(), shown(row.who)))
        .collect();
    for (field, rule) in &declared_rules {
        assert_eq!(
            listed.get(field),
            Some(rule),
            "{field} is not in tests/stories/rules/table.rs as the schema has it"
        );
    }
    for field in listed.keys() {
        assert!(
            declared_rules.contains_key(field),
            "{field} is in the table, but has no rule in the schema"
        );
    }
}

#[test]
fn every_type_of_the_public_schema_can_be_got_at() {
    assert_eq!(Types::read(API).strays(), Vec::<&str>::new());
}

/// What should come of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Open,
    Unauthenticated,
    Forbidden,
}

fn due(who: Who, scopes: Option<&[Scope]>) -> Outcome {
    let has = |scope: Scope| match scopes {
        None => Outcome::Unauthenticated,
        Some(scopes) if scopes.contains(&scope) => Outcome::Open,
        Some(_) => Outcome::Forbidden,
    };
    match who {
        Who::SignedIn if scopes.is_none() => Outcome::Unauthenticated,
        Who::Anyone | Who::SignedIn => Outcome::Open,
        Who::Has(scope) => has(scope),
        Who::HasEither(one, _) if has(one) == Outcome::Open => Outcome::Open,
        Who::HasEither(_, other) => has(other),
        Who::Hub => Outcome::Forbidden,
    }
}

fn due_of_row(row: &Row, actor: &Actor<'_>) -> Outcome {
    match due(row.who, actor.scopes.as_deref()) {
        Outcome::Open if row.grown_ups && actor.child => Outcome::Forbidden,
        Outcome::Open if row.by_login && actor.key => Outcome::Forbidden,
        outcome => outcome,
    }
}

fn codes(answer: &Value) -> Vec<&str> {
    let errors = answer["errors"].as_array();
    errors
        .into_iter()
        .flatten()
        .map(|error| error["extensions"]["code"].as_str().unwrap())
        .collect()
}

fn outcome<'a>(answer: &'a Value, nonsense: Option<&str>) -> Outcome {
    let codes: Vec<&'a str> = codes(answer);
    for (code, outcome) in [
        ("UNAUTHENTICATED", Outcome::Unauthenticated),
        ("FORBIDDEN", Outcome::Forbidden),
    ] {
        if codes.contains(&code) && nonsense != Some(code) {
            return outcome;
        }
    }
    Outcome::Open
}

/// The first answer to a document; of a subscription, its first event.
pub async fn answer(person: &Person<'_>, parent: &str, body: &str) -> Value {
    let operation = format!("{} {{ {body} }}", parent.to_lowercase());
    if parent == "Subscription" {
        return person.first_event(&operation).await;
    }
    person.send(&operation, json!({})).await
}

pub fn split(field: &str) -> (&str, &str) {
    field.split_once('.').unwrap()
}

/// A hub that lets a test ask as often as it likes.
async fn hub() -> Hub {
    Hub::start(Placement::One, &[]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_lets_in_whom_its_rule_names_and_nobody_else() {
    let hub = hub().await;
    let api = Types::read(API);
    let mut wrong = Vec::new();
    let mut tried = 0;
    for actor in cast::actors(&hub).await {
        for row in ROOTS {
            let (parent, field) = split(row.field);
            if row.who == Who::Hub {
                // No door knows it; `entities` tries the subgraph itself.
                assert!(!API.contains(&format!("  {field}(")), "{field} is public");
                continue;
            }
            let document = api.ask(parent, field, MISSING, false);
            let answer = answer(&actor.person, parent, &document).await;
            let due = due_of_row(row, &actor);
            tried += 1;
            if outcome(&answer, row.nonsense) != due {
                wrong.push(format!(
                    "{} for {}: {due:?}, but {answer}",
                    row.field, actor.name
                ));
            }
        }
    }
    assert!(tried >= 8 * 40, "{tried}");
    assert!(
        wrong.is_empty(),
        "{tried} tried, {} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_a_subgraph_adds_to_anothers_type_has_its_own_rule() {
    let hub = hub().await;
    let api = Types::read(API);
    let roots: BTreeMap<_, _> = ROOTS.iter().map(|row| (row.field, row.who)).collect();
    let mut wrong = Vec::new();
    for actor in cast::actors(&hub).await {
        for row in FIELDS {
            let (parent, field) = split(row.field);
            let body = row
                .through
                .replace('@', &api.ask(parent, field, MISSING, false));
            let root: String = row
                .through
                .chars()
                .skip_while(|c| !c.is_alphabetic())
                .take_while(|c| c.is_alphanumeric())
                .collect();
            // Nobody is anybody: `me` is null to them, and leads nowhere.
            let scopes = actor.scopes.as_deref();
            let leads = due(roots[format!("Query.{root}").as_str()], scopes);
            let due = match leads {
                Outcome::Open if root == "me" && actor.scopes.is_none() => Outcome::Open,
                Outcome::Open
                    if root == "games" && actor.name != "the admin" && actor.name != "a child" =>
                {
                    continue;
                }
                Outcome::Open => due(row.who, scopes),
                refused => refused,
            };
            let answer = actor.person.send(&body, json!({})).await;
            if outcome(&answer, None) != due {
                wrong.push(format!(
                    "{} for {}: {due:?}, but {answer}",
                    row.field, actor.name
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credential_that_has_ended_opens_nothing_but_the_ways_to_another() {
    let hub = hub().await;
    let api = Types::read(API);
    let cast = cast::Cast::of(&hub).await;
    let (revoked, id) = cast::key(&hub, &cast.anna, &Scope::ALL).await;
    let ended = hub.sign_in().await;
    revoked.ask("{ me { name } }", json!({})).await;
    ended.ask("mutation { logout { ok } }", json!({})).await;
    cast.anna
        .ask(
            "mutation($id: ID!) { revokeApiKey(id: $id) { ok } }",
            json!({ "id": id }),
        )
        .await;
    // Who asks for a new credential is a stranger, whatever they still carry.
    let entrances = [
        "Mutation.login",
        "Mutation.refreshLogin",
        "Mutation.acceptInvite",
        "Mutation.completeSetup",
    ];
    for (who, person) in [("a revoked key", &revoked), ("an ended login", &ended)] {
        for field in entrances {
            let (parent, name) = split(field);
            let document = api.ask(parent, name, MISSING, false);
            let told = answer(person, parent, &document).await;
            let stranger = answer(&hub.anonymous(), parent, &document).await;
            assert_eq!(codes(&told), codes(&stranger), "{field} by {who}: {told}");
        }
        for row in ROOTS
            .iter()
            .filter(|row| row.who != Who::Hub && !entrances.contains(&row.field))
        {
            let (parent, field) = split(row.field);
            let document = api.ask(parent, field, MISSING, false);
            let answer = answer(person, parent, &document).await;
            assert_eq!(
                codes(&answer),
                ["UNAUTHENTICATED"],
                "{} by {who}: {answer}",
                row.field
            );
            assert!(answer.get("data").is_none_or(Value::is_null), "{answer}");
        }
    }
}
