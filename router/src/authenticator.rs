//! Who is asking, as a port: the composition root knows how credentials are checked.

use chrono::{DateTime, Utc};
use djinn_kernel::{Code, Viewer};
use http::HeaderMap;

/// Who a credential belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seen {
    /// The viewer.
    pub viewer: Viewer,
    /// When the credential ends; a socket is closed then.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Finds out who is asking.
#[async_trait::async_trait]
pub trait Authenticator: Send + Sync + 'static {
    /// From a request's headers: `Authorization: Bearer …`, `X-API-Key`, or a cookie. Without any
    /// of them the viewer is anonymous; a header that is there and wrong is an error. A cookie past
    /// its time should count as none: the browser sends it with the login as well.
    async fn viewer(&self, headers: &HeaderMap) -> Result<Seen, Code>;

    /// From a bare credential (an access token or an API key, without `Bearer`), as a WebSocket's
    /// `connection_init` carries it.
    async fn viewer_of_credential(&self, credential: &str) -> Result<Seen, Code>;
}
