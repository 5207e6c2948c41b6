//! The SPA and the playground, from files inside the binary.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Response, StatusCode, Uri, header},
    response::IntoResponse,
};
use rust_embed::RustEmbed;

/// What `npm run build` made. Missing in a build without it; then the hub says so.
#[derive(RustEmbed)]
#[folder = "../frontend/dist"]
#[allow_missing = true]
struct Files;

/// Serves a file, or the SPA's page for every other path, so that its routes can be opened
/// directly.
pub async fn serve(uri: Uri, headers: HeaderMap) -> impl IntoResponse {
    let path = uri.path().trim_start_matches('/');
    let page = match path {
        "playground" | "playground/" => "playground.html",
        "" => "index.html",
        // A path with an ending is a file: a missing one is missing, not the SPA.
        path if Files::get(path).is_some() || path.starts_with("assets/") => path,
        _ => "index.html",
    };
    let Some(file) = Files::get(page) else {
        let text = if page == "index.html" {
            "The hub runs, but was built without its web pages. Build them with `make build`.\n"
        } else {
            "There is no such file.\n"
        };
        return (StatusCode::NOT_FOUND, text).into_response();
    };
    let tag = format!("\"{}\"", hex(&file.metadata.sha256_hash()[..12]));
    if headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|sent| sent.as_bytes() == tag.as_bytes())
    {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    // File names under assets/ change with their content.
    let keep = if page.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let mut response = Response::new(Body::from(file.data));
    let headers = response.headers_mut();
    let mut set = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, file.metadata.mimetype());
    set(header::CACHE_CONTROL, keep);
    set(header::ETAG, &tag);
    response
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
