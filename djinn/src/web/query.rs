//! `GET /q/{name}`: the trusted queries, for home automation and dashboards.
//!
//! Only queries, only those in `schema/operations/q/`; variables come as query parameters and are
//! read by their declared types. The answer is the data itself, without an envelope.

use super::{asking::Asking, conditional, problem::Problem, variables};
use axum::{
    Json,
    extract::{Path, Query, Request, State},
    http::{HeaderValue, header, request::Parts},
    response::{IntoResponse, Response},
};
use djinn_kernel::Code;
use djinn_operations::{Kind, Live, Operation};
use djinn_subgraph_kit::RequestId;
use serde_json::{Map, Value, json};

/// The folder of the trusted queries.
pub const FOLDER: &str = "q";

/// What the door needs.
#[derive(Clone)]
pub struct Trusted {
    /// The documents of every door.
    pub documents: Live,
    /// Runs them.
    pub asking: Asking,
    /// How long an answer may be kept by the asker, in seconds.
    pub max_age: u64,
}

/// Lists them, with what they take.
pub async fn list(State(trusted): State<Trusted>) -> impl IntoResponse {
    let queries: Vec<Value> = trusted
        .documents
        .now()
        .operations
        .iter()
        .filter(|operation| operation.folder == FOLDER && operation.kind == Kind::Query)
        .map(|operation| json!({ "name": operation.slug, "description": operation.description, "parameters": operation.input_schema["properties"] }))
        .collect();
    Json(json!({ "queries": queries }))
}

/// Runs one.
pub async fn run(
    State(trusted): State<Trusted>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let id = trusted.asking.request_id(&parts);
    let mut response = match answer(&trusted, &name, &parts, &id).await {
        Ok(response) => response,
        Err(problem) => problem.answer(&id),
    };
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&id.0) {
        headers.insert("x-request-id", id);
    }
    headers.insert(
        header::VARY,
        HeaderValue::from_static("authorization, x-api-key, cookie"),
    );
    response
}

async fn answer(
    trusted: &Trusted,
    name: &str,
    parts: &Parts,
    id: &RequestId,
) -> Result<Response, Problem> {
    let viewer = trusted.asking.viewer(parts).await?;
    let catalogue = trusted.documents.now();
    let operation = catalogue
        .by_slug(FOLDER, name)
        .filter(|operation| operation.kind == Kind::Query)
        .ok_or_else(|| {
            let message = format!("there is no query `{name}`; GET /q lists them");
            Problem::new(Code::DocumentNotFound, message)
        })?;
    let (variables, flat) = parameters(operation, parts)?;
    let data = trusted
        .asking
        .run(operation, variables, viewer, (parts, id))
        .await?;
    let body = if flat {
        flatten(&data)
    } else {
        operation.output.of(&data).unwrap_or_default()
    };
    let keep = format!("private, max-age={}", trusted.max_age);
    Ok(conditional::json(
        &parts.headers,
        serde_json::to_vec(&body).unwrap_or_default(),
        &keep,
    ))
}

fn parameters(operation: &Operation, parts: &Parts) -> Result<(Map<String, Value>, bool), Problem> {
    let pairs = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
    let Ok(Query(pairs)) = pairs else {
        return Err(Problem::new(
            Code::BadRequest,
            "the address's parameters cannot be read",
        ));
    };
    let pairs = pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let ours = may_be_flat(operation);
    let (flat, pairs): (Vec<_>, Vec<_>) = pairs.partition(|(name, _)| ours && *name == "flat");
    let flat = variables::read(
        &json!({ "properties": { "flat": { "type": "boolean" } } }),
        flat,
    )?;
    let variables = variables::read(&operation.input_schema, pairs)?;
    Ok((variables, flat.get("flat") == Some(&Value::Bool(true))))
}

/// Whether `flat` is the door's own parameter: an operation may have one of that name.
pub fn may_be_flat(operation: &Operation) -> bool {
    let mut variables = operation.variables.iter();
    !variables.any(|variable| variable.name == "flat")
}

/// Any other method: these are reads.
pub async fn only_get(State(trusted): State<Trusted>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let id = trusted.asking.request_id(&parts);
    let message = "the queries under /q are read by GET";
    let mut response = Problem::new(Code::MethodNotAllowed, message).answer(&id);
    response
        .headers_mut()
        .insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
    response
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
