//! Queries as prompts, and as completions of arguments.

use crate::{
    answer::shown,
    server::Hub,
    toolbox::{Entry, Toolbox},
};
use djinn_operations::{Caller, Path};
use rmcp::{
    ErrorData,
    model::{
        CompleteRequestParams, CompletionInfo, GetPromptResult, JsonObject, Prompt, PromptArgument,
        PromptMessage, Reference, Role,
    },
};
use serde_json::{Map, Value};

/// The prompts.
pub(crate) fn list(toolbox: &Toolbox) -> Vec<Prompt> {
    let one = |entry: &Entry| {
        let spec = entry.operation.prompt.as_ref()?;
        let arguments = entry
            .operation
            .variables
            .iter()
            .filter(|variable| variable.header.is_none())
            .map(|variable| {
                PromptArgument::new(variable.name.clone())
                    .with_description(variable.description.clone())
                    .with_required(variable.required)
            });
        Some(Prompt::new(
            spec.name.clone(),
            Some(spec.description.clone()),
            Some(arguments.collect()),
        ))
    };
    toolbox.entries.iter().filter_map(one).collect()
}

/// Fills one.
pub(crate) async fn get(
    hub: &Hub,
    caller: &Caller,
    name: &str,
    arguments: Option<JsonObject>,
) -> Result<GetPromptResult, ErrorData> {
    let toolbox = hub.toolbox();
    let found = toolbox.find(|entry| {
        entry
            .operation
            .prompt
            .as_ref()
            .filter(|spec| spec.name == name)
    });
    let Some((entry, spec)) = found else {
        return Err(ErrorData::invalid_params(
            format!("there is no prompt `{name}`"),
            None,
        ));
    };
    let typed = |(name, value): (String, Value)| {
        let value = value
            .as_str()
            .map_or_else(|| value.clone(), |text| entry.coerce(&name, text));
        (name, value)
    };
    let variables: Map<String, Value> = arguments
        .unwrap_or_default()
        .into_iter()
        .map(typed)
        .collect();
    entry
        .check(&variables)
        .map_err(|text| ErrorData::invalid_params(text, None))?;
    let data = hub
        .data(&entry.operation, variables.clone(), caller)
        .await?;
    let text = filled(&spec.template, &variables, &data);
    let message = PromptMessage::new_text(Role::User, text);
    Ok(GetPromptResult::new(vec![message]).with_description(spec.description.clone()))
}

/// Replaces each `{{name}}` by the argument, or by what is at that path of the data.
fn filled(template: &str, arguments: &Map<String, Value>, data: &Value) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (place, after) = after.split_once("}}").unwrap_or((after, ""));
        let place = place.trim();
        text.push_str(before);
        let values = arguments
            .get(place)
            .map_or_else(|| Path::parse(place).all(data), |value| vec![value]);
        text.push_str(&values.into_iter().map(shown).collect::<Vec<_>>().join(", "));
        rest = after;
    }
    text + rest
}

/// What could stand in an argument, by what was typed so far.
pub(crate) async fn complete(
    hub: &Hub,
    caller: &Caller,
    request: CompleteRequestParams,
) -> Result<CompletionInfo, ErrorData> {
    let toolbox = hub.toolbox();
    let owner = match &request.r#ref {
        Reference::Prompt(prompt) => Some(prompt.name.clone()),
        Reference::Resource(resource) => toolbox
            .entries
            .iter()
            .filter_map(|entry| entry.operation.resource.as_ref())
            .find(|spec| spec.uri == resource.uri)
            .map(|spec| spec.name.clone()),
        _ => None,
    };
    let target = format!("{}.{}", owner.unwrap_or_default(), request.argument.name);
    let found = toolbox.find(|entry| {
        entry
            .operation
            .complete
            .as_ref()
            .filter(|spec| spec.targets.contains(&target))
    });
    let Some((entry, spec)) = found else {
        return Ok(CompletionInfo::default());
    };
    let operation = &entry.operation;
    let typed = request.argument.value;
    let mut variables = Map::new();
    if operation.takes.iter().any(|name| name == "value") {
        variables.insert("value".to_owned(), typed.clone().into());
    }
    let data = hub.data(operation, variables, caller).await?;
    let typed = typed.to_lowercase();
    let mut values: Vec<String> = spec
        .values
        .all(&data)
        .into_iter()
        .map(shown)
        .filter(|value| value.to_lowercase().contains(&typed))
        .collect();
    let total = values.len();
    values.truncate(CompletionInfo::MAX_VALUES);
    CompletionInfo::with_pagination(
        values,
        Some(total as u32),
        total > CompletionInfo::MAX_VALUES,
    )
    .map_err(|text| ErrorData::internal_error(text, None))
}
