//! A database, SQLite or PostgreSQL, behind one pair of handles.

use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};

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

    /// Which of the two it is.
    pub fn backend(&self) -> DbBackend {
        self.read.get_database_backend()
    }
}
