//! A schema without references. Several clients take a tool's schema apart and cannot follow
//! `$ref`; some of them then show no tool at all.

use serde_json::{Map, Value, json};

const DEFINITIONS: &str = "#/$defs/";
/// A schema that names more is left as it is: written out it would be far longer.
const MOST: usize = 200;

/// `schema` with each of its definitions where it is named. One that holds itself is written out
/// once, and inside is any object: what is held against a schema is held against the whole one.
pub fn flat(schema: &Value) -> Value {
    let mut flat = Flat {
        definitions: &schema["$defs"],
        open: Vec::new(),
        left: MOST,
    };
    match flat.of(schema) {
        Some(mut whole) => {
            if let Some(whole) = whole.as_object_mut() {
                whole.remove("$defs");
            }
            whole
        }
        None => schema.clone(),
    }
}

struct Flat<'a> {
    definitions: &'a Value,
    /// The definitions around the place that is being written.
    open: Vec<&'a str>,
    left: usize,
}

impl<'a> Flat<'a> {
    fn of(&mut self, schema: &'a Value) -> Option<Value> {
        match schema {
            Value::Object(keys) => match named(keys) {
                Some(name) => self.definition(name, keys),
                None => keys
                    .iter()
                    .filter(|(key, _)| *key != "$defs")
                    .map(|(key, value)| Some((key.clone(), self.of(value)?)))
                    .collect::<Option<Map<_, _>>>()
                    .map(Value::Object),
            },
            Value::Array(items) => items.iter().map(|item| self.of(item)).collect(),
            plain => Some(plain.clone()),
        }
    }

    fn definition(&mut self, name: &'a str, beside: &'a Map<String, Value>) -> Option<Value> {
        self.left = self.left.checked_sub(1)?;
        let mut whole = if self.open.contains(&name) {
            json!({
                "type": "object",
                "additionalProperties": true,
                "description": format!("A {name}, as the one around it."),
            })
        } else {
            self.open.push(name);
            let definition = &self.definitions[name];
            let whole = self.of(definition)?;
            self.open.pop();
            whole
        };
        let own = beside.iter().filter(|(key, _)| *key != "$ref");
        for (key, value) in own {
            whole[key] = value.clone();
        }
        Some(whole)
    }
}

fn named(keys: &Map<String, Value>) -> Option<&str> {
    keys.get("$ref")?.as_str()?.strip_prefix(DEFINITIONS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_stand_where_they_are_named_and_one_within_itself_is_any_object() {
        let schema = json!({
            "type": "object",
            "properties": {
                "years": { "$ref": "#/$defs/Range", "description": "Which years." },
                "rule": { "$ref": "#/$defs/Rule" },
            },
            "$defs": {
                "Range": { "type": "object", "description": "From and to.", "properties": { "from": { "type": "integer" } } },
                "Rule": { "type": "object", "properties": { "all": { "type": "array", "items": { "$ref": "#/$defs/Rule" } } } },
            },
        });
        let inside = json!({ "type": "object", "additionalProperties": true, "description": "A Rule, as the one around it." });
        assert_eq!(
            flat(&schema),
            json!({
                "type": "object",
                "properties": {
                    "years": { "type": "object", "description": "Which years.", "properties": { "from": { "type": "integer" } } },
                    "rule": { "type": "object", "properties": { "all": { "type": "array", "items": inside } } },
                },
            })
        );
    }

    #[test]
    fn what_would_grow_without_bound_keeps_its_references() {
        let mut definitions = json!({ "D0": { "type": "integer" } });
        for n in 1..20 {
            let below = json!({ "$ref": format!("#/$defs/D{}", n - 1) });
            definitions[format!("D{n}")] =
                json!({ "type": "object", "properties": { "a": below, "b": below } });
        }
        let schema = json!({ "$ref": "#/$defs/D19", "$defs": definitions });
        assert_eq!(flat(&schema), schema);
    }
}
