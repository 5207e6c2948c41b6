//! What a whole list lacks.

use super::entity::run;
use crate::{copy, game::holdings};
use chrono::{DateTime, Utc};
use djinn_kernel::Fault;
use djinn_subgraph_kit::Ports;
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

/// After a whole list: what it lacked for the first time is noted, what it lacks again goes.
pub async fn note(
    txn: &DatabaseTransaction,
    ports: &Ports,
    run: &mut run::Model,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let empty = run.total.unwrap_or(0) == 0;
    let mut after = None;
    loop {
        let gone = copy::store::unseen(txn, run.library_id, run.id, after).await?;
        let Some(last) = gone.last() else {
            return Ok(());
        };
        if empty {
            // A platform that suddenly lists nothing at all is not believed, however often.
            run.message =
                Some("The platform listed no games; what was known before was kept.".to_owned());
            return Ok(());
        }
        after = Some(last.id);
        let (again, first): (Vec<_>, Vec<_>) = gone
            .into_iter()
            .partition(|copy| copy.missing_since.is_some());
        let ids = |copies: &[copy::entity::Model]| -> Vec<Uuid> {
            copies.iter().map(|copy| copy.id).collect()
        };
        copy::store::miss(txn, &ids(&first), now).await?;
        copy::store::remove(txn, &ids(&again), now).await?;
        run.removed += again.len() as i32;
        let games: Vec<Uuid> = again.iter().filter_map(|copy| copy.game_id).collect();
        holdings::refresh(txn, ports, run.household_id, &games).await?;
    }
}
