//! `POST /graphql`.

use super::{Asked, Door, Refusal, negotiate::Media};
use axum::{
    body::Bytes,
    extract::Request,
    http::{HeaderMap, header},
    response::Response,
};
use djinn_kernel::Code;
use djinn_subgraph_kit::RequestId;
use std::error::Error;

/// Answers one request in a body.
pub async fn answer(
    door: &Door,
    request: Request,
    media: Media,
    id: &RequestId,
) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    require_json(&parts.headers)?;
    let body = read(door.config().body_bytes, &parts.headers, body).await?;
    let asked = parse(&body)?;
    let seen = door.viewer(&parts.headers).await?;
    let request = door.request(asked, seen.viewer.clone(), id)?;
    Ok(door.run(request, seen, parts.headers, media).await)
}

/// Only JSON, said once and plainly: everything else a browser sends to another site without
/// asking first.
fn require_json(headers: &HeaderMap) -> Result<(), Refusal> {
    let mut kinds = headers.get_all(header::CONTENT_TYPE).iter();
    let only = match (kinds.next(), kinds.next()) {
        (Some(only), None) => only.to_str().unwrap_or_default(),
        _ => "",
    };
    if is_json(only) {
        return Ok(());
    }
    Err(Refusal::new(
        Code::UnsupportedMediaType,
        "Send the request as application/json.",
    ))
}

/// Whether a content type is JSON in UTF-8.
pub fn is_json(kind: &str) -> bool {
    let mut parts = kind.split(';').map(str::trim);
    parts
        .next()
        .is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"))
        && parts.all(|parameter| match parameter.split_once('=') {
            Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => {
                value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
            }
            Some(_) => true,
            None => parameter.is_empty(),
        })
}

async fn read(limit: usize, headers: &HeaderMap, body: axum::body::Body) -> Result<Bytes, Refusal> {
    let too_large = || {
        Refusal::new(
            Code::PayloadTooLarge,
            format!("The body is larger than {limit} bytes."),
        )
    };
    let said = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if said.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    axum::body::to_bytes(body, limit).await.map_err(|error| {
        let mut cause: Option<&dyn Error> = Some(&error);
        while let Some(error) = cause {
            if error.is::<http_body_util::LengthLimitError>() {
                return too_large();
            }
            cause = error.source();
        }
        Refusal::new(Code::BadRequest, "The body was cut short.")
    })
}

fn parse(body: &[u8]) -> Result<Asked, Refusal> {
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    if first == Some(&b'[') {
        return Err(Refusal::new(
            Code::BadRequest,
            "Send one request at a time; batches are not run.",
        ));
    }
    serde_json::from_slice(body).map_err(|error| {
        let message = if error.is_data() {
            "The body must be an object with query, operationName, variables and extensions, each of its type."
                .to_owned()
        } else {
            format!("The body is not JSON (line {}, column {}).", error.line(), error.column())
        };
        Refusal::new(Code::BadRequest, message)
    })
}
