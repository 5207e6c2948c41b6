//! What the `@mcp…` directives of an operation say, typed. `rest` has `@rest`.

use crate::{Ask, Path, address, problem, template};
use apollo_compiler::{ast::Directive, ast::Value as Literal};
use djinn_kernel::Scope;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

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
    pub message: Vec<Word>,
    /// Subscriptions: what ends the call once neither null nor false.
    pub result: Option<Path>,
    /// Refusals that make the call an error.
    pub problems: Option<Path>,
    /// Asked of the person before the call.
    pub confirm: Option<String>,
    /// Where that takes names from.
    pub confirm_from: Option<Lookup>,
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

/// A place whose value is told to a person: by itself or, of an enum, in the words of its description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub(crate) path: Path,
    pub(crate) meanings: BTreeMap<String, String>,
}

impl Word {
    fn of(&self, event: &Value) -> Option<String> {
        let value = self.path.get(event)?;
        let meaning = value.as_str().and_then(|word| self.meanings.get(word));
        Some(meaning.cloned().unwrap_or_else(|| template::shown(value)))
    }
}

/// One state of the work that a subscription tells of.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// How far it is.
    pub done: f64,
    /// How far it goes.
    pub total: Option<f64>,
    /// What it is doing.
    pub message: Option<String>,
}

/// Reports one after the other, made to grow: stages count from zero again, and whoever is told
/// wants one number.
#[derive(Debug, Clone, Default)]
pub struct Growing {
    base: f64,
    last: f64,
    told: Option<f64>,
}

impl Growing {
    /// The report as it is told; nothing, when it is no further than the one before.
    pub fn note(&mut self, report: Report) -> Option<Report> {
        if report.done < self.last {
            self.base += self.last;
        }
        self.last = report.done;
        let done = self.base + report.done;
        self.told.is_none_or(|told| done > told).then(|| {
            self.told = Some(done);
            Report {
                done,
                total: report.total.map(|total| self.base + total),
                ..report
            }
        })
    }
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

/// A query that a question takes names from.
#[derive(Debug, Clone, PartialEq)]
pub struct Lookup {
    /// Its name.
    pub name: String,
    /// The text to send.
    pub document: String,
    /// The variables it declares, by name.
    pub takes: Vec<String>,
}

impl Lookup {
    /// The arguments that it declares.
    pub fn taken(&self, arguments: &Map<String, Value>) -> Map<String, Value> {
        taken(arguments, &self.takes)
    }
}

impl Start {
    /// Its refusals that end the call, as text; nothing when it may go on.
    pub fn refusal(&self, data: &Value) -> Option<String> {
        let mut problems = problem::problems(data, self.problems.as_ref());
        problems.retain(|problem| {
            let code = problem["code"].as_str();
            !code.is_some_and(|code| self.tolerates.iter().any(|known| known == code))
        });
        (!problems.is_empty()).then(|| problem::written(&problems))
    }

    /// The arguments that it declares.
    pub fn taken(&self, arguments: &Map<String, Value>) -> Map<String, Value> {
        taken(arguments, &self.takes)
    }
}

pub(crate) fn taken(arguments: &Map<String, Value>, names: &[String]) -> Map<String, Value> {
    arguments
        .iter()
        .filter(|(name, _)| names.contains(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
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

/// The argument that stands for a person's yes where the client cannot ask.
pub const CONFIRM: &str = "confirm";

impl Tool {
    /// A tool of which nothing is said.
    pub(crate) fn bare(name: String, query: bool) -> Self {
        Self {
            name,
            title: None,
            read_only: query,
            destructive: !query,
            idempotent: query,
            open_world: false,
            progress: None,
            total: None,
            message: Vec::new(),
            result: None,
            problems: None,
            confirm: None,
            confirm_from: None,
            scope: None,
            max_items: None,
            ttl_ms: None,
            meta: Map::new(),
            start: None,
        }
    }

    /// What an event says of the work; `seen` is how many came, where it does not count itself.
    pub fn report(&self, event: &Value, seen: u32) -> Report {
        let number = |path: &Path| path.get(event).and_then(Value::as_f64);
        Report {
            done: self
                .progress
                .as_ref()
                .map_or_else(|| f64::from(seen), |path| number(path).unwrap_or_default()),
            total: self.total.as_ref().and_then(number),
            message: self.message.iter().find_map(|word| word.of(event)),
        }
    }

    /// Whether an event is the last one.
    pub fn ended(&self, event: &Value) -> bool {
        let end = self.result.as_ref().and_then(|path| path.get(event));
        end.is_some_and(|end| *end != false)
    }

    /// What the person is asked before the call: whether [`CONFIRM`] is so.
    pub fn confirmation(&self) -> Option<Ask> {
        self.confirm
            .as_deref()
            .map(|question| Ask::yes(CONFIRM, question))
    }
}

impl Resource {
    /// The variables in an address of this resource, by name; `None` for any other address.
    pub fn variables<'a>(&'a self, uri: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
        address::variables(&self.uri, uri)
    }

    /// Whether its address has variables.
    pub fn is_template(&self) -> bool {
        self.uri.contains('{')
    }
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

impl Complete {
    /// The values in `data` that have what was typed in them, in any case.
    pub fn fitting(&self, data: &Value, typed: &str) -> Vec<String> {
        let typed = typed.to_lowercase();
        let values = self.values.all(data).into_iter().map(template::shown);
        values
            .filter(|value| value.to_lowercase().contains(&typed))
            .collect()
    }
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

    /// The value of an enum.
    pub(crate) fn word(&self, name: &str) -> Option<String> {
        self.get(name)
            .and_then(Literal::as_enum)
            .map(ToString::to_string)
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
