//! What one source said about a game, field by field.

use super::{
    Field,
    rating::{self, Rating},
};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use djinn_kernel::event::GameKind;
use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How long a game takes, in minutes. At least one of them is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TimeToBeat {
    /// To the credits, without notable time on anything beside the way.
    pub hastily: Option<i32>,
    /// With some of what is beside the way.
    pub normally: Option<i32>,
    /// With all there is.
    pub completely: Option<i32>,
}

/// What one source says. Empty means it says nothing, not that there is nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Findings {
    /// The title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<GameKind>,
    /// First release, when the day is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub released_on: Option<NaiveDate>,
    /// Year of first release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release_year: Option<i32>,
    /// Genres by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub genres: Vec<String>,
    /// Tags by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Developers by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub developers: Vec<String>,
    /// Publishers by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub publishers: Vec<String>,
    /// A few plain sentences.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// Where the upright picture is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cover_art: Option<String>,
    /// Where the wide picture is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header_art: Option<String>,
    /// Where the large picture behind a page is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hero_art: Option<String>,
    /// Where pictures from the game are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub screenshots: Vec<String>,
    /// The critics' score.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub critic_score: Option<i16>,
    /// Minutes the main story takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub main_story_minutes: Option<i32>,
    /// How long it takes, by way of playing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_to_beat: Option<TimeToBeat>,
    /// Steam's content descriptors.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub content_descriptors: Vec<i32>,
    /// The age the store asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required_age: Option<i32>,
    /// Ratings by board.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ratings: Vec<Rating>,
}

impl Findings {
    /// Whether anything is said about `field`.
    pub fn says(&self, field: Field) -> bool {
        match field {
            Field::Title => self.title.is_some(),
            Field::Kind => self.kind.is_some(),
            Field::ReleasedOn => self.released_on.is_some() || self.release_year.is_some(),
            Field::Genres => !self.genres.is_empty(),
            Field::Tags => !self.tags.is_empty(),
            Field::Developers => !self.developers.is_empty(),
            Field::Publishers => !self.publishers.is_empty(),
            Field::Summary => self.summary.is_some(),
            Field::CriticScore => self.critic_score.is_some(),
            Field::MainStoryMinutes => self.main_story_minutes.is_some(),
            Field::TimeToBeat => self.time_to_beat.is_some(),
            Field::Art => {
                self.cover_art.is_some()
                    || self.header_art.is_some()
                    || self.hero_art.is_some()
                    || !self.screenshots.is_empty()
            }
            Field::AgeRatings => {
                !self.ratings.is_empty()
                    || !self.content_descriptors.is_empty()
                    || self.required_age.is_some()
            }
        }
    }

    /// Takes what `other` says about `field` in place of what was said here.
    pub fn take(&mut self, other: &mut Self, field: Field) {
        use std::mem::take;
        match field {
            Field::Title => self.title = other.title.take(),
            Field::Kind => self.kind = other.kind.take(),
            Field::ReleasedOn => {
                self.released_on = other.released_on.take();
                self.release_year = self
                    .released_on
                    .map(|date| date.year())
                    .or(other.release_year.take());
            }
            Field::Genres => self.genres = take(&mut other.genres),
            Field::Tags => self.tags = take(&mut other.tags),
            Field::Developers => self.developers = take(&mut other.developers),
            Field::Publishers => self.publishers = take(&mut other.publishers),
            Field::Summary => self.summary = other.summary.take(),
            Field::CriticScore => self.critic_score = other.critic_score.take(),
            Field::MainStoryMinutes => {
                self.main_story_minutes = other.main_story_minutes.take();
            }
            Field::TimeToBeat => self.time_to_beat = other.time_to_beat.take(),
            Field::Art => {
                self.cover_art = other.cover_art.take();
                self.header_art = other.header_art.take();
                self.hero_art = other.hero_art.take();
                self.screenshots = take(&mut other.screenshots);
            }
            Field::AgeRatings => {
                self.ratings = take(&mut other.ratings);
                self.content_descriptors = take(&mut other.content_descriptors);
                self.required_age = other.required_age.take();
            }
        }
    }

    /// What is said about `field`, as text for a person: a list with an item a line.
    pub fn text(&self, field: Field) -> Option<String> {
        let lines = |names: &[String]| (!names.is_empty()).then(|| names.join("\n"));
        match field {
            Field::Title => self.title.clone(),
            Field::Kind => self.kind.map(kind_word).map(str::to_owned),
            Field::ReleasedOn => self
                .released_on
                .map(|date| date.to_string())
                .or_else(|| self.release_year.map(|year| year.to_string())),
            Field::Genres => lines(&self.genres),
            Field::Tags => lines(&self.tags),
            Field::Developers => lines(&self.developers),
            Field::Publishers => lines(&self.publishers),
            Field::Summary => self.summary.clone(),
            Field::CriticScore => self.critic_score.map(|score| score.to_string()),
            Field::MainStoryMinutes => self.main_story_minutes.map(|minutes| minutes.to_string()),
            Field::TimeToBeat => self.time_to_beat.map(|times| {
                let word = |minutes: Option<i32>| {
                    minutes.map_or_else(|| "?".to_owned(), |minutes| minutes.to_string())
                };
                [times.hastily, times.normally, times.completely]
                    .map(word)
                    .join(" / ")
            }),
            // Where a provider keeps its pictures is nothing to show: the hub has its own addresses.
            Field::Art => None,
            Field::AgeRatings => {
                let boards: Vec<String> = self
                    .ratings
                    .iter()
                    .map(|rating| format!("{} {}", rating.board, rating.rating))
                    .collect();
                lines(&boards)
            }
        }
    }
}

/// A kind as the graph writes it.
const fn kind_word(kind: GameKind) -> &'static str {
    match kind {
        GameKind::Game => "GAME",
        GameKind::Dlc => "DLC",
        GameKind::Demo => "DEMO",
        GameKind::Extra => "EXTRA",
        GameKind::Tool => "TOOL",
    }
}

/// All that one source said about a game so far, and when it said each of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(default)]
pub struct Said {
    /// Which of its products it spoke of, where it has several of that name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Whether it may be about another game: see [`super::Dossier::doubt`].
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub doubted: bool,
    /// What it said.
    pub findings: Findings,
    /// When.
    pub at: BTreeMap<Field, DateTime<Utc>>,
}

impl Said {
    /// Takes over what is said anew. What is left unsaid stands: a page that lost a line is no
    /// proof of the contrary. With `first`, so does everything said before, but the ratings: of
    /// those the strictest counts.
    pub fn hear(&mut self, mut found: Findings, now: DateTime<Utc>, first: bool) {
        for field in Field::ALL {
            if !found.says(field) {
                continue;
            }
            if !(first && self.at.contains_key(&field)) {
                self.findings.take(&mut found, field);
                self.at.insert(field, now);
            } else if field == Field::AgeRatings
                && rating::gather(&mut self.findings.ratings, found.ratings.drain(..))
            {
                self.at.insert(field, now);
            }
        }
    }

    /// Takes back what was said about `field`.
    pub fn unsay(&mut self, field: Field) {
        self.findings.take(&mut Findings::default(), field);
        self.at.remove(&field);
    }
}
