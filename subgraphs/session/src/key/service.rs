//! Making, recognising and revoking keys.

use super::{MAX_KEYS, PREFIX, entity::Model, read_scopes, store, write_scopes};
use crate::{
    LOGINS_TOPIC,
    login::{self, digest, new_secret},
    player,
};
use chrono::TimeDelta;
use djinn_kernel::{
    Code, Doing, Fault, Role, Scope,
    ids::{ApiKeyId, InvalidId, PlayerId},
    page::{Page, Slice},
    viewer::Identity,
};
use djinn_subgraph_kit::{Ports, graph::Coded};
use std::time::Duration;
use uuid::Uuid;

const MAX_NAME: usize = 60;
/// The use of a key is noted at most this often, so that reading does not mean writing.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);
/// … and only while the database has time for it.
const PATIENCE: Duration = Duration::from_secs(1);

/// Why a key was not made or revoked.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Not a name.
    #[error("a key's name has 1 to {MAX_NAME} characters and no control characters")]
    Name,
    /// A key that may do nothing.
    #[error("a key needs at least one scope")]
    NoScopes,
    /// More than its maker may do.
    #[error("you cannot give a key the scope {}, which you do not have yourself", .0.as_str())]
    Exceeds(Scope),
    /// More than a child may do.
    #[error("a child profile's key cannot have the scope {}", .0.as_str())]
    ExceedsChild(Scope),
    /// The household is full.
    #[error("a household has at most {MAX_KEYS} keys; revoke one first")]
    TooMany,
    /// A key would outlive its own revocation.
    #[error("an API key cannot make keys; sign in to make one")]
    ByKey,
    /// Not an id.
    #[error(transparent)]
    Id(#[from] InvalidId),
    /// Not a profile of this household.
    #[error("this household has no such profile")]
    NoProfile,
    /// Not a key of this household.
    #[error("this household has no such key")]
    NotFound,
    /// Ours to mend.
    #[error(transparent)]
    Internal(#[from] Fault),
}

impl Coded for KeyError {
    fn code(&self) -> Code {
        match self {
            Self::Name | Self::NoScopes | Self::ExceedsChild(_) => Code::InvalidInput,
            Self::Exceeds(_) | Self::ByKey => Code::Forbidden,
            Self::TooMany => Code::LimitExceeded,
            Self::Id(_) => Code::InvalidId,
            Self::NoProfile | Self::NotFound => Code::NotFound,
            Self::Internal(_) => Code::Internal,
        }
    }

    fn field(&self) -> Option<String> {
        match self {
            Self::Name => Some("input.name".to_owned()),
            Self::NoScopes | Self::Exceeds(_) | Self::ExceedsChild(_) => {
                Some("input.scopes".to_owned())
            }
            Self::NoProfile => Some("input.profileId".to_owned()),
            Self::Id(id) if id.kind == "player" => Some("input.profileId".to_owned()),
            Self::Id(_) | Self::NotFound => Some("id".to_owned()),
            Self::TooMany | Self::ByKey | Self::Internal(_) => None,
        }
    }
}

/// The use cases.
#[derive(Clone)]
pub struct Keyring {
    ports: Ports,
}

impl Keyring {
    /// With the world it may touch.
    pub const fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Makes a key and returns it with its secret, which nobody can ever read again.
    pub async fn create(
        &self,
        maker: &Identity,
        name: &str,
        mut scopes: Vec<Scope>,
        profile: Option<PlayerId>,
    ) -> Result<(Model, String), KeyError> {
        if maker.key.is_some() {
            return Err(KeyError::ByKey);
        }
        let name = name.trim();
        if !(1..=MAX_NAME).contains(&name.chars().count()) || name.chars().any(char::is_control) {
            return Err(KeyError::Name);
        }
        scopes.sort_unstable();
        scopes.dedup();
        if scopes.is_empty() {
            return Err(KeyError::NoScopes);
        }
        if let Some(scope) = scopes.iter().find(|scope| !maker.scopes.contains(scope)) {
            return Err(KeyError::Exceeds(*scope));
        }
        let secret = format!("{PREFIX}{}", new_secret(&*self.ports.entropy));
        let txn = self.ports.db.begin().await.doing("making an API key")?;
        player::store::lock(&txn, maker.household)
            .await?
            .doing("loading the maker of an API key")?;
        if let Some(profile) = profile {
            let child = player::store::find(&txn, profile).await?;
            child
                .filter(|child| child.role() == Role::Child && child.household == maker.household.0)
                .ok_or(KeyError::NoProfile)?;
            let allowed = Role::Child.scopes();
            if let Some(scope) = scopes.iter().find(|scope| !allowed.contains(scope)) {
                return Err(KeyError::ExceedsChild(*scope));
            }
        }
        if store::count(&txn, maker.household).await? >= MAX_KEYS {
            return Err(KeyError::TooMany);
        }
        let key = Model {
            id: self.ports.ids.new_id(),
            household: maker.household.0,
            profile_id: profile.map(|profile| profile.0),
            name: name.to_owned(),
            hint: format!("{PREFIX}…{}", &secret[secret.len() - 4..]),
            hash: digest(&secret),
            scopes: write_scopes(&scopes),
            created_at: self.ports.clock.now(),
            last_used_at: None,
            revoked_at: None,
        };
        store::insert(&txn, key.clone()).await?;
        txn.commit().await.doing("making an API key")?;
        Ok((key, secret))
    }

    /// Revokes a key of the viewer's household, for good.
    pub async fn revoke(&self, who: &Identity, id: ApiKeyId) -> Result<(), KeyError> {
        let txn = self.ports.db.begin().await.doing("revoking an API key")?;
        if !store::revoke(&txn, id, who.household, self.ports.clock.now()).await? {
            return Err(KeyError::NotFound);
        }
        txn.commit().await.doing("revoking an API key")?;
        self.ports.bus.poke(LOGINS_TOPIC);
        Ok(())
    }

    /// The keys of the viewer's household, and how many there are.
    pub async fn list(
        &self,
        who: &Identity,
        page: &Page<Uuid>,
    ) -> Result<(Slice<Model>, u64), Fault> {
        store::list(self.ports.db.read(), who.household, page).await
    }
}

/// Whom a key belongs to.
pub async fn recognise(ports: &Ports, secret: &str) -> Result<Option<Identity>, Fault> {
    let Some(key) = store::by_hash(ports.db.read(), &digest(secret)).await? else {
        return Ok(None);
    };
    let household = PlayerId(key.household);
    let player = key.profile_id.map_or(household, PlayerId);
    let Some(account) = login::actor(ports.db.read(), player, household).await? else {
        return Ok(None);
    };
    note_use(ports, &key).await;
    let mut identity = account.identity(Some(&read_scopes(&key.scopes)));
    identity.key = Some(ApiKeyId(key.id));
    Ok(Some(identity))
}

/// The note is for the owner's eyes only: a database that cannot write now must not lock a
/// machine out.
async fn note_use(ports: &Ports, key: &Model) {
    let now = ports.clock.now();
    let before = now - NOTED_EVERY;
    if key.last_used_at.is_some_and(|used| used > before) {
        return;
    }
    let noted = async {
        let txn = ports
            .db
            .begin()
            .await
            .doing("noting the use of an API key")?;
        store::touch(&txn, key.id, now, before).await?;
        txn.commit().await.doing("noting the use of an API key")
    };
    match tokio::time::timeout(PATIENCE, noted).await {
        Ok(Ok(())) => {}
        Ok(Err(fault)) => {
            tracing::warn!(key = %key.id, %fault, "the use of an API key was not noted");
        }
        Err(_) => {
            tracing::warn!(key = %key.id, "the database was too busy to note the use of an API key");
        }
    }
}
