//! What Xbox answered.

use super::{NAME, login::Who};
use crate::{
    copy::Holding,
    platform::{
        Listed, NoListing,
        answer::{Reply, id, list, malformed, minutes as as_minutes, moment, number, text},
        token::Ticket,
    },
};
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::collections::HashSet;

/// One title of a history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Title {
    /// Its id, a number.
    pub id: String,
    name: Option<String>,
    lent: bool,
    last_played_at: Option<DateTime<Utc>>,
}

impl Title {
    /// Whether it was played since then.
    pub fn played_since(&self, since: DateTime<Utc>) -> bool {
        self.last_played_at.is_some_and(|at| at >= since)
    }

    /// As a game of the account.
    pub fn listed(self, minutes: i32) -> Listed {
        Listed {
            store_id: self.id,
            title: self.name,
            holding: if self.lent {
                Holding::Subscription
            } else {
                Holding::PlayedOnly
            },
            playtime_minutes: minutes,
            last_played_at: self.last_played_at,
        }
    }
}

/// The object of a good answer; a refusal names its reason.
pub fn object(reply: Reply) -> Result<Value, NoListing> {
    match reply.status {
        // The token is good and this service still says no.
        403 => Err(NoListing::ProfilePrivate(NAME)),
        _ => reply.object(),
    }
}

/// What `XErr` says, and what the account's owner can do about it.
pub fn refusal(said: &Value) -> Option<NoListing> {
    let todo = match number(said.get("XErr"))? {
        2_148_916_227 => "It is banned from Xbox; its owner can ask Xbox support.",
        2_148_916_229 | 2_148_916_238 => {
            "It is a child's: an adult has to add it to their Microsoft family group and allow it to sign in to other apps."
        }
        2_148_916_233 => "It has no Xbox profile yet: sign in once at xbox.com and make one.",
        2_148_916_234 => {
            "Xbox asks its owner to accept the terms of use: sign in once at xbox.com."
        }
        2_148_916_235 => "Xbox is not offered in its country.",
        2_148_916_236 | 2_148_916_237 => {
            "Xbox asks its owner to prove their age: sign in at xbox.com and follow the steps there."
        }
        _ => "Sign in once at xbox.com and do what is asked there.",
    };
    Some(NoListing::Restricted {
        platform: NAME,
        todo,
    })
}

/// The ticket and whom it is for.
pub fn ticket(said: &Value, now: DateTime<Utc>) -> Result<(Ticket, Who), NoListing> {
    let torn = malformed(NAME, "a ticket for nobody");
    let token = said.get("Token").and_then(Value::as_str);
    let user = said.pointer("/DisplayClaims/xui/0");
    let (Some(token), Some(user)) = (token, user) else {
        return Err(torn);
    };
    let hash = user.get("uhs").and_then(Value::as_str);
    let xuid = id(user.get("xid")).filter(|id| id.bytes().all(|b| b.is_ascii_digit()));
    let (Some(hash), Some(xuid)) = (hash, xuid) else {
        return Err(torn);
    };
    let word = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic());
    if !word(token) || !word(hash) {
        return Err(torn);
    }
    let until = said
        .get("NotAfter")
        .and_then(Value::as_str)
        .and_then(|text| DateTime::parse_from_rfc3339(text).ok())
        .map_or_else(
            || now + chrono::TimeDelta::hours(1),
            |until| until.with_timezone(&Utc),
        );
    let ticket = Ticket {
        value: format!("XBL3.0 x={hash};{token}"),
        until,
    };
    let gamertag = text(user.get("gtg"));
    Ok((ticket, Who { xuid, gamertag }))
}

/// The games of a title history, each once; apps are none.
pub fn history(said: Value, account: &str) -> Result<Vec<Title>, NoListing> {
    if id(said.get("xuid")).is_some_and(|xuid| xuid != account) {
        return Err(malformed(NAME, "it is somebody else's history"));
    }
    let titles = list(NAME, &said, "titles", "it has no titles")?;
    let mut seen = HashSet::new();
    let mut games = Vec::new();
    for title in titles {
        let id = id(title.get("titleId"))
            .filter(|id| id.bytes().all(|b| b.is_ascii_digit()))
            .ok_or(malformed(NAME, "a title has no id"))?;
        let app = title.get("type").and_then(Value::as_str) == Some("App");
        if app || !seen.insert(id.clone()) {
            continue;
        }
        games.push(Title {
            id,
            name: text(title.get("name")),
            lent: title.pointer("/gamePass/isGamePass") == Some(&Value::Bool(true)),
            last_played_at: moment(title.pointer("/titleHistory/lastTimePlayed")),
        });
    }
    Ok(games)
}

/// Titles and their minutes. It is empty for some people, which says nothing about their games.
pub fn minutes(said: &Value) -> Result<Vec<(String, i32)>, NoListing> {
    let lists = list(NAME, said, "statlistscollection", "it has no statistics")?;
    let stats = lists
        .iter()
        .filter_map(|list| list.get("stats").and_then(Value::as_array))
        .flatten();
    Ok(stats
        .filter(|stat| stat.get("name").and_then(Value::as_str) == Some("MinutesPlayed"))
        .filter_map(|stat| {
            Some((
                id(stat.get("titleid"))?,
                as_minutes(number(stat.get("value"))?),
            ))
        })
        .collect())
}
