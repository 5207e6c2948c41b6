//! A subscription from its opening to its end.
//!
//! Whoever follows has a stream of their own, until somebody with the same rights follows the same
//! and both have heard the same: from then on there is one stream for both of them ([`audience`]),
//! and an event is fetched, put together and written once. `docs/adr/0029-audiences.md`.

mod audience;
mod event;
mod following;

pub use audience::Audiences;
pub use event::GraphEvent;
pub use following::{Following, Standing};

pub use crate::traffic::Position;

use crate::error::coded;
use async_graphql::Response;
use audience::{Next, Seat};
use djinn_kernel::Code;
use futures_util::{StreamExt, stream::BoxStream};
use std::sync::Arc;

/// How far the stream of a subscription is, and the event that says so.
pub struct Heard {
    /// Where the event leaves the stream; nothing, where its events carry no position.
    pub at: Option<Arc<Position>>,
    /// As the subgraph sent it.
    pub event: Response,
}

/// A stream of one's own.
pub type Own = BoxStream<'static, Heard>;

/// What a follower hears from.
enum Source {
    Own(Arc<Following>, Own),
    Shared(Seat),
}

/// The events of a subscription that has been opened.
pub fn events(following: Following, own: Own) -> BoxStream<'static, GraphEvent> {
    let following = Arc::new(following);
    let audience = following.attend();
    let open = OpenSubscription::new();
    async_stream::stream! {
        let _open = open;
        let mut source = Source::Own(following, own);
        loop {
            source = match source {
                Source::Own(following, mut own) => {
                    let Some(heard) = own.next().await else { return };
                    // Boxed, here and below: room for what an event needs is not kept between two.
                    yield Box::pin(following.show(heard.event)).await;
                    match heard.at {
                        Some(at) => match audience.sit(own, at) {
                            Ok(seat) => Source::Shared(seat),
                            Err(own) => Source::Own(following, own),
                        },
                        // Without a position nobody knows what they have missed.
                        None => Source::Own(following, own),
                    }
                }
                Source::Shared(mut seat) => match seat.next().await {
                    Next::Event(event) => {
                        yield event;
                        Source::Shared(seat)
                    }
                    Next::Over => return,
                    // Too slow for the others, or they are gone: on by oneself, from here.
                    Next::Missed { following, at } => match Box::pin(following.open(Some(at))).await {
                        Ok(own) => Source::Own(following, own),
                        Err(error) => {
                            yield following.refuse(error);
                            return;
                        }
                    },
                },
            };
        }
    }
    .boxed()
}

/// That the part of the hub that has the events does not answer.
pub fn unavailable() -> async_graphql::ServerError {
    coded(
        Code::SubgraphUnavailable,
        "The part of the hub that has these events does not answer.",
    )
}

/// Counts as open while it lives.
struct OpenSubscription;

impl OpenSubscription {
    fn new() -> Self {
        metrics::gauge!("djinn_router_subscriptions").increment(1.0);
        Self
    }
}

impl Drop for OpenSubscription {
    fn drop(&mut self) {
        metrics::gauge!("djinn_router_subscriptions").decrement(1.0);
    }
}
