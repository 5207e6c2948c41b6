//! One event, one handler: bounded in time, and whatever it does, the bus goes on.

use djinn_kernel::Event;
use djinn_subgraph_kit::{
    Consumer,
    trace::{Origin, TraceId},
};
use futures_util::FutureExt;
use std::{panic::AssertUnwindSafe, time::Duration};
use uuid::Uuid;

/// A handler that takes longer is asked again later.
const HANDLING: Duration = Duration::from_secs(30);

/// Whether `consumer` has handled `event`. A panic counts as a failure: it would otherwise end the
/// task that carries all other events as well.
pub async fn handle(consumer: &dyn Consumer, event: &Event) -> bool {
    // A trace of its own: one event has several consumers, and may come much later than the work
    // that led to it.
    let mut id = event.id.0.as_u128();
    for byte in consumer.name().bytes() {
        id = id.rotate_left(8) ^ u128::from(byte).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    let origin = Origin::root(Uuid::from_u128(id)).led_to_by(event.trace);
    let span = origin.span(|| {
        tracing::info_span!(
            "event",
            consumer = consumer.name(),
            event_kind = event.kind,
            event = %event.id,
            trace_id = %TraceId(origin.here),
            error = tracing::field::Empty,
        )
    });
    let noted = span.clone();
    origin
        .run(span, async move {
            let outcome = attempt(consumer, event).await;
            let word = if outcome.is_ok() { "ok" } else { "failed" };
            metrics::counter!("djinn_events_handled_total", "consumer" => consumer.name(), "outcome" => word)
                .increment(1);
            let Err(reason) = outcome else { return true };
            noted.record("error", &reason);
            tracing::warn!(reason, "event handler failed");
            false
        })
        .await
}

async fn attempt(consumer: &dyn Consumer, event: &Event) -> Result<(), String> {
    // A handler's transaction is rolled back when it is dropped, so nothing half-done is seen.
    let handling = AssertUnwindSafe(consumer.handle(event)).catch_unwind();
    match tokio::time::timeout(HANDLING, handling).await {
        Ok(Ok(Ok(()))) => Ok(()),
        Ok(Ok(Err(fault))) => Err(fault.to_string()),
        Ok(Err(_)) => Err("it panicked".to_owned()),
        Err(_) => Err("it took too long".to_owned()),
    }
}
