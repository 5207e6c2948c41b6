//! One event, one handler: bounded in time, and whatever it does, the bus goes on.

use djinn_kernel::{Event, Fault};
use djinn_subgraph_kit::{
    Consumer,
    bus::TOGETHER,
    trace::{Origin, TraceId},
};
use futures_util::FutureExt;
use std::{panic::AssertUnwindSafe, time::Duration};
use tracing::Span;
use uuid::Uuid;

/// A handler that takes longer is asked again later.
const HANDLING: Duration = Duration::from_secs(30);

/// Fewer are handled one by one: each then has its own place in the traces.
const FEW: usize = 4;

/// Whether the consumer has handled each of `events`, in their order, and why not. What fails
/// together is tried one by one, so that one event nobody can digest holds up no other.
pub async fn handle_all(consumer: &dyn Consumer, events: &[Event]) -> Vec<Result<(), String>> {
    let mut handled = Vec::with_capacity(events.len());
    for events in events.chunks(TOGETHER) {
        if events.len() >= FEW && together(consumer, events).await {
            handled.extend(events.iter().map(|_| Ok(())));
            continue;
        }
        for event in events {
            handled.push(handle(consumer, event).await);
        }
    }
    handled
}

/// Whether all were handled together. The work is in the trace of the first; the others' spans say
/// what led to them, and have no length.
async fn together(consumer: &dyn Consumer, events: &[Event]) -> bool {
    let [first, rest @ ..] = events else {
        return true;
    };
    let (origin, span) = traced(consumer, first);
    let handled = origin.run(span, attempt(consumer.handle_all(events))).await;
    if let Err(reason) = handled {
        tracing::debug!(
            consumer = consumer.name(),
            reason,
            "events are tried one by one"
        );
        return false;
    }
    for event in rest {
        drop(traced(consumer, event));
    }
    metrics::counter!("djinn_events_handled_total", "consumer" => consumer.name(), "outcome" => "ok")
        .increment(events.len() as u64);
    true
}

/// Has `consumer` handle `event`, or says who could not and why. A panic counts as a failure: it
/// would otherwise end the task that carries all other events as well.
pub async fn handle(consumer: &dyn Consumer, event: &Event) -> Result<(), String> {
    let (origin, span) = traced(consumer, event);
    let noted = span.clone();
    origin
        .run(span, async move {
            let outcome = attempt(consumer.handle(event)).await;
            let word = if outcome.is_ok() { "ok" } else { "failed" };
            metrics::counter!("djinn_events_handled_total", "consumer" => consumer.name(), "outcome" => word)
                .increment(1);
            outcome.map_err(|reason| {
                noted.record("error", &reason);
                tracing::warn!(reason, "event handler failed");
                format!("{}: {reason}", consumer.name())
            })
        })
        .await
}

/// A trace of its own: one event has several consumers, and may come much later than the work that
/// led to it.
fn traced(consumer: &dyn Consumer, event: &Event) -> (Origin, Span) {
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
    (origin, span)
}

async fn attempt(work: impl Future<Output = Result<(), Fault>>) -> Result<(), String> {
    // A handler's transaction is rolled back when it is dropped, so nothing half-done is seen.
    let handling = AssertUnwindSafe(work).catch_unwind();
    match tokio::time::timeout(HANDLING, handling).await {
        Ok(Ok(Ok(()))) => Ok(()),
        Ok(Ok(Err(fault))) => Err(fault.to_string()),
        Ok(Err(_)) => Err("it panicked".to_owned()),
        Err(_) => Err("it took too long".to_owned()),
    }
}
