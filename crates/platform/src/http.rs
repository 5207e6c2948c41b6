//! Requests to other people's servers, bounded in time and size.

use djinn_kernel::{Clock, Doing, Fault};
use djinn_subgraph_kit::{
    http::{Answer, Ask, Http, NoAnswer},
    tls,
};
use futures_util::StreamExt;
use std::{sync::Arc, time::Duration};

/// A reqwest client behind the [`Http`] port.
pub struct Client {
    /// Follows redirects.
    roaming: reqwest::Client,
    /// The same, but it goes nowhere by itself.
    still: reqwest::Client,
    clock: Arc<dyn Clock>,
}

impl Client {
    /// One for the process: it pools connections.
    pub fn new(clock: Arc<dyn Clock>) -> Result<Self, Fault> {
        Ok(Self {
            roaming: client(reqwest::redirect::Policy::limited(3))?,
            still: client(reqwest::redirect::Policy::none())?,
            clock,
        })
    }

    /// One over a client of the caller's, with its own idea of where to go.
    pub(crate) fn over(client: reqwest::Client, clock: Arc<dyn Clock>) -> Self {
        Self {
            still: client.clone(),
            roaming: client,
            clock,
        }
    }

    /// `Retry-After` in either of its forms (RFC 9110, 10.2.3), at most a day.
    fn retry_after(&self, value: &str) -> Option<Duration> {
        let day = Duration::from_hours(24);
        if let Ok(seconds) = value.trim().parse::<u64>() {
            return Some(Duration::from_secs(seconds).min(day));
        }
        let at = chrono::DateTime::parse_from_rfc2822(value.trim()).ok()?;
        let wait = at.with_timezone(&chrono::Utc) - self.clock.now();
        Some(wait.to_std().unwrap_or_default().min(day))
    }

    async fn exchange(&self, ask: Ask) -> Result<Answer, NoAnswer> {
        let (answer, _) = self.step(ask, reqwest::header::LOCATION).await?;
        Ok(answer)
    }

    /// One request and its answer, and what one more of its headers says.
    pub(crate) async fn step(
        &self,
        ask: Ask,
        more: reqwest::header::HeaderName,
    ) -> Result<(Answer, Option<String>), NoAnswer> {
        let client = if ask.follow {
            &self.roaming
        } else {
            &self.still
        };
        let mut request = match ask.body {
            Some(body) => client.post(&ask.url).body(body),
            None => client.get(&ask.url),
        };
        for (name, value) in ask.headers {
            request = request.header(name, value);
        }
        let response = request.send().await.map_err(|error| {
            // The port has two words for it; whoever mends the network needs the reason.
            tracing::info!(reason = root(&error), "a provider cannot be asked");
            if error.is_timeout() {
                NoAnswer::Timeout
            } else {
                NoAnswer::Unreachable
            }
        })?;
        let header = |name| {
            response
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        let retry_after =
            header(reqwest::header::RETRY_AFTER).and_then(|value| self.retry_after(value));
        let content_type = header(reqwest::header::CONTENT_TYPE)
            .and_then(|value| value.split(';').next())
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        let status = response.status().as_u16();
        let more = header(more).map(ToOwned::to_owned);
        if let Some(elsewhere) = header(reqwest::header::LOCATION)
            && response.status().is_redirection()
        {
            let answer = Answer {
                status,
                retry_after,
                content_type: "text/uri-list".to_owned(),
                body: elsewhere.to_owned().into(),
            };
            return Ok((answer, more));
        }
        if response
            .content_length()
            .is_some_and(|length| length > ask.max_bytes as u64)
        {
            return Err(NoAnswer::TooLarge(ask.max_bytes));
        }
        let mut body = bytes::BytesMut::new();
        let mut chunks = response.bytes_stream();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|_| NoAnswer::Truncated)?;
            if body.len() + chunk.len() > ask.max_bytes {
                return Err(NoAnswer::TooLarge(ask.max_bytes));
            }
            body.extend_from_slice(&chunk);
        }
        let answer = Answer {
            status,
            retry_after,
            content_type,
            body: body.freeze(),
        };
        Ok((answer, more))
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the door")]
fn client(redirect: reqwest::redirect::Policy) -> Result<reqwest::Client, Fault> {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls::client().doing("reading the system's roots")?)
        .user_agent(concat!("GameDjinn/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(Duration::from_secs(5))
        .redirect(redirect)
        // The address before the redirect may carry a key.
        .referer(false)
        .build()
        .doing("making the HTTP client")
}

/// The host and path of a URL: keys travel in query strings, so nothing more goes into a log.
fn redacted(url: &str) -> String {
    url::Url::parse(url).map_or_else(
        |_| "an unreadable URL".to_owned(),
        |url| format!("{}{}", url.host_str().unwrap_or_default(), url.path()),
    )
}

/// What is at the bottom of it, for instance `Connection refused`. Only the top names the URL.
fn root(error: &dyn std::error::Error) -> String {
    let mut cause = error.source();
    while let Some(deeper) = cause.and_then(std::error::Error::source) {
        cause = Some(deeper);
    }
    cause.map_or_else(|| "unknown".to_owned(), ToString::to_string)
}

#[async_trait::async_trait]
impl Http for Client {
    async fn send(&self, ask: Ask) -> Result<Answer, NoAnswer> {
        let to = redacted(&ask.url);
        let timeout = ask.timeout;
        let result = tokio::time::timeout(timeout, self.exchange(ask))
            .await
            .unwrap_or(Err(NoAnswer::Timeout));
        match &result {
            Ok(answer) => tracing::debug!(
                to,
                status = answer.status,
                bytes = answer.body.len(),
                "provider answered"
            ),
            Err(no) => tracing::warn!(to, %no, "provider gave no answer"),
        }
        result
    }
}
