//! The address of a picture: its id, and proof that the graph gave it out.
//!
//! An `<img>` sends no credentials, so who knows the address may see the picture. Who was not told
//! it by the graph cannot make one up, not even knowing a game's id: so nothing can be learnt of
//! games that a viewer may not see.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use djinn_subgraph_kit::ports::Keys;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The bytes of the proof: nobody guesses 128 bits.
const PROOF: usize = 16;
/// The letters of a token.
pub const LENGTH: usize = 43;

/// Makes addresses.
#[derive(Clone)]
pub struct Addresses([u8; 32]);

impl Addresses {
    /// With a key that is used for nothing else.
    pub fn new(keys: &Keys) -> Self {
        Self(nested(&keys.hub, b"addresses of pictures"))
    }

    /// The token of a picture.
    pub fn token(&self, picture: Uuid) -> String {
        let mut bytes = Vec::with_capacity(16 + PROOF);
        bytes.extend(picture.as_bytes());
        bytes.extend(&self.proof(picture)[..PROOF]);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The picture of a token that the graph gave out.
    pub fn picture(&self, token: &str) -> Option<Uuid> {
        if token.len() != LENGTH {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (id, proof) = bytes.split_at_checked(16)?;
        let picture = Uuid::from_slice(id).ok()?;
        // Every byte is compared, so that the time tells nothing.
        let differences = self.proof(picture)[..PROOF]
            .iter()
            .zip(proof)
            .fold(0, |all, (ours, theirs)| all | (ours ^ theirs));
        (proof.len() == PROOF && differences == 0).then_some(picture)
    }

    fn proof(&self, picture: Uuid) -> [u8; 32] {
        nested(&self.0, picture.as_bytes())
    }
}

/// A keyed hash: hashed twice, so that nothing can be appended.
fn nested(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    let inner = Sha256::new()
        .chain_update(key)
        .chain_update(message)
        .finalize();
    Sha256::new()
        .chain_update(key)
        .chain_update([0x5c; 32])
        .chain_update(inner)
        .finalize()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(hub: u8) -> Addresses {
        Addresses::new(&Keys {
            access: [0; 32],
            hub: [hub; 32],
        })
    }

    #[test]
    fn only_what_was_given_out_is_an_address() {
        let (ours, theirs) = (addresses(1), addresses(2));
        let picture = Uuid::from_u128(7);
        let token = ours.token(picture);
        assert_eq!(token.len(), LENGTH);
        assert_eq!(ours.picture(&token), Some(picture));
        assert_eq!(theirs.picture(&token), None, "of another hub");
        let other = ours.token(Uuid::from_u128(8));
        let mixed = format!("{}{}", &other[..21], &token[21..]);
        assert_eq!(ours.picture(&mixed), None);
        for at in 0..LENGTH - 1 {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).expect("letters");
            assert_eq!(ours.picture(&changed), None, "at {at}");
        }
        for hostile in [
            "",
            "A",
            &token[1..],
            &format!("{token}A"),
            &"é".repeat(22),
            &"%".repeat(43),
        ] {
            assert_eq!(ours.picture(hostile), None, "{hostile}");
        }
    }
}
