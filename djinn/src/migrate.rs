//! Brings the database to this binary's version, once, however many processes start together.

use crate::{ports::check_version, start::StartError};
use djinn_migrations::{Migrator, MigratorTrait};
use djinn_subgraph_kit::Db;
use sea_orm::{ConnectionTrait, DbBackend, TransactionTrait};

/// The number of the lock that processes migrating one PostgreSQL database take turns by.
const LOCK: i64 = 0x0064_6A69_6E6E;

/// Applies what is missing. Returns how many migrations that were.
pub async fn up(db: &Db) -> Result<usize, StartError> {
    check_version(db).await?;
    let failed = |error: sea_orm::DbErr| StartError::Migration(error.to_string());
    // SQLite's writer is alone in its file already; processes on PostgreSQL take turns.
    let turn = if db.backend() == DbBackend::Postgres {
        let turn = db.write().begin().await.map_err(failed)?;
        turn.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})"))
            .await
            .map_err(failed)?;
        Some(turn)
    } else {
        None
    };
    let pending = Migrator::get_pending_migrations(db.write())
        .await
        .map_err(failed)?
        .len();
    Migrator::up(db.write(), None).await.map_err(failed)?;
    if let Some(turn) = turn {
        turn.commit().await.map_err(failed)?;
    }
    Ok(pending)
}
