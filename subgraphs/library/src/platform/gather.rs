//! Puts several lists of one account together: what it bought, what it played, what it wishes for.
//!
//! What was gathered so far travels in the cursor, which is kept with the run. So a run that is
//! killed goes on with the next page, and a game that is on two lists comes out once, with the
//! playtime of one and the holding of the other.

use super::{Listed, Listing};
use crate::copy::Holding;
use djinn_kernel::{Doing, Fault};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::collections::BTreeMap;

/// What was gathered, and where to go on.
#[derive(Debug, Serialize, Deserialize)]
pub struct Gathered<P> {
    /// The next page.
    pub at: P,
    games: BTreeMap<String, Listed>,
}

impl<P: Serialize + DeserializeOwned> Gathered<P> {
    /// What the cursor carries; nothing at `first` when there is none, or when another version
    /// wrote it.
    pub fn of(cursor: Option<&str>, first: P) -> Self {
        cursor
            .and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or(Self {
                at: first,
                games: BTreeMap::new(),
            })
    }

    /// Adds games; one that is there already is held in the stronger way and played the longer.
    pub fn add(&mut self, games: impl IntoIterator<Item = Listed>) {
        for game in games {
            let Some(there) = self.games.get_mut(&game.store_id) else {
                self.games.insert(game.store_id.clone(), game);
                continue;
            };
            if strength(game.holding) > strength(there.holding) {
                there.holding = game.holding;
            }
            there.playtime_minutes = there.playtime_minutes.max(game.playtime_minutes);
            there.last_played_at = there.last_played_at.max(game.last_played_at);
            if there.title.is_none() {
                there.title = game.title;
            }
        }
    }

    /// Nothing to give yet: go on at `at`.
    pub fn more(mut self, at: P) -> Result<Listing, Fault> {
        self.at = at;
        let next = serde_json::to_string(&self).doing("writing down what was gathered")?;
        Ok(Listing {
            games: Vec::new(),
            next: Some(next),
        })
    }

    /// Everything.
    pub fn whole(self) -> Listing {
        Listing {
            games: self.games.into_values().collect(),
            next: None,
        }
    }
}

/// Of two ways to hold a game, the one that lets its owner do more counts.
const fn strength(holding: Holding) -> u8 {
    match holding {
        Holding::Owned => 4,
        Holding::Subscription => 3,
        Holding::FamilyShared => 2,
        Holding::PlayedOnly => 1,
        Holding::Wishlist => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn game(id: &str, holding: Holding, minutes: i32) -> Listed {
        Listed {
            store_id: id.to_owned(),
            title: (minutes > 0).then(|| format!("Game {id}")),
            holding,
            playtime_minutes: minutes,
            last_played_at: None,
        }
    }

    #[test]
    fn a_game_on_two_lists_comes_out_once_in_whatever_order_they_come() {
        for turned in [false, true] {
            let mut lists = vec![
                game("1", Holding::Owned, 0),
                game("1", Holding::PlayedOnly, 90),
            ];
            if turned {
                lists.reverse();
            }
            let mut gathered = Gathered::of(None, 0_u8);
            gathered.add(lists);
            let Listing { games, next } = gathered.more(1).unwrap();
            assert!(games.is_empty());
            let gathered = Gathered::of(next.as_deref(), 0_u8);
            assert_eq!(gathered.at, 1);
            assert_eq!(gathered.whole().games, [game("1", Holding::Owned, 90)]);
        }
    }

    #[test]
    fn a_cursor_of_another_version_begins_anew() {
        assert_eq!(Gathered::<u8>::of(Some("page 7"), 3).at, 3);
    }
}
