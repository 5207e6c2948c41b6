//! What GOG answered.

use super::NAME;
use crate::{
    copy::Holding,
    platform::{
        Listed, NoListing,
        answer::{id, list, malformed, minutes, moment, number, text},
    },
};
use serde_json::Value;

/// The account's name; signed out is said with status 200.
pub fn user(said: &Value) -> Result<Option<String>, NoListing> {
    let signed_in = said.get("isLoggedIn").and_then(Value::as_bool);
    if signed_in == Some(false) {
        return Err(NoListing::CredentialsRejected(NAME));
    }
    let name = text(said.get("username"));
    if name.is_none() && signed_in.is_none() {
        return Err(malformed(NAME, "it does not say whose login it is"));
    }
    Ok(name)
}

/// One page of products.
pub struct Products {
    /// The games of the page.
    pub games: Vec<Listed>,
    /// How many products there are on all pages.
    pub total: i64,
    /// How many pages.
    pub pages: i64,
    /// Whether the account hides others.
    pub hidden: bool,
}

/// One page of products, all of it or nothing.
pub fn products(said: &Value, page: i64) -> Result<Products, NoListing> {
    let products = list(NAME, said, "products", "it has no products")?;
    let number_of = |name: &str| number(said.get(name));
    let total = number_of("totalProducts").ok_or(malformed(NAME, "it does not say how many"))?;
    let pages = number_of("totalPages").ok_or(malformed(NAME, "it does not say how many pages"))?;
    if number_of("page").is_some_and(|said| said != page) {
        return Err(malformed(NAME, "it is another page"));
    }
    if total > 0 && page <= pages && products.is_empty() {
        return Err(malformed(NAME, "it counts products and lists none"));
    }
    if pages <= 1 && total > products.len() as i64 {
        return Err(malformed(NAME, "it lists fewer products than it counts"));
    }
    let mut games = Vec::new();
    for product in products {
        let store_id = id(product.get("id")).ok_or(malformed(NAME, "a product has no id"))?;
        // Films and goodies are not games; who does not say is one.
        let other = product.get("isGame") == Some(&Value::Bool(false))
            || product.get("isMovie") == Some(&Value::Bool(true));
        if !other {
            games.push(Listed {
                store_id,
                title: text(product.get("title")),
                holding: Holding::Owned,
                playtime_minutes: 0,
                last_played_at: None,
            });
        }
    }
    Ok(Products {
        games,
        total,
        pages,
        hidden: said.get("hasHiddenProducts") == Some(&Value::Bool(true)),
    })
}

/// Whether an account without a product may be: its list of ids must be there, and short.
pub fn believable(said: &Value, hidden: bool) -> Result<(), NoListing> {
    let owned = list(NAME, said, "owned", "it does not say what is owned")?;
    // A film or two is no game; a whole shelf is.
    if owned.len() > 20 && !hidden {
        return Err(malformed(
            NAME,
            "one of its lists is empty and the other is not",
        ));
    }
    Ok(())
}

/// One page of play times.
pub struct Stats {
    /// What was played; what is not owned any more comes out as played only.
    pub games: Vec<Listed>,
    /// How many pages.
    pub pages: i64,
}

/// One page of play times. `stats` is an empty list for who never played, and an object by user
/// otherwise.
pub fn stats(said: &Value) -> Result<Stats, NoListing> {
    let items = said
        .pointer("/_embedded/items")
        .and_then(Value::as_array)
        .ok_or(malformed(NAME, "it has no play times"))?;
    let mut games = Vec::new();
    for item in items {
        let Some(store_id) = id(item.pointer("/game/id")) else {
            continue;
        };
        let Some(mine) = item
            .get("stats")
            .and_then(Value::as_object)
            .and_then(|by_user| by_user.values().next())
        else {
            continue;
        };
        games.push(Listed {
            store_id,
            title: text(item.pointer("/game/title")),
            holding: Holding::PlayedOnly,
            playtime_minutes: minutes(number(mine.get("playtime")).unwrap_or(0)),
            last_played_at: moment(mine.get("lastSession")),
        });
    }
    Ok(Stats {
        games,
        pages: number(said.get("pages")).unwrap_or(1),
    })
}
