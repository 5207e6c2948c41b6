//! Refusals inside an answer: `problems { code field message }`.

use crate::Path;
use serde_json::Value;

/// The refusals at `path`: a list of them, or one.
pub fn problems<'a>(data: &'a Value, path: Option<&Path>) -> Vec<&'a Value> {
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

/// Refusals as text, one on each line: `CODE: message (field)`.
pub fn written(problems: &[&Value]) -> String {
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
