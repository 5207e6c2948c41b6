//! The tokens of a login: kept sealed, renewed in time, and never lost on the way.
//!
//! A refresh token is often good for one exchange only, so an exchange that is answered and not
//! saved would end the login. [`TokenKeeper::renew`] is what an adapter uses: one exchange at a
//! time for an account, saved before anybody uses what came out of it.

use super::{Access, NoListing};
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use djinn_kernel::Fault;
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use std::future::Future;

/// The secret's name: all tokens of a login are one secret, so that they change together.
pub const FIELD: &str = "tokens";
/// A token that ends so soon is renewed first.
const LEEWAY: TimeDelta = TimeDelta::seconds(60);

/// The tokens of one login.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    /// What new tokens are fetched with.
    pub refresh: String,
    /// Until when it can be, when the platform says.
    pub refresh_until: Option<DateTime<Utc>>,
    /// What requests are made with.
    pub access: String,
    /// Until when they can be.
    pub access_until: DateTime<Utc>,
    /// What the access token was exchanged for, where requests need something else than it.
    #[serde(default)]
    pub ticket: Option<Ticket>,
}

/// What an access token was exchanged for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// It.
    pub value: String,
    /// Until when it is good.
    pub until: DateTime<Utc>,
}

impl Tokens {
    /// As a secret to be sealed.
    pub fn secret(&self) -> Result<(&'static str, String), Fault> {
        use djinn_kernel::Doing;
        let text = serde_json::to_string(self).doing("writing the tokens of a login")?;
        Ok((FIELD, text))
    }

    /// Whether the access token is good for some time yet.
    pub fn fresh(&self, now: DateTime<Utc>) -> bool {
        self.access_until > now + LEEWAY
    }
}

impl Ticket {
    /// Whether it is good for some time yet.
    pub fn fresh(&self, now: DateTime<Utc>) -> bool {
        self.until > now + LEEWAY
    }
}

/// Asks the platform for new tokens in exchange for these.
pub type Exchange = Box<dyn FnOnce(Tokens) -> BoxFuture<'static, Result<Tokens, NoListing>> + Send>;

/// Keeps the tokens of one account.
#[async_trait]
pub trait TokenKeeper: Send + Sync {
    /// The tokens as they are now; `None` when there are none any more.
    async fn tokens(&self) -> Result<Option<Tokens>, Fault>;

    /// Exchanges `stale` for new tokens and saves those. When somebody else has done so already,
    /// theirs are the answer and nothing is exchanged. It goes on to its end even when nobody
    /// waits for it any more.
    async fn renew(&self, stale: &Tokens, exchange: Exchange) -> Result<Tokens, NoListing>;
}

/// Makes a call with the account's tokens, renewed first when they end soon, and once more when
/// the platform does not accept them although they should be good.
pub async fn with_tokens<T, F>(
    platform: &'static str,
    access: &Access,
    now: DateTime<Utc>,
    exchange: impl Fn() -> Exchange + Send,
    call: impl Fn(Tokens) -> F + Send,
) -> Result<T, NoListing>
where
    F: Future<Output = Result<T, NoListing>> + Send,
{
    let rejected = NoListing::CredentialsRejected(platform);
    let Some(keeper) = &access.tokens else {
        return Err(rejected);
    };
    let Some(mut tokens) = keeper.tokens().await? else {
        return Err(rejected);
    };
    let renewed = !tokens.fresh(now);
    if renewed {
        tokens = keeper.renew(&tokens, exchange()).await?;
    }
    match call(tokens.clone()).await {
        Err(NoListing::CredentialsRejected(_)) if !renewed => {
            let tokens = keeper.renew(&tokens, exchange()).await?;
            call(tokens).await
        }
        said => said,
    }
}
