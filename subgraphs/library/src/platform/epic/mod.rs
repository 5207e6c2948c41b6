//! Epic Games: the items of an account, page by page, with titles from the catalogue.
//!
//! It says how long a game was played, and not when: so there is no list of what was played lately,
//! and play times come with the whole list only.

mod answer;
mod login;

use super::{
    Access, Connection, Description, Field, Fields, Listing, NoConnection, NoListing,
    PlatformAdapter, Window,
    door::{Door, LONG, Spend},
    gather::Gathered,
    graphql::{FieldKind, PlatformKind},
    token::with_tokens,
    typed,
};
use crate::config::EpicConfig;
use answer::{About, Record};
use djinn_subgraph_kit::{Ports, http::Ask};
use login::Login;
#[cfg(test)]
pub use login::WINDOWS as SIGN_IN;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

const NAME: &str = "Epic Games Store";
/// Not documented; a title costs a request the first time, so a library of hundreds takes minutes.
pub const WINDOWS: [Window; 2] = [
    Window {
        requests: 120,
        seconds: 60,
    },
    Window {
        requests: 2_000,
        seconds: 3_600,
    },
];
/// Records of a page that one step looks up: well within a minute's budget.
const STEP: usize = 40;
/// How long the catalogue's word about an item is taken.
const REMEMBERED: Duration = Duration::from_hours(24 * 14);

/// Where a list goes on.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
struct At {
    /// The page.
    cursor: Option<String>,
    /// How many of its records were looked up.
    skip: usize,
}

/// Reads Epic accounts.
pub struct Epic {
    door: Door,
    login: Login,
    config: Arc<EpicConfig>,
    description: Description,
}

impl Epic {
    /// As configured.
    pub fn new(ports: Ports, config: EpicConfig) -> Self {
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

    async fn get(&self, account: &str, token: &str, url: String) -> Result<Value, NoListing> {
        let ask = Ask {
            timeout: LONG,
            ..Ask::get(url)
        };
        let ask = ask
            .with("authorization", format!("bearer {token}"))
            .with("accept", "application/json");
        let spends = [Spend::of("epic", account, &WINDOWS)];
        answer::good(self.door.ask(&spends, ask).await?)
    }

    async fn step(
        &self,
        gathered: &mut Gathered<At>,
        account: &str,
        token: &str,
    ) -> Result<Option<At>, NoListing> {
        let at = gathered.at.clone();
        let base = self.config.library_base.trim_end_matches('/');
        let mut url =
            format!("{base}/library/api/public/items?includeMetadata=true&platform=Windows");
        if let Some(cursor) = &at.cursor {
            url = format!("{url}&cursor={}", typed::escape(cursor));
        }
        let page = answer::page(&self.get(account, token, url).await?)?;
        let records = page.records.get(at.skip..).unwrap_or_default();
        let now = records.get(..STEP).unwrap_or(records);
        let url = format!(
            "{base}/library/api/public/playtime/account/{}/all",
            typed::escape(account)
        );
        let played = answer::playtime(&self.get(account, token, url).await?)?;
        let about = self.about(account, token, now).await?;
        gathered.add(answer::games(now, &about, &played));
        Ok(if records.len() > STEP {
            Some(At {
                skip: at.skip + STEP,
                ..at
            })
        } else if page.next.is_some() && page.next == at.cursor {
            return Err(super::answer::malformed(
                NAME,
                "its pages go round in a circle",
            ));
        } else {
            page.next.map(|cursor| At {
                cursor: Some(cursor),
                skip: 0,
            })
        })
    }

    /// What the catalogue says about these records, as far as it knows them.
    async fn about(
        &self,
        account: &str,
        token: &str,
        records: &[Record],
    ) -> Result<HashMap<String, About>, NoListing> {
        let mut about = HashMap::new();
        let mut ask: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for record in records {
            let key = remembered_as(&record.namespace, &record.catalog_item);
            match self.door.ports.cache.get(&key).await {
                Some(kept) if let Ok(kept) = serde_json::from_slice(&kept) => {
                    about.insert(record.catalog_item.clone(), kept);
                }
                _ => ask
                    .entry(&record.namespace)
                    .or_default()
                    .push(&record.catalog_item),
            }
        }
        let base = self.config.catalog_base.trim_end_matches('/');
        for (namespace, items) in ask {
            let ids: Vec<String> = items
                .iter()
                .map(|id| format!("id={}", typed::escape(id)))
                .collect();
            let url = format!(
                "{base}/catalog/api/shared/namespace/{}/bulk/items?{}&includeDLCDetails=false&includeMainGameDetails=true&country=US&locale=en-US",
                typed::escape(namespace),
                ids.join("&")
            );
            let found = answer::catalogue(&self.get(account, token, url).await?, &items);
            for (item, said) in found {
                if let Ok(kept) = serde_json::to_vec(&said) {
                    let key = remembered_as(namespace, &item);
                    self.door.ports.cache.set(&key, kept, REMEMBERED).await;
                }
                about.insert(item, said);
            }
        }
        Ok(about)
    }
}

/// The catalogue is the same for everybody.
fn remembered_as(namespace: &str, item: &str) -> String {
    let digest = crate::copy::digest(&format!("{namespace}/{item}"));
    format!("library:epic:item:{digest}")
}

#[async_trait::async_trait]
impl PlatformAdapter for Epic {
    fn describe(&self) -> &Description {
        &self.description
    }

    async fn connect(&self, fields: &Fields) -> Result<Connection, NoConnection> {
        let typed = fields.get("code").map_or("", String::as_str);
        let code = typed::code(
            "code",
            typed,
            "paste the authorizationCode, or everything the page shows",
        )?;
        let (tokens, account, name) = self.login.exchange(&code).await?;
        let base = self.config.library_base.trim_end_matches('/');
        let url = format!("{base}/library/api/public/items?includeMetadata=true&platform=Windows");
        answer::page(&self.get(&account, &tokens.access, url).await?)?;
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
                let mut gathered = Gathered::of(cursor, At::default());
                async move {
                    Ok(
                        match self.step(&mut gathered, account, &tokens.access).await? {
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

fn describe(config: &EpicConfig) -> Description {
    let query = typed::form(&[("clientId", &config.client_id), ("responseType", "code")]);
    Description {
        id: "epic".to_owned(),
        name: NAME.to_owned(),
        kind: PlatformKind::Store,
        can_sync: true,
        help: "Sign in at epicgames.com first. Then open the link: it shows a few lines with an \
               authorizationCode. Copy it, or all of them."
            .to_owned(),
        authorize_url: Some(format!(
            "{}/id/api/redirect?{query}",
            config.www_base.trim_end_matches('/')
        )),
        setup: None,
        fields: vec![Field {
            name: "code",
            kind: FieldKind::Text,
            label: "Authorization code",
            help: "The authorizationCode, 32 digits and letters. It is good once and for a few minutes.",
            secret: true,
            required: true,
            pattern: None,
            placeholder: Some("{\"redirectUrl\":…,\"authorizationCode\":…}"),
        }],
        limits: WINDOWS.to_vec(),
    }
}
