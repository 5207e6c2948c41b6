//! `GET /graphql` as a WebSocket: who may open one, and who is on it. The protocol itself is in
//! the kit.

use super::{Door, Refusal, csrf, refuse};
use crate::{
    GraphRequest,
    error::{coded, seal},
};
use async_graphql::ServerError;
use axum::{
    extract::{FromRequestParts, Request, WebSocketUpgrade},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use djinn_kernel::{Code, Viewer};
use djinn_subgraph_kit::{
    RequestId,
    socket::{self, Admitted, Operation, Session},
};
use futures_util::{StreamExt, stream::BoxStream};
use serde_json::Value;
use std::sync::Arc;

/// Whether a GET asks for a socket.
pub fn is_asked_for(request: &Request) -> bool {
    let upgrade = request
        .headers()
        .get(header::UPGRADE)
        .and_then(|value| value.to_str().ok());
    upgrade.is_some_and(|value| value.eq_ignore_ascii_case("websocket"))
}

/// Opens a socket for a page of this host, or for anything that is no browser.
pub async fn upgrade(door: Door, request: Request) -> Response {
    let id = door.request_id(&request);
    let (mut parts, _) = request.into_parts();
    if !csrf::may_connect(door.config(), &parts) {
        let refusal = Refusal::new(
            Code::CrossSiteRequest,
            "This origin may not open a socket here.",
        );
        return refuse(&refusal, &id);
    }
    // A credential in the first message must not be a way around what the headers are refused for:
    // a hub without sign-in takes anything for its owner, once the host is one of its own.
    if let Err(code @ Code::CrossSiteRequest) = door.who(&parts.headers, None).await {
        return refuse(&Refusal::new(code, code.meaning()), &id);
    }
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade,
        Err(rejection) => return rejection.into_response(),
    };
    let config = door.config().clone();
    let session = Arc::new(Client {
        door,
        headers: parts.headers,
        connection: id,
    });
    upgrade
        .protocols([socket::PROTOCOL])
        .read_buffer_size(socket::BUFFER)
        .write_buffer_size(socket::BUFFER)
        .max_write_buffer_size(config.reply_bytes)
        .max_message_size(config.message_bytes)
        .max_frame_size(config.message_bytes)
        .on_upgrade(move |opened| {
            let open = OpenSocket::new();
            config.open.track_future(async move {
                let _open = open;
                socket::serve(opened, session, config.sockets, config.stop).await;
            })
        })
}

struct Client {
    door: Door,
    /// Of the upgrade: a browser's cookie is there, and nowhere else.
    headers: HeaderMap,
    connection: RequestId,
}

/// Who sits on a socket, and how they got there.
struct Seat {
    viewer: Viewer,
    credential: Option<String>,
}

impl Client {
    fn errors(&self, mut errors: Vec<ServerError>) -> String {
        seal(&mut errors, &self.connection);
        serde_json::to_string(&errors).unwrap_or_else(|_| "[]".to_owned())
    }
}

/// `{"authorization": "Bearer …"}`, or `{"x-api-key": "gd_…"}`, however it is spelt.
fn credential(payload: &Value) -> Option<&str> {
    let text = payload.as_object()?.iter().find_map(|(name, value)| {
        let known =
            ["authorization", "x-api-key", "apikey"].contains(&name.to_ascii_lowercase().as_str());
        value.as_str().filter(|_| known)
    })?;
    let bare = text
        .get(..7)
        .filter(|scheme| scheme.eq_ignore_ascii_case("bearer "))
        .map_or(text, |_| &text[7..]);
    Some(bare.trim())
}

#[async_trait::async_trait]
impl Session for Client {
    type Seat = Seat;

    async fn admit(&self, payload: Option<Value>) -> Option<Admitted<Seat>> {
        let credential = payload.as_ref().and_then(credential);
        match self.door.who(&self.headers, credential).await {
            Ok(seen) => Some(Admitted {
                lasts: self.door.lasts(seen.expires_at),
                seat: Seat {
                    viewer: seen.viewer,
                    credential: credential.map(str::to_owned),
                },
            }),
            Err(code) => {
                tracing::info!(request_id = %self.connection, code = code.as_str(), "a socket was not let in");
                None
            }
        }
    }

    async fn run(
        &self,
        seat: &Seat,
        operation: Operation,
    ) -> Result<BoxStream<'static, String>, String> {
        let viewer = &seat.viewer;
        let request = GraphRequest {
            query: operation.query,
            operation_name: operation.operation_name,
            variables: operation.variables,
            introspection: self.door.may_introspect(viewer),
            viewer: viewer.clone(),
            request_id: RequestId(self.door.0.router.ports().ids.new_id().to_string().into()),
        };
        match self.door.0.router.subscribe(request).await {
            Ok(responses) => Ok(responses
                .map(|response| serde_json::to_string(&response).unwrap_or_default())
                .boxed()),
            Err(refused) => Err(self.errors(refused.into_parts().1)),
        }
    }

    fn too_many(&self, limit: usize) -> String {
        let message = format!("No more than {limit} operations run on one socket.");
        self.errors(vec![coded(Code::LimitExceeded, message)])
    }

    async fn revoked(&self, seat: &Seat) {
        let credential = seat.credential.as_deref();
        self.door
            .no_longer(&seat.viewer, &self.headers, credential)
            .await;
    }
}

/// Counts as open while it lives.
struct OpenSocket;

impl OpenSocket {
    fn new() -> Self {
        metrics::gauge!("djinn_router_sockets").increment(1.0);
        Self
    }
}

impl Drop for OpenSocket {
    fn drop(&mut self) {
        metrics::gauge!("djinn_router_sockets").decrement(1.0);
    }
}
