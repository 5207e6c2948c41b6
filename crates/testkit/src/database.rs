//! A database for one test.

mod template;

use djinn_migrations::{Migrator, MigratorTrait};
use djinn_platform::database::{ConnectError, Settings, connect_within};
use djinn_subgraph_kit::Db;
use sea_orm::{ConnectionTrait, DatabaseConnection};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use uuid::Uuid;

/// A migrated, empty database that goes away with this value.
pub struct TestDatabase {
    /// Its handles, which count what they are asked.
    pub db: Db,
    /// Its URL, to start a real hub on it.
    pub url: String,
    queries: Arc<AtomicUsize>,
    statements: Arc<AtomicUsize>,
    place: Place,
}

enum Place {
    File(#[expect(dead_code, reason = "removed on drop")] tempfile::TempDir),
    Server { admin: String, name: String },
}

/// The server to test on, when there is one.
#[expect(
    clippy::disallowed_methods,
    reason = "tests choose their database by the environment"
)]
pub fn server_url() -> Option<String> {
    std::env::var("TEST_DATABASE_URL")
        .ok()
        .filter(|url| !url.is_empty())
}

impl TestDatabase {
    /// A new one: on `TEST_DATABASE_URL` if that is set, otherwise a SQLite file.
    ///
    /// # Panics
    /// When the database cannot be made: a test cannot go on without.
    pub async fn create() -> Self {
        if let (Some(admin), Some(template)) = (server_url(), template::name()) {
            template::ensure(&admin, &template).await;
            return Self::made(&format!("TEMPLATE {template}")).await;
        }
        let database = Self::create_empty().await;
        Migrator::up(database.db.write(), None)
            .await
            .expect("the migrations run");
        database
    }

    /// A new one without tables.
    ///
    /// # Panics
    /// As [`TestDatabase::create`].
    pub async fn create_empty() -> Self {
        Self::made("").await
    }

    async fn made(how: &str) -> Self {
        let (url, place) = match server_url() {
            Some(admin) => {
                let name = format!("djinn_test_{}", unique().simple());
                let server = connect(&Settings {
                    url: admin.clone(),
                    max_connections: 2,
                })
                .await
                .expect("TEST_DATABASE_URL can be reached");
                server
                    .write()
                    .execute_unprepared(&format!("CREATE DATABASE {name} {how}"))
                    .await
                    .expect("TEST_DATABASE_URL may create databases");
                (
                    replace_database(&admin, &name),
                    Place::Server { admin, name },
                )
            }
            None => {
                let directory = tempfile::tempdir().expect("a temporary folder");
                let url = format!("sqlite:{}", directory.path().join("djinn.db").display());
                (url, Place::File(directory))
            }
        };
        let db = open(&url).await;
        let (queries, statements) = (Arc::default(), Arc::default());
        let db = Db::new(
            count(db.read().clone(), &queries),
            count(db.write().clone(), &statements),
        );
        Self {
            db,
            url,
            queries,
            statements,
            place,
        }
    }

    /// The same database as a process sees it that was started anew; its queries are not counted.
    ///
    /// # Panics
    /// When the database cannot be opened: a test cannot go on without.
    pub async fn open_again(&self) -> Db {
        open(&self.url).await
    }

    /// How many queries were read since the last call.
    pub fn take_query_count(&self) -> usize {
        self.queries.swap(0, Ordering::Relaxed)
    }

    /// How many statements transactions made since the last call, those that only read too.
    pub fn take_statement_count(&self) -> usize {
        self.statements.swap(0, Ordering::Relaxed)
    }
}

/// A hundred who write at once share a few connections, on a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_mins(1);

async fn connect(settings: &Settings) -> Result<Db, ConnectError> {
    connect_within(settings, PATIENCE).await
}

async fn open(url: &str) -> Db {
    connect(&Settings {
        url: url.to_owned(),
        max_connections: 4,
    })
    .await
    .expect("the database opens")
}

fn count(mut connection: DatabaseConnection, queries: &Arc<AtomicUsize>) -> DatabaseConnection {
    let queries = Arc::clone(queries);
    connection.set_metric_callback(move |_| {
        queries.fetch_add(1, Ordering::Relaxed);
    });
    connection
}

#[expect(
    clippy::disallowed_methods,
    reason = "names of throw-away databases must not collide"
)]
fn unique() -> Uuid {
    Uuid::now_v7()
}

fn replace_database(url: &str, name: &str) -> String {
    let (head, query) = url
        .split_once('?')
        .map_or((url, None), |(head, query)| (head, Some(query)));
    let base = head.rfind('/').map_or(head, |slash| &head[..slash]);
    query.map_or_else(
        || format!("{base}/{name}"),
        |query| format!("{base}/{name}?{query}"),
    )
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Place::Server { admin, name } = &self.place else {
            return;
        };
        let (admin, name) = (admin.clone(), name.clone());
        // A drop cannot wait, and the test's runtime may be gone already.
        let cleaner = std::thread::spawn(move || {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
            else {
                return;
            };
            runtime.block_on(async {
                if let Ok(server) = connect(&Settings {
                    url: admin,
                    max_connections: 2,
                })
                .await
                {
                    drop(
                        server
                            .write()
                            .execute_unprepared(&format!(
                                "DROP DATABASE IF EXISTS {name} WITH (FORCE)"
                            ))
                            .await,
                    );
                }
            });
        });
        drop(cleaner.join());
    }
}
