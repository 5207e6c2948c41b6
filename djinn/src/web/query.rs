//! `GET /q/{name}`: the trusted queries, for home automation and dashboards.
//!
//! Only queries, only those in `schema/operations/q/`; variables come as query parameters and are
//! read by their declared types. The answer is the data itself, without an envelope.

use crate::graph::InProcess;
use axum::{
    Json,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use djinn_kernel::Code;
use djinn_operations::{Caller, Graph, Kind, Live, Operation};
use djinn_router::Authenticator;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// What the door needs.
#[derive(Clone)]
pub struct Trusted {
    /// The documents of `schema/operations/q/`.
    pub documents: Live,
    /// Runs them.
    pub graph: InProcess,
    /// Knows who is asking.
    pub who: Arc<dyn Authenticator>,
    /// How long an answer may be kept by the asker.
    pub max_age: u64,
}

/// Lists them, with what they take.
pub async fn list(State(trusted): State<Trusted>) -> impl IntoResponse {
    let queries: Vec<Value> = trusted
        .documents
        .now()
        .operations
        .iter()
        .filter(|operation| operation.kind == Kind::Query)
        .map(|operation| json!({ "name": operation.slug, "description": operation.description, "parameters": operation.input_schema["properties"] }))
        .collect();
    Json(json!({ "queries": queries }))
}

/// Runs one.
pub async fn run(
    State(trusted): State<Trusted>,
    Path(name): Path<String>,
    Query(parameters): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Response {
    let seen = match trusted.who.viewer(&headers).await {
        Ok(seen) => seen,
        Err(code) => return refuse(code, "the key or token is not good"),
    };
    let catalogue = trusted.documents.now();
    let found = catalogue
        .operations
        .iter()
        .find(|operation| operation.slug == name && operation.kind == Kind::Query);
    let Some(operation) = found else {
        return refuse(
            Code::DocumentNotFound,
            &format!("there is no query `{name}`; GET /q lists them"),
        );
    };
    let flat = parameters
        .iter()
        .any(|(name, value)| name == "flat" && value != "0");
    let variables = match variables(operation, &parameters) {
        Ok(variables) => variables,
        Err(message) => return refuse(Code::VariableInvalid, &message),
    };
    let caller = Caller {
        viewer: seen.viewer,
    };
    let ran = trusted
        .graph
        .execute(&operation.document, None, variables, &caller)
        .await;
    let Ok(answer) = ran else {
        return refuse(Code::Unavailable, "the graph does not answer");
    };
    if let Some(error) = answer.errors.first() {
        let code = error
            .code
            .as_deref()
            .and_then(Code::parse)
            .unwrap_or(Code::Internal);
        return refuse(code, &error.message);
    }
    let body = if flat {
        flatten(&answer.data)
    } else {
        operation.output.of(&answer.data).unwrap_or_default()
    };
    let body = serde_json::to_vec(&body).unwrap_or_default();
    let tag = format!("\"{:x}\"", Sha256::digest(&body));
    let mut response = if headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|sent| sent.as_bytes() == tag.as_bytes())
    {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        (
            [(header::CONTENT_TYPE, "application/json; charset=utf-8")],
            body,
        )
            .into_response()
    };
    let keep = format!("private, max-age={}", trusted.max_age);
    for (name, value) in [(header::ETAG, tag), (header::CACHE_CONTROL, keep)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response.headers_mut().insert(
        header::VARY,
        HeaderValue::from_static("authorization, x-api-key"),
    );
    response
}

/// Any other method: these are reads.
pub async fn only_get() -> Response {
    refuse(
        Code::MethodNotAllowed,
        "the queries under /q are read by GET",
    )
}

/// Query parameters as variables, read by their declared types.
fn variables(
    operation: &Operation,
    parameters: &[(String, String)],
) -> Result<Map<String, Value>, String> {
    let properties = operation.input_schema["properties"].as_object();
    let mut variables = Map::new();
    for (name, text) in parameters.iter().filter(|(name, _)| name != "flat") {
        let Some(schema) = properties.and_then(|properties| properties.get(name)) else {
            return Err(format!("`{name}` is not a parameter of this query"));
        };
        let wrong = |kind: &str| format!("`{name}` must be {kind}");
        let read = |schema: &Value| match schema["type"].as_str() {
            Some("integer") => text
                .parse::<i64>()
                .map(Value::from)
                .map_err(|_| wrong("a whole number")),
            Some("number") => text
                .parse::<f64>()
                .map(Value::from)
                .map_err(|_| wrong("a number")),
            Some("boolean") => text
                .parse::<bool>()
                .map(Value::from)
                .map_err(|_| wrong("true or false")),
            Some("object") => Err(wrong("given by POST /graphql; it cannot be a parameter")),
            _ => Ok(Value::from(text.as_str())),
        };
        if schema["type"] == "array" {
            let item = read(&schema["items"])?;
            let list = variables.entry(name.clone()).or_insert_with(|| json!([]));
            if let Some(list) = list.as_array_mut() {
                list.push(item);
            }
        } else {
            variables.insert(name.clone(), read(schema)?);
        }
    }
    Ok(variables)
}

/// `{"a":{"b":1},"c":[{"d":2}]}` as `{"a_b":1,"c_0_d":2,"c_count":1}`, for dashboards that can
/// read only a flat object. At most 500 values.
fn flatten(data: &Value) -> Value {
    fn walk(prefix: &str, value: &Value, into: &mut Map<String, Value>) {
        if into.len() >= 500 {
            return;
        }
        let name = |key: &str| {
            if prefix.is_empty() {
                key.to_owned()
            } else {
                format!("{prefix}_{key}")
            }
        };
        match value {
            Value::Object(fields) => fields
                .iter()
                .for_each(|(key, value)| walk(&name(key), value, into)),
            Value::Array(items) => {
                into.insert(name("count"), items.len().into());
                items
                    .iter()
                    .enumerate()
                    .for_each(|(i, item)| walk(&name(&i.to_string()), item, into));
            }
            plain => {
                into.insert(prefix.to_owned(), plain.clone());
            }
        }
    }
    let mut flat = Map::new();
    // The root field's name says nothing new where there is only one.
    match data
        .as_object()
        .filter(|fields| fields.len() == 1)
        .and_then(|fields| fields.values().next())
    {
        Some(only) => walk("", only, &mut flat),
        None => walk("", data, &mut flat),
    }
    Value::Object(flat)
}

fn refuse(code: Code, message: &str) -> Response {
    let status = match code.status() {
        // Half an answer is none here: a dashboard must not show it as a good one.
        200 => StatusCode::SERVICE_UNAVAILABLE,
        status => StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST),
    };
    (
        status,
        Json(json!({ "error": { "code": code.as_str(), "message": message } })),
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nested_answer_becomes_a_flat_one() {
        let data = json!({ "stats": { "games": 3, "top": [{ "title": "Portal" }], "none": null } });
        assert_eq!(
            flatten(&data),
            json!({ "games": 3, "top_count": 1, "top_0_title": "Portal", "none": null })
        );
    }
}
