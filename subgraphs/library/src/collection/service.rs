//! What is in a collection.

use super::{
    entity::{collection, member},
    error::CollectionError,
    evaluate::{Bound, Unasked},
    field::Field,
    membership::Memberships,
    rule::Rule,
};
use crate::{
    game::visible,
    platform::Registry,
    search::{
        index::Index,
        page::{self, Asked, Cut, Hit, Sort},
    },
};
use chrono::NaiveDate;
use djinn_kernel::{
    Doing, FamilyView, Fault,
    ids::{CollectionId, GameId},
    page::{InvalidPage, Page, encode_cursor},
    viewer::Identity,
};
use djinn_subgraph_kit::Ports;
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// The games of a collection that a viewer may see.
#[derive(Debug)]
pub struct Content {
    /// Where they stand in the index.
    pub hits: Vec<Hit>,
    /// Their places, in a manual collection.
    places: Option<HashMap<Uuid, i64>>,
    /// What its cursors are of.
    asked: Asked,
}

/// The games that a rule gathers out of the index of `identity`'s household.
pub fn gathered(
    ports: &Ports,
    memberships: &Memberships,
    identity: &Identity,
    index: &Arc<Index>,
    rule: &Rule,
) -> Content {
    let found = memberships.of(identity.household.0, index, rule, today(ports, index));
    // A rule always has a JSON form; it was read from one.
    let text = serde_json::to_string(rule).unwrap_or_default();
    Content {
        hits: found.hits(identity.family),
        places: None,
        asked: Asked::of(&text),
    }
}

/// The day that relative dates go by: that of the household, the same for everybody who looks.
fn today(ports: &Ports, index: &Index) -> NaiveDate {
    index.zone.day(ports.clock.now())
}

/// A rule as it is today, to be explained.
pub fn bound(ports: &Ports, index: &Index, rule: &Rule) -> Bound {
    Bound::new(rule, index, today(ports, index))
}

/// What a manual collection leaves out although somebody put it in.
pub const BY_HAND: Unasked = Unasked {
    hidden: true,
    kind: false,
};

/// The games that somebody put into `collection`, of those that are still held.
pub fn put_in(
    index: &Index,
    family: Option<FamilyView>,
    collection: Uuid,
    members: &[member::Model],
) -> Content {
    let places: HashMap<Uuid, i64> = members
        .iter()
        .map(|member| (member.game_id, member.position))
        .collect();
    let all = index.entries.iter().enumerate();
    let hits = all
        .filter(|(_, entry)| {
            places.contains_key(&entry.id) && visible(family, entry.rated) && BY_HAND.passes(entry)
        })
        .map(|(at, _)| Hit {
            score: 0,
            at: at as u32,
        })
        .collect();
    Content {
        hits,
        places: Some(places),
        asked: Asked::of(&collection.to_string()),
    }
}

impl Content {
    /// A page of it. Without a `sort`, a manual collection is in its own order and any other by
    /// title.
    pub fn page(
        &self,
        index: &Index,
        sort: Option<Sort>,
        first: Option<i32>,
        after: Option<&str>,
    ) -> Result<Cut, InvalidPage> {
        let (None, Some(places)) = (sort, &self.places) else {
            let sort = sort.unwrap_or(Sort::Title);
            let page = Page::parse(first, after)?;
            return page::cut(index, &self.hits, sort, &self.asked, &page);
        };
        let page: Page<(Asked, i64, Uuid)> = Page::parse(first, after)?;
        let after = match page.after {
            Some((asked, ..)) if asked != self.asked => return Err(InvalidPage::Cursor),
            Some((_, place, game)) => Some((place, game)),
            None => None,
        };
        let mut keys: Vec<(i64, Uuid)> = self
            .hits
            .iter()
            .map(|hit| index.entries[hit.at as usize].id)
            .map(|game| (places.get(&game).copied().unwrap_or_default(), game))
            // The game at the cursor may be gone; its place is not.
            .filter(|key| after.is_none_or(|after| *key > after))
            .collect();
        keys.sort_unstable();
        let has_next = keys.len() > page.first as usize;
        keys.truncate(page.first as usize);
        Ok(Cut {
            end: keys
                .last()
                .map(|(place, game)| encode_cursor(&(&self.asked, place, game))),
            games: keys.into_iter().map(|(_, game)| game).collect(),
            has_next,
        })
    }
}

/// The rule of a row; `None` for a manual collection.
pub fn rule_of(row: &collection::Model) -> Result<Option<Rule>, Fault> {
    let rule = row.rule.clone().map(serde_json::from_value);
    rule.transpose().doing("reading a collection's rule")
}

/// Whether rules may name this platform, if it can be linked or a game that the viewer may see is
/// held there, or this status.
pub fn knows(
    registry: &Registry,
    index: &Index,
    family: Option<FamilyView>,
    (field, id): (Field, &str),
) -> bool {
    if field == Field::Status {
        return index.knows_status(id);
    }
    registry.get(id).is_some()
        || index.platforms.number(id).is_some_and(|number| {
            let mut entries = index.entries.iter();
            entries.any(|entry| visible(family, entry.rated) && entry.platforms.contains(&number))
        })
}

/// Reads an id that was sent at `at`.
pub fn collection_id(at: &str, id: &str) -> Result<Uuid, CollectionError> {
    let id = CollectionId::parse(id).map_err(|id| CollectionError::Id {
        at: at.to_owned(),
        id,
    })?;
    Ok(id.0)
}

/// Reads a game's id that was sent at `at`.
pub fn game_id(at: &str, id: &str) -> Result<Uuid, CollectionError> {
    let id = GameId::parse(id).map_err(|id| CollectionError::Id {
        at: at.to_owned(),
        id,
    })?;
    Ok(id.0)
}
