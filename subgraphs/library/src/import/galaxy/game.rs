//! One release in the database of GOG Galaxy: what is learnt of it, and the game it becomes.

use super::database::Field;
use crate::{
    copy::{Holding, MAX_TITLE, clean, upsert::Incoming},
    game::tags::{self, MAX_TAG, MAX_TAGS},
    import::{
        Malformed, Reason, cell,
        row::{MAX_ID, Rejected, Row},
        word::Word,
    },
    platform::slug,
};
use chrono::{DateTime, Datelike, Utc};
use djinn_kernel::event::Hints;
use serde_json::Value;

/// Prefixes of keys that are no store's id.
const OTHER_NAMES: [(&str, &str); 5] = [
    ("xboxone", "xbox"),
    ("psn", "playstation"),
    ("origin", "ea"),
    ("uplay", "ubisoft"),
    ("generic", "manual"),
];

/// A time as Galaxy writes it, in text or in seconds.
pub fn instant(field: &Field) -> Option<DateTime<Utc>> {
    let read = match field {
        Field::Number(seconds) => DateTime::from_timestamp(*seconds, 0),
        Field::Text(text) => crate::import::date::instant(text, crate::import::date::Style::Ymd),
        Field::None => None,
    };
    read.filter(|at| (1950..=2100).contains(&at.year()))
}

/// One release that is held.
#[derive(Debug, Clone)]
pub struct Game {
    /// How it is held.
    pub holding: Holding,
    title: String,
    original: String,
    genres: Vec<String>,
    developers: Vec<String>,
    released: Option<DateTime<Utc>>,
    /// How long it was played, in minutes.
    pub minutes: i64,
    /// When it was last played.
    pub played: Option<DateTime<Utc>>,
    /// When it was bought.
    pub added: Option<DateTime<Utc>>,
    /// Whether it was hidden.
    pub hidden: bool,
    tags: Vec<String>,
    rating: Option<i16>,
}

impl Game {
    /// One of which nothing is known yet but that it is held so.
    pub const fn held(holding: Holding) -> Self {
        Self {
            holding,
            title: String::new(),
            original: String::new(),
            genres: Vec::new(),
            developers: Vec::new(),
            released: None,
            minutes: 0,
            played: None,
            added: None,
            hidden: false,
            tags: Vec::new(),
            rating: None,
        }
    }

    /// One tag that its owner gave it. Nothing bounds how many rows there are of them.
    pub fn tag(&mut self, tag: &str) {
        let tag = clean(tag, MAX_TAG);
        let is_new = !tag.is_empty() && !self.tags.contains(&tag);
        if is_new && self.tags.len() < MAX_TAGS {
            self.tags.push(tag);
        }
    }

    /// What one piece says. What a person changed stands in the plain one, what the store said in
    /// the original.
    pub fn learn(&mut self, kind: &str, value: &str) {
        let is_wanted = matches!(
            kind,
            "title" | "originalTitle" | "meta" | "originalMeta" | "myRating"
        );
        if !is_wanted {
            return;
        }
        let Ok(value) = serde_json::from_str::<Value>(value) else {
            return;
        };
        let title = || clean(value["title"].as_str().unwrap_or_default(), MAX_TITLE);
        let words = |key: &str| -> Vec<String> {
            let list = value[key].as_array().map_or(&[][..], Vec::as_slice);
            let texts = list.iter().take(50).filter_map(Value::as_str);
            texts
                .map(|text| clean(text, 80))
                .filter(|text| !text.is_empty())
                .collect()
        };
        match kind {
            "title" => self.title = title(),
            "originalTitle" => self.original = title(),
            // Up to five stars; null where it is not rated.
            "myRating" => self.rating = value["rating"].as_f64().and_then(cell::stars),
            // What a person changed counts, and else what came first.
            "meta" | "originalMeta" if self.genres.is_empty() || kind == "meta" => {
                self.genres = words("genres");
                self.developers = words("developers");
                let seconds = value["releaseDate"].as_i64();
                self.released = seconds
                    .and_then(|seconds| instant(&Field::Number(seconds)))
                    .or(self.released);
            }
            _ => {}
        }
    }

    /// As a game of the file: the one of that number, under that key.
    pub fn row(self, index: usize, key: &str) -> Result<Row, Rejected> {
        let (prefix, id) = key.split_once('_').unwrap_or(("generic", key));
        let platform = OTHER_NAMES
            .iter()
            .find(|(own, _)| *own == prefix)
            .map_or_else(|| slug(prefix), |(_, platform)| (*platform).to_owned());
        let refuse = |title: &str, what: Reason| Rejected {
            title: title.to_owned(),
            why: Malformed {
                line: index + 1,
                column: 1,
                name: Some(clean(key, 80)),
                what,
            },
        };
        let title = if self.title.is_empty() {
            self.original
        } else {
            self.title
        };
        if title.is_empty() {
            return Err(refuse("", Reason::Untitled));
        }
        if id.chars().count() > MAX_ID {
            return Err(refuse(&title, Reason::LongId));
        }
        let hints = Hints {
            genres: self.genres,
            developers: self.developers,
            released_on: self.released.map(|at| at.date_naive()),
            ..Hints::default()
        };
        Ok(Row {
            line: index + 1,
            shelf: 0,
            group: index,
            title: title.clone(),
            year: None,
            play: Vec::new(),
            achievements: None,
            word: Word {
                hidden: self.hidden,
                tags: tags::tidied(self.tags),
                rating: self.rating,
                ..Word::default()
            },
            incoming: Some(Incoming {
                store_id: (platform != "manual").then(|| clean(id, MAX_ID)),
                platform,
                title: Some(title),
                holding: Some(self.holding),
                playtime_minutes: Some(
                    i32::try_from(self.minutes.min(52_560_000)).unwrap_or_default(),
                ),
                last_played_at: self.played,
                added_at: self.added,
                year: self.released.map(|at| at.year()),
                hints: (hints != Hints::default()).then_some(hints),
                status: None,
                entry: None,
                vouched: false,
            }),
        })
    }
}
