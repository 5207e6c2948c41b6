//! Secrets at rest: XChaCha20-Poly1305 envelopes.
//!
//! Each secret has a data key of its own, sealed by the master key; both are bound to the place
//! they were made for, so a row copied elsewhere does not open. Layout, in bytes:
//! version 1 · key nonce 24 · sealed data key 48 · nonce 24 · sealed secret n + 16.

use crate::master::MasterKey;
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use djinn_kernel::{Entropy, Fault};
use djinn_subgraph_kit::Vault;
use std::sync::Arc;

/// Seals with keys derived from the hub's master key.
pub struct EnvelopeVault {
    master: XChaCha20Poly1305,
    entropy: Arc<dyn Entropy>,
}

const VERSION: u8 = 1;
const NONCE: usize = 24;
const SEALED_KEY: usize = 32 + 16;

impl EnvelopeVault {
    /// A vault of this hub.
    pub fn new(master: &MasterKey, entropy: Arc<dyn Entropy>) -> Self {
        Self {
            master: XChaCha20Poly1305::new(&master.derive("vault").into()),
            entropy,
        }
    }

    fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.entropy.fill(&mut bytes);
        bytes
    }
}

fn seal(
    cipher: &XChaCha20Poly1305,
    nonce: [u8; NONCE],
    msg: &[u8],
    place: &str,
) -> Result<Vec<u8>, Fault> {
    cipher
        .encrypt(
            &XNonce::from(nonce),
            Payload {
                msg,
                aad: place.as_bytes(),
            },
        )
        .map_err(|_| Fault::new("sealing a secret"))
}

fn open(
    cipher: &XChaCha20Poly1305,
    nonce: &[u8],
    msg: &[u8],
    place: &str,
) -> Result<Vec<u8>, Fault> {
    let nonce: [u8; NONCE] = nonce
        .try_into()
        .map_err(|_| Fault::new("opening a secret: its envelope is cut short"))?;
    cipher
        .decrypt(
            &XNonce::from(nonce),
            Payload {
                msg,
                aad: place.as_bytes(),
            },
        )
        .map_err(|_| {
            Fault::new("opening a secret: it was sealed elsewhere, or with another master key")
        })
}

impl Vault for EnvelopeVault {
    fn seal(&self, secret: &[u8], place: &str) -> Result<Vec<u8>, Fault> {
        let data_key: [u8; 32] = self.random();
        let (key_nonce, nonce) = (self.random(), self.random());
        let sealed_key = seal(&self.master, key_nonce, &data_key, place)?;
        let sealed = seal(
            &XChaCha20Poly1305::new(&data_key.into()),
            nonce,
            secret,
            place,
        )?;
        let mut envelope = Vec::with_capacity(1 + 2 * NONCE + sealed_key.len() + sealed.len());
        envelope.push(VERSION);
        envelope.extend_from_slice(&key_nonce);
        envelope.extend_from_slice(&sealed_key);
        envelope.extend_from_slice(&nonce);
        envelope.extend_from_slice(&sealed);
        Ok(envelope)
    }

    fn open(&self, sealed: &[u8], place: &str) -> Result<Vec<u8>, Fault> {
        let cut = || Fault::new("opening a secret: its envelope is cut short");
        let (version, rest) = sealed.split_first().ok_or_else(cut)?;
        if *version != VERSION {
            return Err(Fault::new(
                "opening a secret: its envelope is of another version",
            ));
        }
        let (key_nonce, rest) = rest.split_at_checked(NONCE).ok_or_else(cut)?;
        let (sealed_key, rest) = rest.split_at_checked(SEALED_KEY).ok_or_else(cut)?;
        let (nonce, body) = rest.split_at_checked(NONCE).ok_or_else(cut)?;
        let data_key = open(&self.master, key_nonce, sealed_key, place)?;
        let data_key: [u8; 32] = data_key.try_into().map_err(|_| cut())?;
        open(
            &XChaCha20Poly1305::new(&data_key.into()),
            nonce,
            body,
            place,
        )
    }
}
