//! From an npsso to tokens, and from those to newer ones.

use super::{NAME, answer};
use crate::{
    config::PlayStationConfig,
    platform::{
        NoConnection, NoListing, Tokens, Window,
        answer::{ends, malformed, number},
        door::{Door, LONG, SOON, Spend},
        token::Exchange,
        typed,
    },
};
use base64::{Engine, engine::general_purpose::STANDARD};
use djinn_subgraph_kit::http::Ask;
use serde_json::Value;
use std::{sync::Arc, time::Duration};

/// Where the app's sign-in ends; nothing is there, the code is in the address.
const REDIRECT: &str = "com.scee.psxandroid.scecompcall://redirect";
const SCOPE: &str = "psn:mobile.v2.core psn:clientapp";
pub const WINDOWS: [Window; 1] = [Window {
    requests: 60,
    seconds: 900,
}];

/// Signs in and stays so.
#[derive(Clone)]
pub struct Login {
    /// The way to PlayStation.
    pub door: Door,
    /// Where and as whom.
    pub config: Arc<PlayStationConfig>,
}

/// The npsso in what was pasted.
pub fn npsso(typed: &str) -> Result<String, NoConnection> {
    let missing = "an npsso has 64 letters and digits; open the link while you are signed in at playstation.com and copy what it shows";
    let npsso = typed::code("npsso", typed, missing)?;
    if npsso.len() == 64 && npsso.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Ok(npsso);
    }
    Err(NoConnection::Field {
        name: "npsso",
        message: missing.to_owned(),
    })
}

impl Login {
    /// The tokens for an npsso, which is not needed any more afterwards.
    pub async fn exchange(&self, npsso: &str) -> Result<Tokens, NoConnection> {
        let rejected = || {
            NoConnection::Rejected {
            name: "npsso",
            message: "PlayStation does not accept this npsso. Sign in at playstation.com again, open the link in the same browser, and copy the new one.".to_owned(),
        }
        };
        let query = typed::form(&[
            ("access_type", "offline"),
            ("client_id", &self.config.client_id),
            ("redirect_uri", REDIRECT),
            ("response_type", "code"),
            ("scope", SCOPE),
        ]);
        let ask = Ask {
            timeout: SOON,
            // It ends at an address of the app's, which only the app can open.
            follow: false,
            ..Ask::get(format!("{}/authorize?{query}", self.base()))
        };
        let ask = ask.with("cookie", format!("npsso={npsso}"));
        let spends = [Spend::of("playstation", "sign-in", &WINDOWS)];
        let reply = self.door.ask(&spends, ask).await?;
        let code = match (&reply.elsewhere, reply.status) {
            (Some(elsewhere), _) => typed::parameter(elsewhere, "code"),
            (None, 400..=499) => None,
            (None, _) => {
                return Err(malformed(NAME, "a sign-in that leads nowhere").into());
            }
        };
        let code = code.ok_or_else(rejected)?;
        let form = [
            ("grant_type", "authorization_code"),
            ("code", &*code),
            ("redirect_uri", REDIRECT),
        ];
        self.token(&form, None, SOON)
            .await
            .map_err(|none| match none {
                NoListing::CredentialsRejected(_) => rejected(),
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
                    ("scope", SCOPE),
                ];
                login.token(&form, Some(&tokens), LONG).await
            })
        })
    }

    fn base(&self) -> String {
        let base = self.config.account_base.trim_end_matches('/');
        format!("{base}/api/authz/v3/oauth")
    }

    async fn token(
        &self,
        form: &[(&str, &str)],
        before: Option<&Tokens>,
        timeout: Duration,
    ) -> Result<Tokens, NoListing> {
        let mut form = form.to_vec();
        form.push(("token_format", "jwt"));
        let basic = format!("{}:{}", self.config.client_id, self.config.client_secret);
        let ask = Ask {
            timeout,
            ..Ask::form(format!("{}/token", self.base()), typed::form(&form))
        };
        let ask = ask.with("authorization", format!("Basic {}", STANDARD.encode(basic)));
        let spends = [Spend::of("playstation", "sign-in", &WINDOWS)];
        let reply = self.door.ask(&spends, ask).await?;
        if (400..500).contains(&reply.status) {
            return Err(NoListing::CredentialsRejected(NAME));
        }
        let said = answer::good(reply)?;
        let now = self.door.ports.clock.now();
        let word = |name: &str| {
            said.get(name)
                .and_then(Value::as_str)
                .map(ToOwned::to_owned)
        };
        let ends_in = |name: &str| number(said.get(name)).map(|s| ends(now, Some(s)));
        Ok(Tokens {
            access: word("access_token").ok_or(malformed(NAME, "a login without a token"))?,
            access_until: ends(now, number(said.get("expires_in"))),
            // It is the same until it ends, and not always said again.
            refresh: word("refresh_token")
                .or_else(|| before.map(|tokens| tokens.refresh.clone()))
                .ok_or(malformed(NAME, "a login that cannot be renewed"))?,
            refresh_until: ends_in("refresh_token_expires_in")
                .or_else(|| before.and_then(|tokens| tokens.refresh_until)),
            ticket: None,
        })
    }
}
