//! The order of a list, and cursors that keep their place in it while games come and go.

use super::{
    index::{Entry, Index},
    rank::Score,
};
use crate::copy::digest;
use chrono::Datelike;
use djinn_kernel::page::{InvalidPage, Page, encode_cursor};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a list is sorted by. Ties go by title, then by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sort {
    /// The best fit first; without a query, by title.
    Relevance,
    /// By title, articles aside.
    Title,
    /// The newest first.
    Released,
    /// The last played first.
    LastPlayed,
    /// The most played first.
    Playtime,
    /// The last added first.
    Added,
    /// The best score first.
    CriticScore,
}

/// A game found: how well it fits, and where it stands in the index.
#[derive(Debug, Clone, Copy)]
pub struct Hit {
    /// How well it fits, 0 without a query.
    pub score: Score,
    /// Its place in [`Index::entries`].
    pub at: u32,
}

/// What a list was asked for, as far as its cursors go: one of another question has no place in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked(String);

impl Asked {
    /// By all that narrows the list down, whatever its form.
    pub fn of(question: &str) -> Self {
        Self(digest(question))
    }
}

/// A place in a list: after the game with this value, sort key and id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor(Asked, Sort, i64, String, Uuid);

impl Sort {
    /// The number that decides first, the smaller the earlier. What is unknown comes last.
    fn value(self, hit: Hit, entry: &Entry) -> i64 {
        let down = |value: Option<i64>| value.map_or(i64::MAX, |value| -value);
        match self {
            Self::Title => 0,
            Self::Relevance => i64::from(hit.score),
            Self::Released => down(
                entry
                    .released_on
                    .map(|date| i64::from(date.num_days_from_ce())),
            ),
            Self::LastPlayed => down(entry.last_played_at.map(|at| at.timestamp_micros())),
            Self::Playtime => down(Some(i64::from(entry.playtime_minutes))),
            Self::Added => down(entry.added_at.map(|at| at.timestamp_micros())),
            Self::CriticScore => down(entry.critic_score.map(i64::from)),
        }
    }
}

/// One page of a list.
#[derive(Debug)]
pub struct Cut {
    /// The games, in order.
    pub games: Vec<Uuid>,
    /// Whether there are more.
    pub has_next: bool,
    /// Where the page ends.
    pub end: Option<String>,
}

/// Sorts `hits` as far as the page needs and cuts it out.
pub fn cut(
    index: &Index,
    hits: &[Hit],
    sort: Sort,
    asked: &Asked,
    page: &Page<Cursor>,
) -> Result<Cut, InvalidPage> {
    let mut keys: Vec<(i64, u32)> = hits
        .iter()
        .map(|hit| (sort.value(*hit, &index.entries[hit.at as usize]), hit.at))
        .collect();
    if let Some(Cursor(question, of, value, sort_key, id)) = &page.after {
        if question != asked || *of != sort {
            return Err(InvalidPage::Cursor);
        }
        // The game at the cursor may be gone; its place is not.
        let next = index
            .entries
            .partition_point(|entry| entry.order() <= (sort_key, *id)) as u32;
        keys.retain(|key| *key >= (*value, next));
    }
    let first = page.first as usize;
    let has_next = keys.len() > first;
    if has_next {
        keys.select_nth_unstable(first);
        keys.truncate(first);
    }
    keys.sort_unstable();
    let end = keys.last().map(|(value, at)| {
        let entry = &index.entries[*at as usize];
        let sort_key = entry.sort_key.to_string();
        encode_cursor(&Cursor(asked.clone(), sort, *value, sort_key, entry.id))
    });
    let games = keys
        .iter()
        .map(|(_, at)| index.entries[*at as usize].id)
        .collect();
    Ok(Cut {
        games,
        has_next,
        end,
    })
}
