//! The token between the hub's own processes: who is asking, signed, for a minute.

use crate::ports::Keys;
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
/// Long enough for one request between two processes whose clocks differ a little.
const SECONDS: i64 = 60;

/// Signs `viewer` for another process of this hub.
pub fn sign(keys: &Keys, clock: &dyn Clock, viewer: &Viewer) -> String {
    let claims = Claims {
        aud: AUDIENCE.to_owned(),
        exp: clock.now().timestamp() + SECONDS,
        viewer: viewer.clone(),
    };
    // HMAC over plain claims cannot fail; an empty token would merely be refused.
    jsonwebtoken::encode(
        &Header::new(Algorithm::HS256),
        &claims,
        &EncodingKey::from_secret(&keys.hub),
    )
    .unwrap_or_default()
}

/// Reads the viewer out of a token of [`sign`].
pub fn verify(keys: &Keys, clock: &dyn Clock, token: &str) -> Result<Viewer, Rejected> {
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
