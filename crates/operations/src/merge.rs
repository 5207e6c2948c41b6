//! JSON laid over JSON.

use serde_json::Value;

/// Lays `over` on `base`: objects are merged by key, anything else is replaced.
pub(crate) fn merge(base: &mut Value, over: Value) {
    match (base, over) {
        (Value::Object(base), Value::Object(over)) => {
            for (key, value) in over {
                merge(base.entry(key).or_insert(Value::Null), value);
            }
        }
        // An absent object lays nothing over.
        (_, Value::Object(over)) if over.is_empty() => {}
        (base, over) => *base = over,
    }
}
