//! What Epic answered.

use super::NAME;
use crate::{
    copy::Holding,
    platform::{
        Listed, NoListing,
        answer::{Reply, id, list, malformed, minutes, number, text},
    },
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashMap;

/// The JSON of a good answer; an error names itself in the body, whatever its status.
pub fn good(reply: Reply) -> Result<Value, NoListing> {
    if let Some(code) = reply.said.get("errorCode").and_then(Value::as_str) {
        return Err(error(code, &reply.said));
    }
    if (200..300).contains(&reply.status) && reply.said.is_array() {
        return Ok(reply.said);
    }
    reply.object()
}

/// Why a login was refused.
pub fn refused_login(reply: &Reply) -> NoListing {
    let code = reply.said.get("errorCode").and_then(Value::as_str);
    match code {
        Some(code) if code.contains("corrective_action") => error(code, &reply.said),
        Some(code) if code.contains("throttled") => error(code, &reply.said),
        // Codes and tokens that are unknown, spent or past their time: all one to a person.
        _ => NoListing::CredentialsRejected(NAME),
    }
}

fn error(code: &str, said: &Value) -> NoListing {
    let wanted = said.get("correctiveAction").and_then(Value::as_str);
    if code.contains("corrective_action") || wanted.is_some() {
        return NoListing::Restricted {
            platform: NAME,
            todo: match wanted {
                Some("PRIVACY_POLICY_ACCEPTANCE") => {
                    "Epic asks its owner to accept the privacy policy: sign in once at epicgames.com."
                }
                _ => "Sign in once at epicgames.com and do what is asked there.",
            },
        };
    }
    if code.contains("throttled") {
        return NoListing::RateLimited {
            platform: NAME,
            retry_after: None,
        };
    }
    if code.contains("token") || code.contains("authentication") || code.contains("unauthorized") {
        return NoListing::CredentialsRejected(NAME);
    }
    malformed(NAME, "it is an error in the place of a list")
}

/// One record of a library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The game's id.
    pub app: String,
    /// Where the catalogue knows it.
    pub namespace: String,
    /// As what the catalogue knows it.
    pub catalog_item: String,
}

/// One page of a library.
pub struct Page {
    /// Its records that may be games.
    pub records: Vec<Record>,
    /// The next page.
    pub next: Option<String>,
}

/// One page of a library, all of it or nothing.
pub fn page(said: &Value) -> Result<Page, NoListing> {
    let all = list(NAME, said, "records", "it has no records")?;
    let meta = said.get("responseMetadata").and_then(Value::as_object);
    let meta = meta.ok_or(malformed(NAME, "it does not say whether there is more"))?;
    let word = |record: &Value, name: &str| id(record.get(name));
    let records = all
        .iter()
        .filter(|record| {
            // The engine and its shop are no games, and others' tests are nobody's business.
            record.get("namespace").and_then(Value::as_str) != Some("ue")
                && record.get("sandboxType").and_then(Value::as_str) != Some("PRIVATE")
        })
        .filter_map(|record| {
            Some(Record {
                app: word(record, "appName")?,
                namespace: word(record, "namespace")?,
                catalog_item: word(record, "catalogItemId")?,
            })
        })
        .collect();
    Ok(Page {
        records,
        next: meta
            .get("nextCursor")
            .and_then(Value::as_str)
            .filter(|next| !next.is_empty())
            .map(ToOwned::to_owned),
    })
}

/// Minutes by game.
pub fn playtime(said: &Value) -> Result<HashMap<String, i32>, NoListing> {
    let all = said.as_array();
    let all = all.ok_or(malformed(NAME, "it has no play times"))?;
    Ok(all
        .iter()
        .filter_map(|one| {
            let seconds = number(one.get("totalTime"))?;
            Some((id(one.get("artifactId"))?, minutes(seconds / 60)))
        })
        .collect())
}

/// What the catalogue says about an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Its title.
    pub title: Option<String>,
    /// Whether it belongs to another game and cannot be started by itself.
    pub addition: bool,
}

/// What the catalogue says about these items; what it does not know is left out.
pub fn catalogue(said: &Value, items: &[&str]) -> Vec<(String, About)> {
    items
        .iter()
        .filter_map(|item| {
            let about = said.get(*item).filter(|about| about.is_object())?;
            let launchable = about
                .get("categories")
                .and_then(Value::as_array)
                .is_some_and(|all| {
                    all.iter().any(|one| {
                        one.get("path").and_then(Value::as_str) == Some("addons/launchable")
                    })
                });
            let main = about.get("mainGameItem").is_some_and(Value::is_object);
            let about = About {
                title: text(about.get("title")),
                addition: main && !launchable,
            };
            Some(((*item).to_owned(), about))
        })
        .collect()
}

/// The games among these records.
pub fn games(
    records: &[Record],
    about: &HashMap<String, About>,
    played: &HashMap<String, i32>,
) -> Vec<Listed> {
    records
        .iter()
        .filter(|record| {
            about
                .get(&record.catalog_item)
                .is_none_or(|about| !about.addition)
        })
        .map(|record| Listed {
            store_id: record.app.clone(),
            title: about
                .get(&record.catalog_item)
                .and_then(|about| about.title.clone()),
            holding: Holding::Owned,
            playtime_minutes: played.get(&record.app).copied().unwrap_or(0),
            last_played_at: None,
        })
        .collect()
}
