//! Platforms in the graph.

use super::{Description, Registry};
use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use djinn_kernel::Scope;
use djinn_subgraph_kit::graph::{Needs, Rule, cost, entity};

/// What kind of place a platform is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum PlatformKind {
    /// A shop or network whose accounts can hold games.
    Store,
    /// A shelf that a person fills by hand or from files.
    Manual,
}

/// How a connection form asks for a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "ConnectFieldKind")]
pub enum FieldKind {
    /// A line of text.
    Text,
    /// On or off: send `true` or `false`. Off when left out.
    Switch,
}

/// A place where games are held, for instance Steam.
#[derive(Debug, Clone)]
pub struct Platform(pub Description);

impl Platform {
    /// The platform of that id; one that only import files know has a name and nothing else.
    pub fn of(ctx: &Context<'_>, id: &str) -> Self {
        Self(ctx.data_unchecked::<Registry>().describe(id))
    }
}

/// A place where games are held, for instance Steam.
#[Object(directive = cost::Weight::apply(0))]
impl Platform {
    /// Its id, for instance `steam`.
    async fn id(&self) -> ID {
        ID(self.0.id.clone())
    }
    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// What kind of place it is.
    async fn kind(&self) -> PlatformKind {
        self.0.kind
    }
    /// Whether the hub can fetch an account's games by itself.
    async fn can_sync(&self) -> bool {
        self.0.can_sync
    }
    /// How to connect, in a sentence or two of English. Other languages have it among the `texts`,
    /// under `platform.`, its id and `help`: `platform.steam.help`.
    async fn help(&self) -> &str {
        &self.0.help
    }
    /// Where a person signs in and fetches the code that the form asks for. Null when nothing has
    /// to be fetched.
    async fn authorize_url(&self) -> Option<&str> {
        self.0.authorize_url.as_deref()
    }
    /// What the owner of the hub has to set before anybody can connect; other languages have it
    /// under `setup` likewise. Null when nothing.
    async fn setup_needed(&self) -> Option<&str> {
        self.0.setup
    }
    /// What `linkLibrary` needs to know; build the form out of it.
    #[graphql(directive = cost::Usual::apply(4))]
    async fn connect_fields(&self) -> Vec<ConnectField> {
        self.0
            .fields
            .iter()
            .map(|field| ConnectField {
                name: field.name,
                kind: field.kind,
                label: field.label,
                help: field.help,
                secret: field.secret,
                required: field.required,
                pattern: field.pattern,
                placeholder: field.placeholder,
            })
            .collect()
    }
    /// How often the hub asks it at most; all of them hold at once.
    #[graphql(directive = cost::Usual::apply(4))]
    async fn limits(&self) -> Vec<PlatformLimit> {
        self.0
            .limits
            .iter()
            .map(|window| PlatformLimit {
                requests: window.requests as i32,
                seconds: window.seconds as i32,
            })
            .collect()
    }
}

/// One input of a platform's connection form.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct ConnectField {
    /// The name to send it under.
    name: &'static str,
    /// How to ask for it.
    kind: FieldKind,
    /// The label for the form, in English. Other languages have it among the `texts`, under
    /// `platform.`, the platform's id, the field's name and `label`: `platform.steam.account.label`.
    label: &'static str,
    /// Where a person finds the value, in English; other languages have it under `help` likewise.
    help: &'static str,
    /// Whether it is a secret: hide what is typed; it is never shown again.
    secret: bool,
    /// Whether it may not be left out.
    required: bool,
    /// A regular expression the value must match, for an early check in the form.
    pattern: Option<&'static str>,
    /// An example value.
    placeholder: Option<&'static str>,
}

/// How often a platform may be asked.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct PlatformLimit {
    /// At most so many requests …
    requests: i32,
    /// … in any stretch of so many seconds.
    seconds: i32,
}

/// The queries about platforms.
#[derive(Debug, Default)]
pub struct PlatformQuery;

#[Object]
impl PlatformQuery {
    /// The platforms whose libraries can be linked here.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary), directive = cost::Usual::apply(10))]
    async fn platforms(&self, ctx: &Context<'_>) -> Option<Vec<Platform>> {
        let all = ctx.data_unchecked::<Registry>().all();
        Some(all.iter().cloned().map(Platform).collect())
    }

    /// A platform by its id, for other parts of the graph.
    #[graphql(entity)]
    async fn find_platform_by_id(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The platform's id.")] id: ID,
    ) -> Result<Option<Platform>> {
        let found = async { Ok(Some(Platform::of(ctx, &id))) };
        entity(ctx, Rule::SignedIn, found).await
    }
}
