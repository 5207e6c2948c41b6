//! Changing flags.

use super::{Flag, MAX_DESCRIPTION, MAX_FLAGS, MAX_PLAYERS, store};
use crate::content::{Content, Noun, Refused, Wrong, catalogue, key, rev::Change};
use uuid::Uuid;

/// A flag to save. What is left out stays as it is; a new flag is off, for everybody.
#[derive(Debug)]
pub struct Draft {
    /// Its key.
    pub key: String,
    /// What it switches.
    pub description: Option<String>,
    /// Whether it is on at all.
    pub enabled: Option<bool>,
    /// For how many of a hundred.
    pub percentage: Option<i32>,
}

impl Content {
    /// Makes a flag or changes it.
    pub async fn save_flag(&self, draft: Draft) -> Result<Flag, Refused> {
        let key = key::id("input.key", &draft.key)?;
        let description = draft.description.map(|text| {
            key::words(
                "input.description",
                "a description",
                &text,
                0,
                MAX_DESCRIPTION,
            )
        });
        let description = description.transpose()?;
        let percentage = draft.percentage.map(|percentage| {
            u8::try_from(percentage)
                .ok()
                .filter(|percentage| *percentage <= 100)
                .ok_or(Wrong::Percentage(percentage))
        });
        let percentage = percentage.transpose()?;
        let change = Change::begin(self.ports(), Noun::Flags).await?;
        let mut flags = store::all(&change.txn).await?;
        let count = flags.len();
        let known = flags.remove(&key);
        if known.is_none() && count >= MAX_FLAGS {
            return Err(Wrong::TooMany {
                at: "input.key",
                what: "feature flags",
                most: MAX_FLAGS,
            }
            .into());
        }
        let now = self.ports().clock.now();
        let mut flag = known.unwrap_or_else(|| Flag {
            key,
            description: String::new(),
            enabled: false,
            percentage: 100,
            players: std::collections::BTreeMap::new(),
            updated_at: now,
        });
        flag.description = description.unwrap_or(flag.description);
        flag.enabled = draft.enabled.unwrap_or(flag.enabled);
        flag.percentage = percentage.unwrap_or(flag.percentage);
        flag.updated_at = now;
        store::save(&change.txn, &flag).await?;
        change.commit().await?;
        Ok(flag)
    }

    /// Sets a flag for one player; `None` lets it be for them as for others.
    pub async fn set_flag_for(
        &self,
        key: &str,
        player: Uuid,
        enabled: Option<bool>,
    ) -> Result<Flag, Refused> {
        let change = Change::begin(self.ports(), Noun::Flags).await?;
        let mut flags = store::all(&change.txn).await?;
        let mut flag = flags.remove(key).ok_or_else(|| missing("input.key", key))?;
        if enabled.is_some()
            && !flag.players.contains_key(&player)
            && flag.players.len() >= MAX_PLAYERS
        {
            return Err(Wrong::TooMany {
                at: "input.playerId",
                what: "players with a setting of their own, for one flag",
                most: MAX_PLAYERS,
            }
            .into());
        }
        store::save_own(&change.txn, key, player, enabled).await?;
        match enabled {
            Some(enabled) => flag.players.insert(player, enabled),
            None => flag.players.remove(&player),
        };
        flag.updated_at = self.ports().clock.now();
        store::save(&change.txn, &flag).await?;
        change.commit().await?;
        Ok(flag)
    }

    /// Removes a flag.
    pub async fn delete_flag(&self, key: &str) -> Result<(), Refused> {
        let change = Change::begin(self.ports(), Noun::Flags).await?;
        let all = catalogue::load(&change.txn, change.rev).await?;
        if !all.flags.contains_key(key) {
            return Err(missing("key", key).into());
        }
        if all.ui.config.flags().any(|named| named == key) {
            return Err(Wrong::Used {
                at: "key",
                id: key.to_owned(),
                by: "the interface's configuration",
            }
            .into());
        }
        store::delete(&change.txn, key).await?;
        change.commit().await?;
        Ok(())
    }
}

fn missing(at: &str, key: &str) -> Wrong {
    Wrong::Missing {
        at: at.to_owned(),
        what: "feature flag",
        id: key.chars().take(key::MAX_ID).collect(),
    }
}
