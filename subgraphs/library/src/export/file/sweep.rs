//! Files whose time is up.

use super::store;
use djinn_kernel::{Doing, Fault};
use djinn_subgraph_kit::{Ports, Worker};
use std::time::Duration;

/// How often it is looked.
const EVERY: Duration = Duration::from_mins(1);

/// Deletes them.
pub fn worker(ports: Ports) -> Worker {
    Worker::new("library.files", move |stop| async move {
        loop {
            match sweep(&ports).await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(fault) => tracing::error!(error = %fault, "deleting old files failed"),
            }
            tokio::select! {
                () = stop.cancelled() => break,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    })
}

/// Deletes some; whether there may be more.
pub async fn sweep(ports: &Ports) -> Result<bool, Fault> {
    let old = store::old(ports.db.read(), ports.clock.now()).await?;
    if old.is_empty() {
        return Ok(false);
    }
    let txn = ports.db.begin().await.doing("deleting old files")?;
    store::delete(&txn, &old).await?;
    txn.commit().await.doing("deleting old files")?;
    Ok(true)
}
