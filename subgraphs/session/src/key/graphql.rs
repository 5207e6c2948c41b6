//! API keys in the graph.

use super::{
    entity::Model,
    read_scopes,
    service::{KeyError, Keyring},
};
use crate::player::{Player, ScopeWord};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use djinn_kernel::{
    Scope,
    ids::{ApiKeyId, PlayerId},
    page::{Page, encode_cursor},
};
use djinn_subgraph_kit::graph::{Needs, OrRefuse, PageInfo, Problem, ViewerExt, cost, problems};
use uuid::Uuid;

/// A long-lived scoped credential for a machine.
pub struct ApiKey(Model);

/// A long-lived scoped credential for a machine.
#[Object]
impl ApiKey {
    /// Its id.
    async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// What its owner calls it.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The end of the secret, to tell keys apart.
    async fn hint(&self) -> &str {
        &self.0.hint
    }

    /// What it may do.
    async fn scopes(&self) -> Vec<ScopeWord> {
        read_scopes(&self.0.scopes)
            .into_iter()
            .map(Into::into)
            .collect()
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was last used, to the minute. Null when it never was.
    async fn last_used_at(&self) -> Option<DateTime<Utc>> {
        self.0.last_used_at
    }

    /// The child profile it acts as. Null when it acts as you.
    async fn profile(&self, ctx: &Context<'_>) -> Result<Option<Player>> {
        match self.0.profile_id {
            Some(id) => Player::load(ctx, PlayerId(id)).await.map(Some),
            None => Ok(None),
        }
    }
}

/// A page of API keys.
#[derive(SimpleObject)]
pub struct ApiKeyConnection {
    /// The keys, the newest first.
    pub nodes: Vec<ApiKey>,
    /// Where the page ends.
    pub page_info: PageInfo,
    /// How many there are in all.
    pub total_count: i64,
}

/// A new API key.
#[derive(Debug, InputObject)]
pub struct CreateApiKeyInput {
    /// What to call it, 1 to 60 characters.
    pub name: String,
    /// What it may do; nothing you may not do yourself.
    pub scopes: Vec<ScopeWord>,
    /// The child profile it acts as; you when absent.
    pub profile_id: Option<ID>,
}

/// What became of making a key.
#[derive(SimpleObject)]
pub struct ApiKeyPayload {
    /// The key. Null when there are problems.
    pub api_key: Option<ApiKey>,
    /// What to send as `Authorization: Bearer gd_…`. Shown this once; only a hash is kept.
    pub secret: Option<String>,
    /// Why no key was made.
    pub problems: Vec<Problem>,
}

/// What became of revoking a key.
#[derive(Debug, SimpleObject)]
pub struct RevokePayload {
    /// Whether the key is revoked now.
    pub ok: bool,
    /// Why it is not.
    pub problems: Vec<Problem>,
}

/// Reading.
#[derive(Default)]
pub struct KeyQuery;

#[Object]
impl KeyQuery {
    /// The API keys of your household that are not revoked, the newest first.
    #[graphql(directive = Needs::apply(Scope::ManageAccount), directive = cost::Page::apply("nodes"))]
    async fn api_keys(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "The end cursor of the page before.")] after: Option<String>,
    ) -> Result<Option<ApiKeyConnection>> {
        let who = ctx.signed_in()?;
        let page = Page::<Uuid>::parse(first, after.as_deref()).or_refuse()?;
        let (slice, total) = ctx
            .data_unchecked::<Keyring>()
            .list(who, &page)
            .await
            .or_refuse()?;
        let page_info = PageInfo {
            has_next_page: slice.has_next,
            end_cursor: slice.items.last().map(|key| encode_cursor(&key.id)),
        };
        let nodes = slice.items.into_iter().map(ApiKey).collect();
        Ok(Some(ApiKeyConnection {
            nodes,
            page_info,
            total_count: total as i64,
        }))
    }
}

/// Changing.
#[derive(Default)]
pub struct KeyMutation;

#[Object]
impl KeyMutation {
    /// Makes an API key. Its secret is in this answer and nowhere else, ever.
    #[graphql(directive = Needs::apply(Scope::ManageAccount))]
    async fn create_api_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the key is for.")] input: CreateApiKeyInput,
    ) -> Result<ApiKeyPayload> {
        let maker = ctx.signed_in()?;
        let outcome = async {
            let profile = input
                .profile_id
                .as_ref()
                .map(|id| PlayerId::parse(id))
                .transpose()?;
            let scopes = input.scopes.iter().copied().map(Into::into).collect();
            ctx.data_unchecked::<Keyring>()
                .create(maker, &input.name, scopes, profile)
                .await
        };
        let (made, problems) = problems::<(Model, String)>(outcome.await.or_problem()?);
        let (api_key, secret) = made.map(|(key, secret)| (ApiKey(key), secret)).unzip();
        Ok(ApiKeyPayload {
            api_key,
            secret,
            problems,
        })
    }

    /// Revokes an API key of your household, for good.
    #[graphql(directive = Needs::apply(Scope::ManageAccount))]
    async fn revoke_api_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which key.")] id: ID,
    ) -> Result<RevokePayload> {
        let who = ctx.signed_in()?;
        let outcome: Result<(), KeyError> = async {
            let id = ApiKeyId::parse(&id)?;
            ctx.data_unchecked::<Keyring>().revoke(who, id).await
        }
        .await;
        let (revoked, problems) = problems(outcome.or_problem()?);
        Ok(RevokePayload {
            ok: revoked.is_some(),
            problems,
        })
    }
}
