//! Which subgraph has which field, read off the subgraphs' own SDL: what may be missing from an
//! answer while one of them is down, and what may not.

use async_graphql::parser::{
    parse_query, parse_schema,
    types::{
        BaseType, DocumentOperations, ExecutableDocument, Field, FieldDefinition, OperationType,
        Selection, SelectionSet, Type, TypeKind, TypeSystemDefinition,
    },
};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// The fields of every type, and who has them.
pub struct Owners {
    fields: HashMap<(String, String), Owned>,
}

struct Owned {
    of: String,
    by: HashSet<String>,
}

impl Owners {
    /// Reads the SDL of each subgraph.
    pub fn read(sdl: &[(&str, &str)]) -> Self {
        let mut fields: HashMap<(String, String), Owned> = HashMap::new();
        for (subgraph, sdl) in sdl {
            for definition in parse_schema(sdl).unwrap().definitions {
                let TypeSystemDefinition::Type(found) = definition else {
                    continue;
                };
                let name = found.node.name.node.to_string();
                let theirs = match found.node.kind {
                    TypeKind::Object(object) => object.fields,
                    TypeKind::Interface(interface) => interface.fields,
                    _ => continue,
                };
                for field in theirs {
                    // What is only brought along belongs to somebody else.
                    if is_external(&field.node) {
                        continue;
                    }
                    let key = (name.clone(), field.node.name.node.to_string());
                    let owned = fields.entry(key).or_insert_with(|| Owned {
                        of: base(&field.node.ty.node),
                        by: HashSet::new(),
                    });
                    owned.by.insert((*subgraph).to_owned());
                }
            }
        }
        Self { fields }
    }

    /// Compares an answer with the undisturbed one: what is missing must belong to `dead` and to
    /// nobody else, and be explained by an error; all else must be the same. Says what is not so.
    pub fn compare(
        &self,
        document: &str,
        dead: &str,
        whole: &Value,
        answer: &Value,
    ) -> Vec<String> {
        let document = parse_query(document).unwrap();
        let (kind, set) = operation(&document);
        let root = match kind {
            OperationType::Query => "Query",
            OperationType::Mutation => "Mutation",
            OperationType::Subscription => "Subscription",
        };
        let mut look = Look {
            owners: self,
            document: &document,
            dead,
            missing: Vec::new(),
            theirs: Vec::new(),
            wrong: Vec::new(),
        };
        look.object(set, root, &whole["data"], &answer["data"], &mut Vec::new());
        let (missing, theirs, mut wrong) = (look.missing, look.theirs, look.wrong);
        let errors = answer["errors"].as_array().cloned().unwrap_or_default();
        for error in &errors {
            let code = &error["extensions"]["code"];
            if code != "SUBGRAPH_UNAVAILABLE" {
                wrong.push(format!("an error of code {code}: {error}"));
            }
            let path = path_of(error);
            if !theirs.iter().any(|field| field.starts_with(&path)) {
                wrong.push(format!(
                    "nothing of {dead} belongs at {path:?}, but: {error}"
                ));
            }
        }
        for gone in &missing {
            if !errors.iter().any(|error| gone.starts_with(&path_of(error))) {
                wrong.push(format!("nobody says why {gone:?} is missing"));
            }
        }
        wrong
    }
}

fn path_of(error: &Value) -> Vec<String> {
    let path = error["path"].as_array().cloned().unwrap_or_default();
    path.iter()
        .map(|one| one.as_str().map_or_else(|| one.to_string(), str::to_owned))
        .collect()
}

fn is_external(field: &FieldDefinition) -> bool {
    field
        .directives
        .iter()
        .any(|directive| directive.node.name.node == "external")
}

fn base(of: &Type) -> String {
    match &of.base {
        BaseType::Named(name) => name.to_string(),
        BaseType::List(inner) => base(inner),
    }
}

fn operation(document: &ExecutableDocument) -> (OperationType, &SelectionSet) {
    let operation = match &document.operations {
        DocumentOperations::Single(operation) => operation,
        DocumentOperations::Multiple(all) => all.values().next().unwrap(),
    };
    (operation.node.ty, &operation.node.selection_set.node)
}

struct Look<'a> {
    owners: &'a Owners,
    document: &'a ExecutableDocument,
    dead: &'a str,
    missing: Vec<Vec<String>>,
    /// The fields of the dead one, whether they were empty before or not.
    theirs: Vec<Vec<String>>,
    wrong: Vec<String>,
}

impl Look<'_> {
    fn object(
        &mut self,
        set: &SelectionSet,
        of: &str,
        whole: &Value,
        answer: &Value,
        path: &mut Vec<String>,
    ) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => self.field(&field.node, of, whole, answer, path),
                Selection::InlineFragment(inline) => {
                    let on = inline.node.type_condition.as_ref();
                    let on = on.map_or(of, |on| on.node.on.node.as_str()).to_owned();
                    self.object(&inline.node.selection_set.node, &on, whole, answer, path);
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = &self.document.fragments[&spread.node.fragment_name.node].node;
                    let on = fragment.type_condition.node.on.node.to_string();
                    self.object(&fragment.selection_set.node, &on, whole, answer, path);
                }
            }
        }
    }

    fn field(
        &mut self,
        field: &Field,
        of: &str,
        whole: &Value,
        answer: &Value,
        path: &mut Vec<String>,
    ) {
        let key = field.alias.as_ref().unwrap_or(&field.name).node.as_str();
        let (Some(whole), name) = (whole.get(key), field.name.node.as_str()) else {
            return;
        };
        if name == "__typename" {
            return;
        }
        path.push(key.to_owned());
        let answer = answer.get(key).unwrap_or(&Value::Null);
        let owned = &self.owners.fields[&(of.to_owned(), name.to_owned())];
        if owned.by.contains(self.dead) {
            self.theirs.push(path.clone());
        }
        if answer.is_null() && !whole.is_null() {
            self.missing.push(path.clone());
            // Whoever else has it should have been asked, unless it is a value type's.
            if !owned.by.contains(self.dead) {
                self.wrong.push(format!(
                    "{of}.{name} is missing at {path:?}, but is not {}'s",
                    self.dead
                ));
            }
        } else {
            self.value(field, &owned.of, whole, answer, path);
        }
        path.pop();
    }

    fn value(
        &mut self,
        field: &Field,
        of: &str,
        whole: &Value,
        answer: &Value,
        path: &mut Vec<String>,
    ) {
        let set = &field.selection_set.node;
        match (whole, answer) {
            (Value::Array(whole), Value::Array(answer)) if whole.len() == answer.len() => {
                for (index, (whole, answer)) in whole.iter().zip(answer).enumerate() {
                    path.push(index.to_string());
                    self.value(field, of, whole, answer, path);
                    path.pop();
                }
            }
            (Value::Object(_), Value::Object(_)) if !set.items.is_empty() => {
                self.object(set, of, whole, answer, path);
            }
            _ if whole == answer => {}
            _ => self
                .wrong
                .push(format!("{path:?} is {answer}, and was {whole}")),
        }
    }
}
