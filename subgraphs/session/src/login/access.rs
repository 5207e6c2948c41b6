//! Access tokens: EdDSA JWTs that say who acts, for ten minutes.
//!
//! A valid signature is not enough to be let in: the login behind it may have ended since. The
//! door therefore asks `identify`, which checks both.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use djinn_kernel::{
    Clock, Doing, FamilyView, Fault, Ids, Role, Scope,
    ids::{LoginId, PlayerId},
    viewer::Identity,
};
use djinn_subgraph_kit::{ports::Keys, token};
use ed25519_dalek::SigningKey;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How long an access token is good for.
pub const LIFETIME: TimeDelta = TimeDelta::minutes(10);
const AUDIENCE: &str = "djinn";
const ISSUER: &str = "djinn";
/// An access token, and not any other token that some key of the hub signed (RFC 9068).
const KIND: &str = "at+jwt";
/// How far the clocks of two processes may be apart.
const LEEWAY: TimeDelta = TimeDelta::seconds(30);
/// Longer than any token we make; what is longer is not looked at.
const MAX_LENGTH: usize = 2048;
/// What stands before the seed in an Ed25519 private key in PKCS#8 version 1 (RFC 8410, section 7).
const PKCS8_PREFIX: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: PlayerId,
    sid: LoginId,
    hh: PlayerId,
    role: Role,
    scopes: Vec<Scope>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    family: Option<FamilyView>,
    iat: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
    exp: i64,
    jti: uuid::Uuid,
}

/// An access token that is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// Not signed by this hub, or malformed.
    #[error("the access token is not of this hub")]
    Invalid,
    /// Past its ten minutes.
    #[error("the access token has expired; refresh the login")]
    Expired,
}

/// Signs a token for `identity`, which must come from the login `login`. Returns it with its end.
pub fn sign(
    keys: &Keys,
    clock: &dyn Clock,
    ids: &dyn Ids,
    identity: &Identity,
    login: LoginId,
) -> Result<(String, DateTime<Utc>), Fault> {
    let now = clock.now();
    let expires_at = now + LIFETIME;
    let claims = Claims {
        iss: ISSUER.to_owned(),
        aud: AUDIENCE.to_owned(),
        sub: identity.player,
        sid: login,
        hh: identity.household,
        role: identity.role,
        scopes: identity.scopes.clone(),
        family: identity.family,
        iat: now.timestamp(),
        nbf: None,
        exp: expires_at.timestamp(),
        jti: ids.new_id(),
    };
    let mut der = PKCS8_PREFIX.to_vec();
    der.extend_from_slice(&keys.access);
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some(KIND.to_owned());
    header.kid = Some(key_id(&public_key(keys)));
    let token = jsonwebtoken::encode(&header, &claims, &EncodingKey::from_ed_der(&der))
        .doing("signing an access token")?;
    Ok((token, expires_at))
}

/// Reads the identity out of a token of [`sign`], and when it ends. Says nothing about whether
/// the login behind it has ended.
pub fn verify(
    keys: &Keys,
    clock: &dyn Clock,
    token: &str,
) -> Result<(Identity, DateTime<Utc>), AccessError> {
    if token.len() > MAX_LENGTH {
        return Err(AccessError::Invalid);
    }
    let public = public_key(keys);
    let header = token::header(token).ok_or(AccessError::Invalid)?;
    // Only our own key is ever used, whatever the header points to.
    if header.typ != KIND || header.kid.as_deref() != Some(&key_id(&public)) {
        return Err(AccessError::Invalid);
    }
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_audience(&[AUDIENCE]);
    validation.set_issuer(&[ISSUER]);
    validation.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
    validation.validate_exp = false; // Checked below, against our own clock and without leeway.
    let claims =
        jsonwebtoken::decode::<Claims>(token, &DecodingKey::from_ed_der(&public), &validation)
            .map_err(|_| AccessError::Invalid)?
            .claims;
    let (now, at) = (clock.now(), |seconds| DateTime::from_timestamp(seconds, 0));
    let expires_at = at(claims.exp).ok_or(AccessError::Invalid)?;
    let issued_at = at(claims.iat).ok_or(AccessError::Invalid)?;
    let not_before = at(claims.nbf.unwrap_or(claims.iat)).ok_or(AccessError::Invalid)?;
    // We sign none that lasts longer, nor any for later.
    if expires_at - issued_at > LIFETIME || issued_at.max(not_before) > now + LEEWAY {
        return Err(AccessError::Invalid);
    }
    if expires_at <= now {
        return Err(AccessError::Expired);
    }
    let identity = Identity {
        player: claims.sub,
        household: claims.hh,
        role: claims.role,
        scopes: claims.scopes,
        family: claims.family,
        login: Some(claims.sid),
        key: None,
    };
    Ok((identity, expires_at))
}

fn public_key(keys: &Keys) -> [u8; 32] {
    SigningKey::from_bytes(&keys.access)
        .verifying_key()
        .to_bytes()
}

/// Names the key without saying anything about it.
fn key_id(public: &[u8; 32]) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(public)[..8])
}
