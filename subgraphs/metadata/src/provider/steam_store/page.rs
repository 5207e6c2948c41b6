//! Reads a store page leniently: every field may be missing, and numbers may be strings.

use super::{
    super::{Found, MOST_SCREENSHOTS, Trouble, is_address, text},
    board, date,
};
use crate::game::Findings;
use djinn_kernel::event::GameKind;
use serde_json::Value;

/// Reads the answer about `store_id`: an object with one entry for each product asked about.
pub fn read(store_id: &str, answer: &Value) -> Result<Found, Trouble> {
    let nonsense = |what: &str| Trouble::Malformed(what.to_owned());
    let entries = answer
        .as_object()
        .ok_or_else(|| nonsense("not an object"))?;
    // Merged products answer under their new number.
    let entry = entries
        .get(store_id)
        .or_else(|| entries.values().next().filter(|_| entries.len() == 1));
    let entry = entry
        .and_then(Value::as_object)
        .ok_or_else(|| nonsense("nothing about the product"))?;
    match entry.get("success") {
        Some(Value::Bool(false)) => return Ok(Found::Nothing),
        Some(Value::Bool(true)) => {}
        _ => return Err(nonsense("neither success nor failure")),
    }
    let data = entry
        .get("data")
        .filter(|data| data.is_object())
        .ok_or_else(|| nonsense("success without data"))?;
    Ok(Found::Findings(Box::new(findings(data))))
}

fn findings(data: &Value) -> Findings {
    let released = date::read(string(&data["release_date"]["date"]).unwrap_or_default());
    let score = number(&data["metacritic"]["score"]).and_then(|score| i16::try_from(score).ok());
    Findings {
        title: string(&data["name"])
            .map(crate::game::title::clean)
            .filter(|title| !title.is_empty()),
        kind: string(&data["type"]).and_then(kind),
        released_on: released.on,
        release_year: released.year,
        genres: descriptions(&data["genres"]),
        tags: descriptions(&data["categories"]),
        developers: names(&data["developers"]),
        publishers: names(&data["publishers"]),
        summary: string(&data["short_description"])
            .map(|html| text::plain(html, 2000))
            .filter(|text| !text.is_empty()),
        // The store has no upright picture on this page; its address has a hash we cannot guess.
        cover_art: None,
        header_art: address(&data["header_image"]),
        hero_art: address(&data["background_raw"]).or_else(|| address(&data["background"])),
        screenshots: list(&data["screenshots"])
            .filter_map(|shot| address(&shot["path_full"]))
            .take(MOST_SCREENSHOTS)
            .collect(),
        critic_score: score.filter(|score| (0..=100).contains(score)),
        main_story_minutes: None,
        time_to_beat: None,
        content_descriptors: list(&data["content_descriptors"]["ids"])
            .filter_map(number)
            .filter_map(|id| i32::try_from(id).ok())
            .take(20)
            .collect(),
        // Nought means that nobody asked.
        required_age: number(&data["required_age"])
            .and_then(|age| i32::try_from(age).ok())
            .filter(|age| (1..=99).contains(age)),
        ratings: board::read(&data["ratings"]),
    }
}

fn kind(text: &str) -> Option<GameKind> {
    Some(match text {
        "game" | "mod" => GameKind::Game,
        "dlc" => GameKind::Dlc,
        "demo" => GameKind::Demo,
        "music" | "video" | "movie" | "series" | "episode" | "advertising" => GameKind::Extra,
        "hardware" | "tool" | "application" | "config" => GameKind::Tool,
        _ => return None,
    })
}

fn address(value: &Value) -> Option<String> {
    string(value)
        .filter(|url| is_address(url))
        .map(str::to_owned)
}

fn string(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| !text.trim().is_empty())
}

/// A number, also as a string, also with something after it: `"16+"`.
pub fn number(value: &Value) -> Option<i64> {
    if let Some(number) = value.as_i64() {
        return Some(number);
    }
    let text = value.as_str()?.trim();
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .map_or(text, |end| &text[..end]);
    digits.parse().ok()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn names(value: &Value) -> Vec<String> {
    tidy(list(value).filter_map(string))
}

fn descriptions(value: &Value) -> Vec<String> {
    tidy(list(value).filter_map(|entry| string(&entry["description"])))
}

fn tidy<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut tidy: Vec<String> = Vec::new();
    for text in texts.map(|html| text::plain(html, 100)) {
        if !text.is_empty() && !tidy.contains(&text) && tidy.len() < 50 {
            tidy.push(text);
        }
    }
    tidy
}
