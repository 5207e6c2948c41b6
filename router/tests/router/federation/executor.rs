//! A tiny GraphQL executor over a JSON document: one subgraph of a fixture, or the whole graph at
//! once, to compare with.
//!
//! The data has root fields under `Query`, `Mutation` and `Subscription`, and entities under
//! `entities` by type and by a name of the fixture's own. A value may also be
//! - `{"$ref": "Game/doom"}`: that entity;
//! - `{"$by": "id", "1": …}`: one of several, by an argument;
//! - `{"$arg": "zip"}`: the argument itself, as it arrived;
//! - `{"$text": "{title} in {args.place}"}`: put together from the object, which for an entity
//!   includes what the representation brought; what is missing reads `absent`;
//! - `{"$error": "no"}`: a field error.

use graphql_tools::static_graphql::{
    query::{
        self, Definition, Directive, Document, FragmentDefinition, OperationDefinition, Selection,
        SelectionSet, TypeCondition,
    },
    schema::{self, Type, TypeDefinition, TypeExtension},
};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

type Object = Map<String, Value>;

/// A field error, as the specification wants it.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    pub message: String,
    pub path: Vec<Value>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    pub data: Value,
    pub faults: Vec<Fault>,
}

#[derive(Default)]
struct Named {
    is_interface: bool,
    fields: HashMap<String, Type>,
    defaults: HashMap<String, Object>,
    /// Interfaces of an object.
    implements: Vec<String>,
    /// Members of a union.
    members: Vec<String>,
}

/// A schema and its data.
pub struct Graph {
    types: HashMap<String, Named>,
    pub data: Value,
}

impl Graph {
    pub fn new(sdl: &str, data: Value) -> Self {
        // The parser does not know `extend schema`, which says nothing about data.
        let sdl: String = sdl
            .lines()
            .filter(|line| !line.starts_with("extend schema"))
            .flat_map(|line| [line, "\n"])
            .collect();
        let document = graphql_tools::parser::parse_schema::<String>(&sdl)
            .unwrap()
            .into_static();
        let mut types: HashMap<String, Named> = HashMap::new();
        for definition in &document.definitions {
            let (name, fields, implements, members, is_interface) = match definition {
                schema::Definition::TypeDefinition(TypeDefinition::Object(found)) => (
                    &found.name,
                    &found.fields[..],
                    &found.implements_interfaces[..],
                    &[][..],
                    false,
                ),
                schema::Definition::TypeDefinition(TypeDefinition::Interface(found)) => (
                    &found.name,
                    &found.fields[..],
                    &found.implements_interfaces[..],
                    &[][..],
                    true,
                ),
                schema::Definition::TypeDefinition(TypeDefinition::Union(found)) => {
                    (&found.name, &[][..], &[][..], &found.types[..], false)
                }
                schema::Definition::TypeExtension(TypeExtension::Object(found)) => (
                    &found.name,
                    &found.fields[..],
                    &found.implements_interfaces[..],
                    &[][..],
                    false,
                ),
                _ => continue,
            };
            let named = types.entry(name.clone()).or_default();
            named.is_interface |= is_interface;
            named.implements.extend_from_slice(implements);
            named.members.extend_from_slice(members);
            for field in fields {
                let of = field.field_type.clone();
                named.fields.insert(field.name.clone(), of);
                let defaults = field.arguments.iter().filter_map(|argument| {
                    let value = literal(argument.default_value.as_ref()?, &Object::new());
                    Some((argument.name.clone(), value))
                });
                named
                    .defaults
                    .insert(field.name.clone(), defaults.collect());
            }
        }
        Self { types, data }
    }

    fn is(&self, name: &str, condition: &str) -> bool {
        let implements = |name: &str| self.types.get(name).map(|named| &named.implements[..]);
        name == condition
            || implements(name).is_some_and(|all| all.iter().any(|one| one == condition))
            || self
                .types
                .get(condition)
                .is_some_and(|named| named.members.iter().any(|member| member == name))
    }

    /// Runs the one operation of a document.
    pub fn run(&self, text: &str, variables: &Object) -> Outcome {
        self.run_on(text, variables, None)
    }

    /// The same with another object in the place of the root's data.
    pub fn run_on(&self, text: &str, variables: &Object, root: Option<Object>) -> Outcome {
        let document = graphql_tools::parser::parse_query::<String>(text)
            .unwrap_or_else(|error| panic!("{error}\n{text}"))
            .into_static();
        let (of, set, declared) = operation(&document);
        let mut given = Object::new();
        for variable in declared {
            if let Some(value) = variables.get(&variable.name) {
                given.insert(variable.name.clone(), value.clone());
            } else if let Some(default) = &variable.default_value {
                given.insert(variable.name.clone(), literal(default, &Object::new()));
            }
        }
        let fragments = document
            .definitions
            .iter()
            .filter_map(|definition| match definition {
                Definition::Fragment(fragment) => Some((fragment.name.as_str(), fragment)),
                Definition::Operation(_) => None,
            })
            .collect();
        let mut run = Run {
            graph: self,
            fragments,
            variables: given,
            faults: Vec::new(),
            path: Vec::new(),
        };
        let root = root.unwrap_or_else(|| object_of(self.data.get(of)));
        let data = run.object(of, &[set], &root).unwrap_or(Value::Null);
        Outcome {
            data,
            faults: run.faults,
        }
    }

    /// The entity that a representation is about, with what else the representation brings.
    fn entity(&self, representation: &Object) -> Option<Object> {
        let of = representation["__typename"].as_str()?;
        let all = self.data.get("entities")?.as_object()?;
        let candidates =
            all.iter()
                .filter(|(name, _)| self.is(name, of))
                .flat_map(|(name, records)| {
                    let records = records.as_object().into_iter().flat_map(Map::values);
                    records.map(move |record| (name, record))
                });
        for (name, record) in candidates {
            let record = record.as_object()?;
            let mut shared = representation
                .iter()
                .filter(|(key, _)| *key != "__typename" && record.contains_key(*key))
                .peekable();
            if shared.peek().is_none() {
                continue;
            }
            if !shared.all(|(key, value)| covers(&self.resolved(&record[key]), value)) {
                continue;
            }
            let mut found = record.clone();
            for (key, value) in representation {
                found.entry(key.clone()).or_insert_with(|| value.clone());
            }
            found.insert("__typename".to_owned(), json!(name));
            return Some(found);
        }
        None
    }

    /// In data joined from several subgraphs: the entity that an object of one of them stands for.
    fn whole(&self, of: &str, record: &Object) -> Option<Object> {
        if self.data.get("joined") != Some(&Value::Bool(true)) {
            return None;
        }
        let mut record = record.clone();
        record.entry("__typename").or_insert_with(|| json!(of));
        self.entity(&record)
    }

    /// References followed, for comparing with a nested key.
    fn resolved(&self, value: &Value) -> Value {
        match value {
            Value::Object(object) => match object.get("$ref").and_then(Value::as_str) {
                Some(at) => self.referenced(at),
                None => value.clone(),
            },
            Value::Array(items) => items.iter().map(|item| self.resolved(item)).collect(),
            other => other.clone(),
        }
    }

    fn referenced(&self, at: &str) -> Value {
        let (of, name) = at.split_once('/').unwrap();
        let mut record = object_of(self.data["entities"].get(of).and_then(|all| all.get(name)));
        assert!(!record.is_empty(), "no entity {at}");
        record.entry("__typename").or_insert_with(|| json!(of));
        Value::Object(record)
    }
}

/// Whether `value`, or more, is in `record`.
fn covers(record: &Value, value: &Value) -> bool {
    match (record, value) {
        (Value::Object(record), Value::Object(value)) => value
            .iter()
            .filter(|(key, _)| *key != "__typename")
            .all(|(key, value)| record.get(key).is_some_and(|record| covers(record, value))),
        (Value::Array(record), Value::Array(value)) => {
            record.len() == value.len() && record.iter().zip(value).all(|(a, b)| covers(a, b))
        }
        (record, value) => record == value,
    }
}

fn object_of(value: Option<&Value>) -> Object {
    value
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default()
}

fn operation(document: &Document) -> (&'static str, &SelectionSet, &[query::VariableDefinition]) {
    let operation = document
        .definitions
        .iter()
        .find_map(|definition| match definition {
            Definition::Operation(operation) => Some(operation),
            Definition::Fragment(_) => None,
        });
    match operation.unwrap() {
        OperationDefinition::SelectionSet(set) => ("Query", set, &[]),
        OperationDefinition::Query(found) => {
            ("Query", &found.selection_set, &found.variable_definitions)
        }
        OperationDefinition::Mutation(found) => (
            "Mutation",
            &found.selection_set,
            &found.variable_definitions,
        ),
        OperationDefinition::Subscription(found) => (
            "Subscription",
            &found.selection_set,
            &found.variable_definitions,
        ),
    }
}

fn literal(value: &query::Value, variables: &Object) -> Value {
    match value {
        query::Value::Variable(name) => variables.get(name).cloned().unwrap_or(Value::Null),
        query::Value::Int(number) => json!(number.as_i64()),
        query::Value::Float(number) => json!(number),
        query::Value::String(text) | query::Value::Enum(text) => json!(text),
        query::Value::Boolean(truth) => json!(truth),
        query::Value::Null => Value::Null,
        query::Value::List(items) => items.iter().map(|item| literal(item, variables)).collect(),
        query::Value::Object(fields) => fields
            .iter()
            .filter(|(_, value)| !is_absent(value, variables))
            .map(|(name, value)| (name.clone(), literal(value, variables)))
            .collect::<Object>()
            .into(),
    }
}

fn is_absent(value: &query::Value, variables: &Object) -> bool {
    matches!(value, query::Value::Variable(name) if !variables.contains_key(name))
}

/// A value that must not be null is.
struct Gone;

struct Run<'g> {
    graph: &'g Graph,
    fragments: HashMap<&'g str, &'g FragmentDefinition>,
    variables: Object,
    faults: Vec<Fault>,
    path: Vec<Value>,
}

struct Group<'d> {
    field: &'d query::Field,
    sets: Vec<&'d SelectionSet>,
}

fn collect<'d>(
    run: &Run<'_>,
    fragments: &HashMap<&str, &'d FragmentDefinition>,
    of: &str,
    set: &'d SelectionSet,
    groups: &mut Vec<(String, Group<'d>)>,
) {
    for selection in &set.items {
        let (directives, condition, inner) = match selection {
            Selection::Field(field) => {
                if run.shown(&field.directives) {
                    let key = field.alias.as_ref().unwrap_or(&field.name).clone();
                    match groups.iter_mut().find(|(known, _)| *known == key) {
                        Some((_, group)) => group.sets.push(&field.selection_set),
                        None => groups.push((
                            key,
                            Group {
                                field,
                                sets: vec![&field.selection_set],
                            },
                        )),
                    }
                }
                continue;
            }
            Selection::InlineFragment(inline) => {
                let condition = inline.type_condition.as_ref();
                (&inline.directives, condition, &inline.selection_set)
            }
            Selection::FragmentSpread(spread) => {
                let fragment = fragments[spread.fragment_name.as_str()];
                let condition = Some(&fragment.type_condition);
                (&spread.directives, condition, &fragment.selection_set)
            }
        };
        let matches = condition.is_none_or(|TypeCondition::On(name)| run.graph.is(of, name));
        if matches && run.shown(directives) {
            collect(run, fragments, of, inner, groups);
        }
    }
}

impl Run<'_> {
    fn shown(&self, directives: &[Directive]) -> bool {
        directives.iter().all(|directive| {
            let condition = directive.arguments.iter().find(|(name, _)| name == "if");
            let holds = condition.map(|(_, value)| literal(value, &self.variables));
            match directive.name.as_str() {
                "include" => holds == Some(Value::Bool(true)),
                "skip" => holds != Some(Value::Bool(true)),
                _ => true,
            }
        })
    }

    fn object(&mut self, of: &str, sets: &[&SelectionSet], record: &Object) -> Result<Value, Gone> {
        let whole = self.graph.whole(of, record);
        let record = whole.as_ref().unwrap_or(record);
        let own = record.get("__typename").and_then(Value::as_str);
        let own = own.unwrap_or(of).to_owned();
        let mut groups = Vec::new();
        let fragments = self.fragments.clone();
        for set in sets {
            collect(self, &fragments, &own, set, &mut groups);
        }
        let mut out = Object::new();
        for (key, group) in groups {
            let name = group.field.name.as_str();
            if name == "__typename" {
                out.insert(key, json!(own));
                continue;
            }
            self.path.push(json!(key));
            let value = if name == "_entities" {
                Ok(self.entities(group.field, &group.sets))
            } else {
                self.field(&own, name, &group, record)
            };
            self.path.pop();
            out.insert(key, value?);
        }
        Ok(Value::Object(out))
    }

    fn entities(&mut self, field: &query::Field, sets: &[&SelectionSet]) -> Value {
        let representations = literal(&field.arguments[0].1, &self.variables);
        let mut out = Vec::new();
        for (index, one) in representations.as_array().unwrap().iter().enumerate() {
            self.path.push(json!(index));
            let entity = self.graph.entity(one.as_object().unwrap());
            let value = match entity {
                Some(entity) => self.object("_Entity", sets, &entity),
                None => Ok(Value::Null),
            };
            self.path.pop();
            out.push(value.unwrap_or(Value::Null));
        }
        Value::Array(out)
    }

    fn field(
        &mut self,
        of: &str,
        name: &str,
        group: &Group,
        record: &Object,
    ) -> Result<Value, Gone> {
        let named = self.graph.types.get(of);
        let Some(named) = named.filter(|named| named.fields.contains_key(name)) else {
            panic!("there is no {of}.{name} in this schema");
        };
        let mut arguments = named.defaults[name].clone();
        for (argument, value) in &group.field.arguments {
            if !is_absent(value, &self.variables) {
                arguments.insert(argument.clone(), literal(value, &self.variables));
            }
        }
        let raw = record.get(name).cloned().unwrap_or(Value::Null);
        let value = self.resolve(raw, record, &arguments);
        self.complete(&named.fields[name], &group.sets, value)
    }

    fn resolve(&mut self, raw: Value, record: &Object, arguments: &Object) -> Value {
        let Value::Object(special) = &raw else {
            return raw;
        };
        let text = |key: &str| special.get(key).and_then(Value::as_str);
        if let Some(at) = text("$ref") {
            return self.graph.referenced(at);
        }
        if let Some(argument) = text("$by") {
            let chosen = match &arguments.get(argument) {
                Some(Value::String(text)) => text.clone(),
                Some(other) => other.to_string(),
                None => "absent".to_owned(),
            };
            let chosen = special.get(&chosen).cloned().unwrap_or(Value::Null);
            return self.resolve(chosen, record, arguments);
        }
        if let Some(argument) = text("$arg") {
            return arguments.get(argument).cloned().unwrap_or(Value::Null);
        }
        if let Some(template) = text("$text") {
            return json!(fill(template, record, arguments));
        }
        if let Some(message) = text("$error") {
            self.fault(message);
            return Value::Null;
        }
        raw
    }

    fn fault(&mut self, message: &str) {
        self.faults.push(Fault {
            message: message.to_owned(),
            path: self.path.clone(),
        });
    }

    fn complete(&mut self, of: &Type, sets: &[&SelectionSet], value: Value) -> Result<Value, Gone> {
        match (of, value) {
            (Type::NonNullType(inner), value) => {
                let before = self.faults.len();
                let was_null = value.is_null();
                match self.complete(inner, sets, value)? {
                    Value::Null => {
                        // A field error says why already.
                        let here = self.faults.iter().any(|fault| fault.path == self.path);
                        if was_null && before == self.faults.len() && !here {
                            self.fault("null where none may be");
                        }
                        Err(Gone)
                    }
                    value => Ok(value),
                }
            }
            (_, Value::Null) => Ok(Value::Null),
            (Type::ListType(inner), Value::Array(items)) => {
                let mut out = Vec::new();
                for (index, item) in items.into_iter().enumerate() {
                    self.path.push(json!(index));
                    let item = self.resolve(item, &Object::new(), &Object::new());
                    let item = self.complete(inner, sets, item);
                    self.path.pop();
                    match item {
                        Ok(item) => out.push(item),
                        Err(Gone) => return Ok(Value::Null),
                    }
                }
                Ok(Value::Array(out))
            }
            (Type::NamedType(name), Value::Object(record))
                if sets.iter().any(|set| !set.items.is_empty()) =>
            {
                Ok(self.object(name, sets, &record).unwrap_or(Value::Null))
            }
            (_, value) => Ok(value),
        }
    }
}

fn fill(template: &str, record: &Object, arguments: &Object) -> String {
    let arguments = Value::Object(arguments.clone());
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (path, after) = after.split_once('}').unwrap();
        let (first, deeper) = path.split_once('.').unwrap_or((path, ""));
        out.push_str(before);
        let value = if first == "args" {
            Some(&arguments)
        } else {
            record.get(first)
        };
        match value.and_then(|value| value.get("$text")?.as_str()) {
            Some(inner) => out.push_str(&fill(inner, record, &Object::new())),
            None => out.push_str(&told(value, deeper)),
        }
        rest = after;
    }
    out + rest
}

fn told(value: Option<&Value>, path: &str) -> String {
    match value {
        None => "absent".to_owned(),
        Some(Value::Array(items)) => items
            .iter()
            .map(|item| told(Some(item), path))
            .collect::<Vec<_>>()
            .join("+"),
        Some(Value::Object(object)) if !path.is_empty() => {
            let (first, deeper) = path.split_once('.').unwrap_or((path, ""));
            told(object.get(first), deeper)
        }
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}
