//! What the `@mcp…` directives of an operation say, typed. `rest` has `@rest`.

use crate::Path;
use apollo_compiler::{ast::Directive, ast::Value as Literal};
use djinn_kernel::Scope;
use serde_json::{Map, Value};

/// `@mcpTool`, with its defaults filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct Tool {
    /// The tool's name, unique in the catalogue.
    pub name: String,
    /// A name for people.
    pub title: Option<String>,
    /// Changes nothing.
    pub read_only: bool,
    /// May remove or overwrite.
    pub destructive: bool,
    /// A second call changes nothing more.
    pub idempotent: bool,
    /// Reaches beyond this graph.
    pub open_world: bool,
    /// Subscriptions: how far it is.
    pub progress: Option<Path>,
    /// Subscriptions: how far it goes.
    pub total: Option<Path>,
    /// Subscriptions: what it is doing; the first that is not null.
    pub message: Vec<Path>,
    /// Subscriptions: what ends the call once neither null nor false.
    pub result: Option<Path>,
    /// Refusals that make the call an error.
    pub problems: Option<Path>,
    /// Asked of the person before the call.
    pub confirm: Option<String>,
    /// What a caller needs to see and call it.
    pub scope: Option<Scope>,
    /// A list longer than this is cut.
    pub max_items: Option<usize>,
    /// How long an answer may be kept.
    pub ttl_ms: Option<u64>,
    /// The tool's `_meta`.
    pub meta: Map<String, Value>,
    /// Subscriptions: what is run first.
    pub start: Option<Start>,
}

/// The mutation a tool runs before it follows its subscription.
#[derive(Debug, Clone, PartialEq)]
pub struct Start {
    /// Its name.
    pub name: String,
    /// The text to send.
    pub document: String,
    /// The variables it declares, by name.
    pub takes: Vec<String>,
    /// Its refusals.
    pub problems: Option<Path>,
    /// Codes of refusals after which the call goes on all the same.
    pub tolerates: Vec<String>,
}

/// `@mcpResource`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// The address, with `{variable}` for each variable.
    pub uri: String,
    /// Its name, unique in the catalogue.
    pub name: String,
    /// What it is.
    pub description: String,
    /// The media type of its text.
    pub mime_type: String,
    /// The subscription that tells of changes.
    pub watch: Option<String>,
}

/// `@mcpPrompt`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// Its name, unique in the catalogue.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The text, with `{{argument}}` and `{{path.into.data}}`.
    pub template: String,
}

/// `@mcpComplete`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complete {
    /// `prompt.argument` or `resource.variable`, each.
    pub targets: Vec<String>,
    /// Where the values are.
    pub values: Path,
}

/// Whether a directive is one of ours, which no server must see.
pub(crate) fn is_ours(name: &str) -> bool {
    name.starts_with("mcp") || name == "rest"
}

/// The arguments of one directive. Their types were validated against the prelude.
pub(crate) struct Arguments<'a>(pub(crate) &'a Directive);

impl Arguments<'_> {
    fn get(&self, name: &str) -> Option<&Literal> {
        self.0.specified_argument_by_name(name).map(|node| &**node)
    }

    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.get(name).and_then(Literal::as_str).map(str::to_owned)
    }

    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        let list = self
            .get(name)
            .and_then(Literal::as_list)
            .unwrap_or_default();
        list.iter()
            .filter_map(|item| item.as_str())
            .map(str::to_owned)
            .collect()
    }

    pub(crate) fn yes(&self, name: &str, otherwise: bool) -> bool {
        self.get(name)
            .and_then(Literal::to_bool)
            .unwrap_or(otherwise)
    }

    pub(crate) fn number(&self, name: &str) -> Option<i32> {
        self.get(name).and_then(Literal::to_i32)
    }

    pub(crate) fn path(&self, name: &str) -> Option<Path> {
        self.text(name).map(|text| Path::parse(&text))
    }

    pub(crate) fn object(&self, name: &str) -> Map<String, Value> {
        match self.get(name).map(json) {
            Some(Value::Object(object)) => object,
            _ => Map::new(),
        }
    }
}

/// A literal of a document as JSON.
pub(crate) fn json(literal: &Literal) -> Value {
    match literal {
        Literal::Null | Literal::Variable(_) => Value::Null,
        Literal::Enum(name) => Value::from(name.as_str()),
        Literal::String(text) => Value::from(text.as_str()),
        Literal::Float(number) => number.try_to_f64().map_or(Value::Null, Value::from),
        Literal::Int(number) => number.as_str().parse::<i64>().map_or_else(
            |_| number.try_to_f64().map_or(Value::Null, Value::from),
            Value::from,
        ),
        Literal::Boolean(yes) => Value::from(*yes),
        Literal::List(items) => items.iter().map(|item| json(item)).collect(),
        Literal::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.to_string(), json(value)))
            .collect::<Map<_, _>>()
            .into(),
    }
}
