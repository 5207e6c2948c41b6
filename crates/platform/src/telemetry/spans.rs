//! From the spans of `tracing` to those of OpenTelemetry, under the ids that the kit has given.
//!
//! A bridge of our own, because the ids are told to others (in headers, with events) whether or not
//! anybody collects spans; `tracing-opentelemetry` makes its ids itself, where nobody else sees them.

use djinn_kernel::TraceParent;
use djinn_subgraph_kit::trace::{self, Origin};
use opentelemetry::{
    InstrumentationScope, KeyValue,
    trace::{Link, SpanContext, SpanId, SpanKind, Status, TraceFlags, TraceId, TraceState},
};
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanLinks, SpanProcessor};
use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime},
};
use tracing::{
    Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};
use tracing_subscriber::{Layer, layer::Context, registry::LookupSpan};

/// The longest text of one attribute, in bytes.
const LONGEST: usize = 1024;

/// Hands ended spans to a processor, which must not block.
pub struct Spans<P> {
    processor: Arc<P>,
    scope: InstrumentationScope,
    /// Of 2^56 traces, so many are kept.
    kept: u64,
}

impl<P: SpanProcessor> Spans<P> {
    /// Of all traces that are wanted, this share: the same ones in every process with the same
    /// share, by the trace's id (W3C Trace Context, level 2: its last 56 bits are random).
    pub fn new(processor: Arc<P>, share: f64) -> Self {
        Self {
            processor,
            scope: InstrumentationScope::builder("game-djinn")
                .with_version(env!("CARGO_PKG_VERSION"))
                .build(),
            kept: (share.clamp(0.0, 1.0) * (1_u64 << 56) as f64) as u64,
        }
    }

    fn keeps(&self, here: TraceParent) -> bool {
        let random = here.trace_id() as u64 & ((1 << 56) - 1);
        here.is_sampled() && random < self.kept
    }
}

/// A span that has not ended, kept with it.
struct Open {
    origin: Origin,
    start: SystemTime,
    said: Said,
}

/// What a span's fields say.
#[derive(Default)]
struct Said {
    attributes: Vec<KeyValue>,
    /// It took so long, and is over when it is made.
    took: Option<Duration>,
    failed: Option<String>,
}

impl Said {
    fn add(&mut self, field: &Field, value: impl Into<opentelemetry::Value>) {
        let value = value.into();
        let name = attribute(field.name());
        // A field that is recorded again has changed its mind.
        self.attributes.retain(|known| known.key.as_str() != name);
        self.attributes.push(KeyValue::new(name, value));
    }
}

/// Our short words, as OpenTelemetry's semantic conventions write them.
fn attribute(field: &'static str) -> &'static str {
    match field {
        "method" => "http.request.method",
        "status" => "http.response.status_code",
        "kind" => "graphql.operation.type",
        "operation" => "graphql.operation.name",
        "sql" => "db.query.text",
        "consumer" => "messaging.consumer.group.name",
        "event" => "messaging.message.id",
        other => other,
    }
}

fn kind(name: &str) -> SpanKind {
    match name {
        "request" | "serve" => SpanKind::Server,
        "fetch" | "query" => SpanKind::Client,
        "event" => SpanKind::Consumer,
        _ => SpanKind::Internal,
    }
}

impl Visit for Said {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "took_us" {
            self.took = Some(Duration::from_micros(value));
        } else {
            self.add(field, i64::try_from(value).unwrap_or(i64::MAX));
        }
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let value = cut(value).to_owned();
        if field.name() == "error" {
            self.failed = Some(value);
        } else {
            self.add(field, value);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}

fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST)]
}

impl<S, P> Layer<S> for Spans<P>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    P: SpanProcessor + 'static,
{
    fn on_new_span(&self, fields: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let around = || {
            span.scope().skip(1).find_map(|around| {
                let extensions = around.extensions();
                extensions.get::<Open>().map(|open| open.origin.here)
            })
        };
        let Some(origin) = trace::being_made().or_else(|| around().map(Origin::under)) else {
            // Of no request and no event: a start, a sweep.
            return;
        };
        if !self.keeps(origin.here) {
            return;
        }
        let mut said = Said::default();
        fields.record(&mut said);
        let now = SystemTime::now();
        let open = Open {
            origin,
            start: said
                .took
                .and_then(|took| now.checked_sub(took))
                .unwrap_or(now),
            said,
        };
        span.extensions_mut().insert(open);
    }

    fn on_record(&self, id: &Id, fields: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(open) = span.extensions_mut().get_mut::<Open>()
        {
            fields.record(&mut open.said);
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else {
            return;
        };
        let Some(Open {
            origin,
            start,
            said,
        }) = span.extensions_mut().remove::<Open>()
        else {
            return;
        };
        let mut links = SpanLinks::default();
        let link = origin
            .link
            .map(|link| Link::with_context(context_of(link, true)));
        links.links.extend(link);
        self.processor.on_end(SpanData {
            span_context: context_of(origin.here, false),
            parent_span_id: origin.parent.map_or(SpanId::INVALID, SpanId::from),
            parent_span_is_remote: matches!(span.name(), "request" | "serve"),
            span_kind: kind(span.name()),
            name: span.name().into(),
            start_time: start,
            end_time: SystemTime::now(),
            attributes: said.attributes,
            dropped_attributes_count: 0,
            events: SpanEvents::default(),
            links,
            status: said.failed.map_or(Status::Unset, Status::error),
            instrumentation_scope: self.scope.clone(),
        });
    }
}

fn context_of(place: TraceParent, remote: bool) -> SpanContext {
    let flags = if place.is_sampled() {
        TraceFlags::SAMPLED
    } else {
        TraceFlags::default()
    };
    SpanContext::new(
        TraceId::from(place.trace_id()),
        SpanId::from(place.span_id()),
        flags,
        remote,
        TraceState::default(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use opentelemetry::Context as Around;
    use opentelemetry_sdk::{error::OTelSdkResult, trace::Span as Started};
    use std::sync::{Mutex, PoisonError};
    use tracing_subscriber::layer::SubscriberExt;

    #[derive(Debug, Default)]
    struct Kept(Mutex<Vec<SpanData>>);

    impl SpanProcessor for Kept {
        fn on_start(&self, _: &mut Started, _: &Around) {}
        fn on_end(&self, span: SpanData) {
            self.0
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(span);
        }
        fn force_flush(&self) -> OTelSdkResult {
            Ok(())
        }
        fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
            Ok(())
        }
    }

    fn seen(share: f64, work: impl FnOnce()) -> Vec<SpanData> {
        let kept = Arc::new(Kept::default());
        let spans = Spans::new(Arc::clone(&kept), share);
        tracing::subscriber::with_default(tracing_subscriber::registry().with(spans), work);
        let mut kept = kept.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *kept)
    }

    fn given() -> TraceParent {
        TraceParent::parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").unwrap()
    }

    #[test]
    fn a_span_stands_where_it_was_told_to_and_what_is_inside_stands_below_it() {
        let origin = Origin::under(given());
        let spans = seen(1.0, || {
            let span =
                origin.span(|| tracing::info_span!("request", status = tracing::field::Empty));
            let entered = span.enter();
            drop(tracing::debug_span!(
                "query",
                took_us = 250_000_u64,
                sql = "SELECT ?"
            ));
            drop(entered);
            span.record("status", 200_u64);
        });
        let [query, request] = spans.as_slice() else {
            panic!("{spans:?}")
        };
        assert_eq!(
            request.span_context.span_id(),
            SpanId::from(origin.here.span_id())
        );
        assert_eq!(request.parent_span_id, SpanId::from(given().span_id()));
        assert_eq!(request.span_kind, SpanKind::Server);
        assert!(
            request
                .attributes
                .contains(&KeyValue::new("http.response.status_code", 200_i64))
        );
        assert_eq!(query.parent_span_id, request.span_context.span_id());
        assert_eq!(
            query.span_context.trace_id(),
            TraceId::from(given().trace_id())
        );
        assert!(
            query
                .attributes
                .contains(&KeyValue::new("db.query.text", "SELECT ?"))
        );
        let took = query.end_time.duration_since(query.start_time).unwrap();
        assert!(took >= Duration::from_millis(250));
    }

    #[test]
    fn what_led_to_a_span_is_linked_and_an_error_is_its_status() {
        let spans = seen(1.0, || {
            let origin = Origin::root(uuid::Uuid::from_u128(5)).led_to_by(Some(given()));
            drop(origin.span(|| tracing::info_span!("event", error = "it broke")));
        });
        assert_eq!(
            spans[0].links[0].span_context.span_id(),
            SpanId::from(given().span_id())
        );
        assert_eq!(spans[0].status, Status::error("it broke"));
        assert_eq!(spans[0].parent_span_id, SpanId::INVALID);
    }

    #[test]
    fn what_nobody_wants_and_what_is_of_no_trace_is_not_collected() {
        let spans = seen(1.0, || {
            let origin = Origin::under(given().sampled(false));
            let span = origin.span(|| tracing::info_span!("request"));
            span.in_scope(|| drop(tracing::info_span!("prepare")));
            drop(tracing::info_span!("start"));
        });
        assert!(spans.is_empty());
    }

    #[test]
    fn of_many_traces_the_share_is_collected_that_was_asked_for() {
        let spans = seen(0.25, || {
            for number in 0..4000_u64 {
                let random = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
                let id = uuid::Uuid::from_u64_pair(1, random);
                drop(Origin::root(id).span(|| tracing::info_span!("request")));
            }
        });
        assert!((900..1100).contains(&spans.len()), "{}", spans.len());
    }
}
