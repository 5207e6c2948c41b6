//! The leaderboard subgraph: boards, scores, exact ranks.
//!
//! - [`board`]: a list of the best, with a direction and a rule for what a new score does.
//! - [`score`]: submissions that count once, and ranks that are always exact.
//!
//! - [`rating`]: how games are rated, and what households have hidden: a board of a game that a child
//!   profile may not know of is not there for it.
//!
//! It knows players only by their id, and games by their id and rating.

pub mod board;
mod config;
mod loader;
pub mod part;
pub mod rating;
mod schema;
pub mod score;

pub use config::Config;

use board::service::BoardService;
use djinn_kernel::event::{GameChanged, GameHidden, GameJoined, Payload};
use djinn_subgraph_kit::{Local, Parts, Ports};
use score::{
    ranks::{Ranks, SqlRanks},
    service::ScoreService,
};
use std::sync::Arc;

/// The name in the supergraph.
pub const NAME: &str = "leaderboard";

/// The events it listens to.
pub const CONSUMES: &[&str] = &[GameChanged::KIND, GameHidden::KIND, GameJoined::KIND];

/// Makes the subgraph.
#[derive(Debug, Clone, Copy)]
pub struct Leaderboard;

impl Leaderboard {
    /// Puts it together from what the composition root gives.
    pub fn assemble(ports: Ports, config: Config) -> Parts {
        let ranks: Arc<dyn Ranks> = Arc::new(SqlRanks::new(ports.db.clone()));
        let boards = BoardService::new(ports.clone(), config);
        let ratings = rating::Ratings::new(ports.clone());
        let scores = ScoreService::new(ports, boards.clone(), Arc::clone(&ranks));
        let schema = schema::build(boards.clone(), scores);
        let local = Local::new(NAME, schema, move |request, viewer| {
            let (boards, ranks) = (boards.clone(), Arc::clone(&ranks));
            request.data(loader::loader(boards, ranks, rating::child(viewer)))
        });
        let sdl = local.sdl();
        Parts {
            subgraph: Arc::new(local),
            sdl,
            consumer: Some(Arc::new(ratings)),
            workers: Vec::new(),
        }
    }
}
