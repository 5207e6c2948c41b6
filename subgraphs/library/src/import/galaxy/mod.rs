//! The database of GOG Galaxy 2.0, which holds the games of every store that was linked there.
//!
//! A database from a stranger is a program for SQLite. It is opened in memory, read-only, without
//! triggers, views and trust in its schema; every table is looked at before it is asked, columns
//! are asked by name in the plainest statements, each with a bound on its steps, and everything
//! that takes knowledge is done here and not by SQL.

mod database;
mod game;

use super::{
    Malformed, place,
    row::{Rejected, Row},
};
use crate::copy::{Holding, clean};
use database::{Database, Field};
use game::{Game, instant};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Reads the games of a database. `parts` are its bytes; they are freed as they are read.
pub fn read(parts: Vec<Vec<u8>>, most: usize) -> Result<Vec<Result<Row, Rejected>>, Malformed> {
    let db = Database::open(parts)?;
    Galaxy { db, most }.games()
}

struct Galaxy {
    db: Database,
    most: usize,
}

impl Galaxy {
    fn games(&self) -> Result<Vec<Result<Row, Rejected>>, Malformed> {
        let held = self.held()?;
        let mut games: BTreeMap<String, Game> = held
            .into_iter()
            .take(self.most + 1)
            .map(|(key, holding)| (key, Game::held(holding)))
            .collect();
        self.pieces(&mut games)?;
        self.db
            .rows("GameTimes", &["releaseKey", "minutesInGame"], &mut |row| {
                if let (Some(game), Some(minutes)) = (games.get_mut(row[0].text()), row[1].number())
                {
                    game.minutes = game.minutes.saturating_add(minutes.max(0));
                }
            })?;
        self.db.rows(
            "LastPlayedDates",
            &["gameReleaseKey", "lastPlayedDate"],
            &mut |row| {
                if let Some(game) = games.get_mut(row[0].text()) {
                    game.played = game.played.max(instant(&row[1]));
                }
            },
        )?;
        self.db.rows(
            "ProductPurchaseDates",
            &["gameReleaseKey", "purchaseDate"],
            &mut |row| {
                if let Some(game) = games.get_mut(row[0].text()) {
                    game.added = instant(&row[1]);
                }
            },
        )?;
        self.db.rows(
            "UserReleaseProperties",
            &["releaseKey", "isHidden"],
            &mut |row| {
                if let Some(game) = games.get_mut(row[0].text()) {
                    game.hidden |= row[1].number() == Some(1);
                }
            },
        )?;
        self.db
            .rows("UserReleaseTags", &["releaseKey", "tag"], &mut |row| {
                if let Some(game) = games.get_mut(row[0].text()) {
                    game.tag(row[1].text());
                }
            })?;
        // What is not held any more counts only if it was played.
        games.retain(|_, game| game.holding != Holding::PlayedOnly || game.minutes > 0);
        let rows = games.into_iter().enumerate();
        Ok(rows
            .map(|(index, (key, game))| game.row(index, &key))
            .collect())
    }

    /// What is held, and how. Galaxy keeps what a subscription once lent among the purchases, so
    /// those count only where it does not say more.
    fn held(&self) -> Result<BTreeMap<String, Holding>, Malformed> {
        let mut library: HashMap<i64, String> = HashMap::new();
        let known = self
            .db
            .rows("LibraryReleases", &["id", "releaseKey"], &mut |row| {
                if let Some(id) = row[0].number() {
                    library.insert(id, row[1].text().to_owned());
                }
            })?;
        let mut held = BTreeMap::new();
        let mut licences: Vec<(Option<i64>, i64, bool)> = Vec::new();
        let mut keep = |id: Option<i64>, library: &Field, owned: &Field| {
            if let Some(library) = library.number() {
                licences.push((id, library, owned.number() != Some(0)));
            }
        };
        let mut licensed = self.db.rows(
            "LicensedReleases",
            &["id", "libraryId", "isOwned"],
            &mut |row| keep(row[0].number(), &row[1], &row[2]),
        )?;
        if !licensed {
            licensed = self
                .db
                .rows("LicensedReleases", &["libraryId", "isOwned"], &mut |row| {
                    keep(None, &row[0], &row[1]);
                })?;
        }
        if !known || !licensed {
            self.db
                .rows("ProductPurchaseDates", &["gameReleaseKey"], &mut |row| {
                    held.insert(row[0].text().to_owned(), Holding::Owned);
                })?;
            if held.is_empty()
                && !self
                    .db
                    .has("ProductPurchaseDates", &["gameReleaseKey"])
                    .unwrap_or(false)
            {
                return Err(place::whole("this is not a database of GOG Galaxy 2.0"));
            }
            held.retain(|key, _| is_game(key));
            return Ok(held);
        }
        let mut lent: HashSet<i64> = HashSet::new();
        self.db
            .rows("SubscriptionReleases", &["licenseId"], &mut |row| {
                lent.extend(row[0].number());
            })?;
        for (id, library_id, owned) in licences {
            let Some(key) = library.get(&library_id) else {
                continue;
            };
            let by_subscription = lent.contains(&id.unwrap_or(library_id));
            let holding = match (owned, by_subscription) {
                (true, false) => Holding::Owned,
                (_, true) => Holding::Subscription,
                (false, false) => Holding::PlayedOnly,
            };
            // Bought and lent: bought.
            let now = held.entry(key.clone()).or_insert(holding);
            if holding == Holding::Owned || (*now == Holding::PlayedOnly) {
                *now = holding;
            }
        }
        held.retain(|key, _| is_game(key));
        Ok(held)
    }

    fn pieces(&self, games: &mut BTreeMap<String, Game>) -> Result<(), Malformed> {
        let mut kinds: HashMap<i64, String> = HashMap::new();
        self.db
            .rows("GamePieceTypes", &["id", "type"], &mut |row| {
                if let Some(id) = row[0].number() {
                    kinds.insert(id, clean(row[1].text(), 40));
                }
            })?;
        let known = self.db.rows(
            "GamePieces",
            &["releaseKey", "gamePieceTypeId", "value"],
            &mut |row| {
                let kind = row[1].number().and_then(|id| kinds.get(&id));
                if let (Some(game), Some(kind)) = (games.get_mut(row[0].text()), kind) {
                    game.learn(kind, row[2].text());
                }
            },
        )?;
        if known {
            Ok(())
        } else {
            Err(place::whole("this is not a database of GOG Galaxy 2.0"))
        }
    }
}

/// Add-ons stand among the releases of some stores.
fn is_game(key: &str) -> bool {
    let id = key.split_once('_').map_or("", |(_, id)| id);
    !id.is_empty() && !id.to_ascii_lowercase().starts_with("dlc")
}
