//! The outermost layer: every request has a name, a place in a trace, and is counted.

use axum::{extract::Request, http::Method, middleware::Next, response::Response};
use djinn_kernel::Ids;
use djinn_platform::SystemIds;
use djinn_router::trace as spans;
use djinn_subgraph_kit::{RequestId, trace};

/// Which door answered; a layer inside that knows better than the path puts it on the response.
#[derive(Debug, Clone, Copy)]
pub struct Door(pub &'static str);

/// Runs a request in its span, under its id, which is the client's if that is a plain word.
pub async fn request(mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let door = door(path);
    // Asked every few seconds by whoever looks after the process.
    let silent = matches!(path, "/health" | "/ready");
    let id = trace::request_id(request.headers())
        .unwrap_or_else(|| RequestId(SystemIds.new_id().to_string().into()));
    request.extensions_mut().insert(id.clone());
    let response = if silent {
        next.run(request).await
    } else {
        let parent = trace::of_headers(request.headers());
        let method = Some(method(request.method()));
        let (origin, span) = spans::request(door, method, &id, parent, || SystemIds.new_id());
        let response = origin.run(span.clone(), next.run(request)).await;
        let status = response.status();
        span.record("status", u64::from(status.as_u16()));
        if status.is_server_error() {
            span.record("error", status.as_str());
        }
        // For whoever wants a line for each request: `info,djinn::web=debug`.
        span.in_scope(|| tracing::debug!("answered"));
        response
    };
    let known = response.extensions().get::<Door>().map(|door| door.0);
    metrics::counter!("djinn_http_requests_total", "door" => known.or(door).unwrap_or("other"), "status" => response.status().as_str().to_owned())
        .increment(1);
    response
}

/// The id of a request that has come through [`request`].
pub fn id_of(request: &Request) -> RequestId {
    let known = request.extensions().get::<RequestId>().cloned();
    known.unwrap_or_else(|| RequestId(SystemIds.new_id().to_string().into()))
}

/// The door, as far as the path says; a REST path looks like a page's.
fn door(path: &str) -> Option<&'static str> {
    match path.trim_start_matches('/').split('/').next()? {
        "graphql" => Some("graphql"),
        "q" => Some("q"),
        "mcp" => Some("mcp"),
        _ => None,
    }
}

/// A method as a label: a client can make up any word for one.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "_OTHER",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_client_makes_up_is_no_label() {
        assert_eq!(door("/graphql"), Some("graphql"));
        assert_eq!(door("/q/now-playing"), Some("q"));
        assert_eq!(door("/mcp"), Some("mcp"));
        for other in ["/", "/graphqlx", "/library/42", "/api/game/sessions"] {
            assert_eq!(door(other), None, "{other}");
        }
        let made_up = Method::from_bytes(b"BREW").unwrap();
        assert_eq!(method(&made_up), "_OTHER");
    }
}
