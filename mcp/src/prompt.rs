//! Queries as prompts, and as completions of arguments.

use crate::{
    answer,
    ask::{self, Brought},
    toolbox::{Entry, Toolbox},
    turn::Turn,
};
use djinn_operations::template::{self, TWO};
use rmcp::{
    ErrorData,
    model::{
        CompleteRequestParams, CompletionInfo, GetPromptRequestParams, GetPromptResponse,
        GetPromptResult, Prompt, PromptArgument, PromptMessage, Reference, Role,
    },
};
use serde_json::Value;

/// The prompts.
pub(crate) fn list(toolbox: &Toolbox) -> Vec<Prompt> {
    let one = |entry: &Entry| {
        let spec = entry.operation.prompt.as_ref()?;
        let variables = entry.operation.variables.iter();
        let arguments = variables.filter(|variable| variable.is_argument());
        let arguments = arguments.map(|variable| {
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
    turn: &Turn<'_>,
    request: GetPromptRequestParams,
) -> Result<GetPromptResponse, ErrorData> {
    let toolbox = turn.hub.toolbox();
    let wrong = |text: String| ErrorData::invalid_params(text, None);
    let found = toolbox.find(|entry| {
        let spec = entry.operation.prompt.as_ref();
        spec.filter(|spec| spec.name == request.name)
    });
    let Some((entry, spec)) = found else {
        return Err(wrong(format!("there is no prompt `{}`", request.name)));
    };
    let operation = &entry.operation;
    let mut arguments = operation.read_all(request.arguments.unwrap_or_default());
    if let Some(text) = entry.refusal(&arguments) {
        return Err(wrong(text));
    }
    let brought = Brought {
        state: request.request_state,
        responses: request.input_responses,
    };
    if let Err(instead) = ask::gather(turn, operation, &spec.name, &mut arguments, brought).await {
        return instead.answer(|text| Err(wrong(text)));
    }
    let mut data = turn.data(operation, &arguments).await?;
    let pieces = operation.pieces(&mut data, &arguments);
    let mut content: Vec<_> = pieces.into_iter().map(answer::block).collect();
    let text = template::fill(&spec.template, TWO, &[&Value::Object(arguments), &data]);
    content.push(rmcp::model::ContentBlock::text(text));
    let messages = content.into_iter();
    let messages = messages.map(|block| PromptMessage::new(Role::User, block));
    let result = GetPromptResult::new(messages.collect());
    Ok(result.with_description(spec.description.clone()).into())
}

/// What could stand in an argument, by what was typed so far.
pub(crate) async fn complete(
    turn: &Turn<'_>,
    request: CompleteRequestParams,
) -> Result<CompletionInfo, ErrorData> {
    let toolbox = turn.hub.toolbox();
    let owner = toolbox.find(|entry| match &request.r#ref {
        Reference::Prompt(wanted) => {
            let spec = entry.operation.prompt.as_ref();
            spec.map(|spec| &spec.name)
                .filter(|name| **name == wanted.name)
        }
        Reference::Resource(wanted) => {
            let spec = entry.operation.resource.as_ref();
            let spec = spec.filter(|spec| spec.uri == wanted.uri);
            spec.map(|spec| &spec.name)
        }
        _ => None,
    });
    let Some((_, owner)) = owner else {
        let text = "there is no such prompt or resource";
        return Err(ErrorData::invalid_params(text, None));
    };
    let target = format!("{owner}.{}", request.argument.name);
    let found = toolbox.find(|entry| {
        let spec = entry.operation.complete.as_ref();
        spec.filter(|spec| spec.targets.contains(&target))
    });
    let Some((entry, spec)) = found else {
        return Ok(CompletionInfo::default());
    };
    let typed = request.argument.value;
    let variables = [("value".to_owned(), typed.clone().into())];
    let data = turn
        .data(&entry.operation, &variables.into_iter().collect())
        .await?;
    let mut values = spec.fitting(&data, &typed);
    let (total, most) = (values.len(), CompletionInfo::MAX_VALUES);
    values.truncate(most);
    CompletionInfo::with_pagination(values, Some(total as u32), total > most)
        .map_err(|text| ErrorData::internal_error(text, None))
}
