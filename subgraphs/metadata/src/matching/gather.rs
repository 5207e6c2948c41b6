//! Loading what a round is about.

use super::{
    claim::Claim,
    entity::{external, matched},
    kept,
    round::Round,
    store,
};
use chrono::{DateTime, Utc};
use djinn_kernel::{Doing, Fault, Ids};
use sea_orm::DatabaseTransaction;
use std::collections::BTreeSet;
use uuid::Uuid;

/// How far ties between groups are followed. A real work has a handful of names.
const STEPS: usize = 5;

/// Loads everything the claims touch, in a few queries, and notes what they say.
pub async fn claimed(
    txn: &DatabaseTransaction,
    claims: &[Claim],
    ids: &dyn Ids,
    now: DateTime<Utc>,
) -> Result<Round, Fault> {
    let identities: BTreeSet<String> = claims
        .iter()
        .flat_map(|claim| [claim.identity.clone(), format!("copy:{}", claim.copy)])
        .collect();
    let identities: Vec<String> = identities.into_iter().collect();
    let known = store::by_identity(txn, &identities)
        .await
        .doing("loading matches")?;
    let mut round = Round::default();
    for row in known {
        round.put(row);
    }
    kept::take_up(txn, claims, &mut round).await?;
    let mut retitled = Vec::new();
    for claim in claims {
        if let Some(id) = round.note(claim, || ids.new_id(), now) {
            retitled.push(id);
            round.forget_import(id);
        }
        round.hear(claim, now);
    }
    groups(txn, &mut round).await?;
    // A copy under another title leaves its game to those it shared it with.
    if !retitled.is_empty() {
        let games = round.by_game();
        let shared: Vec<(Uuid, Uuid)> = retitled
            .into_iter()
            .map(|id| (id, round.rows[&id].game_id))
            .filter(|(_, game)| games.get(game).is_some_and(|rows| rows.len() > 1))
            .collect();
        for (id, game) in shared {
            round.changed.insert(game);
            if let Some(row) = round.rows.get_mut(&id) {
                row.game_id = Uuid::nil();
            }
        }
    }
    Ok(round)
}

/// Loads all matches of the groups touched, and of those that other catalogues tie to them.
pub async fn groups(txn: &DatabaseTransaction, round: &mut Round) -> Result<(), Fault> {
    let mut groups: Vec<String> = round.groups.iter().cloned().collect();
    for row in store::by_group(txn, &groups)
        .await
        .doing("loading matches of the same titles")?
    {
        // What was noted before is newer than what is stored.
        round.put_stored(row);
    }
    if !store::knows_works(txn)
        .await
        .doing("loading external ids")?
    {
        return Ok(());
    }
    let mut seen: BTreeSet<String> = groups.iter().cloned().collect();
    for _ in 0..STEPS {
        let current: BTreeSet<&str> = groups.iter().map(String::as_str).collect();
        let rows: Vec<&matched::Model> = round
            .rows
            .values()
            .filter(|row| current.contains(row.group_key.as_str()))
            .collect();
        let said = store::works_of(txn, &rows)
            .await
            .doing("loading external ids")?;
        let works: BTreeSet<(String, String)> = said
            .into_iter()
            .map(|said| (said.source, said.work))
            .filter(|work| !round.works.contains_key(work))
            .collect();
        let works: Vec<(String, String)> = works.into_iter().collect();
        let products = store::of_works(txn, &works)
            .await
            .doing("loading external ids")?;
        let name = |one: &external::Model| format!("{}:{}", one.platform, one.store_id);
        let identities: Vec<String> = products.iter().map(name).collect();
        for row in store::by_identity(txn, &identities)
            .await
            .doing("loading matches")?
        {
            round.put_stored(row);
        }
        for product in products {
            if let Some(id) = round.by_identity.get(&name(&product)).copied() {
                let work = (product.source, product.work);
                round.works.entry(work).or_default().insert(id);
            }
        }
        let tied = round.works.values().flatten();
        groups = tied
            .filter_map(|id| round.rows.get(id))
            .map(|row| row.group_key.clone())
            .filter(|group| seen.insert(group.clone()))
            .collect();
        if groups.is_empty() {
            return Ok(());
        }
        for row in store::by_group(txn, &groups)
            .await
            .doing("loading matches of the same works")?
        {
            round.put_stored(row);
        }
    }
    Ok(())
}
