//! From a code to somebody who may ask: Microsoft's tokens, an Xbox user token, an XSTS ticket.

use super::{NAME, SMALL_SERVICE, answer};
use crate::{
    config::XboxConfig,
    platform::{
        NoConnection, NoListing, Tokens,
        answer::{ends, malformed, number},
        door::{Door, LONG, SOON, Spend},
        token::{Exchange, Ticket},
        typed,
    },
};
use djinn_subgraph_kit::http::Ask;
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};

/// What is asked of Microsoft: who it is, and to be remembered.
pub const SCOPE: &str = "Xboxlive.signin Xboxlive.offline_access";
/// What the owner has to do first.
pub const SETUP: &str = "Xbox needs an app of your own at Microsoft: register one (free, personal accounts, a mobile and desktop app with the redirect address https://login.live.com/oauth20_desktop.srf) and set xbox.client_id to its id.";

/// Whom a ticket is for.
pub struct Who {
    /// The account's id.
    pub xuid: String,
    /// What it is called.
    pub gamertag: Option<String>,
}

/// Signs in and stays so.
#[derive(Clone)]
pub struct Login {
    /// The way to Xbox.
    pub door: Door,
    /// Where and as whom.
    pub config: Arc<XboxConfig>,
}

impl Login {
    /// The tokens for a code.
    pub async fn exchange(&self, code: &str) -> Result<Tokens, NoConnection> {
        let form = [("grant_type", "authorization_code"), ("code", code)];
        self.token(&form, None, SOON).await.map_err(|none| match none {
            NoListing::CredentialsRejected(_) => NoConnection::Rejected {
                name: "code",
                message: "Microsoft does not accept this code. It is good once and for a few minutes: sign in again and copy the new address.".to_owned(),
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
                login.token(&form, Some(&tokens.refresh), LONG).await
            })
        })
    }

    /// Gets a ticket for the access token.
    pub fn grant(&self) -> Exchange {
        let login = self.clone();
        Box::new(move |tokens| {
            Box::pin(async move {
                let (ticket, _) = login.user(&tokens.access, LONG).await?;
                Ok(Tokens {
                    ticket: Some(ticket),
                    ..tokens
                })
            })
        })
    }

    async fn token(
        &self,
        form: &[(&str, &str)],
        refresh: Option<&str>,
        timeout: Duration,
    ) -> Result<Tokens, NoListing> {
        let client = self.config.client_id.as_deref();
        let client = client.ok_or(NoListing::NotConfigured(SETUP))?;
        let mut form = form.to_vec();
        form.extend([
            ("client_id", client),
            ("redirect_uri", &self.config.redirect_url),
            ("scope", SCOPE),
        ]);
        if let Some(secret) = &self.config.client_secret {
            form.push(("client_secret", secret));
        }
        let base = self.config.login_base.trim_end_matches('/');
        let url = format!("{base}/oauth20_token.srf");
        let said = self
            .post(Ask::form(url, typed::form(&form)), timeout)
            .await?;
        if let Some(error) = said.said.get("error").and_then(Value::as_str) {
            return Err(match error {
                "invalid_client" | "unauthorized_client" | "invalid_scope" => {
                    NoListing::NotConfigured(
                        "Microsoft does not accept the app in xbox.client_id for Xbox logins. The owner of this hub has to mend it.",
                    )
                }
                _ => NoListing::CredentialsRejected(NAME),
            });
        }
        let said = said.object()?;
        let now = self.door.ports.clock.now();
        let word = |name: &str| {
            said.get(name)
                .and_then(Value::as_str)
                .map(ToOwned::to_owned)
        };
        Ok(Tokens {
            access: word("access_token").ok_or(malformed(NAME, "a login without a token"))?,
            access_until: ends(now, number(said.get("expires_in"))),
            refresh: word("refresh_token")
                .or_else(|| refresh.map(ToOwned::to_owned))
                .ok_or(malformed(NAME, "a login that cannot be renewed"))?,
            refresh_until: None,
            ticket: None,
        })
    }

    /// The ticket for an access token, and whom it is for.
    pub async fn user(&self, access: &str, timeout: Duration) -> Result<(Ticket, Who), NoListing> {
        let base = self.config.user_base.trim_end_matches('/');
        let body = json!({
            "RelyingParty": "http://auth.xboxlive.com", "TokenType": "JWT",
            "Properties": { "AuthMethod": "RPS", "SiteName": "user.auth.xboxlive.com", "RpsTicket": format!("d={access}") },
        });
        let user = self
            .json(format!("{base}/user/authenticate"), &body, timeout)
            .await?;
        let token = user.get("Token").and_then(Value::as_str);
        let token = token.ok_or(malformed(NAME, "a user without a token"))?;
        let base = self.config.xsts_base.trim_end_matches('/');
        let body = json!({
            "RelyingParty": "http://xboxlive.com", "TokenType": "JWT",
            "Properties": { "SandboxId": "RETAIL", "UserTokens": [token] },
        });
        let said = self
            .json(format!("{base}/xsts/authorize"), &body, timeout)
            .await?;
        answer::ticket(&said, self.door.ports.clock.now())
    }

    async fn json(&self, url: String, body: &Value, timeout: Duration) -> Result<Value, NoListing> {
        let ask = Ask {
            body: Some(body.to_string().into_bytes()),
            ..Ask::get(url)
        };
        let ask = ask
            .with("content-type", "application/json")
            .with("x-xbl-contract-version", "1");
        let reply = self.post(ask, timeout).await?;
        if let Some(refused) = answer::refusal(&reply.said) {
            return Err(refused);
        }
        answer::object(reply)
    }

    async fn post(
        &self,
        ask: Ask,
        timeout: Duration,
    ) -> Result<crate::platform::answer::Reply, NoListing> {
        let spends = [Spend::of("xbox", "sign-in", &SIGN_IN)];
        self.door.ask(&spends, Ask { timeout, ..ask }).await
    }
}

/// Signing in is counted for the whole hub: it is one app at one address.
pub const SIGN_IN: [crate::platform::Window; 2] = [
    crate::platform::Window {
        requests: 60,
        seconds: SMALL_SERVICE[0].seconds,
    },
    crate::platform::Window {
        requests: 300,
        seconds: SMALL_SERVICE[1].seconds,
    },
];
