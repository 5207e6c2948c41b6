//! Passwords: which are good enough, and how they are kept.

use crate::player::fold;
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use djinn_kernel::{Doing, Entropy, Fault, Reason};
use std::sync::Arc;
use tokio::sync::Semaphore;

const MIN: usize = 10;
const MAX: usize = 256;
/// OWASP's minimum for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Passwords of ten characters and more that everybody tries first.
const COMMON: &[&str] = &[
    "1234567890",
    "0123456789",
    "0987654321",
    "9876543210",
    "12345678910",
    "1234567891",
    "123456789a",
    "1q2w3e4r5t",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "qwertyuiop",
    "qwertyuiop123",
    "qwerty1234",
    "qwerty12345",
    "qwerty123456",
    "asdfghjkl123",
    "q1w2e3r4t5",
    "zaq12wsxcde3",
    "abcdefghij",
    "abcdefghijk",
    "abc1234567",
    "abcd123456",
    "password12",
    "password123",
    "password1234",
    "password12345",
    "passw0rd123",
    "p@ssw0rd123",
    "p@ssword123",
    "passwordpassword",
    "mypassword",
    "changeme123",
    "changemenow",
    "letmein123",
    "letmein1234",
    "welcome123",
    "welcome1234",
    "administrator",
    "admin12345",
    "admin123456",
    "adminadmin",
    "iloveyou123",
    "iloveyou12",
    "sunshine123",
    "princess123",
    "football123",
    "baseball123",
    "superman123",
    "dragon12345",
    "monkey12345",
    "trustno1trustno1",
    "minecraft123",
    "playstation",
    "nintendo64",
    "xbox360xbox",
    "steamsteam",
    "gamedjinn1",
    "gamedjinn123",
    "game djinn",
    "correcthorsebatterystaple",
];

/// A password that is too easy to guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Not between the limits.
    #[error("a password has {MIN} to {MAX} characters, not {0}")]
    Length(usize),
    /// Everybody tries it first.
    #[error("that password is one everybody tries first")]
    Common,
    /// The same as the name.
    #[error("the password must not be the name")]
    IsName,
}

impl WeakPassword {
    /// Which of its sentences it is, and what stands in that.
    pub fn reason(self) -> (Reason, Vec<String>) {
        match self {
            Self::Length(length) => (
                Reason::PasswordLength,
                vec![MIN.to_string(), MAX.to_string(), length.to_string()],
            ),
            Self::Common => (Reason::PasswordCommon, Vec::new()),
            Self::IsName => (Reason::PasswordName, Vec::new()),
        }
    }
}

/// Whether a password is good enough for the account with this name key.
pub fn check(password: &str, name_key: &str) -> Result<(), WeakPassword> {
    let length = password.chars().count();
    if !(MIN..=MAX).contains(&length) {
        return Err(WeakPassword::Length(length));
    }
    let folded = fold(password);
    if folded == name_key {
        return Err(WeakPassword::IsName);
    }
    let mut characters = folded.chars();
    let first = characters.next();
    if COMMON.contains(&folded.as_str()) || characters.all(|c| Some(c) == first) {
        return Err(WeakPassword::Common);
    }
    Ok(())
}

/// Hashes and verifies, a bounded number at a time and never on the async threads.
#[derive(Clone)]
pub struct Hasher {
    permits: Arc<Semaphore>,
    entropy: Arc<dyn Entropy>,
}

/// What a check of a password found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is another one.
    Wrong,
    /// It is right.
    Right,
    /// It is right, and was hashed with weaker parameters than today's.
    RightButDated,
}

impl Hasher {
    /// At most `permits` at once.
    pub fn new(permits: usize, entropy: Arc<dyn Entropy>) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(permits.max(1))),
            entropy,
        }
    }

    /// The PHC string to store.
    pub async fn hash(&self, password: String) -> Result<String, Fault> {
        let mut salt = [0; 16];
        self.entropy.fill(&mut salt);
        self.work(move || hash(&password, &salt)).await
    }

    /// Whether `password` is the one behind `stored`. Without a stored one the answer is no, and
    /// takes as long: nobody learns from the time which names exist.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<Verdict, Fault> {
        self.work(move || {
            // A longer one was never accepted, so it cannot be right.
            let password = if password.len() > 4 * MAX {
                ""
            } else {
                &password
            };
            let Some(stored) = stored else {
                return hash(password, b"nobody has that name").map(|_| Verdict::Wrong);
            };
            let parsed = PasswordHash::new(&stored).doing("reading a password hash")?;
            // A library's error here means: another password.
            if argon2()?
                .verify_password(password.as_bytes(), &parsed)
                .is_err()
            {
                return Ok(Verdict::Wrong);
            }
            let today = Params::try_from(&parsed).is_ok_and(|used| {
                used.m_cost() >= MEMORY_KIB
                    && used.t_cost() >= PASSES
                    && parsed.algorithm.as_str() == "argon2id"
            });
            Ok(if today {
                Verdict::Right
            } else {
                Verdict::RightButDated
            })
        })
        .await
    }

    async fn work<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .doing("waiting to hash a password")?;
        tokio::task::spawn_blocking(move || {
            // Held by the work, not by whoever waits for it: a client that hangs up frees nothing.
            let _permit = permit;
            job()
        })
        .await
        .doing("hashing a password")?
    }
}

fn argon2() -> Result<Argon2<'static>, Fault> {
    let params =
        Params::new(MEMORY_KIB, PASSES, LANES, None).doing("choosing argon2 parameters")?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &str, salt: &[u8]) -> Result<String, Fault> {
    let hashed: PasswordHash = argon2()?
        .hash_password_with_salt(password.as_bytes(), salt)
        .doing("hashing a password")?;
    Ok(hashed.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_common_and_repeated_passwords_are_weak() {
        assert_eq!(check("short", "ann"), Err(WeakPassword::Length(5)));
        assert_eq!(check("Password123", "ann"), Err(WeakPassword::Common));
        assert_eq!(check("aaaaaaaaaaaa", "ann"), Err(WeakPassword::Common));
        assert_eq!(
            check("Ann Of Green Gables", "ann of green gables"),
            Err(WeakPassword::IsName)
        );
        assert_eq!(check("an unusual sentence", "ann"), Ok(()));
    }

    #[test]
    fn a_hash_names_the_parameters_it_was_made_with() {
        let stored = hash("an unusual sentence", &[7; 16]);
        assert!(stored.is_ok_and(|phc| phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")));
    }
}
