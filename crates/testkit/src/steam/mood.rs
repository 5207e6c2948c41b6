//! How it answers when it is not itself.

use super::{Body, IntoResponse, Response, StatusCode, Value, header, json};

/// A bad mood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// 429, with `Retry-After` in seconds where given.
    TooMany(Option<u32>),
    /// 503 with a web page.
    Down,
    /// 200, and the body ends in its middle.
    Truncated,
    /// 200 with `null`, as the store does when it has enough.
    Null,
    /// 200 with nothing in it, as the Web API speaks of who hides.
    Empty,
}

pub fn in_mood(mood: Mood, good: &Value) -> Response<Body> {
    match mood {
        Mood::TooMany(after) => {
            let mut response = (StatusCode::TOO_MANY_REQUESTS, "Too Many Requests").into_response();
            if let Some(value) = after.and_then(|seconds| seconds.to_string().parse().ok()) {
                response.headers_mut().insert(header::RETRY_AFTER, value);
            }
            response
        }
        Mood::Down => {
            let body = "<html><head><title>503 Service Unavailable</title></head><body>The Steam Community is currently unavailable.</body></html>";
            (
                StatusCode::SERVICE_UNAVAILABLE,
                [(header::CONTENT_TYPE, "text/html")],
                body,
            )
                .into_response()
        }
        Mood::Truncated => {
            let text = good.to_string();
            let half = (0..=text.len() / 2)
                .rev()
                .find(|at| text.is_char_boundary(*at))
                .unwrap_or(0);
            (
                [(header::CONTENT_TYPE, "application/json; charset=UTF-8")],
                text[..half].to_owned(),
            )
                .into_response()
        }
        Mood::Empty => json_page(&json!({ "response": {} })),
        Mood::Null => (
            [(header::CONTENT_TYPE, "application/json; charset=utf-8")],
            "null",
        )
            .into_response(),
    }
}

pub fn json_page(value: &Value) -> Response<Body> {
    (
        [(header::CONTENT_TYPE, "application/json; charset=UTF-8")],
        value.to_string(),
    )
        .into_response()
}
