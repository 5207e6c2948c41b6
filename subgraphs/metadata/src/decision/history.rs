//! What made a game what it is, for one household.

use super::{Decision, Verdict};
use crate::{
    game::title,
    matching::{
        entity::{copy, matched},
        key::TitleKey,
        proof::{Proof, ProofKind},
    },
};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The most entries a history shows.
const MOST: usize = 50;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A product or copy was matched by evidence.
    Matched,
    /// Somebody merged.
    Merged,
    /// Somebody split.
    Split,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The decision's, or the match's.
    pub id: Uuid,
    /// What happened.
    pub kind: EntryKind,
    /// To what.
    pub titles: Vec<String>,
    /// On which platform.
    pub platform: Option<String>,
    /// Why.
    pub proof: Vec<Proof>,
    /// When.
    pub at: DateTime<Utc>,
    /// When it was taken back.
    pub undone_at: Option<DateTime<Utc>>,
    /// Whether it can be.
    pub undoable: bool,
}

/// The history of `game`, the newest first: what was decided, then what was matched. `copies` are
/// the household's of this game, `rows` the matches they stand behind.
pub fn history(
    game: Uuid,
    decisions: &[Decision],
    copies: &[&copy::Model],
    rows: &[&matched::Model],
) -> Vec<Entry> {
    let decided = decisions
        .iter()
        .filter(|decision| decision.game == game || decision.sides.games.contains(&game))
        .map(|decision| Entry {
            id: decision.id,
            kind: match decision.verdict {
                Verdict::Same => EntryKind::Merged,
                Verdict::Apart => EntryKind::Split,
            },
            titles: decision.sides.titles.clone(),
            platform: None,
            proof: decision.sides.proof.clone(),
            at: decision.at,
            undone_at: decision.undone_at,
            undoable: decision.undone_at.is_none(),
        });
    let several = copies
        .iter()
        .map(|copy| copy.match_id)
        .collect::<BTreeSet<_>>()
        .len()
        > 1;
    let mut matched: Vec<Entry> = rows
        .iter()
        .map(|row| Entry {
            id: row.id,
            kind: EntryKind::Matched,
            titles: vec![title::clean(&row.title)],
            platform: Some(row.platform.clone()),
            proof: proof(row, game),
            at: row.at,
            undone_at: None,
            undoable: several,
        })
        .collect();
    matched.sort_by_key(|entry| (std::cmp::Reverse(entry.at), entry.id));
    decided.chain(matched).take(MOST).collect()
}

/// Why the hub takes a product for the game. Only of what the household itself holds: what others
/// call theirs is theirs.
fn proof(row: &matched::Model, game: Uuid) -> Vec<Proof> {
    let mut proof = Vec::new();
    if row.game_id != game {
        let text = "Somebody of your household said so";
        return vec![Proof::new(ProofKind::Person, text)];
    }
    let key = TitleKey::of(&row.title);
    if let Some(store_id) = &row.store_id {
        let text = format!("The product {store_id} of {} is this game", row.platform);
        proof.push(Proof::new(ProofKind::StoreId, text));
    }
    match row.how.as_str() {
        "title" => {
            let text = format!(
                "It is called “{}”, signs and editions aside, as this game is",
                key.base
            );
            proof.push(Proof::new(ProofKind::Title, text));
        }
        "ids" => {
            let text = "A catalogue of several stores' ids says that it is this game";
            proof.push(Proof::new(ProofKind::ExternalId, text));
        }
        _ => {}
    }
    if !key.edition.is_empty() {
        let text = format!("It is an edition of it: {}", key.edition.replace('+', ", "));
        proof.push(Proof::new(ProofKind::Edition, text));
    }
    if let Some(year) = key.year.or(row.year) {
        proof.push(Proof::new(
            ProofKind::Year,
            format!("It says that it is of {year}"),
        ));
    }
    proof
}
