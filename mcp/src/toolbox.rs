//! A catalogue as MCP lists it, with its schemas compiled.

use djinn_operations::{Catalogue, Operation, Tool as Spec};
use jsonschema::Validator;
use rmcp::model::{JsonObject, MetaObject, Tool, ToolAnnotations};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// The argument that stands for a person's yes where the client cannot ask.
pub(crate) const CONFIRM: &str = "confirm";

/// One operation of the catalogue with what MCP needs of it.
pub(crate) struct Entry {
    pub(crate) operation: Operation,
    /// Present when the operation is a tool.
    pub(crate) tool: Option<(Spec, Tool)>,
    validator: Option<Validator>,
}

/// All of them.
pub(crate) struct Toolbox {
    pub(crate) entries: Vec<Entry>,
}

impl Toolbox {
    pub(crate) fn new(catalogue: &Catalogue) -> Self {
        let entries = catalogue.operations.iter().map(|operation| {
            let tool = operation.tool.clone().map(|spec| {
                let model = model(operation, &spec);
                (spec, model)
            });
            let schema = tool
                .as_ref()
                .map_or_else(|| operation.input_schema.clone(), |(_, model)| model.schema_as_json_value());
            let validator = jsonschema::validator_for(&schema)
                .inspect_err(|error| tracing::error!(%error, operation = operation.name, "an input schema is bad"))
                .ok();
            Entry { operation: operation.clone(), tool, validator }
        });
        Self {
            entries: entries.collect(),
        }
    }

    /// The first operation for which `pick` finds something, and what it found.
    pub(crate) fn find<'a, T>(
        &'a self,
        pick: impl Fn(&'a Entry) -> Option<T>,
    ) -> Option<(&'a Entry, T)> {
        self.entries
            .iter()
            .find_map(|entry| Some((entry, pick(entry)?)))
    }

    pub(crate) fn tool(&self, name: &str) -> Option<(&Entry, &Spec, &Tool)> {
        self.entries.iter().find_map(|entry| {
            let (spec, model) = entry.tool.as_ref()?;
            (spec.name == name).then_some((entry, spec, model))
        })
    }
}

impl Entry {
    /// Checks arguments. The error names each by JSON Pointer.
    pub(crate) fn check(&self, arguments: &Map<String, Value>) -> Result<(), String> {
        let Some(validator) = &self.validator else {
            return Err("INTERNAL: the input schema is bad".to_owned());
        };
        let arguments = Value::Object(arguments.clone());
        let wrong: Vec<String> = validator
            .iter_errors(&arguments)
            .take(5)
            .map(|error| {
                format!(
                    "INVALID_INPUT: {}: {error}",
                    pointer(&error.instance_path().to_string())
                )
            })
            .collect();
        if wrong.is_empty() {
            Ok(())
        } else {
            Err(wrong.join("\n"))
        }
    }

    /// Text a person typed or an address carried, as the variable's type wants it.
    pub(crate) fn coerce(&self, name: &str, text: &str) -> Value {
        let schema = self
            .operation
            .variables
            .iter()
            .find(|variable| variable.name == name)
            .map(|v| &v.schema);
        let plain = || Value::from(text);
        match schema
            .and_then(|schema| schema.get("type"))
            .and_then(Value::as_str)
        {
            Some("string") => plain(),
            Some("array") if !text.starts_with('[') => {
                text.split(',').map(|part| part.trim().to_owned()).collect()
            }
            _ => serde_json::from_str(text).unwrap_or_else(|_| plain()),
        }
    }
}

fn pointer(path: &str) -> &str {
    if path.is_empty() {
        "the arguments"
    } else {
        path
    }
}

fn model(operation: &Operation, spec: &Spec) -> Tool {
    let mut input = operation.input_schema.clone();
    if spec.confirm.is_some() {
        input["properties"][CONFIRM] = json!({
            "type": "boolean",
            "description": "True once the person has agreed. Not needed where the client asks by itself.",
        });
    }
    let mut tool = Tool::new(
        spec.name.clone(),
        operation.description.clone(),
        Arc::new(object(input)),
    )
    .with_raw_output_schema(Arc::new(object(operation.output_schema.clone())))
    .with_annotations(ToolAnnotations::from_raw(
        spec.title.clone(),
        Some(spec.read_only),
        Some(spec.destructive),
        Some(spec.idempotent),
        Some(spec.open_world),
    ));
    tool.title.clone_from(&spec.title);
    if !spec.meta.is_empty() {
        tool = tool.with_meta(MetaObject(spec.meta.clone()));
    }
    tool
}

fn object(value: Value) -> JsonObject {
    match value {
        Value::Object(object) => object,
        _ => JsonObject::new(),
    }
}

/// The tools as a client with every scope lists them, in JSON.
pub fn describe(catalogue: &Catalogue) -> Value {
    let tools = Toolbox::new(catalogue)
        .entries
        .into_iter()
        .filter_map(|entry| entry.tool);
    tools
        .map(|(_, model)| serde_json::to_value(model).unwrap_or_default())
        .collect()
}
