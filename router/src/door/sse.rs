//! Server-sent events, one operation to a connection: the "distinct connections" mode of the
//! graphql-sse protocol, for clients behind proxies that let no WebSocket through.

use super::Door;
use crate::{GraphRequest, Seen};
use axum::{
    http::HeaderMap,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::{StreamExt, future, stream};
use std::{convert::Infallible, time::Duration};

/// Runs the request and streams what comes of it. A refusal is an event as well: a client of this
/// protocol takes any status but 200 for a broken network, and tries again.
pub async fn stream(
    door: &Door,
    request: GraphRequest,
    seen: Seen,
    headers: HeaderMap,
) -> Response {
    let responses = match door.0.router.subscribe(request).await {
        Ok(responses) => responses,
        Err(refused) => stream::once(future::ready(refused.into())).boxed(),
    };
    let stop = door.config().stop.clone();
    let lasts = door.lasts(seen.expires_at);
    let again = door.clone();
    let over = async move {
        let revoked = again.no_longer(&seen.viewer, &headers, None);
        let expired = async {
            match lasts {
                Some(left) => tokio::time::sleep(left).await,
                None => future::pending().await,
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = expired => {}
            () = revoked => {}
        }
    };
    // With an empty line of data: a browser drops an event that has none.
    let complete = Event::default().event("complete").data("\n");
    let events = responses
        .map(|event| Event::default().event("next").data(event.json()))
        .chain(stream::once(future::ready(complete)))
        .map(Ok::<_, Infallible>)
        .take_until(Box::pin(over));
    let ping = door.config().stream_ping.max(Duration::from_secs(1));
    Sse::new(events)
        .keep_alive(KeepAlive::new().interval(ping))
        .into_response()
}
