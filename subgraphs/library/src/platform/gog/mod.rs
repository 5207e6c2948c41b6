//! GOG: what an account owns, shown or hidden there, and how long it played.

mod answer;
mod login;

use super::{
    Access, Connection, Description, Field, Fields, Listed, Listing, NoConnection, NoListing,
    PlatformAdapter, Window,
    answer::Reply,
    door::{Door, LONG, SOON, Spend},
    gather::Gathered,
    graphql::{FieldKind, PlatformKind},
    token::with_tokens,
    typed,
};
use crate::config::GogConfig;
use djinn_subgraph_kit::{Ports, http::Ask};
use login::Login;
#[cfg(test)]
pub use login::WINDOWS as SIGN_IN;
use serde::{Deserialize, Serialize};
use std::{sync::Arc, time::Duration};

const NAME: &str = "GOG";
/// Not documented; about what its own program asks.
pub const WINDOWS: [Window; 2] = [
    Window {
        requests: 60,
        seconds: 60,
    },
    Window {
        requests: 600,
        seconds: 3_600,
    },
];
/// Pages of products or of play times: a hundred products each, so this is more than GOG sells.
const PAGES: i64 = 500;

/// Where a list goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum At {
    /// Products, those that their owner hides there or the others.
    Products { page: i64, hidden: bool },
    /// How long they were played, in the profile of that name.
    Played { page: i64, user: String },
}

/// Reads GOG accounts.
pub struct Gog {
    door: Door,
    login: Login,
    config: Arc<GogConfig>,
    description: Description,
}

impl Gog {
    /// As configured.
    pub fn new(ports: Ports, config: GogConfig) -> Self {
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
    ) -> Result<Reply, NoListing> {
        let ask = Ask {
            timeout,
            ..Ask::get(url)
        };
        let ask = ask
            .with("authorization", format!("Bearer {token}"))
            .with("accept", "application/json");
        let reply = self
            .door
            .ask(&[Spend::of("gog", account, &WINDOWS)], ask)
            .await?;
        if reply.page && reply.status < 400 {
            // Whose login has ended gets the page to sign in at, with status 200.
            return Err(NoListing::CredentialsRejected(NAME));
        }
        Ok(reply)
    }

    fn embed(&self) -> &str {
        self.config.embed_base.trim_end_matches('/')
    }

    /// The name of the account's profile.
    async fn user(
        &self,
        account: &str,
        token: &str,
        timeout: Duration,
    ) -> Result<Option<String>, NoListing> {
        let url = format!("{}/userData.json", self.embed());
        let reply = self.get(account, token, url, timeout).await?;
        answer::user(&reply.object()?)
    }

    /// One page, added to what was gathered; where to go on, if anywhere.
    async fn page(
        &self,
        gathered: &mut Gathered<At>,
        account: &str,
        token: &str,
    ) -> Result<Option<At>, NoListing> {
        match gathered.at.clone() {
            At::Products { page, hidden } => {
                let url = format!(
                    "{}/account/getFilteredProducts?hiddenFlag={}&mediaType=1&page={page}&sortBy=title",
                    self.embed(),
                    u8::from(hidden)
                );
                let reply = self.get(account, token, url, LONG).await?;
                let products = answer::products(&reply.object()?, page)?;
                if page == 1 && !hidden && products.total == 0 {
                    self.believe_nothing(account, token, products.hidden)
                        .await?;
                }
                gathered.add(products.games);
                Ok(if page < products.pages.min(PAGES) {
                    Some(At::Products {
                        page: page + 1,
                        hidden,
                    })
                } else if products.hidden && !hidden {
                    Some(At::Products {
                        page: 1,
                        hidden: true,
                    })
                } else {
                    let user = self.user(account, token, LONG).await?;
                    user.map(|user| At::Played { page: 1, user })
                })
            }
            At::Played { page, user } => {
                let www = self.config.www_base.trim_end_matches('/');
                let url = format!(
                    "{www}/u/{}/games/stats?sort=recent_playtime&order=desc&page={page}",
                    typed::escape(&user)
                );
                let stats = match self.get(account, token, url, LONG).await {
                    Ok(reply) if (200..300).contains(&reply.status) => {
                        answer::stats(&reply.object()?)?
                    }
                    // A profile may be private to everybody; what it owns is known all the same.
                    Ok(_) | Err(NoListing::CredentialsRejected(_)) => return Ok(None),
                    Err(none) => return Err(none),
                };
                gathered.add(stats.games);
                let more = page < stats.pages.min(PAGES);
                Ok(more.then(|| At::Played {
                    page: page + 1,
                    user,
                }))
            }
        }
    }

    /// No product at all is believed only if the account's other list has none either.
    async fn believe_nothing(
        &self,
        account: &str,
        token: &str,
        hidden: bool,
    ) -> Result<(), NoListing> {
        let url = format!("{}/user/data/games", self.embed());
        let reply = self.get(account, token, url, LONG).await?;
        answer::believable(&reply.object()?, hidden)
    }
}

#[async_trait::async_trait]
impl PlatformAdapter for Gog {
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
        let (tokens, account) = self.login.exchange(&code).await?;
        let name = self.user(&account, &tokens.access, SOON).await?;
        Ok(Connection {
            account,
            name,
            secrets: vec![tokens.secret().map_err(NoListing::from)?],
        })
    }

    fn lists_recent(&self) -> bool {
        true
    }

    /// The play times of a profile begin with the latest: their first page is all of two weeks.
    async fn recent(&self, access: &Access) -> Result<Option<Vec<Listed>>, NoListing> {
        let (account, now) = (&access.account, self.door.ports.clock.now());
        with_tokens(
            NAME,
            access,
            now,
            || self.login.refresh(),
            |tokens| async move {
                let Some(user) = self.user(account, &tokens.access, LONG).await? else {
                    return Ok(None);
                };
                let mut played = Gathered::of(None, At::Played { page: 1, user });
                self.page(&mut played, account, &tokens.access).await?;
                Ok(Some(played.whole().games))
            },
        )
        .await
    }

    async fn list(&self, access: &Access, cursor: Option<&str>) -> Result<Listing, NoListing> {
        let first = At::Products {
            page: 1,
            hidden: false,
        };
        let (account, now) = (&access.account, self.door.ports.clock.now());
        with_tokens(
            NAME,
            access,
            now,
            || self.login.refresh(),
            |tokens| {
                let mut gathered = Gathered::of(cursor, first.clone());
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
}

fn describe(config: &GogConfig) -> Description {
    let query = typed::form(&[
        ("client_id", &config.client_id),
        ("redirect_uri", login::REDIRECT),
        ("response_type", "code"),
        ("layout", "client2"),
    ]);
    Description {
        id: "gog".to_owned(),
        name: NAME.to_owned(),
        kind: PlatformKind::Store,
        can_sync: true,
        help: "Sign in at GOG, then copy the whole address of the page you end at. Play times are \
               read from your profile, if it is not private."
            .to_owned(),
        authorize_url: Some(format!(
            "{}/auth?{query}",
            config.auth_base.trim_end_matches('/')
        )),
        setup: None,
        fields: vec![Field {
            name: "code",
            kind: FieldKind::Text,
            label: "Code",
            help: "The address of the page after the sign-in, or the code in it. It is good once and for a few minutes.",
            secret: true,
            required: true,
            pattern: None,
            placeholder: Some("https://embed.gog.com/on_login_success?origin=client&code=…"),
        }],
        limits: WINDOWS.to_vec(),
    }
}
