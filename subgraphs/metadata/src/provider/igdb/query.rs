//! IGDB's query language, Apicalypse: text, so whatever comes from elsewhere is quoted or a number.

use super::STORES;
use std::{collections::BTreeMap, fmt::Write};

/// What is asked about a game. Boards and levels by name, never by number.
const FIELDS: &str = "name,summary,first_release_date,game_type,genres.name,themes.name,game_modes.name,\
involved_companies.company.name,involved_companies.developer,involved_companies.publisher,\
aggregated_rating,aggregated_rating_count,cover.image_id,artworks.image_id,screenshots.image_id,\
age_ratings.organization.name,age_ratings.rating_category.rating,\
age_ratings.rating_content_descriptions.description,\
external_games.external_game_source,external_games.uid";

/// Games that stand alone: main ones, standalone expansions, remakes, remasters, expanded ones, ports.
const ALONE: &str = "(0,4,8,9,10,11)";

/// Asks which games these products are. `None`, if there are none.
pub fn products<'a>(asked: impl Iterator<Item = (i64, &'a str)>) -> Option<String> {
    let mut stores: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for (store, uid) in asked {
        stores.entry(store).or_default().push(quoted(uid));
    }
    debug_assert!(stores.len() <= STORES.len(), "each is one of ours");
    let parts: Vec<String> = stores
        .iter()
        .map(|(store, uids)| {
            format!(
                "(external_game_source = {store} & uid = ({}))",
                uids.join(",")
            )
        })
        .collect();
    (!parts.is_empty()).then(|| {
        format!(
            "fields uid,external_game_source,game.version_parent,game.game_type; where {}; limit 500;",
            parts.join(" | ")
        )
    })
}

/// Asks about games, and how long they take, at once.
pub fn games(ids: impl Iterator<Item = i64>) -> String {
    let ids: Vec<String> = ids.map(|id| id.to_string()).collect();
    // A list may not be empty, and no game has this number.
    let ids = if ids.is_empty() {
        "0".to_owned()
    } else {
        ids.join(",")
    };
    format!(
        "query games \"games\" {{ fields {FIELDS}; where id = ({ids}); limit 500; }};\n\
         query game_time_to_beats \"times\" {{ fields game_id,hastily,normally,completely; where game_id = ({ids}); limit 500; }};"
    )
}

/// Asks for games by title, each in a query of its own that is named by its place.
pub fn titles<'a>(titles: impl Iterator<Item = &'a str>) -> String {
    titles.enumerate().fold(String::new(), |mut text, (n, title)| {
        let title = quoted(title);
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "query games \"{n}\" {{ search {title}; fields name,first_release_date,alternative_names.name; where game_type = {ALONE} & version_parent = null; limit 20; }};"
        );
        text
    })
}

/// A text in quotes. What could end them, or the line, goes.
fn quoted(text: &str) -> String {
    let plain: String = text
        .chars()
        .filter(|c| !matches!(c, '"' | '\\' | ';') && !c.is_control())
        .take(200)
        .collect();
    format!("\"{}\"", plain.trim())
}
