//! Players in the graph.

use super::{
    Account, PlayerLoader, Players, ProfilesLoader,
    limit::{AgeLimitInput, FamilyView, RatingScale, scales},
    service::{self, NamedLimit, ProfileChanges, ProfileError},
};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, dataloader::DataLoader,
};
use chrono::{DateTime, Utc};
use djinn_kernel::{self as kernel, Doing, Viewer, ids::PlayerId};
use djinn_subgraph_kit::graph::{
    Anyone, EsrbRating, Needs, OrRefuse, Problem, Rule, UnratedPolicy, ViewerExt, cost, entity,
    problems,
};

/// What an account may do at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "kernel::Role", name = "Role")]
pub enum RoleWord {
    /// Runs the hub.
    Admin,
    /// Keeps rooms and boards fair.
    Moderator,
    /// A person with a library of their own.
    Player,
    /// A profile under a guardian, with a family ceiling.
    Child,
}

/// One thing a credential may do. A login has what its role allows; an API key only what it was
/// given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "kernel::Scope", name = "Scope")]
pub enum ScopeWord {
    /// Read libraries, games, collections, recommendations.
    ReadLibrary,
    /// Link, import, mark and change what is in a library.
    WriteLibrary,
    /// Start and retry syncs.
    RunSync,
    /// See rooms and boards.
    ReadPlay,
    /// Create and join rooms, act in them, submit scores.
    WritePlay,
    /// Change the account: profiles, keys, logins.
    ManageAccount,
    /// Run the hub.
    Admin,
}

/// A person with an account, or a child profile of one.
pub struct Player {
    account: Account,
    /// Whether the viewer is this player, their guardian, or an admin.
    close: bool,
    /// Whether the viewer is this player.
    own: bool,
}

impl Player {
    /// As `viewer` may see it.
    pub fn seen_by(viewer: &Viewer, account: Account) -> Self {
        let who = viewer.identity();
        let own = who.is_some_and(|who| who.player == account.player_id());
        let close = own
            || who.is_some_and(|who| {
                who.player.0 == account.household || who.role == kernel::Role::Admin
            });
        Self {
            account,
            close,
            own,
        }
    }

    /// As the player themselves sees it, for somebody who is just signing in.
    pub const fn to_self(account: Account) -> Self {
        Self {
            account,
            close: true,
            own: true,
        }
    }

    /// Loads a player that must exist, with all others of this request.
    pub async fn load(ctx: &Context<'_>, id: PlayerId) -> Result<Self> {
        let account = load(ctx, id)
            .await?
            .doing("loading a player that is referred to")
            .or_refuse()?;
        Ok(Self::seen_by(ctx.viewer(), account))
    }
}

async fn load(ctx: &Context<'_>, id: PlayerId) -> Result<Option<Account>> {
    ctx.data_unchecked::<DataLoader<PlayerLoader>>()
        .load_one(id)
        .await
        .doing("loading players")
        .or_refuse()
}

/// A person with an account, or a child profile of one. Only the id is always there: each other
/// field is null while the part of the hub that knows it does not answer.
#[Object]
impl Player {
    /// Its id.
    async fn id(&self) -> ID {
        self.account.id.into()
    }

    /// The name others see.
    async fn name(&self) -> Option<&str> {
        Some(&self.account.name)
    }

    /// What the account may do at most.
    async fn role(&self) -> Option<RoleWord> {
        Some(self.account.role().into())
    }

    /// When the account was made.
    async fn created_at(&self) -> Option<DateTime<Utc>> {
        Some(self.account.created_at)
    }

    /// The ceiling of a child profile. Null for grown-ups, and for viewers who are neither the
    /// child, nor the guardian, nor an admin.
    async fn family(&self) -> Option<FamilyView> {
        let view = self.account.family().filter(|_| self.close)?;
        Some(view.into())
    }

    /// Your own child profiles, at most 20, in the order they were made. Empty for anyone else's
    /// player.
    #[graphql(directive = cost::Usual::apply(20))]
    async fn profiles(&self, ctx: &Context<'_>) -> Result<Option<Vec<Self>>> {
        if !self.own {
            return Ok(Some(Vec::new()));
        }
        let children = ctx
            .data_unchecked::<DataLoader<ProfilesLoader>>()
            .load_one(self.account.player_id())
            .await
            .doing("loading profiles")
            .or_refuse()?;
        let children = children.unwrap_or_default().into_iter();
        let profiles = children.map(|account| Self {
            account,
            close: true,
            own: false,
        });
        Ok(Some(profiles.collect()))
    }
}

/// A new child profile.
#[derive(Debug, InputObject)]
pub struct CreateProfileInput {
    /// Its name, 1 to 40 characters, unlike the other profiles' of the household.
    pub name: String,
    /// The strongest rating the child may see, by the ESRB; short for a `limit` of that board. One
    /// of the two must be there.
    pub ceiling: Option<EsrbRating>,
    /// Up to where the child may see games, by a board of your choice.
    pub limit: Option<AgeLimitInput>,
    /// What happens to games that no board has rated.
    #[graphql(default_with = "UnratedPolicy::Hide")]
    pub unrated: UnratedPolicy,
}

/// Changes to a child profile. What is left out stays as it is.
#[derive(Debug, InputObject)]
pub struct UpdateProfileInput {
    /// Which profile.
    pub id: ID,
    /// A new name, 1 to 40 characters.
    pub name: Option<String>,
    /// A new ceiling by the ESRB; short for a `limit` of that board. What the profile's `ceiling` is
    /// already changes nothing, whichever board its `limit` goes by.
    pub ceiling: Option<EsrbRating>,
    /// A new limit, by a board of your choice.
    pub limit: Option<AgeLimitInput>,
    /// A new rule for games that no board has rated.
    pub unrated: Option<UnratedPolicy>,
}

/// The limit that somebody named, in whichever of the two ways.
fn named(
    by_esrb: Option<EsrbRating>,
    limit: Option<AgeLimitInput>,
) -> Result<Option<NamedLimit>, ProfileError> {
    match (by_esrb, limit) {
        (Some(_), Some(_)) => Err(ProfileError::TwoLimits),
        (Some(esrb), None) => Ok(Some(NamedLimit::Esrb(esrb.into()))),
        (None, Some(limit)) => {
            let ceiling = service::limit(limit.board.into(), &limit.level)?;
            Ok(Some(NamedLimit::Board(ceiling)))
        }
        (None, None) => Ok(None),
    }
}

/// What became of a profile.
#[derive(SimpleObject)]
pub struct ProfilePayload {
    /// The profile as it is now. Null when there are problems.
    pub profile: Option<Player>,
    /// Why nothing was changed. Empty when it was.
    pub problems: Vec<Problem>,
}

impl ProfilePayload {
    fn of(ctx: &Context<'_>, outcome: Result<Account, ProfileError>) -> Result<Self> {
        let (account, problems) = problems(outcome.or_problem()?);
        Ok(Self {
            profile: account.map(|account| Player::seen_by(ctx.viewer(), account)),
            problems,
        })
    }
}

/// Reading.
#[derive(Default)]
pub struct PlayerQuery;

#[Object]
impl PlayerQuery {
    /// Who you are. Null when nobody is signed in.
    #[graphql(directive = Anyone::apply())]
    async fn me(&self, ctx: &Context<'_>) -> Result<Option<Player>> {
        let Some(who) = ctx.viewer().identity() else {
            return Ok(None);
        };
        let account = load(ctx, who.player).await?;
        Ok(account.map(|account| Player::seen_by(ctx.viewer(), account)))
    }

    /// What your credential may do. Empty when nobody is signed in.
    #[graphql(directive = Anyone::apply())]
    async fn my_scopes(&self, ctx: &Context<'_>) -> Option<Vec<ScopeWord>> {
        let scopes = ctx
            .viewer()
            .identity()
            .map(|who| who.scopes.clone())
            .unwrap_or_default();
        Some(scopes.into_iter().map(Into::into).collect())
    }

    /// The boards that a child's limit can be set by, each with its levels.
    #[graphql(directive = Anyone::apply(), directive = cost::Usual::apply(7))]
    async fn rating_scales(&self) -> Option<Vec<RatingScale>> {
        Some(scales())
    }

    #[graphql(entity)]
    async fn find_player_by_id(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Player>> {
        let found = async {
            let account = load(ctx, PlayerId::parse(&id).or_refuse()?).await?;
            let account = account.filter(|account| account.removed_at.is_none());
            Ok(account.map(|account| Player::seen_by(ctx.viewer(), account)))
        };
        entity(ctx, Rule::SignedIn, found).await
    }
}

/// Changing.
#[derive(Default)]
pub struct PlayerMutation;

#[Object]
impl PlayerMutation {
    /// Makes a child profile in your household.
    #[graphql(directive = Needs::apply(kernel::Scope::ManageAccount))]
    async fn create_profile(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new profile.")] input: CreateProfileInput,
    ) -> Result<ProfilePayload> {
        let guardian = ctx.signed_in()?;
        let outcome = async {
            let limit = named(input.ceiling, input.limit)?.ok_or(ProfileError::NoLimit)?;
            let ceiling = limit.instead_of(None);
            ctx.data_unchecked::<Players>()
                .create_profile(guardian, &input.name, ceiling, input.unrated.into())
                .await
        };
        ProfilePayload::of(ctx, outcome.await)
    }

    /// Changes a child profile of your household. Devices that use it see the change at once.
    #[graphql(directive = Needs::apply(kernel::Scope::ManageAccount))]
    async fn update_profile(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateProfileInput,
    ) -> Result<ProfilePayload> {
        let guardian = ctx.signed_in()?;
        let outcome = async {
            let id = PlayerId::parse(&input.id)?;
            let changes = ProfileChanges {
                name: input.name,
                limit: named(input.ceiling, input.limit)?,
                unrated: input.unrated.map(Into::into),
            };
            ctx.data_unchecked::<Players>()
                .update_profile(guardian, id, changes)
                .await
        };
        ProfilePayload::of(ctx, outcome.await)
    }
}
