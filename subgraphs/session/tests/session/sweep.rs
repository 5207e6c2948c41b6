use crate::{
    hub::{Hub, PASSWORD},
    rooms::{act, change, create},
};
use chrono::TimeDelta;
use djinn_session::{Config, Session};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;
use tokio_util::sync::CancellationToken;

async fn rows(hub: &Hub, table: &str) -> i64 {
    let db = hub.world.ports.db.read();
    let sql = format!("SELECT count(*) AS n FROM {table}");
    let row = db
        .query_one_raw(Statement::from_string(db.get_database_backend(), sql))
        .await
        .unwrap()
        .unwrap();
    row.try_get("", "n").unwrap()
}

async fn sweep(hub: &Hub) {
    let parts = Session::assemble(hub.world.ports.clone(), Config::default());
    // Told to stop before it starts, it sweeps once.
    let stop = CancellationToken::new();
    stop.cancel();
    for worker in parts.workers {
        worker.start(stop.clone()).await;
    }
}

#[tokio::test]
async fn what_ended_a_month_ago_is_thrown_away_and_nothing_else() {
    let hub = Hub::new().await;
    let tokens = hub.set_up().await;
    let ann = hub.viewer(&tokens).await;
    hub.login("Ann", "not her password").await;
    let closed = create(&hub, &ann, json!({ "name": "Closed" })).await["room"]["id"].take();
    act(&hub, &ann, &closed, 1, json!({ "a": 1 })).await;
    change(&hub, &ann, "closeRoom", &closed).await;
    create(&hub, &ann, json!({ "name": "Open" })).await;
    hub.world.clock.advance(TimeDelta::days(30));
    sweep(&hub).await;
    assert_eq!(rows(&hub, "session_login").await, 1);
    assert_eq!(rows(&hub, "session_room").await, 2);
    assert_eq!(rows(&hub, "session_login_guard").await, 0);

    hub.login("Ann", PASSWORD).await;
    hub.world.clock.advance(TimeDelta::days(29));
    sweep(&hub).await;
    assert_eq!(rows(&hub, "session_room").await, 1);
    assert_eq!(rows(&hub, "session_seat").await, 1);
    assert_eq!(rows(&hub, "session_room_log").await, 1);
    hub.world.clock.advance(TimeDelta::days(2));
    sweep(&hub).await;
    assert_eq!(rows(&hub, "session_login").await, 1);
    assert_eq!(rows(&hub, "session_refresh").await, 1);
}
