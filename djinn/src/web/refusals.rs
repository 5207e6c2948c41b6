//! Refusals of `/mcp` in the form that `/graphql` has: a code, words, and the request's id. What comes
//! from beneath the protocol is plain text, and what our own door says does not know the request.

use super::trace::id_of;
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use djinn_kernel::Code;
use djinn_subgraph_kit::RequestId;
use serde_json::{Value, json};

/// No refusal is longer.
const LONGEST: usize = 64 * 1024;

/// Gives the refusals of `routes` that form.
pub fn coded(routes: Router) -> Router {
    routes.layer(middleware::from_fn(code))
}

async fn code(request: Request, next: Next) -> Response {
    let id = id_of(&request);
    let response = next.run(request).await;
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(said) = to_bytes(body, LONGEST).await else {
        return status.into_response();
    };
    let body = match serde_json::from_slice::<Value>(&said) {
        Ok(mut ours) if ours["errors"].is_array() => {
            for error in ours["errors"].as_array_mut().into_iter().flatten() {
                error["extensions"]["requestId"] = id.0.as_ref().into();
            }
            ours
        }
        // An error of the protocol has the form of the protocol.
        Ok(_) => return Response::from_parts(parts, Body::from(said)),
        Err(_) => plain(status, &String::from_utf8_lossy(&said), &id),
    };
    let json = HeaderValue::from_static("application/json");
    parts.headers.insert(header::CONTENT_TYPE, json);
    parts.headers.remove(header::CONTENT_LENGTH);
    if let Ok(id) = HeaderValue::from_str(&id.0) {
        parts.headers.insert("x-request-id", id);
    }
    Response::from_parts(parts, Body::from(body.to_string()))
}

fn plain(status: StatusCode, said: &str, id: &RequestId) -> Value {
    let code = match status {
        StatusCode::UNAUTHORIZED => Code::Unauthenticated,
        StatusCode::FORBIDDEN => Code::Forbidden,
        StatusCode::NOT_FOUND => Code::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => Code::MethodNotAllowed,
        StatusCode::NOT_ACCEPTABLE => Code::NotAcceptable,
        StatusCode::PAYLOAD_TOO_LARGE => Code::PayloadTooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Code::UnsupportedMediaType,
        StatusCode::SERVICE_UNAVAILABLE => Code::Unavailable,
        status if status.is_server_error() => Code::Internal,
        _ => Code::BadRequest,
    };
    // Of a fault, the words are for the log.
    let fault = status.is_server_error() || said.trim().is_empty();
    if status.is_server_error() {
        tracing::error!(request_id = %id, said, "a fault at /mcp");
    }
    let message = if fault { code.meaning() } else { said };
    let extensions = json!({ "code": code.as_str(), "requestId": id.0.as_ref() });
    json!({ "errors": [{ "message": message, "extensions": extensions }] })
}
