//! Pictures in the graph.

use super::{Role, WIDTHS, entity::Model, loader::Pictures, token::Addresses};
use async_graphql::{Context, Object, Result, dataloader::DataLoader};
use djinn_kernel::Doing;
use djinn_subgraph_kit::graph::{OrRefuse, cost};
use uuid::Uuid;

/// A picture, on this hub.
pub struct Picture {
    row: Model,
    token: String,
}

/// A picture of a game, kept and made small by this hub: nothing is loaded from elsewhere. Its
/// addresses need no credentials, never change, and cannot be guessed.
#[Object(directive = cost::Weight::apply(0))]
impl Picture {
    /// Where it is: a JPEG at most so many pixels wide, below this hub's own address. The width is
    /// rounded up to one of 160, 240, 320, 480, 640, 960, 1280 and 1920; a picture is never made
    /// larger than it is.
    async fn url(
        &self,
        #[graphql(desc = "How wide, in pixels.", default = 480)] width: i32,
    ) -> String {
        self.at(u32::try_from(width).unwrap_or(0))
    }
    /// The same, small: for a strip of several.
    async fn thumbnail_url(&self) -> String {
        self.at(320)
    }
    /// A ThumbHash in base64: some thirty letters to draw in its place until it is there. Null until
    /// somebody has seen it.
    async fn placeholder(&self) -> Option<&str> {
        self.row.placeholder.as_deref()
    }
    /// Its own width in pixels. Null until somebody has seen it.
    async fn width(&self) -> Option<i32> {
        self.row.width
    }
    /// Its own height in pixels. Null until somebody has seen it.
    async fn height(&self) -> Option<i32> {
        self.row.height
    }
    /// Who has it, for instance `steam-store` or `igdb`.
    async fn source(&self) -> &str {
        &self.row.source
    }
}

impl Picture {
    /// A picture with its address.
    pub fn of(ctx: &Context<'_>, row: &Model) -> Self {
        Self {
            token: ctx.data_unchecked::<Addresses>().token(row.id),
            row: row.clone(),
        }
    }

    /// The address of the smallest of our widths that is wide enough.
    pub fn at(&self, width: u32) -> String {
        let largest = WIDTHS[WIDTHS.len() - 1];
        let width = WIDTHS
            .into_iter()
            .find(|ours| *ours >= width)
            .unwrap_or(largest);
        format!("/art/{}?w={width}", self.token)
    }
}

/// The first picture of a game for one of these roles, the better role first.
pub async fn first(ctx: &Context<'_>, game: Uuid, roles: &[Role]) -> Result<Option<Picture>> {
    let album = ctx
        .data_unchecked::<DataLoader<Pictures>>()
        .load_one(game)
        .await
        .doing("loading pictures")
        .or_refuse()?
        .unwrap_or_default();
    let row = roles.iter().find_map(|role| album.first(*role));
    Ok(row.map(|row| Picture::of(ctx, row)))
}

/// The pictures of a game for a role.
pub async fn all(ctx: &Context<'_>, game: Uuid, role: Role) -> Result<Vec<Picture>> {
    let album = ctx
        .data_unchecked::<DataLoader<Pictures>>()
        .load_one(game)
        .await
        .doing("loading pictures")
        .or_refuse()?
        .unwrap_or_default();
    Ok(album.all(role).map(|row| Picture::of(ctx, row)).collect())
}
