//! Steam: an account is named by its SteamID64, its vanity name or the address of its profile.

mod answer;
mod whose;

use super::{
    Access, Connection, Description, Field, Fields, Listing, NoConnection, NoListing,
    PlatformAdapter, Window, graphql::PlatformKind,
};
use crate::{budget, config::SteamConfig};
use djinn_subgraph_kit::{Ports, http::Ask};
use serde_json::Value;
use std::time::Duration;
use whose::Whose;

const NAME: &str = "Steam";
/// Documented: 100,000 a day for one key. The shorter one is half of what the store is known to
/// bear, kept for the Web API too because it answers 429 without saying why.
const WINDOWS: [Window; 2] = [
    Window {
        requests: 100,
        seconds: 300,
    },
    Window {
        requests: 100_000,
        seconds: 86_400,
    },
];

/// Somebody waits for the answer, and two such requests must fit into one operation.
const SOON: Duration = Duration::from_secs(10);
/// Nobody waits, and the list of a large account is megabytes.
const LONG: Duration = Duration::from_secs(20);

/// Reads Steam accounts through the Web API.
pub struct Steam {
    ports: Ports,
    config: SteamConfig,
    description: Description,
}

impl Steam {
    /// As configured.
    pub fn new(ports: Ports, config: SteamConfig) -> Self {
        let description = describe(config.api_key.is_some());
        Self {
            ports,
            config,
            description,
        }
    }

    /// Asks one method of the API, within the key's budget.
    async fn ask(
        &self,
        key: &str,
        method: &str,
        query: &str,
        patience: Duration,
    ) -> Result<Value, NoListing> {
        // The budget belongs to the key, and the key itself stays out of the table.
        let credential = format!("steam:{}", crate::copy::digest(key));
        if let Err(wait) = budget::take(&self.ports, &credential, &WINDOWS).await? {
            return Err(NoListing::BudgetSpent {
                platform: NAME,
                until: wait.until,
            });
        }
        let base = self.config.api_base.trim_end_matches('/');
        let url = format!("{base}/{method}/?key={key}&format=json&{query}");
        answer::read(
            self.ports
                .http
                .send(Ask {
                    timeout: patience,
                    ..Ask::get(url)
                })
                .await,
        )
    }

    fn key<'a>(&'a self, own: Option<&'a String>) -> Option<&'a str> {
        own.or(self.config.api_key.as_ref()).map(String::as_str)
    }
}

#[async_trait::async_trait]
impl PlatformAdapter for Steam {
    fn describe(&self) -> &Description {
        &self.description
    }

    async fn connect(&self, fields: &Fields) -> Result<Connection, NoConnection> {
        let own = fields
            .get("apiKey")
            .map(|key| whose::key(key))
            .transpose()?;
        let key = self.key(own.as_ref()).ok_or_else(|| NoConnection::Field {
            name: "apiKey",
            message: "a Steam Web API key is needed".to_owned(),
        })?;
        let account = match whose::parse(fields.get("account").map_or("", String::as_str))? {
            Whose::Id(id) => id,
            Whose::Vanity(name) => {
                let query = format!("vanityurl={name}&url_type=1");
                let found = self
                    .ask(key, "ISteamUser/ResolveVanityURL/v1", &query, SOON)
                    .await?;
                answer::resolved(&found)?.ok_or_else(|| {
                    NoConnection::AccountNotFound(format!(
                        "Steam knows no account with the name {name}"
                    ))
                })?
            }
        };
        let query = format!("steamids={account}");
        let found = self
            .ask(key, "ISteamUser/GetPlayerSummaries/v2", &query, SOON)
            .await?;
        let name = answer::summary(&found, &account)?.ok_or_else(|| {
            NoConnection::AccountNotFound(format!("Steam knows no account with the id {account}"))
        })?;
        Ok(Connection {
            account,
            name,
            secrets: own.map(|key| ("apiKey", key)).into_iter().collect(),
        })
    }

    async fn list(&self, access: &Access, _: Option<&str>) -> Result<Listing, NoListing> {
        let key = self
            .key(access.secrets.get("apiKey"))
            .ok_or(NoListing::CredentialsRejected(NAME))?;
        let query = format!(
            "steamid={}&include_appinfo=1&include_extended_appinfo=1&include_played_free_games=1\
             &include_free_sub=0&skip_unvetted_apps=0&language=english",
            access.account
        );
        let found = self
            .ask(key, "IPlayerService/GetOwnedGames/v1", &query, LONG)
            .await?;
        Ok(Listing {
            games: answer::owned(&found)?,
            next: None,
        })
    }
}

fn describe(owner_has_key: bool) -> Description {
    Description {
        id: "steam".to_owned(),
        name: NAME.to_owned(),
        kind: PlatformKind::Store,
        can_sync: true,
        help: if owner_has_key {
            "Name your account. Its game details must be public in Steam's privacy settings."
        } else {
            "Bring a free Web API key from steamcommunity.com/dev/apikey and name your account. Its \
             game details must be public in Steam's privacy settings, unless the key is your own."
        }
        .to_owned(),
        fields: vec![
            Field {
                name: "apiKey",
                label: "Web API key",
                help: "From steamcommunity.com/dev/apikey: 32 digits and letters a to f.",
                secret: true,
                required: !owner_has_key,
                pattern: Some("^[0-9A-Fa-f]{32}$"),
                placeholder: None,
            },
            Field {
                name: "account",
                label: "Account",
                help: "Your SteamID64, your custom name, or the address of your profile.",
                secret: false,
                required: true,
                pattern: None,
                placeholder: Some("https://steamcommunity.com/id/yourname"),
            },
        ],
        limits: WINDOWS.to_vec(),
    }
}
