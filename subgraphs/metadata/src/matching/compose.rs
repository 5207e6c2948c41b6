//! What follows for a game from the copies it is made of.

use super::{entity::matched, key::TitleKey};
use crate::game::{self, Dossier, Field, Source, title};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Whom to ask about a game.
#[derive(Debug, PartialEq, Eq)]
pub enum Asking {
    /// The Steam store, about this product.
    About(String),
    /// Whoever was asked already.
    AsBefore,
    /// No provider knows it.
    Nobody,
}

/// The Steam store knows its products by number.
fn askable(row: &matched::Model) -> bool {
    row.platform == "steam"
        && row.store_id.as_ref().is_some_and(|id| {
            (1..=10).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit())
        })
}

/// Brings title, kind and what the store said in line with `rows`, the matches it is made of.
/// `moved` are those that came to it just now.
pub fn compose(
    dossier: &mut Dossier,
    rows: &[&matched::Model],
    moved: impl Fn(Uuid) -> bool,
    asks_steam: bool,
    now: DateTime<Utc>,
) -> Asking {
    let asking = match rows.iter().find(|row| askable(row)) {
        Some(row) if !moved(row.id) => Asking::AsBefore,
        Some(row) if asks_steam => {
            dossier.game.enriched = false;
            Asking::About(row.store_id.clone().unwrap_or_default())
        }
        _ => {
            dossier.game.enriched = true;
            Asking::Nobody
        }
    };
    if asking != Asking::AsBefore {
        // What the store said was about another product.
        dossier.forget(Source::SteamStore);
    }
    if rows.iter().all(|row| row.vouched || row.store_id.is_none()) {
        dossier.believe();
    }
    let keys: Vec<TitleKey> = rows.iter().map(|row| TitleKey::of(&row.title)).collect();
    let Some(key) = keys.first() else {
        return asking;
    };
    let ours = |dossier: &Dossier, field| {
        dossier
            .facts
            .get(&field)
            .is_none_or(|(source, _)| *source == Source::Platform)
    };
    if ours(dossier, Field::Title) {
        let titles = rows
            .iter()
            .zip(&keys)
            .map(|(row, key)| (row.title.as_str(), !key.edition.is_empty()));
        dossier.game.title = title::best(titles);
        dossier
            .facts
            .entry(Field::Title)
            .or_insert((Source::Platform, now));
    }
    if ours(dossier, Field::Kind) {
        dossier.game.kind = game::kind_code(key.kind);
        dossier
            .facts
            .entry(Field::Kind)
            .or_insert((Source::Platform, now));
    }
    asking
}
