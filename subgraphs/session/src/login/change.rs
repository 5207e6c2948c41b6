//! Changing one's password.

use super::{
    digest,
    password::{self, Verdict, WeakPassword},
    service::Logins,
    store,
    throttle::{self, BY_NAME},
};
use crate::{LOGINS_TOPIC, player};
use djinn_kernel::{Code, Doing, Fault, Reason, viewer::Identity};
use djinn_subgraph_kit::graph::Coded;

/// Why the password stays.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// A key would outlive its own revocation.
    #[error("an API key cannot change the password; sign in to do it")]
    ByKey,
    /// Not the password, or there is none.
    #[error("that is not your present password")]
    Rejected,
    /// Too many attempts.
    #[error("too many wrong passwords; try again in {seconds} seconds")]
    RateLimited {
        /// How long to wait.
        seconds: i64,
    },
    /// Not a good password.
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    /// Ours to mend.
    #[error(transparent)]
    Internal(#[from] Fault),
}

impl Coded for PasswordError {
    fn code(&self) -> Code {
        match self {
            Self::ByKey => Code::Forbidden,
            Self::Rejected => Code::CredentialsRejected,
            Self::RateLimited { .. } => Code::RateLimited,
            Self::Weak(_) => Code::WeakPassword,
            Self::Internal(_) => Code::Internal,
        }
    }

    fn field(&self) -> Option<String> {
        match self {
            Self::Rejected => Some("input.current".to_owned()),
            Self::Weak(_) => Some("input.password".to_owned()),
            Self::ByKey | Self::RateLimited { .. } | Self::Internal(_) => None,
        }
    }

    fn retry_after(&self) -> Option<i64> {
        match self {
            Self::RateLimited { seconds } => Some(*seconds),
            _ => None,
        }
    }

    fn reason(&self) -> Option<(Reason, Vec<String>)> {
        match self {
            Self::RateLimited { seconds } => {
                Some((Reason::PasswordGuessed, vec![seconds.to_string()]))
            }
            Self::Weak(weak) => Some(weak.reason()),
            _ => None,
        }
    }
}

impl Logins {
    /// Gives the viewer another password and ends their other logins; how many those were. Logins
    /// of their child profiles and their API keys go on: they are listed, and can be ended there.
    pub async fn change_password(
        &self,
        who: &Identity,
        current: String,
        new: String,
    ) -> Result<u64, PasswordError> {
        if who.key.is_some() {
            return Err(PasswordError::ByKey);
        }
        let account = player::store::find(self.ports.db.read(), who.player)
            .await?
            .ok_or(PasswordError::Rejected)?;
        // Whoever sits down at a device that is signed in has no more guesses than at the door.
        let name = digest(&account.name_key);
        if let Err(seconds) = throttle::admit(&self.ports, &name, BY_NAME).await? {
            return Err(PasswordError::RateLimited { seconds });
        }
        let verdict = self.hasher.verify(current, account.password).await?;
        if verdict == Verdict::Wrong {
            return Err(PasswordError::Rejected);
        }
        password::check(&new, &account.name_key)?;
        let hash = self.hasher.hash(new).await?;

        let txn = self.ports.db.begin().await.doing("changing a password")?;
        store::clear_attempts(&txn, &name).await?;
        player::store::set_password(&txn, account.id, hash).await?;
        let ended = store::end_others(&txn, who.player, who.login, self.ports.clock.now()).await?;
        txn.commit().await.doing("changing a password")?;
        tracing::info!(player = %who.player, ended, "a password was changed");
        self.ports.bus.poke(LOGINS_TOPIC);
        Ok(ended)
    }
}
