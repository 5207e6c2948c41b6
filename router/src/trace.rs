//! The spans of a request, and what is said in them: never a variable, never a token, and the name
//! of an operation only where the document is one of the hub's own.

use crate::{GraphRequest, prepare::Prepared};
use async_graphql::{Name, Value};
use djinn_kernel::TraceParent;
use djinn_subgraph_kit::{
    Call, RequestId,
    trace::{self, Origin, TraceId},
};
use std::sync::Arc;
use tracing::{Span, field::Empty};
use uuid::Uuid;

/// What stands for the name of an operation that a client has made up.
const OTHER: &str = "other";

/// The span of one request, a part of what `parent` says. Whoever runs it says the rest by
/// [`know`] and [`end`].
pub fn request(
    door: Option<&'static str>,
    method: Option<&'static str>,
    id: &RequestId,
    parent: Option<TraceParent>,
    new_id: impl FnOnce() -> Uuid,
) -> (Origin, Span) {
    let origin = Origin::of(parent, new_id);
    let span = origin.span(|| {
        tracing::info_span!(
            "request",
            request_id = %id,
            trace_id = %TraceId(origin.here),
            door,
            method,
            kind = Empty,
            operation = Empty,
            outcome = Empty,
            code = Empty,
            estimated_cost = Empty,
            cost = Empty,
            status = Empty,
            error = Empty,
        )
    });
    (origin, span)
}

/// Says in the request's span which operation it is.
pub fn know(prepared: &Prepared, request: &GraphRequest) {
    let span = Span::current();
    if !span.is_disabled() {
        span.record("kind", prepared.kind.as_str());
        if request.trusted
            && let Some(name) = &prepared.name
        {
            span.record("operation", &**name);
        }
    }
}

/// Says in the request's span what came of it.
pub fn end(outcome: &'static str, code: Option<&str>) {
    let span = Span::current();
    if !span.is_disabled() {
        span.record("outcome", outcome);
        if let Some(code) = code {
            span.record("code", code);
        }
    }
}

/// Says in the request's span what it might have cost, and what it did.
pub fn cost(estimated: u64, actual: u64) {
    let span = Span::current();
    if !span.is_disabled() {
        span.record("estimated_cost", estimated);
        span.record("cost", actual);
    }
}

/// The operation's name for a label: of a trusted document its own, otherwise one for all.
pub fn label(prepared: Option<&Prepared>, request: &GraphRequest) -> Arc<str> {
    let name = prepared.and_then(|prepared| prepared.name.clone());
    name.filter(|_| request.trusted)
        .unwrap_or_else(|| OTHER.into())
}

/// The span of one try of one question.
pub fn fetch(subgraph: &str, attempt: u8, call: &Call) -> (Origin, Span) {
    let origin = Origin::of(trace::here(), Uuid::nil);
    let span = origin.span(|| {
        tracing::debug_span!(
            "fetch",
            subgraph,
            attempt,
            entities = entities(call),
            outcome = Empty,
            error = Empty,
        )
    });
    (origin, span)
}

/// How many entities a call asks for.
fn entities(call: &Call) -> u64 {
    let lists = call
        .variables
        .iter()
        .filter_map(|(name, value)| match value {
            Value::List(list) if is_representations(name) => Some(list.len() as u64),
            _ => None,
        });
    lists.sum()
}

fn is_representations(name: &Name) -> bool {
    // As the planner calls its own; `representations` by itself, or one for each alias.
    name.contains("representations")
}
