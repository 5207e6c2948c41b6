//! Logins in the graph.

use super::{
    entity,
    service::{EndError, Logins, Tokens as Issued},
    setup::Setup,
};
use crate::{Auth, player::Player};
use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use djinn_kernel::{
    Doing, Scope,
    ids::{LoginId, PlayerId},
    page::{Page, encode_cursor},
};
use djinn_subgraph_kit::{
    ClientAddress,
    graph::{
        Anyone, Needs, OrRefuse, PageInfo, Problem, SignedIn, TheHub, ViewerExt, cost, problems,
    },
};
use uuid::Uuid;

/// Whether people sign in to this hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum AuthMode {
    /// By name and password.
    Password,
    /// Nobody signs in: everyone who reaches the hub is its owner.
    Off,
}

/// Whether the hub still waits for its first admin.
#[derive(Debug, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct SetupState {
    /// Whether `completeSetup` is to be called, with the token from the hub's log.
    pub needed: bool,
    /// Whether people sign in.
    pub auth_mode: AuthMode,
}

/// One signed-in device.
#[derive(Debug, SimpleObject)]
pub struct Login {
    /// Its id.
    pub id: ID,
    /// What the device said it is.
    pub device: String,
    /// When it signed in.
    pub created_at: DateTime<Utc>,
    /// When its tokens were last refreshed.
    pub last_used_at: DateTime<Utc>,
    /// Whether it is the one this request came by.
    pub current: bool,
}

/// A page of logins.
#[derive(Debug, SimpleObject)]
pub struct LoginConnection {
    /// The logins, the newest first.
    pub nodes: Vec<Login>,
    /// Where the page ends.
    pub page_info: PageInfo,
    /// How many there are in all.
    pub total_count: i64,
}

/// What a signed-in client needs.
#[derive(SimpleObject)]
pub struct Tokens {
    /// Send it as `Authorization: Bearer …`. Good for ten minutes.
    pub access_token: String,
    /// Good for one call of `refreshLogin`, within 30 days. Using it twice ends the login.
    pub refresh_token: String,
    /// When the access token ends.
    pub expires_at: DateTime<Utc>,
    /// Who you are now.
    pub player: Player,
}

/// What became of signing in.
#[derive(SimpleObject)]
pub struct LoginPayload {
    /// The tokens. Null when there are problems.
    pub tokens: Option<Tokens>,
    /// Why nobody was signed in. Empty when somebody was.
    pub problems: Vec<Problem>,
}

impl LoginPayload {
    /// Out of a use case's outcome.
    pub fn of<E>(outcome: Result<Issued, E>) -> Result<Self>
    where
        Result<Issued, E>: OrRefuse<Issued, E>,
    {
        let (issued, problems) = problems(outcome.or_problem()?);
        let tokens = issued.map(|issued| Tokens {
            access_token: issued.access,
            refresh_token: issued.refresh,
            expires_at: issued.expires_at,
            player: Player::to_self(issued.account),
        });
        Ok(Self { tokens, problems })
    }
}

/// What became of signing out.
#[derive(Debug, SimpleObject)]
pub struct LogoutPayload {
    /// Whether the login is ended now.
    pub ok: bool,
    /// Why it was not.
    pub problems: Vec<Problem>,
}

impl LogoutPayload {
    fn of(outcome: Result<(), EndError>) -> Result<Self> {
        let (ended, problems) = problems(outcome.or_problem()?);
        Ok(Self {
            ok: ended.is_some(),
            problems,
        })
    }
}

/// Makes the first admin.
#[derive(InputObject)]
pub struct CompleteSetupInput {
    /// The one-time token from the hub's log, good for 30 minutes after its start.
    pub token: String,
    /// The admin's name, 1 to 40 characters.
    pub name: String,
    /// The admin's password, 10 to 256 characters.
    #[graphql(secret)]
    pub password: String,
    /// What to call this device in the list of logins.
    pub device: Option<String>,
}

/// Signs in.
#[derive(InputObject)]
pub struct LoginInput {
    /// The account's name; case does not matter.
    pub name: String,
    /// Its password.
    #[graphql(secret)]
    pub password: String,
    /// What to call this device in the list of logins.
    pub device: Option<String>,
}

/// Changes your password.
#[derive(InputObject)]
pub struct ChangePasswordInput {
    /// The password you have.
    #[graphql(secret)]
    pub current: String,
    /// The one you want, 10 to 256 characters.
    #[graphql(secret)]
    pub password: String,
}

/// What became of a new password.
#[derive(Debug, SimpleObject)]
pub struct ChangePasswordPayload {
    /// Whether it is yours now.
    pub ok: bool,
    /// How many of your other logins it ended.
    pub ended_logins: i32,
    /// Why it is not.
    pub problems: Vec<Problem>,
}

/// Whom a credential belongs to, for the hub's own doors.
#[derive(Debug, SimpleObject)]
#[graphql(inaccessible)]
pub struct Identified {
    /// The viewer, as JSON.
    pub viewer: String,
    /// When the credential ends by itself. Null for API keys.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Reading.
#[derive(Default)]
pub struct LoginQuery;

#[Object]
impl LoginQuery {
    /// Whether the hub still waits for its first admin. Anyone may ask.
    #[graphql(directive = Anyone::apply())]
    async fn setup(&self, ctx: &Context<'_>) -> Result<Option<SetupState>> {
        let logins = ctx.data_unchecked::<Logins>();
        let auth_mode = match logins.auth() {
            Auth::Password => AuthMode::Password,
            Auth::Off => AuthMode::Off,
        };
        Ok(Some(SetupState {
            needed: logins.setup_needed().await.or_refuse()?,
            auth_mode,
        }))
    }

    /// The signed-in devices of your household, your child profiles' too, the newest first.
    #[graphql(directive = Needs::apply(Scope::ManageAccount), directive = cost::Page::apply("nodes"))]
    async fn logins(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "The end cursor of the page before.")] after: Option<String>,
    ) -> Result<Option<LoginConnection>> {
        let who = ctx.signed_in()?;
        let page = Page::<Uuid>::parse(first, after.as_deref()).or_refuse()?;
        let (slice, total) = ctx
            .data_unchecked::<Logins>()
            .list(who, &page)
            .await
            .or_refuse()?;
        let page_info = PageInfo {
            has_next_page: slice.has_next,
            end_cursor: slice.items.last().map(|login| encode_cursor(&login.id)),
        };
        let shown = |login: entity::login::Model| Login {
            id: login.id.into(),
            device: login.device,
            created_at: login.created_at,
            last_used_at: login.last_used_at,
            current: who.login == Some(LoginId(login.id)),
        };
        let nodes = slice.items.into_iter().map(shown).collect();
        Ok(Some(LoginConnection {
            nodes,
            page_info,
            total_count: total as i64,
        }))
    }

    /// Whom an access token or API key belongs to. Only the hub itself may ask.
    #[graphql(inaccessible, directive = TheHub::apply())]
    async fn identify(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token or key, as it came.")] credential: String,
    ) -> Result<Identified> {
        let found = ctx
            .data_unchecked::<Logins>()
            .identify(&credential)
            .await
            .or_refuse()?;
        let viewer = serde_json::to_string(&found.viewer)
            .doing("writing a viewer")
            .or_refuse()?;
        Ok(Identified {
            viewer,
            expires_at: found.expires_at,
        })
    }
}

/// Changing.
#[derive(Default)]
pub struct LoginMutation;

#[Object]
impl LoginMutation {
    /// Makes the first admin and signs them in. Works once in a hub's life.
    #[graphql(directive = Anyone::apply())]
    async fn complete_setup(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token from the log, and who the admin is.")]
        input: CompleteSetupInput,
    ) -> Result<LoginPayload> {
        let CompleteSetupInput {
            token,
            name,
            password,
            device,
        } = input;
        let setup = Setup {
            token,
            name,
            password,
            device,
        };
        LoginPayload::of(ctx.data_unchecked::<Logins>().complete_setup(setup).await)
    }

    /// Signs in. After five wrong attempts in a minute a name has to wait, each time longer up to
    /// 15 minutes, and after ten in ten minutes an address. Whoever guesses at your name makes you
    /// wait nowhere you have signed in before, and devices that are signed in already go on.
    #[graphql(directive = Anyone::apply())]
    async fn login(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Name and password.")] input: LoginInput,
    ) -> Result<LoginPayload> {
        let logins = ctx.data_unchecked::<Logins>();
        LoginPayload::of(
            logins
                .login(
                    &input.name,
                    input.password,
                    input.device.as_deref(),
                    ctx.data_opt::<ClientAddress>().copied(),
                )
                .await,
        )
    }

    /// Trades a refresh token for a new pair of tokens. A token works once; using it again ends
    /// the login.
    #[graphql(directive = Anyone::apply())]
    async fn refresh_login(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The refresh token of the latest pair.", secret)] refresh_token: String,
        #[graphql(
            desc = "A random text of 16 to 128 bytes, new for each refresh. When no answer came, \
                    the same token with the same nonce gets it again within ten seconds.",
            secret
        )]
        nonce: Option<String>,
    ) -> Result<LoginPayload> {
        let logins = ctx.data_unchecked::<Logins>();
        LoginPayload::of(logins.refresh(&refresh_token, nonce.as_deref()).await)
    }

    /// Gives you another password and ends your other logins. API keys and the logins of your child
    /// profiles go on.
    #[graphql(directive = Needs::apply(Scope::ManageAccount))]
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The present password and the new one.")] input: ChangePasswordInput,
    ) -> Result<ChangePasswordPayload> {
        let who = ctx.signed_in()?;
        let changed = ctx
            .data_unchecked::<Logins>()
            .change_password(who, input.current, input.password)
            .await;
        let (ended, problems) = problems(changed.or_problem()?);
        Ok(ChangePasswordPayload {
            ok: ended.is_some(),
            ended_logins: ended.unwrap_or(0) as i32,
            problems,
        })
    }

    /// Ends the login this request came by, for good.
    #[graphql(directive = SignedIn::apply())]
    async fn logout(&self, ctx: &Context<'_>) -> Result<LogoutPayload> {
        let who = ctx.signed_in()?;
        LogoutPayload::of(ctx.data_unchecked::<Logins>().logout(who).await)
    }

    /// Ends a login of your household, for good.
    #[graphql(directive = Needs::apply(Scope::ManageAccount))]
    async fn end_login(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which login.")] id: ID,
    ) -> Result<LogoutPayload> {
        let who = ctx.signed_in()?;
        let outcome = async {
            let id = LoginId::parse(&id)?;
            ctx.data_unchecked::<Logins>().end_login(who, id).await
        };
        LogoutPayload::of(outcome.await)
    }

    /// Opens a login that acts as one of your child profiles, to hand a device over. Your own
    /// login stays open.
    #[graphql(directive = Needs::apply(Scope::ManageAccount))]
    async fn use_profile(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which child profile.")] profile_id: ID,
    ) -> Result<LoginPayload> {
        let guardian = ctx.signed_in()?;
        let outcome = async {
            let id = PlayerId::parse(&profile_id)?;
            ctx.data_unchecked::<Logins>()
                .use_profile(guardian, id)
                .await
        };
        LoginPayload::of(outcome.await)
    }
}
