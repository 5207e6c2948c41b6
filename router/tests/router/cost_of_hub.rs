//! The hub's own documents, and those of its SPA, at the largest pages they ask for: all within
//! the limits that are set when nothing is configured.

use super::cost::{asked, silent};
use djinn_router::{Limits, Router};
use graphql_tools::{
    parser::{parse_query, parse_schema},
    static_graphql::{query, schema},
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

const NAMES: [&str; 5] = ["ai", "leaderboard", "library", "metadata", "session"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn hub(limits: Limits) -> Router {
    let file = root().join("schema/supergraph.graphql");
    silent(&std::fs::read_to_string(file).unwrap(), &NAMES, limits)
}

/// Every `.graphql` file below a folder.
fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, into);
        } else if path.extension().is_some_and(|it| it == "graphql") {
            into.push(path);
        }
    }
}

/// Operations and fragments by kind and name, without the directives that make doors of them.
fn definitions() -> BTreeMap<String, String> {
    let mut found = Vec::new();
    files(&root().join("schema/operations"), &mut found);
    files(&root().join("frontend/src"), &mut found);
    let mut all = BTreeMap::new();
    for file in found {
        let text: String = std::fs::read_to_string(&file)
            .unwrap()
            .lines()
            .filter(|line| !line.trim_start().starts_with('#'))
            .collect::<Vec<_>>()
            .join(
                "
",
            );
        let folder = file
            .parent()
            .unwrap()
            .file_name()
            .unwrap()
            .display()
            .to_string();
        for definition in split(&without_doors(&text)) {
            let name: String = definition
                .split_once(' ')
                .unwrap()
                .1
                .chars()
                .take_while(|it| it.is_alphanumeric() || *it == '_')
                .collect();
            let key = if definition.starts_with("fragment") {
                name
            } else {
                format!("{folder} {name}")
            };
            all.insert(key, definition);
        }
    }
    all
}

fn without_doors(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        let (before, directive) = rest.split_at(at);
        out.push_str(before);
        let name: String = directive[1..]
            .chars()
            .take_while(|it| it.is_alphanumeric())
            .collect();
        if ["include", "skip"].contains(&name.as_str()) {
            out.push('@');
            rest = &directive[1..];
            continue;
        }
        let after = directive[1 + name.len()..].trim_start();
        rest = match after.strip_prefix('(') {
            Some(arguments) => &arguments[end(arguments)..],
            None => after,
        };
    }
    out + rest
}

/// Behind the bracket that closes, texts aside.
fn end(arguments: &str) -> usize {
    let (mut open, mut quoted) = (1, false);
    for (at, char) in arguments.char_indices() {
        match char {
            '"' => quoted = !quoted,
            '(' if !quoted => open += 1,
            ')' if !quoted => open -= 1,
            _ => {}
        }
        if open == 0 {
            return at + 1;
        }
    }
    arguments.len()
}

fn split(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let (mut depth, mut brackets, mut start) = (0, 0, 0);
    for (at, char) in text.char_indices() {
        match char {
            '(' => brackets += 1,
            ')' => brackets -= 1,
            '{' if brackets == 0 => depth += 1,
            '}' if brackets == 0 => {
                depth -= 1;
                if depth == 0 {
                    all.push(text[start..=at].trim().to_owned());
                    start = at + 1;
                }
            }
            _ => {}
        }
    }
    all
}

/// An operation with the fragments it spreads.
fn document(operation: &str, all: &BTreeMap<String, String>) -> String {
    let mut text = operation.to_owned();
    let mut taken = Vec::new();
    loop {
        let next = all
            .iter()
            .find(|(name, definition)| {
                definition.starts_with("fragment")
                    && !taken.contains(name)
                    && text.contains(&format!("...{name}"))
            })
            .map(|(name, definition)| (name, definition.clone()));
        let Some((name, definition)) = next else {
            return text;
        };
        taken.push(name);
        text = format!("{text}\n{definition}");
    }
}

/// Values for everything that a document declares: pages as large as anybody asks for, and of input
/// objects what they need.
fn variables(document: &str, api: &schema::Document) -> Value {
    let document = parse_query::<String>(document).unwrap().into_static();
    let declared = document.definitions.iter().flat_map(|it| match it {
        query::Definition::Operation(query::OperationDefinition::Query(it)) => {
            it.variable_definitions.clone()
        }
        query::Definition::Operation(query::OperationDefinition::Mutation(it)) => {
            it.variable_definitions.clone()
        }
        query::Definition::Operation(query::OperationDefinition::Subscription(it)) => {
            it.variable_definitions.clone()
        }
        _ => Vec::new(),
    });
    let all = declared.map(|variable| {
        let value = match (variable.name.as_str(), sample(&variable.var_type, api)) {
            ("limit" | "radius", Value::Number(_)) => json!(50),
            ("after", _) => Value::Null,
            (_, value) => value,
        };
        (variable.name, value)
    });
    Value::Object(all.collect())
}

fn sample(of: &query::Type, api: &schema::Document) -> Value {
    let name = match of {
        query::Type::NonNullType(inner) => return sample(inner, api),
        query::Type::ListType(inner) => return json!([sample(inner, api)]),
        query::Type::NamedType(name) => name,
    };
    let found = api.definitions.iter().find_map(|it| match it {
        schema::Definition::TypeDefinition(it) if it.name() == name => Some(it),
        _ => None,
    });
    match (name.as_str(), found) {
        ("Int", _) => json!(100),
        ("Float", _) => json!(1.0),
        ("Boolean", _) => json!(true),
        ("JSON", _) => json!({}),
        (_, Some(schema::TypeDefinition::Enum(it))) => json!(it.values[0].name),
        (_, Some(schema::TypeDefinition::InputObject(it))) => {
            let needed = it.fields.iter().filter(|field| {
                matches!(field.value_type, query::Type::NonNullType(_))
                    && field.default_value.is_none()
            });
            let fields = needed.map(|field| (field.name.clone(), sample(&field.value_type, api)));
            Value::Object(fields.collect())
        }
        _ => json!("x"),
    }
}

#[tokio::test]
async fn every_document_of_the_hub_and_of_its_spa_is_within_the_limits() {
    let hub_in_force = hub(Limits::default());
    let file = std::fs::read_to_string(root().join("schema/api.graphql")).unwrap();
    let api = parse_schema::<String>(&file).unwrap().into_static();
    let all = definitions();
    let mut checked = 0;
    for (name, operation) in all.iter().filter(|(_, it)| !it.starts_with("fragment")) {
        let text = document(operation, &all);
        let answer = asked(&hub_in_force, &text, None, variables(&text, &api)).await;
        let code = answer["errors"][0]["extensions"]["code"]
            .as_str()
            .unwrap_or("none");
        let refused = [
            "QUERY_TOO_COMPLEX",
            "QUERY_TOO_DEEP",
            "GRAPHQL_VALIDATION_FAILED",
            "VARIABLE_INVALID",
            "GRAPHQL_PARSE_FAILED",
        ];
        assert!(!refused.contains(&code), "{name}: {answer}\n{text}");
        checked += 1;
    }
    assert!(checked > 50, "only {checked} documents were found");
}

#[tokio::test]
async fn fifty_to_the_power_of_three_is_refused() {
    let hub = hub(Limits::default());
    for query in [
        "{ games(first: 50) { nodes { similar(first: 50) { game { similar(first: 50) { score } } } } } }",
        "{ boards(first: 50) { nodes { top(first: 50) { nodes { player { ranks(first: 50) { rank } } } } } } }",
        "{ games(first: 100) { nodes { copies { library { syncs(first: 100) { nodes { id } } } } } } }",
    ] {
        let answer = asked(&hub, query, None, json!({})).await;
        let error = &answer["errors"][0];
        assert_eq!(
            error["extensions"]["code"], "QUERY_TOO_COMPLEX",
            "{query}: {answer}"
        );
        assert_eq!(error["extensions"]["maximumCost"], 1_000, "{answer}");
    }
}
