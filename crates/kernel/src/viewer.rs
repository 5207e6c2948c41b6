//! Who is asking. Made once at the door, carried by value to every subgraph.

use crate::{
    Code, FamilyView,
    ids::{ApiKeyId, LoginId, PlayerId},
};
use serde::{Deserialize, Serialize};

/// What an account may do at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// Runs the hub.
    Admin,
    /// Keeps rooms and boards fair.
    Moderator,
    /// A person with a library of their own.
    Player,
    /// A profile under a guardian, with a family ceiling and no rights to change the library.
    Child,
}

/// One thing a credential may do. A login has what its role allows; an API key only what it was
/// given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Scope {
    /// Read libraries, games, collections, recommendations.
    ReadLibrary,
    /// Link, import, mark and change what is in a library.
    WriteLibrary,
    /// Start and retry syncs.
    RunSync,
    /// See rooms and boards.
    ReadPlay,
    /// Create and join rooms, act in them, submit scores.
    WritePlay,
    /// Change the account: profiles, keys, logins.
    ManageAccount,
    /// Run the hub.
    Admin,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 7] = [
        Self::ReadLibrary,
        Self::WriteLibrary,
        Self::RunSync,
        Self::ReadPlay,
        Self::WritePlay,
        Self::ManageAccount,
        Self::Admin,
    ];

    /// The scope as it is written in tokens and documents, for instance `read:library`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReadLibrary => "read:library",
            Self::WriteLibrary => "write:library",
            Self::RunSync => "run:sync",
            Self::ReadPlay => "read:play",
            Self::WritePlay => "write:play",
            Self::ManageAccount => "manage:account",
            Self::Admin => "admin",
        }
    }

    /// Reads `read:library` and the like.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text)
    }
}

impl Role {
    /// The scopes of a signed-in person with this role.
    pub fn scopes(self) -> Vec<Scope> {
        match self {
            Self::Admin => Scope::ALL.to_vec(),
            Self::Moderator | Self::Player => Scope::ALL
                .into_iter()
                .filter(|scope| *scope != Scope::Admin)
                .collect(),
            Self::Child => vec![Scope::ReadLibrary, Scope::ReadPlay, Scope::WritePlay],
        }
    }
}

/// A person or profile that proved who they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Who acts.
    pub player: PlayerId,
    /// Whose household it is: the guardian for a child profile, otherwise the player. Libraries
    /// belong to the household.
    pub household: PlayerId,
    /// What they may do at most.
    pub role: Role,
    /// What this credential may do.
    pub scopes: Vec<Scope>,
    /// The ceiling, for a profile that has one.
    pub family: Option<FamilyView>,
    /// The login behind the credential, when it is one.
    pub login: Option<LoginId>,
    /// The API key behind the credential, when it is one.
    pub key: Option<ApiKeyId>,
}

/// Who is asking.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Viewer {
    /// Nobody has signed in.
    #[default]
    Anonymous,
    /// Somebody has.
    Known(Identity),
    /// The hub itself, between its own processes: asks who a credential belongs to.
    Hub,
}

/// The viewer may not do what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Nobody is signed in.
    #[error("sign in first")]
    Unauthenticated,
    /// Somebody is, but this credential may not.
    #[error("this needs the scope {}", .0.as_str())]
    Scope(Scope),
    /// It is between the hub's own processes.
    #[error("only the hub itself may ask this")]
    HubOnly,
}

impl Denied {
    /// The code that goes with it.
    pub const fn code(self) -> Code {
        match self {
            Self::Unauthenticated => Code::Unauthenticated,
            Self::Scope(_) | Self::HubOnly => Code::Forbidden,
        }
    }
}

impl Viewer {
    /// The identity, if somebody is signed in.
    pub const fn identity(&self) -> Option<&Identity> {
        match self {
            Self::Known(identity) => Some(identity),
            Self::Anonymous | Self::Hub => None,
        }
    }

    /// The identity, if its credential has `scope`.
    pub fn require(&self, scope: Scope) -> Result<&Identity, Denied> {
        let identity = self.identity().ok_or(Denied::Unauthenticated)?;
        if identity.scopes.contains(&scope) {
            Ok(identity)
        } else {
            Err(Denied::Scope(scope))
        }
    }

    /// The ceiling that applies to everything this viewer sees. Someone who has not signed in
    /// sees no game at all, so there is no ceiling to apply.
    pub fn family(&self) -> Option<FamilyView> {
        self.identity().and_then(|identity| identity.family)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_read_back_as_written() {
        for scope in Scope::ALL {
            assert_eq!(Scope::parse(scope.as_str()), Some(scope));
        }
    }

    #[test]
    fn a_child_can_never_change_the_library() {
        assert!(!Role::Child.scopes().contains(&Scope::WriteLibrary));
        assert!(!Role::Child.scopes().contains(&Scope::ManageAccount));
    }
}
