//! The token between the hub's own processes: who is asking, signed, for a minute.

use crate::ports::Keys;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use djinn_kernel::{Clock, Viewer};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

/// A token that cannot be accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// Not signed by this hub, or malformed.
    #[error("the token is not of this hub")]
    Invalid,
    /// Past its time.
    #[error("the token has expired")]
    Expired,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    aud: String,
    exp: i64,
    viewer: Viewer,
}

const AUDIENCE: &str = "djinn-subgraph";
/// Sets these tokens apart from all others, whoever signed them (RFC 8725, section 3.11).
const KIND: &str = "djinn-hub+jwt";
/// Long enough for one request between two processes whose clocks differ a little.
const SECONDS: i64 = 60;

/// What stands before the claims of a token of ours, all of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heading {
    /// What kind of token it is.
    pub typ: String,
    /// How it is signed. Read here, and believed nowhere: each kind of token has one algorithm.
    pub alg: String,
    /// Names the key, where there could be several.
    #[serde(default)]
    pub kid: Option<String>,
}

/// Reads a token's header. `None` for one with anything else in it: a key of its own (`jwk`,
/// `x5c`), where to fetch one (`jku`, `x5u`), an extension that must be understood (`crit`), or the
/// same member twice.
pub fn header(token: &str) -> Option<Heading> {
    let mut parts = token.split('.');
    let (header, _, _) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()
}

/// Signs `viewer` for another process of this hub.
pub fn sign(keys: &Keys, clock: &dyn Clock, viewer: &Viewer) -> String {
    let claims = Claims {
        aud: AUDIENCE.to_owned(),
        exp: clock.now().timestamp() + SECONDS,
        viewer: viewer.clone(),
    };
    // HMAC over plain claims cannot fail; an empty token would merely be refused.
    let mut header = Header::new(Algorithm::HS256);
    header.typ = Some(KIND.to_owned());
    jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(&keys.hub)).unwrap_or_default()
}

/// Reads the viewer out of a token of [`sign`].
pub fn verify(keys: &Keys, clock: &dyn Clock, token: &str) -> Result<Viewer, Rejected> {
    if header(token).is_none_or(|header| header.typ != KIND) {
        return Err(Rejected::Invalid);
    }
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_audience(&[AUDIENCE]);
    validation.validate_exp = false; // Checked below, against our own clock.
    let claims =
        jsonwebtoken::decode::<Claims>(token, &DecodingKey::from_secret(&keys.hub), &validation)
            .map_err(|_| Rejected::Invalid)?
            .claims;
    if claims.exp < clock.now().timestamp() {
        return Err(Rejected::Expired);
    }
    Ok(claims.viewer)
}
