//! The doors of `/graphql`: HTTP by the GraphQL-over-HTTP specification, WebSocket by
//! graphql-transport-ws, server-sent events by graphql-sse.

mod csrf;
mod document;
pub mod guard;
mod http_get;
mod http_post;
mod negotiate;
mod places;
mod rate;
mod sse;
mod websocket;

use crate::{
    AnonymousDocuments, Authenticator, Documents, GraphRequest, GraphResponse, Router, Seen,
    error::{coded, seal},
};
use async_graphql::Variables;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use djinn_kernel::{Code, Viewer};
use djinn_subgraph_kit::{ClientAddress, Forwarded, RequestId, socket::Bounds, trace};
use negotiate::Media;
use places::Places;
pub use rate::{Rate, Rates, TooMany, Who};
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
    /// Whether those who may not read the schema are told nothing of it by errors either: what is
    /// not there and what they may not see are answered alike.
    pub discreet: bool,
    /// The largest body of a request, in bytes.
    pub body_bytes: usize,
    /// The same for those who have not signed in.
    pub anonymous_body_bytes: usize,
    /// How long a body may take to arrive in all.
    pub body_time: Duration,
    /// How long it may stand still.
    pub body_pause: Duration,
    /// How often one caller may ask: each request, and each operation on a socket.
    pub rates: Rates,
    /// How many sockets somebody may have open who has signed in; 0 for no limit, here and below.
    pub sockets_each: usize,
    /// How many sockets may be open from one address whose first message has not come, or names
    /// nobody.
    pub sockets_anonymous: usize,
    /// The largest message a client may send on a socket, in bytes.
    pub message_bytes: usize,
    /// The largest message that is written to a socket, in bytes.
    pub reply_bytes: usize,
    /// The documents that clients may name; without them each has to be sent.
    pub documents: Option<Arc<dyn Documents>>,
    /// Which documents those may run who have not signed in.
    pub anonymous_documents: AnonymousDocuments,
    /// Mutations by which somebody comes in, with a password or a token in their arguments. Clients
    /// send the credential they have with every request; one that is good no longer must not keep
    /// them from getting another.
    pub entrances: Vec<String>,
    /// Headers of the client that go on to the subgraphs; for subgraphs of other owners only, the
    /// hub's own are told who is asking by a token.
    pub forward_headers: Vec<HeaderName>,
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
            discreet: false,
            body_bytes: 1024 * 1024,
            anonymous_body_bytes: 1024 * 1024,
            body_time: Duration::from_mins(2),
            body_pause: Duration::from_secs(10),
            rates: Rates::default(),
            sockets_each: 20,
            sockets_anonymous: 100,
            message_bytes: 64 * 1024,
            reply_bytes: 8 * 1024 * 1024,
            documents: None,
            anonymous_documents: AnonymousDocuments::default(),
            entrances: Vec::new(),
            forward_headers: Vec::new(),
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
        places: Places::default(),
    }));
    axum::Router::new()
        .route(
            "/graphql",
            get(on_get)
                .post(on_post)
                .options(csrf::preflight)
                .fallback(on_other),
        )
        .with_state(door)
}

#[derive(Clone)]
struct Door(Arc<Parts>);

struct Parts {
    router: Router,
    authenticator: Arc<dyn Authenticator>,
    config: DoorConfig,
    places: Places,
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

/// No other method is for a graph.
async fn on_other(State(door): State<Door>, request: Request) -> Response {
    let id = door.request_id(&request);
    let refusal = Refusal::new(
        Code::MethodNotAllowed,
        "A graph is asked by POST, or by GET where nothing is changed.",
    );
    let mut response = refuse(&refusal, &id);
    let headers = response.headers_mut();
    headers.insert(
        header::ALLOW,
        HeaderValue::from_static("GET, POST, OPTIONS"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(id) = HeaderValue::from_str(&id.0) {
        headers.insert("x-request-id", id);
    }
    response
}

/// What a body or a query string asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    query: Option<String>,
    /// As Relay's clients say it as well.
    #[serde(alias = "doc_id")]
    document_id: Option<String>,
    operation_name: Option<String>,
    #[serde(default)]
    variables: Option<serde_json::Map<String, serde_json::Value>>,
    #[serde(default)]
    extensions: Option<serde_json::Map<String, serde_json::Value>>,
}

/// The request cannot be run: a code and what is wrong, in the words of the door; and when to come
/// back, if that is all it takes.
struct Refusal(Code, String, Option<Duration>);

impl Refusal {
    fn new(code: Code, message: impl Into<String>) -> Self {
        Self(code, message.into(), None)
    }

    /// Whether all that is wrong is the credential.
    const fn is_of_credential(&self) -> bool {
        matches!(self.0, Code::Unauthenticated | Code::TokenExpired)
    }
}

impl From<TooMany> for Refusal {
    fn from(error: TooMany) -> Self {
        Self(Code::RateLimited, error.to_string(), Some(error.wait))
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
        let media = negotiate::media(request.headers());
        let outcome = match media {
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
        let mut response = outcome.unwrap_or_else(|refusal| {
            // Whoever knows the media type of GraphQL looks for the errors in it, and takes any other
            // body with such a status for a broken transport.
            let media = media.filter(|media| *media == Media::GraphQl);
            refuse_as(media.unwrap_or(Media::Json), &refusal, &request_id)
        });
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
        trace::request_id(request.headers())
            .unwrap_or_else(|| RequestId(self.0.router.ports().ids.new_id().to_string().into()))
    }

    /// Who is asking; each time it is asked counts as a request of theirs.
    async fn viewer(&self, request: &http::request::Parts) -> Result<Seen, Refusal> {
        let client = client(request);
        let seen = match self.who(&request.headers, None).await {
            Ok(seen) => seen,
            Err(code) => {
                // Guessing keys is asking, too.
                self.config()
                    .rates
                    .take(Who::of(&Viewer::Anonymous, client))?;
                return Err(Refusal::new(code, code.meaning()));
            }
        };
        self.config().rates.take(Who::of(&seen.viewer, client))?;
        Ok(seen)
    }

    fn is_discreet(&self, viewer: &Viewer) -> bool {
        self.config().discreet && *viewer == Viewer::Anonymous && !self.may_introspect(viewer)
    }

    fn may_introspect(&self, viewer: &Viewer) -> bool {
        match self.config().introspection {
            Introspection::Everyone => true,
            Introspection::SignedIn => viewer.identity().is_some(),
            Introspection::Nobody => false,
        }
    }

    /// The request that was asked for. What of it is to be persisted is kept by now.
    async fn request(
        &self,
        mut asked: Asked,
        viewer: Viewer,
        request_id: &RequestId,
    ) -> Result<GraphRequest, Refusal> {
        let found = self.document(&mut asked, &viewer)?;
        let variables = asked
            .variables
            .map_or(serde_json::Value::Null, serde_json::Value::Object);
        let request = GraphRequest {
            query: found.text,
            operation_name: asked.operation_name.filter(|name| !name.is_empty()),
            variables: Variables::from_json(variables),
            introspection: self.may_introspect(&viewer),
            discreet: self.is_discreet(&viewer),
            trusted: found.trusted,
            viewer,
            request_id: request_id.clone(),
            // Filled in by `run`, which has the headers.
            forwarded: Forwarded::default(),
            client: None,
        };
        self.keep(found.keep, &request).await;
        Ok(request)
    }

    /// Runs the request and answers in the media type that was chosen.
    async fn run(
        &self,
        mut request: GraphRequest,
        seen: Seen,
        parts: http::request::Parts,
        media: Media,
    ) -> Response {
        request.client = client(&parts);
        let headers = parts.headers;
        request.forwarded = Forwarded::of(&headers, &self.config().forward_headers);
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

/// Where a request comes from, if the layer outside has found out.
fn client(request: &http::request::Parts) -> Option<ClientAddress> {
    request.extensions.get().copied()
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

/// A refusal of the door, to whoever has not said what they can read.
fn refuse(refusal: &Refusal, request_id: &RequestId) -> Response {
    refuse_as(Media::Json, refusal, request_id)
}

/// A refusal of the door: the status speaks, whatever the media type.
fn refuse_as(media: Media, refusal: &Refusal, request_id: &RequestId) -> Response {
    let mut error = coded(refusal.0, refusal.1.as_str());
    let wait = refusal.2;
    let wait = wait.or_else(|| refusal.0.pause().map(Duration::from_secs));
    if let Some(wait) = wait {
        let extensions = error.extensions.get_or_insert_default();
        extensions.set("retryAfter", wait.as_secs());
    }
    let mut errors = vec![error];
    seal(&mut errors, request_id);
    let response = GraphResponse::refused(errors);
    let mut answer = body(response.status(), media, &response);
    if refusal.0 == Code::MethodNotAllowed {
        answer
            .headers_mut()
            .insert(header::ALLOW, HeaderValue::from_static("POST"));
    }
    if let Some(wait) = wait {
        answer
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs()));
    }
    answer
}
