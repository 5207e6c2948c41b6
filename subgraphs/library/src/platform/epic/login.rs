//! From an authorization code to tokens, and from those to newer ones.

use super::{NAME, answer};
use crate::{
    config::EpicConfig,
    copy::clean,
    platform::{
        NoConnection, NoListing, Tokens, Window,
        answer::{ends, id, malformed, number},
        door::{Door, LONG, SOON, Spend},
        token::Exchange,
        typed,
    },
};
use base64::{Engine, engine::general_purpose::STANDARD};
use djinn_subgraph_kit::http::Ask;
use serde_json::Value;
use std::{sync::Arc, time::Duration};

pub const WINDOWS: [Window; 1] = [Window {
    requests: 60,
    seconds: 300,
}];

/// Signs in and stays so.
#[derive(Clone)]
pub struct Login {
    /// The way to Epic.
    pub door: Door,
    /// Where and as whom.
    pub config: Arc<EpicConfig>,
}

impl Login {
    /// The tokens for a code, whose they are, and what they are called.
    pub async fn exchange(
        &self,
        code: &str,
    ) -> Result<(Tokens, String, Option<String>), NoConnection> {
        let form = [("grant_type", "authorization_code"), ("code", code)];
        self.token(&form, SOON).await.map_err(|none| match none {
            NoListing::CredentialsRejected(_) => NoConnection::Rejected {
                name: "code",
                message: "Epic does not accept this code. It is good once and for a few minutes: open the link again and copy the new one.".to_owned(),
            },
            none => none.into(),
        })
    }

    /// Spends the refresh token.
    pub fn refresh(&self) -> Exchange {
        let login = self.clone();
        Box::new(move |tokens| {
            Box::pin(async move {
                let form = [
                    ("grant_type", "refresh_token"),
                    ("refresh_token", &*tokens.refresh),
                ];
                Ok(login.token(&form, LONG).await?.0)
            })
        })
    }

    async fn token(
        &self,
        form: &[(&str, &str)],
        timeout: Duration,
    ) -> Result<(Tokens, String, Option<String>), NoListing> {
        let mut form = form.to_vec();
        form.push(("token_type", "eg1"));
        let base = self.config.account_base.trim_end_matches('/');
        let basic = format!("{}:{}", self.config.client_id, self.config.client_secret);
        let ask = Ask {
            timeout,
            ..Ask::form(
                format!("{base}/account/api/oauth/token"),
                typed::form(&form),
            )
        };
        let ask = ask.with("authorization", format!("basic {}", STANDARD.encode(basic)));
        let spends = [Spend::of("epic", "sign-in", &WINDOWS)];
        let reply = self.door.ask(&spends, ask).await?;
        if reply.status >= 400 {
            return Err(answer::refused_login(&reply));
        }
        let said = answer::good(reply)?;
        let now = self.door.ports.clock.now();
        let word = |name: &str| {
            said.get(name)
                .and_then(Value::as_str)
                .map(ToOwned::to_owned)
        };
        let tokens = Tokens {
            access: word("access_token").ok_or(malformed(NAME, "a login without a token"))?,
            access_until: ends(now, number(said.get("expires_in"))),
            refresh: word("refresh_token")
                .ok_or(malformed(NAME, "a login that cannot be renewed"))?,
            refresh_until: number(said.get("refresh_expires")).map(|s| ends(now, Some(s))),
            ticket: None,
        };
        let account = id(said.get("account_id")).ok_or(malformed(NAME, "a login of nobody"))?;
        let name = word("displayName").map(|name| clean(&name, 80));
        Ok((tokens, account, name.filter(|name| !name.is_empty())))
    }
}
