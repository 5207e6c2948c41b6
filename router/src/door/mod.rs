//! The doors of `/graphql`: HTTP by the GraphQL-over-HTTP specification, WebSocket by
//! graphql-transport-ws, server-sent events by graphql-sse.

mod csrf;
mod http_get;
mod http_post;
mod negotiate;
mod sse;
mod websocket;

use crate::{
    Authenticator, GraphRequest, GraphResponse, Router, Seen,
    error::{coded, seal},
};
use async_graphql::Variables;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use djinn_kernel::{Code, Viewer};
use djinn_subgraph_kit::{RequestId, socket::Bounds};
use negotiate::Media;
use serde::Deserialize;
use std::{sync::Arc, time::Duration};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Who may ask for the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Introspection {
    /// Everybody: for development.
    Everyone,
    /// Whoever has signed in.
    #[default]
    SignedIn,
    /// Nobody.
    Nobody,
}

/// How the doors behave.
#[derive(Debug, Clone)]
pub struct DoorConfig {
    /// Origins, like `https://games.example`, from which a browser may open a socket or read an
    /// answer, besides the host itself.
    pub allowed_origins: Vec<String>,
    /// Who may ask for the schema.
    pub introspection: Introspection,
    /// The largest body of a request, in bytes.
    pub body_bytes: usize,
    /// The largest message a client may send on a socket, in bytes.
    pub message_bytes: usize,
    /// The largest message that is written to a socket, in bytes.
    pub reply_bytes: usize,
    /// Time-outs and operations of one socket.
    pub sockets: Bounds,
    /// How often an open socket or stream asks whether its credential is still good: a login that
    /// has ended, a key that was revoked and a family ceiling that was lowered end it within this.
    pub recheck: Duration,
    /// How often an event stream says that it is still there.
    pub stream_ping: Duration,
    /// Cancelled when the hub stops: sockets close with 1001, event streams end.
    pub stop: CancellationToken,
    /// Has one task for each open socket. Close it and wait, before the process ends.
    pub open: TaskTracker,
}

impl Default for DoorConfig {
    fn default() -> Self {
        Self {
            allowed_origins: Vec::new(),
            introspection: Introspection::default(),
            body_bytes: 1024 * 1024,
            message_bytes: 256 * 1024,
            reply_bytes: 8 * 1024 * 1024,
            sockets: Bounds::default(),
            recheck: Duration::from_secs(15),
            stream_ping: Duration::from_secs(12),
            stop: CancellationToken::new(),
            open: TaskTracker::new(),
        }
    }
}

/// `/graphql`, all of it.
pub fn routes(
    router: Router,
    authenticator: Arc<dyn Authenticator>,
    config: DoorConfig,
) -> axum::Router {
    let door = Door(Arc::new(Parts {
        router,
        authenticator,
        config,
    }));
    axum::Router::new()
        .route(
            "/graphql",
            get(on_get).post(on_post).options(csrf::preflight),
        )
        .with_state(door)
}

#[derive(Clone)]
struct Door(Arc<Parts>);

struct Parts {
    router: Router,
    authenticator: Arc<dyn Authenticator>,
    config: DoorConfig,
}

async fn on_post(State(door): State<Door>, request: Request) -> Response {
    door.enter(request, http_post::answer).await
}

async fn on_get(State(door): State<Door>, request: Request) -> Response {
    if websocket::is_asked_for(&request) {
        return websocket::upgrade(door, request).await;
    }
    door.enter(request, http_get::answer).await
}

/// What a body or a query string asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    query: Option<String>,
    operation_name: Option<String>,
    #[serde(default)]
    variables: Option<serde_json::Map<String, serde_json::Value>>,
    /// Allowed by the specification; none is known here.
    #[serde(default, rename = "extensions")]
    _extensions: Option<serde_json::Map<String, serde_json::Value>>,
}

/// The request cannot be run: a code and what is wrong, in the words of the door.
struct Refusal(Code, String);

impl Refusal {
    fn new(code: Code, message: impl Into<String>) -> Self {
        Self(code, message.into())
    }
}

impl Door {
    fn config(&self) -> &DoorConfig {
        &self.0.config
    }

    /// What every HTTP request has in common, around what `answer` makes of it.
    async fn enter<A>(&self, request: Request, answer: A) -> Response
    where
        A: AsyncFnOnce(&Self, Request, Media, &RequestId) -> Result<Response, Refusal>,
    {
        let request_id = self.request_id(&request);
        let origin = request.headers().get(header::ORIGIN).cloned();
        let (parts, body) = request.into_parts();
        let ours = csrf::may_connect(self.config(), &parts);
        let request = Request::from_parts(parts, body);
        let outcome = match negotiate::media(request.headers()) {
            _ if !ours => Err(Refusal::new(
                Code::CrossSiteRequest,
                "A page of another site may not ask here, unless its origin is one of the allowed ones.",
            )),
            Some(media) => answer(self, request, media, &request_id).await,
            None => Err(Refusal::new(
                Code::NotAcceptable,
                "Accept application/graphql-response+json, application/json or text/event-stream.",
            )),
        };
        let mut response = outcome.unwrap_or_else(|refusal| refuse(&refusal, &request_id));
        let headers = response.headers_mut();
        if let Ok(id) = HeaderValue::from_str(&request_id.0) {
            headers.insert("x-request-id", id);
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.append(
            header::VARY,
            HeaderValue::from_static("accept, authorization, cookie, origin"),
        );
        if let Some(origin) = origin {
            csrf::let_read(self.config(), &origin, headers);
        }
        response
    }

    /// The id of the layer outside, of the client if it is a plain word, or a new one.
    fn request_id(&self, request: &Request) -> RequestId {
        if let Some(id) = request.extensions().get::<RequestId>() {
            return id.clone();
        }
        let theirs = request
            .headers()
            .get("x-request-id")
            .and_then(|id| id.to_str().ok());
        let plain = |id: &&str| {
            (1..=64).contains(&id.len())
                && id
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        };
        match theirs.filter(plain) {
            Some(id) => RequestId(id.into()),
            None => RequestId(self.0.router.ports().ids.new_id().to_string().into()),
        }
    }

    async fn viewer(&self, headers: &HeaderMap) -> Result<Seen, Refusal> {
        self.who(headers, None)
            .await
            .map_err(|code| Refusal::new(code, code.meaning()))
    }

    fn may_introspect(&self, viewer: &Viewer) -> bool {
        match self.config().introspection {
            Introspection::Everyone => true,
            Introspection::SignedIn => viewer.identity().is_some(),
            Introspection::Nobody => false,
        }
    }

    fn request(
        &self,
        asked: Asked,
        viewer: Viewer,
        request_id: &RequestId,
    ) -> Result<GraphRequest, Refusal> {
        let query = asked.query.filter(|query| !query.trim().is_empty());
        let query = query.ok_or_else(|| Refusal::new(Code::BadRequest, "There is no query."))?;
        let variables = asked
            .variables
            .map_or(serde_json::Value::Null, serde_json::Value::Object);
        Ok(GraphRequest {
            query,
            operation_name: asked.operation_name.filter(|name| !name.is_empty()),
            variables: Variables::from_json(variables),
            introspection: self.may_introspect(&viewer),
            viewer,
            request_id: request_id.clone(),
        })
    }

    /// Runs the request and answers in the media type that was chosen.
    async fn run(
        &self,
        request: GraphRequest,
        seen: Seen,
        headers: HeaderMap,
        media: Media,
    ) -> Response {
        if media == Media::EventStream {
            return sse::stream(self, request, seen, headers).await;
        }
        write(&self.0.router.execute(request).await, media)
    }

    /// Who it is: by the credential a socket's first message brought, or else by the headers.
    async fn who(&self, headers: &HeaderMap, credential: Option<&str>) -> Result<Seen, Code> {
        let authenticator = &self.0.authenticator;
        match credential {
            Some(credential) => authenticator.viewer_of_credential(credential).await,
            None => authenticator.viewer(headers).await,
        }
    }

    /// Waits until whoever was `before` is so no longer.
    async fn no_longer(&self, before: &Viewer, headers: &HeaderMap, credential: Option<&str>) {
        loop {
            tokio::time::sleep(self.config().recheck).await;
            match self.who(headers, credential).await {
                Ok(seen) if seen.viewer == *before => {}
                // Nobody knows just now: what was good is taken to be good still.
                Err(Code::Unavailable | Code::Internal | Code::Timeout) => {}
                Ok(_) | Err(_) => return,
            }
        }
    }

    /// How long a credential lasts from now.
    fn lasts(&self, expires_at: Option<chrono::DateTime<chrono::Utc>>) -> Option<Duration> {
        let left = expires_at? - self.0.router.ports().clock.now();
        Some(left.to_std().unwrap_or(Duration::ZERO))
    }
}

/// A GraphQL answer over HTTP.
fn write(response: &GraphResponse, media: Media) -> Response {
    let status = match media {
        Media::GraphQl => response.status(),
        // Whoever reads this media type takes the status for the transport's alone.
        Media::Json | Media::EventStream => StatusCode::OK,
    };
    body(status, media, response)
}

fn body(status: StatusCode, media: Media, response: &GraphResponse) -> Response {
    match serde_json::to_vec(response) {
        Ok(json) => (status, [(header::CONTENT_TYPE, media.content_type())], json).into_response(),
        Err(error) => {
            tracing::error!("a response cannot be written as JSON: {error}");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// A refusal of the door: the status speaks, whatever the media type.
fn refuse(refusal: &Refusal, request_id: &RequestId) -> Response {
    let mut errors = vec![coded(refusal.0, refusal.1.as_str())];
    seal(&mut errors, request_id);
    let response = GraphResponse::refused(errors);
    let mut answer = body(response.status(), Media::Json, &response);
    if refusal.0 == Code::MethodNotAllowed {
        answer
            .headers_mut()
            .insert(header::ALLOW, HeaderValue::from_static("POST"));
    }
    answer
}
