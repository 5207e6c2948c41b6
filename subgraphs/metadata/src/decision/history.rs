//! What made a game what it is, for one household.

use super::{Decision, Verdict};
use crate::{
    game::title,
    matching::{
        entity::matched,
        key::TitleKey,
        platform,
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

/// The history of `game`, the newest first: what was decided, then what was matched. `rows` are the
/// matches that the household's copies of it stand behind.
pub fn history(game: Uuid, decisions: &[Decision], rows: &[&matched::Model]) -> Vec<Entry> {
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
    // What came by a decision goes with it, and a game's only product stays.
    let own: BTreeSet<Uuid> = rows
        .iter()
        .filter(|row| row.game_id == game)
        .map(|row| row.id)
        .collect();
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
            undoable: own.len() > 1 && own.contains(&row.id),
        })
        .collect();
    matched.sort_by_key(|entry| (std::cmp::Reverse(entry.at), entry.id));
    decided.chain(matched).take(MOST).collect()
}

/// Why the hub takes a product for the game. Only of what the household itself holds: what others
/// call theirs is theirs.
fn proof(row: &matched::Model, game: Uuid) -> Vec<Proof> {
    let mut proof = Vec::new();
    // Evidence is about the game of the catalogue, whatever the household decided about that.
    let (which, it) = if row.game_id == game {
        ("this", "this game")
    } else {
        ("before", "the game it was before your household decided")
    };
    let key = TitleKey::of(&row.title);
    if let Some(store_id) = &row.store_id {
        let store = platform::name_of(&row.platform);
        let is_number = store_id.bytes().all(|byte| byte.is_ascii_digit());
        let (word, code) = if is_number {
            ("number", "product")
        } else {
            ("id", "product.id")
        };
        let text = format!("It is {store}'s {word} {store_id}");
        let product = Proof::new(ProofKind::StoreId, text);
        proof.push(product.coded(code, &[&store, store_id]));
    }
    match row.how.as_str() {
        "title" => {
            let called = title::clean(&row.title);
            let text = format!("It is called “{called}”, signs and editions aside, as {it} is");
            let title = Proof::new(ProofKind::Title, text);
            proof.push(title.coded(&format!("product.called.{which}"), &[&called]));
        }
        "ids" => {
            let text = format!("A catalogue of several stores' ids says that it is {it}");
            let listed = Proof::new(ProofKind::ExternalId, text);
            proof.push(listed.coded(&format!("product.listed.{which}"), &[]));
        }
        _ => {}
    }
    if !key.edition.is_empty() {
        let editions = key.edition.replace('+', ", ");
        let text = format!("It is an edition of it: {editions}");
        let edition = Proof::new(ProofKind::Edition, text);
        proof.push(edition.coded("product.edition", &[&editions]));
    }
    if let Some(year) = key.year.or(row.year) {
        let text = format!("It says that it is of {year}");
        let said = Proof::new(ProofKind::Year, text);
        proof.push(said.coded("product.year", &[&year.to_string()]));
    }
    proof
}
