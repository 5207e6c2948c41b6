//! Games of a household that may be one: found, explained, and left to a person.
//!
//! Nothing here is ever merged by itself. Numbers, kinds and releases guard as they do for exact
//! keys: a sequel, a soundtrack or a remaster is no suggestion either, and neither are two products
//! that one store sells side by side.

pub mod entity;
pub mod graphql;
mod likeness;
mod recent;
pub mod service;
mod sketch;
pub mod store;

pub use likeness::{Likeness, likeness};
pub use recent::Recent;
pub use sketch::Sketch;

use crate::matching::entity::matched;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// The most suggestions a household is given. Who has more has another problem.
pub const MOST: usize = 1_000;
/// The most that are looked for: as many are shown also to somebody who dismissed as many as may be.
const MOST_FOUND: usize = MOST + service::MOST_DISMISSED as usize;
/// What looks less alike is not worth a person's time.
const LEAST: f64 = 0.5;
/// Titles that share a form with more others than this say nothing by it.
const CROWD: usize = 12;
/// Letters a title has at least for one to be a slip.
const SLIP_FROM: usize = 8;

/// Two games that may be one.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// One, with the smaller id.
    pub one: Uuid,
    /// The other.
    pub other: Uuid,
    /// How alike, and why.
    pub likeness: Likeness,
}

/// What speaks for two games being one, to judge by their matches alone.
pub fn between(one: &[&matched::Model], other: &[&matched::Model]) -> Option<Likeness> {
    let (one, other) = (
        Sketch::of(Uuid::nil(), one, None, &[]),
        Sketch::of(Uuid::max(), other, None, &[]),
    );
    likeness(&one, &other)
}

/// The pairs among these games, the most alike first, at most as many as may be shown and dismissed.
/// In time nearly linear in their number: only those are compared that share a spelling, all but one
/// letter, a beginning or the set of words.
pub fn pairs(sketches: &[Sketch]) -> Vec<Pair> {
    let mut forms: HashMap<u64, Vec<u32>> = HashMap::new();
    for (i, sketch) in sketches.iter().enumerate() {
        for form in sketch.forms(SLIP_FROM) {
            forms.entry(form).or_default().push(i as u32);
        }
    }
    let mut near: BTreeSet<(u32, u32)> = BTreeSet::new();
    for alike in forms.into_values() {
        if alike.len() > CROWD {
            continue;
        }
        for (at, one) in alike.iter().enumerate() {
            near.extend(
                alike[at + 1..]
                    .iter()
                    .filter(|other| *other != one)
                    .map(|other| ((*one).min(*other), (*one).max(*other))),
            );
        }
    }
    let mut pairs: Vec<Pair> = near
        .into_iter()
        .filter_map(|(one, other)| {
            let (one, other) = (&sketches[one as usize], &sketches[other as usize]);
            let likeness = likeness(one, other).filter(|likeness| likeness.confidence >= LEAST)?;
            Some(Pair {
                one: one.game.min(other.game),
                other: one.game.max(other.game),
                likeness,
            })
        })
        .collect();
    pairs.sort_by(|a, b| {
        let order = b.likeness.confidence.total_cmp(&a.likeness.confidence);
        order.then_with(|| (a.one, a.other).cmp(&(b.one, b.other)))
    });
    pairs.truncate(MOST_FOUND);
    pairs
}
