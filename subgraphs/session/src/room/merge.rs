//! JSON merge patch (RFC 7396), and the limits of what may be merged.

use serde_json::{Map, Value};

/// The largest patch, as compact JSON.
pub const MAX_PATCH: usize = 16 * 1024;
/// The largest state, as compact JSON.
pub const MAX_STATE: usize = 256 * 1024;
/// The deepest nesting of either.
pub const MAX_DEPTH: usize = 32;

/// A document or patch that is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unacceptable {
    /// A list, a text, a number: the RFC would replace the whole state by it.
    #[error("must be a JSON object")]
    NotAnObject,
    /// Nested too deeply.
    #[error("nests deeper than {MAX_DEPTH} levels")]
    TooDeep,
    /// Too long.
    #[error("is {bytes} bytes long as JSON; the limit is {limit}")]
    TooLarge {
        /// Its length.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
}

/// Merges `patch` into `target`: objects are merged member by member, `null` removes a member,
/// and anything else replaces what was there.
pub fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(members) = target else {
        return;
    };
    for (name, change) in patch {
        if change.is_null() {
            members.remove(&name);
        } else {
            merge(members.entry(name).or_insert(Value::Null), change);
        }
    }
}

/// Checks a document, and returns it as compact JSON.
pub fn check(document: &Value, limit: usize) -> Result<String, Unacceptable> {
    if !document.is_object() {
        return Err(Unacceptable::NotAnObject);
    }
    if deeper_than(document, MAX_DEPTH) {
        return Err(Unacceptable::TooDeep);
    }
    let text = document.to_string();
    if text.len() > limit {
        return Err(Unacceptable::TooLarge {
            bytes: text.len(),
            limit,
        });
    }
    Ok(text)
}

fn deeper_than(value: &Value, levels: usize) -> bool {
    match value {
        Value::Array(items) => {
            levels == 0 || items.iter().any(|item| deeper_than(item, levels - 1))
        }
        Value::Object(members) => {
            levels == 0 || members.values().any(|item| deeper_than(item, levels - 1))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_examples_of_the_rfc_come_out_as_it_says() {
        for (original, patch, result) in [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (
                json!({"a": "b"}),
                json!({"b": "c"}),
                json!({"a": "b", "b": "c"}),
            ),
            (json!({"a": "b"}), json!({"a": null}), json!({})),
            (
                json!({"a": "b", "b": "c"}),
                json!({"a": null}),
                json!({"b": "c"}),
            ),
            (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "c"}), json!({"a": ["b"]}), json!({"a": ["b"]})),
            (
                json!({"a": {"b": "c"}}),
                json!({"a": {"b": "d", "c": null}}),
                json!({"a": {"b": "d"}}),
            ),
            (
                json!({"a": [{"b": "c"}]}),
                json!({"a": [1]}),
                json!({"a": [1]}),
            ),
            (json!(["a", "b"]), json!(["c", "d"]), json!(["c", "d"])),
            (json!({"a": "b"}), json!(["c"]), json!(["c"])),
            (json!({"a": "foo"}), json!(null), json!(null)),
            (json!({"a": "foo"}), json!("bar"), json!("bar")),
            (
                json!({"e": null}),
                json!({"a": 1}),
                json!({"e": null, "a": 1}),
            ),
            (
                json!([1, 2]),
                json!({"a": "b", "c": null}),
                json!({"a": "b"}),
            ),
            (
                json!({}),
                json!({"a": {"bb": {"ccc": null}}}),
                json!({"a": {"bb": {}}}),
            ),
        ] {
            let mut merged = original;
            merge(&mut merged, patch);
            assert_eq!(merged, result);
        }
    }

    #[test]
    fn documents_beyond_a_limit_are_refused_with_the_limit() {
        assert_eq!(check(&json!([]), 10), Err(Unacceptable::NotAnObject));
        assert_eq!(
            check(&json!({"a": "0123456789"}), 10),
            Err(Unacceptable::TooLarge {
                bytes: 18,
                limit: 10
            })
        );
        let mut deep = json!(1);
        for _ in 0..MAX_DEPTH {
            deep = json!({ "a": deep });
        }
        assert!(check(&deep, MAX_STATE).is_ok());
        assert_eq!(
            check(&json!({ "a": deep }), MAX_STATE),
            Err(Unacceptable::TooDeep)
        );
    }
}
