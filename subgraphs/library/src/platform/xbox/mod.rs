//! Xbox: a Microsoft login becomes an Xbox user, who may ask what was played, and for how long.
//!
//! The title history says what was *played*, never what is owned: a title of the Game Pass is a
//! copy by subscription for as long as it is in it, everything else was played once.

mod achievement;
mod answer;
mod login;

use super::{
    Access, AchievementListed, Connection, Description, Field, Fields, Listed, Listing,
    NoConnection, NoListing, PlatformAdapter, TokenKeeper, Tokens, Window,
    door::{Door, LONG, SOON, Spend},
    graphql::{FieldKind, PlatformKind},
    typed,
};
use crate::config::XboxConfig;
use chrono::TimeDelta;
use djinn_subgraph_kit::{Ports, http::Ask};
use login::Login;
#[cfg(test)]
pub use login::SIGN_IN;
use serde_json::{Value, json};
use std::{future::Future, sync::Arc};

const NAME: &str = "Xbox";
/// The outer bound, for one account over all services.
pub const WINDOWS: [Window; 2] = [
    Window {
        requests: 300,
        seconds: 60,
    },
    Window {
        requests: 3_000,
        seconds: 3_600,
    },
];
/// Documented for statistics and for achievements, each.
pub const SERVICE: [Window; 2] = [
    Window {
        requests: 100,
        seconds: 15,
    },
    Window {
        requests: 300,
        seconds: 300,
    },
];
/// Documented for people and profiles; the title hub is not documented, and gets no more.
pub const SMALL_SERVICE: [Window; 2] = [
    Window {
        requests: 10,
        seconds: 15,
    },
    Window {
        requests: 30,
        seconds: 300,
    },
];
/// Titles in one question about minutes played.
const STATS: usize = 100;
/// What was played in this time was played lately.
const LATELY: TimeDelta = TimeDelta::weeks(2);

/// Reads Xbox accounts.
pub struct Xbox {
    door: Door,
    login: Login,
    config: Arc<XboxConfig>,
    description: Description,
}

impl Xbox {
    /// As configured.
    pub fn new(ports: Ports, config: XboxConfig) -> Self {
        let config = Arc::new(config);
        let door = Door { ports, name: NAME };
        Self {
            login: Login {
                door: door.clone(),
                config: Arc::clone(&config),
            },
            description: describe(&config),
            door,
            config,
        }
    }

    /// Makes a call with a ticket that is good, and once more with a new one when Xbox says that
    /// it is not.
    async fn authorised<T, F>(
        &self,
        access: &Access,
        call: impl Fn(String) -> F + Send,
    ) -> Result<T, NoListing>
    where
        F: Future<Output = Result<T, NoListing>> + Send,
    {
        let keeper = access.tokens.as_ref();
        let keeper = keeper.ok_or(NoListing::CredentialsRejected(NAME))?;
        let ticket = self.ticket(&**keeper, None).await?;
        match call(ticket.clone()).await {
            Err(NoListing::CredentialsRejected(_)) => {
                call(self.ticket(&**keeper, Some(&ticket)).await?).await
            }
            said => said,
        }
    }

    /// A ticket that is good and is not `bad`.
    async fn ticket(
        &self,
        keeper: &dyn TokenKeeper,
        bad: Option<&str>,
    ) -> Result<String, NoListing> {
        let rejected = NoListing::CredentialsRejected(NAME);
        let now = self.door.ports.clock.now();
        let mut tokens = keeper.tokens().await?.ok_or(rejected)?;
        if let Some(ticket) = &tokens.ticket
            && ticket.fresh(now)
            && bad != Some(&ticket.value)
        {
            return Ok(ticket.value.clone());
        }
        // Two exchanges, each saved: the first spends the refresh token, the second may fail.
        if !tokens.fresh(now) {
            tokens = keeper.renew(&tokens, self.login.refresh()).await?;
        }
        let granted = match keeper.renew(&tokens, self.login.grant()).await {
            Err(NoListing::CredentialsRejected(_)) => {
                tokens = keeper.renew(&tokens, self.login.refresh()).await?;
                keeper.renew(&tokens, self.login.grant()).await?
            }
            granted => granted?,
        };
        let ticket = granted.ticket.ok_or(NoListing::CredentialsRejected(NAME))?;
        Ok(ticket.value)
    }

    async fn ask(
        &self,
        service: &'static str,
        account: &str,
        ticket: &str,
        contract: &str,
        ask: Ask,
    ) -> Result<super::answer::Reply, NoListing> {
        let inside: &'static [Window] = match service {
            "titlehub" => &SMALL_SERVICE,
            _ => &SERVICE,
        };
        let spends = [
            Spend::of("xbox", &format!("{account}:{service}"), inside),
            Spend::of("xbox", account, &WINDOWS),
        ];
        let ask = ask
            .with("authorization", ticket)
            .with("x-xbl-contract-version", contract)
            .with("accept", "application/json")
            .with("accept-language", "en-US");
        self.door.ask(&spends, ask).await
    }

    async fn history(&self, account: &str, ticket: &str) -> Result<Vec<answer::Title>, NoListing> {
        let base = self.config.titlehub_base.trim_end_matches('/');
        let url = format!(
            "{base}/users/xuid({account})/titles/titlehistory/decoration/achievement,scid,gamepass,stats?maxItems=20000"
        );
        let ask = Ask {
            timeout: LONG,
            ..Ask::get(url)
        };
        let reply = self.ask("titlehub", account, ticket, "2", ask).await?;
        answer::history(answer::object(reply)?, account)
    }

    /// The minutes played of these titles; those that Xbox keeps no count of are left out.
    async fn minutes(
        &self,
        account: &str,
        ticket: &str,
        titles: &[answer::Title],
    ) -> Result<Vec<(String, i32)>, NoListing> {
        let asked: Vec<Value> = titles
            .iter()
            .map(|title| json!({ "name": "MinutesPlayed", "titleid": title.id }))
            .collect();
        let body = json!({ "arrangebyfield": "xuid", "stats": asked, "xuids": [account] });
        let base = self.config.userstats_base.trim_end_matches('/');
        let ask = Ask {
            body: Some(body.to_string().into_bytes()),
            timeout: LONG,
            ..Ask::get(format!("{base}/batch"))
        };
        let ask = ask.with("content-type", "application/json");
        let reply = self.ask("userstats", account, ticket, "2", ask).await?;
        if reply.status == 403 {
            // Some people's statistics nobody may see; their games can still be listed.
            return Ok(Vec::new());
        }
        answer::minutes(&answer::object(reply)?)
    }

    /// These titles, with their minutes.
    async fn listed(
        &self,
        account: &str,
        ticket: &str,
        titles: Vec<answer::Title>,
    ) -> Result<Vec<Listed>, NoListing> {
        let mut played = std::collections::HashMap::new();
        for chunk in titles.chunks(STATS) {
            played.extend(self.minutes(account, ticket, chunk).await?);
        }
        let games = titles.into_iter().map(|title| {
            let minutes = played.get(&title.id).copied().unwrap_or(0);
            title.listed(minutes)
        });
        Ok(games.collect())
    }

    async fn everything(&self, account: &str, ticket: &str) -> Result<Listing, NoListing> {
        let titles = self.history(account, ticket).await?;
        let games = self.listed(account, ticket, titles).await?;
        Ok(Listing { games, next: None })
    }

    /// What the history says was played in the last two weeks. Only of that, if there is any, are
    /// the minutes asked.
    async fn lately(&self, account: &str, ticket: &str) -> Result<Vec<Listed>, NoListing> {
        let since = self.door.ports.clock.now() - LATELY;
        let mut titles = self.history(account, ticket).await?;
        titles.retain(|title| title.played_since(since));
        self.listed(account, ticket, titles).await
    }
}

#[async_trait::async_trait]
impl PlatformAdapter for Xbox {
    fn describe(&self) -> &Description {
        &self.description
    }

    async fn connect(&self, fields: &Fields) -> Result<Connection, NoConnection> {
        let typed = fields.get("code").map_or("", String::as_str);
        let code = typed::code(
            "code",
            typed,
            "paste the code, or the whole address of the page where the sign-in ended",
        )?;
        let tokens = self.login.exchange(&code).await?;
        let (ticket, who) = self.login.user(&tokens.access, SOON).await?;
        // The list itself is the test: a ticket alone proves little.
        self.history(&who.xuid, &ticket.value).await?;
        let tokens = Tokens {
            ticket: Some(ticket),
            ..tokens
        };
        Ok(Connection {
            account: who.xuid,
            name: who.gamertag,
            secrets: vec![tokens.secret().map_err(NoListing::from)?],
        })
    }

    async fn list(&self, access: &Access, _: Option<&str>) -> Result<Listing, NoListing> {
        let account = &access.account;
        self.authorised(access, |ticket| async move {
            self.everything(account, &ticket).await
        })
        .await
    }

    fn lists_recent(&self) -> bool {
        true
    }

    async fn recent(&self, access: &Access) -> Result<Option<Vec<Listed>>, NoListing> {
        let account = &access.account;
        let games = self.authorised(access, |ticket| async move {
            self.lately(account, &ticket).await
        });
        Ok(Some(games.await?))
    }

    async fn achievements(
        &self,
        access: &Access,
        store_id: &str,
    ) -> Result<Option<Vec<AchievementListed>>, NoListing> {
        let account = &access.account;
        self.authorised(access, |ticket| async move {
            self.achievements_of(account, &ticket, store_id).await
        })
        .await
    }

    fn lists_achievements(&self) -> bool {
        true
    }
}

fn describe(config: &XboxConfig) -> Description {
    let authorize_url = config.client_id.as_ref().map(|client| {
        let query = typed::form(&[
            ("client_id", client),
            ("response_type", "code"),
            ("redirect_uri", &config.redirect_url),
            ("scope", login::SCOPE),
        ]);
        let base = config.login_base.trim_end_matches('/');
        format!("{base}/oauth20_authorize.srf?{query}")
    });
    Description {
        id: "xbox".to_owned(),
        name: NAME.to_owned(),
        kind: PlatformKind::Store,
        can_sync: true,
        help:
            "Sign in at Microsoft, then copy the whole address of the empty page you end at. The \
               hub sees what you played and what the Game Pass lends you; Xbox tells nobody what \
               you own."
                .to_owned(),
        setup: authorize_url.is_none().then_some(login::SETUP),
        authorize_url,
        fields: vec![Field {
            name: "code",
            kind: FieldKind::Text,
            label: "Code",
            help: "The address of the page after the sign-in, or the code in it. It is good once and for a few minutes.",
            secret: true,
            required: true,
            pattern: None,
            placeholder: Some("https://login.live.com/oauth20_desktop.srf?code=…"),
        }],
        limits: WINDOWS.to_vec(),
    }
}
