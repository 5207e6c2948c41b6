//! What a game says of its achievements, and how many players have them: the same for everybody.

use super::achievement::number;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// One achievement, whoever plays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Described {
    /// Its name.
    pub name: Option<String>,
    /// What is to be done; absent while Steam keeps it secret.
    pub description: Option<String>,
    /// Its picture.
    pub icon: Option<String>,
    /// Whether Steam keeps it secret.
    pub hidden: bool,
    /// Of how many players in a hundred it was unlocked.
    pub percent: Option<f64>,
}

/// Puts both answers together, by id. An app without achievements has none in either.
pub fn of(schema: &Value, rarity: &Value) -> BTreeMap<String, Described> {
    let mut all: BTreeMap<String, Described> = BTreeMap::new();
    for one in list(schema, "/game/availableGameStats/achievements") {
        let text = |name: &str| one.get(name).and_then(Value::as_str).map(str::to_owned);
        let Some(id) = text("name") else { continue };
        let described = Described {
            name: text("displayName"),
            description: text("description"),
            icon: text("icon").filter(|url| url.starts_with("https://")),
            hidden: number(one.get("hidden")).is_some_and(|is| is > 0.0),
            percent: None,
        };
        all.insert(id, described);
    }
    for one in list(rarity, "/achievementpercentages/achievements") {
        if let Some(id) = one.get("name").and_then(Value::as_str) {
            all.entry(id.to_owned()).or_default().percent = number(one.get("percent"));
        }
    }
    all
}

fn list<'a>(answer: &'a Value, at: &str) -> impl Iterator<Item = &'a Value> {
    let list = answer.pointer(at).and_then(Value::as_array);
    list.into_iter().flatten()
}
