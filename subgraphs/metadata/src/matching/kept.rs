//! What a household held in libraries that it unlinked, known again when they come back.
//!
//! A store's product has its number, whoever lists it. A copy that names none is a match of its
//! own, and the same file imported again makes another copy: so it goes on under the match that is
//! kept of its platform, title and year. What was decided names matches, and holds as before.

use super::{claim::Claim, entity::matched, key::TitleKey, round::Round, store};
use crate::decision::{self, Verdict};
use djinn_kernel::{Doing, Fault};
use sea_orm::DatabaseTransaction;
use std::collections::{BTreeSet, HashMap, VecDeque};
use uuid::Uuid;

/// What two copies without a store's id have in common when they are taken for the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Looks {
    platform: String,
    group: String,
    edition: String,
    /// The year in the title, and the one beside it.
    years: (Option<i32>, Option<i32>),
}

impl Looks {
    fn new(platform: &str, group: &str, key: &TitleKey, year: Option<i32>) -> Self {
        Self {
            platform: platform.to_owned(),
            group: group.to_owned(),
            edition: key.edition.clone(),
            years: (key.year, year),
        }
    }
}

/// Gives copies that nobody knows the matches that are kept for them. The matches of the others are
/// in the round already.
pub async fn take_up(
    txn: &DatabaseTransaction,
    claims: &[Claim],
    round: &mut Round,
) -> Result<(), Fault> {
    let households: BTreeSet<Uuid> = claims.iter().filter_map(|claim| claim.household).collect();
    let keepers = store::keepers(txn, &households)
        .await
        .doing("looking for what is kept")?;
    for household in keepers {
        let theirs: Vec<&Claim> = claims
            .iter()
            .filter(|claim| claim.household == Some(household))
            .collect();
        give(txn, household, &theirs, round).await?;
        let back: BTreeSet<Uuid> = theirs
            .iter()
            .filter_map(|claim| round.by_identity.get(&claim.identity).copied())
            .collect();
        let back: Vec<Uuid> = back.into_iter().collect();
        store::let_go(txn, household, &back)
            .await
            .doing("noting what came back")?;
    }
    Ok(())
}

async fn give(
    txn: &DatabaseTransaction,
    household: Uuid,
    claims: &[&Claim],
    round: &mut Round,
) -> Result<(), Fault> {
    let unknown: Vec<&Claim> = claims
        .iter()
        .copied()
        .filter(|claim| {
            claim.store_id.is_none() && !round.by_identity.contains_key(&claim.identity)
        })
        .collect();
    let groups: BTreeSet<String> = unknown.iter().map(|claim| claim.group.clone()).collect();
    let groups: Vec<String> = groups.into_iter().collect();
    let rows = store::kept_loose(txn, household, &groups)
        .await
        .doing("loading what is kept")?;
    let mut waiting: HashMap<Looks, VecDeque<matched::Model>> = HashMap::new();
    for row in rows {
        let looks = Looks::new(
            &row.platform,
            &row.group_key,
            round.key(&row.title),
            row.year,
        );
        waiting.entry(looks).or_default().push_back(row);
    }
    if waiting.values().any(|rows| rows.len() > 1) {
        // Which of several it was, nobody knows: what was split off is the last that it may be.
        let standing = decision::store::standing(txn, &[household]).await?;
        let off: BTreeSet<Uuid> = standing
            .into_values()
            .flatten()
            .filter(|decision| decision.verdict == Verdict::Apart)
            .flat_map(|decision| decision.sides.others)
            .collect();
        for rows in waiting.values_mut() {
            rows.make_contiguous()
                .sort_by_key(|row| (off.contains(&row.id), row.id));
        }
    }
    for claim in unknown {
        let looks = Looks::new(
            &claim.platform,
            &claim.group,
            round.key(&claim.title),
            claim.year,
        );
        let found = waiting.get_mut(&looks).and_then(VecDeque::pop_front);
        if let Some(mut row) = found {
            row.identity.clone_from(&claim.identity);
            round.dirty.insert(row.id);
            round.put(row);
        }
    }
    Ok(())
}
