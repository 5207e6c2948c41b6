//! The door over HTTP: who is it, then streamable HTTP.

use crate::{
    oauth,
    server::{About, Hub, Server},
    turn::Guest,
};
use async_trait::async_trait;
use axum::{
    Json, Router,
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::any,
};
use djinn_kernel::{Code, Fault};
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
    /// The caller behind `key`; `None` when it is wrong, expired or revoked. Asked again every few
    /// seconds while something long goes on.
    async fn check(&self, key: &str) -> Result<Option<Caller>, GraphDown>;
}

/// What the door lets in.
#[derive(Clone)]
pub struct HttpConfig {
    /// Values of `Host` that are answered, with or without a port. Anything else could be a page
    /// that had its own name point at this machine.
    pub allowed_hosts: Vec<String>,
    /// Values of `Origin` that are answered, with scheme: `https://hub.example:443`,
    /// `http://localhost:*`. Requests without `Origin` do not come from a page and pass.
    pub allowed_origins: Vec<String>,
    /// Whose tokens are taken as keys, too.
    pub oauth: Option<oauth::Issued>,
    /// Everybody is this caller, without a key. Only for a listener that nobody else can reach.
    pub everybody: Option<Caller>,
    /// Seals what clients bring back from an earlier round of a call; the same in every process
    /// that may answer the next one.
    pub seal: [u8; 32],
    /// Ends every session when cancelled.
    pub stop: CancellationToken,
}

impl HttpConfig {
    /// This machine only, no page, and keys only.
    pub fn sealed_by(seal: [u8; 32]) -> Self {
        let local = ["localhost", "127.0.0.1", "::1"];
        Self {
            allowed_hosts: local.map(str::to_owned).to_vec(),
            allowed_origins: Vec::new(),
            oauth: None,
            everybody: None,
            seal,
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
    everybody: bool,
    /// What a client is told to do without a key, and about one that is not good.
    challenges: [HeaderValue; 2],
}

/// `/mcp` with a key in `Authorization: Bearer` or `X-API-Key`, and `/mcp/{key}` for clients that
/// can send no header; that one takes only keys that read, since addresses end up in logs.
pub fn service(
    catalogue: Live,
    graph: Arc<dyn Graph>,
    keys: Arc<dyn KeyCheck>,
    about: About,
    config: HttpConfig,
) -> Result<Router, Fault> {
    let title = about.title.clone();
    let hub = Hub::new(catalogue, graph, about, config.seal)?;
    let http = StreamableHttpServerConfig::default()
        .with_allowed_hosts(config.allowed_hosts)
        .with_allowed_origins(config.allowed_origins)
        .enforce_origin_validation()
        .with_cancellation_token(config.stop);
    let sessions = Arc::<LocalSessionManager>::default();
    let everybody = config.everybody.is_some();
    let server = move || Ok(Server::new(Arc::clone(&hub), config.everybody.clone()));
    let door = Door {
        mcp: StreamableHttpService::new(server, Arc::clone(&sessions), http),
        sessions,
        owners: Arc::default(),
        keys,
        everybody,
        challenges: oauth::challenges(config.oauth.as_ref())?,
    };
    let routes = Router::new()
        .route("/mcp", any(by_header))
        .route("/mcp/{key}", any(by_address))
        .with_state(door);
    Ok(match config.oauth {
        Some(issued) => routes.merge(oauth::routes(&issued, &title)),
        None => routes,
    })
}

async fn by_header(State(door): State<Door>, request: Request) -> Response {
    if door.everybody {
        return door.mcp.handle(request).await.into_response();
    }
    let key = key_in(request.headers()).map(str::to_owned);
    match door.guest(key).await {
        Ok(guest) => door.pass(guest, request).await,
        Err(refusal) => refusal,
    }
}

async fn by_address(
    State(door): State<Door>,
    Path(key): Path<String>,
    request: Request,
) -> Response {
    let text = "an address may carry only a key that reads; send this one in a header";
    match door.guest(Some(key)).await {
        Ok(guest) if guest.caller.only_reads() => door.pass(guest, request).await,
        Ok(_) => Door::refuse(Code::Forbidden, text),
        Err(refusal) => refusal,
    }
}

impl Door {
    async fn guest(&self, key: Option<String>) -> Result<Guest, Response> {
        let Some(key) = key else {
            let text = "send an API key as `Authorization: Bearer …` or `X-API-Key`";
            return Err(self.challenge(0, text));
        };
        match self.keys.check(&key).await {
            Ok(Some(caller)) => Ok(Guest {
                caller,
                key: key.into(),
                keys: Arc::clone(&self.keys),
            }),
            Ok(None) => Err(self.challenge(1, "the key is wrong, expired or revoked")),
            Err(error) => {
                tracing::warn!(?error, "a key could not be checked");
                let text = "the key cannot be checked just now; try again";
                Err(Self::refuse(Code::Unavailable, text))
            }
        }
    }

    async fn pass(self, mut guest: Guest, mut request: Request) -> Response {
        guest.caller.base = request.extensions().get().cloned();
        let session = session_in(request.headers());
        let caller = guest.caller.clone();
        let foreign = |owner: Caller| owner.viewer != caller.viewer;
        if session.is_some_and(|id| self.owner(&id).is_some_and(foreign)) {
            let text = "there is no such session; start a new one";
            return Self::refuse(Code::NotFound, text);
        }
        request.extensions_mut().insert(guest);
        let ended = request.method() == Method::DELETE;
        let response = self.mcp.handle(request).await.into_response();
        match session_in(response.headers()) {
            Some(id) if !self.opened(&id, caller).await => {
                // An error here would only say that the session has ended by itself.
                let _ = self.sessions.close_session(&id.into()).await;
                let text = "too many sessions are open; end one, or wait until one is idle";
                Self::refuse(Code::RateLimited, text)
            }
            // Clients take 202, which `rmcp` answers, for a failure, and log it.
            _ if ended && response.status().is_success() => StatusCode::NO_CONTENT.into_response(),
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
        let same = |owner: &&Caller| owner.viewer == caller.viewer;
        owners.values().filter(same).count() <= MOST_SESSIONS
    }

    fn refuse(code: Code, message: &str) -> Response {
        let status =
            StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let error = json!({ "message": message, "extensions": { "code": code.as_str() } });
        (status, Json(json!({ "errors": [error] }))).into_response()
    }

    fn challenge(&self, which: usize, message: &str) -> Response {
        let challenge = [(header::WWW_AUTHENTICATE, self.challenges[which].clone())];
        (challenge, Self::refuse(Code::Unauthenticated, message)).into_response()
    }
}

fn key_in(headers: &HeaderMap) -> Option<&str> {
    let said = |name: &str| headers.get(name)?.to_str().ok();
    let bearer = said("authorization").and_then(|value| {
        let (scheme, key) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(key.trim())
    });
    let key = bearer.or_else(|| said("x-api-key"));
    key.filter(|key| !key.is_empty())
}

fn session_in(headers: &HeaderMap) -> Option<String> {
    Some(headers.get("mcp-session-id")?.to_str().ok()?.to_owned())
}
