//! The headers that answers carry, and how large those of a request may be.

use super::{linger::Unread, problem::Problem, trace::id_of};
use axum::{
    body::HttpBody,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};
use djinn_kernel::Code;

/// Only our own scripts, styles, pictures and connections; the editor in the playground needs
/// workers from blobs and inline styles.
const POLICY: &str = "default-src 'self'; script-src 'self'; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; \
img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; \
form-action 'self'; frame-ancestors 'none'";

const HEADERS: [(&str, &str); 6] = [
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), microphone=(), geolocation=()",
    ),
];

/// Half a year: a browser that came by HTTPS once does not come without it. Not for names below
/// this one, which are not ours to speak for.
const BY_HTTPS_ONLY: &str = "max-age=15552000";

/// Adds them.
pub async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response
            .headers_mut()
            .entry(HeaderName::from_static(name))
            .or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Has browsers come by HTTPS from now on; for a hub whose public address begins with it.
pub async fn by_https_only(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(
        "strict-transport-security",
        HeaderValue::from_static(BY_HTTPS_ONLY),
    );
    response
}

/// A body of at most so many bytes has arrived with its headers, as a rule.
const ARRIVED: u64 = 4 * 1024;

/// Ends the connection where a request was refused whose body may not have been read: a client that
/// does not know would send its next request into the void.
pub async fn part_after_refusal(request: Request, next: Next) -> Response {
    let body = request.body().size_hint().upper();
    let unread = Unread::of(&request);
    let mut response = next.run(request).await;
    let refused = response.status().is_client_error() || response.status().is_server_error();
    if refused && body.is_none_or(|bytes| bytes > ARRIVED) {
        Unread::part(unread.as_ref(), &mut response);
    }
    response
}

/// Says when to come back where a request was refused only for now, whichever door it was.
pub async fn come_back(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if response.status() == StatusCode::SERVICE_UNAVAILABLE
        && let Some(seconds) = Code::Unavailable.pause()
    {
        response
            .headers_mut()
            .entry(header::RETRY_AFTER)
            .or_insert(HeaderValue::from(seconds));
    }
    response
}

/// Refuses a request whose headers and address are larger together than `limit` bytes.
pub async fn head_size(State(limit): State<usize>, request: Request, next: Next) -> Response {
    if bytes(request.headers()) + request.uri().path().len() + query(&request) <= limit {
        return next.run(request).await;
    }
    let message = format!("The address and headers are larger than {limit} bytes.");
    Problem::new(Code::HeadersTooLarge, message).answer(&id_of(&request))
}

fn query(request: &Request) -> usize {
    request.uri().query().map_or(0, str::len)
}

/// As they stand on the wire: each with a colon, a space and a line's end.
fn bytes(headers: &HeaderMap) -> usize {
    let each = headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4);
    each.sum()
}
