//! Twitch's token for IGDB: lasts some sixty days, and is asked for anew when it does not.

use super::super::Trouble;
use crate::config::Igdb as Config;
use chrono::{DateTime, TimeDelta, Utc};
use djinn_kernel::Clock;
use djinn_subgraph_kit::http::{Ask, Http};
use serde_json::Value;
use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

/// A token of which nothing is left after this long is as good as gone.
const MARGIN: TimeDelta = TimeDelta::minutes(1);

/// Holds the token. Kept in memory only: another costs one request.
pub struct Token {
    http: Arc<dyn Http>,
    clock: Arc<dyn Clock>,
    url: String,
    client_id: String,
    secret: Option<String>,
    current: RwLock<Option<(String, DateTime<Utc>)>>,
}

impl Token {
    /// `None` without a client id and a secret, or a token that somebody got by other means.
    pub fn new(http: Arc<dyn Http>, clock: Arc<dyn Clock>, config: &Config) -> Option<Self> {
        let client_id = config.client_id.clone()?;
        let given = config.access_token.clone();
        if config.client_secret.is_none() && given.is_none() {
            return None;
        }
        Some(Self {
            http,
            clock,
            url: config.token_url.clone(),
            client_id,
            secret: config.client_secret.clone(),
            current: RwLock::new(given.map(|token| (token, DateTime::<Utc>::MAX_UTC))),
        })
    }

    /// Whose it is.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The token, a new one if need be.
    pub async fn get(&self) -> Result<String, Trouble> {
        let now = self.clock.now();
        let known = self
            .current
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some((token, _)) = known.filter(|(_, until)| *until - MARGIN > now) {
            return Ok(token);
        }
        let Some(secret) = &self.secret else {
            return Err(Trouble::Refused(
                "the access token is no longer taken".to_owned(),
            ));
        };
        let (token, lasts) = self.ask(secret).await?;
        let until = now + TimeDelta::seconds(lasts);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) =
            Some((token.clone(), until));
        Ok(token)
    }

    /// It was refused: the next asker gets another. One that was renewed meanwhile stays.
    pub fn drop(&self, refused: &str) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if current.as_ref().is_some_and(|(token, _)| token == refused) {
            *current = None;
        }
    }

    async fn ask(&self, secret: &str) -> Result<(String, i64), Trouble> {
        let mut ask = Ask::get(&self.url);
        ask.headers = vec![(
            "content-type",
            "application/x-www-form-urlencoded".to_owned(),
        )];
        let field = |text: &str| -> String {
            // Twitch's are letters and digits; anything else would be another field.
            text.chars().filter(char::is_ascii_alphanumeric).collect()
        };
        ask.body = Some(
            format!(
                "client_id={}&client_secret={}&grant_type=client_credentials",
                field(&self.client_id),
                field(secret)
            )
            .into_bytes(),
        );
        ask.timeout = Duration::from_secs(12);
        ask.max_bytes = 64 * 1024;
        let answer = self
            .http
            .send(ask)
            .await
            .map_err(|error| Trouble::Down(format!("signing in at Twitch: {error}")))?;
        match answer.status {
            200 => {}
            // 400 for a wrong id, 403 for a wrong secret.
            400..=403 => {
                return Err(Trouble::Refused(
                    "Twitch takes neither client id nor secret".to_owned(),
                ));
            }
            429 => {
                return Err(Trouble::RateLimited {
                    retry_after: answer.retry_after,
                    plainly: true,
                });
            }
            status => {
                return Err(Trouble::Down(format!(
                    "signing in at Twitch: status {status}"
                )));
            }
        }
        let nonsense = || Trouble::Malformed("signing in at Twitch: not a token".to_owned());
        let said: Value = serde_json::from_slice(&answer.body).map_err(|_| nonsense())?;
        let token = said["access_token"].as_str().filter(|token| {
            (1..=512).contains(&token.len()) && token.bytes().all(|b| b.is_ascii_graphic())
        });
        let lasts = said["expires_in"].as_i64().unwrap_or(3600);
        Ok((
            token.ok_or_else(nonsense)?.to_owned(),
            lasts.clamp(120, 366 * 24 * 3600),
        ))
    }
}
