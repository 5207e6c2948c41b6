//! The door over HTTP: who is it, then streamable HTTP.

use crate::server::{About, Hub, Server};
use async_trait::async_trait;
use axum::{
    Json, Router,
    extract::{Path, Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::any,
};
use djinn_kernel::Code;
use djinn_operations::{Caller, Graph, GraphDown, Live};
use rmcp::transport::streamable_http_server::{
    SessionManager, StreamableHttpServerConfig, StreamableHttpService,
    session::local::LocalSessionManager,
};
use serde_json::json;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio_util::sync::CancellationToken;

/// How many sessions one caller may have open: each is a task and some channels.
const MOST_SESSIONS: usize = 256;

/// Finds who a key belongs to.
#[async_trait]
pub trait KeyCheck: Send + Sync + 'static {
    /// The caller behind `key`; `None` when it is wrong, expired or revoked.
    async fn check(&self, key: &str) -> Result<Option<Caller>, GraphDown>;
}

/// What the door lets in.
#[derive(Debug, Clone)]
pub struct HttpConfig {
    /// Values of `Host` that are answered, with or without a port. Anything else could be a page
    /// that had its own name point at this machine.
    pub allowed_hosts: Vec<String>,
    /// Values of `Origin` that are answered, with scheme: `https://hub.example:443`,
    /// `http://localhost:*`. Requests without `Origin` do not come from a page and pass.
    pub allowed_origins: Vec<String>,
    /// Ends every session when cancelled.
    pub stop: CancellationToken,
}

impl Default for HttpConfig {
    /// This machine only, and no page.
    fn default() -> Self {
        Self {
            allowed_hosts: ["localhost", "127.0.0.1", "::1"]
                .map(str::to_owned)
                .to_vec(),
            allowed_origins: Vec::new(),
            stop: CancellationToken::new(),
        }
    }
}

#[derive(Clone)]
struct Door {
    mcp: StreamableHttpService<Server, LocalSessionManager>,
    sessions: Arc<LocalSessionManager>,
    /// Who opened each session. It is of use to nobody else: what it watches is theirs.
    owners: Arc<Mutex<HashMap<String, Caller>>>,
    keys: Arc<dyn KeyCheck>,
}

/// `/mcp` with a key in `Authorization: Bearer` or `X-API-Key`, and `/mcp/{key}` for clients that
/// can send no header; that one takes only keys that read, since addresses end up in logs.
pub fn service(
    catalogue: Live,
    graph: Arc<dyn Graph>,
    keys: Arc<dyn KeyCheck>,
    about: About,
    config: HttpConfig,
) -> Router {
    let hub = Hub::new(catalogue, graph, about);
    let http = StreamableHttpServerConfig::default()
        .with_allowed_hosts(config.allowed_hosts)
        .with_allowed_origins(config.allowed_origins)
        .enforce_origin_validation()
        .with_cancellation_token(config.stop);
    let sessions = Arc::<LocalSessionManager>::default();
    let server = move || Ok(Server::new(Arc::clone(&hub), None));
    let door = Door {
        mcp: StreamableHttpService::new(server, Arc::clone(&sessions), http),
        sessions,
        owners: Arc::default(),
        keys,
    };
    Router::new()
        .route("/mcp", any(by_header))
        .route("/mcp/{key}", any(by_address))
        .with_state(door)
}

async fn by_header(State(door): State<Door>, request: Request) -> Response {
    let key = key_in(request.headers()).map(str::to_owned);
    match door.caller(key.as_deref()).await {
        Ok(caller) => door.pass(caller, request).await,
        Err(refusal) => refusal,
    }
}

async fn by_address(
    State(door): State<Door>,
    Path(key): Path<String>,
    request: Request,
) -> Response {
    match door.caller(Some(&key)).await {
        Ok(caller) if only_reads(&caller) => door.pass(caller, request).await,
        Ok(_) => refuse(
            Code::Forbidden,
            "an address may carry only a key that reads; send this one in a header",
        ),
        Err(refusal) => refusal,
    }
}

impl Door {
    async fn caller(&self, key: Option<&str>) -> Result<Caller, Response> {
        let Some(key) = key else {
            let text = "send an API key as `Authorization: Bearer …` or `X-API-Key`";
            return Err(refuse(Code::Unauthenticated, text));
        };
        match self.keys.check(key).await {
            Ok(Some(caller)) => Ok(caller),
            Ok(None) => Err(refuse(
                Code::Unauthenticated,
                "the key is wrong, expired or revoked",
            )),
            Err(error) => {
                tracing::warn!(?error, "a key could not be checked");
                Err(refuse(
                    Code::Unavailable,
                    "the key cannot be checked just now; try again",
                ))
            }
        }
    }

    async fn pass(self, caller: Caller, mut request: Request) -> Response {
        let session = session_in(request.headers());
        if session.is_some_and(|id| self.owner(&id).is_some_and(|owner| owner != caller)) {
            return refuse(Code::NotFound, "there is no such session; start a new one");
        }
        request.extensions_mut().insert(caller.clone());
        let response = self.mcp.handle(request).await.into_response();
        match session_in(response.headers()) {
            Some(id) if !self.opened(&id, caller).await => {
                // An error here would only say that the session has ended by itself.
                let _ = self.sessions.close_session(&id.into()).await;
                let text = "too many sessions are open; end one, or wait until one is idle";
                refuse(Code::RateLimited, text)
            }
            _ => response,
        }
    }

    fn owner(&self, session: &str) -> Option<Caller> {
        let owners = self.owners.lock().unwrap_or_else(PoisonError::into_inner);
        owners.get(session).cloned()
    }

    /// Notes whose a session is; `false` when it is one too many.
    async fn opened(&self, session: &str, caller: Caller) -> bool {
        let open = self.sessions.sessions.read().await;
        let mut owners = self.owners.lock().unwrap_or_else(PoisonError::into_inner);
        owners.retain(|id, _| open.contains_key(id.as_str()));
        owners.insert(session.to_owned(), caller.clone());
        owners.values().filter(|owner| **owner == caller).count() <= MOST_SESSIONS
    }
}

fn key_in(headers: &HeaderMap) -> Option<&str> {
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| {
            let (scheme, key) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then_some(key.trim())
        });
    bearer
        .or_else(|| headers.get("x-api-key")?.to_str().ok())
        .filter(|key| !key.is_empty())
}

fn session_in(headers: &HeaderMap) -> Option<String> {
    Some(headers.get("mcp-session-id")?.to_str().ok()?.to_owned())
}

fn only_reads(caller: &Caller) -> bool {
    caller.viewer.identity().is_some_and(|identity| {
        identity
            .scopes
            .iter()
            .all(|scope| scope.as_str().starts_with("read:"))
    })
}

fn refuse(code: Code, message: &str) -> Response {
    let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body =
        json!({ "errors": [{ "message": message, "extensions": { "code": code.as_str() } }] });
    let mut response = (status, Json(body)).into_response();
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(
            header::WWW_AUTHENTICATE,
            header::HeaderValue::from_static("Bearer"),
        );
    }
    response
}
