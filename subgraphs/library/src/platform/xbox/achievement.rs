//! Achievements of both generations: today's say all in one list, those of the Xbox 360 in two,
//! what there is and what was unlocked.

use super::{NAME, Xbox, answer::object};
use crate::platform::{
    AchievementListed, NoListing,
    answer::{id, list, moment, number, text},
    door::LONG,
    typed,
};
use djinn_subgraph_kit::http::Ask;
use serde_json::Value;
use std::collections::BTreeMap;

/// Pages of one title's achievements; the largest has not a tenth of it.
const PAGES: usize = 20;

impl Xbox {
    /// The achievements of a title; `None` when it has none.
    pub(super) async fn achievements_of(
        &self,
        account: &str,
        ticket: &str,
        title: &str,
    ) -> Result<Option<Vec<AchievementListed>>, NoListing> {
        let today = self
            .pages(account, ticket, title, "achievements", "2")
            .await?;
        if !today.is_empty() {
            return Ok(Some(today.iter().filter_map(of_today).collect()));
        }
        let all = self
            .pages(account, ticket, title, "titleachievements", "1")
            .await?;
        if all.is_empty() {
            return Ok(None);
        }
        let earned = self
            .pages(account, ticket, title, "achievements", "1")
            .await?;
        let mut known: BTreeMap<String, AchievementListed> = BTreeMap::new();
        for said in all.iter().chain(&earned) {
            if let Some(one) = of_the_360(said)
                && (one.unlocked || !known.contains_key(&one.id))
            {
                known.insert(one.id.clone(), one);
            }
        }
        Ok(Some(known.into_values().collect()))
    }

    async fn pages(
        &self,
        account: &str,
        ticket: &str,
        title: &str,
        kind: &str,
        contract: &str,
    ) -> Result<Vec<Value>, NoListing> {
        let base = self.config.achievements_base.trim_end_matches('/');
        let first = format!(
            "{base}/users/xuid({account})/{kind}?titleId={}&maxItems=1000",
            typed::escape(title)
        );
        let mut all = Vec::new();
        let mut url = first.clone();
        for _ in 0..PAGES {
            let ask = Ask {
                timeout: LONG,
                ..Ask::get(url)
            };
            let reply = self
                .ask("achievements", account, ticket, contract, ask)
                .await?;
            if reply.status == 404 {
                // Of the other generation, or of none.
                return Ok(Vec::new());
            }
            let said = object(reply)?;
            all.extend_from_slice(list(
                NAME,
                &said,
                "achievements",
                "it lists no achievements",
            )?);
            match said
                .pointer("/pagingInfo/continuationToken")
                .and_then(Value::as_str)
            {
                Some(next) if !next.is_empty() => {
                    url = format!("{first}&continuationToken={}", typed::escape(next));
                }
                _ => break,
            }
        }
        Ok(all)
    }
}

fn of_today(said: &Value) -> Option<AchievementListed> {
    let unlocked = said.get("progressState").and_then(Value::as_str) == Some("Achieved");
    let hidden = said.get("isSecret") == Some(&Value::Bool(true));
    let of_type = |name: &str, kind: &str, value: &str| {
        let all = said.get(name).and_then(Value::as_array)?;
        let one = all
            .iter()
            .find(|one| one.get("type").and_then(Value::as_str) == Some(kind))?;
        one.get(value).cloned()
    };
    Some(AchievementListed {
        id: id(said.get("id"))?,
        name: text(said.get("name"))?,
        description: describe(said, unlocked, hidden),
        icon_url: of_type("mediaAssets", "Icon", "url").and_then(|url| secure(url.as_str()?)),
        hidden,
        unlocked_at: unlocked
            .then(|| moment(said.pointer("/progression/timeUnlocked")))
            .flatten(),
        unlocked,
        rarity_percent: said
            .pointer("/rarity/currentPercentage")
            .and_then(Value::as_f64),
        points: number(of_type("rewards", "Gamerscore", "value").as_ref()).and_then(points),
    })
}

fn of_the_360(said: &Value) -> Option<AchievementListed> {
    let unlocked = said.get("unlocked") == Some(&Value::Bool(true));
    let hidden = said.get("isSecret") == Some(&Value::Bool(true));
    Some(AchievementListed {
        id: id(said.get("id"))?,
        name: text(said.get("name"))?,
        description: describe(said, unlocked, hidden),
        icon_url: None,
        hidden,
        unlocked_at: unlocked.then(|| moment(said.get("timeUnlocked"))).flatten(),
        unlocked,
        rarity_percent: None,
        points: number(said.get("gamerscore")).and_then(points),
    })
}

/// What was done, or is to be done; a secret one keeps it.
fn describe(said: &Value, unlocked: bool, hidden: bool) -> Option<String> {
    match (unlocked, hidden) {
        (true, _) => text(said.get("description")),
        (false, false) => {
            text(said.get("lockedDescription")).or_else(|| text(said.get("description")))
        }
        (false, true) => None,
    }
}

fn points(points: i64) -> Option<i32> {
    i32::try_from(points).ok().filter(|points| *points >= 0)
}

/// Xbox names its pictures without encryption, and serves them with it.
fn secure(url: &str) -> Option<String> {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))?;
    Some(format!("https://{rest}"))
}
