//! Taking our own file back: its libraries, its collections, and what it says of games.

use super::{ImportError, own::Frame, row::Row, waiting::Said};
use crate::{
    account::{entity::account, shelf_key},
    collection::{MAX_COLLECTIONS, entity::collection, rule::Rule, store as collections},
    copy::{
        self,
        upsert::{Incoming, Shelf},
    },
    export::form,
    platform::MANUAL,
    play::entity as play,
};
use djinn_kernel::{Doing, Fault, viewer::Identity};
use djinn_subgraph_kit::Ports;
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait, Set, sea_query::OnConflict};
use std::collections::HashMap;
use uuid::Uuid;

/// Rows in one statement: both databases bound the number of variables.
const CHUNK: usize = 500;

/// The row of a library as the file has it. A platform's is not connected: its secrets were never
/// in the file, so it is linked again to go on.
pub fn account(ports: &Ports, household: Uuid, library: &form::Library) -> account::Model {
    let key = library.account.clone();
    account::Model {
        platform: library.platform.clone(),
        account_key: key.unwrap_or_else(|| shelf_key(&library.label)),
        account: library.account.clone(),
        connected: library.platform == MANUAL,
        created_at: library.created_at,
        ..crate::account::shelf(ports, household, &library.label)
    }
}

/// Makes the file's collections the player's own, and says which each became. One of the same name
/// and rule that is there already is the same.
pub async fn collections(
    txn: &DatabaseTransaction,
    ports: &Ports,
    who: &Identity,
    frame: &Frame,
) -> Result<Vec<(Uuid, i64)>, ImportError> {
    if frame.collections.is_empty() {
        return Ok(Vec::new());
    }
    let player = who.player.0;
    let places = collections::lock_all(txn, player).await?;
    let there = collections::page(txn, player, None, MAX_COLLECTIONS as u32).await?;
    let mut next = places.last().map_or(0, |(position, _)| position + 1);
    let mut made = Vec::with_capacity(frame.collections.len());
    let mut count = there.len() as u64;
    for one in &frame.collections {
        let same = there.iter().find(|row| {
            let rule: Option<Rule> = row
                .rule
                .clone()
                .and_then(|rule| serde_json::from_value(rule).ok());
            row.name == one.name && rule == one.rule
        });
        if let Some(row) = same {
            let (_, last) = collections::extent(txn, row.id).await?;
            made.push((row.id, last.map_or(0, |last| last + 1)));
            continue;
        }
        count += 1;
        if count > MAX_COLLECTIONS {
            return Err(ImportError::TooManyCollections(MAX_COLLECTIONS));
        }
        let rule = one.rule.as_ref().map(serde_json::to_value);
        let row = collection::Model {
            id: ports.ids.new_id(),
            player_id: player,
            household_id: who.household.0,
            name: one.name.clone(),
            rule: rule.transpose().doing("writing a rule")?,
            position: next,
            created_at: one.created_at,
            updated_at: one.updated_at,
        };
        next += 1;
        made.push((row.id, 0));
        collections::insert(txn, row).await?;
    }
    Ok(made)
}

/// Where a file's games go beside their shelves.
pub struct Target {
    /// Whose.
    pub household: Uuid,
    /// For each of the file's collections: which it became, and the first free place in it.
    collections: Vec<(Uuid, i64)>,
    /// What the numbers of the file's games are counted from: copies of one game may go to several
    /// shelves, and so come in any order.
    base: Uuid,
}

impl Target {
    /// Nothing has gone there yet.
    pub fn new(ports: &Ports, household: Uuid, collections: Vec<(Uuid, i64)>) -> Self {
        Self {
            household,
            collections,
            base: ports.ids.new_id(),
        }
    }

    /// What is said of these games, now that their copies are written; and writes when they were
    /// played, which is the copies' own.
    pub async fn said(
        &self,
        txn: &DatabaseTransaction,
        shelf: Option<Shelf>,
        rows: Vec<Row>,
    ) -> Result<Vec<Said>, Fault> {
        let telling: Vec<Row> = rows
            .into_iter()
            .filter(|row| row.word.says() || !row.play.is_empty() || !row.word.places.is_empty())
            .collect();
        let identity = |row: &Row| row.incoming.as_ref().map(Incoming::identity);
        let identities: Vec<String> = telling.iter().filter_map(identity).collect();
        let keys = identities.iter().map(String::as_str);
        let copies = match shelf {
            Some(shelf) => copy::store::by_identity(txn, shelf.library, keys).await?,
            None => HashMap::new(),
        };
        let (mut said, mut played) = (Vec::new(), Vec::new());
        for row in telling {
            let copy = identity(&row).and_then(|identity| copies.get(&identity));
            if let Some(copy) = copy {
                played.extend(row.play.iter().map(|(day, minutes)| play::ActiveModel {
                    copy_id: Set(copy.id),
                    day: Set(*day),
                    household_id: Set(self.household),
                    game_id: Set(copy.game_id),
                    platform: Set(copy.platform.clone()),
                    minutes: Set(*minutes),
                }));
            }
            let group = Uuid::from_u128(self.base.as_u128().wrapping_add(row.group as u128));
            let mut word = row.word;
            let places = word.places.iter();
            word.collections = places
                .filter_map(|(number, place)| {
                    let (id, first) = self.collections.get(*number)?;
                    Some((*id, first + place))
                })
                .collect();
            if !word.says() {
                continue;
            }
            said.push(Said {
                library: copy.map(|copy| copy.library_id),
                copy: copy.map(|copy| copy.id),
                game: copy.and_then(|copy| copy.game_id),
                group,
                title: row.title,
                year: row.year,
                word,
            });
        }
        record(txn, played).await?;
        Ok(said)
    }
}

/// Writes play records. A day this hub counted itself stays as it counted.
async fn record(txn: &impl ConnectionTrait, rows: Vec<play::ActiveModel>) -> Result<(), Fault> {
    for chunk in rows.chunks(CHUNK) {
        play::Entity::insert_many(chunk.to_vec())
            .on_conflict(
                OnConflict::columns([play::Column::CopyId, play::Column::Day])
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(txn)
            .await
            .doing("recording play")?;
    }
    Ok(())
}
