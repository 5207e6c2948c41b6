//! Tables: ours and Playnite's, one row a copy.

use super::form::{self, Game};
use crate::{game, import::plugin_of, platform::name_of};
use djinn_kernel::Esrb;
use sea_orm::ActiveEnum;

/// The columns of ours: what an import reads back.
const OURS: [&str; 20] = [
    "title",
    "platform",
    "store_id",
    "holding",
    "playtime_minutes",
    "last_played",
    "added",
    "year",
    "released_on",
    "genres",
    "tags",
    "developer",
    "rating",
    "main_story_minutes",
    "status",
    "favourite",
    "hidden",
    "my_rating",
    "my_notes",
    "my_tags",
];

/// The columns of Playnite that say something here, in its order.
const PLAYNITE: [&str; 18] = [
    "Name",
    "AgeRatings",
    "Developers",
    "Favorite",
    "Hidden",
    "GameId",
    "Genres",
    "ReleaseDate",
    "Added",
    "LastActivity",
    "CompletionStatus",
    "Notes",
    "Platforms",
    "Playtime",
    "PluginId",
    "Source",
    "Tags",
    "UserScore",
];

/// What a spreadsheet takes for the beginning of a formula, the wide forms of East Asia too.
const FORMULA: [char; 11] = [
    '=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
];

/// A row of titles.
pub fn head(playnite: bool) -> String {
    let names: &[&str] = if playnite { &PLAYNITE } else { &OURS };
    row(&names.iter().map(ToString::to_string).collect::<Vec<_>>())
}

/// The rows of a game.
pub fn rows(game: &Game, playnite: bool) -> String {
    game.copies
        .iter()
        .map(|copy| {
            let cells = if playnite {
                playnites(game, copy)
            } else {
                ours(game, copy)
            };
            row(&cells)
        })
        .collect()
}

fn ours(game: &Game, copy: &form::Copy) -> Vec<String> {
    let hints = copy.hints.as_ref();
    let words = |of: fn(&form::Hint) -> &Vec<String>| list(hints.map(of));
    vec![
        copy.title.clone(),
        copy.platform.clone(),
        copy.store_id.clone().unwrap_or_default(),
        copy.holding.to_value(),
        copy.playtime_minutes.to_string(),
        copy.last_played_at.map(form::time).unwrap_or_default(),
        form::time(copy.added_at),
        maybe(copy.year),
        maybe(hints.and_then(|hints| hints.released_on)),
        words(|hints| &hints.genres),
        words(|hints| &hints.tags),
        words(|hints| &hints.developers),
        ratings(hints),
        maybe(hints.and_then(|hints| hints.main_story_minutes)),
        game.status.clone().unwrap_or_default(),
        truth(game.favourite),
        truth(game.hidden),
        maybe(game.rating),
        game.notes.clone().unwrap_or_default(),
        list(Some(&game.tags)),
    ]
}

fn playnites(game: &Game, copy: &form::Copy) -> Vec<String> {
    let hints = copy.hints.as_ref();
    let words = |of: fn(&form::Hint) -> &Vec<String>| list(hints.map(of));
    let day = hints.and_then(|hints| hints.released_on);
    let boards = rated(hints);
    let capital = |truth: bool| if truth { "True" } else { "False" }.to_owned();
    let name = name_of(&copy.platform);
    let plugin = plugin_of(&copy.platform);
    vec![
        copy.title.clone(),
        boards,
        words(|hints| &hints.developers),
        capital(game.favourite),
        capital(game.hidden),
        copy.store_id.clone().unwrap_or_default(),
        words(|hints| &hints.genres),
        day.map_or_else(|| maybe(copy.year), |day| day.to_string()),
        copy.added_at.format("%Y-%m-%d %H:%M:%S").to_string(),
        copy.last_played_at
            .map(|at| at.format("%Y-%m-%d %H:%M:%S").to_string())
            .unwrap_or_default(),
        status(game.status.as_deref()),
        game.notes.clone().unwrap_or_default(),
        if plugin.is_some() {
            "PC (Windows)".to_owned()
        } else {
            name.clone()
        },
        (i64::from(copy.playtime_minutes) * 60).to_string(),
        plugin.unwrap_or_default().to_owned(),
        name,
        list(Some(&all_tags(game, hints))),
        maybe(game.rating),
    ]
}

/// Playnite knows one kind of tags: one's own, then those that a file gave.
fn all_tags(game: &Game, hints: Option<&form::Hint>) -> Vec<String> {
    let given = hints.map_or(&[][..], |hints| hints.tags.as_slice());
    game::tags::tidied(game.tags.iter().chain(given).cloned())
}

/// A status by the name Playnite has for it.
fn status(id: Option<&str>) -> String {
    match game::status_or_default(id) {
        "unplayed" => "Not Played",
        "playing" => "Playing",
        "completed" => "Completed",
        "on_hold" => "On Hold",
        "abandoned" => "Abandoned",
        other => other,
    }
    .to_owned()
}

/// What all boards say, as Playnite lists it.
fn rated(hints: Option<&form::Hint>) -> String {
    let esrb = Some(rating(hints)).filter(|esrb| !esrb.is_empty());
    let boards = hints.into_iter().flat_map(|hints| &hints.boards);
    let all: Vec<String> = esrb
        .map(|esrb| format!("ESRB {esrb}"))
        .into_iter()
        .chain(boards.map(|said| format!("{} {}", said.board, said.rating)))
        .collect();
    list(Some(&all))
}

/// The ESRB's rating in its own letters; with those of other boards, each behind its board.
fn ratings(hints: Option<&form::Hint>) -> String {
    if hints.is_none_or(|hints| hints.boards.is_empty()) {
        return rating(hints);
    }
    rated(hints)
}

fn rating(hints: Option<&form::Hint>) -> String {
    let esrb = hints.and_then(|hints| hints.esrb);
    esrb.map_or("", |esrb| match esrb {
        Esrb::EarlyChildhood => "EC",
        Esrb::Everyone => "E",
        Esrb::Everyone10 => "E10+",
        Esrb::Teen => "T",
        Esrb::Mature => "M",
        Esrb::AdultsOnly => "AO",
    })
    .to_owned()
}

fn list(words: Option<&Vec<String>>) -> String {
    // A list of one that has a comma in it would be read as two.
    let Some(words) = words else {
        return String::new();
    };
    let joined = words.join("; ");
    if words.len() == 1 && joined.contains(',') {
        joined + ";"
    } else {
        joined
    }
}

fn maybe<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn truth(truth: bool) -> String {
    if truth { "yes" } else { "no" }.to_owned()
}

/// A row, with everything quoted that has to be, and nothing that a spreadsheet takes for a
/// formula: what begins like one gets an apostrophe, which an import takes off again.
fn row(cells: &[String]) -> String {
    let mut text = String::new();
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        let marked = cell.starts_with(FORMULA) || is_marked(cell);
        let quoted = marked || cell.contains(['"', ',', ';', '\n', '\r', '\t']);
        if quoted {
            text.push('"');
        }
        if marked {
            text.push('\'');
        }
        if quoted {
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(cell);
        }
    }
    text.push_str("\r\n");
    text
}

/// Whether a text begins as one that was marked, so that it has to be marked itself.
pub fn is_marked(cell: &str) -> bool {
    cell.strip_prefix('\'')
        .is_some_and(|rest| rest.starts_with(FORMULA) || rest.starts_with('\''))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_cell_is_a_formula() {
        for (cell, want) in [
            ("Doom", "Doom"),
            ("=1+1", "\"'=1+1\""),
            ("+cmd|' /C calc'!A0", "\"'+cmd|' /C calc'!A0\""),
            ("-1", "\"'-1\""),
            ("@SUM(1)", "\"'@SUM(1)\""),
            ("\tx", "\"'\tx\""),
            ("\n=1", "\"'\n=1\""),
            ("\u{ff1d}1", "\"'\u{ff1d}1\""),
            ("'=already", "\"''=already\""),
            ("a \"b\", c", "\"a \"\"b\"\", c\""),
            ("'quoted'", "'quoted'"),
        ] {
            assert_eq!(row(&[cell.to_owned()]), format!("{want}\r\n"));
        }
    }
}
