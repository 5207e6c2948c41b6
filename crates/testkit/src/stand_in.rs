//! What the stand-ins for platforms have in common: a temper, and logins whose tokens end and
//! change hands.

use axum::{
    Router,
    body::Body,
    http::{Response, StatusCode, header},
    response::IntoResponse,
};
use serde_json::{Value, json};
use std::{
    collections::{HashMap, VecDeque},
    net::SocketAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// A bad mood.
#[derive(Debug, Clone, PartialEq)]
pub enum Mood {
    /// 429, with `Retry-After` in seconds where given.
    TooMany(Option<u32>),
    /// 503 with a web page.
    Down,
    /// 200, and the body ends in its middle.
    Truncated,
    /// 200 with `null`.
    Null,
    /// 200 with a web page, for instance one to sign in at.
    Page,
    /// An error as the platform words it.
    Says(u16, Value),
}

/// How a stand-in feels, and what it was asked.
#[derive(Debug, Default)]
pub struct Temper {
    moods: Mutex<HashMap<&'static str, VecDeque<Mood>>>,
    asked: Mutex<Vec<String>>,
}

/// A lock that a panicking test does not spoil for the others.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Temper {
    /// The next answers of that kind are in these moods.
    pub fn feel(&self, kind: &'static str, moods: impl IntoIterator<Item = Mood>) {
        lock(&self.moods).entry(kind).or_default().extend(moods);
    }

    /// It is itself again.
    pub fn calm(&self) {
        lock(&self.moods).clear();
    }

    /// What it was asked, in order: kinds, each with a detail that is no secret.
    pub fn asked(&self) -> Vec<String> {
        lock(&self.asked).clone()
    }

    /// How often it was asked for something of that kind.
    pub fn count(&self, kind: &str) -> usize {
        let asked = lock(&self.asked);
        asked.iter().filter(|one| one.starts_with(kind)).count()
    }

    /// Answers `good`, unless it is in a mood.
    pub fn answer(&self, kind: &'static str, detail: &str, good: &Value) -> Response<Body> {
        lock(&self.asked).push(format!("{kind} {detail}").trim_end().to_owned());
        let mood = lock(&self.moods)
            .get_mut(kind)
            .and_then(VecDeque::pop_front);
        match mood {
            None => said(200, good),
            Some(mood) => in_mood(&mood, good),
        }
    }

    /// What it answers without doing anything, when it is in a mood.
    pub fn sulk(&self, kind: &'static str, detail: &str) -> Option<Response<Body>> {
        let mood = lock(&self.moods)
            .get_mut(kind)
            .and_then(VecDeque::pop_front)?;
        lock(&self.asked).push(format!("{kind} {detail}").trim_end().to_owned());
        Some(in_mood(&mood, &json!({ "access_token": "torn" })))
    }

    /// Refuses.
    pub fn refuse(
        &self,
        kind: &'static str,
        detail: &str,
        status: u16,
        error: &Value,
    ) -> Response<Body> {
        lock(&self.asked).push(format!("{kind} {detail}").trim_end().to_owned());
        said(status, error)
    }
}

/// JSON with a status.
pub fn said(status: u16, value: &Value) -> Response<Body> {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let json = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
    (status, json, value.to_string()).into_response()
}

fn page(status: StatusCode, words: &str) -> Response<Body> {
    let body = format!(
        "<!DOCTYPE html><html><head><title>{words}</title></head><body><h1>{words}</h1></body></html>"
    );
    let html = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    (status, html, body).into_response()
}

fn in_mood(mood: &Mood, good: &Value) -> Response<Body> {
    match mood {
        Mood::TooMany(after) => {
            let mut response = said(429, &json!({ "message": "Too Many Requests" }));
            *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
            if let Some(value) = after.and_then(|seconds| seconds.to_string().parse().ok()) {
                response.headers_mut().insert(header::RETRY_AFTER, value);
            }
            response
        }
        Mood::Down => page(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable"),
        Mood::Page => page(StatusCode::OK, "Sign in"),
        Mood::Null => said(200, &Value::Null),
        Mood::Says(status, error) => said(*status, error),
        Mood::Truncated => {
            let text = good.to_string();
            let half = (0..=text.len() / 2)
                .rev()
                .find(|at| text.is_char_boundary(*at));
            let json = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
            (json, text[..half.unwrap_or(0)].to_owned()).into_response()
        }
    }
}

/// One account's login: a code that is good once, tokens that end, and refresh tokens of which
/// only the newest is good.
#[derive(Debug, Default)]
pub struct Logins(Mutex<Grant>);

#[derive(Debug, Default)]
struct Grant {
    spent: Vec<String>,
    access: u32,
    refresh: u32,
    expired: bool,
    revoked: bool,
}

impl Logins {
    /// New tokens, access and refresh, for a code that was not used before.
    pub fn code(&self, code: &str, good: &str) -> Option<(String, String)> {
        let mut grant = lock(&self.0);
        if !code.starts_with(good) || grant.spent.iter().any(|spent| spent == code) {
            return None;
        }
        grant.spent.push(code.to_owned());
        grant.revoked = false;
        Some(grant.next())
    }

    /// New tokens for the newest refresh token; an older one gets nothing, ever.
    pub fn refresh(&self, token: &str) -> Option<(String, String)> {
        let mut grant = lock(&self.0);
        let newest = token == format!("refresh-{}", grant.refresh);
        (newest && !grant.revoked).then(|| grant.next())
    }

    /// Whether that access token is good now.
    pub fn good(&self, token: &str) -> bool {
        let grant = lock(&self.0);
        !grant.expired && !grant.revoked && token == format!("access-{}", grant.access)
    }

    /// The access token ends before its time.
    pub fn expire(&self) {
        lock(&self.0).expired = true;
    }

    /// The owner of the account signs everybody out.
    pub fn revoke(&self) {
        lock(&self.0).revoked = true;
    }

    /// How many times tokens were handed out.
    pub fn handed_out(&self) -> u32 {
        lock(&self.0).refresh
    }
}

impl Grant {
    fn next(&mut self) -> (String, String) {
        self.access += 1;
        self.refresh += 1;
        self.expired = false;
        (
            format!("access-{}", self.access),
            format!("refresh-{}", self.refresh),
        )
    }
}

/// Serves these routes until the process ends; returns the address.
///
/// # Panics
/// When no port is free.
pub async fn serve(routes: Router, port: u16) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port))
        .await
        .expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, routes).await });
    address
}

/// The values of a form or a query.
pub fn values(form: &str) -> HashMap<String, String> {
    let read = |text: &str| {
        percent_encoding::percent_decode_str(&text.replace('+', " "))
            .decode_utf8_lossy()
            .into_owned()
    };
    form.split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (read(name), read(value)))
        .collect()
}

/// The token behind `Bearer`, in whatever letters.
pub fn bearer(headers: &axum::http::HeaderMap) -> String {
    let value = headers.get(header::AUTHORIZATION);
    let value = value
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let token = value.split_once(' ').map(|(_, token)| token);
    token.unwrap_or_default().to_owned()
}
