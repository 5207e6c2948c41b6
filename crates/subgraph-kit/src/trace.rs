//! Where the work at hand stands in its trace, and the spans that say so.
//!
//! A place is carried along with a task, not in arguments: what a resolver appends to the outbox
//! belongs to the request it answers, however far down that is. Spans are those of `tracing`; a
//! span that others refer to (a header, an event) is made by [`Origin::span`], under the id that
//! they are told. Whoever collects spans asks [`being_made`] for it; to everybody else it is
//! invisible, and free.

use crate::RequestId;
use djinn_kernel::TraceParent;
use futures_util::{Stream, stream::BoxStream};
use http::{HeaderMap, HeaderValue};
use std::{
    cell::Cell,
    fmt,
    pin::Pin,
    task::{Context, Poll},
};
use tracing::{Instrument, Span};
use uuid::Uuid;

/// The header of W3C Trace Context.
pub const HEADER: &str = "traceparent";

tokio::task_local! {
    static HERE: TraceParent;
}

thread_local! {
    static BEING_MADE: Cell<Option<Origin>> = const { Cell::new(None) };
}

/// Where the work at hand stands; nothing outside of requests and events.
pub fn here() -> Option<TraceParent> {
    HERE.try_with(|here| *here).ok()
}

/// Does `work` where `place` says.
pub async fn at<F: Future>(place: TraceParent, work: F) -> F::Output {
    HERE.scope(place, work).await
}

/// Where a span stands, and what it comes of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// Its own place.
    pub here: TraceParent,
    /// The span that it is a part of, here or in another process.
    pub parent: Option<u64>,
    /// The span in another trace that led to it.
    pub link: Option<TraceParent>,
}

impl Origin {
    /// The first of a new trace, which is called like `id`.
    pub fn root(id: Uuid) -> Self {
        Self {
            here: TraceParent::root(id),
            parent: None,
            link: None,
        }
    }

    /// A part of what stands at `parent`.
    pub fn under(parent: TraceParent) -> Self {
        Self {
            here: parent.child(),
            parent: Some(parent.span_id()),
            link: None,
        }
    }

    /// A part of the work at hand; of a new trace, where there is none.
    pub fn of(parent: Option<TraceParent>, id: impl FnOnce() -> Uuid) -> Self {
        parent.map_or_else(|| Self::root(id()), Self::under)
    }

    /// The first of a new trace, which `link` led to.
    #[must_use]
    pub fn led_to_by(mut self, link: Option<TraceParent>) -> Self {
        if let Some(link) = link {
            self.here = self.here.sampled(link.is_sampled());
            self.link = Some(link);
        }
        self
    }

    /// Makes the span that stands here.
    pub fn span(&self, make: impl FnOnce() -> Span) -> Span {
        BEING_MADE.set(Some(*self));
        let span = make();
        BEING_MADE.set(None);
        span
    }

    /// Does `work` here, in its span.
    pub async fn run<F: Future>(self, span: Span, work: F) -> F::Output {
        HERE.scope(self.here, work.instrument(span)).await
    }
}

/// For whoever collects spans: where the one stands that is made at this moment. Nothing for one
/// that nobody else refers to; it is a part of the span around it.
pub fn being_made() -> Option<Origin> {
    BEING_MADE.get()
}

/// A trace's id as it is written: 32 digits.
pub struct TraceId(pub TraceParent);

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0.trace_id())
    }
}

/// What a request's headers say. Several, or a malformed one, say nothing.
pub fn of_headers(headers: &HeaderMap) -> Option<TraceParent> {
    let mut found = headers.get_all(HEADER).iter();
    let (Some(only), None) = (found.next(), found.next()) else {
        return None;
    };
    TraceParent::parse(only.to_str().ok()?)
}

/// The request's id that a client has chosen, if it is a plain word.
pub fn request_id(headers: &HeaderMap) -> Option<RequestId> {
    let id = headers.get("x-request-id")?.to_str().ok()?;
    let plain = (1..=64).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    plain.then(|| RequestId(id.into()))
}

/// Tells whoever is asked where the work at hand stands.
pub fn tell(headers: &mut HeaderMap) {
    if let Some(Ok(value)) = here().map(|here| HeaderValue::try_from(here.to_string())) {
        headers.insert(HEADER, value);
    }
}

/// Work that stays where it was begun, whichever task goes on with it.
pub fn carry<F: Future>(work: F) -> impl Future<Output = F::Output> {
    let work = work.in_current_span();
    let here = here();
    async move {
        match here {
            Some(here) => HERE.scope(here, work).await,
            None => work.await,
        }
    }
}

/// Events that come about where `origin` stands, in its span, whoever asks for the next one.
pub fn stream<T: 'static>(
    origin: Option<TraceParent>,
    span: Span,
    events: BoxStream<'static, T>,
) -> BoxStream<'static, T> {
    Box::pin(Carried {
        here: origin,
        span,
        events,
    })
}

struct Carried<T> {
    here: Option<TraceParent>,
    span: Span,
    events: BoxStream<'static, T>,
}

impl<T> Stream for Carried<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let Self { here, span, events } = &mut *self;
        let _entered = span.enter();
        match here {
            Some(here) => HERE.sync_scope(*here, || events.as_mut().poll_next(cx)),
            None => events.as_mut().poll_next(cx),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::StreamExt;

    fn given() -> TraceParent {
        TraceParent::parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").unwrap()
    }

    #[tokio::test]
    async fn work_knows_where_it_stands_also_on_another_task() {
        assert_eq!(here(), None);
        let origin = Origin::under(given());
        assert_eq!(origin.parent, Some(given().span_id()));
        origin
            .run(Span::none(), async move {
                assert_eq!(here(), Some(origin.here));
                let carried = carry(async { here() });
                assert_eq!(tokio::spawn(carried).await.unwrap(), Some(origin.here));
                assert_eq!(tokio::spawn(async { here() }).await.unwrap(), None);
            })
            .await;
    }

    #[tokio::test]
    async fn a_stream_stays_where_it_was_opened() {
        let events = futures_util::stream::iter([(), ()])
            .map(|()| here())
            .boxed();
        let seen: Vec<_> = stream(Some(given()), Span::none(), events).collect().await;
        assert_eq!(seen, [Some(given()), Some(given())]);
    }

    #[test]
    fn several_headers_say_nothing() {
        let mut headers = HeaderMap::new();
        assert_eq!(of_headers(&headers), None);
        let value = HeaderValue::try_from(given().to_string()).unwrap();
        headers.append(HEADER, value.clone());
        assert_eq!(of_headers(&headers), Some(given()));
        headers.append(HEADER, value);
        assert_eq!(of_headers(&headers), None);
    }

    #[test]
    fn only_the_span_that_is_made_has_the_origin() {
        let origin = Origin::root(Uuid::from_u128(7)).led_to_by(Some(given().sampled(false)));
        assert!(!origin.here.is_sampled());
        origin.span(|| {
            assert_eq!(being_made(), Some(origin));
            Span::none()
        });
        assert_eq!(being_made(), None);
    }
}
