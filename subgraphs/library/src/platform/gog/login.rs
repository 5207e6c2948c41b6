//! From a code to tokens, and from those to newer ones.

use super::NAME;
use crate::{
    config::GogConfig,
    platform::{
        NoConnection, NoListing, Tokens, Window,
        answer::{ends, id, malformed, number},
        door::{Door, LONG, SOON, Spend},
        token::Exchange,
        typed,
    },
};
use djinn_subgraph_kit::http::Ask;
use serde_json::Value;
use std::{sync::Arc, time::Duration};

/// Where a sign-in ends; the only address GOG accepts for this client.
pub const REDIRECT: &str = "https://embed.gog.com/on_login_success?origin=client";
pub const WINDOWS: [Window; 1] = [Window {
    requests: 60,
    seconds: 300,
}];

/// Signs in and stays so.
#[derive(Clone)]
pub struct Login {
    /// The way to GOG.
    pub door: Door,
    /// Where and as whom.
    pub config: Arc<GogConfig>,
}

impl Login {
    /// The tokens for a code, and whose they are.
    pub async fn exchange(&self, code: &str) -> Result<(Tokens, String), NoConnection> {
        let query = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT),
        ];
        self.token(&query, SOON).await.map_err(|none| match none {
            NoListing::CredentialsRejected(_) => NoConnection::Rejected {
                name: "code",
                message: "GOG does not accept this code. It is good once and for a few minutes: sign in again and copy the new address.".to_owned(),
            },
            none => none.into(),
        })
    }

    /// Spends the refresh token.
    pub fn refresh(&self) -> Exchange {
        let login = self.clone();
        Box::new(move |tokens| {
            Box::pin(async move {
                let query = [
                    ("grant_type", "refresh_token"),
                    ("refresh_token", &*tokens.refresh),
                ];
                Ok(login.token(&query, LONG).await?.0)
            })
        })
    }

    async fn token(
        &self,
        query: &[(&str, &str)],
        timeout: Duration,
    ) -> Result<(Tokens, String), NoListing> {
        let mut whole = vec![
            ("client_id", &*self.config.client_id),
            ("client_secret", &*self.config.client_secret),
        ];
        whole.extend(query);
        let base = self.config.auth_base.trim_end_matches('/');
        let ask = Ask {
            timeout,
            ..Ask::get(format!("{base}/token?{}", typed::form(&whole)))
        };
        let reply = self
            .door
            .ask(&[Spend::of("gog", "sign-in", &WINDOWS)], ask)
            .await?;
        if matches!(reply.status, 400 | 401 | 403) {
            return Err(NoListing::CredentialsRejected(NAME));
        }
        let said = reply.object()?;
        let word = |name: &str| {
            said.get(name)
                .and_then(Value::as_str)
                .map(ToOwned::to_owned)
        };
        let account = id(said.get("user_id")).ok_or(malformed(NAME, "a login of nobody"))?;
        let tokens = Tokens {
            access: word("access_token").ok_or(malformed(NAME, "a login without a token"))?,
            access_until: ends(self.door.ports.clock.now(), number(said.get("expires_in"))),
            refresh: word("refresh_token")
                .ok_or(malformed(NAME, "a login that cannot be renewed"))?,
            refresh_until: None,
            ticket: None,
        };
        Ok((tokens, account))
    }
}
