//! Steam's achievements: what an account unlocked, what the game calls them, and how rare they are.
//!
//! Three methods say these three things, and each says "nothing" in its own way: a private profile
//! is 403 with a reason in JSON, a game without achievements 400 or an empty object, a wrong key a
//! web page. So the body is read before the status.

use super::{
    NAME,
    described::{self, Described},
};
use crate::platform::{
    AchievementListed, NoListing, Window,
    door::{Door, Spend},
};
use chrono::DateTime;
use djinn_subgraph_kit::{
    Ports,
    http::{Answer, Ask, NoAnswer},
};
use serde_json::Value;
use std::{collections::BTreeMap, time::Duration};

/// What the background may use of a key, so that linking and listing always find room. Of that a
/// hundredth is lost to the seconds that are counted whole, so nine tenths are used for certain.
pub const BACKGROUND: [Window; 2] = [
    Window {
        requests: 95,
        seconds: 300,
    },
    Window {
        requests: 95_000,
        seconds: 86_400,
    },
];
/// How long what all accounts have in common is kept.
const REMEMBERED: Duration = Duration::from_hours(24);
/// The year 2100, in seconds since 1970.
const MAX_SECONDS: i64 = 4_102_444_800;

/// Whose achievements of what are asked for, and how.
pub struct Question<'a> {
    /// The ports.
    pub ports: &'a Ports,
    /// Where the Web API answers.
    pub base: &'a str,
    /// The key.
    pub key: &'a str,
    /// The key's budget.
    pub windows: &'static [Window],
    /// The SteamID64.
    pub account: &'a str,
    /// The app.
    pub app: &'a str,
}

impl Question<'_> {
    /// Asks all three methods; `None` when the app has no achievements.
    pub async fn ask(&self) -> Result<Option<Vec<AchievementListed>>, NoListing> {
        if self.app.is_empty() || !self.app.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(None);
        }
        let query = format!("steamid={}&appid={}&l=english", self.account, self.app);
        let said = self.get("GetPlayerAchievements/v1", &query).await?;
        let Some(unlocked) = unlocked(&said)? else {
            return Ok(None);
        };
        Ok(Some(joined(unlocked, &self.described().await?)))
    }

    /// What the app says of its achievements, and how rare they are. That is the same for every
    /// account, so it is asked for once a day: two requests of three are saved.
    async fn described(&self) -> Result<BTreeMap<String, Described>, NoListing> {
        let cache = &self.ports.cache;
        let key = format!("steam:achievements:{}", self.app);
        if let Some(kept) = cache.get(&key).await
            && let Ok(kept) = serde_json::from_slice(&kept)
        {
            return Ok(kept);
        }
        let query = format!("appid={}&l=english", self.app);
        let schema = self.get("GetSchemaForGame/v2", &query).await?;
        let query = format!("gameid={}", self.app);
        let method = "GetGlobalAchievementPercentagesForApp/v2";
        let rarity = self.get(method, &query).await?;
        let described = described::of(&schema.body, &rarity.body);
        // A refusal is nothing to remember.
        if schema.good
            && let Ok(kept) = serde_json::to_vec(&described)
        {
            cache.set(&key, kept, REMEMBERED).await;
        }
        Ok(described)
    }

    async fn get(&self, method: &str, query: &str) -> Result<Said, NoListing> {
        // The budget belongs to the key, and the key itself stays out of the table.
        let key = crate::copy::digest(self.key);
        let spends = [
            Spend::of("steam", &key, self.windows),
            Spend::of("steam-background", &key, &BACKGROUND),
        ];
        let door = Door {
            ports: self.ports.clone(),
            name: NAME,
        };
        let base = self.base.trim_end_matches('/');
        let url = format!(
            "{base}/ISteamUserStats/{method}/?key={}&format=json&{query}",
            self.key
        );
        read(door.send(&spends, Ask::get(url)).await?)
    }
}

/// An answer that says something, perhaps that there is nothing.
#[derive(Debug)]
struct Said {
    good: bool,
    body: Value,
}

const fn malformed(what: &'static str) -> NoListing {
    NoListing::Malformed {
        platform: NAME,
        what,
    }
}

fn read(answer: Result<Answer, NoAnswer>) -> Result<Said, NoListing> {
    let down = |retry_after| NoListing::ProviderDown {
        platform: NAME,
        retry_after,
    };
    let answer = answer.map_err(|none| match none {
        NoAnswer::Timeout | NoAnswer::Unreachable => down(None),
        NoAnswer::Truncated => malformed("it was cut short"),
        NoAnswer::TooLarge(_) => malformed("it is larger than any game's achievements"),
    })?;
    let retry_after = answer.retry_after;
    let text = answer.body.trim_ascii();
    let is_page = answer.content_type == "text/html" || text.starts_with(b"<");
    match answer.status {
        429 => Err(NoListing::RateLimited {
            platform: NAME,
            retry_after,
        }),
        500.. => Err(down(retry_after)),
        401 | 403 if is_page => Err(NoListing::CredentialsRejected(NAME)),
        401 => Err(NoListing::CredentialsRejected(NAME)),
        200 if is_page => Err(down(retry_after)),
        status @ (200 | 400 | 403 | 404) => match serde_json::from_slice(text) {
            Ok(body @ Value::Object(_)) => Ok(Said {
                good: status == 200,
                body,
            }),
            // A refusal without a word, as for an app that is gone.
            _ if status != 200 && text.is_empty() => Ok(Said {
                good: false,
                body: Value::Null,
            }),
            Ok(_) => Err(malformed("it is not an object")),
            Err(_) => Err(malformed("it is not whole JSON")),
        },
        _ => Err(malformed("the request was refused")),
    }
}

/// What one account has of one achievement.
#[derive(Debug, PartialEq, Eq)]
struct Unlocked {
    id: String,
    at: Option<i64>,
    done: bool,
}

/// What the account unlocked; `None` when the app has no achievements.
fn unlocked(said: &Said) -> Result<Option<Vec<Unlocked>>, NoListing> {
    let Some(stats) = said.body.get("playerstats").and_then(Value::as_object) else {
        return if said.good {
            Err(malformed("it says nothing of a player"))
        } else {
            Ok(None)
        };
    };
    if stats.get("success") != Some(&Value::Bool(true)) {
        let error = stats.get("error").and_then(Value::as_str).unwrap_or("");
        return if error.contains("not public") {
            Err(NoListing::ProfilePrivate(NAME))
        } else if error.contains("no stats") || !said.good {
            Ok(None)
        } else {
            Err(malformed("it failed and does not say why"))
        };
    }
    let Some(list) = stats.get("achievements") else {
        return Ok(None);
    };
    let list = list
        .as_array()
        .ok_or(malformed("its achievements are no list"))?;
    let list: Vec<Unlocked> = list
        .iter()
        .map(|one| {
            let id = one.get("apiname").and_then(Value::as_str);
            let id = id.filter(|id| !id.is_empty());
            Ok(Unlocked {
                id: id.ok_or(malformed("an achievement has no id"))?.to_owned(),
                done: number(one.get("achieved")) == Some(1.0),
                at: number(one.get("unlocktime"))
                    .map(|at| at as i64)
                    .filter(|at| (86_401..MAX_SECONDS).contains(at)),
            })
        })
        .collect::<Result<_, NoListing>>()?;
    Ok((!list.is_empty()).then_some(list))
}

fn joined(
    unlocked: Vec<Unlocked>,
    described: &BTreeMap<String, Described>,
) -> Vec<AchievementListed> {
    unlocked
        .into_iter()
        .map(|one| {
            let of = described.get(&one.id).cloned().unwrap_or_default();
            AchievementListed {
                name: of.name.unwrap_or_else(|| one.id.clone()),
                description: of.description,
                icon_url: of.icon,
                hidden: of.hidden,
                unlocked_at: one.at.and_then(|at| DateTime::from_timestamp(at, 0)),
                unlocked: one.done,
                rarity_percent: of.percent,
                points: None,
                id: one.id,
            }
        })
        .collect()
}

/// A number that may be written as a text.
pub fn number(value: Option<&Value>) -> Option<f64> {
    match value? {
        Value::Number(number) => number.as_f64(),
        Value::Bool(is) => Some(f64::from(u8::from(*is))),
        Value::String(text) => text.trim().parse().ok().filter(|n: &f64| n.is_finite()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn said(status: u16, kind: &str, body: &str) -> Result<Said, NoListing> {
        read(Ok(Answer {
            status,
            retry_after: None,
            content_type: kind.to_owned(),
            body: body.to_owned().into(),
        }))
    }

    fn player(status: u16, body: &str) -> Result<Option<Vec<Unlocked>>, NoListing> {
        unlocked(&said(status, "application/json", body)?)
    }

    #[test]
    fn the_body_says_why_before_the_status_does() {
        for status in [200, 403] {
            let body = r#"{"playerstats":{"error":"Profile is not public","success":false}}"#;
            assert!(matches!(
                player(status, body),
                Err(NoListing::ProfilePrivate(_))
            ));
        }
        for (status, body) in [
            (
                400,
                r#"{"playerstats":{"error":"Requested app has no stats","success":false}}"#,
            ),
            (
                200,
                r#"{"playerstats":{"error":"Requested app has no stats","success":false}}"#,
            ),
            (
                200,
                r#"{"playerstats":{"steamID":"7","gameName":"x","success":true}}"#,
            ),
            (200, r#"{"playerstats":{"achievements":[],"success":true}}"#),
            (404, ""),
        ] {
            assert!(matches!(player(status, body), Ok(None)), "{status} {body}");
        }
        for (status, kind, body, code) in [
            (
                403,
                "text/html",
                "<h1>Forbidden</h1>",
                "CREDENTIALS_REJECTED",
            ),
            (
                401,
                "text/html",
                "<h1>Unauthorized</h1>",
                "CREDENTIALS_REJECTED",
            ),
            (503, "text/html", "<h1>Tuesday</h1>", "PROVIDER_DOWN"),
            (200, "text/html", "<h1>Tuesday</h1>", "PROVIDER_DOWN"),
            (429, "application/json", "{}", "PROVIDER_RATE_LIMITED"),
            (200, "application/json", "{\"playerst", "PROVIDER_MALFORMED"),
            (200, "application/json", "null", "PROVIDER_MALFORMED"),
            (418, "application/json", "{}", "PROVIDER_MALFORMED"),
        ] {
            let none = said(status, kind, body).unwrap_err();
            assert_eq!(none.code().as_str(), code, "{status} {body}");
        }
        let torn = r#"{"playerstats":{"success":true,"achievements":[{"achieved":1}]}}"#;
        assert!(matches!(
            player(200, torn),
            Err(NoListing::Malformed { .. })
        ));
        assert!(matches!(
            player(200, "{}"),
            Err(NoListing::Malformed { .. })
        ));
    }

    #[test]
    fn three_answers_make_one_list_and_percentages_may_be_texts() {
        let player = json!({"playerstats": {"success": true, "achievements": [
            {"apiname": "A", "achieved": 1, "unlocktime": 1_700_000_000},
            {"apiname": "B", "achieved": "0", "unlocktime": 0},
            {"apiname": "C", "achieved": 0},
        ]}});
        let game = json!({"game": {"availableGameStats": {"achievements": [
            {"name": "A", "displayName": "First", "description": "Begin", "hidden": 0, "icon": "https://a/b.jpg"},
            {"name": "B", "displayName": "The End", "hidden": 1, "icon": "http://a/b.jpg"},
        ]}}});
        let percent = json!({"achievementpercentages": {"achievements": [
            {"name": "A", "percent": "83.5"}, {"name": "B", "percent": 1.25}, {"name": "Z", "percent": null},
        ]}});
        let player = Said {
            good: true,
            body: player,
        };
        let list = unlocked(&player).unwrap().unwrap();
        let list = joined(list, &described::of(&game, &percent));
        assert_eq!(list.len(), 3);
        assert_eq!(
            (&*list[0].name, list[0].rarity_percent),
            ("First", Some(83.5))
        );
        assert_eq!(list[0].icon_url.as_deref(), Some("https://a/b.jpg"));
        assert_eq!(list[0].unlocked_at.unwrap().timestamp(), 1_700_000_000);
        assert!(list[1].hidden && !list[1].unlocked && list[1].icon_url.is_none());
        assert_eq!(list[1].rarity_percent, Some(1.25));
        assert_eq!((&*list[2].name, list[2].rarity_percent), ("C", None));
    }

    #[test]
    fn an_app_without_a_schema_still_has_what_the_account_unlocked() {
        for nothing in [
            said(200, "application/json", r#"{"game":{}}"#),
            said(403, "application/json", "{}"),
        ] {
            let nothing = nothing.unwrap();
            assert!(described::of(&nothing.body, &nothing.body).is_empty());
        }
    }
}
