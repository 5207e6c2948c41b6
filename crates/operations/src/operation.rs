//! One described operation.

use crate::{Path, Route, Tool, directive};
use serde_json::{Value, json};

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Reads.
    Query,
    /// Changes.
    Mutation,
    /// Follows.
    Subscription,
}

/// One variable an adapter has to fill.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// Without the dollar sign.
    pub name: String,
    /// Non-null and without a default.
    pub required: bool,
    /// What it is for; empty when nobody says.
    pub description: String,
    /// Its schema, which may refer to `#/$defs/…` of the operation's input schema.
    pub schema: Value,
    /// The request header it comes from: then it is no argument.
    pub header: Option<String>,
}

/// How an unwrapped value becomes an object, which is what a structured result must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// It is one.
    Object,
    /// A list: `{"items": […]}`.
    List,
    /// A plain value: `{"value": …}`.
    Plain,
}

/// What of the data is handed on.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    /// Where it is.
    pub path: Path,
    /// How it becomes an object.
    pub shape: Shape,
}

impl Output {
    /// Takes the output out of the data; `None` when it is null.
    pub fn of(&self, data: &Value) -> Option<Value> {
        let value = self.path.get(data)?.clone();
        Some(match self.shape {
            Shape::Object => value,
            Shape::List => json!({ "items": value }),
            Shape::Plain => json!({ "value": value }),
        })
    }
}

/// An operation, ready to be sent and described.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// The operation's name, unique in the catalogue.
    pub name: String,
    /// The SHA-256 of [`Operation::document`] in hexadecimal: what a trusted document is called by.
    pub id: String,
    /// The file's name without its ending: what a trusted GET is called by.
    pub slug: String,
    /// The folder the file is in, for instance `mcp` or `q`.
    pub folder: String,
    /// What it does.
    pub kind: Kind,
    /// The text to send: this operation and its fragments, without our directives.
    pub document: String,
    /// The variables the document declares, by name.
    pub takes: Vec<String>,
    /// What it is for, as the comment above it or its directive says.
    pub description: String,
    /// Every variable to fill; for a tool with a `start`, those of both documents.
    pub variables: Vec<Variable>,
    /// JSON Schema 2020-12 of the arguments.
    pub input_schema: Value,
    /// JSON Schema 2020-12 of [`Operation::output`].
    pub output_schema: Value,
    /// What of the data is handed on.
    pub output: Output,
    /// `@mcpTool`.
    pub tool: Option<Tool>,
    /// `@mcpResource`.
    pub resource: Option<directive::Resource>,
    /// `@mcpPrompt`.
    pub prompt: Option<directive::Prompt>,
    /// `@mcpComplete`.
    pub complete: Option<directive::Complete>,
    /// `@rest`, each of them.
    pub routes: Vec<Route>,
    /// The file it stands in.
    pub file: String,
    /// The line it begins at.
    pub line: usize,
}

impl Operation {
    /// Every text this operation sends, with its operation's name: its own, and that of its start.
    pub fn documents(&self) -> impl Iterator<Item = (&str, &str)> {
        let start = self.tool.as_ref().and_then(|tool| tool.start.as_ref());
        std::iter::once((self.name.as_str(), self.document.as_str()))
            .chain(start.map(|start| (start.name.as_str(), start.document.as_str())))
    }
}
