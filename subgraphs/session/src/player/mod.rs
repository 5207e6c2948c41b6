//! Players: accounts, and the child profiles under them.

mod entity;
mod graphql;
mod limit;
mod loader;
mod service;
pub mod store;

pub use entity::{ActiveModel, Model as Account};
pub use graphql::{Player, PlayerMutation, PlayerQuery, ScopeWord};
pub use loader::{PlayerLoader, ProfilesLoader};
pub use service::Players;

use djinn_kernel::{Ceiling, FamilyView, Role, Scope, Unrated, ids::PlayerId, viewer::Identity};
use unicode_normalization::UnicodeNormalization;

/// A household has at most this many child profiles.
pub const MAX_PROFILES: u64 = 20;
const MAX_NAME: usize = 40;

/// A name as it is shown, and as it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// As the person wrote it.
    pub shown: String,
    /// Two names with the same key are the same name.
    pub key: String,
}

/// A name nobody can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidName {
    /// Empty or too long.
    #[error("a name has 1 to {MAX_NAME} characters, not {0}")]
    Length(usize),
    /// Control or invisible characters.
    #[error("a name has no control or invisible characters")]
    Characters,
}

impl Name {
    /// Reads a name somebody chose.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let shown = text.trim();
        let length = shown.chars().count();
        if !(1..=MAX_NAME).contains(&length) {
            return Err(InvalidName::Length(length));
        }
        if shown.chars().any(|c| c.is_control() || invisible(c)) {
            return Err(InvalidName::Characters);
        }
        Ok(Self {
            shown: shown.to_owned(),
            key: fold(shown),
        })
    }

    /// The key of a profile: unique within its household only. The separator is a control
    /// character, which no name contains.
    pub fn key_within(&self, household: PlayerId) -> String {
        format!("{household}\u{1f}{}", self.key)
    }
}

/// Characters that would let two names look alike, or one look like something else.
const fn invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Folds a name for comparison: compatibility form, lower case, single spaces.
pub fn fold(name: &str) -> String {
    let folded: String = name.nfkc().flat_map(char::to_lowercase).nfkc().collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How a role is stored.
pub const fn role_text(role: Role) -> &'static str {
    match role {
        Role::Admin => "admin",
        Role::Moderator => "moderator",
        Role::Player => "player",
        Role::Child => "child",
    }
}

impl Account {
    /// Its typed id.
    pub const fn player_id(&self) -> PlayerId {
        PlayerId(self.id)
    }

    /// What it may do at most. A role this binary does not know may do the least.
    pub fn role(&self) -> Role {
        match self.role.as_str() {
            "admin" => Role::Admin,
            "moderator" => Role::Moderator,
            "player" => Role::Player,
            _ => Role::Child,
        }
    }

    /// The ceiling of a child profile. A child without a readable one gets the strictest.
    pub fn family(&self) -> Option<FamilyView> {
        (self.role() == Role::Child).then(|| FamilyView {
            ceiling: self
                .ceiling
                .and_then(Ceiling::from_code)
                .unwrap_or(Ceiling::STRICTEST),
            unrated: if self.shows_unrated {
                Unrated::Show
            } else {
                Unrated::Hide
            },
        })
    }

    /// The identity behind a credential of this account. `granted` are a key's scopes; a login has
    /// all its role allows, and nothing exceeds that.
    pub fn identity(&self, granted: Option<&[Scope]>) -> Identity {
        let mut scopes = self.role().scopes();
        if let Some(granted) = granted {
            scopes.retain(|scope| granted.contains(scope));
        }
        Identity {
            player: self.player_id(),
            household: PlayerId(self.household),
            role: self.role(),
            scopes,
            family: self.family(),
            login: None,
            key: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_alike_are_the_same_name() {
        for same in ["Ann", " ANN ", "ａｎｎ"] {
            assert_eq!(Name::parse(same).map(|name| name.key), Ok("ann".to_owned()));
        }
    }

    #[test]
    fn names_with_control_or_invisible_characters_are_refused() {
        for bad in ["a\u{0}b", "a\u{200b}b", "a\u{202e}b", "a\nb"] {
            assert_eq!(Name::parse(bad), Err(InvalidName::Characters));
        }
        assert_eq!(Name::parse("   "), Err(InvalidName::Length(0)));
        assert_eq!(Name::parse(&"x".repeat(41)), Err(InvalidName::Length(41)));
    }
}
