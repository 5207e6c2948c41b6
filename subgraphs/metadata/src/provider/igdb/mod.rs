//! IGDB, the games database of Twitch: free for private use, with a client id and secret.
//!
//! It is asked three kinds of question, each in batches: which of its games a store's product is
//! (`AT`, 500 in a request), which game has a title ([`BY_TITLE`], ten in a request), and what a
//! game is (`OWN`, 100 in a request, with the times it takes).
//!
//! Ratings are read by the names of boards and levels: the numbers were dealt anew in 2025, and an
//! old table would show `M` where the board says nothing of the kind.

mod age;
mod game;
mod query;
mod token;

#[cfg(test)]
mod tests;

use super::{
    BY_TITLE, Batch, Budget, Found, Provider, Question, Trouble,
    read::{self, id, list, names, string},
};
use crate::{config::Igdb as Config, game::Source, matching::entity::matched};
use async_trait::async_trait;
use chrono::{DateTime, Datelike, TimeDelta};
use djinn_kernel::Clock;
use djinn_subgraph_kit::http::{Ask, Http};
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use token::Token;

/// The provider's name.
pub const NAME: &str = "igdb";

/// Before the id of a store's product: `at:steam:70`.
const AT: &str = "at:";
/// Before an id of its own: `id:1942`.
const OWN: &str = "id:";

/// The stores whose ids it knows, by its numbers for them, which were not dealt anew; the likeliest
/// to lead somewhere first.
const STORES: [(&str, i64); 4] = [("steam", 1), ("gog", 5), ("epic", 26), ("xbox", 11)];

/// Answers about a hundred games with all their screenshots stay far below.
const MAX_BYTES: usize = 8 * 1024 * 1024;
/// Two of these, one for a token, are shorter than the lease of a job.
const TIMEOUT: Duration = Duration::from_secs(12);
/// A window a little longer than IGDB's second, because requests do not all travel equally fast.
const WINDOW: TimeDelta = TimeDelta::milliseconds(1050);
/// IGDB answers with no more rows.
const MOST_ROWS: usize = 500;

/// Asks IGDB.
pub struct Igdb {
    http: Arc<dyn Http>,
    config: Config,
    token: Token,
}

impl Igdb {
    /// Asks over `http`; `None` without a client id and something to sign in with.
    pub fn new(http: Arc<dyn Http>, clock: Arc<dyn Clock>, config: Config) -> Option<Self> {
        let token = Token::new(Arc::clone(&http), clock, &config)?;
        Some(Self {
            http,
            config,
            token,
        })
    }

    async fn post(&self, endpoint: &str, body: String) -> Result<Value, Trouble> {
        let token = self.token.get().await?;
        let base = self.config.base_url.trim_end_matches('/');
        let mut ask = Ask::get(format!("{base}/{endpoint}"));
        ask.headers = vec![
            ("client-id", self.token.client_id().to_owned()),
            ("authorization", format!("Bearer {token}")),
            ("accept", "application/json".to_owned()),
        ];
        ask.body = Some(body.into_bytes());
        ask.timeout = TIMEOUT;
        ask.max_bytes = MAX_BYTES;
        let answer = read::json(self.http.send(ask).await);
        if answer == Err(Trouble::Expired) {
            self.token.drop(&token);
        }
        answer
    }

    /// Which of its games are these products?
    async fn resolve(&self, questions: &[Question]) -> Result<Vec<Found>, Trouble> {
        let asked: Vec<Option<(i64, &str)>> = questions.iter().map(|q| product(&q.id)).collect();
        let body = query::products(asked.iter().flatten().copied());
        let rows = match body {
            Some(body) => self.post("external_games", body).await?,
            None => Value::Array(Vec::new()),
        };
        let rows = rows.as_array().ok_or_else(not_a_list)?;
        // Of several games that share a product, the one that is no edition of another.
        let mut known: BTreeMap<(i64, &str), (bool, bool, i64)> = BTreeMap::new();
        for row in rows {
            let store = id(&row["external_game_source"]).or_else(|| id(&row["category"]));
            let (Some(store), Some(uid), Some(game)) =
                (store, string(&row["uid"]), id(&row["game"]))
            else {
                continue;
            };
            let edition = !row["game"]["version_parent"].is_null();
            let main = row["game"]["game_type"].as_i64() == Some(0);
            let rank = (edition, !main, game);
            let best = known.entry((store, uid)).or_insert(rank);
            *best = rank.min(*best);
        }
        let cut = rows.len() >= MOST_ROWS;
        let answers = questions.iter().zip(&asked).map(|(question, product)| {
            match product.and_then(|product| known.get(&product)) {
                Some((_, _, game)) => Found::Elsewhere(format!("{OWN}{game}")),
                // There was no room in the answer for all.
                None if cut && product.is_some() => Found::Elsewhere(question.id.clone()),
                None => Found::Elsewhere(BY_TITLE.to_owned()),
            }
        });
        Ok(answers.collect())
    }

    /// Which of its games have these titles?
    async fn search(&self, questions: &[Question]) -> Result<Vec<Found>, Trouble> {
        let parts = self
            .post(
                "multiquery",
                query::titles(questions.iter().map(|q| &*q.title)),
            )
            .await?;
        let parts = parts.as_array().ok_or_else(not_a_list)?;
        let answers = questions.iter().enumerate().map(|(n, question)| {
            let name = n.to_string();
            let part = parts.iter().find(|part| part["name"] == *name);
            let candidates: Vec<&Value> = part.map_or_else(Vec::new, |part| {
                list(&part["result"])
                    .filter(|game| game["id"].is_i64())
                    .collect()
            });
            let chosen = question.choose(&candidates, |game| {
                let mut titles = names(list(&game["alternative_names"]));
                titles.extend(string(&game["name"]).map(str::to_owned));
                let released = game["first_release_date"].as_i64();
                let year = released.and_then(|at| Some(DateTime::from_timestamp(at, 0)?.year()));
                (titles, year)
            });
            chosen
                .and_then(|game| id(game))
                .map_or(Found::Nothing, |game| {
                    Found::Elsewhere(format!("{OWN}{game}"))
                })
        });
        Ok(answers.collect())
    }

    /// What are these games?
    async fn games(&self, questions: &[Question]) -> Result<Vec<Found>, Trouble> {
        let ids: Vec<Option<i64>> = questions
            .iter()
            .map(|question| question.id.strip_prefix(OWN)?.parse().ok())
            .collect();
        let body = query::games(ids.iter().flatten().copied());
        let parts = self.post("multiquery", body).await?;
        let parts = parts.as_array().ok_or_else(not_a_list)?;
        let part = |name: &str| {
            let part = parts.iter().find(|part| part["name"] == name);
            list(part.map_or(&Value::Null, |part| &part["result"]))
        };
        let games: BTreeMap<i64, &Value> = part("games")
            .filter_map(|game| Some((id(game)?, game)))
            .collect();
        let times: BTreeMap<i64, &Value> = part("times")
            .filter_map(|times| Some((id(&times["game_id"])?, times)))
            .collect();
        let answers = ids.iter().map(|id| {
            let found = id.and_then(|id| Some((id, games.get(&id)?)));
            found.map_or(Found::Nothing, |(id, game)| Found::Product {
                id: id.to_string(),
                findings: Box::new(game::read(game, times.get(&id).copied())),
                stores: game::stores(game),
            })
        });
        Ok(answers.collect())
    }
}

fn not_a_list() -> Trouble {
    Trouble::Malformed("not a list".to_owned())
}

/// The store's number and id of `at:steam:70`.
fn product(text: &str) -> Option<(i64, &str)> {
    let (platform, store_id) = text.strip_prefix(AT)?.split_once(':')?;
    let (_, store) = STORES.iter().find(|(name, _)| *name == platform)?;
    Some((*store, store_id))
}

/// An id that may stand in a query as it is.
fn is_plain(store_id: &str) -> bool {
    (1..=64).contains(&store_id.len())
        && store_id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

#[async_trait]
impl Provider for Igdb {
    fn name(&self) -> &'static str {
        NAME
    }

    fn platform(&self) -> Option<&'static str> {
        None
    }

    fn source(&self) -> Source {
        Source::Igdb
    }

    fn budgets(&self) -> Vec<Budget> {
        vec![Budget {
            requests: self.config.requests_per_second.max(1),
            window: WINDOW,
        }]
    }

    fn first_id(&self, products: &[matched::Model]) -> Option<String> {
        let at = STORES.iter().find_map(|(platform, _)| {
            products.iter().find_map(|product| {
                let id = product.store_id.as_deref().filter(|id| is_plain(id))?;
                (product.platform == *platform).then(|| format!("{AT}{platform}:{id}"))
            })
        });
        Some(at.unwrap_or_else(|| BY_TITLE.to_owned()))
    }

    fn batch(&self, id: &str) -> Batch {
        let (prefix, most) = match id {
            _ if id.starts_with(AT) => (AT, 500),
            _ if id.starts_with(OWN) => (OWN, 100),
            // A request holds ten queries.
            _ => (BY_TITLE, 10),
        };
        Batch { prefix, most }
    }

    async fn fetch(&self, questions: &[Question]) -> Result<Vec<Found>, Trouble> {
        match questions
            .first()
            .map(|question| self.batch(&question.id).prefix)
        {
            None => Ok(Vec::new()),
            Some(AT) => self.resolve(questions).await,
            Some(OWN) => self.games(questions).await,
            Some(_) => self.search(questions).await,
        }
    }
}
