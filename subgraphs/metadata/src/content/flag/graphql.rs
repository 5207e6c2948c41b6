//! Feature flags in the graph.

use super::{Flag, service::Draft};
use crate::content::{Content, Wrong, wrong::outcome};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use djinn_kernel::{
    Scope,
    ids::PlayerId,
    page::{Page, Slice, encode_cursor},
};
use djinn_subgraph_kit::graph::{Needs, OrRefuse, PageInfo, Problem, SignedIn, ViewerExt, cost};
use std::{ops::Bound, sync::Arc};
use uuid::Uuid;

/// A switch, as it is for you.
#[derive(Debug, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct FeatureFlag {
    /// Its name for programs.
    key: String,
    /// Whether it is on for you.
    enabled: bool,
}

/// A switch, and for whom it is on.
pub struct FeatureFlagRule(Arc<Flag>);

/// A switch, and for whom it is on.
#[Object]
impl FeatureFlagRule {
    /// Its name for programs.
    async fn key(&self) -> &str {
        &self.0.key
    }
    /// What it switches.
    async fn description(&self) -> &str {
        &self.0.description
    }
    /// Whether it is on for anybody but those with a setting of their own.
    async fn enabled(&self) -> bool {
        self.0.enabled
    }
    /// For how many of a hundred players it is on when it is enabled. Who is among them stays:
    /// it follows from the key and the player's id.
    async fn percentage(&self) -> i32 {
        i32::from(self.0.percentage)
    }
    /// The players with a setting of their own, which counts before everything else.
    #[graphql(directive = cost::Page::apply("nodes"))]
    async fn players(
        &self,
        #[graphql(desc = "How many, 1 to 100; 50 when left out.")] first: Option<i32>,
        #[graphql(desc = "The end cursor of the page before.")] after: Option<String>,
    ) -> Result<FeatureFlagPlayerConnection> {
        let page = Page::<Uuid>::parse(first, after.as_deref()).or_refuse()?;
        let from = page.after.map_or(Bound::Unbounded, Bound::Excluded);
        let rest = self.0.players.range((from, Bound::Unbounded));
        let nodes = rest.take(page.first as usize + 1);
        let nodes = nodes.map(|(player, enabled)| (*player, *enabled)).collect();
        let slice = Slice::cut(nodes, page.first);
        Ok(FeatureFlagPlayerConnection {
            page_info: PageInfo {
                has_next_page: slice.has_next,
                end_cursor: slice.items.last().map(|(player, _)| encode_cursor(player)),
            },
            nodes: slice
                .items
                .into_iter()
                .map(|(player, enabled)| FeatureFlagPlayer {
                    player_id: player.into(),
                    enabled,
                })
                .collect(),
            total_count: self.0.players.len() as i32,
        })
    }
    /// When it was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

/// A switch as it is for one player.
#[derive(Debug, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct FeatureFlagPlayer {
    /// The player's id.
    player_id: ID,
    /// Whether it is on for them.
    enabled: bool,
}

/// A page of players with a setting of their own.
#[derive(Debug, SimpleObject)]
pub struct FeatureFlagPlayerConnection {
    /// The players of this page, by id.
    nodes: Vec<FeatureFlagPlayer>,
    /// Where the page ends.
    page_info: PageInfo,
    /// How many there are on all pages.
    total_count: i32,
}

/// A page of feature flags.
#[derive(SimpleObject)]
pub struct FeatureFlagRuleConnection {
    /// The flags of this page, by key.
    nodes: Vec<FeatureFlagRule>,
    /// Where the page ends.
    page_info: PageInfo,
    /// How many there are on all pages.
    total_count: i32,
}

/// A flag to make or to change. What is left out stays as it is.
#[derive(Debug, InputObject)]
pub struct FeatureFlagInput {
    /// Its name for programs: 1 to 64 small letters, digits, `-`, `_` or `.`. A new one makes a
    /// flag, which is off and for everybody unless something else is said here.
    pub key: String,
    /// What it switches, at most 500 characters.
    pub description: Option<String>,
    /// Whether it is on for anybody but those with a setting of their own.
    pub enabled: Option<bool>,
    /// For how many of a hundred players it is on when it is enabled, 0 to 100.
    pub percentage: Option<i32>,
}

/// A flag of one player.
#[derive(Debug, InputObject)]
pub struct FeatureFlagForPlayerInput {
    /// The flag.
    pub key: String,
    /// The player. An id that is nobody's is taken too: this part of the hub does not know who there
    /// is, and it switches nothing for anybody.
    pub player_id: ID,
    /// Whether it is on for them, whatever holds for others. Null, or left out: as for others.
    pub enabled: Option<bool>,
}

/// The flag as it is now, or why nothing was changed.
#[derive(SimpleObject)]
pub struct FeatureFlagPayload {
    /// The flag, null when there are problems.
    flag: Option<FeatureFlagRule>,
    /// Why nothing was changed.
    problems: Vec<Problem>,
}

/// Reading.
#[derive(Debug, Default)]
pub struct FlagQuery;

#[Object]
impl FlagQuery {
    /// Every switch, as it is for you, by key.
    #[graphql(directive = SignedIn::apply(), directive = cost::Usual::apply(20))]
    async fn feature_flags(&self, ctx: &Context<'_>) -> Result<Option<Vec<FeatureFlag>>> {
        let player = ctx.signed_in()?.player.0;
        let content = ctx.data_unchecked::<Content>().catalogue().await;
        let content = content.or_refuse()?;
        let flags = content.flags.values().map(|flag| FeatureFlag {
            key: flag.key.clone(),
            enabled: flag.is_on(Some(player)),
        });
        Ok(Some(flags.collect()))
    }

    /// Every switch, and for whom it is on, by key.
    #[graphql(directive = Needs::apply(Scope::Admin), directive = cost::Page::apply("nodes"))]
    async fn feature_flag_rules(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 50 when left out.")] first: Option<i32>,
        #[graphql(desc = "The end cursor of the page before.")] after: Option<String>,
    ) -> Result<Option<FeatureFlagRuleConnection>> {
        let page = Page::<String>::parse(first, after.as_deref()).or_refuse()?;
        let content = ctx.data_unchecked::<Content>().catalogue().await;
        let content = content.or_refuse()?;
        let from = page.after.map_or(Bound::Unbounded, Bound::Excluded);
        let rest = content.flags.range((from, Bound::Unbounded));
        let nodes = rest.take(page.first as usize + 1);
        let slice = Slice::cut(
            nodes.map(|(_, flag)| Arc::clone(flag)).collect(),
            page.first,
        );
        Ok(Some(FeatureFlagRuleConnection {
            page_info: PageInfo {
                has_next_page: slice.has_next,
                end_cursor: slice.items.last().map(|flag| encode_cursor(&flag.key)),
            },
            nodes: slice.items.into_iter().map(FeatureFlagRule).collect(),
            total_count: content.flags.len() as i32,
        }))
    }
}

/// Changing.
#[derive(Debug, Default)]
pub struct FlagMutation;

#[Object]
impl FlagMutation {
    /// Makes a feature flag, or changes one.
    #[graphql(directive = Needs::apply(Scope::Admin))]
    async fn save_feature_flag(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The flag.")] input: FeatureFlagInput,
    ) -> Result<FeatureFlagPayload> {
        let draft = Draft {
            key: input.key,
            description: input.description,
            enabled: input.enabled,
            percentage: input.percentage,
        };
        payload(ctx.data_unchecked::<Content>().save_flag(draft).await)
    }

    /// Switches a feature flag on or off for one player.
    #[graphql(directive = Needs::apply(Scope::Admin))]
    async fn set_feature_flag_for_player(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which flag, for whom.")] input: FeatureFlagForPlayerInput,
    ) -> Result<FeatureFlagPayload> {
        let set = async {
            let player = PlayerId::parse(&input.player_id).map_err(|_| Wrong::Player)?;
            let content = ctx.data_unchecked::<Content>();
            content
                .set_flag_for(&input.key, player.0, input.enabled)
                .await
        };
        payload(set.await)
    }

    /// Removes a feature flag. Whoever asks for it finds it off.
    #[graphql(directive = Needs::apply(Scope::Admin))]
    async fn delete_feature_flag(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which flag.")] key: String,
    ) -> Result<super::super::graphql::ContentPayload> {
        let deleted = ctx.data_unchecked::<Content>().delete_flag(&key).await;
        super::super::graphql::ContentPayload::of(deleted)
    }
}

fn payload(
    saved: std::result::Result<Flag, crate::content::Refused>,
) -> Result<FeatureFlagPayload> {
    let (flag, problems) = outcome(saved)?;
    Ok(FeatureFlagPayload {
        flag: flag.map(|flag| FeatureFlagRule(Arc::new(flag))),
        problems,
    })
}
