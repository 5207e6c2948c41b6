//! The tools, resources and prompts as a page of the documentation: `docs/mcp-tools.md`.

use djinn_operations::{Catalogue, Kind, Operation, Variable};
use serde_json::Value;
use std::fmt::Write;

/// What stands before the list.
const CLIENTS: &str = include_str!("clients.md");

/// The page.
pub fn of(catalogue: &Catalogue) -> String {
    let mut page = CLIENTS.to_owned();
    let operations = || catalogue.operations.iter();
    // Writing to a string cannot fail, here and below.
    page.push_str("\n## Tools\n");
    for operation in operations().filter(|operation| operation.tool.is_some()) {
        tool(&mut page, operation);
    }
    page.push_str("\n## Resources\n| Address | What | Tells of changes |\n|---|---|---|\n");
    for resource in operations().filter_map(|operation| operation.resource.as_ref()) {
        let watched = if resource.watch.is_some() {
            "yes"
        } else {
            "no"
        };
        let _ = writeln!(
            page,
            "| `{}` | {} | {watched} |",
            resource.uri, resource.description
        );
    }
    page.push_str("\n## Prompts\n| Name | What | Arguments |\n|---|---|---|\n");
    for operation in operations() {
        if let Some(prompt) = &operation.prompt {
            let arguments: Vec<String> = arguments(operation)
                .map(|variable| format!("`{}`", variable.name))
                .collect();
            let _ = writeln!(
                page,
                "| `{}` | {} | {} |",
                prompt.name,
                prompt.description,
                arguments.join(", ")
            );
        }
    }
    let completed: Vec<String> = operations()
        .filter_map(|operation| operation.complete.as_ref())
        .flat_map(|complete| complete.targets.iter().map(|target| format!("`{target}`")))
        .collect();
    let _ = writeln!(
        page,
        "\nArguments that are completed: {}.",
        completed.join(", ")
    );
    page
}

fn arguments(operation: &Operation) -> impl Iterator<Item = &Variable> {
    operation
        .variables
        .iter()
        .filter(|variable| variable.is_argument())
}

fn tool(page: &mut String, operation: &Operation) {
    let Some(spec) = &operation.tool else { return };
    let _ = writeln!(page, "\n### {}\n{}\n", spec.name, operation.description);
    let mut facts = Vec::new();
    facts.push(match operation.kind {
        _ if spec.read_only => "Reads.",
        Kind::Subscription => "Runs until it is done, with progress.",
        _ if spec.destructive => "Changes, and may overwrite.",
        _ => "Changes.",
    });
    if spec.confirm.is_some() {
        facts.push("Asks the person first.");
    }
    let scope = spec
        .scope
        .map(|scope| format!(" Needs `{}`.", scope.as_str()));
    let _ = writeln!(page, "{}{}", facts.join(" "), scope.unwrap_or_default());
    if arguments(operation).next().is_none() {
        return;
    }
    page.push_str("\n| Argument | Type | What |\n|---|---|---|\n");
    for variable in arguments(operation) {
        let must = if variable.required { ", needed" } else { "" };
        // The schema has the enum's values with it, the variable only what it is for.
        let about = variable.schema["description"]
            .as_str()
            .unwrap_or(&variable.description);
        let _ = writeln!(
            page,
            "| `{}` | {}{must} | {} |",
            variable.name,
            kind(&variable.schema),
            about.replace('|', "\\|")
        );
    }
}

/// A schema in a word or two.
fn kind(schema: &Value) -> String {
    let default = schema.get("default").map(|value| format!(" = `{value}`"));
    let word = match (schema["type"].as_str(), schema["$ref"].as_str()) {
        (Some("array"), _) => format!("list of {}", kind(&schema["items"])),
        (Some("string"), _) if schema.get("enum").is_some() => "choice".to_owned(),
        (Some(word), _) => word.to_owned(),
        (None, Some(name)) => name.rsplit('/').next().unwrap_or(name).to_owned(),
        (None, None) => "anything".to_owned(),
    };
    word + &default.unwrap_or_default()
}
