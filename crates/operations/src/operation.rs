//! One described operation.

use crate::{Ask, Base, CONFIRM, Content, Path, Piece, Resource, Route, Tool, directive};
use serde_json::{Map, Value, json};

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
    /// Whom the client asks for it: then it is no argument.
    pub ask: Option<Ask>,
}

impl Variable {
    /// Whether whoever calls gives it.
    pub const fn is_argument(&self) -> bool {
        self.header.is_none() && self.ask.is_none()
    }

    /// What a person typed or an address carried, as the type wants it.
    pub fn read(&self, text: &str) -> Value {
        match self.schema["type"].as_str() {
            Some("string") => text.into(),
            Some("array") if !text.starts_with('[') => {
                text.split(',').map(|part| part.trim().to_owned()).collect()
            }
            _ => serde_json::from_str(text).unwrap_or_else(|_| text.into()),
        }
    }
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

    /// What is handed on as a text of that media type: one that is text already, say Markdown, is not
    /// wrapped in JSON.
    pub fn text(&self, data: &Value, mime_type: &str) -> Option<String> {
        let value = self.of(data)?;
        let plain = value["value"].as_str();
        let plain = plain.filter(|_| mime_type != "application/json");
        Some(plain.map_or_else(|| value.to_string(), str::to_owned))
    }

    /// Cuts the lists directly in a value that is handed on, and says what went.
    pub fn cut(value: &mut Value, most: usize) -> Vec<String> {
        let mut left_out = Vec::new();
        for (key, list) in value.as_object_mut().into_iter().flatten() {
            if let Some(list) = list.as_array_mut().filter(|list| list.len() > most) {
                left_out.push(format!("{} of {key}", list.len() - most));
                list.truncate(most);
            }
        }
        left_out
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
    /// The text of the file, as it stands there.
    pub source: String,
    /// The variables the document declares, by name.
    pub takes: Vec<String>,
    /// What it is for, as the comment above it or its directive says.
    pub description: String,
    /// Every variable to fill; for a tool with a `start`, those of both documents.
    pub variables: Vec<Variable>,
    /// JSON Schema 2020-12 of the arguments.
    pub input_schema: Value,
    /// JSON Schema 2020-12 of [`Operation::output`]; null when all of it is content.
    pub output_schema: Value,
    /// `@mcpContent`, in the order of the document.
    pub contents: Vec<Content>,
    /// What of the data is handed on.
    pub output: Output,
    /// `@mcpTool`.
    pub tool: Option<Tool>,
    /// `@mcpResource`.
    pub resource: Option<Resource>,
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
    /// Makes a tool of an operation without a directive of ours.
    pub(crate) fn bare_tool(&mut self) {
        if self.is_bare() && self.kind != Kind::Subscription {
            self.tool = Some(Tool::bare(self.name.clone(), self.kind == Kind::Query));
        }
    }

    /// Whether it has no directive of ours that says what it is to anybody.
    pub const fn is_bare(&self) -> bool {
        let part = self.resource.is_some() || self.prompt.is_some() || self.complete.is_some();
        !part && self.tool.is_none() && self.routes.is_empty()
    }

    /// Takes what is content out of the data, in the order of the document.
    pub fn pieces(&self, data: &mut Value, arguments: &Map<String, Value>) -> Vec<Piece> {
        self.pieces_below(None, data, arguments)
    }

    /// The same; links that are paths lead to `base`.
    pub(crate) fn pieces_below(
        &self,
        base: Option<&Base>,
        data: &mut Value,
        arguments: &Map<String, Value>,
    ) -> Vec<Piece> {
        if self.contents.is_empty() {
            return Vec::new();
        }
        let arguments = Value::Object(arguments.clone());
        let contents = self.contents.iter();
        contents
            .flat_map(|content| content.take(data, &arguments, base))
            .collect()
    }

    /// The arguments that this operation itself declares.
    pub fn taken(&self, arguments: &Map<String, Value>) -> Map<String, Value> {
        directive::taken(arguments, &self.takes)
    }

    /// The schema of what a caller gives: the arguments, and [`CONFIRM`] where a client may have to say
    /// that the person agreed.
    pub fn arguments(&self) -> Value {
        let mut schema = self.input_schema.clone();
        if self
            .tool
            .as_ref()
            .is_some_and(|tool| tool.confirm.is_some())
        {
            schema["properties"][CONFIRM] = json!({
                "type": "boolean",
                "description": "True once the person has agreed. Not needed where the client asks by itself.",
            });
        }
        schema
    }

    /// Adds the variables that come from a request's headers.
    pub fn take_headers<'a>(
        &self,
        header: impl Fn(&str) -> Option<&'a str>,
        arguments: &mut Map<String, Value>,
    ) {
        for variable in &self.variables {
            if let Some(text) = variable.header.as_deref().and_then(&header) {
                arguments.insert(variable.name.clone(), variable.read(text));
            }
        }
    }

    /// Text from outside, as the variable's type wants it.
    pub fn read(&self, name: &str, text: &str) -> Value {
        let found = self.variables.iter().find(|variable| variable.name == name);
        found.map_or_else(|| text.into(), |variable| variable.read(text))
    }

    /// The same for everything that came.
    pub fn read_all(&self, texts: Map<String, Value>) -> Map<String, Value> {
        let one = |(name, value): (String, Value)| {
            let read = value.as_str().map(|text| self.read(&name, text));
            (name, read.unwrap_or(value))
        };
        texts.into_iter().map(one).collect()
    }

    /// The resource at `uri`, if that is one of its addresses, and the variables that stand there.
    pub fn addressed(&self, uri: &str) -> Option<(&Resource, Map<String, Value>)> {
        let resource = self.resource.as_ref()?;
        let read = |(name, text): (&str, &str)| (name.to_owned(), self.read(name, text));
        let variables = resource.variables(uri)?.into_iter().map(read).collect();
        Some((resource, variables))
    }

    /// Every text this operation sends, with its operation's name: its own, that of its start, and
    /// that of what its question takes names from.
    pub fn documents(&self) -> impl Iterator<Item = (&str, &str)> {
        let tool = self.tool.as_ref();
        let start = tool.and_then(|tool| tool.start.as_ref());
        let from = tool.and_then(|tool| tool.confirm_from.as_ref());
        std::iter::once((self.name.as_str(), self.document.as_str()))
            .chain(start.map(|start| (start.name.as_str(), start.document.as_str())))
            .chain(from.map(|from| (from.name.as_str(), from.document.as_str())))
    }
}
