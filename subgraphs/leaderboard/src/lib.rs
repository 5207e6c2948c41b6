//! The leaderboard subgraph: boards, scores, exact ranks.
//!
//! - [`board`]: a list of the best, with a direction and a rule for what a new score does.
//! - [`score`]: submissions that count once, and ranks that are always exact.
//!
//! It knows players and games only by their id. The family ceiling does not apply here: a board
//! shows names and numbers, and the game behind it is shown, or not, by metadata.

pub mod board;
mod config;
mod loader;
mod schema;
pub mod score;

pub use config::Config;

use board::service::BoardService;
use djinn_subgraph_kit::{Local, Parts, Ports};
use score::{
    ranks::{Ranks, SqlRanks},
    service::ScoreService,
};
use std::sync::Arc;

/// The name in the supergraph.
pub const NAME: &str = "leaderboard";

/// Makes the subgraph.
#[derive(Debug, Clone, Copy)]
pub struct Leaderboard;

impl Leaderboard {
    /// Puts it together from what the composition root gives. It listens to no events.
    pub fn assemble(ports: Ports, config: Config) -> Parts {
        let ranks: Arc<dyn Ranks> = Arc::new(SqlRanks::new(ports.db.clone()));
        let boards = BoardService::new(ports.clone(), config);
        let scores = ScoreService::new(ports, boards.clone(), Arc::clone(&ranks));
        let schema = schema::build(boards.clone(), scores);
        let local = Local::new(NAME, schema, move |request, _viewer| {
            request.data(loader::loader(boards.clone(), Arc::clone(&ranks)))
        });
        let sdl = local.sdl();
        Parts {
            subgraph: Arc::new(local),
            sdl,
            consumer: None,
            workers: Vec::new(),
        }
    }
}
