//! A database with all tables and nothing in them, to be copied: that takes a fraction of what the
//! migrations take.

use super::{connect, open, replace_database};
use djinn_migrations::{Migrator, MigratorTrait};
use djinn_platform::database::Settings;
use sea_orm::ConnectionTrait;

/// Of all the processes of the tests, one makes the template while it holds this.
const LOCK: i64 = 0x0064_6a69_6e6e;

/// Its name: only on a server that is thrown away with the tests. On one that stays, that of an older
/// version would be taken for this one's.
#[expect(
    clippy::disallowed_methods,
    reason = "tests choose their database by the environment"
)]
pub fn name() -> Option<String> {
    std::env::var("TEST_DATABASE_TEMPLATE")
        .ok()
        .filter(|name| !name.is_empty())
}

/// Makes it, unless it is there.
pub async fn ensure(admin: &str, name: &str) {
    // One connection holds the lock, the other makes databases, which no transaction may.
    let server = connect(&Settings {
        url: admin.to_owned(),
        max_connections: 2,
    })
    .await
    .expect("TEST_DATABASE_URL can be reached");
    let lock = server.begin().await.expect("a transaction begins");
    lock.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})"))
        .await
        .expect("the lock is to be had");
    let there = lock
        .execute_unprepared(&format!(
            "SELECT 1 FROM pg_database WHERE datname = '{name}'"
        ))
        .await
        .expect("databases can be listed");
    if there.rows_affected() == 0 {
        make(&server, admin, name).await;
    }
    lock.commit().await.expect("the lock is given back");
}

/// Under another name until it is whole: whoever made it may be killed meanwhile.
async fn make(server: &djinn_subgraph_kit::Db, admin: &str, name: &str) {
    let making = format!("{name}_making");
    let run = async |statement: String| {
        server
            .write()
            .execute_unprepared(&statement)
            .await
            .expect("TEST_DATABASE_URL may create databases");
    };
    run(format!("DROP DATABASE IF EXISTS {making} WITH (FORCE)")).await;
    run(format!("CREATE DATABASE {making}")).await;
    let db = open(&replace_database(admin, &making)).await;
    Migrator::up(db.write(), None)
        .await
        .expect("the migrations run");
    // Nobody may be in it while it is renamed or copied.
    for handle in [db.read(), db.write()] {
        handle.close_by_ref().await.expect("it can be left");
    }
    run(format!("ALTER DATABASE {making} RENAME TO {name}")).await;
}
