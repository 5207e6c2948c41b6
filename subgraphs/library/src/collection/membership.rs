//! What was found last time. An index shares every unchanged game with the one before it, so after
//! a change of one game only that game is evaluated again, for each rule that somebody looks at.

use super::{evaluate::Bound, rule::Rule};
use crate::{
    game::visible,
    household::Zone,
    search::{index::Index, page::Hit},
};
use chrono::NaiveDate;
use djinn_kernel::FamilyView;
use std::{sync::Arc, time::Duration};
use uuid::Uuid;

/// How many bytes of memberships are kept, each counted with an index of its own.
const BYTES: u64 = 64 << 20;
/// A membership nobody looked at this long is dropped.
const IDLE: Duration = Duration::from_hours(1);

/// Memberships by household, rule and day: the same rule on the same day holds for the same games,
/// in whosever collection it is. A ceiling is applied on the way out.
#[derive(Debug, Clone)]
pub struct Memberships(moka::sync::Cache<Question, Arc<Membership>>);

/// The household, the rule as JSON, the day, and where its days begin.
type Question = (Uuid, Box<str>, NaiveDate, Zone);

impl Default for Memberships {
    fn default() -> Self {
        let bytes = |(_, rule, ..): &Question, membership: &Arc<Membership>| {
            let games = membership.index.entries.len();
            u32::try_from(rule.len() + games * size_of::<usize>() + games / 8).unwrap_or(u32::MAX)
        };
        Self(
            moka::sync::Cache::builder()
                .weigher(bytes)
                .max_capacity(BYTES)
                .time_to_idle(IDLE)
                .build(),
        )
    }
}

impl Memberships {
    /// The games of `index`, which is `household`'s, that `rule` holds for on the day `today`.
    pub fn of(
        &self,
        household: Uuid,
        index: &Arc<Index>,
        rule: &Rule,
        today: NaiveDate,
    ) -> Arc<Membership> {
        // A rule always has a JSON form; it was read from one.
        let text = serde_json::to_string(rule).unwrap_or_default();
        let question = (household, text.into_boxed_str(), today, index.zone);
        let before = self.0.get(&question);
        if let Some(same) = before
            .as_ref()
            .filter(|before| Arc::ptr_eq(&before.index, index))
        {
            return Arc::clone(same);
        }
        let bound = Bound::new(rule, index, today);
        let found = Arc::new(Membership::new(before.as_deref(), index, &bound));
        self.0.insert(question, Arc::clone(&found));
        found
    }
}

/// Which games of one index a rule holds for.
#[derive(Debug)]
pub struct Membership {
    index: Arc<Index>,
    /// By place in the index, 64 in each.
    held: Box<[u64]>,
}

impl Membership {
    /// Evaluates `rule` for the games that are not in `before` as they are now.
    ///
    /// A game that is the same allocation has the same values, and numbers of names are never given
    /// to another name from one index to the next: so its answer is the same too.
    fn new(before: Option<&Self>, index: &Arc<Index>, rule: &Bound) -> Self {
        let mut held = vec![0_u64; index.entries.len().div_ceil(64)];
        let old = before.map_or(&[][..], |before| &before.index.entries);
        let mut old_at = 0;
        for (at, entry) in index.entries.iter().enumerate() {
            // Both are in the same order: what comes before this one is gone, or has changed.
            while old
                .get(old_at)
                .is_some_and(|old| !Arc::ptr_eq(old, entry) && old.order() < entry.order())
            {
                old_at += 1;
            }
            let same = old.get(old_at).is_some_and(|old| Arc::ptr_eq(old, entry));
            let holds = match before {
                Some(before) if same => before.holds(old_at),
                _ => rule.holds(entry),
            };
            // Past it at once: then the usual game costs a look at two addresses, and not at its
            // title, which is somewhere else in memory.
            old_at += usize::from(same);
            held[at / 64] |= u64::from(holds) << (at % 64);
        }
        Self {
            index: Arc::clone(index),
            held: held.into(),
        }
    }

    fn holds(&self, at: usize) -> bool {
        self.held[at / 64] >> (at % 64) & 1 == 1
    }

    /// The games, of those that a viewer with this ceiling may see.
    pub fn hits(&self, family: Option<FamilyView>) -> Vec<Hit> {
        let entries = &self.index.entries;
        // Without a ceiling nothing of a game has to be looked at.
        let sees = |at: usize| family.is_none() || visible(family, entries[at].rated);
        (0..entries.len())
            .filter(|at| self.holds(*at) && sees(*at))
            .map(|at| Hit {
                score: 0,
                at: at as u32,
            })
            .collect()
    }
}
