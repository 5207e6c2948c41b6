//! The way to a platform: within its budgets, and not while it asked to be left alone.

use super::{NoListing, Window, answer, pause};
use crate::budget;
use djinn_subgraph_kit::{
    Ports,
    http::{Answer, Ask, NoAnswer},
};
use std::time::Duration;

/// Somebody waits for the answer, and several such requests must fit into one operation.
pub const SOON: Duration = Duration::from_secs(8);
/// Nobody waits, and the list of a large account is megabytes.
pub const LONG: Duration = Duration::from_secs(20);

/// What a request is counted against.
#[derive(Clone)]
pub struct Spend {
    /// Whose, with the platform before it: never a secret itself.
    pub credential: String,
    /// How much there is.
    pub windows: &'static [Window],
}

impl Spend {
    /// Counted against that part of a platform, for one account or for all.
    pub fn of(platform: &str, whose: &str, windows: &'static [Window]) -> Self {
        Self {
            credential: format!("{platform}:{whose}"),
            windows,
        }
    }
}

/// The way to one platform.
#[derive(Clone)]
pub struct Door {
    /// The ports.
    pub ports: Ports,
    /// The platform's name.
    pub name: &'static str,
}

impl Door {
    /// Sends a request, counted against all of `spends`, the narrowest first. The inner error is
    /// that no answer came.
    pub async fn send(
        &self,
        spends: &[Spend],
        ask: Ask,
    ) -> Result<Result<Answer, NoAnswer>, NoListing> {
        let platform = self.name;
        let credentials: Vec<String> = spends.iter().map(|s| s.credential.clone()).collect();
        if let Some(until) = pause::until(&self.ports, &credentials).await? {
            return Err(NoListing::BudgetSpent { platform, until });
        }
        let budgets: Vec<_> = spends
            .iter()
            .map(|spend| (spend.credential.as_str(), spend.windows))
            .collect();
        if let Err(wait) = budget::take_all(&self.ports, &budgets).await? {
            return Err(NoListing::BudgetSpent {
                platform,
                until: wait.until,
            });
        }
        let answer = self.ports.http.send(ask).await;
        if let (Ok(answer), Some(spend)) = (&answer, spends.first())
            && matches!(answer.status, 429 | 503)
            && let Some(wait) = answer::wait(answer)
        {
            pause::note(&self.ports, &spend.credential, wait).await?;
        }
        Ok(answer)
    }

    /// Sends a request and reads what came back.
    pub async fn ask(&self, spends: &[Spend], ask: Ask) -> Result<answer::Reply, NoListing> {
        answer::read(self.name, self.send(spends, ask).await?)
    }
}
