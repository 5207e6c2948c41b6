//! Reads a release and the work behind it. Every field may be missing; texts come by language, with
//! `*` for all the others.

use super::{STORES, id};
use crate::{
    game::{Findings, title},
    matching::external_ids::{MOST, usable},
    provider::{
        Found, MOST_SCREENSHOTS, Trouble, is_address,
        read::{self, list, string},
        text,
    },
};
use chrono::{Datelike, NaiveDate};
use djinn_kernel::event::GameKind;
use serde_json::{Value, json};

/// Reads an answer.
pub fn read(release: &Value) -> Result<Found, Trouble> {
    let work = &release["game"];
    let Some(known_as) = id(&work["id"]).or_else(|| id(&release["game_id"])) else {
        return Err(Trouble::Malformed("no game behind the release".to_owned()));
    };
    let kind = string(&release["type"]).or_else(|| string(&work["type"]));
    // What its users threw in: there is no such game.
    if matches!(kind, Some("spam")) {
        return Ok(Found::Nothing);
    }
    let day = day(&work["first_release_date"]).or_else(|| day(&release["first_release_date"]));
    let said = |field: &str| words(&work[field]).or_else(|| words(&release[field]));
    Ok(Found::Product {
        id: known_as,
        findings: Box::new(Findings {
            title: said("title")
                .map(title::clean)
                .filter(|title| !title.is_empty()),
            kind: kind.and_then(self::kind),
            released_on: day,
            release_year: day.map(|day| day.year()),
            genres: names(&work["genres"]),
            tags: names_of(list(&work["themes"]).chain(list(&work["game_modes"]))),
            developers: names(&work["developers"]),
            publishers: names(&work["publishers"]),
            summary: said("summary")
                .map(|summary| text::plain(summary, 2000))
                .filter(|summary| !summary.is_empty()),
            cover_art: picture(&work["vertical_cover"], "_glx_vertical_cover", "webp"),
            header_art: picture(&work["horizontal_artwork"], "", "jpg"),
            hero_art: picture(&work["background"], "", "jpg"),
            screenshots: list(&work["screenshots"])
                .filter_map(|shot| picture(shot, "", "jpg"))
                .take(MOST_SCREENSHOTS)
                .collect(),
            critic_score: read::score(&work["aggregated_rating"]),
            ..Findings::default()
        }),
        stores: stores(work),
    })
}

/// The work's products in the stores whose ids are believed.
fn stores(work: &Value) -> Vec<(String, String)> {
    list(&work["releases"])
        .filter_map(|release| {
            let theirs = string(&release["platform_id"])?;
            let (ours, _) = STORES.iter().find(|(_, name)| *name == theirs)?;
            let id = string(&release["external_id"]).filter(|id| usable(ours, id))?;
            Some(((*ours).to_owned(), id.to_owned()))
        })
        // One more than a work may have: then it is seen that there are too many.
        .take(MOST + 1)
        .collect()
}

/// A text in English, or in the language it is in everywhere.
fn words(value: &Value) -> Option<&str> {
    ["en-US", "*"]
        .into_iter()
        .find_map(|language| string(&value[language]))
        .or_else(|| string(value))
}

fn names(value: &Value) -> Vec<String> {
    names_of(list(value))
}

fn names_of<'a>(values: impl Iterator<Item = &'a Value>) -> Vec<String> {
    let plain: Vec<Value> = values
        .filter_map(|value| words(&value["name"]))
        .map(|name| json!({ "name": name }))
        .collect();
    read::names(plain.iter())
}

fn kind(word: &str) -> Option<GameKind> {
    Some(match word {
        "game" | "mod" => GameKind::Game,
        "dlc" | "pack" => GameKind::Dlc,
        "demo" => GameKind::Demo,
        _ => return None,
    })
}

/// `2016-05-09T04:00:00+0000`; only the day is known.
fn day(value: &Value) -> Option<NaiveDate> {
    let day: NaiveDate = string(value)?.get(..10)?.parse().ok()?;
    (1950..2100).contains(&day.year()).then_some(day)
}

/// The address of a picture out of its pattern.
fn picture(value: &Value, formatter: &str, ext: &str) -> Option<String> {
    let pattern = string(&value["url_format"])?;
    let url = pattern
        .replace("{formatter}", formatter)
        .replace("{ext}", ext);
    is_address(&url).then_some(url)
}
