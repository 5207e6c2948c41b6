//! Signing in, staying in, signing out.

use super::{
    access, device, digest, entity, grace, new_secret,
    password::{Hasher, Verdict},
    setup::{self, Setup, SetupError},
    store,
    throttle::{self, BY_ADDRESS, BY_NAME},
};
use crate::{
    Auth, Config, LOGINS_TOPIC,
    player::{self, Account, fold},
};
use chrono::{DateTime, TimeDelta, Utc};
use djinn_kernel::{
    Code, Doing, Fault, Reason, Role,
    ids::{InvalidId, LoginId, PlayerId},
    page::{Page, Slice},
    viewer::Identity,
};
use djinn_subgraph_kit::{ClientAddress, Ports, graph::Coded};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

/// A login that is not used for this long ends.
const LIFETIME: TimeDelta = TimeDelta::days(30);
/// Longer than any name; what is longer is nobody's.
const MAX_NAME_LOOKED_AT: usize = 200;

/// What somebody who signed in gets. Not `Debug`: it must not reach a log.
pub struct Tokens {
    /// Proves who acts, for ten minutes.
    pub access: String,
    /// Gets the next pair, once.
    pub refresh: String,
    /// When the access token ends.
    pub expires_at: DateTime<Utc>,
    /// Who acts.
    pub account: Account,
}

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// Unknown name or wrong password: which of the two is nobody's business.
    #[error("the name or the password is wrong")]
    Rejected,
    /// Too many attempts.
    #[error("too many attempts to sign in {}; try again in {seconds} seconds", .by.words())]
    RateLimited {
        /// By one name, or from one address.
        by: By,
        /// How long to wait.
        seconds: i64,
    },
    /// Not a nonce.
    #[error("a nonce has 16 to 128 bytes, not {0}")]
    Nonce(usize),
    /// Not a refresh token of an open login.
    #[error("that login has ended; sign in again")]
    Ended,
    /// A refresh token came a second time.
    #[error("that refresh token was used before; the login was ended in case it was stolen")]
    Reused,
    /// Not an id.
    #[error(transparent)]
    Id(#[from] InvalidId),
    /// Not a profile of this household.
    #[error("this household has no such profile")]
    NoProfile,
    /// A key would outlive its own revocation.
    #[error("an API key cannot open logins; make a key for the profile instead")]
    ByKey,
    /// Ours to mend.
    #[error(transparent)]
    Internal(#[from] Fault),
}

/// What too many attempts have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The name.
    Name,
    /// Where they come from.
    Address,
}

impl By {
    /// As it is said.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Name => "by that name",
            Self::Address => "from this address",
        }
    }
}

impl Coded for LoginError {
    fn code(&self) -> Code {
        match self {
            Self::Rejected => Code::CredentialsRejected,
            Self::RateLimited { .. } => Code::RateLimited,
            Self::Nonce(_) => Code::InvalidInput,
            Self::Ended => Code::Unauthenticated,
            Self::Reused => Code::RefreshReused,
            Self::Id(_) => Code::InvalidId,
            Self::NoProfile => Code::NotFound,
            Self::ByKey => Code::Forbidden,
            Self::Internal(_) => Code::Internal,
        }
    }

    fn field(&self) -> Option<String> {
        match self {
            Self::Reused => Some("refreshToken".to_owned()),
            Self::Nonce(_) => Some("nonce".to_owned()),
            Self::Id(_) | Self::NoProfile => Some("profileId".to_owned()),
            _ => None,
        }
    }

    fn retry_after(&self) -> Option<i64> {
        match self {
            Self::RateLimited { seconds, .. } => Some(*seconds),
            _ => None,
        }
    }

    fn reason(&self) -> Option<(Reason, Vec<String>)> {
        let Self::RateLimited { by, seconds } = self else {
            return None;
        };
        let reason = match by {
            By::Name => Reason::LoginName,
            By::Address => Reason::LoginAddress,
        };
        Some((reason, vec![seconds.to_string()]))
    }
}

/// Why no login was ended.
#[derive(Debug, thiserror::Error)]
pub enum EndError {
    /// Came by a key, or by none at all.
    #[error("this request did not come by a login; an API key is revoked instead")]
    NotALogin,
    /// Not an id.
    #[error(transparent)]
    Id(#[from] InvalidId),
    /// No open login of this household.
    #[error("this household has no such open login")]
    NotFound,
    /// Ours to mend.
    #[error(transparent)]
    Internal(#[from] Fault),
}

impl Coded for EndError {
    fn code(&self) -> Code {
        match self {
            Self::NotALogin => Code::Conflict,
            Self::Id(_) => Code::InvalidId,
            Self::NotFound => Code::NotFound,
            Self::Internal(_) => Code::Internal,
        }
    }

    fn field(&self) -> Option<String> {
        matches!(self, Self::Id(_) | Self::NotFound).then(|| "id".to_owned())
    }
}

/// The use cases.
#[derive(Clone)]
pub struct Logins {
    pub(super) ports: Ports,
    pub(super) hasher: Hasher,
    auth: Auth,
}

impl Logins {
    /// With the world it may touch.
    pub fn new(ports: Ports, config: &Config) -> Self {
        let hasher = Hasher::new(config.hash_permits, ports.entropy.clone());
        Self {
            ports,
            hasher,
            auth: config.auth,
        }
    }

    /// What hashes passwords, a bounded number at a time for all who need it.
    pub fn hasher(&self) -> Hasher {
        self.hasher.clone()
    }

    /// Whether people sign in.
    pub const fn auth(&self) -> Auth {
        self.auth
    }

    /// Whether the hub waits for its first admin.
    pub async fn setup_needed(&self) -> Result<bool, Fault> {
        Ok(self.auth == Auth::Password && setup::needed(&self.ports).await?)
    }

    /// Makes the first admin.
    pub async fn complete_setup(&self, setup: Setup) -> Result<Tokens, SetupError> {
        if self.auth == Auth::Off {
            return Err(SetupError::Done);
        }
        setup::complete(&self.ports, &self.hasher, setup).await
    }

    /// Signs in by name and password.
    pub async fn login(
        &self,
        name: &str,
        password: String,
        device: Option<&str>,
        client: Option<ClientAddress>,
    ) -> Result<Tokens, LoginError> {
        let key = fold(&name.chars().take(MAX_NAME_LOOKED_AT).collect::<String>());
        let from = client.map(throttle::address);
        let place = client.map(|client| throttle::place(&key, client));
        // The address first: one that is used up must not use up the names of others.
        if let Some(from) = &from
            && let Err(seconds) = throttle::admit(&self.ports, from, BY_ADDRESS).await?
        {
            let by = By::Address;
            return Err(LoginError::RateLimited { by, seconds });
        }
        // Where that name has signed in before, others' guesses do not count.
        let known = match &place {
            Some(place) => {
                let db = self.ports.db.read();
                store::is_known(db, place, self.ports.clock.now()).await?
            }
            None => false,
        };
        let named = place
            .clone()
            .filter(|_| known)
            .unwrap_or_else(|| digest(&key));
        if let Err(seconds) = throttle::admit(&self.ports, &named, BY_NAME).await? {
            let by = By::Name;
            return Err(LoginError::RateLimited { by, seconds });
        }
        let account = player::store::by_name(self.ports.db.read(), &key).await?;
        let stored = account
            .as_ref()
            .and_then(|account| account.password.clone());
        let verdict = self.hasher.verify(password.clone(), stored).await?;
        let account = account
            .filter(|_| verdict != Verdict::Wrong)
            .ok_or(LoginError::Rejected)?;
        let rehashed = match verdict {
            Verdict::RightButDated => Some(self.hasher.hash(password).await?),
            Verdict::Right | Verdict::Wrong => None,
        };

        let txn = self.ports.db.begin().await.doing("signing in")?;
        let now = self.ports.clock.now();
        if !known {
            store::clear_attempts(&txn, &named).await?;
        }
        if let Some(place) = &place {
            store::know(&txn, place, now, now + throttle::KNOWN).await?;
        }
        if let Some(from) = &from {
            throttle::forgive(&txn, from, now).await?;
        }
        if let Some(hash) = rehashed {
            player::store::set_password(&txn, account.id, hash).await?;
        }
        let tokens = open(&self.ports, &txn, account, device).await?;
        txn.commit().await.doing("signing in")?;
        Ok(tokens)
    }

    /// Trades a refresh token for the next pair. A token that comes a second time ends its login:
    /// one of the two who had it stole it. Unless it comes within seconds and with the nonce of the
    /// first time: then the answer was lost, and is given again.
    pub async fn refresh(&self, token: &str, nonce: Option<&str>) -> Result<Tokens, LoginError> {
        let length = nonce.map(str::len);
        if let Some(wrong) = length.filter(|length| !grace::NONCE.contains(length)) {
            return Err(LoginError::Nonce(wrong));
        }
        let hash = digest(token);
        let next = nonce.map(|nonce| grace::successor(&self.ports.keys, token, nonce));
        let now = self.ports.clock.now();
        let txn = self.ports.db.begin().await.doing("refreshing a login")?;
        let known = store::refresh(&txn, &hash)
            .await?
            .ok_or(LoginError::Ended)?;
        let id = LoginId(known.login_id);
        if !store::spend(&txn, &hash, now).await? {
            if let Some(next) = &next
                && let Some(tokens) = self.again(&txn, &hash, next).await?
            {
                return Ok(tokens);
            }
            let ended = store::end(&txn, id, None, now).await?;
            txn.commit().await.doing("ending a login")?;
            if ended {
                tracing::warn!(login = %id, "a refresh token came twice; its login was ended");
                self.ports.bus.poke(LOGINS_TOPIC);
            }
            return Err(LoginError::Reused);
        }
        let login = store::find(&txn, id)
            .await?
            .filter(|login| is_open(login, now));
        let login = login.ok_or(LoginError::Ended)?;
        let actor = actor(&txn, PlayerId(login.player_id), PlayerId(login.household)).await?;
        let account = actor.ok_or(LoginError::Ended)?;
        let refresh = next.unwrap_or_else(|| new_secret(&*self.ports.entropy));
        store::insert_refresh(&txn, digest(&refresh), login.id, now).await?;
        store::prune_refresh(&txn, login.id, now - LIFETIME).await?;
        store::touch(&txn, login.id, now, now + LIFETIME).await?;
        let tokens = tokens(&self.ports, account, id, refresh)?;
        txn.commit().await.doing("refreshing a login")?;
        Ok(tokens)
    }

    /// The answer to the first use of the token with this hash, if that was moments ago, was
    /// `next`, and nobody has used that one yet.
    async fn again(
        &self,
        txn: &DatabaseTransaction,
        hash: &str,
        next: &str,
    ) -> Result<Option<Tokens>, LoginError> {
        let now = self.ports.clock.now();
        let spent = store::refresh(txn, hash).await?;
        let fresh = spent.filter(|row| row.used_at.is_some_and(|at| now - at <= grace::LASTS));
        let (Some(spent), Some(given)) = (fresh, store::refresh(txn, &digest(next)).await?) else {
            return Ok(None);
        };
        if given.used_at.is_some() || given.login_id != spent.login_id {
            return Ok(None);
        }
        let id = LoginId(given.login_id);
        let login = store::find(txn, id).await?;
        let Some(login) = login.filter(|login| is_open(login, now)) else {
            return Ok(None);
        };
        let actor = actor(txn, PlayerId(login.player_id), PlayerId(login.household)).await?;
        let account = actor.ok_or(LoginError::Ended)?;
        Ok(Some(tokens(&self.ports, account, id, next.to_owned())?))
    }

    /// Opens a login that acts as a child profile of the guardian's household.
    pub async fn use_profile(
        &self,
        guardian: &Identity,
        profile: PlayerId,
    ) -> Result<Tokens, LoginError> {
        if guardian.key.is_some() {
            return Err(LoginError::ByKey);
        }
        let txn = self.ports.db.begin().await.doing("opening a profile")?;
        let child = player::store::find(&txn, profile).await?;
        let child = child
            .filter(|child| child.role() == Role::Child && child.household == guardian.household.0)
            .ok_or(LoginError::NoProfile)?;
        let device = match guardian.login {
            Some(login) => store::find(&txn, login).await?.map(|login| login.device),
            None => None,
        };
        let tokens = open(&self.ports, &txn, child, device.as_deref()).await?;
        txn.commit().await.doing("opening a profile")?;
        Ok(tokens)
    }

    /// Ends the login the viewer came by.
    pub async fn logout(&self, who: &Identity) -> Result<(), EndError> {
        let login = who.login.ok_or(EndError::NotALogin)?;
        self.end(login, None).await
    }

    /// Ends a login of the viewer's household.
    pub async fn end_login(&self, who: &Identity, id: LoginId) -> Result<(), EndError> {
        self.end(id, Some(who.household)).await
    }

    async fn end(&self, id: LoginId, household: Option<PlayerId>) -> Result<(), EndError> {
        let txn = self.ports.db.begin().await.doing("ending a login")?;
        if !store::end(&txn, id, household, self.ports.clock.now()).await? {
            return Err(EndError::NotFound);
        }
        txn.commit().await.doing("ending a login")?;
        self.ports.bus.poke(LOGINS_TOPIC);
        Ok(())
    }

    /// The open logins of the viewer's household, and how many there are.
    pub async fn list(
        &self,
        who: &Identity,
        page: &Page<Uuid>,
    ) -> Result<(Slice<entity::login::Model>, u64), Fault> {
        store::list(
            self.ports.db.read(),
            who.household,
            self.ports.clock.now(),
            page,
        )
        .await
    }
}

/// Whether a login may still be used.
pub fn is_open(login: &entity::login::Model, now: DateTime<Utc>) -> bool {
    login.ended_at.is_none() && login.expires_at > now
}

/// The account that acts, if neither it nor its guardian was removed.
pub async fn actor(
    db: &impl sea_orm::ConnectionTrait,
    player: PlayerId,
    household: PlayerId,
) -> Result<Option<Account>, Fault> {
    let both = player::store::find_many(db, &[player, household]).await?;
    let stands = |id: PlayerId| {
        both.iter()
            .find(|account| account.player_id() == id && account.removed_at.is_none())
    };
    Ok(stands(household).and(stands(player)).cloned())
}

/// Opens a login for `account` in the caller's transaction.
pub async fn open(
    ports: &Ports,
    txn: &DatabaseTransaction,
    account: Account,
    device: Option<&str>,
) -> Result<Tokens, Fault> {
    let now = ports.clock.now();
    let login = entity::login::Model {
        id: ports.ids.new_id(),
        player_id: account.id,
        household: account.household,
        device: device::name(device),
        created_at: now,
        last_used_at: now,
        expires_at: now + LIFETIME,
        ended_at: None,
    };
    let id = LoginId(login.id);
    let refresh = new_secret(&*ports.entropy);
    store::insert(txn, login).await?;
    store::insert_refresh(txn, digest(&refresh), id.0, now).await?;
    tokens(ports, account, id, refresh)
}

fn tokens(
    ports: &Ports,
    account: Account,
    login: LoginId,
    refresh: String,
) -> Result<Tokens, Fault> {
    let identity = account.identity(None);
    let (access, expires_at) =
        access::sign(&ports.keys, &*ports.clock, &*ports.ids, &identity, login)?;
    Ok(Tokens {
        access,
        refresh,
        expires_at,
        account,
    })
}
