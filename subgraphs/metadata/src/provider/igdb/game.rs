//! Reads what IGDB says about a game.

use super::{STORES, age, id, list, names, string};
use crate::{
    game::{Findings, TimeToBeat, title},
    provider::{MOST_SCREENSHOTS, read, text},
};
use chrono::{DateTime, Datelike};
use djinn_kernel::event::GameKind;
use serde_json::Value;

/// Where its pictures are.
const IMAGES: &str = "https://images.igdb.com/igdb/image/upload";
/// Nothing takes longer than ten thousand hours.
const LONGEST: i64 = 36_000_000;

/// Reads a game, and the times it takes if there are any.
pub fn read(game: &Value, times: Option<&Value>) -> Findings {
    let released = game["first_release_date"]
        .as_i64()
        .and_then(|at| DateTime::from_timestamp(at, 0))
        .map(|at| at.date_naive())
        .filter(|day| (1950..2100).contains(&day.year()));
    let companies = |what: &str| {
        let of = list(&game["involved_companies"]).filter(|company| company[what] == true);
        names(of.map(|company| &company["company"]))
    };
    let counted = game["aggregated_rating_count"].as_i64() != Some(0);
    let times = times.and_then(time_to_beat);
    Findings {
        title: string(&game["name"])
            .map(title::clean)
            .filter(|title| !title.is_empty()),
        kind: id(&game["game_type"]).and_then(kind),
        released_on: released,
        release_year: released.map(|day| day.year()),
        genres: names(list(&game["genres"])),
        tags: names(list(&game["themes"]).chain(list(&game["game_modes"]))),
        developers: companies("developer"),
        publishers: companies("publisher"),
        summary: string(&game["summary"])
            .map(|summary| text::plain(summary, 2000))
            .filter(|summary| !summary.is_empty()),
        cover_art: picture(&game["cover"], "t_cover_big_2x"),
        header_art: None,
        hero_art: list(&game["artworks"]).find_map(|art| picture(art, "t_1080p")),
        screenshots: list(&game["screenshots"])
            .filter_map(|shot| picture(shot, "t_1080p"))
            .take(MOST_SCREENSHOTS)
            .collect(),
        critic_score: read::score(&game["aggregated_rating"]).filter(|_| counted),
        main_story_minutes: times.and_then(|times| times.hastily.or(times.normally)),
        time_to_beat: times,
        ratings: age::read(&game["age_ratings"]),
        content_descriptors: Vec::new(),
        required_age: None,
    }
}

/// What stores call a game: platform and the platform's id.
pub fn stores(game: &Value) -> Vec<(String, String)> {
    list(&game["external_games"])
        .filter_map(|known| {
            let number = id(&known["external_game_source"])?;
            let (platform, _) = STORES.iter().find(|(_, store)| *store == number)?;
            let uid = string(&known["uid"]).filter(|uid| super::is_plain(uid))?;
            Some(((*platform).to_owned(), uid.to_owned()))
        })
        .take(50)
        .collect()
}

/// IGDB's numbers for kinds, which were not dealt anew.
const fn kind(number: i64) -> Option<GameKind> {
    match number {
        // Main game, standalone expansion, mod, episode, season, remake, remaster, expanded, port, fork.
        0 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 => Some(GameKind::Game),
        // DLC, expansion, pack, update.
        1 | 2 | 13 | 14 => Some(GameKind::Dlc),
        _ => None,
    }
}

fn picture(image: &Value, size: &str) -> Option<String> {
    let id = string(&image["image_id"])?;
    let plain = id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    plain.then(|| format!("{IMAGES}/{size}/{id}.jpg"))
}

fn time_to_beat(times: &Value) -> Option<TimeToBeat> {
    let minutes = |seconds: &Value| {
        let seconds = seconds.as_i64().filter(|s| (60..=LONGEST).contains(s))?;
        i32::try_from(seconds / 60).ok()
    };
    let times = TimeToBeat {
        hastily: minutes(&times["hastily"]),
        normally: minutes(&times["normally"]),
        completely: minutes(&times["completely"]),
    };
    (times != TimeToBeat::default()).then_some(times)
}
