//! What an account wishes for, for who asked to see it here.

use super::{LONG, Steam, answer};
use crate::{
    copy::Holding,
    platform::{
        Access, Fields, Listed, NoListing,
        answer::{id, text},
        typed,
    },
};
use serde_json::{Value, json};
use std::collections::HashMap;

/// The field of the connection form, and where the answer is kept.
pub const FIELD: &str = "wishlist";
/// Names asked for at once.
const NAMES: usize = 100;

/// Whether the form says so.
pub fn wanted(fields: &Fields) -> bool {
    fields.get(FIELD).is_some_and(|said| said == "true")
}

impl Steam {
    /// The wishes; `None` when Steam says nothing, which an empty list and a hidden one share.
    pub(super) async fn wishes(&self, access: &Access) -> Result<Option<Vec<Listed>>, NoListing> {
        let key = self.reading(access)?;
        let query = format!("steamid={}", access.account);
        let said = self
            .ask(key, "IWishlistService/GetWishlist/v1", &query, LONG)
            .await?;
        let response = answer::response(&said)?;
        let Some(items) = response.get("items").and_then(Value::as_array) else {
            return Ok(None);
        };
        let mut ids: Vec<String> = Vec::with_capacity(items.len());
        for item in items {
            let id = id(item.get("appid"))
                .filter(|id| id.bytes().all(|b| b.is_ascii_digit()))
                .ok_or(answer::malformed("a wish has no id"))?;
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        let mut names = HashMap::new();
        for chunk in ids.chunks(NAMES) {
            names.extend(self.names(key, chunk).await?);
        }
        let wish = |id: String| Listed {
            title: names.remove(&id),
            store_id: id,
            holding: Holding::Wishlist,
            playtime_minutes: 0,
            last_played_at: None,
        };
        Ok(Some(ids.into_iter().map(wish).collect()))
    }

    /// What these apps are called: a wishlist does not say.
    async fn names(&self, key: &str, ids: &[String]) -> Result<Vec<(String, String)>, NoListing> {
        let asked: Vec<Value> = ids
            .iter()
            .filter_map(|id| Some(json!({ "appid": id.parse::<u32>().ok()? })))
            .collect();
        let input =
            json!({ "ids": asked, "context": { "language": "english", "country_code": "US" } });
        let query = format!("input_json={}", typed::escape(&input.to_string()));
        let said = self
            .ask(key, "IStoreBrowseService/GetItems/v1", &query, LONG)
            .await?;
        let items = answer::response(&said)?
            .get("store_items")
            .and_then(Value::as_array);
        let named = |item: &Value| Some((id(item.get("appid"))?, text(item.get("name"))?));
        Ok(items.into_iter().flatten().filter_map(named).collect())
    }
}
