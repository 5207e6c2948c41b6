//! A run between two whole ones: it looks at what was played lately, and only at that.
//!
//! One request says how long the games of the last two weeks were played. It does not say which
//! games the account has, nor how it holds them. So nothing is added, removed or brought back here:
//! a game that the library has not makes the whole list due, which can tell.

use super::{entity::run, store};
use crate::{
    copy::{self, entity::Model, upsert::Incoming},
    platform::Listed,
};
use djinn_kernel::{Doing, Fault};
use sea_orm::DatabaseTransaction;
use std::{
    collections::{BTreeSet, HashMap},
    hash::BuildHasher,
};

/// Of what was played lately, what the library has for certain, held as it was.
pub fn of_known<S: BuildHasher>(
    incoming: Vec<Incoming>,
    known: &HashMap<String, Model, S>,
) -> Vec<Incoming> {
    incoming
        .into_iter()
        .filter(|one| {
            let copy = known.get(&one.identity());
            // What the last whole list lacked is in question: the next one decides.
            copy.is_some_and(|copy| copy.removed_at.is_none() && copy.missing_since.is_none())
        })
        .map(|one| Incoming {
            holding: None,
            ..one
        })
        .collect()
}

/// Which of the staged games the library has not, as a digest; `None` when it has them all.
pub async fn strangers(
    txn: &DatabaseTransaction,
    run: &run::Model,
    platform: &str,
) -> Result<Option<String>, Fault> {
    let mut strangers = BTreeSet::new();
    for seq in 0..run.staged {
        let body = store::staged(txn, run.id, seq)
            .await?
            .doing("finding a staged page")?;
        let games: Vec<Listed> = serde_json::from_value(body).doing("reading a staged page")?;
        let identities: Vec<String> = games
            .iter()
            .map(|game| copy::identity(platform, Some(&game.store_id), "", None))
            .collect();
        let known =
            copy::store::by_identity(txn, run.library_id, identities.iter().map(String::as_str))
                .await?;
        strangers.extend(identities.into_iter().filter(|identity| {
            let copy = known.get(identity);
            copy.is_none_or(|copy| copy.removed_at.is_some())
        }));
    }
    let all: Vec<String> = strangers.into_iter().collect();
    Ok((!all.is_empty()).then(|| copy::digest(&all.join("\n"))))
}
