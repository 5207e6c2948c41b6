//! Achievements in the graph.

use super::{
    loader::{PageOf, Pages, Sums},
    store::Shown,
};
use crate::{copy::digest, platform::graphql::Platform};
use async_graphql::{Context, ID, Object, Result, SimpleObject, dataloader::DataLoader};
use chrono::{DateTime, Utc};
use djinn_kernel::{
    Doing,
    page::{Page, Slice, encode_cursor},
};
use djinn_subgraph_kit::graph::{OrRefuse, PageInfo};
use uuid::Uuid;

/// What a secret achievement is called until it is unlocked.
const SECRET: &str = "Secret achievement";

/// One achievement of a game, as one of your copies has it.
#[derive(Debug, Clone)]
pub struct Achievement(Shown);

impl Achievement {
    fn is_secret(&self) -> bool {
        self.0.0.hidden && !self.0.0.unlocked
    }
}

/// One achievement of a game, as one of your copies has it.
#[Object]
impl Achievement {
    /// Its id. The same achievement on two platforms has two.
    async fn id(&self) -> ID {
        // Platforms' own ids tell what is secret.
        digest(&format!("{}:{}", self.0.0.copy_id, self.0.0.key)).into()
    }
    /// Its name; "Secret achievement" for one that is hidden until it is unlocked.
    async fn name(&self) -> &str {
        if self.is_secret() {
            SECRET
        } else {
            &self.0.0.name
        }
    }
    /// What is to be done. Null when the platform does not say, and for one that is hidden until it
    /// is unlocked.
    async fn description(&self) -> Option<&str> {
        self.0
            .0
            .description
            .as_deref()
            .filter(|_| !self.is_secret())
    }
    /// Whether it is secret until it is unlocked.
    async fn hidden(&self) -> bool {
        self.0.0.hidden
    }
    /// Whether it is unlocked.
    async fn unlocked(&self) -> bool {
        self.0.0.unlocked
    }
    /// When it was unlocked. Null while it is not, and when the platform does not say.
    async fn unlocked_at(&self) -> Option<DateTime<Utc>> {
        self.0.0.unlocked_at
    }
    /// Of how many players in a hundred it is unlocked. Null when the platform does not say.
    async fn rarity_percent(&self) -> Option<f64> {
        self.0.0.rarity_percent
    }
    /// What it counts on its platform, for instance gamerscore. Null where nothing is counted.
    async fn points(&self) -> Option<i32> {
        self.0.0.points
    }
    /// The platform of the copy.
    async fn platform(&self, ctx: &Context<'_>) -> Platform {
        Platform::of(ctx, &self.0.1)
    }
}

/// A page of a game's achievements.
#[derive(Debug, SimpleObject)]
pub struct AchievementConnection {
    /// The achievements of this page: by copy, the oldest copy first. What is unlocked comes before
    /// what is not, the newest first; secret ones come last.
    nodes: Vec<Achievement>,
    /// Where the page ends.
    page_info: PageInfo,
    /// How many are unlocked, over all copies.
    unlocked: i32,
    /// How many there are, over all copies. 0 also while they have not been fetched yet.
    total: i32,
}

/// The achievements of a game whose holding the viewer may see; none where they may not.
pub async fn of_game(
    ctx: &Context<'_>,
    game: Option<Uuid>,
    first: Option<i32>,
    after: Option<String>,
) -> Result<AchievementConnection> {
    let page = Page::<(Uuid, i32)>::parse(first, after.as_deref()).or_refuse()?;
    let (mut rows, mut sum) = (Vec::new(), (0, 0));
    if let Some(game) = game {
        let key = PageOf {
            game,
            after: page.after,
            first: page.first,
        };
        let (pages, sums) = (
            ctx.data::<DataLoader<Pages>>()?,
            ctx.data::<DataLoader<Sums>>()?,
        );
        // Both at once: a loader waits a moment for others of its kind.
        let (loaded, counted) = futures_util::join!(pages.load_one(key), sums.load_one(game));
        rows = loaded
            .doing("loading achievements")
            .or_refuse()?
            .unwrap_or_default();
        sum = counted
            .doing("counting achievements")
            .or_refuse()?
            .unwrap_or_default();
    }
    let slice = Slice::cut(rows, page.first);
    let last = slice.items.last();
    Ok(AchievementConnection {
        page_info: PageInfo {
            has_next_page: slice.has_next,
            end_cursor: last.map(|(row, _)| encode_cursor(&(row.copy_id, row.position))),
        },
        nodes: slice.items.into_iter().map(Achievement).collect(),
        unlocked: i32::try_from(sum.1).unwrap_or(i32::MAX),
        total: i32::try_from(sum.0).unwrap_or(i32::MAX),
    })
}
