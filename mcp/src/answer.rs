//! What the graph answered, as a tool's result.

use djinn_kernel::Code;
use djinn_operations::{GraphAnswer, GraphDown, GraphError, Operation, Path};
use rmcp::model::{CallToolResult, ContentBlock};
use serde_json::Value;

/// A value as a person reads it.
pub(crate) fn shown(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// A result the caller reads as an error.
pub(crate) fn refused(text: impl Into<String>) -> CallToolResult {
    CallToolResult::error(vec![ContentBlock::text(text)])
}

/// `CODE: message`.
pub(crate) fn coded(code: Code, message: impl std::fmt::Display) -> String {
    format!("{}: {message}", code.as_str())
}

/// The graph could not be asked. Why is for the log.
pub(crate) fn down(error: &GraphDown) -> String {
    tracing::warn!(?error, "the graph could not be asked");
    match error {
        GraphDown::Timeout => coded(Code::Timeout, error),
        GraphDown::Unreachable(_) => coded(Code::Unavailable, error),
    }
}

/// The answer's errors, one on each line; empty when there are none.
pub(crate) fn errors(errors: &[GraphError]) -> String {
    errors
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

/// The refusals at `path`: a list of them, or one.
pub(crate) fn problems<'a>(data: &'a Value, path: Option<&Path>) -> Vec<&'a Value> {
    let found = path.map_or_else(Vec::new, |path| path.all(data));
    found
        .into_iter()
        .flat_map(|value| {
            value
                .as_array()
                .map_or_else(|| vec![value], |list| list.iter().collect())
        })
        .collect()
}

/// Refusals as text, one on each line.
pub(crate) fn written(problems: &[&Value]) -> String {
    let one = |problem: &&Value| {
        let text = |key: &str| problem[key].as_str();
        let field = text("field")
            .map(|field| format!(" ({field})"))
            .unwrap_or_default();
        format!(
            "{}: {}{field}",
            text("code").unwrap_or("REFUSED"),
            text("message").unwrap_or("refused")
        )
    };
    problems.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// The result of a call that ran to its end.
pub(crate) fn result(answer: &GraphAnswer, operation: &Operation) -> CallToolResult {
    let spec = operation.tool.as_ref();
    if !answer.errors.is_empty() {
        // Clients check structured content against the output schema even beside an error, so
        // what there is of the data stands in the text.
        let mut result = refused(errors(&answer.errors));
        if let Some(rest) = operation.output.of(&answer.data) {
            result
                .content
                .push(ContentBlock::text(format!("Partial data: {rest}")));
        }
        return result;
    }
    let problems = problems(&answer.data, spec.and_then(|spec| spec.problems.as_ref()));
    if !problems.is_empty() {
        return refused(written(&problems));
    }
    let Some(mut value) = operation.output.of(&answer.data) else {
        return refused(format!(
            "{} ({})",
            coded(Code::NotFound, Code::NotFound.meaning()),
            operation.output.path
        ));
    };
    let left_out = spec
        .and_then(|spec| spec.max_items)
        .map_or_else(Vec::new, |most| cut(&mut value, most));
    let mut result = CallToolResult::structured(value);
    if !left_out.is_empty() {
        let text = format!("Left out: {}. Ask for a smaller page.", left_out.join(", "));
        result.content.push(ContentBlock::text(text));
    }
    result
}

/// Cuts the lists directly in `value`, and says what went.
fn cut(value: &mut Value, most: usize) -> Vec<String> {
    let Some(object) = value.as_object_mut() else {
        return Vec::new();
    };
    let mut left_out = Vec::new();
    for (key, list) in object {
        if let Some(list) = list.as_array_mut().filter(|list| list.len() > most) {
            left_out.push(format!("{} of {key}", list.len() - most));
            list.truncate(most);
        }
    }
    left_out
}
