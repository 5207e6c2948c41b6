//! Refusals of the doors that answer without an envelope: problem details (RFC 9457).

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use djinn_kernel::Code;
use djinn_subgraph_kit::RequestId;
use serde_json::{Value, json};
use std::time::Duration;

/// One value that is at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Its stable code.
    pub code: String,
    /// Where it is, as a path like `released.from`; nowhere in particular when absent.
    pub field: Option<String>,
    /// What is wrong, for a person.
    pub message: String,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The stable code.
    pub code: Code,
    /// What is wrong, for a person.
    pub detail: String,
    /// Every value that is at fault, where that is known.
    pub faults: Vec<Fault>,
    /// When to come back, if that is all it takes.
    pub wait: Option<Duration>,
}

impl Problem {
    /// In words of its own.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            faults: Vec::new(),
            wait: None,
        }
    }

    /// One value is at fault.
    pub fn of_field(code: Code, field: &str, message: impl Into<String>) -> Self {
        Self::of(
            code,
            vec![Fault {
                code: code.as_str().to_owned(),
                field: Some(field.to_owned()),
                message: message.into(),
            }],
        )
    }

    /// These values are at fault; the first speaks for all.
    pub fn of(code: Code, faults: Vec<Fault>) -> Self {
        let detail = faults.first().map(|fault| match &fault.field {
            Some(field) => format!("{field}: {}", fault.message),
            None => fault.message.clone(),
        });
        Self {
            code,
            detail: detail.unwrap_or_else(|| code.meaning().to_owned()),
            faults,
            wait: None,
        }
    }

    /// The status it is answered with.
    pub fn status(&self) -> StatusCode {
        match self.code.status() {
            // Half an answer is none here: nobody must take it for a good one.
            200 => StatusCode::SERVICE_UNAVAILABLE,
            status => StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST),
        }
    }

    /// As an answer.
    pub fn answer(&self, request: &RequestId) -> Response {
        let status = self.status();
        let mut body = json!({
            // The status says what kind of problem it is, the code which one.
            "type": "about:blank",
            "title": status.canonical_reason().unwrap_or("Error"),
            "status": status.as_u16(),
            "detail": self.detail,
            "code": self.code.as_str(),
            "requestId": request.0.as_ref(),
        });
        if !self.faults.is_empty() {
            let faults = self.faults.iter().map(|fault| {
                json!({ "code": fault.code, "field": fault.field, "message": fault.message })
            });
            body["errors"] = faults.collect::<Value>();
        }
        let mut response = (
            status,
            [
                (header::CONTENT_TYPE, "application/problem+json"),
                (header::CACHE_CONTROL, "no-store"),
            ],
            body.to_string(),
        )
            .into_response();
        if let Ok(id) = HeaderValue::from_str(&request.0) {
            response.headers_mut().insert("x-request-id", id);
        }
        if let Some(wait) = self.wait {
            let seconds = HeaderValue::from(wait.as_secs());
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        if status == StatusCode::UNAUTHORIZED {
            let bearer = HeaderValue::from_static("Bearer");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, bearer);
        }
        response
    }
}
