//! Feature flags: switches for everybody, for a share of the players, or for one.
//!
//! What one player was given counts first. Otherwise a flag that is not enabled is off, and one
//! that is, is on for its percentage of the players. Who is among them follows from the flag's key
//! and the player's id alone: it is the same in every process and after every restart, another
//! share for each flag, and whoever has it at 10 % keeps it at 20 %.

pub mod entity;
pub mod graphql;
pub mod service;
pub mod store;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use uuid::Uuid;

/// At most this many flags.
pub const MAX_FLAGS: usize = 200;
/// At most this many players have a setting of their own, of one flag.
pub const MAX_PLAYERS: usize = 1000;
/// The longest description, in characters.
pub const MAX_DESCRIPTION: usize = 500;

/// A switch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// Its name for programs.
    pub key: String,
    /// What it switches.
    pub description: String,
    /// Whether it is on for anybody but those in `players`.
    pub enabled: bool,
    /// For how many of a hundred, when it is enabled.
    pub percentage: u8,
    /// As it is for these players.
    pub players: BTreeMap<Uuid, bool>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl Flag {
    /// Whether it is on for `player`; for somebody who has not signed in, only when it is on for
    /// everybody.
    pub fn is_on(&self, player: Option<Uuid>) -> bool {
        if let Some(own) = player.and_then(|player| self.players.get(&player)) {
            return *own;
        }
        self.enabled
            && match player {
                Some(player) => share(&self.key, player) < self.percentage,
                None => self.percentage == 100,
            }
    }
}

/// Where a player stands in a flag's line, 0 to 99.
fn share(key: &str, player: Uuid) -> u8 {
    let mut hash = Sha256::new();
    hash.update(key.as_bytes());
    hash.update([0]);
    hash.update(player.as_bytes());
    let first: [u8; 8] = hash.finalize()[..8].try_into().unwrap_or_default();
    (u64::from_be_bytes(first) % 100) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flag(key: &str, percentage: u8) -> Flag {
        Flag {
            key: key.to_owned(),
            description: String::new(),
            enabled: true,
            percentage,
            players: BTreeMap::new(),
            updated_at: DateTime::UNIX_EPOCH,
        }
    }

    fn players() -> impl Iterator<Item = Uuid> {
        (0..10_000).map(|n: u128| Uuid::from_u128(n << 40 | n))
    }

    #[test]
    fn a_share_is_about_as_large_as_it_says_and_another_for_each_flag() {
        for percentage in [1, 10, 50, 90] {
            let flag = flag("quests", percentage);
            let on = players().filter(|id| flag.is_on(Some(*id))).count();
            assert!(on.abs_diff(usize::from(percentage) * 100) < 150, "{on}");
        }
        let (one, other) = (flag("quests", 50), flag("chat", 50));
        let both = players()
            .filter(|id| one.is_on(Some(*id)) && other.is_on(Some(*id)))
            .count();
        assert!(both.abs_diff(2500) < 150, "{both}");
    }

    #[test]
    fn who_has_a_flag_keeps_it_when_its_share_grows() {
        for id in players().take(500) {
            let first = (0..=100).find(|percentage| flag("quests", *percentage).is_on(Some(id)));
            for percentage in first.unwrap()..=100 {
                assert!(flag("quests", percentage).is_on(Some(id)));
            }
        }
    }

    #[test]
    fn nobodys_share_ever_moves() {
        // Written down once: another value would switch things off under people's hands.
        let player = Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0001);
        assert_eq!((share("quests", player), share("chat", player)), (81, 86));
    }

    #[test]
    fn a_players_own_setting_counts_before_all_else() {
        let player = Uuid::from_u128(7);
        let mut off = Flag {
            enabled: false,
            ..flag("quests", 100)
        };
        assert!(!off.is_on(Some(player)));
        off.players.insert(player, true);
        assert!(off.is_on(Some(player)) && !off.is_on(None));
        let mut on = flag("quests", 100);
        on.players.insert(player, false);
        assert!(!on.is_on(Some(player)) && on.is_on(None));
    }
}
