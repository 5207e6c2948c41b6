//! The first admin: made once, by whoever holds the token that was printed at start-up.

use super::{
    digest, new_secret,
    password::{self, Hasher, WeakPassword},
    service::{self, Tokens},
    store,
};
use crate::player::{self, Account, InvalidName, Name, role_text};
use chrono::TimeDelta;
use djinn_kernel::{Code, Doing, Fault, Reason, Role, ids::PlayerId, viewer::Identity};
use djinn_subgraph_kit::{Ports, graph::Coded};
use subtle::ConstantTimeEq;

/// How long a setup token is good for.
const LIFETIME: TimeDelta = TimeDelta::minutes(30);
/// What the implicit admin is called.
const OWNER: &str = "owner";

/// Why the hub was not set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// It is set up.
    #[error("the hub is set up already; sign in instead")]
    Done,
    /// Not the token, or too late.
    #[error("the setup token is wrong or older than 30 minutes; restart the hub for a new link")]
    Token,
    /// Not a name.
    #[error(transparent)]
    Name(#[from] InvalidName),
    /// Somebody else has it.
    #[error("somebody has that name already")]
    NameTaken,
    /// Not a good password.
    #[error(transparent)]
    Password(#[from] WeakPassword),
    /// Ours to mend.
    #[error(transparent)]
    Internal(#[from] Fault),
}

impl Coded for SetupError {
    fn code(&self) -> Code {
        match self {
            Self::Done => Code::SetupDone,
            Self::Token => Code::SetupTokenInvalid,
            Self::Name(_) => Code::InvalidInput,
            Self::NameTaken => Code::NameTaken,
            Self::Password(_) => Code::WeakPassword,
            Self::Internal(_) => Code::Internal,
        }
    }

    fn field(&self) -> Option<String> {
        match self {
            Self::Token => Some("input.token".to_owned()),
            Self::Name(_) | Self::NameTaken => Some("input.name".to_owned()),
            Self::Password(_) => Some("input.password".to_owned()),
            Self::Done | Self::Internal(_) => None,
        }
    }

    fn reason(&self) -> Option<(Reason, Vec<String>)> {
        match self {
            Self::Password(weak) => Some(weak.reason()),
            _ => None,
        }
    }
}

/// What somebody who sets the hub up says. Not `Debug`: it must not reach a log.
pub struct Setup {
    /// The token that was printed.
    pub token: String,
    /// The admin's name.
    pub name: String,
    /// The admin's password.
    pub password: String,
    /// How the device is called.
    pub device: Option<String>,
}

/// Whether the hub still waits for its first admin.
pub async fn needed(ports: &Ports) -> Result<bool, Fault> {
    Ok(!store::founding(ports.db.read())
        .await?
        .is_some_and(|founding| founding.claimed))
}

/// Issues a token in place of any older one; `None` when the hub is set up.
pub async fn issue_token(ports: &Ports) -> Result<Option<String>, Fault> {
    let token = new_secret(&*ports.entropy);
    let txn = ports.db.begin().await.doing("issuing a setup token")?;
    if store::founding(&txn)
        .await?
        .is_some_and(|founding| founding.claimed)
    {
        store::drop_setup_token(&txn).await?;
        txn.commit().await.doing("forgetting the setup token")?;
        return Ok(None);
    }
    store::set_setup_token(&txn, digest(&token), ports.clock.now() + LIFETIME).await?;
    txn.commit().await.doing("issuing a setup token")?;
    Ok(Some(token))
}

/// The implicit admin of a hub without sign-in; made at the first call.
pub async fn sole_admin(ports: &Ports) -> Result<Identity, Fault> {
    if store::founding(ports.db.read()).await?.is_none() {
        let owner = admin(
            ports,
            Name {
                shown: OWNER.to_owned(),
                key: OWNER.to_owned(),
            },
            None,
        );
        let txn = ports.db.begin().await.doing("making the owner")?;
        if store::found(&txn, owner.id, false, owner.created_at).await? {
            player::store::insert(&txn, owner).await?;
            txn.commit().await.doing("making the owner")?;
        }
    }
    owner(ports).await?.doing("loading the owner")
}

/// The first admin, once there is one.
pub async fn owner(ports: &Ports) -> Result<Option<Identity>, Fault> {
    let Some(founding) = store::founding(ports.db.read()).await? else {
        return Ok(None);
    };
    let owner = player::store::find(ports.db.read(), PlayerId(founding.player_id)).await?;
    Ok(owner.map(|owner| owner.identity(None)))
}

/// Makes the first admin and signs them in. Of many attempts at once, one succeeds.
pub async fn complete(ports: &Ports, hasher: &Hasher, setup: Setup) -> Result<Tokens, SetupError> {
    if !needed(ports).await? {
        return Err(SetupError::Done);
    }
    let Some(in_force) = store::setup_token(ports.db.read()).await? else {
        // It goes away when somebody else was faster.
        return Err(if needed(ports).await? {
            SetupError::Token
        } else {
            SetupError::Done
        });
    };
    let matches = in_force
        .hash
        .as_bytes()
        .ct_eq(digest(&setup.token).as_bytes());
    if !bool::from(matches) || in_force.expires_at <= ports.clock.now() {
        return Err(SetupError::Token);
    }
    let name = Name::parse(&setup.name)?;
    password::check(&setup.password, &name.key)?;
    let hash = hasher.hash(setup.password).await?;

    let txn = ports.db.begin().await.doing("setting the hub up")?;
    let fresh = admin(ports, name.clone(), Some(hash.clone()));
    let admin = if store::found(&txn, fresh.id, true, fresh.created_at).await? {
        if !player::store::insert(&txn, fresh.clone()).await? {
            return Err(SetupError::NameTaken);
        }
        fresh
    } else if store::claim(&txn).await? {
        // The hub ran without sign-in before: its owner, and all they have, gets a name.
        let founding = store::founding(&txn).await?.doing("loading the owner")?;
        if player::store::name_is_taken(&txn, &name.key, Some(founding.player_id)).await? {
            return Err(SetupError::NameTaken);
        }
        player::store::claim(&txn, founding.player_id, name.shown, name.key, hash).await?;
        player::store::find(&txn, PlayerId(founding.player_id))
            .await?
            .doing("loading the owner")?
    } else {
        return Err(SetupError::Done);
    };
    store::drop_setup_token(&txn).await?;
    let tokens = service::open(ports, &txn, admin, setup.device.as_deref()).await?;
    txn.commit().await.doing("setting the hub up")?;
    tracing::info!(admin = %tokens.account.id, "the hub has its first admin");
    Ok(tokens)
}

fn admin(ports: &Ports, name: Name, password: Option<String>) -> Account {
    let id = ports.ids.new_id();
    Account {
        id,
        name: name.shown,
        name_key: name.key,
        role: role_text(Role::Admin).to_owned(),
        password,
        household: id,
        ceiling: None,
        shows_unrated: false,
        created_at: ports.clock.now(),
        removed_at: None,
    }
}
