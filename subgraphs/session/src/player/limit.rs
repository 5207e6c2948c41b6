//! Ceilings in the graph: a board, and the strongest of its levels that is still shown.

use async_graphql::{Enum, InputObject, SimpleObject};
use djinn_kernel as kernel;
use djinn_subgraph_kit::graph::{EsrbRating, UnratedPolicy, cost};

/// A board that rates games.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "kernel::Board")]
pub enum RatingBoard {
    /// North America: `EC`, `E`, `E10+`, `T`, `M`, `AO`.
    Esrb,
    /// Most of Europe: `3`, `7`, `12`, `16`, `18`.
    Pegi,
    /// Germany: `0`, `6`, `12`, `16`, `18`.
    Usk,
    /// Japan: `A`, `B`, `C`, `D`, `Z`.
    Cero,
    /// South Korea: `ALL`, `12`, `15`, `18`.
    Grac,
    /// Brazil: `L`, `10`, `12`, `14`, `16`, `18`.
    ClassInd,
    /// Australia: `G`, `PG`, `M`, `MA 15+`, `R 18+`.
    Acb,
}

/// A board that a child's limit can be set by, and what it can be set to.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct RatingScale {
    /// The board.
    pub board: RatingBoard,
    /// What it calls itself, for instance `ClassInd`.
    pub name: &'static str,
    /// Its levels as it writes them, the mildest first.
    #[graphql(directive = cost::Usual::apply(6))]
    pub levels: Vec<&'static str>,
}

/// A board's level, up to which a child sees games.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct AgeLimit {
    /// The board it goes by. A game that this board has not rated counts by the strictest of what
    /// other boards say.
    pub board: RatingBoard,
    /// The strongest level that is still shown, as the board writes it, for instance `12`.
    pub level: &'static str,
    /// Both, for instance `USK 12`.
    pub label: String,
}

/// A board's level, up to which a child is to see games.
#[derive(Debug, InputObject)]
pub struct AgeLimitInput {
    /// The board to go by.
    pub board: RatingBoard,
    /// One of its levels, as `ratingScales` lists them, for instance `12`.
    pub level: String,
}

/// What a child profile may see.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct FamilyView {
    /// The strongest rating of the ESRB that is still shown. Where `limit` goes by another board,
    /// roughly what that comes to by the ESRB: what is shown is said by `limit`.
    pub ceiling: EsrbRating,
    /// Up to where games are shown.
    pub limit: AgeLimit,
    /// What happens to games that no board has rated.
    pub unrated: UnratedPolicy,
}

impl From<kernel::FamilyView> for FamilyView {
    fn from(view: kernel::FamilyView) -> Self {
        Self {
            ceiling: view.ceiling.esrb().into(),
            limit: view.ceiling.into(),
            unrated: view.unrated.into(),
        }
    }
}

impl From<kernel::Ceiling> for AgeLimit {
    fn from(ceiling: kernel::Ceiling) -> Self {
        Self {
            board: ceiling.board().into(),
            level: ceiling.level().name,
            label: ceiling.to_string(),
        }
    }
}

/// Every board, with its levels.
pub fn scales() -> Vec<RatingScale> {
    let scale = |board: kernel::Board| RatingScale {
        board: board.into(),
        name: board.name(),
        levels: board.levels().iter().map(|level| level.name).collect(),
    };
    kernel::Board::ALL.into_iter().map(scale).collect()
}
