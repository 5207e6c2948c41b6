//! Other people's servers, played by the test.

use axum::{Router, body::Body, extract::Request, http::header};
use djinn_subgraph_kit::http::{Answer, Ask, Http, NoAnswer};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::OwnedRwLockWriteGuard;
use tower::ServiceExt;

type Reply = Box<dyn Fn(&Ask) -> Result<Answer, NoAnswer> + Send + Sync>;

/// Answers every request by a function of the test, and keeps what was asked.
pub struct ScriptedHttp {
    reply: Mutex<Reply>,
    stand_in: Mutex<Option<Router>>,
    /// Answers wait here while a test holds them back.
    gate: Arc<tokio::sync::RwLock<()>>,
    asked: Mutex<Vec<String>>,
}

impl Default for ScriptedHttp {
    /// Nobody can be reached.
    fn default() -> Self {
        Self {
            reply: Mutex::new(Box::new(|_| Err(NoAnswer::Unreachable))),
            stand_in: Mutex::default(),
            gate: Arc::default(),
            asked: Mutex::default(),
        }
    }
}

impl ScriptedHttp {
    /// From now on `reply` answers.
    pub fn answer(&self, reply: impl Fn(&Ask) -> Result<Answer, NoAnswer> + Send + Sync + 'static) {
        *self.reply.lock().unwrap_or_else(PoisonError::into_inner) = Box::new(reply);
        *self.stand_in.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// From now on a stand-in answers, whatever the host: the same routes that it serves on a port,
    /// without one.
    pub fn ask(&self, stand_in: Router) {
        *self.stand_in.lock().unwrap_or_else(PoisonError::into_inner) = Some(stand_in);
    }

    /// Until the guard is dropped, requests are taken and answered, and no answer arrives.
    pub async fn hold(&self) -> OwnedRwLockWriteGuard<()> {
        Arc::clone(&self.gate).write_owned().await
    }

    /// The URLs asked so far.
    pub fn asked(&self) -> Vec<String> {
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

#[async_trait::async_trait]
impl Http for ScriptedHttp {
    async fn send(&self, ask: Ask) -> Result<Answer, NoAnswer> {
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(ask.url.clone());
        let stand_in = self
            .stand_in
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let answer = match stand_in {
            Some(stand_in) => answered(stand_in, ask).await,
            None => (self.reply.lock().unwrap_or_else(PoisonError::into_inner))(&ask),
        };
        drop(self.gate.read().await);
        answer
    }
}

/// Hands the request to the routes, and reads what they say as the real client does.
async fn answered(stand_in: Router, ask: Ask) -> Result<Answer, NoAnswer> {
    let path = ask
        .url
        .split_once("://")
        .and_then(|(_, rest)| rest.find('/').map(|at| rest[at..].to_owned()))
        .unwrap_or_else(|| "/".to_owned());
    let mut request = Request::builder()
        .method(if ask.body.is_some() { "POST" } else { "GET" })
        .uri(path);
    for (name, value) in &ask.headers {
        request = request.header(*name, value);
    }
    let request = request
        .body(Body::from(ask.body.unwrap_or_default()))
        .map_err(|_| NoAnswer::Unreachable)?;
    let response = stand_in
        .oneshot(request)
        .await
        .map_err(|_| NoAnswer::Unreachable)?;
    let (head, body) = response.into_parts();
    let text = |name| {
        let value = head.headers.get(name)?.to_str().ok()?;
        Some(value.to_owned())
    };
    let status = head.status;
    let retry_after = text(header::RETRY_AFTER)
        .and_then(|seconds| seconds.parse().ok())
        .map(Duration::from_secs);
    if let Some(elsewhere) = text(header::LOCATION)
        && status.is_redirection()
        && !ask.follow
    {
        return Ok(Answer {
            status: status.as_u16(),
            retry_after,
            content_type: "text/uri-list".to_owned(),
            body: elsewhere.into(),
        });
    }
    let content_type = text(header::CONTENT_TYPE).unwrap_or_default();
    let body = axum::body::to_bytes(body, ask.max_bytes)
        .await
        .map_err(|_| NoAnswer::TooLarge(ask.max_bytes))?;
    Ok(Answer {
        status: status.as_u16(),
        retry_after,
        content_type: content_type
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase(),
        body,
    })
}

/// A JSON answer.
pub fn json(status: u16, body: impl Into<String>) -> Result<Answer, NoAnswer> {
    Ok(Answer {
        status,
        retry_after: None,
        content_type: "application/json".to_owned(),
        body: body.into().into_bytes().into(),
    })
}

/// A web page where JSON was expected.
pub fn html(status: u16, body: &str) -> Result<Answer, NoAnswer> {
    Ok(Answer {
        status,
        retry_after: None,
        content_type: "text/html".to_owned(),
        body: body.to_owned().into_bytes().into(),
    })
}

/// "Too many requests", with or without `Retry-After`.
pub fn too_many(retry_after: Option<Duration>) -> Result<Answer, NoAnswer> {
    Ok(Answer {
        status: 429,
        retry_after,
        content_type: "text/plain".to_owned(),
        body: "".into(),
    })
}
