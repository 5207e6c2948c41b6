//! A catalogue as MCP lists it, with its schemas compiled.

use djinn_operations::{Catalogue, Check, Operation, Tool as Spec, flat};
use rmcp::model::{MetaObject, Tool, ToolAnnotations, object};
use serde_json::{Map, Value};
use std::sync::Arc;

/// One operation of the catalogue with what MCP needs of it.
pub(crate) struct Entry {
    pub(crate) operation: Operation,
    /// Present when the operation is a tool.
    pub(crate) tool: Option<(Spec, Tool)>,
    check: Check,
}

/// All of them.
pub(crate) struct Toolbox {
    pub(crate) entries: Vec<Entry>,
}

impl Toolbox {
    pub(crate) fn new(catalogue: &Catalogue) -> Self {
        let entries = catalogue.operations.iter().map(|operation| {
            let schema = operation.arguments();
            Entry {
                check: Check::new(&schema),
                tool: operation.tool.clone().map(|spec| {
                    let model = model(operation, &spec, flat(&schema));
                    (spec, model)
                }),
                operation: operation.clone(),
            }
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
        let mut entries = self.entries.iter();
        entries.find_map(|entry| Some((entry, pick(entry)?)))
    }

    pub(crate) fn tool(&self, name: &str) -> Option<(&Entry, &Spec, &Tool)> {
        self.entries.iter().find_map(|entry| {
            let (spec, model) = entry.tool.as_ref()?;
            (spec.name == name).then_some((entry, spec, model))
        })
    }
}

impl Entry {
    /// What is wrong with arguments, each by JSON Pointer.
    pub(crate) fn refusal(&self, arguments: &Map<String, Value>) -> Option<String> {
        self.check.refusal(&Value::Object(arguments.clone()))
    }
}

fn model(operation: &Operation, spec: &Spec, input: Value) -> Tool {
    let description = operation.description.clone();
    let mut tool = Tool::new(spec.name.clone(), description, Arc::new(object(input)))
        .with_annotations(ToolAnnotations::from_raw(
            spec.title.clone(),
            Some(spec.read_only),
            Some(spec.destructive),
            Some(spec.idempotent),
            Some(spec.open_world),
        ));
    if !operation.output_schema.is_null() {
        let output = object(operation.output_schema.clone());
        tool = tool.with_raw_output_schema(Arc::new(output));
    }
    tool.title.clone_from(&spec.title);
    if !spec.meta.is_empty() {
        tool = tool.with_meta(MetaObject(spec.meta.clone()));
    }
    tool
}

/// The tools as a client with every scope lists them, in JSON.
pub fn describe(catalogue: &Catalogue) -> Value {
    let entries = Toolbox::new(catalogue).entries.into_iter();
    let tools = entries.filter_map(|entry| entry.tool);
    tools
        .map(|(_, model)| serde_json::to_value(model).unwrap_or_default())
        .collect()
}
