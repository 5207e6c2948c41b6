//! Every question the schema knows: each field of each type there is a way to, with each of its
//! arguments and each of their values in turn. Nothing here names a field of the graph: one that is
//! added is asked for by itself.

use super::MARK;
use async_graphql::parser::{
    parse_schema,
    types::{
        BaseType, FieldDefinition, InputValueDefinition, ServiceDocument, Type, TypeDefinition,
        TypeKind, TypeSystemDefinition,
    },
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    fmt::Write,
};

/// So many ways to a type are walked, and so many of them by the same field.
const WAYS: usize = 8;
const BY_ONE_FIELD: usize = 2;
/// So many fields are asked for in one document.
const AT_ONCE: usize = 10;
/// Input objects nest no deeper in what is asked.
const DEEPEST: usize = 3;

/// Ids to ask with: of what they are (`game`, `library`…), then by the names of the things.
pub type Ids = BTreeMap<String, BTreeMap<String, String>>;

/// One document.
#[derive(Debug, Clone)]
pub struct Question {
    /// What it asks for.
    pub name: String,
    /// The document.
    pub document: String,
}

/// How to get to a type from a root: what stands before a field of it, and after.
#[derive(Clone)]
struct Way {
    name: String,
    before: String,
    after: String,
}

/// A schema, to make questions of.
pub struct Graph(HashMap<String, TypeDefinition>);

impl Graph {
    /// Reads the public schema.
    pub fn read(sdl: &str) -> Self {
        let ServiceDocument { definitions } = parse_schema(sdl).unwrap();
        let types = definitions
            .into_iter()
            .filter_map(|definition| match definition {
                TypeSystemDefinition::Type(found) => {
                    Some((found.node.name.node.to_string(), found.node))
                }
                _ => None,
            });
        Self(types.collect())
    }

    /// The names of a type's fields.
    pub fn fields(&self, of: &str) -> Vec<&FieldDefinition> {
        match self.0.get(of).map(|found| &found.kind) {
            Some(TypeKind::Object(object)) => {
                object.fields.iter().map(|field| &field.node).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Every field there is a way to from `Query`, as `Type.field`, and every question about them.
    pub fn queries(&self, ids: &Ids) -> (BTreeSet<String>, Vec<Question>) {
        let (mut fields, mut questions) = (BTreeSet::new(), Vec::new());
        for (name, ways) in self.ways("Query", ids) {
            for way in ways {
                let mut parts = Vec::new();
                for field in self.fields(&name) {
                    fields.insert(format!("{name}.{}", field.name.node));
                    let asked = self.asked(field, ids);
                    parts.extend(asked.into_iter().map(|part| (field, part)));
                }
                for parts in parts.chunks(AT_ONCE) {
                    let mut document = format!("{{ {} __typename ", way.before);
                    let mut names = Vec::new();
                    for (n, (field, part)) in parts.iter().enumerate() {
                        // Writing to a string cannot fail.
                        let _ = write!(document, "{}_{n}: {part} ", field.name.node);
                        names.push(field.name.node.as_str());
                    }
                    names.dedup();
                    questions.push(Question {
                        name: format!("{}{}", way.name, names.join(", ")),
                        document: format!("{document}{} }}", way.after),
                    });
                }
            }
        }
        (fields, questions)
    }

    /// The object types there is a way to from a root type.
    pub fn reached(&self, root: &str) -> BTreeSet<String> {
        let mut all = BTreeSet::from([root.to_owned()]);
        let mut queue = vec![root.to_owned()];
        while let Some(name) = queue.pop() {
            let mut next: Vec<String> = Vec::new();
            for field in self.fields(&name) {
                let to = named(&field.ty.node);
                match self.0.get(to).map(|found| &found.kind) {
                    Some(TypeKind::Object(_)) => next.push(to.to_owned()),
                    Some(TypeKind::Union(union)) => {
                        next.extend(union.members.iter().map(|member| member.node.to_string()));
                    }
                    _ => {}
                }
            }
            for name in next {
                if all.insert(name.clone()) {
                    queue.push(name);
                }
            }
        }
        all
    }

    /// Every field of a root type, each by itself.
    pub fn roots(&self, root: &str, ids: &Ids) -> Vec<Question> {
        let mut questions = Vec::new();
        for field in self.fields(root) {
            for part in self.asked(field, ids) {
                questions.push(Question {
                    name: field.name.node.to_string(),
                    document: format!("{} {{ {part} }}", root.to_lowercase()),
                });
            }
        }
        questions
    }

    /// The object types that a field of type `to` can answer with, and what opens and closes the
    /// selection of each.
    fn targets(&self, to: &str) -> Vec<(String, String, &'static str)> {
        match self.0.get(to).map(|found| &found.kind) {
            Some(TypeKind::Object(_)) => vec![(to.to_owned(), String::new(), "")],
            Some(TypeKind::Union(union)) => union
                .members
                .iter()
                .map(|member| {
                    let member = member.node.to_string();
                    let open = format!("... on {member} {{ ");
                    (member, open, "} ")
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    /// The ways to every object type, the shortest first.
    fn ways(&self, root: &str, ids: &Ids) -> BTreeMap<String, Vec<Way>> {
        let mut all: BTreeMap<String, Vec<Way>> = BTreeMap::new();
        let start = Way {
            name: String::new(),
            before: String::new(),
            after: String::new(),
        };
        let mut queue = VecDeque::from([(root.to_owned(), start.clone())]);
        all.insert(root.to_owned(), vec![start]);
        while let Some((parent, way)) = queue.pop_front() {
            for field in self.fields(&parent) {
                let targets = self.targets(named(&field.ty.node));
                // Every thing that has an id of its own is looked at.
                let most = if parent == root {
                    usize::MAX
                } else {
                    BY_ONE_FIELD
                };
                for arguments in self.needed(field, ids).into_iter().take(most) {
                    for (to, open, close) in &targets {
                        let known = all.entry(to.clone()).or_default();
                        let by_it = format!("{}.", field.name.node);
                        let alike = known.iter().filter(|way| way.name.ends_with(&by_it));
                        let alike = alike.count();
                        if parent != root && (known.len() >= WAYS || alike >= BY_ONE_FIELD) {
                            continue;
                        }
                        let next = Way {
                            name: format!("{}{}.", way.name, field.name.node),
                            before: format!(
                                "{}{}{arguments} {{ {open}",
                                way.before, field.name.node
                            ),
                            after: format!("{close}}} {}", way.after),
                        };
                        known.push(next.clone());
                        queue.push_back((to.clone(), next));
                    }
                }
            }
        }
        all
    }

    /// A field with what has to be there, then with each of its other arguments in turn.
    fn asked(&self, field: &FieldDefinition, ids: &Ids) -> Vec<String> {
        let selection = self.selection(&field.ty.node, 2);
        let name = &field.name.node;
        let needed = self.needed(field, ids);
        let mut all: Vec<String> = needed
            .iter()
            .map(|arguments| format!("{name}{arguments}{selection}"))
            .collect();
        let base = needed.first().map_or("", String::as_str);
        let base = base.trim_matches(['(', ')']);
        for argument in &field.arguments {
            let argument = &argument.node;
            if !may_be_left_out(argument) {
                continue;
            }
            for value in self.values(name, argument, ids, 0) {
                let before = if base.is_empty() {
                    String::new()
                } else {
                    format!("{base}, ")
                };
                let given = format!("{before}{}: {value}", argument.name.node);
                all.push(format!("{name}({given}){selection}"));
            }
        }
        all
    }

    /// The arguments that have to be there: one list for each id there is.
    fn needed(&self, field: &FieldDefinition, ids: &Ids) -> Vec<String> {
        let mut lists = vec![String::new()];
        for argument in &field.arguments {
            let argument = &argument.node;
            if may_be_left_out(argument) {
                continue;
            }
            let values = self.values(&field.name.node, argument, ids, 0);
            lists = lists
                .iter()
                .flat_map(|list| {
                    values.iter().map(move |value| {
                        let comma = if list.is_empty() { "" } else { ", " };
                        format!("{list}{comma}{}: {value}", argument.name.node)
                    })
                })
                .collect();
        }
        lists
            .into_iter()
            .map(|list| match list.as_str() {
                "" => list,
                _ => format!("({list})"),
            })
            .collect()
    }

    /// What an argument of `field` is asked with.
    fn values(
        &self,
        field: &str,
        argument: &InputValueDefinition,
        ids: &Ids,
        depth: usize,
    ) -> Vec<String> {
        let name = argument.name.node.as_str();
        let (base, list) = match &argument.ty.node.base {
            BaseType::Named(base) => (base.as_str(), false),
            BaseType::List(inner) => (named(inner), true),
        };
        let texts = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
        let mut values: Vec<String> = match base {
            "ID" => of(field, name, ids)
                .values()
                .map(|id| format!("{id:?}"))
                .collect(),
            "String" => match name {
                "password" | "newPassword" => texts(&["\"a long enough sentence\""]),
                "content" => texts(&["\"title\\nTetris\\n\""]),
                _ => texts(&[&format!("{MARK:?}"), "\"Puzzle\"", "\"portal\""]),
            },
            "Int" => match name {
                "first" | "limit" => texts(&["50", "1"]),
                "year" => texts(&["2026", "2025"]),
                _ => texts(&["60", "1"]),
            },
            "Float" => texts(&["1.5"]),
            "Boolean" => texts(&["true", "false"]),
            "JSON" => texts(&["{}"]),
            "DateTime" => texts(&["\"2012-01-01T00:00:00Z\""]),
            "NaiveDate" => texts(&["\"2012-01-01\""]),
            _ => match &self.0[base].kind {
                TypeKind::Enum(found) => found
                    .values
                    .iter()
                    .map(|value| value.node.value.node.to_string())
                    .collect(),
                TypeKind::InputObject(_) => self.objects(field, base, ids, depth),
                _ => panic!("the walk cannot make a {base}; teach it"),
            },
        };
        if list {
            for value in &mut values {
                *value = format!("[{value}]");
            }
        }
        values
    }

    /// An input object with what it needs, then with each of its other fields in turn.
    fn objects(&self, field: &str, object: &str, ids: &Ids, depth: usize) -> Vec<String> {
        // Only together do the parts of a rule mean something.
        if object == "CollectionRule" {
            return rules();
        }
        let TypeKind::InputObject(found) = &self.0[object].kind else {
            panic!("{object} is no input object");
        };
        let mut needed: Vec<String> = vec![String::new()];
        let mut further = Vec::new();
        for member in &found.fields {
            let member = &member.node;
            let name = &member.name.node;
            if may_be_left_out(member) {
                if depth < DEEPEST {
                    let values = self.values(field, member, ids, depth + 1);
                    further.extend(values.iter().map(|value| format!("{name}: {value}")));
                }
                continue;
            }
            let values = self.values(field, member, ids, depth + 1);
            // Every id and every choice (each kind of export is a file of its own), and of all
            // else one.
            let choice = self.0.get(named(&member.ty.node));
            let choice = choice.is_some_and(|of| matches!(of.kind, TypeKind::Enum(_)));
            let most = if choice || is_id(&member.ty.node) {
                values.len()
            } else {
                1
            };
            needed = needed
                .iter()
                .flat_map(|all| {
                    let values = values.iter().take(most);
                    values.map(move |value| format!("{all}{name}: {value} "))
                })
                .collect();
        }
        let base = needed[0].clone();
        let mut all: Vec<String> = needed.iter().map(|one| format!("{{ {one} }}")).collect();
        all.extend(further.iter().map(|one| format!("{{ {base}{one} }}")));
        all
    }

    /// Everything that needs no argument, down to `depth`.
    fn selection(&self, of: &Type, depth: usize) -> String {
        let name = named(of);
        match self.0.get(name).map(|found| &found.kind) {
            Some(TypeKind::Object(_)) => {
                let mut parts = vec!["__typename".to_owned()];
                self.select(name, depth, "", &mut parts);
                format!(" {{ {} }}", parts.join(" "))
            }
            Some(TypeKind::Union(union)) => {
                let mut parts = vec!["__typename".to_owned()];
                for member in &union.members {
                    let member = member.node.as_str();
                    let mut inner = Vec::new();
                    // The members have fields of one name and several types.
                    self.select(member, depth, &format!("{member}_"), &mut inner);
                    parts.push(format!("... on {member} {{ {} }}", inner.join(" ")));
                }
                format!(" {{ {} }}", parts.join(" "))
            }
            _ => String::new(),
        }
    }

    fn select(&self, of: &str, depth: usize, prefix: &str, parts: &mut Vec<String>) {
        for field in self.fields(of) {
            if field
                .arguments
                .iter()
                .any(|argument| !may_be_left_out(&argument.node))
            {
                continue;
            }
            let name = &field.name.node;
            let alias = if prefix.is_empty() {
                String::new()
            } else {
                format!("{prefix}{name}: ")
            };
            let inner = named(&field.ty.node);
            if self.fields(inner).is_empty() {
                parts.push(format!("{alias}{name}"));
            } else if depth > 1 {
                let selection = self.selection(&field.ty.node, depth - 1);
                parts.push(format!("{alias}{name}{selection}"));
            }
        }
    }
}

/// Ids are always given: they are what is asked about.
fn may_be_left_out(argument: &InputValueDefinition) -> bool {
    (argument.ty.node.nullable || argument.default_value.is_some()) && !is_id(&argument.ty.node)
}

fn is_id(of: &Type) -> bool {
    matches!(&of.base, BaseType::Named(name) if name == "ID")
}

fn named(of: &Type) -> &str {
    match &of.base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(inner) => named(inner),
    }
}

/// The ids that an argument can mean, by its name and its field's.
fn of<'a>(field: &str, argument: &str, ids: &'a Ids) -> &'a BTreeMap<String, String> {
    for text in [argument.to_lowercase(), field.to_lowercase()] {
        if let Some(kind) = ids.keys().find(|kind| text.contains(kind.as_str())) {
            return &ids[kind];
        }
    }
    &ids["game"]
}

/// Rules of collections that would name what must not be known, or count it.
fn rules() -> Vec<String> {
    let rule = |field: &str, operator: &str, value: &str| {
        format!("{{ field: {field}, operator: {operator}, value: {{ {value} }} }}")
    };
    let puzzles = rule("GENRE", "ONE_OF", "options: [\"Puzzle\"]");
    vec![
        puzzles.clone(),
        rule("TITLE", "CONTAINS", &format!("text: {MARK:?}")),
        rule("TITLE", "CONTAINS", "text: \"port\""),
        rule("PLAYTIME", "AT_LEAST", "number: 1"),
        format!("{{ none: [{puzzles}] }}"),
    ]
}
