//! The Steam store's page of a game. It needs no key and allows 200 requests in five minutes.

mod board;
mod date;
mod page;

#[cfg(test)]
mod tests;

use super::{Batch, Budget, Found, Provider, Question, Trouble};
use crate::{config::SteamStore as Config, game::Source, matching::entity::matched};
use async_trait::async_trait;
use chrono::TimeDelta;
use djinn_subgraph_kit::http::{Answer, Ask, Http, NoAnswer};
use std::{sync::Arc, time::Duration};

/// The provider's name.
pub const NAME: &str = "steam-store";

/// A page may be this large; the largest seen are a tenth of it.
const MAX_BYTES: usize = 2 * 1024 * 1024;
/// Shorter than the lease of a job.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Asks the Steam store.
pub struct SteamStore {
    http: Arc<dyn Http>,
    config: Config,
}

impl SteamStore {
    /// Asks over `http`.
    pub fn new(http: Arc<dyn Http>, config: Config) -> Self {
        Self { http, config }
    }
}

#[async_trait]
impl Provider for SteamStore {
    fn name(&self) -> &'static str {
        NAME
    }

    fn platform(&self) -> Option<&'static str> {
        Some("steam")
    }

    fn source(&self) -> Source {
        Source::SteamStore
    }

    fn budgets(&self) -> Vec<Budget> {
        vec![Budget {
            requests: self.config.requests.max(1),
            window: TimeDelta::seconds(i64::from(self.config.window_secs.max(1))),
        }]
    }

    fn first_id(&self, products: &[matched::Model]) -> Option<String> {
        let ours = products
            .iter()
            .find(|product| product.platform == "steam")?;
        ours.store_id.clone()
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
            found.push(self.page(&question.id).await?);
        }
        Ok(found)
    }
}

impl SteamStore {
    async fn page(&self, store_id: &str) -> Result<Found, Trouble> {
        if store_id.is_empty() || !store_id.bytes().all(|b| b.is_ascii_digit()) {
            return Ok(Found::Nothing);
        }
        let base = self.config.base_url.trim_end_matches('/');
        // One product in a request; English and the United States, so that dates, genres and
        // ratings come in one form.
        let mut ask = Ask::get(format!(
            "{base}/api/appdetails?appids={store_id}&l=english&cc=us"
        ));
        ask.timeout = TIMEOUT;
        ask.max_bytes = MAX_BYTES;
        match self.http.send(ask).await {
            Ok(answer) => read(store_id, &answer),
            Err(error @ (NoAnswer::Timeout | NoAnswer::Unreachable)) => {
                Err(Trouble::Down(error.to_string()))
            }
            Err(error @ (NoAnswer::Truncated | NoAnswer::TooLarge(_))) => {
                Err(Trouble::Malformed(error.to_string()))
            }
        }
    }
}

/// What an answer means, whatever its status says.
fn read(store_id: &str, answer: &Answer) -> Result<Found, Trouble> {
    let limited = |plainly| {
        Err(Trouble::RateLimited {
            retry_after: answer.retry_after,
            plainly,
        })
    };
    match answer.status {
        200 => {}
        // Long abuse turns 429 into 403 for the whole address.
        429 | 403 => return limited(true),
        _ if answer.retry_after.is_some() => return limited(true),
        status => return Err(Trouble::Down(format!("status {status}"))),
    }
    let body = answer.body.trim_ascii();
    if answer.content_type == "text/html" || body.starts_with(b"<") {
        return Err(Trouble::Down("a web page instead of an answer".to_owned()));
    }
    let value: serde_json::Value = serde_json::from_slice(body)
        .map_err(|error| Trouble::Malformed(format!("line {}: not JSON", error.line())))?;
    if value.is_null() {
        return limited(false);
    }
    page::read(store_id, &value)
}
