//! The metadata subgraph: canonical games, matching, enrichment, ratings.
//!
//! It owns what a game *is*: which copies are of the same game ([`matching`]), what providers know
//! about it ([`provider`], [`enrichment`]) and which rating counts for a family ([`game::rating`]).
//! It does not know who owns what, and holds nothing of a person but which of their copies stand
//! behind a match, what their household decided about those ([`decision`], [`duplicate`]), and
//! which games are not there for its children ([`hidden`]).

pub mod artwork;
pub mod config;
pub mod content;
pub mod decision;
pub mod duplicate;
pub mod enrichment;
pub mod events;
pub mod game;
pub mod hidden;
pub mod matching;
pub mod provider;
pub mod relation;
mod schema;

pub use config::Config;

use djinn_kernel::event::{CopiesFound, GameHidden, LibraryForgotten, Payload};
use djinn_subgraph_kit::{Local, Parts, Ports};
use enrichment::{
    service::Enrichment,
    standing::{AllKnown, Known},
    worker,
};
use events::Listener;
use matching::service::Matching;
use provider::{
    gog::{self, Gog},
    igdb::{self, Igdb},
    rawg::{self, Rawg},
    steam_store::{self, SteamStore},
};
use std::sync::Arc;

/// The subgraph's name, in the supergraph and on its events.
pub const NAME: &str = "metadata";

/// The events it listens to.
pub const CONSUMES: &[&str] = &[CopiesFound::KIND, LibraryForgotten::KIND, GameHidden::KIND];

const IGDB_SETUP: &str =
    "Set igdb.client_id and igdb.client_secret: both are free, of an app registered at Twitch.";
const GOG_SETUP: &str =
    "Set gog.metadata to true; it needs no key, but GOG offers it to nobody but its own program.";
const RAWG_SETUP: &str = "Set rawg.api_key: it is free for personal use at rawg.io.";

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
        let mut known = Vec::new();
        let mut workers = vec![if asks_steam {
            let store = SteamStore::new(Arc::clone(&ports.http), config.steam_store);
            known.push(Known::asked("Steam store", &store));
            worker::asking(
                worker::STEAM_STORE,
                ports.clone(),
                Enrichment::new(ports.clone(), Arc::new(store), matching.clone()),
            )
        } else {
            let setup = "Set steam.store_pages to true.";
            known.push(Known::unasked(steam_store::NAME, "Steam store", setup));
            worker::retiring(ports.clone())
        }];
        let (http, clock) = (Arc::clone(&ports.http), Arc::clone(&ports.clock));
        if let Some(igdb) = Igdb::new(Arc::clone(&http), clock, config.igdb) {
            known.push(Known::asked("IGDB", &igdb));
            let enrichment = Enrichment::new(ports.clone(), Arc::new(igdb), matching.clone());
            workers.push(worker::asking(worker::IGDB, ports.clone(), enrichment));
        } else {
            known.push(Known::unasked(igdb::NAME, "IGDB", IGDB_SETUP));
        }
        if let Some(gog) = Gog::new(Arc::clone(&http), config.gog) {
            known.push(Known::asked("GOG", &gog));
            let enrichment = Enrichment::new(ports.clone(), Arc::new(gog), matching.clone());
            workers.push(worker::asking(worker::GOG, ports.clone(), enrichment));
        } else {
            known.push(Known::unasked(gog::NAME, "GOG", GOG_SETUP));
        }
        if let Some(rawg) = Rawg::new(http, config.rawg) {
            known.push(Known::asked("RAWG", &rawg));
            let enrichment = Enrichment::new(ports.clone(), Arc::new(rawg), matching.clone());
            workers.push(worker::asking(worker::RAWG, ports.clone(), enrichment));
        } else {
            known.push(Known::unasked(rawg::NAME, "RAWG", RAWG_SETUP));
        }
        let (looks, looking) = enrichment::looks::follow(ports.clone());
        workers.push(looking);
        workers.push(game::rerate::rerating(ports.clone()));
        workers.push(decision::catchup::catching_up(ports.clone()));
        let listener = Listener::new(ports.clone(), matching);
        let subgraph = Local::new(
            NAME,
            schema::build(ports, looks, content, AllKnown(known)),
            move |request, viewer| {
                decision::put(game::loader::put(request, &db, viewer), &deciding)
            },
        );
        Parts {
            sdl: subgraph.sdl(),
            subgraph: Arc::new(subgraph),
            consumer: Some(Arc::new(listener)),
            workers,
        }
    }
}
