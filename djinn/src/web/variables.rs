//! Text as variables: a query string or a path, read by the types the document declares.
//!
//! A list is given by repeating its name (`genre=RPG&genre=Action`) or as JSON. An input object is
//! given by dots (`released.from=1998`) or as JSON (`released={"from":1998}`).

use super::problem::Problem;
use djinn_kernel::Code;
use serde_json::{Map, Value, json};

/// How deep dots may go.
const DEEPEST: usize = 8;

/// Reads pairs of name and text by the schema of an operation's input.
pub fn read<'a>(
    input: &Value,
    pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Result<Map<String, Value>, Problem> {
    let mut variables = Value::Object(Map::new());
    for (name, text) in pairs {
        put(input, name, text, &mut variables)?;
    }
    match variables {
        Value::Object(variables) => Ok(variables),
        _ => Ok(Map::new()),
    }
}

fn put(input: &Value, name: &str, text: &str, variables: &mut Value) -> Result<(), Problem> {
    let unknown = || {
        Problem::of_field(
            Code::VariableInvalid,
            name,
            "there is no such parameter here",
        )
    };
    let steps: Vec<&str> = name.split('.').collect();
    if steps.len() > DEEPEST {
        return Err(unknown());
    }
    let mut schema = input;
    let mut place = variables;
    for step in steps {
        schema = property(input, schema, step).ok_or_else(unknown)?;
        if place.is_null() {
            *place = json!({});
        }
        let Some(object) = place.as_object_mut() else {
            return Err(twice(name));
        };
        place = object.entry(step).or_insert(Value::Null);
    }
    let list = schema["type"] == "array" && !text.trim_start().starts_with('[');
    if list {
        let item = one(input, &schema["items"], name, text)?;
        if place.is_null() {
            *place = json!([]);
        }
        match place.as_array_mut() {
            Some(items) => items.push(item),
            None => return Err(twice(name)),
        }
    } else if place.is_null() {
        *place = one(input, schema, name, text)?;
    } else {
        return Err(twice(name));
    }
    Ok(())
}

fn twice(name: &str) -> Problem {
    Problem::of_field(Code::VariableInvalid, name, "it is given twice")
}

/// The schema a reference stands for.
fn resolved<'a>(input: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"]
        .as_str()
        .and_then(|path| path.strip_prefix('#'))
    {
        Some(pointer) => input.pointer(pointer).unwrap_or(schema),
        None => schema,
    }
}

/// The schema of a field; of a one-of type, that of the choice which has it.
fn property<'a>(input: &'a Value, schema: &'a Value, name: &str) -> Option<&'a Value> {
    let schema = resolved(input, schema);
    if let Some(found) = schema["properties"].get(name) {
        return Some(resolved(input, found));
    }
    let choices = schema["anyOf"].as_array()?;
    let found = choices
        .iter()
        .find_map(|choice| choice["properties"].get(name))?;
    Some(resolved(input, found))
}

fn one(input: &Value, schema: &Value, name: &str, text: &str) -> Result<Value, Problem> {
    let schema = resolved(input, schema);
    let wrong =
        |kind: &str| Problem::of_field(Code::VariableInvalid, name, format!("it must be {kind}"));
    let read = |good: fn(&Value) -> bool, kind: &str| {
        serde_json::from_str::<Value>(text)
            .ok()
            .filter(good)
            .ok_or_else(|| wrong(kind))
    };
    match schema["type"].as_str() {
        Some("string") => Ok(Value::from(text)),
        Some("integer") => read(|value| value.is_i64() || value.is_u64(), "a whole number"),
        Some("number") => read(Value::is_number, "a number"),
        Some("boolean") => match text {
            "true" | "1" => Ok(Value::Bool(true)),
            "false" | "0" => Ok(Value::Bool(false)),
            _ => Err(wrong("true or false")),
        },
        Some("array") => read(Value::is_array, "a list, in JSON or by repeating the name"),
        Some("object") => read(Value::is_object, "an object, in JSON or by dots"),
        _ if schema.get("anyOf").is_some() => {
            read(Value::is_object, "an object, in JSON or by dots")
        }
        // Whatever JSON says it is; what is no JSON is text.
        _ => Ok(serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input() -> Value {
        json!({
            "type": "object",
            "properties": {
                "query": { "type": "string" },
                "first": { "type": "integer" },
                "most": { "type": "number" },
                "played": { "type": "boolean" },
                "genres": { "type": "array", "items": { "type": "string" } },
                "years": { "type": "array", "items": { "type": "integer" } },
                "filter": { "$ref": "#/$defs/Filter" },
                "pick": { "$ref": "#/$defs/Pick" },
                "state": {},
            },
            "$defs": {
                "Filter": { "type": "object", "properties": {
                    "kinds": { "type": "array", "items": { "type": "string" } },
                    "released": { "$ref": "#/$defs/Years" },
                    "also": { "type": "array", "items": { "$ref": "#/$defs/Filter" } },
                } },
                "Years": { "type": "object", "properties": { "from": { "type": "integer" }, "to": { "type": "integer" } } },
                "Pick": { "anyOf": [
                    { "type": "object", "properties": { "id": { "type": "string" } } },
                    { "type": "object", "properties": { "number": { "type": "integer" } } },
                ] },
            },
        })
    }

    fn reading(pairs: &[(&str, &str)]) -> Result<Value, Problem> {
        read(&input(), pairs.iter().copied()).map(Value::Object)
    }

    #[test]
    fn text_becomes_what_the_document_declares() {
        let read = reading(&[
            ("query", "12"),
            ("first", "12"),
            ("most", "1.5"),
            ("played", "true"),
            ("genres", "RPG"),
            ("genres", "Point & Click"),
            ("years", "[1998,2004]"),
            ("filter.kinds", "GAME"),
            ("filter.kinds", "DLC"),
            ("filter.released.from", "1998"),
            ("filter.released.to", "1999"),
            ("filter.also", r#"[{"kinds":["DEMO"]}]"#),
            ("pick.number", "4"),
            ("state", r#"{"turn":1}"#),
        ]);
        let expected = json!({
            "query": "12", "first": 12, "most": 1.5, "played": true, "genres": ["RPG", "Point & Click"],
            "years": [1998, 2004],
            "filter": { "kinds": ["GAME", "DLC"], "released": { "from": 1998, "to": 1999 }, "also": [{ "kinds": ["DEMO"] }] },
            "pick": { "number": 4 }, "state": { "turn": 1 },
        });
        assert_eq!(read, Ok(expected));
        let whole = reading(&[
            ("filter", r#"{"released":{"to":2000}}"#),
            ("state", "plain"),
        ]);
        assert_eq!(
            whole,
            Ok(json!({ "filter": { "released": { "to": 2000 } }, "state": "plain" }))
        );
    }

    #[test]
    fn what_does_not_fit_is_named() {
        for (pairs, field) in [
            (vec![("first", "many")], "first"),
            (vec![("first", "1.5")], "first"),
            (vec![("most", "NaN")], "most"),
            (vec![("played", "maybe")], "played"),
            (vec![("colour", "red")], "colour"),
            (vec![("query.deeper", "x")], "query.deeper"),
            (vec![("filter.released.at", "1")], "filter.released.at"),
            (vec![("filter", "[]")], "filter"),
            (vec![("years", "[1,")], "years"),
            (vec![("query", "a"), ("query", "b")], "query"),
            (
                vec![
                    ("filter", "{}"),
                    ("filter.released", "{}"),
                    ("filter", "{}"),
                ],
                "filter",
            ),
            (vec![("genres", "a"), ("genres", "[]")], "genres"),
            (vec![("state", "1"), ("state", "2")], "state"),
            (vec![("a.b.c.d.e.f.g.h.i", "1")], "a.b.c.d.e.f.g.h.i"),
        ] {
            let problem = reading(&pairs).expect_err(field);
            assert_eq!(problem.code, Code::VariableInvalid, "{pairs:?}");
            assert_eq!(problem.faults[0].field.as_deref(), Some(field), "{pairs:?}");
        }
    }
}
