//! One event, one handler: bounded in time, and whatever it does, the bus goes on.

use djinn_kernel::Event;
use djinn_subgraph_kit::Consumer;
use futures_util::FutureExt;
use std::{panic::AssertUnwindSafe, time::Duration};

/// A handler that takes longer is asked again later.
const HANDLING: Duration = Duration::from_secs(30);

/// Whether `consumer` has handled `event`. A panic counts as a failure: it would otherwise end the
/// task that carries all other events as well.
pub async fn handle(consumer: &dyn Consumer, event: &Event) -> bool {
    // A handler's transaction is rolled back when it is dropped, so nothing half-done is seen.
    let handling = AssertUnwindSafe(consumer.handle(event)).catch_unwind();
    let reason = match tokio::time::timeout(HANDLING, handling).await {
        Ok(Ok(Ok(()))) => return true,
        Ok(Ok(Err(fault))) => fault.to_string(),
        Ok(Err(_)) => "it panicked".to_owned(),
        Err(_) => "it took too long".to_owned(),
    };
    tracing::warn!(consumer = consumer.name(), kind = event.kind, event = %event.id, reason, "event handler failed");
    false
}
