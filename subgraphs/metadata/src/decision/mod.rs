//! What a household decided about its own games: that two are one, or that one is two.
//!
//! The catalogue is the whole hub's, a decision is a household's. So a decision never changes a
//! match: it is laid over the catalogue when that household's copies are told which game they are
//! ([`Outlook`]). What others see, and what they have, plays no part.
//!
//! A decision names matches, not games: the products and copies that stood on each side when the
//! person decided. Games come and go as evidence arrives; what the person pointed at stays.

pub mod catchup;
pub mod entity;
pub mod error;
pub mod file;
pub mod graphql;
pub mod held;
pub mod history;
pub mod loader;
pub mod parts;
pub mod service;
pub mod store;
mod undo;

use crate::matching::proof::Proof;
use async_graphql::dataloader::DataLoader;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    hash::BuildHasher,
};
use uuid::Uuid;

/// Puts what the resolvers of one request need in.
pub fn put(
    request: async_graphql::Request,
    decisions: &service::Decisions,
) -> async_graphql::Request {
    let db = &decisions.ports().db;
    request
        .data(DataLoader::new(
            loader::Merges::new(db.clone()),
            tokio::spawn,
        ))
        .data(DataLoader::new(
            crate::relation::loader::Relations::new(db.clone()),
            tokio::spawn,
        ))
        .data(decisions.clone())
}

/// Decisions of one household that hold at a time.
pub const MOST: u64 = 5_000;
/// Games in one merge, and copies in one split.
pub const MOST_AT_ONCE: usize = 20;

/// One or the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Both sides are the game of the first.
    Same,
    /// The second side is another game than the first.
    Apart,
}

impl Verdict {
    /// As it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Apart => "apart",
        }
    }
}

/// What a decision is about; the ids are those of matches.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sides {
    /// The game that keeps its id.
    pub kept: BTreeSet<Uuid>,
    /// What was merged into it, or split off from it.
    pub others: BTreeSet<Uuid>,
    /// The titles of `others`, for the history.
    #[serde(default)]
    pub titles: Vec<String>,
    /// The games that `others` were.
    #[serde(default)]
    pub games: Vec<Uuid>,
    /// What spoke for it then.
    #[serde(default)]
    pub proof: Vec<Proof>,
}

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Its id.
    pub id: Uuid,
    /// What was decided.
    pub verdict: Verdict,
    /// About what.
    pub sides: Sides,
    /// The game that was kept, or the one that came to be by the split.
    pub game: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// When it was taken back.
    pub undone_at: Option<DateTime<Utc>>,
}

impl Decision {
    /// The matches it names.
    pub fn named(&self) -> impl Iterator<Item = Uuid> {
        self.sides.kept.iter().chain(&self.sides.others).copied()
    }
}

/// A game of the catalogue, or what a split took out of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Cell {
    Catalogue(Uuid),
    SplitOff(Uuid),
}

/// How one household sees the catalogue.
///
/// A function of the catalogue and of the decisions in the order they were made, and of nothing
/// else: when copies were imported does not matter.
#[derive(Debug, Clone, Default)]
pub struct Outlook {
    /// Where a split put a match.
    home: HashMap<Uuid, Cell>,
    /// What was merged into what.
    parent: BTreeMap<Cell, Cell>,
    /// The game a cell is shown as, where that is not its own.
    shown: HashMap<Cell, Uuid>,
    /// Games of the catalogue that take part.
    games: BTreeSet<Uuid>,
}

impl Outlook {
    /// Lays `decisions`, oldest first, over the catalogue. `catalogue` has the game of each match
    /// they name; one that is not in there is gone.
    pub fn of<'a, S: BuildHasher>(
        decisions: impl IntoIterator<Item = &'a Decision>,
        catalogue: &HashMap<Uuid, Uuid, S>,
    ) -> Self {
        let mut outlook = Self::default();
        for decision in decisions {
            if decision.undone_at.is_some() {
                continue;
            }
            let there = |side: &BTreeSet<Uuid>| -> Vec<(Uuid, Uuid)> {
                side.iter()
                    .filter_map(|id| Some((*id, *catalogue.get(id)?)))
                    .collect()
            };
            let (kept, others) = (there(&decision.sides.kept), there(&decision.sides.others));
            outlook
                .games
                .extend(kept.iter().chain(&others).map(|(_, game)| *game));
            match decision.verdict {
                Verdict::Same => outlook.join(&kept, &others),
                Verdict::Apart => outlook.part(decision, &kept, &others),
            }
        }
        outlook
    }

    fn join(&mut self, kept: &[(Uuid, Uuid)], others: &[(Uuid, Uuid)]) {
        let Some((first, game)) = kept.first().copied() else {
            return;
        };
        let root = self.root(self.cell(first, game));
        for (id, game) in kept.iter().chain(others).copied() {
            let cell = self.root(self.cell(id, game));
            if cell != root {
                self.parent.insert(cell, root);
            }
        }
    }

    fn part(&mut self, decision: &Decision, kept: &[(Uuid, Uuid)], others: &[(Uuid, Uuid)]) {
        let stay: HashSet<Cell> = kept
            .iter()
            .map(|(id, game)| self.root(self.cell(*id, *game)))
            .collect();
        let cell = Cell::SplitOff(decision.id);
        for (id, game) in others {
            // What evidence has told apart meanwhile needs no decision any more.
            if stay.contains(&self.root(self.cell(*id, *game))) {
                self.home.insert(*id, cell);
                self.shown.insert(cell, decision.game);
            }
        }
    }

    fn cell(&self, id: Uuid, game: Uuid) -> Cell {
        self.home.get(&id).copied().unwrap_or(Cell::Catalogue(game))
    }

    fn root(&self, mut cell: Cell) -> Cell {
        // Roots are only ever put under other roots, so this ends.
        while let Some(parent) = self.parent.get(&cell) {
            cell = *parent;
        }
        cell
    }

    /// The game that a match is to this household, when it is `game` in the catalogue.
    pub fn game(&self, id: Uuid, game: Uuid) -> Uuid {
        let root = self.root(self.cell(id, game));
        match root {
            Cell::Catalogue(game) => game,
            Cell::SplitOff(_) => self.shown.get(&root).copied().unwrap_or(game),
        }
    }

    /// The same without what was merged: the catalogue's, or what a split made of it.
    pub fn own(&self, id: Uuid, game: Uuid) -> Uuid {
        match self.cell(id, game) {
            Cell::Catalogue(game) => game,
            cell @ Cell::SplitOff(_) => self.shown.get(&cell).copied().unwrap_or(game),
        }
    }

    /// The catalogue's games whose copies may be of another game to this household.
    pub fn touched(&self) -> impl Iterator<Item = Uuid> {
        self.games.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn decided(n: u128, verdict: Verdict, kept: &[u128], others: &[u128], game: u128) -> Decision {
        let side = |side: &[u128]| side.iter().copied().map(id).collect();
        Decision {
            id: id(n),
            verdict,
            sides: Sides {
                kept: side(kept),
                others: side(others),
                ..Sides::default()
            },
            game: id(game),
            at: DateTime::UNIX_EPOCH,
            undone_at: None,
        }
    }

    /// Matches 1 and 2 are game 10, 3 is game 30.
    fn catalogue() -> HashMap<Uuid, Uuid> {
        [(1, 10), (2, 10), (3, 30)]
            .map(|(n, game)| (id(n), id(game)))
            .into()
    }

    fn seen(decisions: &[Decision]) -> [u128; 3] {
        let outlook = Outlook::of(decisions, &catalogue());
        [1, 2, 3].map(|n| outlook.game(id(n), catalogue()[&id(n)]).as_u128())
    }

    #[test]
    fn without_decisions_the_catalogue_counts() {
        assert_eq!(seen(&[]), [10, 10, 30]);
    }

    #[test]
    fn what_was_merged_is_one_game_also_for_products_that_come_later() {
        let merged = [decided(1, Verdict::Same, &[3], &[1], 30)];
        assert_eq!(seen(&merged), [30, 30, 30]);
        let outlook = Outlook::of(&merged, &catalogue());
        assert_eq!(outlook.game(id(9), id(10)), id(30));
        assert_eq!(outlook.game(id(9), id(90)), id(90));
    }

    #[test]
    fn what_was_split_off_stays_off_until_it_is_merged_again() {
        let split = decided(1, Verdict::Apart, &[1], &[2], 20);
        assert_eq!(seen(std::slice::from_ref(&split)), [10, 20, 30]);
        let merged = decided(2, Verdict::Same, &[1], &[2], 10);
        assert_eq!(seen(&[split.clone(), merged.clone()]), [10, 10, 30]);
        let undone = Decision {
            undone_at: Some(DateTime::UNIX_EPOCH),
            ..merged
        };
        assert_eq!(seen(&[split, undone]), [10, 20, 30]);
    }

    #[test]
    fn a_part_of_a_merged_game_can_be_split_off_again() {
        let merged = decided(1, Verdict::Same, &[1, 2], &[3], 10);
        let split = decided(2, Verdict::Apart, &[1, 3], &[2], 20);
        assert_eq!(seen(&[merged, split]), [10, 20, 10]);
    }

    #[test]
    fn a_split_of_what_evidence_has_told_apart_says_nothing() {
        let split = decided(1, Verdict::Apart, &[1], &[3], 20);
        assert_eq!(seen(&[split]), [10, 10, 30]);
    }

    #[test]
    fn a_decision_about_what_is_gone_says_nothing() {
        assert_eq!(
            seen(&[decided(1, Verdict::Same, &[8], &[3], 80)]),
            [10, 10, 30]
        );
        assert_eq!(
            seen(&[decided(1, Verdict::Apart, &[8], &[3], 80)]),
            [10, 10, 30]
        );
    }

    #[test]
    fn merges_in_a_ring_end() {
        let ring = [
            decided(1, Verdict::Same, &[1], &[3], 10),
            decided(2, Verdict::Same, &[3], &[1], 30),
        ];
        assert_eq!(seen(&ring), [10, 10, 10]);
    }
}
