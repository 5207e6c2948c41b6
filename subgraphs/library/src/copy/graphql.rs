//! Copies in the graph.

use super::{Holding, entity::Model};
use crate::{account::graphql::PlatformLibrary, platform::graphql::Platform};
use async_graphql::{Context, ID, Object, Result};
use chrono::{DateTime, Utc};
use djinn_kernel::Code;
use djinn_subgraph_kit::graph::refuse;

/// One game as one library holds it.
#[derive(Debug, Clone)]
pub struct Copy(pub Model);

impl From<Model> for Copy {
    fn from(row: Model) -> Self {
        Self(row)
    }
}

/// One game as one library holds it.
#[Object]
impl Copy {
    /// The copy's id.
    async fn id(&self) -> ID {
        self.0.id.into()
    }
    /// Where it is held.
    async fn platform(&self, ctx: &Context<'_>) -> Platform {
        Platform::of(ctx, &self.0.platform)
    }
    /// The library it is in.
    async fn library(&self, ctx: &Context<'_>) -> Result<PlatformLibrary> {
        // Unlinked in this very moment: its copies are about to go too.
        PlatformLibrary::load(ctx, self.0.library_id)
            .await?
            .ok_or_else(|| refuse(Code::NotFound, "this copy's library has just been unlinked"))
    }
    /// The platform's own id of the game. Null for one entered by hand.
    async fn store_id(&self) -> Option<&str> {
        self.0.store_id.as_deref()
    }
    /// The title as the platform writes it.
    async fn title(&self) -> &str {
        &self.0.title
    }
    /// How it is held.
    async fn holding(&self) -> Holding {
        self.0.holding
    }
    /// Minutes played, as this platform counts.
    async fn playtime_minutes(&self) -> i32 {
        self.0.playtime_minutes
    }
    /// When it was last played. Null when never, or when the platform does not say.
    async fn last_played_at(&self) -> Option<DateTime<Utc>> {
        self.0.last_played_at
    }
    /// When the hub first saw it.
    async fn added_at(&self) -> DateTime<Utc> {
        self.0.added_at
    }
}
