//! The ai subgraph: recommendations that explain themselves.
//!
//! - [`taste`]: what this subgraph remembers of other subgraphs' events: the facts of games, and
//!   what each household holds and plays.
//! - [`recommend`]: what to play next and what is alike, worked out from that, with reasons.
//!
//! It owns no game and no playtime: both are projections, and can be thrown away. Nothing here
//! leaves the hub, and nothing is guessed by a model: the same library always gets the same
//! answer.

mod config;
pub mod recommend;
mod schema;
pub mod taste;

pub use config::Config;

use djinn_kernel::event::{
    GameChanged, GameJoined, GamesForgotten, HoldingChanged, LibraryForgotten, Payload,
};
use djinn_subgraph_kit::{Local, Parts, Ports};
use recommend::{graphql::Desk, service::RecommendService};
use std::sync::Arc;
use taste::consumer::TasteConsumer;

/// The name in the supergraph.
pub const NAME: &str = "ai";

/// The kinds of events it listens to.
pub const CONSUMES: &[&str] = &[
    GameChanged::KIND,
    GamesForgotten::KIND,
    GameJoined::KIND,
    HoldingChanged::KIND,
    LibraryForgotten::KIND,
];

/// Makes the subgraph.
#[derive(Debug, Clone, Copy)]
pub struct Ai;

impl Ai {
    /// Puts it together from what the composition root gives.
    pub fn assemble(ports: Ports, config: Config) -> Parts {
        let consumer = TasteConsumer::new(ports.clone());
        let service = RecommendService::new(ports, config);
        let local = Local::new(NAME, schema::build(), move |request, _viewer| {
            request.data(Desk::new(service.clone()))
        });
        let sdl = local.sdl();
        Parts {
            subgraph: Arc::new(local),
            sdl,
            consumer: Some(Arc::new(consumer)),
            workers: Vec::new(),
        }
    }
}
