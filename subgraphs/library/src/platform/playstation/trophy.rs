//! Trophies of a game: its list by title id, what there is, and what was earned.

use super::{LONG, NAME, PlayStation};
use crate::platform::{
    AchievementListed, NoListing,
    answer::{id, list, moment, text},
    typed,
};
use serde_json::Value;
use std::collections::HashMap;

impl PlayStation {
    /// The trophies of a title; `None` when it has none.
    pub(super) async fn trophies_of(
        &self,
        account: &str,
        token: &str,
        title: &str,
    ) -> Result<Option<Vec<AchievementListed>>, NoListing> {
        let base = self.config.mobile_base.trim_end_matches('/');
        let base = format!("{base}/api/trophy/v1");
        let url = format!(
            "{base}/users/me/titles/trophyTitles?npTitleIds={}",
            typed::escape(title)
        );
        let said = self.get(account, token, url, LONG).await?;
        let sets = said
            .pointer("/titles/0/trophyTitles")
            .and_then(Value::as_array);
        let mut all = Vec::new();
        for set in sets.into_iter().flatten() {
            let (Some(np), Some(service)) = (
                id(set.get("npCommunicationId")),
                text(set.get("npServiceName")),
            ) else {
                continue;
            };
            let path = format!(
                "npCommunicationIds/{}/trophyGroups/all/trophies?npServiceName={}",
                typed::escape(&np),
                typed::escape(&service)
            );
            let there = self
                .get(account, token, format!("{base}/{path}"), LONG)
                .await?;
            let earned = self
                .get(account, token, format!("{base}/users/me/{path}"), LONG)
                .await?;
            all.extend(joined(&there, &earned)?);
        }
        Ok((!all.is_empty()).then_some(all))
    }
}

fn joined(there: &Value, earned: &Value) -> Result<Vec<AchievementListed>, NoListing> {
    let earned = list(NAME, earned, "trophies", "it does not say what was earned")?;
    let earned: HashMap<String, &Value> = earned
        .iter()
        .filter_map(|one| Some((id(one.get("trophyId"))?, one)))
        .collect();
    let there = list(NAME, there, "trophies", "it lists no trophies")?;
    Ok(there
        .iter()
        .filter_map(|one| {
            let id = id(one.get("trophyId"))?;
            let mine = earned.get(&id);
            let unlocked = mine.is_some_and(|mine| mine.get("earned") == Some(&Value::Bool(true)));
            let hidden = one.get("trophyHidden") == Some(&Value::Bool(true));
            let known = unlocked || !hidden;
            Some(AchievementListed {
                id,
                name: text(one.get("trophyName"))
                    .filter(|_| known)
                    .unwrap_or_else(|| "Hidden trophy".to_owned()),
                description: text(one.get("trophyDetail")).filter(|_| known),
                icon_url: text(one.get("trophyIconUrl")).filter(|_| known),
                hidden,
                unlocked_at: mine.and_then(|mine| moment(mine.get("earnedDateTime"))),
                unlocked,
                rarity_percent: mine
                    .and_then(|mine| mine.get("trophyEarnedRate"))
                    .and_then(|rate| rate.as_f64().or_else(|| rate.as_str()?.parse().ok())),
                points: one
                    .get("trophyType")
                    .and_then(Value::as_str)
                    .and_then(worth),
            })
        })
        .collect())
}

/// What PlayStation counts a trophy as.
fn worth(kind: &str) -> Option<i32> {
    match kind {
        "bronze" => Some(15),
        "silver" => Some(30),
        "gold" => Some(90),
        "platinum" => Some(300),
        _ => None,
    }
}
