//! The operation files: built into the binary, or followed in a folder while they are written.

use crate::schema::API;
use djinn_operations::{Catalogue, Live, read_folder};
use rust_embed::RustEmbed;
use std::path::Path;
use tokio_util::sync::CancellationToken;

/// `schema/operations`, as it was when the binary was built.
#[derive(RustEmbed)]
#[folder = "../schema/operations"]
struct Embedded;

/// The documents of one door: `mcp` or `q`. With `folder`, that folder is followed
/// instead of what the binary carries.
pub fn of_door(door: &'static str, folder: Option<&Path>, stop: &CancellationToken) -> Live {
    if let Some(folder) = folder.map(|folder| folder.join(door)) {
        match read_folder(&folder) {
            Ok(_) => match Live::of_folder(&folder, API) {
                Ok(live) => {
                    tokio::spawn(follow(live.clone(), folder, stop.clone()));
                    return live;
                }
                Err(error) => {
                    tracing::error!(folder = %folder.display(), %error, "the operations cannot be read");
                }
            },
            Err(error) => {
                tracing::error!(folder = %folder.display(), %error, "the operations cannot be read");
            }
        }
    }
    let catalogue = embedded(door);
    for problem in &catalogue.problems {
        tracing::error!(%problem, "an operation file was left out");
    }
    Live::fixed(catalogue)
}

async fn follow(live: Live, folder: std::path::PathBuf, stop: CancellationToken) {
    live.follow(folder, API.to_owned(), stop).await;
}

/// What the binary carries for `door`.
pub fn embedded(door: &str) -> Catalogue {
    let files: Vec<(String, String)> = Embedded::iter()
        .filter_map(|path| {
            let name = path.strip_prefix(door)?.strip_prefix('/')?.to_owned();
            let text = String::from_utf8(Embedded::get(&path)?.data.into_owned()).ok()?;
            Some((name, text))
        })
        .collect();
    Catalogue::load(&files, API)
}
