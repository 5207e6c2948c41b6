//! The JSON of Legendary and Heroic, launchers for the stores of others.

use super::{Cell, Column, Flow, Malformed, Record, json, json::Game, text::unmarked};
use serde_json::Value;

/// Tells the games of `legendary list --json`. DLC stands inside its game and is left out, as is
/// what belongs to the Unreal Engine and is no game.
pub fn legendary(text: &str, tell: &mut dyn FnMut(Record) -> Flow) -> Result<(), Malformed> {
    json::games(unmarked(text), &["games"], &mut |game| {
        if is_engine(&game) {
            return Flow::Continue(());
        }
        let mut record = game.record();
        put(&mut record, &game, Column::Title, "app_title");
        put(&mut record, &game, Column::StoreId, "app_name");
        record
            .cells
            .push((Column::Platform, said(&game, "app_name", "epic")));
        if let Some(metadata) = game.value("metadata")
            && let Some(developer) = metadata["developer"]
                .as_str()
                .filter(|name| !name.is_empty())
        {
            let cell = game.cell("metadata", vec![developer.to_owned()], true);
            record.cells.push((Column::Developer, cell));
        }
        tell(record)
    })
}

fn is_engine(game: &Game<'_>) -> bool {
    let of = |value: Option<Value>, path: &str| {
        value
            .as_ref()
            .and_then(|value| value.pointer(path))
            .and_then(Value::as_str)
            .is_some_and(|namespace| namespace == "ue")
    };
    of(game.value("metadata"), "/namespace") || of(game.value("asset_infos"), "/Windows/namespace")
}

/// Tells the games of a file in Heroic's `store_cache`.
pub fn heroic(text: &str, tell: &mut dyn FnMut(Record) -> Flow) -> Result<(), Malformed> {
    json::games(unmarked(text), &["library", "games"], &mut |game| {
        let platform = match game.text("runner").as_deref() {
            Some("legendary") => "epic",
            Some("gog") => "gog",
            Some("nile") => "amazon",
            Some("zoom") => "zoom",
            _ => "manual",
        };
        let is_dlc = game
            .value("install")
            .is_some_and(|install| install["is_dlc"] == true);
        // Heroic lists its own redistributables among the games of GOG.
        if is_dlc || game.text("app_name").as_deref() == Some("gog-redist") {
            return Flow::Continue(());
        }
        let mut record = game.record();
        put(&mut record, &game, Column::Title, "title");
        if platform != "manual" {
            put(&mut record, &game, Column::StoreId, "app_name");
        }
        record
            .cells
            .push((Column::Platform, said(&game, "runner", platform)));
        if let Some(developer) = game.text("developer").filter(|name| !name.is_empty()) {
            let cell = game.cell("developer", vec![developer], true);
            record.cells.push((Column::Developer, cell));
        }
        if let Some(extra) = game.value("extra")
            && let Some(genres) = extra["genres"].as_array()
        {
            let genres: Vec<String> = genres.iter().filter_map(json::plain).collect();
            if !genres.is_empty() {
                record
                    .cells
                    .push((Column::Genres, game.cell("extra", genres, true)));
            }
        }
        tell(record)
    })
}

/// A title has to be there; everything else may be absent.
fn put(record: &mut Record, game: &Game<'_>, column: Column, key: &str) {
    let text = game.text(key).unwrap_or_default();
    if column == Column::Title || !text.is_empty() {
        record
            .cells
            .push((column, game.cell(key, vec![text], false)));
    }
}

fn said(game: &Game<'_>, key: &str, text: &str) -> Cell {
    game.cell(key, vec![text.to_owned()], false)
}
