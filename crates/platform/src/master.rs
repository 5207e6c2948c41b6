//! The hub's one secret, and the keys derived from it.

use djinn_kernel::{Doing, Entropy, Fault};
use djinn_subgraph_kit::ports::Keys;
use hkdf::Hkdf;
use sha2::Sha256;
use std::{
    fmt,
    io::{ErrorKind, Write},
    path::Path,
};

/// The secret everything is derived from. Lives in a file or the environment, never in the
/// database.
#[derive(Clone)]
pub struct MasterKey([u8; 32]);

/// A file with fewer characters is not a secret: ours have 43.
const SHORTEST: usize = 32;

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(redacted)")
    }
}

impl MasterKey {
    /// From a passphrase or key of the configuration. Several processes of one hub share it.
    pub fn from_secret(secret: &str) -> Self {
        let mut key = [0; 32];
        // HKDF's extract step takes input of any length; 32 bytes out is always allowed.
        if Hkdf::<Sha256>::new(Some(b"game-djinn"), secret.as_bytes())
            .expand(b"master", &mut key)
            .is_err()
        {
            unreachable!("32 bytes are within HKDF's bound");
        }
        Self(key)
    }

    /// From `file`; makes the file, readable by its owner only, where there is none.
    pub fn from_file(file: &Path, entropy: &dyn Entropy) -> Result<Self, Fault> {
        use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
        match std::fs::read_to_string(file) {
            // A disk that was full when the file was made leaves it empty, and everybody knows
            // what is derived from nothing.
            Ok(text) if text.trim().len() < SHORTEST => {
                return Err(Fault::new(
                    "reading the secret's file: it is empty or cut short; restore it from a backup, or remove it if the hub is new",
                ));
            }
            Ok(text) => {
                private(file)?;
                return Ok(Self::from_secret(text.trim()));
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error).doing("reading the secret's file"),
        }
        let mut bytes = [0; 32];
        entropy.fill(&mut bytes);
        let text = STANDARD_NO_PAD.encode(bytes);
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut opened = options.open(file).doing("creating the secret's file")?;
        let written = opened
            .write_all(text.as_bytes())
            .and_then(|()| opened.sync_all());
        if written.is_err() {
            // Nothing was sealed with it yet; the next start makes another.
            drop(std::fs::remove_file(file));
        }
        written.doing("writing the secret's file")?;
        Ok(Self::from_secret(&text))
    }

    /// A key for one purpose.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut key = [0; 32];
        if Hkdf::<Sha256>::new(None, &self.0)
            .expand(purpose.as_bytes(), &mut key)
            .is_err()
        {
            unreachable!("32 bytes are within HKDF's bound");
        }
        key
    }

    /// The keys that subgraphs get.
    pub fn keys(&self) -> Keys {
        Keys {
            access: self.derive("access tokens"),
            hub: self.derive("hub tokens"),
        }
    }
}

/// A secret that everybody on the machine can read is none. A file that is not there yet is made
/// with the right mode.
#[cfg(unix)]
fn private(file: &Path) -> Result<(), Fault> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(file).map(|about| about.permissions().mode());
    if mode.is_ok_and(|mode| mode & 0o004 != 0) {
        return Err(Fault::new(
            "reading the secret's file: everybody on this machine can read it; `chmod 600` it, and change the secret if somebody may have",
        ));
    }
    Ok(())
}

#[cfg(not(unix))]
fn private(_: &Path) -> Result<(), Fault> {
    Ok(())
}
