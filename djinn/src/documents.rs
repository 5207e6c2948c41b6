//! The operation files: built into the binary, or followed in a folder while they are written.

mod known;

pub use known::{Known, Sent};

use crate::schema::API;
use djinn_operations::{Catalogue, Folder, Live};
use rust_embed::RustEmbed;
use std::{collections::BTreeSet, path::Path, sync::Arc};
use tokio_util::sync::CancellationToken;

/// The doors: each has a sub-folder of operation files.
pub const DOORS: [&str; 3] = ["mcp", "q", "rest"];

/// `schema/operations`, as it was when the binary was built.
#[derive(RustEmbed)]
#[folder = "../schema/operations"]
struct Embedded;

/// The documents of every door: what the binary carries and, with `folder`, the files of that
/// folder, which is followed. One of the same path stands in for what the binary carries.
pub fn live(folder: Option<&Path>, stop: &CancellationToken) -> Live {
    if let Some(path) = folder {
        let folder = Folder {
            path: path.to_owned(),
            built_in: files(""),
            bare: false,
        };
        let live = match Live::of_folder(folder.clone(), API) {
            Ok(live) => {
                tell_problems(&live.now());
                live
            }
            // It may come, or be mended, while the hub runs.
            Err(error) => {
                tracing::error!(folder = %path.display(), %error, "the operations cannot be read");
                Live::fed(embedded(""))
            }
        };
        tokio::spawn(tell_idle(live.clone(), stop.clone()));
        let (following, stop) = (live.clone(), stop.clone());
        tokio::spawn(async move {
            following.follow(folder, API.to_owned(), stop).await;
        });
        return live;
    }
    Live::fixed(embedded(""))
}

/// What the binary carries for one door; for all of them, when `door` is empty.
pub fn embedded(door: &str) -> Catalogue {
    let catalogue = Catalogue::load(&files(door), API);
    tell_problems(&catalogue);
    catalogue
}

fn tell_problems(catalogue: &Catalogue) {
    for problem in &catalogue.problems {
        tracing::error!(%problem, "an operation file was left out");
    }
}

/// Says which files in `mcp/` are nothing there, each once: other servers take such files for tools,
/// and whoever brings one along would look for it in vain.
async fn tell_idle(live: Live, stop: CancellationToken) {
    let mut changes = live.changes();
    let mut told = BTreeSet::new();
    loop {
        let now = Arc::clone(&changes.borrow_and_update());
        let idle = now.idle("mcp");
        let places: BTreeSet<_> = idle
            .map(|one| format!("{}:{}", one.file, one.line))
            .collect();
        for place in places.difference(&told) {
            tracing::warn!(
                %place,
                "this operation is no tool, resource, prompt or completion: it has no directive such as @mcpTool"
            );
        }
        told = places;
        let changed = stop.run_until_cancelled(changes.changed()).await;
        if changed.is_none_or(|changed| changed.is_err()) {
            return;
        }
    }
}

fn files(door: &str) -> Vec<(String, String)> {
    Embedded::iter()
        .filter(|path| path.ends_with(".graphql"))
        .filter(|path| door.is_empty() || path.split('/').next() == Some(door))
        .filter_map(|path| {
            let text = String::from_utf8(Embedded::get(&path)?.data.into_owned()).ok()?;
            Some((path.into_owned(), text))
        })
        .collect()
}
