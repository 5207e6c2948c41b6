//! The schemas of a description: what goes into an endpoint, what comes out, and problems.

use super::{camel, is_trusted};
use crate::web::query;
use djinn_operations::{Operation, Variable};
use serde_json::{Map, Value, json};

/// One parameter; `place` is `path` or `query`.
pub fn parameter(variable: &Variable, place: &str) -> Value {
    let mut schema = placed(variable.schema.clone());
    let description = schema
        .as_object_mut()
        .and_then(|schema| schema.remove("description"));
    let plain = matches!(
        schema["type"].as_str(),
        Some("string" | "integer" | "number" | "boolean")
    ) || (schema["type"] == "array" && schema["items"].get("type").is_some());
    let mut said = json!({
        "name": variable.name,
        "in": place,
        "required": variable.required || place == "path",
    });
    if let Some(description) = description {
        said["description"] = description;
    }
    if plain {
        said["schema"] = schema;
    } else {
        // By dots as well, which OpenAPI cannot say.
        said["content"] = json!({ "application/json": { "schema": schema } });
    }
    said
}

/// A body of these variables.
pub fn body(variables: &[&Variable]) -> Value {
    let properties: Map<String, Value> = variables
        .iter()
        .map(|variable| {
            let schema = placed(variable.schema.clone());
            let may_be_null = !variable.required && schema.get("default").is_none();
            let schema = if may_be_null { or_null(schema) } else { schema };
            (variable.name.clone(), schema)
        })
        .collect();
    let required: Vec<&str> = variables
        .iter()
        .filter(|variable| variable.required)
        .map(|variable| variable.name.as_str())
        .collect();
    let needed = !required.is_empty();
    let mut schema =
        json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if needed {
        schema["required"] = json!(required);
    }
    json!({ "required": needed, "content": { "application/json": { "schema": schema } } })
}

fn or_null(mut schema: Value) -> Value {
    if let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        values.push(Value::Null);
    }
    match schema
        .get("type")
        .and_then(Value::as_str)
        .map(str::to_owned)
    {
        Some(one) => {
            schema["type"] = json!([one, "null"]);
            schema
        }
        None if schema.get("$ref").is_some() => json!({ "anyOf": [schema, { "type": "null" }] }),
        None => schema,
    }
}

/// What an operation answers, as it is called here: by its file.
pub fn result_name(operation: &Operation) -> String {
    let folder = if is_trusted(operation) {
        query::FOLDER
    } else {
        ""
    };
    format!(
        "{}Result",
        camel(&format!("{folder}-{}", operation.slug), true)
    )
}

/// A reference to it.
pub fn result_of(operation: &Operation) -> Value {
    json!({ "$ref": format!("#/components/schemas/{}", result_name(operation)) })
}

/// Its schema.
pub fn result(operation: &Operation) -> Value {
    let mut schema = placed(operation.output_schema.clone());
    // Refusals are answers of their own.
    if operation
        .routes
        .iter()
        .any(|route| route.problems.is_some())
    {
        if let Some(properties) = schema["properties"].as_object_mut() {
            properties.remove("problems");
        }
        if let Some(required) = schema["required"].as_array_mut() {
            required.retain(|name| name != "problems");
        }
    }
    schema
}

/// The same with its references pointing to where types stand in this document.
pub fn placed(mut schema: Value) -> Value {
    fn walk(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                if let Some(Value::String(reference)) = fields.get_mut("$ref") {
                    *reference = reference.replacen("#/$defs/", "#/components/schemas/", 1);
                }
                fields.values_mut().for_each(walk);
            }
            Value::Array(items) => items.iter_mut().for_each(walk),
            _ => {}
        }
    }
    walk(&mut schema);
    schema
}

/// The flat form of a trusted query's answer.
pub fn flat() -> Value {
    json!({
        "type": "object",
        "description": "The answer to `flat=true`: every value by its path, `platform_0_name`, and how long each list is, `platform_count`.",
        "additionalProperties": { "type": ["string", "number", "boolean", "null"] },
    })
}

/// Problem details.
pub fn problem() -> Value {
    json!({
        "type": "object",
        "description": "Problem details (RFC 9457).",
        "properties": {
            "type": { "type": "string", "const": "about:blank" },
            "title": { "type": "string", "description": "The status in words." },
            "status": { "type": "integer", "description": "The status." },
            "detail": { "type": "string", "description": "What is wrong, for a person." },
            "code": { "type": "string", "description": "What is wrong, for a program; docs/errors.md lists the codes." },
            "requestId": { "type": "string", "description": "Names this request in the hub's log." },
            "errors": {
                "type": "array",
                "description": "Every value that is at fault, where that is known.",
                "items": {
                    "type": "object",
                    "properties": {
                        "code": { "type": "string" },
                        "field": { "type": ["string", "null"] },
                        "message": { "type": "string" },
                    },
                    "required": ["code", "message"],
                },
            },
        },
        "required": ["type", "title", "status", "detail", "code", "requestId"],
    })
}
