//! What all kinds of content share in the graph.

use super::{
    Refused,
    asset::graphql::{AssetMutation, AssetQuery},
    flag::graphql::{FlagMutation, FlagQuery},
    preference::graphql::{PreferenceMutation, PreferenceQuery},
    text::graphql::{TextMutation, TextQuery},
    theme::graphql::{ThemeMutation, ThemeQuery},
    ui::graphql::{UiMutation, UiQuery},
    view::graphql::{ViewMutation, ViewQuery},
    wrong::outcome,
};
use async_graphql::{MergedObject, Result, SimpleObject};
use djinn_subgraph_kit::graph::Problem;

/// Reading content.
#[derive(MergedObject, Default)]
pub struct ContentQuery(
    FlagQuery,
    UiQuery,
    ThemeQuery,
    TextQuery,
    AssetQuery,
    PreferenceQuery,
    ViewQuery,
);

/// Changing content.
#[derive(MergedObject, Default)]
pub struct ContentMutation(
    FlagMutation,
    UiMutation,
    ThemeMutation,
    TextMutation,
    AssetMutation,
    PreferenceMutation,
    ViewMutation,
);

/// Whether it was done.
#[derive(Debug, SimpleObject)]
pub struct ContentPayload {
    /// Whether it was.
    ok: bool,
    /// Why not.
    problems: Vec<Problem>,
}

impl ContentPayload {
    /// Out of what became of it.
    pub fn of(done: std::result::Result<(), Refused>) -> Result<Self> {
        let (done, problems) = outcome(done)?;
        Ok(Self {
            ok: done.is_some(),
            problems,
        })
    }
}
