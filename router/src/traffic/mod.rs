//! Between a plan and the subgraphs: every question goes through here, and survives whatever a
//! subgraph does.
//!
//! One [`Lane`] leads to each subgraph. It has a time-out, a breaker, a bound on how many questions
//! are under way at once, one retry for what only reads, and shares the answer of a question that is
//! under way already with whoever asks the same. Numbers and reasons: `docs/operations/resilience.md`
//! and `docs/adr/0016-traffic.md`.

mod breaker;
mod failed;
mod follow;
mod lane;
mod resume;
mod share;

pub use failed::Failed;
pub use resume::Position;
pub use share::hash_variables;

use crate::{execute::Subgraphs, limits::Limits, schema::Schema, subscription::Own};
use ahash::HashMap;
use async_graphql::Response;
use djinn_subgraph_kit::{Call, trace};
use futures_util::FutureExt;
use lane::Lane;
use resume::Resumable;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use tokio::time::{Instant, timeout_at};

/// The ways to all subgraphs.
pub struct Traffic {
    lanes: HashMap<String, Arc<Lane>>,
    told: Told,
    resumable: moka::sync::Cache<Arc<str>, Option<Arc<Resumable>>>,
}

/// For so many subscriptions it is remembered whether and how they can go on after a break, …
const REMEMBERED: u64 = 256;
/// … if their document is no longer than this.
const REMEMBERED_TEXT: usize = 16 * 1024;

impl Traffic {
    /// One lane for each.
    pub fn new(subgraphs: &Subgraphs, limits: &Limits) -> Self {
        let lanes = subgraphs.iter().map(|(name, subgraph)| {
            let lane = Lane::new(Arc::clone(subgraph), limits);
            (name.clone(), Arc::new(lane))
        });
        Self {
            lanes: lanes.collect(),
            told: Told::default(),
            resumable: moka::sync::Cache::new(REMEMBERED),
        }
    }

    /// Asks. `share` says that this belongs to a query, whose answer may be that of the same
    /// question of the same viewer, if that is under way already.
    pub async fn ask(
        &self,
        name: &str,
        call: Call,
        share: bool,
        deadline: Instant,
    ) -> Result<Response, Failed> {
        let Some(lane) = self.lanes.get(name) else {
            tracing::error!(request_id = %call.request_id, subgraph = name, "no such subgraph is configured");
            return Err(Failed::Unavailable);
        };
        // A plan's text begins with its operation; fragments come after it.
        if call.query.starts_with("mutation") {
            let _told = self.told.after();
            return lane.write(call, deadline).await;
        }
        let outcome = if share {
            let carrier = Arc::clone(lane);
            let flight = lane.flights.join(call, self.told.so_far(), |call| {
                // Whoever waits may be of another request; it is a part of the one that asked.
                trace::carry(async move { carrier.read(&call).await.map(Arc::new) }).boxed()
            });
            if flight.joined {
                metrics::counter!("djinn_router_fetches_shared_total", "subgraph" => name.to_owned())
                    .increment(1);
            }
            timeout_at(deadline, flight.outcome()).await
        } else {
            timeout_at(deadline, lane.read(&call)).await
        };
        // The request's time is over, which says nothing about the subgraph.
        outcome.unwrap_or(Err(Failed::Unavailable))
    }

    /// Opens a subscription. Where its events carry a position, it survives that the subgraph
    /// restarts: see [`follow`]; and it may begin behind one of them.
    pub async fn subscribe(
        &self,
        schema: &Schema,
        name: &str,
        call: Call,
        at: Option<Arc<Position>>,
    ) -> Result<Own, Failed> {
        let Some(lane) = self.lanes.get(name) else {
            return Err(Failed::Unavailable);
        };
        let resumable = self.resumable(schema, &call.query);
        follow::open(Arc::clone(lane), call, resumable, self.told.clone(), at).await
    }

    /// Thousands follow the same with the same document: it is read, and kept, once for all.
    fn resumable(&self, schema: &Schema, text: &Arc<str>) -> Option<Arc<Resumable>> {
        let read = || Resumable::of(schema, text).map(Arc::new);
        if text.len() > REMEMBERED_TEXT {
            return read();
        }
        self.resumable.get_with_by_ref(text, read)
    }
}

/// How often anybody was told something new: the answer of a mutation, or an event. A question that
/// is asked afterwards must not be answered by one that was under way before.
#[derive(Clone, Default)]
struct Told(Arc<AtomicU64>);

impl Told {
    fn so_far(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }

    fn now(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    /// Counts once more when the guard goes: also when nobody waited for the mutation's end, which
    /// does not undo it.
    fn after(&self) -> impl Drop + use<> {
        struct After(Told);
        impl Drop for After {
            fn drop(&mut self) {
                self.0.now();
            }
        }
        After(self.clone())
    }
}
