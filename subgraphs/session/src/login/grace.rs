//! The next refresh token of a client that may not hear our answer.
//!
//! A client that sends a nonce of its own with its refresh token gets a next token that follows
//! from the two. If the answer is lost, it asks again with both and gets the same token, for a few
//! seconds and as long as nobody has used it. Whoever stole the token alone does not have the nonce.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use djinn_subgraph_kit::ports::Keys;
use ed25519_dalek::{Signer, SigningKey};
use sha2::{Digest, Sha256};

/// How long after its first use a token may come again with the same nonce.
pub const LASTS: TimeDelta = TimeDelta::seconds(10);
/// The shortest and the longest nonce, in bytes; `LoginError::Nonce` says so too.
pub const NONCE: std::ops::RangeInclusive<usize> = 16..=128;

/// The token that follows `token` for the client with this nonce; 256 bits like any other.
pub fn successor(keys: &Keys, token: &str, nonce: &str) -> String {
    // Ed25519 signatures are deterministic (RFC 8032, section 5.1.6), and nobody else can make
    // this one: its hash is as good as random. Lengths keep the parts apart.
    let message = format!("next refresh token\0{}\0{token}{nonce}", token.len());
    let signature = SigningKey::from_bytes(&keys.access).sign(message.as_bytes());
    URL_SAFE_NO_PAD.encode(Sha256::digest(signature.to_bytes()))
}
