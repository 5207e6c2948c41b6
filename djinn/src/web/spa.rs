//! The SPA and the playground, from files inside the binary.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Response, StatusCode, Uri, header},
    response::IntoResponse,
};
use rust_embed::{EmbeddedFile, RustEmbed};
use std::io::Read;

/// What `npm run build` made. Missing in a build without it; then the hub says so.
#[derive(RustEmbed)]
#[folder = "../frontend/dist"]
#[allow_missing = true]
struct Files;

/// Serves a file, or the SPA's page for every other path, so that its routes can be opened
/// directly. A missing file under `assets/` is missing: a page in its place would only confuse.
pub async fn serve(uri: Uri, headers: HeaderMap) -> Response<Body> {
    let path = uri.path().trim_start_matches('/');
    let page = match path {
        "playground" | "playground/" => "playground.html",
        "" => "index.html",
        path if path.starts_with("assets/") || Files::get(path).is_some() => path,
        // The SPA's own routes, for whoever opens them in a browser. A program that asks for
        // something that is not there is told so.
        path if takes_html(&headers)
            && !path.rsplit('/').next().unwrap_or_default().contains('.') =>
        {
            "index.html"
        }
        path => path,
    };
    let Some((file, packed)) = find(page) else {
        let text = if page == "index.html" {
            "The hub runs, but was built without its web pages. Build them with `make build`.\n"
        } else {
            "There is nothing here.\n"
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
    let kind = mime_guess::from_path(page)
        .first_or_octet_stream()
        .to_string();
    // File names under assets/ change with their content.
    let keep = if page.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let mut response = Response::new(Body::empty());
    let mut set = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, &kind);
    set(header::CACHE_CONTROL, keep);
    set(header::ETAG, &tag);
    set(header::VARY, "accept-encoding");
    let body = if packed && takes_gzip(&headers) {
        set(header::CONTENT_ENCODING, "gzip");
        Body::from(file.data)
    } else if packed {
        Body::from(unpack(&file.data))
    } else {
        Body::from(file.data)
    };
    *response.body_mut() = body;
    response
}

/// The file, and whether it is kept in its gzip form (`frontend/scripts/compress.mjs`).
fn find(page: &str) -> Option<(EmbeddedFile, bool)> {
    let plain = Files::get(page).map(|file| (file, false));
    plain.or_else(|| Files::get(&format!("{page}.gz")).map(|file| (file, true)))
}

fn takes_html(headers: &HeaderMap) -> bool {
    let sent = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok());
    sent.is_some_and(|sent| sent.contains("text/html"))
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    let sent = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok());
    sent.is_some_and(|sent| {
        sent.split(',')
            .any(|coding| coding.trim().starts_with("gzip"))
    })
}

/// For the rare client that takes no gzip. Our own files, so their size is known to be small.
fn unpack(packed: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    if let Err(error) = flate2::read::GzDecoder::new(packed).read_to_end(&mut plain) {
        tracing::error!(%error, "a built-in file cannot be unpacked");
    }
    plain
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
