//! The one interface between the router and a subgraph, whether it runs here or elsewhere.

use crate::{bus::Consumer, client::ClientAddress, forwarded::Forwarded};
use async_graphql::{Response, Variables};
use djinn_kernel::Viewer;
use futures_util::{future::BoxFuture, stream::BoxStream};
use std::{fmt, sync::Arc};
use tokio_util::sync::CancellationToken;

/// Names one request from the door to the database; it is in every error, log line and trace.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RequestId(pub Arc<str>);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One operation for one subgraph.
#[derive(Debug, Clone)]
pub struct Call {
    /// The document. Plans send the same text again and again, so it is shared, and [`crate::Local`]
    /// parses it once.
    pub query: Arc<str>,
    /// Which operation of the document; the only one when absent.
    pub operation_name: Option<String>,
    /// The variables.
    pub variables: Variables,
    /// Who is asking.
    pub viewer: Viewer,
    /// Which request this belongs to.
    pub request_id: RequestId,
    /// What of the client's headers goes on to a subgraph of another owner.
    pub forwarded: Forwarded,
    /// Where the request comes from; nothing, when the hub itself asks.
    pub client: Option<ClientAddress>,
}

/// The subgraph could not be asked, or did not answer in GraphQL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreachable {
    /// No answer within the time-out.
    #[error("no answer in time")]
    Timeout,
    /// No connection, or it broke.
    #[error("cannot be reached: {0}")]
    Connection(String),
    /// An answer that is not a GraphQL response.
    #[error("answered nonsense: {0}")]
    Garbage(String),
    /// This one question cannot be answered: the subgraph turned it away before it came to GraphQL,
    /// or the answer is more than is read. Others may well get theirs.
    #[error("does not answer this: {0}")]
    Refused(String),
}

/// A subgraph, here or elsewhere.
#[async_trait::async_trait]
pub trait Subgraph: Send + Sync + 'static {
    /// Its name in the supergraph, for instance `library`.
    fn name(&self) -> &str;

    /// Runs a query or mutation to its end.
    async fn execute(&self, call: Call) -> Result<Response, Unreachable>;

    /// Starts a subscription. Dropping the stream ends it upstream.
    async fn subscribe(&self, call: Call) -> Result<BoxStream<'static, Response>, Unreachable>;

    /// Whether it can do its work now; for `/ready`.
    async fn ready(&self) -> Result<(), Unreachable>;
}

/// A task that runs beside the requests until it is told to stop.
pub struct Worker {
    /// For logs and metrics, for instance `library.sync`.
    pub name: &'static str,
    run: Box<dyn FnOnce(CancellationToken) -> BoxFuture<'static, ()> + Send>,
}

impl Worker {
    /// A worker that runs `run` until the token it gets is cancelled.
    pub fn new<F, Fut>(name: &'static str, run: F) -> Self
    where
        F: FnOnce(CancellationToken) -> Fut + Send + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        Self {
            name,
            run: Box::new(move |stop| Box::pin(run(stop))),
        }
    }

    /// Starts it. It returns when it has stopped.
    pub fn start(self, stop: CancellationToken) -> BoxFuture<'static, ()> {
        (self.run)(stop)
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Worker").field(&self.name).finish()
    }
}

/// What a subgraph's constructor returns: everything the composition root has to run.
pub struct Parts {
    /// The graph.
    pub subgraph: Arc<dyn Subgraph>,
    /// Its schema in Federation 2 SDL, for composition.
    pub sdl: String,
    /// What listens to other subgraphs' events, if anything does.
    pub consumer: Option<Arc<dyn Consumer>>,
    /// What runs beside the requests.
    pub workers: Vec<Worker>,
}
