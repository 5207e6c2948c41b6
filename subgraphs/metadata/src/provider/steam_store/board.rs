//! Ratings by board, as the store carries them.

use super::super::text;
use crate::game::rating::{ESRB, QUESTIONNAIRE, Rating, STEAM_STORE};
use serde_json::Value;

/// Reads the `ratings` object; it is null for most games.
pub fn read(value: &Value) -> Vec<Rating> {
    let boards = value.as_object().into_iter().flatten();
    boards
        .filter_map(|(name, said)| rating(name, said))
        .take(40)
        .collect()
}

fn rating(name: &str, said: &Value) -> Option<Rating> {
    let rating = said["rating"]
        .as_str()
        .map(str::to_owned)
        .or_else(|| Some(said["rating"].as_i64()?.to_string()))?;
    let rating = text::plain(&rating, 32);
    if rating.is_empty() {
        return None;
    }
    let board = board(name);
    let generated = matches!(said["rating_generated"].as_str(), Some("1" | "true"))
        || said["rating_generated"].as_i64() == Some(1)
        || said["rating_generated"].as_bool() == Some(true);
    let descriptors = said["descriptors"]
        .as_str()
        .unwrap_or_default()
        .lines()
        .map(|line| text::plain(line, 100))
        .filter(|line| !line.is_empty())
        .take(20)
        .collect();
    Some(Rating {
        rating: if board == ESRB {
            rating.to_uppercase()
        } else {
            rating
        },
        board,
        // What a developer filled in was checked by no board, whatever name it goes under.
        source: if generated {
            QUESTIONNAIRE
        } else {
            STEAM_STORE
        }
        .to_owned(),
        descriptors,
    })
}

/// The board's own name.
fn board(name: &str) -> String {
    match name {
        "esrb" => ESRB,
        "pegi" => "PEGI",
        "usk" => "USK",
        "cero" => "CERO",
        "bbfc" => "BBFC",
        "oflc" => "ACB",
        "nzoflc" => "OFLC",
        "kgrb" => "GRAC",
        "dejus" => "ClassInd",
        "csrr" => "GSRR",
        "mda" => "IMDA",
        "steam_germany" => "Steam Germany",
        "steam_australia" => "Steam Australia",
        other => return text::plain(&other.replace('_', " ").to_uppercase(), 32),
    }
    .to_owned()
}
