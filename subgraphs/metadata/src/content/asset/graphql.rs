//! Pictures in the graph.

use super::{Asset, service::Draft};
use crate::content::{Content, graphql::ContentPayload, wrong::outcome};
use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use djinn_kernel::{
    Scope,
    page::{Page, Slice, encode_cursor},
};
use djinn_subgraph_kit::graph::{Needs, OrRefuse, PageInfo, Problem, SignedIn, cost};
use std::{ops::Bound, sync::Arc};

/// A picture of the interface.
#[derive(Debug, Clone)]
pub struct MediaAsset(pub Arc<Asset>);

/// A picture of the interface.
#[Object(directive = cost::Weight::apply(0))]
impl MediaAsset {
    /// Its name for programs.
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// Where it is: `https://…`, a path of this hub, or the picture itself as `data:…`.
    async fn url(&self) -> &str {
        &self.0.url
    }
    /// Its media type, for instance `image/png`. Null when it is kept elsewhere.
    async fn media_type(&self) -> Option<&str> {
        self.0.media_type.as_deref()
    }
    /// Its width in pixels. Null when it is kept elsewhere.
    async fn width(&self) -> Option<i32> {
        self.0.size.map(|(width, _)| width)
    }
    /// Its height in pixels. Null when it is kept elsewhere.
    async fn height(&self) -> Option<i32> {
        self.0.size.map(|(_, height)| height)
    }
    /// What to say to somebody who does not see it. Empty when it only decorates.
    async fn alt(&self) -> &str {
        &self.0.alt
    }
    /// Under which licence it may be shown, for instance `CC-BY-4.0` or `own work`.
    async fn licence(&self) -> &str {
        &self.0.licence
    }
    /// Who made it, as the licence asks to be told.
    async fn attribution(&self) -> Option<&str> {
        self.0.attribution.as_deref()
    }
    /// When it was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

/// A page of pictures.
#[derive(Debug, SimpleObject)]
pub struct MediaAssetConnection {
    /// The pictures of this page, by name.
    nodes: Vec<MediaAsset>,
    /// Where the page ends.
    page_info: PageInfo,
    /// How many there are on all pages.
    total_count: i32,
}

/// A picture to make known or to change. What is left out stays as it is.
#[derive(Debug, InputObject)]
pub struct MediaAssetInput {
    /// Its name for programs: 1 to 64 small letters, digits, `-`, `_` or `.`.
    pub name: String,
    /// Where it is: `https://…` or a path of this hub. The hub's own web app shows pictures of
    /// this hub only.
    pub url: Option<String>,
    /// Or the file itself, as Base64: PNG, JPEG, WebP or GIF of at most 32 KiB.
    pub content: Option<String>,
    /// What to say to somebody who does not see it, at most 300 characters; a new picture needs
    /// one. Empty says that it only decorates.
    pub alt: Option<String>,
    /// Under which licence it may be shown, at most 100 characters; a new picture needs one.
    pub licence: Option<String>,
    /// Who made it, at most 300 characters; empty removes it.
    pub attribution: Option<String>,
}

/// The picture as it is now, or why nothing was changed.
#[derive(Debug, SimpleObject)]
pub struct MediaAssetPayload {
    /// The picture, null when there are problems.
    asset: Option<MediaAsset>,
    /// Why nothing was changed.
    problems: Vec<Problem>,
}

/// Reading.
#[derive(Debug, Default)]
pub struct AssetQuery;

#[Object]
impl AssetQuery {
    /// The pictures of the interface, by name.
    #[graphql(directive = SignedIn::apply(), directive = cost::Page::apply("nodes"))]
    async fn media_assets(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 50 when left out.")] first: Option<i32>,
        #[graphql(desc = "The end cursor of the page before.")] after: Option<String>,
    ) -> Result<Option<MediaAssetConnection>> {
        let page = Page::<String>::parse(first, after.as_deref()).or_refuse()?;
        let content = ctx.data_unchecked::<Content>().catalogue().await;
        let content = content.or_refuse()?;
        let from = page.after.map_or(Bound::Unbounded, Bound::Excluded);
        let rest = content.assets.range((from, Bound::Unbounded));
        let rest = rest.take(page.first as usize + 1);
        let slice = Slice::cut(
            rest.map(|(_, asset)| Arc::clone(asset)).collect(),
            page.first,
        );
        Ok(Some(MediaAssetConnection {
            page_info: PageInfo {
                has_next_page: slice.has_next,
                end_cursor: slice.items.last().map(|asset| encode_cursor(&asset.name)),
            },
            nodes: slice.items.into_iter().map(MediaAsset).collect(),
            total_count: content.assets.len() as i32,
        }))
    }
}

/// Changing.
#[derive(Debug, Default)]
pub struct AssetMutation;

#[Object]
impl AssetMutation {
    /// Makes a picture known to the interface, or changes one.
    #[graphql(directive = Needs::apply(Scope::Admin))]
    async fn save_media_asset(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The picture.")] input: MediaAssetInput,
    ) -> Result<MediaAssetPayload> {
        let draft = Draft {
            name: input.name,
            url: input.url,
            content: input.content,
            alt: input.alt,
            licence: input.licence,
            attribution: input.attribution,
        };
        let saved = ctx.data_unchecked::<Content>().save_asset(draft).await;
        let (asset, problems) = outcome(saved)?;
        Ok(MediaAssetPayload {
            asset: asset.map(MediaAsset),
            problems,
        })
    }

    /// Removes a picture that nothing names any more.
    #[graphql(directive = Needs::apply(Scope::Admin))]
    async fn delete_media_asset(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which picture, by its name.")] name: String,
    ) -> Result<ContentPayload> {
        ContentPayload::of(ctx.data_unchecked::<Content>().delete_asset(&name).await)
    }
}
