//! What the interface is made of, in the graph.

use super::{
    Version,
    config::UiConfig as Config,
    config::{UiPage, UiPlace},
    store,
};
use crate::content::{
    Catalogue, Content,
    asset::graphql::MediaAsset,
    preference::{Density, Motion},
    theme::graphql::Theme,
    wrong::outcome,
};
use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use djinn_kernel::{
    Scope,
    page::{Page, Slice, encode_cursor},
};
use djinn_subgraph_kit::graph::{Anyone, Needs, OrRefuse, PageInfo, Problem, ViewerExt, cost};
use std::sync::Arc;
use uuid::Uuid;

/// For whom an interface is shown.
#[derive(Debug, Clone, Copy)]
enum Sight {
    /// For its maker: all of it.
    Whole,
    /// For this player, or for somebody who has not signed in: what their flags let them see.
    Of(Option<Uuid>),
}

/// What the interface is made of.
pub struct UiConfig {
    content: Arc<Catalogue>,
    version: Version,
    sight: Sight,
}

impl UiConfig {
    fn sees(&self, flag: Option<&str>) -> bool {
        match (self.sight, flag) {
            (Sight::Whole, _) | (_, None) => true,
            (Sight::Of(player), Some(flag)) => {
                let flag = self.content.flags.get(flag);
                flag.is_some_and(|flag| flag.is_on(player))
            }
        }
    }

    fn theme(&self, id: &str) -> Option<Theme> {
        self.content.theme(id).cloned().map(Theme)
    }
}

/// What the interface is made of.
#[Object(directive = cost::Weight::apply(0))]
impl UiConfig {
    /// Which version this is; 0 is the one that comes with the hub.
    async fn version(&self) -> i32 {
        self.version.version
    }
    /// Grows with every change of content.
    async fn rev(&self) -> i32 {
        self.content.rev as i32
    }
    /// When it was saved. Null for the one that comes with the hub.
    async fn saved_at(&self) -> Option<DateTime<Utc>> {
        self.version.saved_at
    }
    /// The name of the hub.
    async fn name(&self) -> &str {
        &self.version.config.name
    }
    /// Its logo. Null: the web app's own.
    async fn logo(&self) -> Option<MediaAsset> {
        let logo = self.version.config.logo.as_ref()?;
        self.content.assets.get(logo).cloned().map(MediaAsset)
    }
    /// The theme for bright devices.
    async fn light_theme(&self) -> Option<Theme> {
        self.theme(&self.version.config.light_theme)
    }
    /// The theme for dark devices.
    async fn dark_theme(&self) -> Option<Theme> {
        self.theme(&self.version.config.dark_theme)
    }
    /// The language of who has chosen none.
    async fn language(&self) -> &str {
        &self.version.config.language
    }
    /// The languages to choose from.
    #[graphql(directive = cost::Usual::apply(5))]
    async fn languages(&self) -> &[String] {
        &self.version.config.languages
    }
    /// How much room there is between things, for who has chosen nothing.
    async fn density(&self) -> Density {
        self.version.config.density
    }
    /// How much moves, for who has chosen nothing.
    async fn motion(&self) -> Motion {
        self.version.config.motion
    }
    /// The id of the entry of the navigation to begin with. It may be one that you do not see;
    /// begin with the first then.
    async fn start_page(&self) -> &str {
        &self.version.config.start_page
    }
    /// The navigation, in order: the entries whose feature flag is on for you.
    #[graphql(directive = cost::Usual::apply(10))]
    async fn navigation(&self) -> Vec<UiPlace> {
        let places = self.version.config.navigation.iter();
        places
            .filter(|place| self.sees(place.flag.as_deref()))
            .cloned()
            .collect()
    }
    /// Pages made of blocks, with the blocks whose feature flag is on for you.
    #[graphql(directive = cost::Usual::apply(5))]
    async fn pages(&self) -> Vec<UiPage> {
        let mut pages = self.version.config.pages.clone();
        for page in &mut pages {
            page.blocks.retain(|block| self.sees(block.flag.as_deref()));
        }
        pages
    }
}

/// A page of versions of the interface.
#[derive(SimpleObject)]
pub struct UiConfigConnection {
    /// The versions of this page, the newest first, each whole.
    nodes: Vec<UiConfig>,
    /// Where the page ends.
    page_info: PageInfo,
    /// How many there are on all pages; at most 100 are kept.
    total_count: i32,
}

/// An interface to save.
#[derive(Debug, InputObject)]
pub struct SaveUiConfigInput {
    /// What it is made of, all of it.
    pub config: Config,
    /// The version it is based on. When that is not the newest any more, nothing is saved. Left
    /// out: saved in any case.
    pub based_on: Option<i32>,
}

/// The interface as it is now, or why nothing was changed.
#[derive(SimpleObject)]
pub struct UiConfigPayload {
    /// What it is made of, null when there are problems.
    config: Option<UiConfig>,
    /// Why nothing was changed: all that is wrong, each with its place.
    problems: Vec<Problem>,
}

/// Reading.
#[derive(Debug, Default)]
pub struct UiQuery;

#[Object]
impl UiQuery {
    /// What the interface is made of, as it is for you.
    #[graphql(directive = Anyone::apply())]
    async fn ui_config(&self, ctx: &Context<'_>) -> Result<Option<UiConfig>> {
        let content = ctx.data_unchecked::<Content>().catalogue().await;
        let content = content.or_refuse()?;
        let player = ctx.viewer().identity().map(|identity| identity.player.0);
        Ok(Some(UiConfig {
            version: content.ui.clone(),
            content,
            sight: Sight::Of(player),
        }))
    }

    /// The versions of the interface that were saved, the newest first. Saving an old one again
    /// brings it back.
    #[graphql(directive = Needs::apply(Scope::Admin), directive = cost::Page::apply("nodes"))]
    async fn ui_config_versions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 50 when left out.")] first: Option<i32>,
        #[graphql(desc = "The end cursor of the page before.")] after: Option<String>,
    ) -> Result<Option<UiConfigConnection>> {
        let page = Page::<i32>::parse(first, after.as_deref()).or_refuse()?;
        let service = ctx.data_unchecked::<Content>();
        let content = service.catalogue().await.or_refuse()?;
        let found = store::page(service.ports().db.read(), page.after, page.first).await;
        let (versions, total) = found.or_refuse()?;
        let slice = Slice::cut(versions, page.first);
        Ok(Some(UiConfigConnection {
            page_info: PageInfo {
                has_next_page: slice.has_next,
                end_cursor: slice.items.last().map(|row| encode_cursor(&row.version)),
            },
            nodes: slice
                .items
                .into_iter()
                .map(|version| UiConfig {
                    content: Arc::clone(&content),
                    version,
                    sight: Sight::Whole,
                })
                .collect(),
            total_count: total as i32,
        }))
    }
}

/// Changing.
#[derive(Debug, Default)]
pub struct UiMutation;

#[Object]
impl UiMutation {
    /// Saves a new version of what the interface is made of, if all it names is there.
    #[graphql(directive = Needs::apply(Scope::Admin))]
    async fn save_ui_config(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The interface.")] input: SaveUiConfigInput,
    ) -> Result<UiConfigPayload> {
        let service = ctx.data_unchecked::<Content>();
        let saved = service.save_ui(input.config, input.based_on).await;
        let (version, problems) = outcome(saved)?;
        let config = match version {
            Some(version) => Some(UiConfig {
                content: service.catalogue().await.or_refuse()?,
                version,
                sight: Sight::Whole,
            }),
            None => None,
        };
        Ok(UiConfigPayload { config, problems })
    }
}
