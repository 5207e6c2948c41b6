//! What can be done with boards.

use super::{Board, MAX_NAME, MAX_UNIT, Operator, Order, store};
use crate::{Config, rating::Child};
use chrono::SubsecRound;
use djinn_kernel::{
    Code, Doing, Fault, Role, Scope,
    ids::{BoardId, GameId, InvalidId},
    page::{Page, Slice},
    text::turns,
    viewer::{Denied, Viewer},
};
use djinn_subgraph_kit::{Ports, graph::Coded};

/// The use cases of boards.
#[derive(Debug, Clone)]
pub struct BoardService {
    ports: Ports,
    config: Config,
}

/// What a new board is to be.
#[derive(Debug, Clone)]
pub struct NewBoard {
    /// Its name.
    pub name: String,
    /// Its game's id, as sent.
    pub game: Option<String>,
    /// Which way it runs.
    pub order: Order,
    /// What a new score does.
    pub operator: Operator,
    /// What the numbers mean.
    pub unit: Option<String>,
}

/// A board was not made.
#[derive(Debug, thiserror::Error)]
pub enum CreateBoardError {
    /// Not signed in, or without the scope.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A child profile asked.
    #[error("a child profile cannot make boards")]
    Child,
    /// The name is empty, too long, or has control characters.
    #[error("a board's name has 1 to {MAX_NAME} characters, none of them a control character")]
    Name,
    /// The unit is too long, or has control characters.
    #[error("a unit has at most {MAX_UNIT} characters, none of them a control character")]
    Unit,
    /// The game's id is no id.
    #[error(transparent)]
    Game(#[from] InvalidId),
    /// The player has made as many as allowed.
    #[error("one player may make at most {0} boards")]
    TooMany(u32),
    /// Ours.
    #[error(transparent)]
    Internal(#[from] Fault),
}

impl Coded for CreateBoardError {
    fn code(&self) -> Code {
        match self {
            Self::Denied(denied) => denied.code(),
            Self::Child => Code::Forbidden,
            Self::Name | Self::Unit => Code::InvalidInput,
            Self::Game(_) => Code::InvalidId,
            Self::TooMany(_) => Code::LimitExceeded,
            Self::Internal(_) => Code::Internal,
        }
    }

    fn field(&self) -> Option<String> {
        let field = match self {
            Self::Name => "input.name",
            Self::Unit => "input.unit",
            Self::Game(_) => "input.gameId",
            _ => return None,
        };
        Some(field.to_owned())
    }
}

/// `text` without the spaces around it, if it has 1 to `most` characters a person can see.
fn tidy(text: &str, most: usize) -> Option<String> {
    let text = text.trim();
    let fits = !text.is_empty()
        && text.chars().count() <= most
        && !text.chars().any(|c| c.is_control() || turns(c));
    fits.then(|| text.to_owned())
}

impl BoardService {
    /// Over these ports.
    pub const fn new(ports: Ports, config: Config) -> Self {
        Self { ports, config }
    }

    /// Makes a board. Any player may, child profiles may not.
    pub async fn create(&self, viewer: &Viewer, new: NewBoard) -> Result<Board, CreateBoardError> {
        let identity = viewer.require(Scope::WritePlay)?;
        if identity.role == Role::Child {
            return Err(CreateBoardError::Child);
        }
        let board = Board {
            id: BoardId(self.ports.ids.new_id()),
            name: tidy(&new.name, MAX_NAME).ok_or(CreateBoardError::Name)?,
            game: new.game.as_deref().map(GameId::parse).transpose()?,
            order: new.order,
            operator: new.operator,
            unit: match new.unit.as_deref().map(str::trim) {
                None | Some("") => None,
                Some(unit) => Some(tidy(unit, MAX_UNIT).ok_or(CreateBoardError::Unit)?),
            },
            // PostgreSQL keeps microseconds; what is answered now must be what is read later.
            created_at: self.ports.clock.now().trunc_subsecs(6),
        };
        let txn = self.ports.db.begin().await.doing("making a board")?;
        if store::made_by(&txn, identity.player).await? >= u64::from(self.config.boards_per_player)
        {
            return Err(CreateBoardError::TooMany(self.config.boards_per_player));
        }
        store::insert(&txn, &board, identity.player).await?;
        txn.commit().await.doing("making a board")?;
        Ok(board)
    }

    /// Boards by id; those that do not exist are left out.
    pub async fn by_id(&self, child: Option<Child>, ids: &[BoardId]) -> Result<Vec<Board>, Fault> {
        store::by_id(self.ports.db.read(), child, ids).await
    }

    /// A page of boards, newest first, and how many there are in all.
    pub async fn page(
        &self,
        child: Option<Child>,
        game: Option<GameId>,
        page: &Page<BoardId>,
    ) -> Result<(Slice<Board>, u64), Fault> {
        let db = self.ports.db.read();
        let slice = store::page(db, child, game, page).await?;
        Ok((slice, store::count(db, child, game).await?))
    }

    /// The newest `first` boards of each of `games`.
    pub async fn of_games(
        &self,
        child: Option<Child>,
        games: &[GameId],
        first: u32,
    ) -> Result<Vec<Board>, Fault> {
        store::of_games(self.ports.db.read(), child, games, first).await
    }
}
