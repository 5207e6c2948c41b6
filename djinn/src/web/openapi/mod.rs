//! `/openapi.json`: the endpoints as OpenAPI 3.1, out of the same files that answer them.

mod schemas;

use super::{conditional, query, rest};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use djinn_operations::{Catalogue, Derived, Kind, Live, Operation, Route, Segment, Variable};
use schemas::{body, flat, parameter, placed, problem, result, result_name, result_of};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// The description as it is served.
pub type Description = Arc<Derived<Vec<u8>>>;

/// Of the documents as they are now.
pub fn of(documents: Live) -> Description {
    let write =
        |catalogue: &Catalogue| serde_json::to_vec(&describe(catalogue)).unwrap_or_default();
    Arc::new(Derived::new(documents, write))
}

/// Serves it. Every hub of this version has the same, so anybody's page may read it.
pub async fn serve(State(description): State<Description>, headers: HeaderMap) -> Response {
    let body = description.now().as_ref().clone();
    let mut response = conditional::json(&headers, body, "public, no-cache");
    response.headers_mut().insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
    response
}

/// Describes every endpoint and trusted query of a catalogue.
pub fn describe(catalogue: &Catalogue) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    let mut types: Map<String, Value> = Map::new();
    let mut tags: Vec<&str> = Vec::new();
    let mut operations: Vec<&Operation> = catalogue.operations.iter().collect();
    operations.sort_by(|one, two| one.file.cmp(&two.file));
    for operation in operations {
        if operation.routes.is_empty() && !is_trusted(operation) {
            continue;
        }
        if let Some(definitions) = operation.input_schema["$defs"].as_object() {
            for (name, schema) in definitions {
                types
                    .entry(name.clone())
                    .or_insert_with(|| placed(schema.clone()));
            }
        }
        if is_trusted(operation) || operation.routes.iter().any(|route| route.status != 204) {
            types.insert(result_name(operation), result(operation));
        }
        for (index, route) in operation.routes.iter().enumerate() {
            if rest::is_reserved(route) {
                continue;
            }
            if !tags.contains(&route.tag.as_str()) {
                tags.push(&route.tag);
            }
            let id = name_of(operation, route, index);
            let method = route.method.as_str().to_ascii_lowercase();
            entry(&mut paths, &route.path)[method] = endpoint(operation, route, &id);
        }
        if is_trusted(operation) {
            let path = format!("/{}/{}", query::FOLDER, operation.slug);
            entry(&mut paths, &path)["get"] = trusted(operation);
        }
    }
    paths.sort_keys();
    types.insert("Flat".to_owned(), flat());
    types.insert("Problem".to_owned(), problem());
    types.sort_keys();
    tags.push("trusted queries");
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Game Djinn",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "One self-hosted home for your games. Every endpoint is a GraphQL document of this hub; what it cannot say, /graphql can.",
            "license": { "name": "MIT", "identifier": "MIT" },
        },
        "servers": [{ "url": "/" }],
        "security": [{ "bearer": [] }, { "apiKey": [] }],
        "tags": tags.iter().map(|name| json!({ "name": name })).collect::<Value>(),
        "paths": paths,
        "components": {
            "schemas": types,
            "responses": { "Problem": {
                "description": "Refused, or broken: problem details (RFC 9457) with a stable `code`.",
                "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
            } },
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer", "description": "An access token of /auth/login, or an API key (`gd_…`)." },
                "apiKey": { "type": "apiKey", "in": "header", "name": "X-API-Key", "description": "An API key (`gd_…`)." },
            },
        },
    })
}

fn is_trusted(operation: &Operation) -> bool {
    operation.folder == query::FOLDER && operation.kind == Kind::Query
}

fn entry<'a>(paths: &'a mut Map<String, Value>, path: &str) -> &'a mut Value {
    paths.entry(path).or_insert_with(|| json!({}))
}

/// The file's name in camel case; for a further route of the same file, with its path.
fn name_of(operation: &Operation, route: &Route, index: usize) -> String {
    let mut name = camel(&operation.slug, false);
    if index > 0 {
        name.push_str("At");
        for segment in &route.segments {
            if let Segment::Fixed(text) = segment {
                name.push_str(&camel(text, true));
            }
        }
    }
    name
}

fn camel(text: &str, mut upper: bool) -> String {
    let mut camel = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            camel.push(if upper { c.to_ascii_uppercase() } else { c });
            upper = false;
        } else {
            upper = true;
        }
    }
    camel
}

fn endpoint(operation: &Operation, route: &Route, id: &str) -> Value {
    let in_path = |variable: &&Variable| route.variables().any(|name| name == variable.name);
    let mut parameters: Vec<Value> = operation
        .variables
        .iter()
        .filter(in_path)
        .map(|variable| parameter(variable, "path"))
        .collect();
    let others: Vec<&Variable> = operation
        .variables
        .iter()
        .filter(|variable| !in_path(variable))
        .collect();
    let mut said = about(operation, id, &route.tag);
    if !route.method.has_body() {
        parameters.extend(others.iter().map(|variable| parameter(variable, "query")));
    } else if !others.is_empty() {
        said["requestBody"] = body(&others);
    }
    if !parameters.is_empty() {
        said["parameters"] = parameters.into();
    }
    said["responses"] = responses(operation, route);
    if route.open {
        said["security"] = json!([{}, { "bearer": [] }, { "apiKey": [] }]);
    }
    said
}

fn trusted(operation: &Operation) -> Value {
    let id = camel(&format!("{}-{}", query::FOLDER, operation.slug), false);
    let mut parameters: Vec<Value> = operation
        .variables
        .iter()
        .map(|variable| parameter(variable, "query"))
        .collect();
    let mut schema = result_of(operation);
    if query::may_be_flat(operation) {
        parameters.push(json!({
            "name": "flat",
            "in": "query",
            "description": "True answers one flat object, for dashboards that can read no other: `platform_0_name`.",
            "schema": { "type": "boolean", "default": false },
        }));
        // Not `oneOf`: what has no list or object in it is the same in either form.
        schema = json!({ "anyOf": [schema, { "$ref": "#/components/schemas/Flat" }] });
    }
    let mut said = about(operation, &id, "trusted queries");
    said["parameters"] = parameters.into();
    said["responses"] = json!({
        "200": { "description": "The data.", "content": { "application/json": { "schema": schema } } },
        "304": { "description": "Nothing has changed since the answer named in If-None-Match." },
        "default": { "$ref": "#/components/responses/Problem" },
    });
    said
}

fn about(operation: &Operation, id: &str, tag: &str) -> Value {
    let summary = operation.description.split_inclusive(". ").next();
    json!({
        "operationId": id,
        "tags": [tag],
        "summary": summary.unwrap_or_default().trim().trim_end_matches('.'),
        "description": operation.description,
    })
}

fn responses(operation: &Operation, route: &Route) -> Value {
    let mut good = if route.status == 204 {
        json!({ "description": "Done." })
    } else {
        json!({ "description": "Done.", "content": { "application/json": { "schema": result_of(operation) } } })
    };
    if route.location.is_some() {
        good["headers"]["Location"] =
            json!({ "description": "Where it can be read.", "schema": { "type": "string" } });
    }
    if operation.output_schema["properties"]
        .get("pageInfo")
        .is_some()
    {
        good["headers"]["Link"] = json!({ "description": "The next page, with `rel=\"next\"`, if there is one.", "schema": { "type": "string" } });
    }
    let mut responses = Map::new();
    responses.insert(route.status.to_string(), good);
    if !route.method.has_body() && route.status != 204 {
        let same = json!({ "description": "Nothing has changed since the answer named in If-None-Match." });
        responses.insert("304".to_owned(), same);
    }
    responses.insert(
        "default".to_owned(),
        json!({ "$ref": "#/components/responses/Problem" }),
    );
    Value::Object(responses)
}
