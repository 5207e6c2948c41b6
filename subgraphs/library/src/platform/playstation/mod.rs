//! PlayStation: what was bought or lent by a subscription, and what was played for how long.
//!
//! The sign-in is by `npsso`, which is the whole session of a person's account: it is exchanged
//! once and never stored, not even sealed.

mod answer;
mod login;
mod trophy;

use super::{
    Access, AchievementListed, Connection, Description, Field, Fields, Listed, Listing,
    NoConnection, NoListing, PlatformAdapter, Window,
    door::{Door, LONG, SOON, Spend},
    gather::Gathered,
    graphql::{FieldKind, PlatformKind},
    token::with_tokens,
    typed,
};
use crate::config::PlayStationConfig;
use djinn_subgraph_kit::{Ports, http::Ask};
use login::Login;
#[cfg(test)]
pub use login::WINDOWS as SIGN_IN;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};

const NAME: &str = "PlayStation";
/// Not documented; what people have found to be borne.
pub const WINDOWS: [Window; 1] = [Window {
    requests: 300,
    seconds: 900,
}];
/// Purchases in one page.
const BOUGHT: i64 = 100;
/// Games played in one page: the most there can be.
const PLAYED: i64 = 200;
/// More than anybody has; a list that goes on longer goes round in a circle.
const MOST: i64 = 50_000;

/// Where a list goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum At {
    /// Purchases, from that one on.
    Bought(i64),
    /// Games played, from that one on.
    Played(i64),
}

/// Reads PlayStation accounts.
pub struct PlayStation {
    door: Door,
    login: Login,
    config: Arc<PlayStationConfig>,
    description: Description,
}

impl PlayStation {
    /// As configured.
    pub fn new(ports: Ports, config: PlayStationConfig) -> Self {
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

    async fn get(
        &self,
        account: &str,
        token: &str,
        url: String,
        timeout: Duration,
    ) -> Result<Value, NoListing> {
        let ask = Ask {
            timeout,
            ..Ask::get(url)
        };
        let ask = ask
            .with("authorization", format!("Bearer {token}"))
            .with("accept", "application/json")
            .with("accept-language", "en-US");
        let spends = [Spend::of("playstation", account, &WINDOWS)];
        answer::good(self.door.ask(&spends, ask).await?)
    }

    /// One page, added to what was gathered; where to go on, if anywhere.
    async fn page(
        &self,
        gathered: &mut Gathered<At>,
        account: &str,
        token: &str,
    ) -> Result<Option<At>, NoListing> {
        match gathered.at {
            At::Bought(start) => {
                let url = self.bought_url(start);
                let page = answer::bought(&self.get(account, token, url, LONG).await?)?;
                let next = start + page.listed;
                gathered.add(page.games);
                Ok(Some(if page.last || next > MOST {
                    At::Played(0)
                } else {
                    At::Bought(next)
                }))
            }
            At::Played(offset) => {
                let base = self.config.mobile_base.trim_end_matches('/');
                let url = format!(
                    "{base}/api/gamelist/v2/users/me/titles?categories=ps4_game,ps5_native_game,pspc_game&limit={PLAYED}&offset={offset}"
                );
                let page = answer::played(&self.get(account, token, url, LONG).await?, offset)?;
                gathered.add(page.games);
                Ok(page.next.filter(|next| *next <= MOST).map(At::Played))
            }
        }
    }

    fn bought_url(&self, start: i64) -> String {
        let variables = json!({
            "isActive": true, "platform": ["ps4", "ps5"], "size": BOUGHT, "start": start,
            "sortBy": "ACTIVE_DATE", "sortDirection": "desc",
        });
        let extensions = json!({
            "persistedQuery": { "version": 1, "sha256Hash": self.config.purchases_hash },
        });
        let query = typed::form(&[
            ("operationName", "getPurchasedGameList"),
            ("variables", &variables.to_string()),
            ("extensions", &extensions.to_string()),
        ]);
        let base = self.config.web_base.trim_end_matches('/');
        format!("{base}/api/graphql/v1/op?{query}")
    }
}

#[async_trait::async_trait]
impl PlatformAdapter for PlayStation {
    fn describe(&self) -> &Description {
        &self.description
    }

    async fn connect(&self, fields: &Fields) -> Result<Connection, NoConnection> {
        let typed = fields.get("npsso").map_or("", String::as_str);
        let npsso = login::npsso(typed)?;
        let tokens = self.login.exchange(&npsso).await?;
        let base = self.config.profile_base.trim_end_matches('/');
        let url = format!("{base}/userProfile/v1/users/me/profile2?fields=accountId,onlineId");
        let said = self.get("me", &tokens.access, url, SOON).await?;
        let (account, name) = answer::profile(&said)?;
        Ok(Connection {
            account,
            name,
            secrets: vec![tokens.secret().map_err(NoListing::from)?],
        })
    }

    async fn list(&self, access: &Access, cursor: Option<&str>) -> Result<Listing, NoListing> {
        let (account, now) = (&access.account, self.door.ports.clock.now());
        with_tokens(
            NAME,
            access,
            now,
            || self.login.refresh(),
            |tokens| {
                let mut gathered = Gathered::of(cursor, At::Bought(0));
                async move {
                    Ok(
                        match self.page(&mut gathered, account, &tokens.access).await? {
                            Some(next) => gathered.more(next)?,
                            None => gathered.whole(),
                        },
                    )
                }
            },
        )
        .await
    }

    fn lists_recent(&self) -> bool {
        true
    }

    /// The list of what was played begins with the latest: its first page is all of two weeks.
    async fn recent(&self, access: &Access) -> Result<Option<Vec<Listed>>, NoListing> {
        let (account, now) = (&access.account, self.door.ports.clock.now());
        with_tokens(
            NAME,
            access,
            now,
            || self.login.refresh(),
            |tokens| async move {
                let mut played = Gathered::of(None, At::Played(0));
                self.page(&mut played, account, &tokens.access).await?;
                Ok(Some(played.whole().games))
            },
        )
        .await
    }

    async fn achievements(
        &self,
        access: &Access,
        store_id: &str,
    ) -> Result<Option<Vec<AchievementListed>>, NoListing> {
        let (account, now) = (&access.account, self.door.ports.clock.now());
        with_tokens(
            NAME,
            access,
            now,
            || self.login.refresh(),
            |tokens| async move { self.trophies_of(account, &tokens.access, store_id).await },
        )
        .await
    }

    fn lists_achievements(&self) -> bool {
        true
    }
}

fn describe(config: &PlayStationConfig) -> Description {
    Description {
        id: "playstation".to_owned(),
        name: NAME.to_owned(),
        kind: PlatformKind::Store,
        can_sync: true,
        help: "Sign in at playstation.com first. Then open the link in the same browser and copy \
               the npsso it shows. The hub exchanges it once and does not keep it."
            .to_owned(),
        authorize_url: Some(format!(
            "{}/api/v1/ssocookie",
            config.account_base.trim_end_matches('/')
        )),
        setup: None,
        fields: vec![Field {
            name: "npsso",
            kind: FieldKind::Text,
            label: "npsso",
            help: "64 letters and digits. It is a key to your whole account: paste it nowhere else, and sign out there to void it.",
            secret: true,
            required: true,
            pattern: None,
            placeholder: Some("{\"npsso\":…}"),
        }],
        limits: WINDOWS.to_vec(),
    }
}
