//! Correcting games, in the graph.

use super::{Field, correct::correct, graphql::Game};
use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use djinn_kernel::Scope;
use djinn_subgraph_kit::{
    Ports,
    graph::{Needs, OrRefuse, Problem, ViewerExt, problems},
};

/// A field of a game that a person can correct.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum GameField {
    /// The title.
    Title,
    /// What it is: `GAME`, `DLC`, `DEMO`, `EXTRA` or `TOOL`.
    Kind,
    /// First release: a day like `1998-11-08`, or a year.
    ReleasedOn,
    /// Genres, one a line.
    Genres,
    /// Tags, one a line.
    Tags,
    /// Developers, one a line.
    Developers,
    /// Publishers, one a line.
    Publishers,
    /// The description, in plain text.
    Summary,
    /// The critics' score, 0 to 100.
    CriticScore,
    /// Minutes the main story takes.
    MainStoryMinutes,
    /// The rating that family profiles' ceilings go by: of the North American board (`EC`, `E`,
    /// `E10+`, `T`, `M` or `AO`), or of another with its name before it, like `USK 12`. It counts
    /// before all others, for ceilings of every board. It holds for every family of this hub, so
    /// only its admins may correct it.
    AgeRatings,
}

impl From<GameField> for Field {
    fn from(field: GameField) -> Self {
        match field {
            GameField::Title => Self::Title,
            GameField::Kind => Self::Kind,
            GameField::ReleasedOn => Self::ReleasedOn,
            GameField::Genres => Self::Genres,
            GameField::Tags => Self::Tags,
            GameField::Developers => Self::Developers,
            GameField::Publishers => Self::Publishers,
            GameField::Summary => Self::Summary,
            GameField::CriticScore => Self::CriticScore,
            GameField::MainStoryMinutes => Self::MainStoryMinutes,
            GameField::AgeRatings => Self::AgeRatings,
        }
    }
}

/// What is right about a game.
#[derive(Debug, InputObject)]
pub struct CorrectGameInput {
    /// The game.
    pub id: ID,
    /// Which of its fields.
    pub field: GameField,
    /// What is right, as text. Null takes a correction back: the field then shows what the best
    /// source says.
    pub value: Option<String>,
}

/// The corrected game.
#[derive(SimpleObject)]
pub struct CorrectGamePayload {
    /// The game as it is now. Null when there are problems.
    game: Option<Game>,
    /// Why nothing was changed.
    problems: Vec<Problem>,
}

/// What can be changed about games.
#[derive(Default)]
pub struct GameMutation;

#[Object]
impl GameMutation {
    /// Corrects one field of a game that is in your libraries, for everybody on this hub; its admins
    /// correct any game. No provider changes a corrected
    /// field until the correction is taken back.
    #[graphql(directive = Needs::apply(Scope::WriteLibrary))]
    async fn correct_game(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is right.")] input: CorrectGameInput,
    ) -> Result<CorrectGamePayload> {
        let ports = ctx.data_unchecked::<Ports>();
        let value = input.value.as_deref();
        let corrected = correct(ports, ctx.viewer(), &input.id, input.field.into(), value).await;
        let (game, problems) = problems(corrected.or_problem()?.map(Game::new));
        Ok(CorrectGamePayload { game, problems })
    }
}
