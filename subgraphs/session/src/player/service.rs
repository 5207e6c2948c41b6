//! What a guardian does with profiles.

use super::{Account, ActiveModel, InvalidName, MAX_PROFILES, Name, role_text, store};
use crate::LOGINS_TOPIC;
use djinn_kernel::{
    Board, Ceiling, Code, Doing, Esrb, Fault, Role, Unrated,
    ids::{InvalidId, PlayerId},
    viewer::Identity,
};
use djinn_subgraph_kit::{Ports, graph::Coded};
use sea_orm::ActiveValue::Set;

/// Why a profile was not made or changed.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The name is not one.
    #[error(transparent)]
    Name(#[from] InvalidName),
    /// Another profile of the household has it.
    #[error("another profile of this household has that name")]
    NameTaken,
    /// The board has no such level.
    #[error("the levels of {board} are {levels}")]
    Level {
        /// The board.
        board: &'static str,
        /// What it has.
        levels: String,
    },
    /// A profile without a ceiling.
    #[error("up to where? Give `limit`, or `ceiling` for a rating of the ESRB")]
    NoLimit,
    /// Two ceilings at once.
    #[error("a profile has one limit: give `limit` or `ceiling`, not both")]
    TwoLimits,
    /// The household is full.
    #[error("a household has at most {MAX_PROFILES} profiles")]
    TooMany,
    /// Not an id.
    #[error(transparent)]
    Id(#[from] InvalidId),
    /// Not a profile of this household.
    #[error("this household has no such profile")]
    NotFound,
    /// Ours to mend.
    #[error(transparent)]
    Internal(#[from] Fault),
}

impl Coded for ProfileError {
    fn code(&self) -> Code {
        match self {
            Self::Name(_) | Self::Level { .. } | Self::NoLimit | Self::TwoLimits => {
                Code::InvalidInput
            }
            Self::NameTaken => Code::NameTaken,
            Self::TooMany => Code::LimitExceeded,
            Self::Id(_) => Code::InvalidId,
            Self::NotFound => Code::NotFound,
            Self::Internal(_) => Code::Internal,
        }
    }

    fn field(&self) -> Option<String> {
        match self {
            Self::Name(_) | Self::NameTaken => Some("input.name".to_owned()),
            Self::Level { .. } => Some("input.limit.level".to_owned()),
            Self::NoLimit | Self::TwoLimits => Some("input.limit".to_owned()),
            Self::Id(_) | Self::NotFound => Some("input.id".to_owned()),
            Self::TooMany | Self::Internal(_) => None,
        }
    }
}

/// The ceiling at a level of a board; those of the ESRB go by their names as well.
pub fn limit(board: Board, level: &str) -> Result<Ceiling, ProfileError> {
    let ceiling = match board {
        Board::Esrb => Esrb::parse(level).map(Ceiling::from),
        _ => Ceiling::new(board, level.trim()),
    };
    ceiling.ok_or_else(|| {
        let levels: Vec<&str> = board.levels().iter().map(|level| level.name).collect();
        ProfileError::Level {
            board: board.name(),
            levels: levels.join(", "),
        }
    })
}

/// Up to where games are shown, as somebody named it.
#[derive(Debug, Clone, Copy)]
pub enum NamedLimit {
    /// By the ESRB alone. Whoever knows no other board writes back what it read.
    Esrb(Esrb),
    /// By a board.
    Board(Ceiling),
}

impl NamedLimit {
    /// The ceiling that a profile has from now on, which had this one.
    pub fn instead_of(self, now: Option<Ceiling>) -> Ceiling {
        match self {
            Self::Esrb(esrb) => now
                .filter(|now| now.esrb() == esrb)
                .unwrap_or_else(|| esrb.into()),
            Self::Board(ceiling) => ceiling,
        }
    }
}

/// What a guardian changes about a profile; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct ProfileChanges {
    /// A new name.
    pub name: Option<String>,
    /// A new limit.
    pub limit: Option<NamedLimit>,
    /// A new rule for unrated games.
    pub unrated: Option<Unrated>,
}

/// The use cases.
#[derive(Debug, Clone)]
pub struct Players {
    ports: Ports,
}

impl Players {
    /// With the world it may touch.
    pub const fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Makes a child profile in the guardian's household.
    pub async fn create_profile(
        &self,
        guardian: &Identity,
        name: &str,
        ceiling: Ceiling,
        unrated: Unrated,
    ) -> Result<Account, ProfileError> {
        let name = Name::parse(name)?;
        let household = guardian.household;
        let child = Account {
            id: self.ports.ids.new_id(),
            name_key: name.key_within(household),
            name: name.shown,
            role: role_text(Role::Child).to_owned(),
            password: None,
            household: household.0,
            ceiling: Some(ceiling.code()),
            shows_unrated: unrated == Unrated::Show,
            created_at: self.ports.clock.now(),
            removed_at: None,
        };
        let txn = self.ports.db.begin().await.doing("making a profile")?;
        store::lock(&txn, household)
            .await?
            .ok_or(ProfileError::NotFound)?;
        if store::count_children(&txn, household).await? >= MAX_PROFILES {
            return Err(ProfileError::TooMany);
        }
        if !store::insert(&txn, child.clone()).await? {
            return Err(ProfileError::NameTaken);
        }
        txn.commit().await.doing("making a profile")?;
        Ok(child)
    }

    /// Changes a child profile of the guardian's household. Its open logins and keys see the new
    /// ceiling at once.
    pub async fn update_profile(
        &self,
        guardian: &Identity,
        id: PlayerId,
        changes: ProfileChanges,
    ) -> Result<Account, ProfileError> {
        let name = changes.name.as_deref().map(Name::parse).transpose()?;
        let household = guardian.household;
        let txn = self.ports.db.begin().await.doing("changing a profile")?;
        // The guardian's row is the lock of the household: the check of the name below holds.
        store::lock(&txn, household)
            .await?
            .ok_or(ProfileError::NotFound)?;
        let mut child = store::find(&txn, id)
            .await?
            .filter(|child| child.role() == Role::Child && child.household == household.0)
            .ok_or(ProfileError::NotFound)?;
        let mut written = ActiveModel::default();
        if let Some(name) = name {
            let key = name.key_within(household);
            if store::name_is_taken(&txn, &key, Some(child.id)).await? {
                return Err(ProfileError::NameTaken);
            }
            written.name = Set(name.shown.clone());
            written.name_key = Set(key.clone());
            child.name = name.shown;
            child.name_key = key;
        }
        if let Some(limit) = changes.limit {
            let ceiling = limit.instead_of(child.family().map(|family| family.ceiling));
            written.ceiling = Set(Some(ceiling.code()));
            child.ceiling = Some(ceiling.code());
        }
        if let Some(unrated) = changes.unrated {
            written.shows_unrated = Set(unrated == Unrated::Show);
            child.shows_unrated = unrated == Unrated::Show;
        }
        if written != ActiveModel::default() {
            store::update(&txn, child.id, written).await?;
        }
        txn.commit().await.doing("changing a profile")?;
        self.ports.bus.poke(LOGINS_TOPIC);
        Ok(child)
    }
}
