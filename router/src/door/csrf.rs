//! What a browser on another site may do: nothing that it could not do by hand.

use super::{Door, DoorConfig};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};

/// Headers no other site can send without being asked first.
const PROOFS: [&str; 3] = [
    "apollo-require-preflight",
    "x-apollo-operation-name",
    "x-api-key",
];

/// Whether a browser must have asked before it sent this GET: a form, an image or a link cannot
/// set headers. Anything that is no browser may simply add one.
pub fn forced_a_preflight(headers: &HeaderMap) -> bool {
    if PROOFS
        .iter()
        .any(|name| headers.get(*name).is_some_and(|value| !value.is_empty()))
    {
        return true;
    }
    // A browser adds a password of its own accord, but never a bearer token.
    let bearer = |value: &HeaderValue| {
        value
            .to_str()
            .is_ok_and(|text| text.len() > 7 && text[..7].eq_ignore_ascii_case("bearer "))
    };
    if headers.get(header::AUTHORIZATION).is_some_and(bearer) {
        return true;
    }
    // The browser's own word, which no page can set: an EventSource of this site has no other.
    if headers
        .get("sec-fetch-site")
        .is_some_and(|site| site == "same-origin")
    {
        return true;
    }
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    super::http_post::is_json(kind)
}

/// Whether a page of this origin may open a socket, or read an answer: it is the host's own, or
/// one that the owner has named. What has no origin is no browser's page.
pub fn may_connect(config: &DoorConfig, request: &Parts) -> bool {
    let Some(origin) = request.headers.get(header::ORIGIN) else {
        return true;
    };
    if is_allowed(config, origin) {
        return true;
    }
    let Some(origin) = origin.to_str().ok().and_then(authority_of) else {
        return false;
    };
    let host = request.uri.authority().map(ToString::to_string);
    let host = host.or_else(|| Some(request.headers.get(header::HOST)?.to_str().ok()?.to_owned()));
    host.is_some_and(|host| without_default_port(&host) == origin)
}

fn is_allowed(config: &DoorConfig, origin: &HeaderValue) -> bool {
    let plain = |origin: &str| origin.trim_end_matches('/').to_ascii_lowercase();
    origin.to_str().is_ok_and(|origin| {
        origin != "null"
            && config
                .allowed_origins
                .iter()
                .any(|allowed| plain(allowed) == plain(origin))
    })
}

fn authority_of(origin: &str) -> Option<String> {
    let authority = origin
        .strip_prefix("https://")
        .or_else(|| origin.strip_prefix("http://"))?;
    Some(without_default_port(authority))
}

fn without_default_port(authority: &str) -> String {
    let authority = authority.to_ascii_lowercase();
    let bare = authority
        .strip_suffix(":443")
        .or_else(|| authority.strip_suffix(":80"));
    bare.map_or_else(|| authority.clone(), str::to_owned)
}

/// Lets a page of an allowed origin read the answer, cookies and all. Never `*`.
pub fn let_read(config: &DoorConfig, origin: &HeaderValue, headers: &mut HeaderMap) {
    if is_allowed(config, origin) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
            HeaderValue::from_static("true"),
        );
        headers.insert(
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static("x-request-id"),
        );
    }
}

/// The headers that are read here, and those by which Apollo's clients name themselves unasked.
const READ: [&str; 8] = [
    "content-type",
    "authorization",
    "x-api-key",
    "x-request-id",
    "apollo-require-preflight",
    "x-apollo-operation-name",
    "apollographql-client-name",
    "apollographql-client-version",
];

/// A browser asks before it sends.
pub async fn preflight(State(door): State<Door>, headers: HeaderMap) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let out = response.headers_mut();
    out.insert(
        header::ALLOW,
        HeaderValue::from_static("GET, POST, OPTIONS"),
    );
    out.insert(header::VARY, HeaderValue::from_static("origin"));
    let asks = headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let Some(origin) = headers.get(header::ORIGIN).filter(|_| asks) else {
        return response;
    };
    if is_allowed(door.config(), origin) {
        let_read(door.config(), origin, out);
        let methods = [Method::GET.as_str(), Method::POST.as_str()].join(", ");
        if let Ok(methods) = HeaderValue::from_str(&methods) {
            out.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
        }
        // What goes on to the subgraphs may come.
        let forwarded = door.config().forward_headers.iter().map(HeaderName::as_str);
        let names: Vec<_> = READ.into_iter().chain(forwarded).collect();
        if let Ok(names) = HeaderValue::from_str(&names.join(", ")) {
            out.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, names);
        }
        out.insert(
            header::ACCESS_CONTROL_MAX_AGE,
            HeaderValue::from_static("600"),
        );
    }
    response
}
