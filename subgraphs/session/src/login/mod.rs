//! Logins: setup, passwords, rotating refresh tokens, access tokens, revocation, and whom a
//! credential belongs to.
//!
//! A login is one signed-in device and the family of its refresh tokens. It ends when its owner
//! says so, when it is not used for 30 days, or when one of its refresh tokens is used twice.

pub mod access;
mod change;
mod device;
mod entity;
mod grace;
mod graphql;
mod identify;
mod password;
mod service;
pub(crate) mod setup;
mod store;
mod throttle;

pub(crate) use graphql::{LoginMutation, LoginPayload, LoginQuery};
pub(crate) use password::{Hasher, WeakPassword, check as check_password};
pub(crate) use service::{Logins, Tokens, actor, open};
pub(crate) use store::sweep;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use djinn_kernel::Entropy;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// A new secret of 256 bits, for people to carry around.
pub(crate) fn new_secret(entropy: &dyn Entropy) -> String {
    let mut bytes = [0; 32];
    entropy.fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What is stored of a secret. A secret of 256 random bits needs no slow hash.
pub(crate) fn digest(secret: &str) -> String {
    Sha256::digest(secret.as_bytes())
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            // Writing into a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}
