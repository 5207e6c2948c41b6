//! Keeping and forgetting.

use super::{MAX_NAME, MAX_SEARCH, MAX_VIEWS, entity::Model, store};
use crate::content::{Content, Noun, Refused, Wrong, key, rev::Change};
use djinn_kernel::{Doing, viewer::Identity};

impl Content {
    /// Keeps a view under its name; one of that name makes way. Answers all there are.
    pub async fn keep_view(
        &self,
        who: &Identity,
        name: &str,
        search: serde_json::Value,
    ) -> Result<Vec<Model>, Refused> {
        if who.key.is_some() {
            return Err(Wrong::ByKey.into());
        }
        let name = key::words("input.name", "a view's name", name, 1, MAX_NAME)?;
        let bytes = serde_json::to_string(&search).doing("measuring a view")?;
        // PostgreSQL stores no NUL.
        if !search.is_object() || bytes.len() > MAX_SEARCH || bytes.contains("\\u0000") {
            return Err(Wrong::Search { most: MAX_SEARCH }.into());
        }
        let player = who.player.0;
        // Changes go one after the other, so two devices cannot both keep the last one.
        let change = Change::begin(self.ports(), Noun::Preferences).await?;
        let row = Model {
            player_id: player,
            name_key: name.to_lowercase(),
            name,
            search,
            saved_at: self.ports().clock.now(),
        };
        let there = store::of(&change.txn, player).await?;
        let known = there.iter().any(|view| view.name_key == row.name_key);
        if !known && there.len() >= MAX_VIEWS {
            return Err(Wrong::TooMany {
                at: "input.name",
                what: "views of one player",
                most: MAX_VIEWS,
            }
            .into());
        }
        store::save(&change.txn, row).await?;
        let all = store::of(&change.txn, player).await?;
        change.commit().await?;
        Ok(all)
    }

    /// Forgets the view of that name. Answers those that are left.
    pub async fn forget_view(&self, who: &Identity, name: &str) -> Result<Vec<Model>, Refused> {
        if who.key.is_some() {
            return Err(Wrong::ByKey.into());
        }
        let player = who.player.0;
        let change = Change::begin(self.ports(), Noun::Preferences).await?;
        let key = name.trim().to_lowercase();
        if key.contains('\0') || !store::delete(&change.txn, player, &key).await? {
            return Err(Wrong::Missing {
                at: "name".to_owned(),
                what: "view",
                id: name.chars().take(MAX_NAME).collect(),
            }
            .into());
        }
        let all = store::of(&change.txn, player).await?;
        change.commit().await?;
        Ok(all)
    }
}
