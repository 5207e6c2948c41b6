//! The metadata subgraph: canonical games, matching, enrichment, ratings.
//!
//! It owns what a game *is*: which copies are of the same game ([`matching`]), what providers know
//! about it ([`provider`], [`enrichment`]) and which rating counts for a family ([`game::rating`]).
//! It does not know who owns what, and holds nothing of a person but which of their copies stand
//! behind a match.

pub mod config;
pub mod enrichment;
pub mod events;
pub mod game;
pub mod matching;
pub mod provider;
mod schema;

pub use config::Config;

use djinn_kernel::event::{CopiesFound, LibraryForgotten, Payload};
use djinn_subgraph_kit::{Local, Parts, Ports};
use enrichment::{service::Enrichment, worker};
use events::Listener;
use matching::service::Matching;
use provider::steam_store::SteamStore;
use std::sync::Arc;

/// The subgraph's name, in the supergraph and on its events.
pub const NAME: &str = "metadata";

/// The events it listens to.
pub const CONSUMES: &[&str] = &[CopiesFound::KIND, LibraryForgotten::KIND];

/// The metadata subgraph.
#[derive(Debug, Clone, Copy)]
pub struct Metadata;

impl Metadata {
    /// Puts it together.
    pub fn assemble(ports: Ports, config: Config) -> Parts {
        let asks_steam = config.steam_store.enabled;
        let db = ports.db.clone();
        let matching = Matching::new(ports.clone(), asks_steam);
        let worker = if asks_steam {
            let store = SteamStore::new(Arc::clone(&ports.http), config.steam_store);
            worker::asking(
                ports.clone(),
                Enrichment::new(ports.clone(), Arc::new(store), matching.clone()),
            )
        } else {
            worker::retiring(ports)
        };
        let subgraph = Local::new(NAME, schema::build(), move |request, _| {
            game::loader::put(request, &db)
        });
        Parts {
            sdl: subgraph.sdl(),
            subgraph: Arc::new(subgraph),
            consumer: Some(Arc::new(Listener::new(matching))),
            workers: vec![worker],
        }
    }
}
