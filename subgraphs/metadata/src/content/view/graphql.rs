//! Views in the graph.

use super::{entity::Model, store};
use crate::content::{Content, wrong::outcome};
use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use djinn_subgraph_kit::graph::{OrRefuse, Problem, SignedIn, ViewerExt, cost};

/// A search of the library that you keep under a name.
#[derive(Debug, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct SavedView {
    /// What you call it.
    name: String,
    /// What it searches for, as the client that kept it wrote it: an object. Leave out what you do
    /// not understand.
    search: serde_json::Value,
    /// When you kept it.
    saved_at: DateTime<Utc>,
}

impl From<Model> for SavedView {
    fn from(row: Model) -> Self {
        Self {
            name: row.name,
            search: row.search,
            saved_at: row.saved_at,
        }
    }
}

/// A view to keep.
#[derive(Debug, InputObject)]
pub struct SaveViewInput {
    /// What to call it, 1 to 60 characters. A view of that name makes way.
    pub name: String,
    /// What it searches for: an object of at most 4,000 bytes.
    pub search: serde_json::Value,
}

/// Your views as they are now, or why nothing was changed.
#[derive(Debug, SimpleObject)]
pub struct ViewsPayload {
    /// Your views, the newest first; null when there are problems.
    #[graphql(directive = cost::Usual::apply(10))]
    views: Option<Vec<SavedView>>,
    /// Why nothing was changed.
    problems: Vec<Problem>,
}

impl ViewsPayload {
    fn of(done: std::result::Result<Vec<Model>, crate::content::Refused>) -> Result<Self> {
        let (views, problems) = outcome(done)?;
        Ok(Self {
            views: views.map(|rows| rows.into_iter().map(SavedView::from).collect()),
            problems,
        })
    }
}

/// Reading.
#[derive(Debug, Default)]
pub struct ViewQuery;

#[Object]
impl ViewQuery {
    /// The searches of the library that you keep, the newest first; at most 30. They follow you
    /// from device to device, and every profile has its own.
    #[graphql(directive = SignedIn::apply(), directive = cost::Usual::apply(10))]
    async fn my_views(&self, ctx: &Context<'_>) -> Result<Option<Vec<SavedView>>> {
        let player = ctx.signed_in()?.player.0;
        let db = ctx.data_unchecked::<Content>().ports().db.read();
        let rows = store::of(db, player).await.or_refuse()?;
        Ok(Some(rows.into_iter().map(SavedView::from).collect()))
    }
}

/// Changing.
#[derive(Debug, Default)]
pub struct ViewMutation;

#[Object]
impl ViewMutation {
    /// Keeps a search of the library under a name.
    #[graphql(directive = SignedIn::apply())]
    async fn save_view(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The view.")] input: SaveViewInput,
    ) -> Result<ViewsPayload> {
        let who = ctx.signed_in()?;
        let service = ctx.data_unchecked::<Content>();
        ViewsPayload::of(service.keep_view(who, &input.name, input.search).await)
    }

    /// Forgets a search that you kept.
    #[graphql(directive = SignedIn::apply())]
    async fn delete_view(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The view's name.")] name: String,
    ) -> Result<ViewsPayload> {
        let who = ctx.signed_in()?;
        let service = ctx.data_unchecked::<Content>();
        ViewsPayload::of(service.forget_view(who, &name).await)
    }
}
