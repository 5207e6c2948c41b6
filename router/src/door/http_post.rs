//! `POST /graphql`.

use super::{Asked, Door, DoorConfig, Refusal, negotiate::Media};
use crate::Seen;
use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderMap, header},
    response::Response,
};
use bytes::BytesMut;
use djinn_kernel::{Code, Viewer};
use djinn_subgraph_kit::RequestId;
use futures_util::StreamExt;
use std::time::Duration;
use tokio::time::timeout;

/// Room that is made for a body before it comes: a length is only a promise.
const PREPARED: usize = 64 * 1024;

/// Answers one request in a body.
pub async fn answer(
    door: &Door,
    request: Request,
    media: Media,
    id: &RequestId,
) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    require_json(&parts.headers)?;
    // Before a byte of it is read: those whom nobody knows may not send as much.
    let (seen, stale) = match door.viewer(&parts).await {
        Ok(seen) => (seen, None),
        Err(refusal) if refusal.is_of_credential() && !door.config().entrances.is_empty() => {
            (Seen::default(), Some(refusal))
        }
        Err(refusal) => return Err(refusal),
    };
    let asked = async {
        let body = read(door.config(), &seen.viewer, &parts.headers, body).await?;
        door.request(parse(&body)?, seen.viewer.clone(), id).await
    };
    let request = match (asked.await, stale) {
        (asked, None) => asked?,
        (Ok(request), Some(stale)) => {
            let entrances = &door.config().entrances;
            if !door.0.router.only_asks(&request, entrances).await {
                return Err(stale);
            }
            request
        }
        // Whatever else is wrong: first of all nobody knows who asks.
        (Err(_), Some(stale)) => return Err(stale),
    };
    Ok(door.run(request, seen, parts, media).await)
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

pub(super) async fn read(
    config: &DoorConfig,
    viewer: &Viewer,
    headers: &HeaderMap,
    body: Body,
) -> Result<Bytes, Refusal> {
    let mut codings = headers.get_all(header::CONTENT_ENCODING).iter();
    if codings.any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Err(Refusal::new(
            Code::UnsupportedMediaType,
            "Send the body as it is, without Content-Encoding: compressed ones are not read.",
        ));
    }
    let limit = match viewer {
        Viewer::Anonymous => config.anonymous_body_bytes.min(config.body_bytes),
        Viewer::Known(_) | Viewer::Hub => config.body_bytes,
    };
    let too_large = || {
        let signed_in = if limit < config.body_bytes {
            format!(" Those who have signed in may send {}.", config.body_bytes)
        } else {
            String::new()
        };
        Refusal::new(
            Code::PayloadTooLarge,
            format!("The body is larger than {limit} bytes.{signed_in}"),
        )
    };
    let said = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if said.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let too_slow = |limit: Duration, what: &str| {
        Refusal::new(
            Code::RequestTimeout,
            format!("The body {what} for more than {} seconds.", limit.as_secs()),
        )
    };
    let mut read = BytesMut::with_capacity(said.unwrap_or_default().min(PREPARED));
    let mut parts = body.into_data_stream();
    let reading = async {
        while let Some(part) = timeout(config.body_pause, parts.next())
            .await
            .map_err(|_| too_slow(config.body_pause, "stood still"))?
        {
            let part =
                part.map_err(|_| Refusal::new(Code::BadRequest, "The body was cut short."))?;
            if part.len() > limit - read.len() {
                return Err(too_large());
            }
            read.extend_from_slice(&part);
        }
        Ok(())
    };
    match timeout(config.body_time, reading).await {
        Ok(outcome) => outcome?,
        Err(_) => return Err(too_slow(config.body_time, "was on its way")),
    }
    Ok(read.freeze())
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
            "The body must be an object with query or documentId, operationName, variables and extensions, each of its type."
                .to_owned()
        } else {
            format!("The body is not JSON (line {}, column {}).", error.line(), error.column())
        };
        Refusal::new(Code::BadRequest, message)
    })
}
