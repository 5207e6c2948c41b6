//! The guard of `/graphql` for other doors on the same host: what a page of another site may not
//! do there, it may not do here.

use super::{DoorConfig, Refusal, Who, csrf, http_post};
use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, Method, header, request::Parts},
};
use djinn_kernel::{Code, Viewer};
use djinn_subgraph_kit::ClientAddress;
use std::time::Duration;

/// Why somebody is turned away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The stable code.
    pub code: Code,
    /// What is wrong, for a person.
    pub message: String,
    /// When to come back, if that is all it takes.
    pub wait: Option<Duration>,
}

impl From<Refusal> for Refused {
    fn from(Refusal(code, message, wait): Refusal) -> Self {
        Self {
            code,
            message,
            wait,
        }
    }
}

/// Counts a request of `viewer`, who may have asked too often.
pub fn count(config: &DoorConfig, viewer: &Viewer, request: &Parts) -> Result<(), Refused> {
    let taken = config.rates.take(Who::of(viewer, client(request)));
    taken.map_err(|error| Refusal::from(error).into())
}

/// Where a request comes from, if the layer outside has found out.
pub fn client(request: &Parts) -> Option<ClientAddress> {
    super::client(request)
}

/// A body, within the limits of `/graphql` on its length and its time.
pub async fn read(
    config: &DoorConfig,
    viewer: &Viewer,
    headers: &HeaderMap,
    body: Body,
) -> Result<Bytes, Refused> {
    let read = http_post::read(config, viewer, headers, body).await;
    read.map_err(Refused::from)
}

/// Whether this request may be served, as far as browsers go: its page is of this host or of an
/// allowed origin, and if it changes something, no other site could have had it sent unasked.
pub fn may_ask(config: &DoorConfig, request: &Parts) -> bool {
    // Of the methods that change something, a form can send only this one.
    let needs_proof = request.method == Method::POST;
    csrf::may_connect(config, request)
        && (!needs_proof || csrf::forced_a_preflight(&request.headers))
}

/// Lets a page of an allowed origin read the answer, and, when its browser asked beforehand, use
/// `methods`. Says to caches that it did.
pub fn let_read(config: &DoorConfig, request: &Parts, methods: &str, out: &mut HeaderMap) {
    let Some(origin) = request.headers.get(header::ORIGIN) else {
        return;
    };
    csrf::let_read(config, origin, out);
    let asks = request
        .headers
        .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    if !asks || !out.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN) {
        return;
    }
    if let Ok(methods) = HeaderValue::from_str(methods) {
        out.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
    }
    out.insert(
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        HeaderValue::from_static(
            "content-type, authorization, x-api-key, x-request-id, if-none-match",
        ),
    );
    out.insert(
        header::ACCESS_CONTROL_MAX_AGE,
        HeaderValue::from_static("600"),
    );
}
