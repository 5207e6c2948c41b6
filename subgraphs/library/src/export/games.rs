//! The games of an export themselves: their copies, and what was said of them.

use super::{
    form,
    gather::Gathered,
    order::{Entry, Is},
};
use crate::{
    achievement,
    copy::entity as copy,
    game::{entity::holding, family, tags},
    import::word::{Turn, Word},
    play::entity as play,
    status::entity as change,
};
use djinn_kernel::{Doing, Fault};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::HashMap;
use uuid::Uuid;

impl Gathered {
    /// The games themselves, of a piece of [`Gathered::games`].
    pub async fn games(
        &self,
        conn: &impl ConnectionTrait,
        entries: &[Entry],
    ) -> Result<Vec<form::Game>, Fault> {
        let numbers: HashMap<Uuid, usize> = self
            .libraries
            .iter()
            .enumerate()
            .map(|(number, (id, _))| (*id, number))
            .collect();
        let ids: Vec<Uuid> = entries
            .iter()
            .flat_map(|entry| entry.copies.iter().copied())
            .collect();
        let mut copies = self.copies(conn, &ids, &numbers).await?;
        let of_games: Vec<Uuid> = entries
            .iter()
            .filter_map(|entry| match entry.is {
                Is::Game(game) => Some(game),
                _ => None,
            })
            .collect();
        let mut holdings = crate::game::store::holdings(conn, self.household, &of_games).await?;
        let mut history = self.history(conn, &of_games).await?;
        let mut games = Vec::with_capacity(entries.len());
        for entry in entries {
            let mut game = form::Game {
                copies: entry
                    .copies
                    .iter()
                    .filter_map(|id| copies.remove(id))
                    .collect(),
                ..form::Game::default()
            };
            if entry.copies.is_empty() {
                game.title = Some(entry.title.clone());
                game.year = entry.year;
            }
            match entry.is {
                Is::Game(id) => {
                    let row = holdings.remove(&id);
                    if let Some(row) = row.and_then(|row| family::shown(self.family, row)) {
                        say(&mut game, row);
                    }
                    game.history = history.remove(&id).unwrap_or_default();
                }
                is => {
                    if let Some(word) = self.words.get(&is) {
                        repeat(&mut game, word);
                    }
                }
            }
            self.name_statuses(&mut game);
            games.push(game);
        }
        Ok(games)
    }

    /// Ids of statuses are this hub's own; a file says what they are called.
    fn name_statuses(&self, game: &mut form::Game) {
        let turns = game.history.iter_mut();
        let history = turns.flat_map(|turn| [&mut turn.from, &mut turn.to]);
        let copies = game.copies.iter_mut();
        let imported = copies.filter_map(|copy| copy.import_status.as_mut());
        for status in game.status.iter_mut().chain(history).chain(imported) {
            self.call(status);
        }
    }

    async fn copies(
        &self,
        conn: &impl ConnectionTrait,
        ids: &[Uuid],
        numbers: &HashMap<Uuid, usize>,
    ) -> Result<HashMap<Uuid, form::Copy>, Fault> {
        let mut found = HashMap::with_capacity(ids.len());
        for chunk in ids.chunks(500) {
            let rows = copy::Entity::find()
                .filter(copy::Column::Id.is_in(chunk.iter().copied()))
                .all(conn)
                .await
                .doing("reading copies to export")?;
            let mut achieved = achievement::store::unlocked(conn, chunk).await?;
            let days = play::Entity::find()
                .filter(play::Column::CopyId.is_in(chunk.iter().copied()))
                .order_by_asc(play::Column::Day)
                .all(conn)
                .await
                .doing("reading play records to export")?;
            let mut played: HashMap<Uuid, Vec<_>> = HashMap::new();
            for day in days {
                let days = played.entry(day.copy_id).or_default();
                days.push((day.day, day.minutes));
            }
            for row in rows {
                let Some(number) = numbers.get(&row.library_id) else {
                    continue;
                };
                let hints = serde_json::from_value(row.hints).unwrap_or_default();
                let copy = form::Copy {
                    library: *number,
                    platform: row.platform,
                    store_id: row.store_id,
                    title: row.title,
                    holding: row.holding,
                    playtime_minutes: row.playtime_minutes,
                    last_played_at: row.last_played_at,
                    added_at: row.added_at,
                    year: row.year,
                    hints: form::Hint::of(hints),
                    import_status: row.import_status,
                    play: played.remove(&row.id).unwrap_or_default(),
                    achievements: achieved.remove(&row.id).and_then(form::Achievements::of),
                };
                found.insert(row.id, copy);
            }
        }
        Ok(found)
    }

    async fn history(
        &self,
        conn: &impl ConnectionTrait,
        games: &[Uuid],
    ) -> Result<HashMap<Uuid, Vec<Turn>>, Fault> {
        let rows = change::Entity::find()
            .filter(change::Column::HouseholdId.eq(self.household))
            .filter(change::Column::GameId.is_in(games.iter().copied()))
            .order_by_asc(change::Column::At)
            .order_by_asc(change::Column::Id)
            .all(conn)
            .await
            .doing("reading how statuses changed")?;
        let mut history: HashMap<Uuid, Vec<Turn>> = HashMap::new();
        for row in rows {
            history.entry(row.game_id).or_default().push(Turn {
                at: row.at,
                from: row.from,
                to: row.to,
                by: row.by.into(),
            });
        }
        Ok(history)
    }
}

fn say(game: &mut form::Game, row: holding::Model) {
    game.status = row.status;
    game.status_by = row.status_by.map(Into::into);
    game.favourite = row.favourite;
    game.hidden = row.hidden;
    game.notes = row.notes;
    game.rating = row.my_rating;
    game.tags = tags::read(row.my_tags.as_deref());
}

fn repeat(game: &mut form::Game, word: &Word) {
    game.status.clone_from(&word.status);
    game.status_by = word.status_by;
    game.favourite = word.favourite;
    game.hidden = word.hidden;
    game.notes.clone_from(&word.notes);
    game.rating = word.rating;
    game.tags.clone_from(&word.tags);
    game.history.clone_from(&word.history);
}
