//! The worker that fetches achievements.

use super::{TOPIC, fetch::Fetcher, store};
use djinn_kernel::Fault;
use djinn_subgraph_kit::Worker;
use futures_util::FutureExt;
use std::{collections::HashSet, panic::AssertUnwindSafe};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How many libraries one process asks for at once; each is asked for one copy after the other.
const HANDS: usize = 2;

/// The worker.
pub fn worker(fetcher: Fetcher) -> Worker {
    Worker::new("library.achievements", move |stop| run(fetcher, stop))
}

async fn run(fetcher: Fetcher, stop: CancellationToken) {
    let mut watch = fetcher.ports.bus.watch(TOPIC);
    let mut hands: JoinSet<Uuid> = JoinSet::new();
    let mut busy: HashSet<Uuid> = HashSet::new();
    while !stop.is_cancelled() {
        if hands.len() < HANDS {
            let now = fetcher.ports.clock.now();
            let due = store::due_libraries(fetcher.ports.db.read(), now).await;
            let due = due.unwrap_or_else(|fault| {
                tracing::error!(error = %fault, "looking for achievements to fetch failed");
                Vec::new()
            });
            for (library, household) in due {
                if hands.len() < HANDS && busy.insert(library) {
                    let (fetcher, stop) = (fetcher.clone(), stop.clone());
                    hands.spawn(async move {
                        hand(&fetcher, &stop, household, library).await;
                        library
                    });
                }
            }
        }
        tokio::select! {
            () = stop.cancelled() => break,
            () = watch.poked() => {}
            Some(done) = hands.join_next(), if !hands.is_empty() => match done {
                Ok(library) => drop(busy.remove(&library)),
                Err(_) => busy.clear(),
            }
        }
    }
    // What is under way is finished: it is one copy's requests.
    while hands.join_next().await.is_some() {}
}

/// Asks for a library's, until there is nothing to ask for now.
async fn hand(fetcher: &Fetcher, stop: &CancellationToken, household: Uuid, library: Uuid) {
    while !stop.is_cancelled() {
        let next = AssertUnwindSafe(fetcher.next(household, library)).catch_unwind();
        let goes_on: Result<bool, Fault> = next.await.unwrap_or_else(|_| {
            tracing::error!(%library, "fetching achievements panicked");
            Ok(false)
        });
        match goes_on {
            Ok(true) => {}
            Ok(false) => return,
            Err(fault) => {
                // Its lease runs out, and it goes on from there.
                tracing::error!(%library, error = %fault, "fetching achievements broke off");
                return;
            }
        }
    }
}
