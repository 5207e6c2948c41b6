//! One request of one client: who it is, and what can end it.

use crate::{answer, http::KeyCheck, server::Hub};
use djinn_operations::{Caller, GraphAnswer, Operation};
use rmcp::{
    ErrorData, RoleServer,
    model::{CustomNotification, ServerNotification},
    service::RequestContext,
};
use serde_json::{Map, Value, json};
use std::{sync::Arc, time::Duration};

/// How soon somebody whose key no longer holds is noticed in a long request.
const LOOK: Duration = Duration::from_secs(2);

/// Somebody who came by a key.
#[derive(Clone)]
pub(crate) struct Guest {
    pub(crate) caller: Caller,
    pub(crate) key: Arc<str>,
    pub(crate) keys: Arc<dyn KeyCheck>,
}

impl Guest {
    /// Ends when the key no longer lets in who came by it. A key that cannot be checked does.
    pub(crate) async fn gone(&self) {
        loop {
            tokio::time::sleep(LOOK).await;
            let now = self.keys.check(&self.key).await;
            let same = |now: Option<Caller>| now.is_some_and(|c| c.viewer == self.caller.viewer);
            if now.is_ok_and(|now| !same(now)) {
                return;
            }
        }
    }
}

/// Ends when `guest` is gone; never, where there is none.
pub(crate) async fn gone(guest: Option<&Guest>) {
    match guest {
        Some(guest) => guest.gone().await,
        None => std::future::pending().await,
    }
}

/// One request.
pub(crate) struct Turn<'a> {
    pub(crate) hub: &'a Hub,
    pub(crate) caller: Caller,
    pub(crate) guest: Option<Guest>,
    pub(crate) context: &'a RequestContext<RoleServer>,
    /// Whether the client wants to be told what happens meanwhile.
    pub(crate) talkative: bool,
}

impl Turn<'_> {
    /// Runs a query or mutation. The error is for a person.
    pub(crate) async fn run(
        &self,
        document: &str,
        name: &str,
        variables: Map<String, Value>,
    ) -> Result<GraphAnswer, String> {
        let graph = &self.hub.graph;
        let run = graph.execute(document, Some(name), variables, &self.caller);
        run.await.map_err(|error| answer::down(&error))
    }

    /// Runs a query where an error is one of the protocol.
    pub(crate) async fn data(
        &self,
        query: &Operation,
        arguments: &Map<String, Value>,
    ) -> Result<Value, ErrorData> {
        let variables = query.taken(arguments);
        let run = self.run(&query.document, &query.name, variables);
        let given = run.await.and_then(|given| match given.refusal() {
            None => Ok(given.data),
            Some(text) => Err(text),
        });
        given.map_err(|text| ErrorData::internal_error(text, None))
    }

    /// Tells a client that wants to know.
    pub(crate) async fn tell(&self, message: &str) {
        if self.talkative {
            // Written out: the protocol's types for it are on their way out.
            let params = json!({ "level": "info", "data": message });
            let news = CustomNotification::new("notifications/message", Some(params));
            let news = ServerNotification::CustomNotification(news);
            if let Err(error) = self.context.peer.send_notification(news).await {
                tracing::debug!(%error, "a message was not delivered");
            }
        }
    }
}
