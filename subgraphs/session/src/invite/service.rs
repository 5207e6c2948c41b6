//! Making, accepting and taking back invites.

use super::{LIFETIME, MAX_OPEN, entity::Model, store};
use crate::{Auth, login::Hasher};
use crate::{
    login::{Tokens, WeakPassword, check_password, digest, new_secret, open},
    player::{self, Account, InvalidName, Name, role_text},
};
use djinn_kernel::{
    Code, Doing, Fault, Reason, Role,
    ids::InvalidId,
    page::{Page, Slice},
    viewer::Identity,
};
use djinn_subgraph_kit::{Ports, graph::Coded};
use uuid::Uuid;

/// Why nothing came of an invite.
#[derive(Debug, thiserror::Error)]
pub enum InviteError {
    /// A key would outlive its own revocation.
    #[error("an API key cannot invite; sign in to do it")]
    ByKey,
    /// Nobody could sign in with what they would get.
    #[error("nobody signs in to this hub; set `auth.mode` to `password` first")]
    NobodySignsIn,
    /// Too many codes are out.
    #[error("{MAX_OPEN} invites are open, the most there may be; take one back first")]
    TooMany,
    /// Not a code, or not any more.
    #[error("that code is wrong, was used, or is past its seven days")]
    Code,
    /// Not an id.
    #[error(transparent)]
    Id(#[from] InvalidId),
    /// Not an open invite.
    #[error("there is no such open invite")]
    NotFound,
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

impl Coded for InviteError {
    fn code(&self) -> Code {
        match self {
            Self::ByKey => Code::Forbidden,
            Self::NobodySignsIn => Code::Conflict,
            Self::TooMany => Code::LimitExceeded,
            Self::Code | Self::NotFound => Code::NotFound,
            Self::Id(_) => Code::InvalidId,
            Self::Name(_) => Code::InvalidInput,
            Self::NameTaken => Code::NameTaken,
            Self::Password(_) => Code::WeakPassword,
            Self::Internal(_) => Code::Internal,
        }
    }

    fn field(&self) -> Option<String> {
        let field = match self {
            Self::Code => "input.code",
            Self::Id(_) | Self::NotFound => "id",
            Self::Name(_) | Self::NameTaken => "input.name",
            Self::Password(_) => "input.password",
            Self::ByKey | Self::NobodySignsIn | Self::TooMany | Self::Internal(_) => return None,
        };
        Some(field.to_owned())
    }

    fn reason(&self) -> Option<(Reason, Vec<String>)> {
        match self {
            Self::Password(weak) => Some(weak.reason()),
            _ => None,
        }
    }
}

/// What somebody who was invited says. Not `Debug`: it must not reach a log.
pub struct Acceptance {
    /// The code they were given.
    pub code: String,
    /// The name they choose.
    pub name: String,
    /// The password they choose.
    pub password: String,
    /// How their device is called.
    pub device: Option<String>,
}

/// The use cases.
#[derive(Clone)]
pub struct Invites {
    ports: Ports,
    hasher: Hasher,
    auth: Auth,
}

impl Invites {
    /// With the world it may touch.
    pub const fn new(ports: Ports, hasher: Hasher, auth: Auth) -> Self {
        Self {
            ports,
            hasher,
            auth,
        }
    }

    /// Makes an invite and returns it with its code, which nobody can ever read again.
    pub async fn create(
        &self,
        maker: &Identity,
        role: Role,
    ) -> Result<(Model, String), InviteError> {
        if maker.key.is_some() {
            return Err(InviteError::ByKey);
        }
        if self.auth == Auth::Off {
            return Err(InviteError::NobodySignsIn);
        }
        let code = new_secret(&*self.ports.entropy);
        let now = self.ports.clock.now();
        let invite = Model {
            id: self.ports.ids.new_id(),
            hash: digest(&code),
            role: role_text(role).to_owned(),
            made_by: maker.player.0,
            created_at: now,
            expires_at: now + LIFETIME,
            closed_at: None,
            player_id: None,
        };
        let txn = self.ports.db.begin().await.doing("making an invite")?;
        player::store::lock(&txn, maker.player)
            .await?
            .doing("loading the maker of an invite")?;
        if store::count(&txn, now).await? >= MAX_OPEN {
            return Err(InviteError::TooMany);
        }
        store::insert(&txn, invite.clone()).await?;
        txn.commit().await.doing("making an invite")?;
        Ok((invite, code))
    }

    /// Makes the account and signs its owner in. Of many attempts with one code, one succeeds.
    pub async fn accept(&self, with: Acceptance) -> Result<Tokens, InviteError> {
        let hash = digest(&with.code);
        let now = self.ports.clock.now();
        // Looked up before the password is hashed: whoever has no code costs nothing.
        let invite = store::by_hash(self.ports.db.read(), &hash, now)
            .await?
            .ok_or(InviteError::Code)?;
        let name = Name::parse(&with.name)?;
        check_password(&with.password, &name.key)?;
        let password = self.hasher.hash(with.password).await?;
        let id = self.ports.ids.new_id();
        let account = Account {
            id,
            name: name.shown,
            name_key: name.key,
            role: invite.role,
            password: Some(password),
            household: id,
            ceiling: None,
            shows_unrated: false,
            created_at: now,
            removed_at: None,
        };
        let txn = self.ports.db.begin().await.doing("accepting an invite")?;
        if !store::close(&txn, invite.id, Some(id), now).await? {
            return Err(InviteError::Code);
        }
        if !player::store::insert(&txn, account.clone()).await? {
            return Err(InviteError::NameTaken);
        }
        let tokens = open(&self.ports, &txn, account, with.device.as_deref()).await?;
        txn.commit().await.doing("accepting an invite")?;
        tracing::info!(player = %id, "somebody accepted an invite");
        Ok(tokens)
    }

    /// Takes an invite back.
    pub async fn revoke(&self, id: Uuid) -> Result<(), InviteError> {
        let txn = self.ports.db.begin().await.doing("taking an invite back")?;
        if !store::close(&txn, id, None, self.ports.clock.now()).await? {
            return Err(InviteError::NotFound);
        }
        txn.commit().await.doing("taking an invite back")?;
        Ok(())
    }

    /// The open invites, the newest first, and how many there are.
    pub async fn list(&self, page: &Page<Uuid>) -> Result<(Slice<Model>, u64), Fault> {
        store::list(self.ports.db.read(), self.ports.clock.now(), page).await
    }
}
