//! The matches one event touches, while they are being rearranged.

use super::{
    Evidence, claim::Claim, contradict, entity::matched, external_ids, games, key::TitleKey,
};
use crate::game::Findings;
use chrono::{DateTime, Utc};
use djinn_kernel::Ids;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// A work of another catalogue: who says so, and its id there.
pub type Work = (String, String);

/// The matches an event touches, while they are being rearranged.
#[derive(Default)]
pub struct Round {
    /// The matches by id.
    pub rows: BTreeMap<Uuid, matched::Model>,
    /// Their ids by identity.
    pub by_identity: HashMap<String, Uuid>,
    /// Groups to arrange anew.
    pub groups: BTreeSet<String>,
    /// Matches by the work that another catalogue takes them for.
    pub works: BTreeMap<Work, BTreeSet<Uuid>>,
    /// Rows made by this event.
    pub fresh: BTreeSet<Uuid>,
    /// Rows that must be written.
    pub dirty: BTreeSet<Uuid>,
    /// Rows that went from one game to another, or came to their first.
    pub moved: BTreeSet<Uuid>,
    /// Rows whose copy turned out to be a store's product.
    pub gone: BTreeSet<Uuid>,
    /// Games made by this event.
    pub born: BTreeSet<Uuid>,
    /// Games whose matches changed.
    pub changed: BTreeSet<Uuid>,
    /// Titles taken apart.
    keys: HashMap<String, TitleKey>,
}

impl Round {
    /// Takes a match in.
    pub fn put(&mut self, row: matched::Model) {
        self.by_identity.insert(row.identity.clone(), row.id);
        self.rows.insert(row.id, row);
    }

    /// Takes a match in, unless what is known of it here is newer.
    pub fn put_stored(&mut self, row: matched::Model) {
        if !self.rows.contains_key(&row.id) && !self.gone.contains(&row.id) {
            self.put(row);
        }
    }

    /// The title taken apart, once.
    pub fn key(&mut self, title: &str) -> &TitleKey {
        if !self.keys.contains_key(title) {
            self.keys.insert(title.to_owned(), TitleKey::of(title));
        }
        &self.keys[title]
    }

    /// The matches by the game they belong to.
    pub fn by_game(&self) -> HashMap<Uuid, Vec<&matched::Model>> {
        let mut games: HashMap<Uuid, Vec<&matched::Model>> = HashMap::new();
        for row in self.rows.values() {
            games.entry(row.game_id).or_default().push(row);
        }
        games
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
                self.gone.insert(before);
            } else {
                row.identity.clone_from(&claim.identity);
                row.platform.clone_from(&claim.platform);
                row.store_id.clone_from(&claim.store_id);
                row.title.clone_from(&claim.title);
                row.group_key.clone_from(&claim.group);
                row.base_key.clone_from(&claim.base);
                row.year = claim.year;
                row.vouched = claim.vouched;
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
                base_key: claim.base.clone(),
                year: claim.year,
                store_year: None,
                vouched: claim.vouched,
                imported: None,
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
            row.base_key.clone_from(&claim.base);
            let retitled = row.group_key != claim.group;
            row.group_key.clone_from(&claim.group);
            return retitled.then_some(id);
        }
        if claim.vouched && !row.vouched && !contradict(&row.title, &claim.title) {
            row.vouched = true;
            self.groups.insert(row.group_key.clone());
            self.dirty.insert(id);
            self.changed.insert(row.game_id);
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

    /// Keeps what an import said with the match: its game may come to be another.
    pub fn hear(&mut self, claim: &Claim, now: DateTime<Utc>) {
        let findings = claim.findings();
        let known = self.by_identity.get(&claim.identity).copied();
        let Some(row) = known.and_then(|id| self.rows.get_mut(&id)) else {
            return;
        };
        if findings == Findings::default() {
            return;
        }
        let mut imported = row.imported.clone().unwrap_or_default();
        imported.hear(findings, now, true);
        if row.imported.as_ref() != Some(&imported) {
            row.imported = Some(imported);
            self.dirty.insert(row.id);
        }
    }

    /// What an import said of a match was about another title.
    pub fn forget_import(&mut self, id: Uuid) {
        if let Some(row) = self.rows.get_mut(&id) {
            row.imported = None;
            self.dirty.insert(id);
        }
    }

    /// Gives every row of the groups touched its game.
    pub fn arrange(&mut self, ids: &dyn Ids, now: DateTime<Utc>) {
        let mut by_group: HashMap<String, Vec<Uuid>> = HashMap::new();
        for row in self.rows.values() {
            by_group
                .entry(row.group_key.clone())
                .or_default()
                .push(row.id);
        }
        for groups in self.joined_groups() {
            let members: Vec<Uuid> = groups
                .iter()
                .filter_map(|group| by_group.get(group))
                .flatten()
                .copied()
                .collect();
            let mut clusters: Vec<BTreeSet<Uuid>> = Vec::new();
            for group in &groups {
                let rows = by_group.get(group).map_or(&[][..], Vec::as_slice);
                let evidence: Vec<Evidence> = rows.iter().map(|id| self.evidence(*id)).collect();
                clusters.extend(games(&evidence).into_iter().map(|cluster| {
                    let id = |item: &&Evidence| self.by_identity[&item.identity];
                    cluster.iter().map(id).collect()
                }));
            }
            if clusters.len() > 1 && !self.works.is_empty() {
                clusters = external_ids::join(clusters, &self.works, &self.rows);
            }
            // A game stays with the row that founded it.
            let mut founders: BTreeMap<Uuid, Uuid> = BTreeMap::new();
            for id in &members {
                let game = self.rows[id].game_id;
                if !game.is_nil() {
                    let founder = founders.entry(game).or_insert(*id);
                    *founder = (*id).min(*founder);
                }
            }
            for rows in clusters {
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

    fn evidence(&mut self, id: Uuid) -> Evidence {
        let row = self.rows[&id].clone();
        let store_id = row.store_id.as_deref();
        let key = self.key(&row.title);
        Evidence {
            store_year: row.store_year,
            ..Evidence::with(&row.identity, &row.platform, store_id, key, row.year)
        }
    }

    /// The groups to arrange, with those that another catalogue's works tie to them.
    fn joined_groups(&mut self) -> Vec<BTreeSet<String>> {
        let touched = std::mem::take(&mut self.groups);
        let mut ties: BTreeMap<&str, BTreeSet<&Work>> = BTreeMap::new();
        for (work, matches) in &self.works {
            for row in matches.iter().filter_map(|id| self.rows.get(id)) {
                ties.entry(&row.group_key).or_default().insert(work);
            }
        }
        let mut done: BTreeSet<String> = BTreeSet::new();
        let mut all = Vec::new();
        for group in touched {
            let mut joined = BTreeSet::new();
            let mut next = vec![group];
            while let Some(group) = next.pop() {
                if !done.insert(group.clone()) {
                    continue;
                }
                for work in ties.get(group.as_str()).into_iter().flatten() {
                    let matches = self.works[*work].iter();
                    next.extend(
                        matches
                            .filter_map(|id| self.rows.get(id))
                            .map(|row| row.group_key.clone()),
                    );
                }
                joined.insert(group);
            }
            if !joined.is_empty() {
                all.push(joined);
            }
        }
        all
    }

    fn assign(&mut self, rows: BTreeSet<Uuid>, game: Uuid, now: DateTime<Utc>) {
        let first = rows.first().copied();
        let group = first.map(|id| self.rows[&id].group_key.clone());
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
            let how = if founded {
                "first"
            } else if group.as_ref() == Some(&row.group_key) {
                "title"
            } else {
                "ids"
            };
            how.clone_into(&mut row.how);
            row.game_id = game;
            row.at = now;
            self.changed.insert(game);
            self.dirty.insert(id);
            self.moved.insert(id);
        }
    }
}
