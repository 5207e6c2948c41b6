//! A database, SQLite or PostgreSQL, behind one pair of handles.

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, EntityTrait,
    Iterable, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

/// Values that one `INSERT` of many rows may have.
///
/// A connection keeps its last hundred statements prepared, and one with so many values takes about
/// a tenth of a megabyte there. More rows at a time are not written faster.
const VALUES: usize = 1_000;

/// How many rows of `E` are written with one `INSERT`.
pub fn rows_of<E: EntityTrait>() -> usize {
    (VALUES / E::Column::iter().count()).max(1)
}

/// Reads go to `read`, every write goes through a transaction of [`Db::begin`].
///
/// On SQLite there is one writing connection in the process, so writers queue for it instead of
/// meeting `SQLITE_BUSY`; readers never wait (WAL). On PostgreSQL both are the same pool.
#[derive(Debug, Clone)]
pub struct Db {
    read: DatabaseConnection,
    write: DatabaseConnection,
}

impl Db {
    /// Made by `platform` or `testkit`, which know how to connect.
    pub const fn new(read: DatabaseConnection, write: DatabaseConnection) -> Self {
        Self { read, write }
    }

    /// For queries.
    pub const fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// The writing handle, for migrations and maintenance; use [`Db::begin`] for work.
    pub const fn write(&self) -> &DatabaseConnection {
        &self.write
    }

    /// Starts a transaction that may write. Nothing of it stays unless it is committed.
    pub async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        self.write
            .begin_with_options(TransactionOptions {
                // Take the write lock at once: a deferred transaction that reads first can fail
                // half-way with SQLITE_BUSY_SNAPSHOT, which no waiting can heal.
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            })
            .await
    }

    /// The same for a transaction that writes a table full, such as an import.
    ///
    /// PostgreSQL settles on a plan after a statement's fifth time and keeps it while the statistics
    /// stay the same, which they do until the transaction ends: one that was made when the table was
    /// empty reads all of it for every look-up. Here every statement is planned for what is there.
    pub async fn begin_bulk(&self) -> Result<DatabaseTransaction, DbErr> {
        let txn = self.begin().await?;
        if self.backend() == DbBackend::Postgres {
            txn.execute_unprepared("SET LOCAL plan_cache_mode = force_custom_plan")
                .await?;
        }
        Ok(txn)
    }

    /// Which of the two it is.
    pub fn backend(&self) -> DbBackend {
        self.read.get_database_backend()
    }
}
