//! Steam: an account is named by its SteamID64, its vanity name or the address of its profile.

mod achievement;
mod answer;
mod described;
mod family;
mod whose;
mod wishes;

use super::{
    Access, AchievementListed, Connection, Description, Field, Fields, Listed, Listing,
    NoConnection, NoListing, PlatformAdapter, Window,
    door::{Door, Spend},
    gather::Gathered,
    graphql::{FieldKind, PlatformKind},
};
use crate::{config::SteamConfig, copy::Holding};
#[cfg(test)]
pub use achievement::BACKGROUND;
use djinn_subgraph_kit::{Ports, http::Ask};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::Duration;
use whose::Whose;

const NAME: &str = "Steam";
/// Documented: 100,000 a day for one key. The shorter one is half of what the store is known to
/// bear, kept for the Web API too because it answers 429 without saying why.
pub const WINDOWS: [Window; 2] = [
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
        let base = self.config.api_base.trim_end_matches('/');
        let url = format!("{base}/{method}/?key={key}&format=json&{query}");
        self.send(key, url, patience).await
    }

    /// Asks one address, within the budget of the key or token in it.
    async fn send(&self, key: &str, url: String, patience: Duration) -> Result<Value, NoListing> {
        let door = Door {
            ports: self.ports.clone(),
            name: NAME,
        };
        // The budget belongs to the key, and the key itself stays out of the table.
        let spends = [Spend::of("steam", &crate::copy::digest(key), &WINDOWS)];
        let ask = Ask {
            timeout: patience,
            ..Ask::get(url)
        };
        answer::read(door.send(&spends, ask).await?)
    }

    /// The key to read an account with: its own, or the hub's.
    fn reading<'a>(&'a self, access: &'a Access) -> Result<&'a str, NoListing> {
        self.key(access.secrets.get("apiKey"))
            .ok_or(NoListing::NotConfigured(
                "This hub has no Steam Web API key any more, and this account has none of its own. The hub's owner can set steam.api_key, or the account can be linked again with a key.",
            ))
    }

    /// What the account owns.
    async fn owned(&self, access: &Access) -> Result<Vec<Listed>, NoListing> {
        let query = format!(
            "steamid={}&include_appinfo=1&include_extended_appinfo=1&include_played_free_games=1\
             &include_free_sub=0&skip_unvetted_apps=0&language=english",
            access.account
        );
        let found = self
            .ask(
                self.reading(access)?,
                "IPlayerService/GetOwnedGames/v1",
                &query,
                LONG,
            )
            .await?;
        answer::owned(&found)
    }

    /// One of the account's lists, added to what was gathered; where to go on, if anywhere.
    async fn part(
        &self,
        gathered: &mut Gathered<At>,
        access: &Access,
    ) -> Result<Option<At>, NoListing> {
        let after_owned = access
            .secrets
            .contains_key(family::TOKEN)
            .then_some(At::Shared);
        let after_shared = access
            .secrets
            .contains_key(wishes::FIELD)
            .then_some(At::Wished);
        Ok(match gathered.at {
            At::Owned => {
                gathered.add(self.owned(access).await?);
                after_owned.or(after_shared)
            }
            At::Shared => {
                gathered.add(match self.shared(access).await? {
                    Some(shared) => shared,
                    // Such a token is good for a day. What the family lends is not taken back
                    // because nobody brought a new one.
                    None => access.known(Holding::FamilyShared).await?,
                });
                after_shared
            }
            At::Wished => {
                gathered.add(match self.wishes(access).await? {
                    Some(wishes) => wishes,
                    None => access.known(Holding::Wishlist).await?,
                });
                None
            }
        })
    }

    fn key<'a>(&'a self, own: Option<&'a String>) -> Option<&'a str> {
        own.or(self.config.api_key.as_ref()).map(String::as_str)
    }

    /// Finds the account and tries the key on it.
    async fn tried(&self, fields: &Fields) -> Result<Connection, NoConnection> {
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
        let mut secrets: Vec<_> = own.map(|key| ("apiKey", key)).into_iter().collect();
        if let Some(token) = fields.get(family::TOKEN) {
            let token = family::token(token, &account)?;
            self.try_token(&token).await?;
            secrets.push((family::TOKEN, token));
        }
        if wishes::wanted(fields) {
            secrets.push((wishes::FIELD, "yes".to_owned()));
        }
        Ok(Connection {
            account,
            name,
            secrets,
        })
    }
}

#[async_trait::async_trait]
impl PlatformAdapter for Steam {
    fn describe(&self) -> &Description {
        &self.description
    }

    async fn connect(&self, fields: &Fields) -> Result<Connection, NoConnection> {
        self.tried(fields).await.map_err(|none| match none {
            NoConnection::Answer(NoListing::CredentialsRejected(_)) => NoConnection::Rejected {
                name: "apiKey",
                message: "Steam does not accept this Web API key.".to_owned(),
            },
            none => none,
        })
    }

    async fn achievements(
        &self,
        access: &Access,
        store_id: &str,
    ) -> Result<Option<Vec<AchievementListed>>, NoListing> {
        let key = self.reading(access)?;
        let question = achievement::Question {
            ports: &self.ports,
            base: &self.config.api_base,
            key,
            windows: &WINDOWS,
            account: &access.account,
            app: store_id,
        };
        question.ask().await
    }

    fn lists_achievements(&self) -> bool {
        true
    }

    async fn list(&self, access: &Access, cursor: Option<&str>) -> Result<Listing, NoListing> {
        let mut gathered = Gathered::of(cursor, At::Owned);
        Ok(match self.part(&mut gathered, access).await? {
            Some(next) => gathered.more(next)?,
            None => gathered.whole(),
        })
    }

    fn lists_recent(&self) -> bool {
        true
    }

    async fn recent(&self, access: &Access) -> Result<Option<Vec<Listed>>, NoListing> {
        let query = format!("steamid={}&count=0", access.account);
        let found = self
            .ask(
                self.reading(access)?,
                "IPlayerService/GetRecentlyPlayedGames/v1",
                &query,
                LONG,
            )
            .await?;
        Ok(Some(answer::recent(&found)?))
    }
}

/// Where a list goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum At {
    /// What the account owns.
    Owned,
    /// What its family lends.
    Shared,
    /// What it wishes for.
    Wished,
}

fn describe(owner_has_key: bool) -> Description {
    Description {
        id: "steam".to_owned(),
        name: NAME.to_owned(),
        kind: PlatformKind::Store,
        can_sync: true,
        help: "Name your account. Its game details must be public in Steam's privacy settings, \
               unless the Web API key you bring is that account's own."
            .to_owned(),
        authorize_url: None,
        setup: None,
        fields: vec![
            Field {
                name: "apiKey",
                kind: FieldKind::Text,
                label: "Web API key",
                help: "Free, from steamcommunity.com/dev/apikey: 32 digits and letters a to f.",
                secret: true,
                required: !owner_has_key,
                pattern: Some("^[0-9A-Fa-f]{32}$"),
                placeholder: None,
            },
            Field {
                name: "account",
                kind: FieldKind::Text,
                label: "Account",
                help: "Your SteamID64, your custom name, or the address of your profile.",
                secret: false,
                required: true,
                pattern: None,
                placeholder: Some("https://steamcommunity.com/id/yourname"),
            },
            Field {
                name: family::TOKEN,
                kind: FieldKind::Text,
                label: "Access token",
                help: "Only for games that your Steam family lends you: sign in at store.steampowered.com, open store.steampowered.com/pointssummary/ajaxgetasyncconfig and copy what it shows. Steam lets it be used for a day; what was lent then is kept until you link again.",
                secret: true,
                required: false,
                pattern: None,
                placeholder: Some("{\"success\":1,\"data\":{\"webapi_token\":…}}"),
            },
            Field {
                name: wishes::FIELD,
                kind: FieldKind::Switch,
                label: "Wishlist",
                help: "See your wishlist here too, as games that are wished for.",
                secret: false,
                required: false,
                pattern: None,
                placeholder: None,
            },
        ],
        limits: WINDOWS.to_vec(),
    }
}
