//! Whatever is asked, the federated answer is that of one graph with all the data.

use super::{executor::Graph, fixture::Fixture};
use crate::router::graphs::{json, request};
use async_graphql::Variables;
use djinn_router::Limits;
use graphql_tools::static_graphql::schema::{
    Definition, Document, Field, InterfaceType, ObjectType, Type, TypeDefinition,
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::{collections::HashMap, fmt::Write as _};

/// What a property is about: a fixture, and what its queries may hold.
#[derive(Default)]
struct About {
    feature: &'static str,
    /// What the arguments of a name may be.
    arguments: &'static [(&'static str, &'static [&'static str])],
    /// Fields that one graph cannot answer, because a requirement of them has arguments.
    without: &'static [&'static str],
    /// Entities of interface objects, and which of an object type they are.
    really: &'static [(&'static str, &'static str)],
}

/// All subgraphs' data as one: what the same entity has in several of them is put together.
fn joined(fixture: &Fixture, really: &[(&str, &str)]) -> Value {
    let mut all = json!({"joined": true});
    for subgraph in fixture.subgraphs() {
        let mut text = fixture.text(&format!("{subgraph}.json"));
        for (interface, object) in really {
            text = text.replace(&format!("\"{interface}\""), &format!("\"{object}\""));
        }
        merge(&mut all, serde_json::from_str(&text).unwrap(), 3);
    }
    for (interface, object) in really {
        let (interface, name) = interface.split_once('/').unwrap();
        let (object, _) = object.split_once('/').unwrap();
        let entities = &mut all["entities"];
        let added = entities[interface][name].take();
        merge(&mut entities[object][name], added, 1);
    }
    for (interface, _) in really {
        let (interface, _) = interface.split_once('/').unwrap();
        all["entities"].as_object_mut().unwrap().remove(interface);
    }
    all
}

fn merge(into: &mut Value, from: Value, depth: usize) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) if depth > 0 => {
            for (key, value) in from {
                match into.get_mut(&key) {
                    Some(known) => merge(known, value, depth - 1),
                    None => {
                        into.insert(key, value);
                    }
                }
            }
        }
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                into.entry(key).or_insert(value);
            }
        }
        (into, from) if into.is_null() => *into = from,
        _ => {}
    }
}

/// Writes a query out of a series of numbers: the same numbers give the same query, and smaller
/// ones a smaller query.
struct Writer<'a> {
    types: HashMap<&'a str, &'a TypeDefinition>,
    /// What the arguments of a name may be.
    arguments: &'a [(&'a str, &'a [&'a str])],
    /// Fields that one graph cannot answer, because a requirement of them has arguments.
    without: &'a [&'a str],
    choices: std::slice::Iter<'a, u8>,
    aliases: usize,
}

impl<'a> Writer<'a> {
    fn choose(&mut self, below: usize) -> usize {
        usize::from(self.choices.next().copied().unwrap_or(0)) % below.max(1)
    }

    fn fields(&self, of: &str) -> &'a [Field] {
        match self.types.get(of) {
            Some(
                TypeDefinition::Object(ObjectType { fields, .. })
                | TypeDefinition::Interface(InterfaceType { fields, .. }),
            ) => fields,
            _ => &[],
        }
    }

    fn is_composite(&self, of: &str) -> bool {
        matches!(
            self.types.get(of),
            Some(
                TypeDefinition::Object(_) | TypeDefinition::Interface(_) | TypeDefinition::Union(_)
            )
        )
    }

    /// Object types that a fragment in this type may name.
    fn possible(&self, of: &str) -> Vec<&'a str> {
        let mut names: Vec<&str> = match self.types.get(of) {
            Some(TypeDefinition::Union(union)) => union.types.iter().map(String::as_str).collect(),
            Some(TypeDefinition::Interface(_)) => self
                .types
                .values()
                .filter_map(|definition| match definition {
                    TypeDefinition::Object(object)
                        if object.implements_interfaces.iter().any(|one| one == of) =>
                    {
                        Some(object.name.as_str())
                    }
                    _ => None,
                })
                .collect(),
            Some(TypeDefinition::Object(object)) => vec![object.name.as_str()],
            _ => Vec::new(),
        };
        names.sort_unstable();
        names
    }

    fn condition(&mut self) -> &'static str {
        match self.choose(16) {
            12 => " @include(if: $yes)",
            13 => " @include(if: $no)",
            14 => " @skip(if: $yes)",
            15 => " @skip(if: $no)",
            _ => "",
        }
    }

    fn selection(&mut self, of: &str, depth: usize, out: &mut String) {
        out.push_str(" {");
        let fields: Vec<&Field> = self
            .fields(of)
            .iter()
            .filter(|field| !self.without.contains(&field.name.as_str()))
            .filter(|field| depth > 0 || !self.is_composite(bottom(&field.field_type)))
            .collect();
        let mut some = false;
        for _ in 0..=self.choose(4) {
            match self.choose(8) {
                0..=5 if !fields.is_empty() => {
                    let field = fields[self.choose(fields.len())];
                    self.field(field, depth, out);
                    some = true;
                }
                6 if !self.possible(of).is_empty() => {
                    let possible = self.possible(of);
                    let on = possible[self.choose(possible.len())];
                    let condition = self.condition();
                    write!(out, " ... on {on}{condition}").unwrap();
                    self.selection(on, depth, out);
                    some = true;
                }
                7 => {
                    let condition = self.condition();
                    write!(out, " ...{condition}").unwrap();
                    out.push_str(" { __typename }");
                    some = true;
                }
                _ => {}
            }
        }
        if !some {
            out.push_str(" __typename");
        }
        out.push_str(" }");
    }

    fn field(&mut self, field: &Field, depth: usize, out: &mut String) {
        // A name of its own for each, so that no two can be in each other's way.
        self.aliases += 1;
        write!(out, " f{}: {}", self.aliases, field.name).unwrap();
        let mut arguments = Vec::new();
        for argument in &field.arguments {
            let options = self
                .arguments
                .iter()
                .find(|(name, _)| *name == argument.name);
            if let Some((name, options)) = options {
                let value = options[self.choose(options.len())];
                arguments.push(format!("{name}: {value}"));
            }
        }
        if !arguments.is_empty() {
            write!(out, "({})", arguments.join(", ")).unwrap();
        }
        out.push_str(self.condition());
        let of = bottom(&field.field_type);
        if self.is_composite(of) {
            self.selection(of, depth.saturating_sub(1), out);
        }
    }
}

fn bottom(of: &Type) -> &str {
    match of {
        Type::NamedType(name) => name,
        Type::ListType(inner) | Type::NonNullType(inner) => bottom(inner),
    }
}

fn written(
    api: &Document,
    choices: &[u8],
    arguments: &[(&str, &[&str])],
    without: &[&str],
) -> String {
    let types = api
        .definitions
        .iter()
        .filter_map(|definition| match definition {
            Definition::TypeDefinition(found) => Some((found.name(), found)),
            _ => None,
        });
    let mut writer = Writer {
        types: types.collect(),
        arguments,
        without,
        choices: choices.iter(),
        aliases: 0,
    };
    let mut selection = String::new();
    writer.selection("Query", 4, &mut selection);
    let mut declared = Vec::new();
    for (name, value) in [("yes", true), ("no", false)] {
        if selection.contains(&format!("${name})")) {
            declared.push(format!("${name}: Boolean! = {value}"));
        }
    }
    if declared.is_empty() {
        format!("query{selection}")
    } else {
        format!("query({}){selection}", declared.join(", "))
    }
}

/// Asks the same of the router and of one graph with all the data.
fn agree(about: &About) {
    let fixture = Fixture::new(about.feature);
    let limits = Limits {
        aliases: 1000,
        ..Limits::default()
    };
    let (router, _) = fixture.router(&[], limits);
    let sdl = router.api_sdl();
    let api = graphql_tools::parser::parse_schema::<String>(&sdl)
        .unwrap()
        .into_static();
    let whole = Graph::new(&sdl, joined(&fixture, about.really));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest!(config, |(choices in prop::collection::vec(any::<u8>(), 1..60))| {
        let query = written(&api, &choices, about.arguments, about.without);
        let wanted = whole.run(&query, &Map::new());
        let asked = request(&query).variables(Variables::default());
        let answer = json(&runtime.block_on(router.execute(asked)));
        prop_assert_eq!(&answer["errors"], &Value::Null, "{}", query);
        prop_assert!(wanted.faults.is_empty(), "{}: {:?}", query, wanted.faults);
        prop_assert_eq!(&answer["data"], &wanted.data, "{}", query);
    });
}

#[test]
fn entities_answer_as_one_graph_would() {
    agree(&About {
        feature: "entities",
        arguments: &[("owner", &[r#""ada""#, r#""bob""#])],
        ..About::default()
    });
}

#[test]
fn keys_lead_to_the_same_as_in_one_graph() {
    agree(&About {
        feature: "keys",
        ..About::default()
    });
}

#[test]
fn requirements_are_the_same_as_in_one_graph() {
    agree(&About {
        feature: "requires",
        arguments: &[
            ("currency", &[r#""EUR""#, r#""USD""#]),
            ("sep", &[r#""-""#, r#""/""#]),
        ],
        without: &["offer"],
        ..About::default()
    });
}

#[test]
fn abstract_types_answer_as_in_one_graph() {
    agree(&About {
        feature: "abstract_types",
        ..About::default()
    });
}

#[test]
fn interface_objects_are_the_objects_of_one_graph() {
    agree(&About {
        feature: "interface_object",
        really: &[("Media/1", "Trailer/1"), ("Media/2", "Poster/2")],
        ..About::default()
    });
}

#[test]
fn shared_fields_answer_as_in_one_graph() {
    agree(&About {
        feature: "shareable",
        ..About::default()
    });
}
