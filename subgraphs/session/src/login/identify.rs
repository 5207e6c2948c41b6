//! Whom a credential belongs to: the one question every door asks, whatever the transport.

use super::{
    access::{self, AccessError},
    service::{Logins, actor, is_open},
    store,
};
use crate::key;
use chrono::{DateTime, Utc};
use djinn_kernel::{Code, Fault, Viewer};
use djinn_subgraph_kit::graph::Coded;

/// Who it is, and until when that answer may be kept.
#[derive(Debug)]
pub struct Identified {
    /// Who it is.
    pub viewer: Viewer,
    /// When the credential ends by itself; API keys do not.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Why nobody was recognised.
#[derive(Debug, thiserror::Error)]
pub enum IdentifyError {
    /// Wrong, ended or revoked.
    #[error("the token or key is wrong, or was revoked; sign in again")]
    Unknown,
    /// Was good, is too old.
    #[error("the access token has expired; refresh the login")]
    Expired,
    /// Ours to mend.
    #[error(transparent)]
    Internal(#[from] Fault),
}

impl Coded for IdentifyError {
    fn code(&self) -> Code {
        match self {
            Self::Unknown => Code::Unauthenticated,
            Self::Expired => Code::TokenExpired,
            Self::Internal(_) => Code::Internal,
        }
    }
}

impl From<AccessError> for IdentifyError {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::Invalid => Self::Unknown,
            AccessError::Expired => Self::Expired,
        }
    }
}

impl Logins {
    /// Recognises an access token or an API key. Role, scopes and ceiling are those of the
    /// account now, not those of when the token was signed.
    pub async fn identify(&self, credential: &str) -> Result<Identified, IdentifyError> {
        if credential.starts_with(key::PREFIX) {
            let identity = key::recognise(&self.ports, credential).await?;
            let identity = identity.ok_or(IdentifyError::Unknown)?;
            return Ok(Identified {
                viewer: Viewer::Known(identity),
                expires_at: None,
            });
        }
        let (claimed, expires_at) =
            access::verify(&self.ports.keys, &*self.ports.clock, credential)?;
        let id = claimed.login.ok_or(IdentifyError::Unknown)?;
        let db = self.ports.db.read();
        let login = store::find(db, id).await?;
        let login = login
            .filter(|login| {
                is_open(login, self.ports.clock.now()) && login.player_id == claimed.player.0
            })
            .ok_or(IdentifyError::Unknown)?;
        let account = actor(db, claimed.player, login.household.into()).await?;
        let mut identity = account.ok_or(IdentifyError::Unknown)?.identity(None);
        identity.login = Some(id);
        Ok(Identified {
            viewer: Viewer::Known(identity),
            expires_at: Some(expires_at),
        })
    }
}
