//! A subscription that outlives its connection.
//!
//! A stream that breaks off ends for the client with a typed error, unless its events carry a
//! position ([`super::resume`]): then it is opened again, from that position where the subgraph can
//! do that, or else with the whole state as its first event.

use super::{
    Failed, Told,
    lane::{Lane, jittered},
    resume::{Position, Resumable},
};
use crate::{
    error::code_of,
    subscription::{Heard, Own},
};
use async_graphql::{Response, Value};
use djinn_kernel::Code;
use djinn_subgraph_kit::Call;
use futures_util::{StreamExt, stream::BoxStream};
use std::{sync::Arc, time::Duration};
use tokio::time::{Instant, sleep};

/// For so long it is tried again, without an event; then the client hears that it broke off. Longer
/// than a process needs to be replaced, shorter than a person waits.
const PATIENCE: Duration = Duration::from_secs(15);
/// The pause before the first try; each is twice as long, and jittered, …
const FIRST: Duration = Duration::from_millis(100);
/// … up to this.
const LONGEST: Duration = Duration::from_secs(1);

/// Opens it, from its beginning or behind a position.
pub async fn open(
    lane: Arc<Lane>,
    mut call: Call,
    resumable: Option<Arc<Resumable>>,
    told: Told,
    mut at: Option<Arc<Position>>,
) -> Result<Own, Failed> {
    if let Some(resumable) = &resumable {
        call.query = Arc::clone(&resumable.first);
    }
    let mut gives_up = at.is_some().then(|| Instant::now() + PATIENCE);
    let mut events = match (&resumable, gives_up) {
        (Some(resumable), Some(end)) => {
            let again = resumable.again(&call, at.as_deref());
            reopen(&lane, again, end).await.ok_or(Failed::Unavailable)?
        }
        _ => lane.subscribe(call.clone()).await?,
    };
    Ok(async_stream::stream! {
        loop {
            let Some(event) = events.next().await else { return };
            if !broke_off(&event) {
                let position = |resumable: &Arc<Resumable>| resumable.position(&event.data);
                let reached = resumable.as_ref().and_then(position).map(Arc::new);
                // The first event after a break may say what the client has heard already.
                let heard = gives_up.take().is_some() && reached.is_some() && reached == at;
                at = reached.clone().or(at);
                if !heard {
                    told.now();
                    yield Heard { at: reached, event };
                }
                continue;
            }
            let Some(resumable) = &resumable else {
                yield Heard { at: None, event };
                return;
            };
            let end = *gives_up.get_or_insert_with(|| Instant::now() + PATIENCE);
            let again = resumable.again(&call, at.as_deref());
            match reopen(&lane, again, end).await {
                Some(reopened) => events = reopened,
                None => {
                    yield Heard { at: None, event };
                    return;
                }
            }
        }
    }
    .boxed())
}

async fn reopen(lane: &Lane, call: Call, end: Instant) -> Option<BoxStream<'static, Response>> {
    let mut pause = FIRST;
    loop {
        let jittered = jittered(pause, &call.request_id);
        if Instant::now() + jittered >= end {
            return None;
        }
        sleep(jittered).await;
        if let Ok(events) = lane.subscribe(call.clone()).await {
            tracing::info!(request_id = %call.request_id, subgraph = lane.name(), "a subscription goes on");
            return Some(events);
        }
        pause = (pause * 2).min(LONGEST);
    }
}

/// Whether an event is no event, but says that the connection is gone.
fn broke_off(event: &Response) -> bool {
    event.data == Value::Null
        && event
            .errors
            .first()
            .and_then(code_of)
            .is_some_and(|code| code == Code::SubgraphUnavailable.as_str())
}
