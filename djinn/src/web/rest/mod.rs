//! REST: every operation file with an `@rest` directive is an endpoint. None is a handler of its
//! own: a request becomes the variables of a document, and its data the answer.
//!
//! The files are looked at for every request, so that one which is added to the operations folder
//! can be asked at once. What no file answers goes on to the pages.

mod call;
mod routes;

use super::{asking::Asking, problem::Problem, trace::Door};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use djinn_kernel::Code;
use djinn_operations::{Derived, Live};
use djinn_router::door::guard;
use routes::Routes;
pub use routes::is_reserved;
use std::sync::Arc;

/// Paths of the hub's own doors, by their first part: no file can be an endpoint there.
pub const RESERVED: [&str; 12] = [
    "graphql",
    "q",
    "mcp",
    "health",
    "ready",
    "metrics",
    "playground",
    "assets",
    "art",
    "openapi.json",
    "upload",
    "download",
];

/// What the endpoints need. Cheap to clone.
#[derive(Clone)]
pub struct Rest {
    asking: Asking,
    routes: Arc<Derived<Routes>>,
}

impl Rest {
    /// The endpoints of `documents`.
    pub fn new(documents: Live, asking: Asking) -> Self {
        Self {
            asking,
            routes: Arc::new(Derived::new(documents, Routes::new)),
        }
    }
}

/// Answers what is an endpoint's; lets everything else through.
pub async fn answer(State(rest): State<Rest>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let routes = rest.routes.now();
    let found = routes.find(&path);
    if found.is_empty() {
        // Pages live elsewhere: a program that asks here is told in its own language.
        if path.starts_with("/api/") {
            let (parts, _) = request.into_parts();
            let message = "there is no such endpoint; /openapi.json lists them";
            return Problem::new(Code::NotFound, message).answer(&rest.asking.request_id(&parts));
        }
        return next.run(request).await;
    }
    tracing::Span::current().record("door", "rest");
    let (parts, body) = request.into_parts();
    let id = rest.asking.request_id(&parts);
    let methods = found.methods();
    let mut response = if parts.method == Method::OPTIONS {
        let allow = [(header::ALLOW, methods.as_str())];
        (StatusCode::NO_CONTENT, allow).into_response()
    } else if let Some(matched) = found.by_method(&parts.method) {
        if guard::may_ask(&rest.asking.door, &parts) {
            match call::run(&rest, matched, &parts, body, &id).await {
                Ok(response) => response,
                Err(problem) => problem.answer(&id),
            }
        } else {
            let message = "A page of another site may not ask here. Send application/json, or the header apollo-require-preflight, to show that it is none.";
            Problem::new(Code::CrossSiteRequest, message).answer(&id)
        }
    } else {
        let message = format!("{} is not for {path}; {methods} is", parts.method);
        let mut response = Problem::new(Code::MethodNotAllowed, message).answer(&id);
        if let Ok(methods) = HeaderValue::from_str(&methods) {
            response.headers_mut().insert(header::ALLOW, methods);
        }
        response
    };
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&id.0) {
        headers.insert("x-request-id", id);
    }
    headers.append(
        header::VARY,
        HeaderValue::from_static("authorization, x-api-key, cookie, origin"),
    );
    guard::let_read(&rest.asking.door, &parts, &methods, headers);
    response.extensions_mut().insert(Door("rest"));
    if parts.method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    response
}
