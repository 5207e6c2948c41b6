//! The matches one event touches, while they are being rearranged.

use super::{Evidence, claim::Claim, entity::matched, games};
use chrono::{DateTime, Utc};
use djinn_kernel::Ids;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// The matches an event touches, while they are being rearranged.
#[derive(Default)]
pub struct Round {
    /// The matches by id.
    pub rows: BTreeMap<Uuid, matched::Model>,
    /// Their ids by identity.
    pub by_identity: HashMap<String, Uuid>,
    /// Groups to arrange anew.
    pub groups: BTreeSet<String>,
    /// Rows made by this event.
    pub fresh: HashSet<Uuid>,
    /// Rows that must be written.
    pub dirty: BTreeSet<Uuid>,
    /// Rows that went from one game to another, or came to their first.
    pub moved: BTreeSet<Uuid>,
    /// Rows whose copy turned out to be a store's product.
    pub gone: Vec<Uuid>,
    /// Games made by this event.
    pub born: BTreeSet<Uuid>,
    /// Games whose matches changed.
    pub changed: BTreeSet<Uuid>,
}

impl Round {
    /// Takes a match in.
    pub fn put(&mut self, row: matched::Model) {
        self.by_identity.insert(row.identity.clone(), row.id);
        self.rows.insert(row.id, row);
    }

    /// Notes what one claim says. Returns the row when it got another title.
    pub fn note(
        &mut self,
        claim: &Claim,
        new_id: impl FnOnce() -> Uuid,
        now: DateTime<Utc>,
    ) -> Option<Uuid> {
        let loose = format!("copy:{}", claim.copy);
        let (known, before) = (
            self.by_identity.get(&claim.identity).copied(),
            self.by_identity.get(&loose).copied(),
        );
        if claim.store_id.is_some()
            && let Some(before) = before
        {
            // The copy has come to name its product: what was known of it goes on under that.
            let mut row = self.rows.remove(&before)?;
            self.by_identity.remove(&loose);
            self.groups.insert(row.group_key.clone());
            self.groups.insert(claim.group.clone());
            if known.is_some() {
                self.changed.insert(row.game_id);
                self.gone.push(before);
            } else {
                row.identity.clone_from(&claim.identity);
                row.platform.clone_from(&claim.platform);
                row.store_id.clone_from(&claim.store_id);
                row.title.clone_from(&claim.title);
                row.group_key.clone_from(&claim.group);
                row.year = claim.year;
                self.dirty.insert(before);
                self.changed.insert(row.game_id);
                self.put(row);
                self.moved.insert(before);
                return Some(before);
            }
        }
        let Some(id) = known else {
            let row = matched::Model {
                id: new_id(),
                identity: claim.identity.clone(),
                platform: claim.platform.clone(),
                store_id: claim.store_id.clone(),
                title: claim.title.clone(),
                group_key: claim.group.clone(),
                year: claim.year,
                store_year: None,
                game_id: Uuid::nil(),
                how: String::new(),
                at: now,
            };
            self.fresh.insert(row.id);
            self.groups.insert(claim.group.clone());
            self.put(row);
            return None;
        };
        let row = self.rows.get_mut(&id)?;
        if claim.store_id.is_none() {
            if row.title == claim.title && row.group_key == claim.group && row.year == claim.year {
                return None;
            }
            self.groups
                .extend([row.group_key.clone(), claim.group.clone()]);
            self.changed.insert(row.game_id);
            self.dirty.insert(id);
            row.title.clone_from(&claim.title);
            row.year = claim.year;
            let retitled = row.group_key != claim.group;
            row.group_key.clone_from(&claim.group);
            return retitled.then_some(id);
        }
        // A product keeps the title it came with: who sees it in another language changes nothing.
        let year = [row.year, claim.year].into_iter().flatten().min();
        if row.year != year {
            row.year = year;
            self.groups.insert(row.group_key.clone());
            self.dirty.insert(id);
        }
        None
    }

    /// Gives every row of the groups touched its game.
    pub fn arrange(&mut self, ids: &dyn Ids, now: DateTime<Utc>) {
        for group in std::mem::take(&mut self.groups) {
            let evidence: Vec<Evidence> = self
                .rows
                .values()
                .filter(|row| row.group_key == group)
                .map(|row| Evidence {
                    store_year: row.store_year,
                    ..Evidence::new(
                        &row.identity,
                        &row.platform,
                        row.store_id.as_deref(),
                        &row.title,
                        row.year,
                    )
                })
                .collect();
            // A game stays with the row that founded it.
            let mut founders: BTreeMap<Uuid, Uuid> = BTreeMap::new();
            for row in self
                .rows
                .values()
                .filter(|row| row.group_key == group && !row.game_id.is_nil())
            {
                let founder = founders.entry(row.game_id).or_insert(row.id);
                *founder = row.id.min(*founder);
            }
            for cluster in games(&evidence) {
                let rows: BTreeSet<Uuid> = cluster
                    .iter()
                    .map(|item| self.by_identity[&item.identity])
                    .collect();
                let founded = founders
                    .iter()
                    .filter(|(_, founder)| rows.contains(founder));
                let game = founded
                    .min_by_key(|(_, founder)| **founder)
                    .map(|(game, _)| *game);
                let game = game.unwrap_or_else(|| {
                    let game = ids.new_id();
                    self.born.insert(game);
                    game
                });
                self.assign(rows, game, now);
            }
        }
    }

    fn assign(&mut self, rows: BTreeSet<Uuid>, game: Uuid, now: DateTime<Utc>) {
        let first = rows.first().copied();
        for id in rows {
            let Some(row) = self.rows.get_mut(&id) else {
                continue;
            };
            if row.game_id == game {
                continue;
            }
            if !row.game_id.is_nil() {
                self.changed.insert(row.game_id);
            }
            let founded = Some(id) == first && self.born.contains(&game);
            row.how = String::from(if founded { "first" } else { "title" });
            row.game_id = game;
            row.at = now;
            self.changed.insert(game);
            self.dirty.insert(id);
            self.moved.insert(id);
        }
    }
}
