//! Texts with places: `{name}` in a question, `{{name}}` in a prompt.

use crate::Path;
use serde_json::Value;

/// A value as a person reads it.
pub fn shown(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// The places of a text, in order, and the text before each; the rest has none.
fn parts<'a>(text: &'a str, braces: (&str, &str)) -> Vec<(&'a str, Option<&'a str>)> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(braces.0) {
        let (place, after) = after.split_once(braces.1).unwrap_or((after, ""));
        parts.push((before, Some(place.trim())));
        rest = after;
    }
    parts.push((rest, None));
    parts
}

/// The variable or argument that a place begins with.
pub(crate) fn first(place: &str) -> &str {
    let name = place.split('.').next().unwrap_or_default();
    name.trim_end_matches("[]")
}

/// The places of a text.
pub(crate) fn places<'a>(text: &'a str, braces: (&str, &str)) -> Vec<&'a str> {
    let parts = parts(text, braces).into_iter();
    parts.filter_map(|(_, place)| place).collect()
}

/// Fills each place with what is at that path in the first of `values` that has it; several
/// values with commas between. What nobody has is left out.
pub fn fill(text: &str, braces: (&str, &str), values: &[&Value]) -> String {
    let mut filled = String::new();
    for (before, place) in parts(text, braces) {
        filled.push_str(before);
        let Some(place) = place else { continue };
        let path = Path::parse(place);
        let found = values.iter().map(|value| path.all(value));
        let found = found.into_iter().find(|found| !found.is_empty());
        let found: Vec<String> = found.unwrap_or_default().into_iter().map(shown).collect();
        filled.push_str(&found.join(", "));
    }
    filled
}

/// The first place of a text that none of `values` has anything for.
pub fn empty<'a>(text: &'a str, braces: (&str, &str), values: &[&Value]) -> Option<&'a str> {
    places(text, braces).into_iter().find(|place| {
        let path = Path::parse(place);
        values.iter().all(|value| path.all(value).is_empty())
    })
}

/// The braces of a question.
pub const ONE: (&str, &str) = ("{", "}");
/// The braces of a prompt, whose text may have single ones.
pub const TWO: (&str, &str) = ("{{", "}}");

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_text_is_filled_from_the_first_that_has_the_place() {
        let (first, second) = (
            json!({ "a": 1 }),
            json!({ "a": 2, "b": [{ "c": "x" }, { "c": "y" }] }),
        );
        let values = [&first, &second];
        assert_eq!(fill("{a}: {b[].c}{d}.", ONE, &values), "1: x, y.");
        assert_eq!(fill("{a} {{ a }}", TWO, &values), "{a} 1");
        assert_eq!(places("{a} and {b.c}", ONE), ["a", "b.c"]);
        assert_eq!(empty("{a}{b[].d} {e}", ONE, &values), Some("b[].d"));
        assert_eq!(empty("{a}", ONE, &values), None);
    }
}
