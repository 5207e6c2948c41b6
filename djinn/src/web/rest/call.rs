//! One call of an endpoint, from its request to its answer.

use super::{Rest, routes::Match};
use crate::web::{
    conditional,
    problem::{Fault, Problem},
    variables,
};
use axum::{
    body::Body,
    extract::Query,
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use djinn_kernel::{Code, Viewer};
use djinn_operations::{Method, Route};
use djinn_router::door::guard;
use djinn_subgraph_kit::RequestId;
use serde_json::{Map, Value};
use std::time::Duration;

/// Runs it.
pub async fn run(
    rest: &Rest,
    matched: &Match<'_>,
    parts: &Parts,
    body: Body,
    id: &RequestId,
) -> Result<Response, Problem> {
    let endpoint = matched.endpoint;
    let (route, operation) = (&endpoint.route, &endpoint.operation);
    let viewer = rest.asking.viewer_for(operation, parts).await?;
    let mut given = if route.method.has_body() {
        if parts.uri.query().is_some_and(|query| !query.is_empty()) {
            return Err(Problem::new(
                Code::BadRequest,
                "this endpoint takes a JSON body and no parameters",
            ));
        }
        let body = guard::read(&rest.asking.door, &viewer, &parts.headers, body).await?;
        object(&parts.headers, &body)?
    } else {
        by_query(&operation.input_schema, parts)?
    };
    for (name, text) in &matched.braces {
        let in_path = variables::read(&operation.input_schema, [(*name, text.as_str())])?;
        for (name, value) in in_path {
            if given.insert(name.clone(), value).is_some() {
                let message = "it stands in the path, and nowhere else";
                return Err(Problem::of_field(Code::VariableInvalid, &name, message));
            }
        }
    }
    endpoint.check(&given)?;
    let anonymous = viewer == Viewer::Anonymous;
    let data = rest
        .asking
        .run(operation, given, viewer, (parts, id))
        .await?;
    refused(route, &data)?;
    if route.status == 204 {
        return Ok((
            StatusCode::NO_CONTENT,
            [(header::CACHE_CONTROL, "no-store")],
        )
            .into_response());
    }
    let Some(mut value) = operation.output.of(&data) else {
        let code = if anonymous {
            Code::Unauthenticated
        } else {
            Code::NotFound
        };
        return Err(Problem::new(code, code.meaning()));
    };
    // Empty, or there would be no answer: it tells nobody anything.
    if route.problems.is_some()
        && let Some(value) = value.as_object_mut()
    {
        value.remove("problems");
    }
    Ok(answer(route, parts, &value, &data))
}

/// A refusal in the data is the answer.
fn refused(route: &Route, data: &Value) -> Result<(), Problem> {
    let Some(path) = &route.problems else {
        return Ok(());
    };
    let found = path.get(data);
    let list = match found {
        Some(Value::Array(list)) => list.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    let faults: Vec<Fault> = list.iter().map(fault).collect();
    let Some(first) = faults.first() else {
        return Ok(());
    };
    let code = Code::parse(&first.code).unwrap_or(Code::InvalidInput);
    let detail = first.message.clone();
    let seconds = list
        .iter()
        .find_map(|problem| problem["retryAfter"].as_u64());
    Err(Problem {
        detail,
        wait: seconds.map(Duration::from_secs),
        ..Problem::of(code, faults)
    })
}

fn fault(problem: &Value) -> Fault {
    let text = |name: &str| problem[name].as_str().map(str::to_owned);
    Fault {
        code: text("code").unwrap_or_else(|| Code::InvalidInput.as_str().to_owned()),
        // Here the values stand by themselves.
        field: text("field").map(|field| field.trim_start_matches("input.").to_owned()),
        message: text("message").unwrap_or_default(),
    }
}

fn answer(route: &Route, parts: &Parts, value: &Value, data: &Value) -> Response {
    let body = serde_json::to_vec(value).unwrap_or_default();
    let mut response = if route.method == Method::Get {
        conditional::json(&parts.headers, body, "private, no-cache")
    } else {
        let headers = [
            (header::CONTENT_TYPE, "application/json; charset=utf-8"),
            (header::CACHE_CONTROL, "no-store"),
        ];
        (
            StatusCode::from_u16(route.status).unwrap_or_default(),
            headers,
            body,
        )
            .into_response()
    };
    let location = route
        .location
        .as_ref()
        .and_then(|location| location.of(data));
    for (name, text) in [
        (header::LOCATION, location),
        (header::LINK, next(parts, value)),
    ] {
        if let Some(value) = text.and_then(|text| HeaderValue::from_str(&text).ok()) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// Where the next page is, if this is a page and there is another.
fn next(parts: &Parts, value: &Value) -> Option<String> {
    let page = value.get("pageInfo")?;
    let after = page["endCursor"]
        .as_str()
        .filter(|_| page["hasNextPage"] == true)?;
    let after = percent_encoding::utf8_percent_encode(after, percent_encoding::NON_ALPHANUMERIC);
    let others = parts.uri.query().unwrap_or_default();
    let mut query: Vec<&str> = others
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("after="))
        .collect();
    let last = format!("after={after}");
    query.push(&last);
    Some(format!(
        "<{}?{}>; rel=\"next\"",
        parts.uri.path(),
        query.join("&")
    ))
}

fn by_query(input: &Value, parts: &Parts) -> Result<Map<String, Value>, Problem> {
    match Query::<Vec<(String, String)>>::try_from_uri(&parts.uri) {
        Ok(Query(pairs)) => variables::read(
            input,
            pairs
                .iter()
                .map(|(name, text)| (name.as_str(), text.as_str())),
        ),
        Err(_) => Err(Problem::new(
            Code::BadRequest,
            "the address's parameters cannot be read",
        )),
    }
}

/// A body as variables. None at all is an empty one.
fn object(headers: &HeaderMap, body: &[u8]) -> Result<Map<String, Value>, Problem> {
    if body.is_empty() {
        return Ok(Map::new());
    }
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .and_then(|kind| kind.split(';').next())
        .unwrap_or_default();
    if !kind.trim().eq_ignore_ascii_case("application/json") {
        return Err(Problem::new(
            Code::UnsupportedMediaType,
            "send the body as application/json",
        ));
    }
    serde_json::from_slice(body).map_err(|error| {
        let message = if error.is_data() {
            "the body must be a JSON object".to_owned()
        } else if error.to_string().starts_with("recursion limit exceeded") {
            format!(
                "the body is nested too deeply: more than 127 levels (line {}, column {})",
                error.line(),
                error.column()
            )
        } else {
            format!(
                "the body is not JSON (line {}, column {})",
                error.line(),
                error.column()
            )
        };
        Problem::new(Code::BadRequest, message)
    })
}
