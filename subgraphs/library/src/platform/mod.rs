//! Platforms: where games are held, and how their libraries are read.
//!
//! A [`PlatformAdapter`] says what a connection form needs, tests what a person typed into it,
//! and lists an account's games. Its outcomes are typed, so that a private, refused, late or torn
//! answer can never be taken for an empty library.

mod answer;
mod door;
mod epic;
mod gather;
mod gog;
pub mod graphql;
mod manual;
pub mod pause;
mod playstation;
mod registry;
mod steam;
pub mod token;
mod typed;
mod xbox;

pub use registry::{Registry, name_of, slug};
pub use token::{TokenKeeper, Tokens};

use crate::copy::Holding;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use djinn_kernel::{Code, Fault, Reason};
use std::{collections::BTreeMap, sync::Arc, time::Duration};

/// The id of the platform for games entered by hand or from a file.
pub const MANUAL: &str = "manual";

/// What the platform is and what a connection needs.
#[derive(Debug, Clone)]
pub struct Description {
    /// Its id, for instance `steam`.
    pub id: String,
    /// Its name, for people.
    pub name: String,
    /// A shop, or a person.
    pub kind: graphql::PlatformKind,
    /// Whether it can list an account's games by itself.
    pub can_sync: bool,
    /// How to connect, in a sentence or two.
    pub help: String,
    /// Where a person signs in and fetches the code that the form asks for.
    pub authorize_url: Option<String>,
    /// What the owner of the hub has to set before anybody can connect; `None` when nothing.
    pub setup: Option<&'static str>,
    /// What the connection form asks.
    pub fields: Vec<Field>,
    /// How often it may be asked, all at once.
    pub limits: Vec<Window>,
}

/// One input of a connection form.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name in the input.
    pub name: &'static str,
    /// How it is asked.
    pub kind: graphql::FieldKind,
    /// Its label.
    pub label: &'static str,
    /// Where a person finds it.
    pub help: &'static str,
    /// Never shown again once stored.
    pub secret: bool,
    /// May not be left out.
    pub required: bool,
    /// A regular expression that a form can check early.
    pub pattern: Option<&'static str>,
    /// An example.
    pub placeholder: Option<&'static str>,
}

/// At most so many requests in any stretch of so many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Requests.
    pub requests: u32,
    /// Seconds.
    pub seconds: u32,
}

/// Every budget there is, by what it is for.
#[cfg(test)]
pub fn budgets() -> [(&'static str, &'static [Window]); 12] {
    [
        ("steam", &steam::WINDOWS),
        ("steam in the background", &steam::BACKGROUND),
        ("xbox", &xbox::WINDOWS),
        ("xbox, a service", &xbox::SERVICE),
        ("xbox, a small service", &xbox::SMALL_SERVICE),
        ("xbox, signing in", &xbox::SIGN_IN),
        ("epic", &epic::WINDOWS),
        ("epic, signing in", &epic::SIGN_IN),
        ("gog", &gog::WINDOWS),
        ("gog, signing in", &gog::SIGN_IN),
        ("playstation", &playstation::WINDOWS),
        ("playstation, signing in", &playstation::SIGN_IN),
    ]
}

/// What a person typed into the form: names to trimmed values, none of them empty.
pub type Fields = BTreeMap<String, String>;

/// An account that was tried and works.
#[derive(Clone)]
pub struct Connection {
    /// The platform's own id of the account; the same account twice has the same.
    pub account: String,
    /// What the account is called there.
    pub name: Option<String>,
    /// What must be kept, sealed: field and secret.
    pub secrets: Vec<(&'static str, String)>,
}

/// What an adapter may use to read an account.
#[derive(Clone, Default)]
pub struct Access {
    /// The platform's own id of the account.
    pub account: String,
    /// The secrets that were kept, opened.
    pub secrets: BTreeMap<String, String>,
    /// Keeps the tokens of its login, where the platform has such.
    pub tokens: Option<Arc<dyn TokenKeeper>>,
    /// What the hub knows of it from lists before.
    pub known: Option<Arc<dyn KnownCopies>>,
}

impl Access {
    /// What the account was last known to hold in that way: where a part of the list cannot be
    /// heard today, nothing it said before is taken back.
    pub async fn known(&self, holding: Holding) -> Result<Vec<Listed>, Fault> {
        match &self.known {
            Some(known) => known.held(holding).await,
            None => Ok(Vec::new()),
        }
    }
}

/// What the hub knows of an account.
#[async_trait]
pub trait KnownCopies: Send + Sync {
    /// The copies held in that way.
    async fn held(&self, holding: Holding) -> Result<Vec<Listed>, Fault>;
}

/// One game in an account.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Listed {
    /// The platform's own id of it.
    pub store_id: String,
    /// Its title; absent when the platform leaves it out.
    pub title: Option<String>,
    /// How it is held.
    pub holding: Holding,
    /// Minutes played.
    pub playtime_minutes: i32,
    /// Last played, when the platform says.
    pub last_played_at: Option<DateTime<Utc>>,
}

/// A part of an account's list, whole in itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The games.
    pub games: Vec<Listed>,
    /// How to go on; `None` says that the list is complete.
    pub next: Option<String>,
}

/// One achievement of a game, as one account has it.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct AchievementListed {
    /// The platform's own id of it, unique in the game.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What is to be done; absent while the platform keeps it secret.
    pub description: Option<String>,
    /// Its picture.
    pub icon_url: Option<String>,
    /// Whether the platform keeps it secret until it is unlocked.
    pub hidden: bool,
    /// When it was unlocked, when the platform says.
    pub unlocked_at: Option<DateTime<Utc>>,
    /// Whether it was.
    pub unlocked: bool,
    /// Of how many players in a hundred it was.
    pub rarity_percent: Option<f64>,
    /// What it counts on the platform: gamerscore, or a trophy's points.
    pub points: Option<i32>,
}

/// Why a platform gave no list. None of these changes a copy.
#[derive(Debug, thiserror::Error)]
pub enum NoListing {
    /// The account hides its games.
    #[error(
        "{0} hides this account's games. Make its game details public, then sync again. Nothing was changed."
    )]
    ProfilePrivate(&'static str),
    /// The key or login is not accepted any more.
    #[error(
        "{0} does not accept the key or login any more. Link the account again with a valid one. Nothing was changed."
    )]
    CredentialsRejected(&'static str),
    /// The owner of the hub has to set something first.
    #[error("{0} Nothing was changed.")]
    NotConfigured(&'static str),
    /// The platform does not let this account in until its owner has done something there.
    #[error("{platform} does not let this account in. {todo} Nothing was changed.")]
    Restricted {
        /// Its name.
        platform: &'static str,
        /// What its owner can do.
        todo: &'static str,
    },
    /// The platform asks us to wait.
    #[error("{platform} asks us to wait before the next request.")]
    RateLimited {
        /// Its name.
        platform: &'static str,
        /// For how long, when it says.
        retry_after: Option<Duration>,
    },
    /// Our own budget for this platform is used up until then, or it asked to be left alone.
    #[error("{platform} may not be asked again before {at}.", at = pause::instant(.until))]
    BudgetSpent {
        /// Its name.
        platform: &'static str,
        /// When there is room again.
        until: DateTime<Utc>,
    },
    /// No answer, an error page, or an error.
    #[error("{platform} does not answer just now. Nothing was changed.")]
    ProviderDown {
        /// Its name.
        platform: &'static str,
        /// For how long to wait, when it says.
        retry_after: Option<Duration>,
    },
    /// An answer that is cut short or not what the platform documents.
    #[error("{platform}'s answer cannot be read: {what}. Nothing was changed.")]
    Malformed {
        /// Its name.
        platform: &'static str,
        /// Which part of it is wrong, in our words: never a piece of the answer, which may hold
        /// what is nobody's business.
        what: &'static str,
    },
    /// Ours.
    #[error(transparent)]
    Internal(#[from] Fault),
}

impl NoListing {
    /// The code that goes with it.
    pub const fn code(&self) -> Code {
        match self {
            Self::ProfilePrivate(_) => Code::ProfilePrivate,
            Self::CredentialsRejected(_) => Code::CredentialsRejected,
            Self::NotConfigured(_) => Code::PlatformNotReady,
            Self::Restricted { .. } => Code::AccountRestricted,
            Self::RateLimited { .. } | Self::BudgetSpent { .. } => Code::ProviderRateLimited,
            Self::ProviderDown { .. } => Code::ProviderDown,
            Self::Malformed { .. } => Code::ProviderMalformed,
            Self::Internal(_) => Code::Internal,
        }
    }

    /// Which sentence it is and what stands in it, where other languages cannot tell by the code.
    pub fn reason(&self) -> Option<(Reason, Vec<String>)> {
        match self {
            Self::BudgetSpent { platform, until } => Some((
                Reason::PlatformAgain,
                vec![pause::instant(until), (*platform).to_owned()],
            )),
            Self::Malformed { platform, what } => Some((
                Reason::AnswerPart,
                vec![(*platform).to_owned(), (*what).to_owned()],
            )),
            _ => None,
        }
    }
}

/// Why an account cannot be connected.
#[derive(Debug, thiserror::Error)]
pub enum NoConnection {
    /// A field is not what it should be.
    #[error("{message}")]
    Field {
        /// Which.
        name: &'static str,
        /// What is wrong with it.
        message: String,
    },
    /// The platform does not accept what was typed into a field.
    #[error("{message}")]
    Rejected {
        /// Which.
        name: &'static str,
        /// What to do about it.
        message: String,
    },
    /// The platform knows no such account.
    #[error("{0}")]
    AccountNotFound(String),
    /// The platform did not answer as it should.
    #[error(transparent)]
    Answer(#[from] NoListing),
}

/// A platform whose accounts can be read.
#[async_trait]
pub trait PlatformAdapter: Send + Sync + 'static {
    /// What it is and what a connection needs.
    fn describe(&self) -> &Description;

    /// Finds the account that `fields` name and tries the credentials on it.
    async fn connect(&self, fields: &Fields) -> Result<Connection, NoConnection>;

    /// Lists the account's games, from the beginning or from where a former part said `next`.
    /// No game is in two parts: who asks several lists gathers them first (see `gather`).
    async fn list(&self, access: &Access, cursor: Option<&str>) -> Result<Listing, NoListing>;

    /// The games played lately, in a request or two: what a sync between two whole ones looks at.
    /// `None` when the platform has no such list. What it lacks is not missing, and how a game in
    /// it is held it does not say.
    async fn recent(&self, _access: &Access) -> Result<Option<Vec<Listed>>, NoListing> {
        Ok(None)
    }

    /// Whether [`PlatformAdapter::recent`] is worth asking.
    fn lists_recent(&self) -> bool {
        false
    }

    /// The achievements of one game; `None` when it has none, or the platform knows no such thing.
    async fn achievements(
        &self,
        _access: &Access,
        _store_id: &str,
    ) -> Result<Option<Vec<AchievementListed>>, NoListing> {
        Ok(None)
    }

    /// Whether [`PlatformAdapter::achievements`] is worth asking.
    fn lists_achievements(&self) -> bool {
        false
    }
}
