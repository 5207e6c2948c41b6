//! The facts of games that the library searches by, as metadata tells them.

use super::{entity::fact, fold, kind_text, part, store};
use chrono::Datelike;
use djinn_kernel::{Fault, event::GameChanged};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Takes over what metadata says about games, unless it is older than what is known. Every
/// household that holds one of them sees it in its next search.
pub async fn apply(txn: &DatabaseTransaction, changed: &[GameChanged]) -> Result<(), Fault> {
    // One game may have changed several times; by id, so that two transactions never wait for each
    // other.
    let mut newest: BTreeMap<Uuid, &GameChanged> = BTreeMap::new();
    for one in changed {
        let known = newest.entry(one.game.0).or_insert(one);
        if known.revision < one.revision {
            *known = one;
        }
    }
    let rows = newest.into_values().map(row).collect();
    let written = store::take_over(txn, rows).await?;
    let mut held: BTreeMap<Uuid, BTreeSet<Uuid>> = BTreeMap::new();
    let mut holders = store::holders(txn, &written).await?;
    holders.extend(part::wholes(txn, &written).await?);
    for (household, game) in holders {
        held.entry(household).or_default().insert(game);
    }
    for (household, games) in held {
        let rev = store::bump(txn, household).await?;
        store::stamp(txn, household, games, rev).await?;
    }
    Ok(())
}

fn row(changed: &GameChanged) -> fact::Model {
    fact::Model {
        game_id: changed.game.0,
        revision: changed.revision,
        title: changed.title.clone(),
        sort_key: fold::sort_key(&changed.title),
        kind: kind_text(changed.kind).to_owned(),
        released_on: changed.released_on,
        release_year: changed.released_on.map(|date| date.year()),
        genres: serde_json::json!(changed.genres),
        tags: serde_json::json!(changed.tags),
        developers: serde_json::json!(changed.developers),
        esrb: changed.esrb.map(djinn_kernel::Esrb::level),
        boards: changed.boards,
        critic_score: changed.critic_score,
        main_story_minutes: changed.main_story_minutes,
        enriched: changed.enriched,
    }
}

/// How many games a library holds, and of how many of them a provider has answered: the progress
/// of a sync's last stage.
pub async fn enriched_count(
    conn: &impl ConnectionTrait,
    library: Uuid,
) -> Result<(u64, u64), Fault> {
    store::enriched(conn, library).await
}
