//! Secrets at rest: XChaCha20-Poly1305 envelopes.
//!
//! Each secret has a data key of its own, sealed by the master key; both are bound to the place
//! they were made for, so a row copied elsewhere does not open. A hub that changes its master key
//! accepts the retired one for as long as something is sealed with it; to renew an envelope, its
//! data key alone is sealed anew. Layout, in bytes:
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
    retired: Option<XChaCha20Poly1305>,
    entropy: Arc<dyn Entropy>,
}

const VERSION: u8 = 1;
const NONCE: usize = 24;
const SEALED_KEY: usize = 32 + 16;

impl EnvelopeVault {
    /// A vault of this hub.
    pub fn new(master: &MasterKey, entropy: Arc<dyn Entropy>) -> Self {
        Self {
            master: cipher(master),
            retired: None,
            entropy,
        }
    }

    /// The same, which also opens what was sealed with a master key that is not used any more.
    #[must_use]
    pub fn accepting(self, retired: &MasterKey) -> Self {
        Self {
            retired: Some(cipher(retired)),
            ..self
        }
    }

    /// The data key of an envelope, and whether the present master key sealed it.
    fn data_key(&self, envelope: &Envelope<'_>, place: &str) -> Result<([u8; 32], bool), Fault> {
        let key = |master| open(master, envelope.key_nonce, envelope.sealed_key, place);
        let (key, present) = match (key(&self.master), &self.retired) {
            (Err(fault), Some(retired)) => match key(retired) {
                Ok(key) => (key, false),
                Err(_) => return Err(fault),
            },
            (key, _) => (key?, true),
        };
        let key = key.try_into().map_err(|_| cut())?;
        Ok((key, present))
    }

    fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.entropy.fill(&mut bytes);
        bytes
    }
}

fn cipher(master: &MasterKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&master.derive("vault").into())
}

fn cut() -> Fault {
    Fault::new("opening a secret: its envelope is cut short")
}

/// The parts of an envelope.
struct Envelope<'e> {
    key_nonce: &'e [u8],
    sealed_key: &'e [u8],
    nonce: &'e [u8],
    body: &'e [u8],
}

impl<'e> Envelope<'e> {
    fn read(sealed: &'e [u8]) -> Result<Self, Fault> {
        let (version, rest) = sealed.split_first().ok_or_else(cut)?;
        if *version != VERSION {
            return Err(Fault::new(
                "opening a secret: its envelope is of another version",
            ));
        }
        let (key_nonce, rest) = rest.split_at_checked(NONCE).ok_or_else(cut)?;
        let (sealed_key, rest) = rest.split_at_checked(SEALED_KEY).ok_or_else(cut)?;
        let (nonce, body) = rest.split_at_checked(NONCE).ok_or_else(cut)?;
        Ok(Self {
            key_nonce,
            sealed_key,
            nonce,
            body,
        })
    }

    fn write(&self) -> Vec<u8> {
        let parts = [self.key_nonce, self.sealed_key, self.nonce, self.body];
        let mut envelope = vec![VERSION];
        for part in parts {
            envelope.extend_from_slice(part);
        }
        envelope
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
    let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| cut())?;
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
        let envelope = Envelope {
            key_nonce: &key_nonce,
            sealed_key: &sealed_key,
            nonce: &nonce,
            body: &sealed,
        };
        Ok(envelope.write())
    }

    fn open(&self, sealed: &[u8], place: &str) -> Result<Vec<u8>, Fault> {
        let envelope = Envelope::read(sealed)?;
        let (data_key, _) = self.data_key(&envelope, place)?;
        open(
            &XChaCha20Poly1305::new(&data_key.into()),
            envelope.nonce,
            envelope.body,
            place,
        )
    }

    fn renew(&self, sealed: &[u8], place: &str) -> Result<Option<Vec<u8>>, Fault> {
        let envelope = Envelope::read(sealed)?;
        let (data_key, present) = self.data_key(&envelope, place)?;
        if present {
            return Ok(None);
        }
        // A damaged one is not made to look fresh.
        self.open(sealed, place)?;
        let key_nonce: [u8; NONCE] = self.random();
        let sealed_key = seal(&self.master, key_nonce, &data_key, place)?;
        let renewed = Envelope {
            key_nonce: &key_nonce,
            sealed_key: &sealed_key,
            ..envelope
        };
        Ok(Some(renewed.write()))
    }
}
