//! GOG's GamesDB: what GOG's own program shows of a game, whatever store it came from.
//!
//! It is asked for a store's product and answers with the work behind it and that work's products
//! in other stores. It is nobody's public interface, and its users fill it, with nonsense too: so it
//! is asked only where somebody switched it on, slowly, and what it says of ids goes through the
//! same doubts as IGDB's (`matching::external_ids`).

mod game;

#[cfg(test)]
mod tests;

use super::{Batch, Budget, Found, Provider, Question, Trouble, read};
use crate::{
    config::Gog as Config,
    game::Source,
    matching::{entity::matched, external_ids::usable},
};
use async_trait::async_trait;
use chrono::TimeDelta;
use djinn_subgraph_kit::http::{Ask, Http};
use serde_json::Value;
use std::{sync::Arc, time::Duration};

/// The provider's name.
pub const NAME: &str = "gog";

/// Our names of the stores whose ids it knows, and its own; its own products first.
const STORES: [(&str, &str); 5] = [
    ("gog", "gog"),
    ("steam", "steam"),
    ("epic", "epic"),
    ("xbox", "xboxone"),
    ("psn", "psn"),
];
/// The largest answers seen are a hundredth of it.
const MAX_BYTES: usize = 2 * 1024 * 1024;
/// Shorter than the lease of a job.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Asks GOG.
pub struct Gog {
    http: Arc<dyn Http>,
    config: Config,
}

impl Gog {
    /// Asks over `http`; `None` unless it was switched on.
    pub fn new(http: Arc<dyn Http>, config: Config) -> Option<Self> {
        config.enabled.then_some(Self { http, config })
    }

    async fn release(&self, asked: &str) -> Result<Found, Trouble> {
        let Some((platform, store_id)) = asked.split_once(':') else {
            return Ok(Found::Nothing);
        };
        let theirs = STORES.iter().find(|(ours, _)| *ours == platform);
        let Some((_, theirs)) = theirs.filter(|_| usable(platform, store_id)) else {
            return Ok(Found::Nothing);
        };
        let base = self.config.base_url.trim_end_matches('/');
        let mut ask = Ask::get(format!(
            "{base}/platforms/{theirs}/external_releases/{store_id}"
        ));
        ask.timeout = TIMEOUT;
        ask.max_bytes = MAX_BYTES;
        match read::json(self.http.send(ask).await) {
            // A product that nobody has ever played through its program.
            Err(Trouble::Malformed(why)) if why == "status 404" => Ok(Found::Nothing),
            answer => game::read(&answer?),
        }
    }
}

/// The id of a work, which becomes part of what is stored.
fn id(value: &Value) -> Option<String> {
    let id = read::string(value)?;
    let plain = id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric());
    plain.then(|| id.to_owned())
}

#[async_trait]
impl Provider for Gog {
    fn name(&self) -> &'static str {
        NAME
    }

    fn platform(&self) -> Option<&'static str> {
        // No sync waits for it, not even one of GOG.
        None
    }

    fn source(&self) -> Source {
        Source::Gog
    }

    fn budgets(&self) -> Vec<Budget> {
        vec![Budget {
            requests: self.config.requests_per_second.max(1),
            window: TimeDelta::seconds(1),
        }]
    }

    fn stores(&self) -> Option<&'static [&'static str]> {
        const OURS: [&str; 5] = ["gog", "steam", "epic", "xbox", "psn"];
        Some(&OURS)
    }

    fn first_id(&self, products: &[matched::Model]) -> Option<String> {
        STORES.iter().find_map(|(platform, _)| {
            products
                .iter()
                .filter(|product| product.platform == *platform)
                .filter_map(|product| product.store_id.as_deref())
                .filter(|id| usable(platform, id))
                .min()
                .map(|id| format!("{platform}:{id}"))
        })
    }

    fn batch(&self, _: &str) -> Batch {
        Batch {
            prefix: "",
            most: 1,
        }
    }

    async fn fetch(&self, questions: &[Question]) -> Result<Vec<Found>, Trouble> {
        let mut found = Vec::new();
        for question in questions {
            found.push(self.release(&question.id).await?);
        }
        Ok(found)
    }
}
