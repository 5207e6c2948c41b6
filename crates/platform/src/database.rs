//! Connects to SQLite or PostgreSQL.

use djinn_kernel::{Doing, Fault};
use djinn_subgraph_kit::Db;
use sea_orm::{ConnectOptions, Database, DatabaseConnection};
use std::time::Duration;

/// How to connect.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `sqlite:path/to/file.db` or `postgres://user:password@host/database`.
    pub url: String,
    /// The most connections of one process (SQLite: the most readers).
    pub max_connections: u32,
}

/// What is wrong with a database URL.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Neither of the two schemes.
    #[error("a database URL starts with `sqlite:` or `postgres://`, not `{0}`")]
    Scheme(String),
    /// `sqlite::memory:` gives every pooled connection a database of its own.
    #[error("`sqlite::memory:` cannot be used: give a file, for instance `sqlite:data/djinn.db`")]
    InMemory,
    /// The server or file does not let us in.
    #[error(transparent)]
    Connect(#[from] Fault),
}

/// Waiting longer for a connection means the database is down, not busy. Whoever asked is told within
/// three seconds.
const ACQUIRE: Duration = Duration::from_millis(2_500);
/// SQLite's connections are queued for inside the process, above all its one writing connection;
/// under a burst, as when all clients come back at once, that queue is the normal case, so it is
/// given more patience than a dead server gets.
const QUEUE: Duration = Duration::from_secs(20);

/// How many KiB of pages the one connection keeps that writes …
const WRITER_CACHE: u32 = 8 * 1024;
/// … and each of those that read. The system keeps the file's pages too, and a copy from there costs
/// a microsecond; eight times as much of a connection's own would be most of what a hub takes.
const READER_CACHE: u32 = 2 * 1024;

/// Connects, without migrating.
pub async fn connect(settings: &Settings) -> Result<Db, ConnectError> {
    connect_within(settings, ACQUIRE).await
}

/// The same, where a connection to a server may take as long as `acquire`: many at once on a machine
/// that is busy, as tests are, wait longer than people should.
pub async fn connect_within(settings: &Settings, acquire: Duration) -> Result<Db, ConnectError> {
    let url = settings.url.as_str();
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        let mut options = quiet(url);
        options
            .max_connections(settings.max_connections.max(2))
            .acquire_timeout(acquire)
            .connect_timeout(acquire)
            .test_before_acquire(true)
            .set_application_name("game-djinn");
        let pool = open(options).await?;
        return Ok(Db::new(pool.clone(), pool));
    }
    let Some(path) = url.strip_prefix("sqlite:") else {
        let scheme = url.split(':').next().unwrap_or_default();
        return Err(ConnectError::Scheme(scheme.to_owned()));
    };
    if path.contains(":memory:") || path.is_empty() {
        return Err(ConnectError::InMemory);
    }
    let base = url.split('?').next().unwrap_or(url);
    // The writer first: it creates the file and turns it to WAL.
    let write = open(sqlite(&format!("{base}?mode=rwc"), 1, QUEUE, WRITER_CACHE)).await?;
    let read = open(sqlite(
        &format!("{base}?mode=rw"),
        settings.max_connections.max(1),
        QUEUE,
        READER_CACHE,
    ))
    .await?;
    Ok(Db::new(read, write))
}

fn quiet(url: &str) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.sqlx_logging(false);
    options
}

fn sqlite(url: &str, connections: u32, acquire: Duration, cache: u32) -> ConnectOptions {
    let mut options = quiet(url);
    options
        .max_connections(connections)
        .acquire_timeout(acquire)
        .idle_timeout(None)
        .max_lifetime(None)
        .map_sqlx_sqlite_opts(move |options| {
            options
                .pragma("journal_mode", "WAL")
                // FULL: a commit that was acknowledged survives a power cut, not only kill -9.
                .pragma("synchronous", "FULL")
                .pragma("foreign_keys", "ON")
                .pragma("temp_store", "MEMORY")
                .pragma("cache_size", format!("-{cache}"))
                // Another process (a backup, `djinn seed`) may hold the lock for a moment.
                .busy_timeout(Duration::from_secs(15))
        });
    options
}

#[expect(clippy::disallowed_methods, reason = "this is the door")]
async fn open(options: ConnectOptions) -> Result<DatabaseConnection, Fault> {
    let mut pool = Database::connect(options)
        .await
        .doing("connecting to the database")?;
    pool.set_metric_callback(|done| {
        metrics::histogram!("djinn_database_seconds").record(done.elapsed.as_secs_f64());
        // Made when it is over: what it took is in it. The values are not.
        let failed = done.failed.then_some("the statement failed");
        drop(tracing::debug_span!(
            "query",
            took_us = u64::try_from(done.elapsed.as_micros()).unwrap_or(u64::MAX),
            sql = done.statement.sql.as_str(),
            error = failed,
        ));
    });
    Ok(pool)
}
