//! The progress of a library's sync, live: a snapshot, then every change, until the run is over.

use super::{graphql::SyncRun, store, topic};
use crate::account;
use async_graphql::{Context, ID, Result, SimpleObject, Subscription};
use djinn_kernel::{Code, Scope, ids::LibraryId};
use djinn_subgraph_kit::{
    Ports,
    graph::{Needs, OrRefuse, ViewerExt, refuse},
};
use futures_util::Stream;

/// How a sync stands now.
#[derive(Debug, SimpleObject)]
pub struct SyncProgress {
    /// Which run `rev` counts in: the run's id. Another one means that a new run has begun.
    epoch: String,
    /// Grows with every change; steps may be left out for a slow reader, never reordered.
    rev: i32,
    /// The run, whole.
    run: SyncRun,
    /// Whether the games are all there to browse, or the run has ended; store pages may follow.
    settled: bool,
    /// Whether nothing comes after this.
    #[graphql(name = "final")]
    is_final: bool,
}

/// The subscriptions of syncs.
#[derive(Debug, Default)]
pub struct SyncSubscription;

#[Subscription(name = "Subscription")]
impl SyncSubscription {
    /// The newest sync of a library: first as it stands, then every change, until it is over.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary))]
    async fn sync_progress(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The library's id.")] library_id: ID,
    ) -> Result<impl Stream<Item = Result<SyncProgress>> + use<>> {
        let household = ctx.require(Scope::ReadLibrary)?.household.0;
        let library = LibraryId::parse(&library_id).or_refuse()?.0;
        let ports = ctx.data_unchecked::<Ports>().clone();
        // Watched before it is read: a change between the two is a poke, not a gap.
        let mut watch = ports.bus.watch(&topic(library));
        let known = account::store::get(ports.db.read(), household, library)
            .await
            .or_refuse()?;
        if known.is_none() {
            return Err(refuse(Code::NotFound, "no library has that id"));
        }
        Ok(async_stream::try_stream! {
            let mut last = None;
            loop {
                let run = store::latest(ports.db.read(), library).await.or_refuse()?;
                if let Some(run) = run {
                    let at = (run.id, run.rev);
                    let is_final = run.state.is_final();
                    if last != Some(at) {
                        last = Some(at);
                        let settled = is_final || run.stage.is_settled();
                        yield SyncProgress { epoch: run.id.to_string(), rev: run.rev, run: SyncRun(run), settled, is_final };
                    }
                    if is_final {
                        break;
                    }
                } else {
                    // Nothing yet, or unlinked.
                    let known = account::store::get(ports.db.read(), household, library).await.or_refuse()?;
                    if known.is_none() {
                        break;
                    }
                }
                watch.poked().await;
            }
        })
    }
}
