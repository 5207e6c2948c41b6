//! Changes of content, live. State first, poke second: whoever watches reads the revisions, so a
//! lost poke costs a moment and a slow reader gets several changes in one.

use super::{Content, Noun, TOPIC, preference, rev};
use async_graphql::{Context, Result, SimpleObject, Subscription};
use djinn_subgraph_kit::{
    Ports,
    graph::{Anyone, OrRefuse, ViewerExt},
};
use futures_util::Stream;
use uuid::Uuid;

/// Content changed.
#[derive(Debug, SimpleObject)]
pub struct ContentChanged {
    /// Which count `rev` is of. Another one means that the hub has another database now.
    epoch: String,
    /// The newest revision. Pass it as `since`, with `epoch`, to go on from here after a break.
    rev: i32,
    /// What changed since the event before, or since `since`: ask for these again. Empty in a first
    /// event that has nothing to tell.
    kinds: Vec<Noun>,
}

/// Following content.
#[derive(Debug, Default)]
pub struct ContentSubscription;

#[Subscription(name = "Subscription")]
impl ContentSubscription {
    /// Says which kinds of content changed: first how things stand, then every change. Your own
    /// preferences are among them; those of others are not.
    #[graphql(directive = Anyone::apply())]
    async fn content_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The revision you have, to be told what you missed. Left out: from now on."
        )]
        since: Option<i32>,
        #[graphql(
            desc = "The epoch that revision is of. Where it is another by now, all kinds are told."
        )]
        epoch: Option<String>,
    ) -> Result<impl Stream<Item = Result<ContentChanged>> + use<>> {
        let ports = ctx.data_unchecked::<Content>().ports().clone();
        let player = ctx.viewer().identity().map(|identity| identity.player.0);
        // Watched before it is read: a change between the two is a poke, not a gap.
        let mut watch = ports.bus.watch(TOPIC);
        Ok(async_stream::try_stream! {
            let mut last = since.map(i64::from);
            let (mut told, mut epoch) = (false, epoch);
            loop {
                let revs = rev::read(ports.db.read()).await.or_refuse()?;
                let newest = revs.all();
                // A revision that was never reached, or of another count, is of another database:
                // everything is new.
                let other = epoch.take().is_some_and(|epoch| epoch != revs.epoch());
                let from = last.map_or(newest, |last| {
                    if other || last > newest { -1 } else { last }
                });
                if !told || newest > from {
                    let kinds = changed(&ports, &revs, player, from).await.or_refuse()?;
                    if !told || !kinds.is_empty() {
                        yield ContentChanged { epoch: revs.epoch(), rev: newest as i32, kinds };
                    }
                    told = true;
                }
                last = Some(newest);
                watch.poked().await;
            }
        })
    }
}

async fn changed(
    ports: &Ports,
    revs: &rev::Revs,
    player: Option<Uuid>,
    since: i64,
) -> std::result::Result<Vec<Noun>, djinn_kernel::Fault> {
    let mut kinds = revs.changed_after(since);
    if let Some(player) = player.filter(|_| revs.all() > since) {
        let own = preference::store::of(ports.db.read(), player).await?;
        if own.is_some_and(|own| own.rev > since) {
            kinds.push(Noun::Preferences);
        }
    }
    Ok(kinds)
}
