//! Requests to other people's servers, as a port: bounded in time and size, and without secrets
//! in the log.

use async_trait::async_trait;
use bytes::Bytes;
use std::time::Duration;

/// A GET or POST to a provider.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The whole URL, query included. It may carry a key: it is never logged whole.
    pub url: String,
    /// Extra headers.
    pub headers: Vec<(&'static str, String)>,
    /// A body makes it a POST.
    pub body: Option<Vec<u8>>,
    /// How long the whole exchange may take.
    pub timeout: Duration,
    /// How large the answer may be.
    pub max_bytes: usize,
    /// Whether an answer that sends elsewhere is followed, a few times at most. When it is not,
    /// the answer's body is where it sends to, as `text/uri-list`.
    pub follow: bool,
}

impl Ask {
    /// A GET with 20 seconds and 16 MiB.
    pub fn get(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            headers: Vec::new(),
            body: None,
            timeout: Duration::from_secs(20),
            max_bytes: 16 * 1024 * 1024,
            follow: true,
        }
    }

    /// A POST of a form, with the same bounds.
    pub fn form(url: impl Into<String>, form: String) -> Self {
        Self {
            headers: vec![(
                "content-type",
                "application/x-www-form-urlencoded".to_owned(),
            )],
            body: Some(form.into_bytes()),
            ..Self::get(url)
        }
    }

    /// With one more header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// What came back, whatever its status.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// `Retry-After`, read as seconds from now (both of its forms), at most a day.
    pub retry_after: Option<Duration>,
    /// `Content-Type`, lower case, without parameters.
    pub content_type: String,
    /// The body.
    pub body: Bytes,
}

/// No answer came back whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// Not in time.
    #[error("no answer in time")]
    Timeout,
    /// Refused, unknown host, broken TLS.
    #[error("cannot be reached")]
    Unreachable,
    /// The connection ended inside the body.
    #[error("the answer was cut short")]
    Truncated,
    /// The body is larger than allowed.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
}

/// Sends requests to providers. No retries here: the caller owns its budget and its patience.
#[async_trait]
pub trait Http: Send + Sync + 'static {
    /// Sends one.
    async fn send(&self, ask: Ask) -> Result<Answer, NoAnswer>;
}
