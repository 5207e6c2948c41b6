//! Errors as they leave: each with a stable code and the request's id.

use async_graphql::{Pos, ServerError, Value};
use djinn_kernel::Code;
use djinn_subgraph_kit::RequestId;

pub use djinn_subgraph_kit::graph::coded;

/// What is said of a fault; the rest is in the log.
const OURS: &str = "Something went wrong on our side.";

/// An error with a code, at places in the document.
pub fn at(
    code: Code,
    message: impl Into<String>,
    places: &[graphql_tools::parser::Pos],
) -> ServerError {
    let mut error = coded(code, message);
    error.locations = places
        .iter()
        .map(|place| Pos {
            line: place.line,
            column: place.column,
        })
        .collect();
    error
}

/// A fault of ours: `detail` goes into the log only.
pub fn fault(request: &RequestId, detail: &dyn std::fmt::Display) -> ServerError {
    tracing::error!(request_id = %request, "router fault: {detail}");
    coded(Code::Internal, OURS)
}

/// The code an error carries.
pub fn code_of(error: &ServerError) -> Option<&str> {
    match error.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code),
        Value::Enum(code) => Some(code),
        _ => None,
    }
}

/// Last of all: every error gets its request id, and one that came without a code is masked,
/// because nobody has vouched for its text.
pub fn seal(errors: &mut [ServerError], request: &RequestId) {
    for error in errors {
        if code_of(error).is_none() {
            tracing::error!(request_id = %request, path = ?error.path, "uncoded error: {}", error.message);
            OURS.clone_into(&mut error.message);
            error.extensions = None;
            error
                .extensions
                .get_or_insert_default()
                .set("code", Code::Internal.as_str());
        }
        let extensions = error.extensions.get_or_insert_default();
        for leak in ["stacktrace", "exception", "serviceName"] {
            extensions.unset(leak);
        }
        if extensions.get("requestId").is_none() {
            extensions.set("requestId", request.0.as_ref());
        }
    }
}
