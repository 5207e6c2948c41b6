//! Invites in the graph.

use super::{
    entity::Model,
    service::{Acceptance, InviteError, Invites},
};
use crate::login::LoginPayload;
use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use djinn_kernel::{
    Role, Scope,
    ids::InviteId,
    page::{Page, encode_cursor},
};
use djinn_subgraph_kit::graph::{
    Anyone, Needs, OrRefuse, PageInfo, Problem, ViewerExt, cost, problems,
};
use uuid::Uuid;

/// What somebody who is invited may become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum InviteRole {
    /// A person with a library of their own.
    Player,
    /// Keeps rooms and boards fair as well.
    Moderator,
}

/// A code that makes one account.
pub struct Invite(Model);

/// A code that makes one account.
#[Object]
impl Invite {
    /// Its id.
    async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// What the account may do at most.
    async fn role(&self) -> InviteRole {
        match self.0.role.as_str() {
            "moderator" => InviteRole::Moderator,
            _ => InviteRole::Player,
        }
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When the code stops working: seven days after it was made.
    async fn expires_at(&self) -> DateTime<Utc> {
        self.0.expires_at
    }
}

/// A page of invites.
#[derive(SimpleObject)]
pub struct InviteConnection {
    /// The invites, the newest first.
    pub nodes: Vec<Invite>,
    /// Where the page ends.
    pub page_info: PageInfo,
    /// How many there are in all.
    pub total_count: i64,
}

/// What became of a new invite.
#[derive(SimpleObject)]
pub struct InvitePayload {
    /// The invite. Null when there are problems.
    pub invite: Option<Invite>,
    /// What to hand over; `acceptInvite` takes it. Shown this once; only a hash is kept.
    pub code: Option<String>,
    /// Why there is no invite.
    pub problems: Vec<Problem>,
}

/// What became of taking an invite back.
#[derive(Debug, SimpleObject)]
pub struct RevokeInvitePayload {
    /// Whether the code is worthless now.
    pub ok: bool,
    /// Why it is not.
    pub problems: Vec<Problem>,
}

/// Makes an account out of an invite.
#[derive(InputObject)]
pub struct AcceptInviteInput {
    /// The code, as it was handed over.
    #[graphql(secret)]
    pub code: String,
    /// The new account's name, 1 to 40 characters.
    pub name: String,
    /// The new account's password, 10 to 256 characters.
    #[graphql(secret)]
    pub password: String,
    /// What to call this device in the list of logins.
    pub device: Option<String>,
}

/// Reading.
#[derive(Default)]
pub struct InviteQuery;

#[Object]
impl InviteQuery {
    /// The invites whose codes still work, the newest first.
    #[graphql(directive = Needs::apply(Scope::Admin), directive = cost::Page::apply("nodes"))]
    async fn invites(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "The end cursor of the page before.")] after: Option<String>,
    ) -> Result<Option<InviteConnection>> {
        let page = Page::<Uuid>::parse(first, after.as_deref()).or_refuse()?;
        let (slice, total) = ctx
            .data_unchecked::<Invites>()
            .list(&page)
            .await
            .or_refuse()?;
        let page_info = PageInfo {
            has_next_page: slice.has_next,
            end_cursor: slice.items.last().map(|invite| encode_cursor(&invite.id)),
        };
        let nodes = slice.items.into_iter().map(Invite).collect();
        Ok(Some(InviteConnection {
            nodes,
            page_info,
            total_count: total as i64,
        }))
    }
}

/// Changing.
#[derive(Default)]
pub struct InviteMutation;

#[Object]
impl InviteMutation {
    /// Invites another grown-up. They get an account and a household of their own, not a part of
    /// yours; for a child, make a profile instead.
    #[graphql(directive = Needs::apply(Scope::Admin))]
    async fn create_invite(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What they may become.", default_with = "InviteRole::Player")]
        role: InviteRole,
    ) -> Result<InvitePayload> {
        let maker = ctx.signed_in()?;
        let role = match role {
            InviteRole::Player => Role::Player,
            InviteRole::Moderator => Role::Moderator,
        };
        let made = ctx.data_unchecked::<Invites>().create(maker, role).await;
        let (made, problems) = problems::<(Model, String)>(made.or_problem()?);
        let (invite, code) = made.map(|(invite, code)| (Invite(invite), code)).unzip();
        Ok(InvitePayload {
            invite,
            code,
            problems,
        })
    }

    /// Takes an invite back before somebody accepts it.
    #[graphql(directive = Needs::apply(Scope::Admin))]
    async fn revoke_invite(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which invite.")] id: ID,
    ) -> Result<RevokeInvitePayload> {
        let outcome: Result<(), InviteError> = async {
            let id = InviteId::parse(&id)?;
            ctx.data_unchecked::<Invites>().revoke(id.0).await
        }
        .await;
        let (revoked, problems) = problems(outcome.or_problem()?);
        Ok(RevokeInvitePayload {
            ok: revoked.is_some(),
            problems,
        })
    }

    /// Makes an account out of an invite and signs its owner in.
    #[graphql(directive = Anyone::apply())]
    async fn accept_invite(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The code, and who its new owner is.")] input: AcceptInviteInput,
    ) -> Result<LoginPayload> {
        let AcceptInviteInput {
            code,
            name,
            password,
            device,
        } = input;
        let acceptance = Acceptance {
            code,
            name,
            password,
            device,
        };
        LoginPayload::of(ctx.data_unchecked::<Invites>().accept(acceptance).await)
    }
}
