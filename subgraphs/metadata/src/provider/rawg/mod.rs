//! RAWG, a games database: optional, and metered by the month more than by the second.
//!
//! It is asked for a title first, for the slug of the game meant, and then about that. A slug that
//! was renamed answers with another.

#[cfg(test)]
mod tests;

use super::{
    BY_TITLE, Batch, Budget, Found, MOST_SCREENSHOTS, Provider, Question, Trouble, is_address,
    read::{self, list, names, string},
    text,
};
use crate::{
    config::Rawg as Config,
    game::{
        Findings, Source,
        rating::{self, Rating},
        title,
    },
    matching::entity::matched,
};
use async_trait::async_trait;
use chrono::{Datelike, NaiveDate, TimeDelta};
use djinn_kernel::Esrb;
use djinn_subgraph_kit::http::{Ask, Http};
use serde_json::Value;
use std::{fmt::Write, sync::Arc, time::Duration};

/// The provider's name.
pub const NAME: &str = "rawg";

/// Before a slug: `slug:portal-2`.
const SLUG: &str = "slug:";
const MAX_BYTES: usize = 2 * 1024 * 1024;
const TIMEOUT: Duration = Duration::from_secs(15);
/// The longest month.
const MONTH: TimeDelta = TimeDelta::days(31);

/// Asks RAWG.
pub struct Rawg {
    http: Arc<dyn Http>,
    config: Config,
    key: String,
}

impl Rawg {
    /// Asks over `http`; `None` without a key.
    pub fn new(http: Arc<dyn Http>, config: Config) -> Option<Self> {
        let key = config.api_key.clone()?;
        Some(Self { http, config, key })
    }

    async fn get(&self, path: &str, parameters: &[(&str, &str)]) -> Result<Value, Trouble> {
        let base = self.config.base_url.trim_end_matches('/');
        let mut url = format!("{base}/{path}?key={}", encoded(&self.key));
        for (name, value) in parameters {
            // Writing to a string cannot fail.
            let _ = write!(url, "&{name}={}", encoded(value));
        }
        let mut ask = Ask::get(url);
        ask.timeout = TIMEOUT;
        ask.max_bytes = MAX_BYTES;
        match read::json(self.http.send(ask).await) {
            // A wrong key, or one whose month is used up.
            Err(Trouble::Expired) => Err(Trouble::Refused("RAWG does not take the key".to_owned())),
            answer => answer,
        }
    }

    async fn search(&self, question: &Question) -> Result<Found, Trouble> {
        let title = title::clean(&question.title);
        let answer = self
            .get(
                "games",
                &[
                    ("search", &title),
                    ("search_precise", "true"),
                    ("exclude_additions", "true"),
                    ("page_size", "10"),
                ],
            )
            .await?;
        let candidates = answer["results"]
            .as_array()
            .ok_or_else(|| Trouble::Malformed("no list of games".to_owned()))?;
        let chosen = question.choose(candidates, |game| {
            let titles = string(&game["name"])
                .map(str::to_owned)
                .into_iter()
                .collect();
            (titles, day(&game["released"]).map(|day| day.year()))
        });
        let slug = chosen.and_then(|game| slug(&game["slug"]));
        Ok(slug.map_or(Found::Nothing, |slug| {
            Found::Elsewhere(format!("{SLUG}{slug}"))
        }))
    }

    async fn game(&self, asked: &str) -> Result<Found, Trouble> {
        let game = match self.get(&format!("games/{}", encoded(asked)), &[]).await {
            Err(Trouble::Malformed(why)) if why == "status 404" => return Ok(Found::Nothing),
            game => game?,
        };
        if game["redirect"] == true {
            return Ok(slug(&game["slug"])
                .filter(|other| other != asked)
                .map_or(Found::Nothing, |slug| {
                    Found::Elsewhere(format!("{SLUG}{slug}"))
                }));
        }
        let id = game["id"]
            .as_i64()
            .ok_or_else(|| Trouble::Malformed("nothing about the game".to_owned()))?;
        Ok(Found::Product {
            id: id.to_string(),
            findings: Box::new(findings(&game)),
            stores: Vec::new(),
        })
    }
}

fn findings(game: &Value) -> Findings {
    let released = day(&game["released"]);
    let address = |value: &Value| {
        string(value)
            .filter(|url| is_address(url))
            .map(str::to_owned)
    };
    let hero = address(&game["background_image"]);
    // Its tags are in many languages.
    let english = list(&game["tags"])
        .filter(|tag| matches!(tag["language"].as_str(), None | Some("eng")))
        .take(20);
    let shots = list(&game["short_screenshots"])
        .filter_map(|shot| address(&shot["image"]))
        // The first of them is the background again.
        .filter(|shot| hero.as_ref() != Some(shot))
        .take(MOST_SCREENSHOTS);
    Findings {
        title: string(&game["name"])
            .map(title::clean)
            .filter(|title| !title.is_empty()),
        released_on: released,
        release_year: released.map(|day| day.year()),
        genres: names(list(&game["genres"])),
        tags: names(english),
        developers: names(list(&game["developers"])),
        publishers: names(list(&game["publishers"])),
        summary: string(&game["description_raw"])
            .map(|summary| text::plain(summary, 2000))
            .filter(|summary| !summary.is_empty()),
        screenshots: shots.collect(),
        header_art: hero.clone(),
        hero_art: hero,
        critic_score: read::score(&game["metacritic"]),
        ratings: esrb(&game["esrb_rating"]).into_iter().collect(),
        ..Findings::default()
    }
}

/// The board's rating by its name.
fn esrb(value: &Value) -> Option<Rating> {
    let level = Esrb::parse(string(&value["slug"]).or(string(&value["name"]))?)?;
    Some(Rating {
        board: rating::ESRB.to_owned(),
        source: rating::RAWG.to_owned(),
        rating: rating::letters(level).to_owned(),
        descriptors: Vec::new(),
    })
}

fn day(value: &Value) -> Option<NaiveDate> {
    let day: NaiveDate = string(value)?.parse().ok()?;
    (1950..2100).contains(&day.year()).then_some(day)
}

fn slug(value: &Value) -> Option<String> {
    let slug = string(value)?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    (slug.len() <= 150 && slug.bytes().all(plain)).then(|| slug.to_owned())
}

/// A text as a part of an address.
fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

#[async_trait]
impl Provider for Rawg {
    fn name(&self) -> &'static str {
        NAME
    }

    fn platform(&self) -> Option<&'static str> {
        None
    }

    fn source(&self) -> Source {
        Source::Rawg
    }

    fn budgets(&self) -> Vec<Budget> {
        vec![
            Budget {
                requests: self.config.requests_per_second.max(1),
                window: TimeDelta::seconds(1),
            },
            Budget {
                requests: self.config.requests_per_month.max(1),
                window: MONTH,
            },
        ]
    }

    fn first_id(&self, _: &[matched::Model]) -> Option<String> {
        Some(BY_TITLE.to_owned())
    }

    fn batch(&self, id: &str) -> Batch {
        Batch {
            prefix: if id.starts_with(SLUG) { SLUG } else { BY_TITLE },
            most: 1,
        }
    }

    async fn fetch(&self, questions: &[Question]) -> Result<Vec<Found>, Trouble> {
        let mut found = Vec::new();
        for question in questions {
            found.push(match question.id.strip_prefix(SLUG) {
                Some(slug) => self.game(slug).await?,
                None => self.search(question).await?,
            });
        }
        Ok(found)
    }
}
