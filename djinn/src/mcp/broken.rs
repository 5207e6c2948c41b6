//! What is no message of JSON-RPC, answered as JSON-RPC has it: `rmcp` answers such a body over HTTP
//! as one of another media type, in plain text, and such a line not at all.

use axum::{
    Json, Router,
    body::Body,
    extract::Request,
    http::{HeaderMap, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use futures_util::TryStreamExt;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, PoisonError};

/// The answer to a text that is no message.
pub fn refusal(text: &[u8]) -> Value {
    let (code, message) = match serde_json::from_slice::<Value>(text) {
        Ok(_) => (-32600, "Invalid Request: this is no message".to_owned()),
        Err(error) => (-32700, format!("Parse error: {error}")),
    };
    json!({ "jsonrpc": "2.0", "id": null, "error": { "code": code, "message": message } })
}

/// Gives the bodies that `routes` cannot read that answer.
pub fn answered(routes: Router) -> Router {
    routes.layer(middleware::from_fn(answer))
}

async fn answer(request: Request, next: Next) -> Response {
    if !is_json(request.headers()) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let read = Arc::new(Mutex::new(Vec::<u8>::new()));
    let keep = Arc::clone(&read);
    // Kept as it is read: so nothing of those who are not let in, and no more than may be sent.
    let body = body.into_data_stream().inspect_ok(move |chunk| {
        let mut read = keep.lock().unwrap_or_else(PoisonError::into_inner);
        read.extend_from_slice(chunk);
    });
    let request = Request::from_parts(parts, Body::from_stream(body));
    let response = next.run(request).await;
    if response.status() != StatusCode::UNSUPPORTED_MEDIA_TYPE {
        return response;
    }
    let text = read.lock().unwrap_or_else(PoisonError::into_inner);
    (StatusCode::BAD_REQUEST, Json(refusal(&text))).into_response()
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()?.split(';').next());
    kind.is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}
