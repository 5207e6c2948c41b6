//! Choosing pictures, in the graph.

use super::{
    CHOSEN, Role,
    choose::{Choice, ChooseError, choose},
    graphql::Picture,
    loader::Pictures,
};
use crate::game::{Source, graphql::Game};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, dataloader::DataLoader,
};
use djinn_kernel::{Doing, Scope};
use djinn_subgraph_kit::{
    Ports,
    graph::{Needs, OrRefuse, Problem, ViewerExt, cost, problems},
};
use uuid::Uuid;

/// So many are offered.
const MOST: usize = 20;

/// What a picture is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum PictureRole {
    /// Upright, for a grid.
    Cover,
    /// Wide, for a list.
    Header,
    /// Large, behind a page.
    Hero,
}

impl From<PictureRole> for Role {
    fn from(role: PictureRole) -> Self {
        match role {
            PictureRole::Cover => Self::Cover,
            PictureRole::Header => Self::Header,
            PictureRole::Hero => Self::Hero,
        }
    }
}

/// A picture that can be chosen.
#[derive(SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct PictureChoice {
    /// Its id, for `choosePicture`.
    id: ID,
    /// The picture.
    picture: Picture,
    /// Whether a person chose it. Without such a choice, the first that is there is shown.
    chosen: bool,
}

/// The pictures of a game for a role, each once: what was chosen is not offered beside itself.
pub async fn choices(ctx: &Context<'_>, game: Uuid, role: Role) -> Result<Vec<PictureChoice>> {
    let album = ctx
        .data_unchecked::<DataLoader<Pictures>>()
        .load_one(game)
        .await
        .doing("loading pictures")
        .or_refuse()?
        .unwrap_or_default();
    let person = Source::Person.as_str();
    let chosen = album.all(role).find(|row| row.source == person);
    let shadow = chosen.and_then(|row| row.address.strip_prefix(CHOSEN));
    Ok(album
        .all(role)
        .filter(|row| Some(row.address.as_str()) != shadow)
        .take(MOST)
        .map(|row| PictureChoice {
            id: row.id.into(),
            chosen: row.source == person,
            picture: Picture::of(ctx, row),
        })
        .collect())
}

/// Which picture of a game is to be shown: one of `choice`, `url` and `content`; none of them takes
/// a choice back, and the providers' first is shown again.
#[derive(InputObject)]
pub struct ChoosePictureInput {
    /// The game.
    pub game_id: ID,
    /// What for.
    #[graphql(default_with = "PictureRole::Cover")]
    pub role: PictureRole,
    /// One that is offered, by its id out of `pictureChoices`.
    pub choice: Option<ID>,
    /// One on the public internet: `https://…`, fetched once, at most 5 MiB.
    pub url: Option<String>,
    /// A file as Base64: JPEG, PNG or WebP, at most 5 MiB.
    pub content: Option<String>,
}

/// The game with its picture.
#[derive(SimpleObject)]
pub struct ChoosePicturePayload {
    /// The game as it is now. Null when there are problems.
    game: Option<Game>,
    /// Why nothing was changed.
    problems: Vec<Problem>,
}

/// What can be changed about pictures.
#[derive(Default)]
pub struct PictureMutation;

#[Object]
impl PictureMutation {
    /// Chooses a picture of a game that is in your libraries, for everybody on this hub; its admins
    /// choose for any game. No provider changes it until the choice is taken back.
    #[graphql(directive = Needs::apply(Scope::WriteLibrary))]
    async fn choose_picture(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which game, and which picture.")] input: ChoosePictureInput,
    ) -> Result<ChoosePicturePayload> {
        let ports = ctx.data_unchecked::<Ports>();
        let chosen = match choice(input.choice, input.url, input.content) {
            Ok(choice) => {
                choose(
                    ports,
                    ctx.viewer(),
                    &input.game_id,
                    input.role.into(),
                    choice,
                )
                .await
            }
            Err(error) => Err(error),
        };
        let (game, problems) = problems(chosen.or_problem()?.map(Game::new));
        Ok(ChoosePicturePayload { game, problems })
    }
}

fn choice(
    choice: Option<ID>,
    url: Option<String>,
    content: Option<String>,
) -> Result<Choice, ChooseError> {
    match (choice, url, content) {
        (None, None, None) => Ok(Choice::Back),
        (Some(id), None, None) => Ok(Choice::Offered(id.to_string())),
        (None, Some(url), None) => Ok(Choice::At(url)),
        (None, None, Some(content)) => Ok(Choice::File(content)),
        _ => Err(ChooseError::Either),
    }
}
