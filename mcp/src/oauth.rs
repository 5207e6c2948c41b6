//! OAuth 2.1, as a resource server: where tokens come from (RFC 9728), and that one is needed.

use axum::{Json, Router, http::HeaderValue, routing::get};
use djinn_kernel::{Doing, Fault};
use serde_json::json;

/// The path that leads to a host's metadata; with `/mcp` behind it, to that of the server.
const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// Who issues tokens for this server. They are checked where keys are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// The origin of this server, `https://hub.example`. Tokens name it with `/mcp` behind.
    pub origin: String,
    /// Who issues them.
    pub issuers: Vec<String>,
    /// What they may allow.
    pub scopes: Vec<String>,
}

/// What a client without a key is told, and one whose key is not good (RFC 6750, section 3).
pub(crate) fn challenges(issued: Option<&Issued>) -> Result<[HeaderValue; 2], Fault> {
    let place = |by: &Issued| format!("resource_metadata=\"{}{WELL_KNOWN}/mcp\"", by.origin);
    let place = issued.map(place);
    let said = |parts: &[&str]| {
        let text = format!("Bearer {}", parts.join(", "));
        HeaderValue::try_from(text.trim_end()).doing("writing the address of the OAuth metadata")
    };
    let wrong = "error=\"invalid_token\"";
    Ok(match place.as_deref() {
        Some(place) => [said(&[place])?, said(&[wrong, place])?],
        None => [said(&[])?, said(&[wrong])?],
    })
}

/// The metadata, at the place of the server and at that of the whole host.
pub(crate) fn routes(issued: &Issued, title: &str) -> Router {
    let metadata = json!({
        "resource": format!("{}/mcp", issued.origin),
        "resource_name": title,
        "authorization_servers": issued.issuers,
        "scopes_supported": issued.scopes,
        "bearer_methods_supported": ["header"],
    });
    let answer = move || async move { Json(metadata) };
    Router::new()
        .route(WELL_KNOWN, get(answer.clone()))
        .route(&format!("{WELL_KNOWN}/mcp"), get(answer))
}
