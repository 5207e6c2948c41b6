//! Preferences in the graph.

use super::{Density, Motion, entity::Model, service::Choice, store};
use crate::content::{Catalogue, Content, theme::graphql::Theme, wrong::outcome};
use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use djinn_subgraph_kit::graph::{OrRefuse, Problem, SignedIn, ViewerExt, cost};
use std::sync::Arc;

/// What you prefer. What is null you have not chosen: `uiConfig` says it then.
pub struct Preferences {
    content: Arc<Catalogue>,
    row: Option<Model>,
}

impl Preferences {
    fn chosen<'a>(
        &'a self,
        field: impl FnOnce(&'a Model) -> &'a Option<String>,
    ) -> Option<&'a str> {
        self.row.as_ref().and_then(|row| field(row).as_deref())
    }
}

/// What you prefer. What is null you have not chosen: `uiConfig` says it then.
#[Object(directive = cost::Weight::apply(0))]
impl Preferences {
    /// The theme. Null: `lightTheme` or `darkTheme`, as the device is; also when the theme you had
    /// chosen is gone.
    async fn theme(&self) -> Option<Theme> {
        let id = self.chosen(|row| &row.theme)?;
        self.content.theme(id).cloned().map(Theme)
    }
    /// The language, for instance `de-AT`.
    async fn language(&self) -> Option<&str> {
        self.chosen(|row| &row.language)
    }
    /// How much room there is between things.
    async fn density(&self) -> Option<Density> {
        Density::parse(self.chosen(|row| &row.density)?)
    }
    /// How much moves.
    async fn motion(&self) -> Option<Motion> {
        Motion::parse(self.chosen(|row| &row.motion)?)
    }
    /// The id of the entry of the navigation to begin with.
    async fn start_page(&self) -> Option<&str> {
        let id = self.chosen(|row| &row.start_page)?;
        let places = &self.content.ui.config.navigation;
        places.iter().any(|place| place.id == id).then_some(id)
    }
    /// When you last changed any of it. Null when you never did.
    async fn updated_at(&self) -> Option<DateTime<Utc>> {
        self.row.as_ref().map(|row| row.updated_at)
    }
}

/// What to change about your preferences. What is left out stays as it is, null takes a choice
/// back.
#[derive(Debug, InputObject)]
pub struct PreferencesInput {
    /// The id of a theme.
    pub theme: MaybeUndefined<String>,
    /// One of the `languages` of the `uiConfig`, or a narrower form of one, for instance `de-AT`.
    pub language: MaybeUndefined<String>,
    /// How much room there is between things.
    pub density: MaybeUndefined<Density>,
    /// How much moves.
    pub motion: MaybeUndefined<Motion>,
    /// The id of the entry of the navigation to begin with.
    pub start_page: MaybeUndefined<String>,
}

/// Your preferences as they are now, or why nothing was changed.
#[derive(SimpleObject)]
pub struct PreferencesPayload {
    /// Your preferences, null when there are problems.
    preferences: Option<Preferences>,
    /// Why nothing was changed.
    problems: Vec<Problem>,
}

/// Reading.
#[derive(Debug, Default)]
pub struct PreferenceQuery;

#[Object]
impl PreferenceQuery {
    /// What you prefer. Every profile has preferences of its own.
    #[graphql(directive = SignedIn::apply())]
    async fn my_preferences(&self, ctx: &Context<'_>) -> Result<Option<Preferences>> {
        let player = ctx.signed_in()?.player.0;
        let service = ctx.data_unchecked::<Content>();
        let content = service.catalogue().await.or_refuse()?;
        let row = store::of(service.ports().db.read(), player).await;
        Ok(Some(Preferences {
            content,
            row: row.or_refuse()?,
        }))
    }
}

/// Changing.
#[derive(Debug, Default)]
pub struct PreferenceMutation;

#[Object]
impl PreferenceMutation {
    /// Changes what you prefer.
    #[graphql(directive = SignedIn::apply())]
    async fn update_preferences(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: PreferencesInput,
    ) -> Result<PreferencesPayload> {
        let who = ctx.signed_in()?;
        let service = ctx.data_unchecked::<Content>();
        let choice = Choice {
            theme: input.theme,
            language: input.language,
            density: input.density,
            motion: input.motion,
            start_page: input.start_page,
        };
        let (row, problems) = outcome(service.prefer(who, choice).await)?;
        let preferences = match row {
            Some(row) => Some(Preferences {
                content: service.catalogue().await.or_refuse()?,
                row: Some(row),
            }),
            None => None,
        };
        Ok(PreferencesPayload {
            preferences,
            problems,
        })
    }
}
