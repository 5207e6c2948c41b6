//! `GET /graphql` as a WebSocket: who may open one, and who is on it. The protocol itself is in
//! the kit.

use super::{Asked, Door, Refusal, Who, client, csrf, places::Place, refuse};
use crate::{
    GraphEvent, GraphRequest,
    error::{coded, seal},
    trace,
};
use async_graphql::ServerError;
use axum::{
    extract::{FromRequestParts, Request, WebSocketUpgrade},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use djinn_kernel::{Code, TraceParent, Viewer};
use djinn_subgraph_kit::{
    ClientAddress, Forwarded, RequestId,
    forwarded::NotAHeader,
    socket::{self, Admitted, Close, Operation, Session},
    trace::HEADER,
};
use futures_util::{future, stream::BoxStream};
use serde_json::Value;
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// When somebody with too many sockets may try again.
const LATER: Duration = Duration::from_secs(10);

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
    let client = client(&parts);
    let place = match Who::of(&Viewer::Anonymous, client) {
        Some(address) => match door.0.places.take(address, config.sockets_anonymous) {
            Some(place) => Some(place),
            None => {
                let limit = config.sockets_anonymous;
                let message = format!(
                    "No more than {limit} sockets may be open from one address without signing in."
                );
                return refuse(&Refusal(Code::RateLimited, message, Some(LATER)), &id);
            }
        },
        None => None,
    };
    let session = Arc::new(Client {
        door,
        headers: kept(&parts.headers, &config.forward_headers),
        connection: id,
        from: client,
        place: Mutex::new(place),
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
            let served = socket::serve(opened, session, config.sockets, config.stop);
            // A task of its own: that of the upgrade ends, and gives back what only the upgrade needs.
            config.open.spawn(async move {
                let _open = open;
                served.await;
            });
            future::ready(())
        })
}

/// The headers, copied: as they came they are slices of the connection's first buffer and would keep
/// all its 16 KiB for as long as the socket lives. What only the upgrade needs stays behind, and
/// there is room for the rest and no more.
fn kept(headers: &HeaderMap, forwarded: &[HeaderName]) -> HeaderMap {
    let stays = |name: &HeaderName| {
        let name = name.as_str();
        let of_the_upgrade = ["connection", "upgrade", "origin", "user-agent"].contains(&name);
        let of_the_cache = ["cache-control", "pragma"].contains(&name);
        of_the_upgrade || of_the_cache || name.starts_with("sec-") || name.starts_with("accept")
    };
    let is_wanted = |name: &HeaderName| !stays(name) || forwarded.contains(name);
    let wanted = || headers.iter().filter(|(name, _)| is_wanted(name));
    let mut kept = HeaderMap::with_capacity(wanted().count());
    for (name, value) in wanted() {
        if let Ok(mut own) = HeaderValue::from_bytes(value.as_bytes()) {
            own.set_sensitive(value.is_sensitive());
            kept.append(name.clone(), own);
        }
    }
    kept
}

struct Client {
    door: Door,
    /// Of the upgrade: a browser's cookie is there, and nowhere else.
    headers: HeaderMap,
    connection: RequestId,
    from: Option<ClientAddress>,
    /// One of its address, until it is known whose socket it is.
    place: Mutex<Option<Place>>,
}

/// Who sits on a socket, and how they got there.
struct Seat {
    viewer: Viewer,
    forwarded: Forwarded,
    credential: Option<String>,
    /// Given back when the socket closes.
    _place: Option<Place>,
}

impl Client {
    /// What goes on to the subgraphs of whoever opens a socket with this first message.
    fn forwarded(&self, payload: Option<&Value>) -> Result<Forwarded, NotAHeader> {
        let names = &self.door.config().forward_headers;
        let upgrade = Forwarded::of(&self.headers, names);
        match payload.and_then(Value::as_object) {
            Some(payload) => upgrade.or_of_init(payload, names),
            None => Ok(upgrade),
        }
    }

    /// The place of whoever has signed in, instead of one of the address.
    fn place_of(&self, viewer: &Viewer) -> Result<Option<Place>, Close> {
        let of_address = {
            let mut place = self.place.lock().unwrap_or_else(PoisonError::into_inner);
            place.take()
        };
        let who = Who::of(viewer, self.from);
        match (viewer, who) {
            (Viewer::Known(_), Some(who)) => {
                let limit = self.door.config().sockets_each;
                let place = self.door.0.places.take(who, limit);
                place.map(Some).ok_or(Close::TooManySockets)
            }
            _ => Ok(of_address),
        }
    }

    /// Runs one operation.
    async fn answer(
        &self,
        seat: &Seat,
        operation: Operation,
        id: RequestId,
    ) -> Result<BoxStream<'static, GraphEvent>, String> {
        let viewer = &seat.viewer;
        let taken = self.door.config().rates.take(Who::of(viewer, self.from));
        if let Err(too_many) = taken {
            let mut error = coded(Code::RateLimited, too_many.to_string());
            let extensions = error.extensions.get_or_insert_default();
            extensions.set("retryAfter", too_many.wait.as_secs());
            return Err(self.errors(vec![error]));
        }
        let mut asked = Asked {
            query: Some(operation.query),
            document_id: operation.document_id,
            extensions: operation.extensions,
            ..Asked::default()
        };
        let found = self.door.document(&mut asked, viewer);
        let found =
            found.map_err(|Refusal(code, message, _)| self.errors(vec![coded(code, message)]))?;
        let request = GraphRequest {
            query: found.text,
            operation_name: operation.operation_name,
            variables: operation.variables,
            introspection: self.door.may_introspect(viewer),
            viewer: viewer.clone(),
            forwarded: seat.forwarded.clone(),
            client: self.from,
            discreet: self.door.is_discreet(viewer),
            trusted: found.trusted,
            request_id: id,
        };
        self.door.keep(found.keep, &request).await;
        let opened = self.door.0.router.subscribe(request).await;
        opened.map_err(|refused| self.errors(refused.into_parts().1))
    }

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
    type Event = GraphEvent;

    async fn admit(&self, payload: Option<Value>) -> Result<Admitted<Seat>, Close> {
        let credential = payload.as_ref().and_then(credential);
        let Ok(forwarded) = self.forwarded(payload.as_ref()) else {
            tracing::info!(request_id = %self.connection, "a socket's first message has a header that is none");
            return Err(Close::Forbidden);
        };
        match self.door.who(&self.headers, credential).await {
            Ok(seen) => Ok(Admitted {
                lasts: self.door.lasts(seen.expires_at),
                seat: Seat {
                    _place: self.place_of(&seen.viewer)?,
                    viewer: seen.viewer,
                    forwarded,
                    credential: credential.map(str::to_owned),
                },
            }),
            Err(code) => {
                tracing::info!(request_id = %self.connection, code = code.as_str(), "a socket was not let in");
                // Who asks is unknown, not unwelcome: a client that hears 4403 does not come back.
                Err(match code {
                    Code::Unavailable | Code::Internal | Code::Timeout => Close::TryAgainLater,
                    _ => Close::Forbidden,
                })
            }
        }
    }

    async fn run(
        &self,
        seat: &Seat,
        operation: Operation,
    ) -> Result<BoxStream<'static, GraphEvent>, String> {
        let ids = &self.door.0.router.ports().ids;
        let id = RequestId(ids.new_id().to_string().into());
        // A browser can set no header on a socket.
        let given = operation.extensions.as_ref();
        let given = given.and_then(|given| given.get(HEADER)?.as_str());
        let parent = given.and_then(TraceParent::parse);
        let (origin, span) = trace::request(Some("socket"), None, &id, parent, || ids.new_id());
        origin.run(span, self.answer(seat, operation, id)).await
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
