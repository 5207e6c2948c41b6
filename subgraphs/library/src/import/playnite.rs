//! What is particular to Playnite, in CSV and in JSON.

use super::{Column, Record};
use crate::{copy::upsert::Incoming, platform::slug};

/// Playnite's plug-ins for stores: with these, its id of a game is the store's own.
const PLUGINS: [(&str, &str); 8] = [
    ("cb91dfc9-b977-43bf-8e70-55f46e410fab", "steam"),
    ("aebe8b7c-6dc3-4a66-af31-e7375c6b5e9e", "gog"),
    ("00000002-dbd1-46c6-b5d0-b1ba559d10e4", "epic"),
    ("00000001-ebb2-4eec-abcb-7c89937a42bb", "itch"),
    ("85dd7072-2f20-4e76-a007-41035e390724", "ea"),
    ("c2f038e5-8b92-4877-91f1-da9094155fc5", "ubisoft"),
    ("e3c26a3d-d695-4cb7-a769-5ff7612c7edd", "battlenet"),
    ("402674cd-4af6-4886-b6ec-0e695bfa0688", "amazon"),
];

/// The plug-in's id and the name by which Playnite lists its games, for an export.
pub fn plugin_of(platform: &str) -> Option<&'static str> {
    PLUGINS
        .iter()
        .find(|(_, own)| *own == platform)
        .map(|(id, _)| *id)
}

/// Says where a game is held: the plug-in first, then where it was bought, then the console.
pub fn settle(record: &Record, copy: &mut Incoming) {
    let text = |wanted: Column| {
        record
            .cells
            .iter()
            .find(|(column, _)| *column == wanted)
            .map(|(_, cell)| cell.text())
            .filter(|text| !text.is_empty())
    };
    let plugin = text(Column::Plugin).map(str::to_ascii_lowercase);
    let store = plugin
        .as_deref()
        .and_then(|plugin| PLUGINS.iter().find(|(id, _)| *id == plugin))
        .map(|(_, platform)| *platform);
    if let Some(store) = store {
        store.clone_into(&mut copy.platform);
        return;
    }
    // The id is Playnite's own then, or a plug-in's that nobody else knows.
    copy.store_id = None;
    let source = text(Column::Source)
        .map(slug)
        .filter(|slug| !slug.is_empty());
    let console = text(Column::Platform)
        .and_then(|text| text.split([';', ',', '|']).next())
        .map(slug)
        .filter(|slug| !slug.is_empty());
    if let Some(platform) = source.or(console) {
        copy.platform = platform;
    }
}
