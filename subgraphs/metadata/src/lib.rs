//! The metadata subgraph: canonical games, matching, enrichment, ratings.
//!
//! It owns what a game *is*: which copies are of the same game ([`matching`]), what providers know
//! about it ([`provider`], [`enrichment`]) and which rating counts for a family ([`game::rating`]).
//! It does not know who owns what, and holds nothing of a person but which of their copies stand
//! behind a match, and what their household decided about those ([`decision`], [`duplicate`]).

pub mod artwork;
pub mod config;
pub mod content;
pub mod decision;
pub mod duplicate;
pub mod enrichment;
pub mod events;
pub mod game;
pub mod matching;
pub mod provider;
pub mod relation;
mod schema;

pub use config::Config;

use djinn_kernel::event::{CopiesFound, LibraryForgotten, Payload};
use djinn_subgraph_kit::{Local, Parts, Ports};
use enrichment::{service::Enrichment, worker};
use events::Listener;
use matching::service::Matching;
use provider::{igdb::Igdb, rawg::Rawg, steam_store::SteamStore};
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
        let content = content::Content::new(ports.clone());
        let matching = Matching::new(ports.clone(), asks_steam);
        let deciding = decision::service::Decisions::new(ports.clone(), asks_steam);
        let mut workers = vec![if asks_steam {
            let store = SteamStore::new(Arc::clone(&ports.http), config.steam_store);
            worker::asking(
                worker::STEAM_STORE,
                ports.clone(),
                Enrichment::new(ports.clone(), Arc::new(store), matching.clone()),
            )
        } else {
            worker::retiring(ports.clone())
        }];
        let (http, clock) = (Arc::clone(&ports.http), Arc::clone(&ports.clock));
        if let Some(igdb) = Igdb::new(Arc::clone(&http), clock, config.igdb) {
            let enrichment = Enrichment::new(ports.clone(), Arc::new(igdb), matching.clone());
            workers.push(worker::asking(worker::IGDB, ports.clone(), enrichment));
        }
        if let Some(rawg) = Rawg::new(http, config.rawg) {
            let enrichment = Enrichment::new(ports.clone(), Arc::new(rawg), matching.clone());
            workers.push(worker::asking(worker::RAWG, ports.clone(), enrichment));
        }
        let (looks, looking) = enrichment::looks::follow(ports.clone());
        workers.push(looking);
        let subgraph = Local::new(
            NAME,
            schema::build(ports, looks, content),
            move |request, _| decision::put(game::loader::put(request, &db), &deciding),
        );
        Parts {
            sdl: subgraph.sdl(),
            subgraph: Arc::new(subgraph),
            consumer: Some(Arc::new(Listener::new(matching))),
            workers,
        }
    }
}
