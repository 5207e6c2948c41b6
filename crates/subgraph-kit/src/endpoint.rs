//! Serves a subgraph to other processes of the hub, and to nobody else: every request carries a
//! token that one of them has signed.

use crate::{
    client::ClientAddress,
    forwarded::Forwarded,
    graph::coded,
    ports::Keys,
    socket::{self, Admitted, Bounds, Close, Operation, Session},
    subgraph::{Call, RequestId, Subgraph},
    token,
    trace::{self, Origin, TraceId},
};
use async_graphql::Response as Answer;
use axum::{
    Json,
    body::Bytes,
    extract::{
        DefaultBodyLimit, FromRequestParts, State, WebSocketUpgrade, rejection::BytesRejection,
    },
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use djinn_kernel::{Clock, Code, TraceParent, Viewer};
use futures_util::{StreamExt, stream::BoxStream};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tracing::Span;

/// What it takes to tell the hub's own processes from anybody else.
#[derive(Clone)]
pub struct Guard {
    /// Verifies the tokens.
    pub keys: Keys,
    /// Tells which have expired.
    pub clock: Arc<dyn Clock>,
}

/// The largest body, variables included. Larger than the public door's, because the token is
/// checked before a byte of it is read, and because the door's limit is a setting.
const BODY: usize = 16 * 1024 * 1024;

/// The header in which the hub's router says where a request comes from.
pub(crate) const CLIENT_ADDRESS: &str = "x-client-address";

#[derive(Clone)]
struct Endpoint {
    subgraph: Arc<dyn Subgraph>,
    guard: Guard,
}

/// `POST /graphql`, `GET /graphql` as a WebSocket, and `GET /ready`.
pub fn routes(subgraph: Arc<dyn Subgraph>, guard: Guard) -> axum::Router {
    axum::Router::new()
        .route("/graphql", post(answer).get(upgrade))
        .route("/ready", get(ready))
        .layer(DefaultBodyLimit::max(BODY))
        .with_state(Endpoint { subgraph, guard })
}

/// A caller of this hub.
struct Caller {
    viewer: Viewer,
    request_id: RequestId,
    client: Option<ClientAddress>,
    /// Of which trace the call is a part.
    trace: Option<TraceParent>,
}

impl FromRequestParts<Endpoint> for Caller {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, endpoint: &Endpoint) -> Result<Self, Response> {
        let token = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "));
        let viewer = token.and_then(|token| {
            token::verify(&endpoint.guard.keys, endpoint.guard.clock.as_ref(), token).ok()
        });
        let Some(viewer) = viewer else {
            return Err(refuse(
                Code::Unauthenticated,
                "Only the hub itself may ask here.",
            ));
        };
        let id = parts
            .headers
            .get("x-request-id")
            .and_then(|value| value.to_str().ok())
            .unwrap_or("none");
        Ok(Self {
            viewer,
            request_id: RequestId(id.into()),
            client: parts
                .headers
                .get(CLIENT_ADDRESS)
                .and_then(|value| value.to_str().ok()?.parse().ok())
                .map(ClientAddress::new),
            trace: trace::of_headers(&parts.headers),
        })
    }
}

fn refuse(code: Code, message: &str) -> Response {
    let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::BAD_REQUEST);
    (
        status,
        Json(Answer::from_errors(vec![coded(code, message)])),
    )
        .into_response()
}

fn is_json(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(only), None) = (types.next(), types.next()) else {
        return false;
    };
    let kind = only
        .to_str()
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default();
    kind.trim().eq_ignore_ascii_case("application/json")
}

async fn answer(
    State(endpoint): State<Endpoint>,
    caller: Caller,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    if !is_json(&headers) {
        return refuse(Code::UnsupportedMediaType, "Send application/json.");
    }
    let Ok(body) = body else {
        return refuse(
            Code::PayloadTooLarge,
            "The body is too large, or was cut short.",
        );
    };
    let Ok(operation) = serde_json::from_slice::<Operation>(&body) else {
        return refuse(Code::BadRequest, "The body is not one GraphQL request.");
    };
    let (origin, span) = caller.begin(endpoint.subgraph.name());
    let work = endpoint.subgraph.execute(caller.call(operation));
    match origin.run(span, work).await {
        Ok(response) => Json(response).into_response(),
        Err(reason) => {
            tracing::warn!("the subgraph does not answer: {reason}");
            refuse(Code::Unavailable, "The subgraph does not answer.")
        }
    }
}

impl Caller {
    /// The span of one call: a part of the router's, if the router says of which.
    fn begin(&self, subgraph: &str) -> (Origin, Span) {
        let origin = Origin::of(self.trace, || {
            uuid::Uuid::parse_str(&self.request_id.0).unwrap_or_default()
        });
        let span = origin.span(|| {
            tracing::info_span!(
                "serve",
                subgraph,
                request_id = %self.request_id,
                trace_id = %TraceId(origin.here),
            )
        });
        (origin, span)
    }

    fn call(&self, operation: Operation) -> Call {
        Call {
            query: operation.query.into(),
            operation_name: operation.operation_name,
            variables: operation.variables,
            viewer: self.viewer.clone(),
            request_id: self.request_id.clone(),
            forwarded: Forwarded::default(),
            client: self.client,
        }
    }
}

async fn upgrade(
    State(endpoint): State<Endpoint>,
    caller: Caller,
    upgrade: WebSocketUpgrade,
) -> Response {
    let session = Arc::new(Socket {
        subgraph: endpoint.subgraph,
        caller: Arc::new(caller),
    });
    upgrade
        .protocols([socket::PROTOCOL])
        .read_buffer_size(socket::BUFFER)
        .write_buffer_size(socket::BUFFER)
        .max_write_buffer_size(BODY)
        .max_message_size(BODY)
        .max_frame_size(BODY)
        // A process that stops drops its sockets; the router tells its own clients.
        .on_upgrade(|opened| {
            socket::serve(opened, session, Bounds::default(), CancellationToken::new())
        })
}

/// One subscription of the router; the token came with the upgrade.
struct Socket {
    subgraph: Arc<dyn Subgraph>,
    caller: Arc<Caller>,
}

#[async_trait::async_trait]
impl Session for Socket {
    type Seat = ();
    type Event = String;

    async fn admit(&self, _: Option<serde_json::Value>) -> Result<Admitted<()>, Close> {
        Ok(Admitted {
            seat: (),
            lasts: None,
        })
    }

    async fn run(
        &self,
        (): &(),
        operation: Operation,
    ) -> Result<BoxStream<'static, String>, String> {
        let (origin, span) = self.caller.begin(self.subgraph.name());
        let opening = self.subgraph.subscribe(self.caller.call(operation));
        let events = origin.run(span.clone(), opening).await.map_err(|reason| {
            tracing::warn!("the subgraph does not answer: {reason}");
            list_of(Code::Unavailable, "The subgraph does not answer.")
        })?;
        let events = trace::stream(Some(origin.here), span, events);
        Ok(events
            .map(|event| serde_json::to_string(&event).unwrap_or_default())
            .boxed())
    }

    fn too_many(&self, limit: usize) -> String {
        list_of(
            Code::LimitExceeded,
            &format!("No more than {limit} operations run on one socket."),
        )
    }
}

fn list_of(code: Code, message: &str) -> String {
    serde_json::to_string(&[coded(code, message)]).unwrap_or_else(|_| "[]".to_owned())
}

async fn ready(State(endpoint): State<Endpoint>) -> Response {
    match endpoint.subgraph.ready().await {
        Ok(()) => (StatusCode::OK, "ready").into_response(),
        Err(reason) => (StatusCode::SERVICE_UNAVAILABLE, reason.to_string()).into_response(),
    }
}
