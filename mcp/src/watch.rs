//! News for clients: resources they watch, and lists that changed.

use crate::{resource, turn::Turn};
use djinn_operations::Live;
use futures_util::{StreamExt, stream};
use rmcp::{
    ErrorData, Peer, RoleServer, model::ResourceUpdatedNotificationParam,
    service::SubscriptionContext,
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio_util::sync::{CancellationToken, DropGuard};

/// How many resources one client may watch.
const MOST: usize = 100;

/// What a session watches. Dropping it ends every subscription upstream.
#[derive(Clone, Default)]
pub(crate) struct Watched(Arc<Mutex<HashMap<String, DropGuard>>>);

impl Watched {
    fn all(&self) -> MutexGuard<'_, HashMap<String, DropGuard>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the client of every change, until [`Watched::end`] or its key no longer holds.
    /// What cannot be read cannot be watched.
    pub(crate) async fn begin(&self, turn: &Turn<'_>, uri: String) -> Result<(), ErrorData> {
        resource::read(turn, &uri).await?;
        let Some(mut changes) = resource::changes(turn, &uri).await else {
            let text = format!("{uri} cannot be watched");
            return Err(ErrorData::resource_not_found(text, None));
        };
        let ended = CancellationToken::new();
        {
            let mut watched = self.all();
            if watched.len() >= MOST && !watched.contains_key(&uri) {
                let text = format!("at most {MOST} can be watched");
                return Err(ErrorData::invalid_params(text, None));
            }
            watched.insert(uri.clone(), ended.clone().drop_guard());
        }
        let peer = turn.context.peer.clone();
        tokio::spawn(async move {
            while let Some(Some(())) = ended.run_until_cancelled(changes.next()).await {
                let news = ResourceUpdatedNotificationParam::new(uri.clone());
                if peer.notify_resource_updated(news).await.is_err() {
                    break;
                }
            }
        });
        Ok(())
    }

    /// Ends one.
    pub(crate) fn end(&self, uri: &str) {
        self.all().remove(uri);
    }
}

/// The stateless revision: one request that stays open and tells of everything asked for.
pub(crate) async fn listen(turn: &Turn<'_>, context: &SubscriptionContext) {
    let wanted = context.accepted();
    let mut updates = stream::SelectAll::new();
    for uri in wanted.resource_subscriptions.iter().flatten().take(MOST) {
        if let Some(changes) = resource::changes(turn, uri).await {
            let uri = uri.clone();
            updates.push(changes.map(move |()| uri.clone()).boxed());
        }
    }
    let mut catalogue = turn.hub.live.changes();
    let sink = context.sink();
    let gone = crate::turn::gone(turn.guest.as_ref());
    tokio::pin!(gone);
    let mut sent = Ok(());
    while sent.is_ok() {
        sent = tokio::select! {
            () = context.cancelled() => return,
            () = &mut gone => return,
            Some(uri) = updates.next() => sink.notify_resource_updated(uri).await,
            Ok(()) = catalogue.changed() => {
                let mut sent = Ok(());
                if wanted.tools_list_changed == Some(true) {
                    sent = sink.notify_tool_list_changed().await;
                }
                if wanted.prompts_list_changed == Some(true) {
                    sent = sent.and(sink.notify_prompt_list_changed().await);
                }
                if wanted.resources_list_changed == Some(true) {
                    sent = sent.and(sink.notify_resource_list_changed().await);
                }
                sent
            }
        };
    }
}

/// Tells a session of new lists until it has ended.
pub(crate) async fn tell_of_changes(peer: Peer<RoleServer>, live: Live) {
    let mut catalogue = live.changes();
    while !peer.is_transport_closed() {
        // A session that ended without a change is noticed at the next turn.
        let news = tokio::time::timeout(Duration::from_secs(30), catalogue.changed()).await;
        if news.is_ok() {
            let told = peer.notify_tool_list_changed().await;
            let told = told.and(peer.notify_prompt_list_changed().await);
            if told.and(peer.notify_resource_list_changed().await).is_err() {
                return;
            }
        }
    }
}
