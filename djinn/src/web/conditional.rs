//! Answers that a client may keep and ask after: `ETag`, `If-None-Match`, 304.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

/// JSON with a tag of its content; without the content, when the asker has it.
pub fn json(asked: &HeaderMap, body: Vec<u8>, keep: &str) -> Response {
    let tag = format!("\"{:.32x}\"", Sha256::digest(&body));
    let mut response = if has(asked, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        (
            [(header::CONTENT_TYPE, "application/json; charset=utf-8")],
            body,
        )
            .into_response()
    };
    for (name, value) in [(header::ETAG, tag.as_str()), (header::CACHE_CONTROL, keep)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// Whether the asker has it already. Compared weakly, as RFC 9110 wants it for a GET.
fn has(asked: &HeaderMap, tag: &str) -> bool {
    asked
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.trim_start_matches("W/") == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_asker_has_is_not_sent_again() {
        let first = json(&HeaderMap::new(), b"{}".to_vec(), "private, max-age=10");
        let tag = first.headers()[header::ETAG]
            .to_str()
            .expect("plain")
            .to_owned();
        assert_eq!(
            first.headers()[header::CACHE_CONTROL],
            "private, max-age=10"
        );
        for (sent, status) in [
            (tag.clone(), 304),
            (format!("W/{tag}"), 304),
            (format!("\"other\", {tag}"), 304),
            ("*".to_owned(), 304),
            ("\"other\"".to_owned(), 200),
        ] {
            let mut asked = HeaderMap::new();
            asked.insert(header::IF_NONE_MATCH, sent.parse().expect("a header"));
            let answer = json(&asked, b"{}".to_vec(), "private");
            assert_eq!(answer.status().as_u16(), status, "{sent}");
            assert_eq!(answer.headers()[header::ETAG], tag.as_str());
        }
    }
}
