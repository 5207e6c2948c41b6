//! What somebody follows, and what becomes of an event on its way to them.

use super::{GraphEvent, Own, Position, audience::Audience};
use crate::{
    GraphRequest, GraphResponse, discreet,
    engine::{Engine, Ready},
    error::seal,
};
use async_graphql::{Response, ServerError, Variables};
use djinn_kernel::TraceParent;
use djinn_subgraph_kit::trace;
use std::{
    hash::{Hash, Hasher},
    sync::Arc,
};
use tracing::{Instrument, Span};

/// Where a subscription stands in its trace: so does whatever its events lead to. Those who hear from
/// others do nothing that anybody would have to find again, and stand nowhere.
pub struct Standing {
    /// Its place.
    pub place: TraceParent,
    /// Its span, which is open for as long as somebody has a stream of their own by it.
    pub span: Span,
}

impl Standing {
    async fn run<F: Future>(&self, work: F) -> F::Output {
        trace::at(self.place, work.instrument(self.span.clone())).await
    }
}

/// A planned subscription, and who follows it.
pub struct Following {
    engine: Arc<Engine>,
    ready: Ready,
    variables: Variables,
    request: GraphRequest,
    stands: Standing,
}

impl Following {
    /// Of a request that has been planned.
    pub fn new(
        engine: Arc<Engine>,
        ready: Ready,
        variables: Variables,
        request: GraphRequest,
        stands: Standing,
    ) -> Self {
        // It runs for long: of the request, who asked is all it still needs.
        let request = GraphRequest {
            query: String::new(),
            variables: Variables::default(),
            ..request
        };
        Self {
            engine,
            ready,
            variables,
            request,
            stands,
        }
    }

    /// Opens a stream of one's own: from its beginning, or behind `at`.
    pub async fn open(&self, at: Option<Arc<Position>>) -> Result<Own, ServerError> {
        let Self {
            ready,
            variables,
            request,
            stands,
            ..
        } = self;
        let opening = self.engine.open(ready, variables, request, at);
        let own = stands.run(opening).await?;
        Ok(trace::stream(Some(stands.place), stands.span.clone(), own))
    }

    /// Fetches what an event leads to, and shows all of it.
    pub async fn show(&self, event: Response) -> GraphEvent {
        let Self {
            engine,
            ready,
            variables,
            request,
            stands,
        } = self;
        let found = engine.take_event(ready, variables, request, event);
        let found = stands
            .run(engine.run(ready, variables, request, found))
            .await;
        self.seal(engine.show(ready, variables, found)).into()
    }

    /// The last event of a subscription that cannot go on.
    pub fn refuse(&self, error: ServerError) -> GraphEvent {
        self.seal(GraphResponse::refused(vec![error])).into()
    }

    fn seal(&self, mut response: GraphResponse) -> GraphResponse {
        if self.request.discreet {
            response = discreet::cover(response);
        }
        seal(response.errors_mut(), &self.request.request_id);
        response
    }

    /// Joins those who follow the same.
    pub fn attend(self: &Arc<Self>) -> Arc<Audience> {
        self.engine.audiences.of(self)
    }

    /// Whether two follow the same, with the same rights.
    pub fn is_same(&self, other: &Self) -> bool {
        // Taken apart, so that a new field cannot be forgotten here.
        let Self {
            engine: _,
            ready,
            variables,
            request,
            // Of each its own.
            stands: _,
        } = self;
        let GraphRequest {
            // Planned alike, see below.
            query: _,
            operation_name: _,
            variables: _,
            introspection: _,
            viewer,
            forwarded,
            discreet,
            trusted,
            request_id: _,
            // Whence somebody asks bounds how often they may, not what they see.
            client: _,
        } = request;
        ready.is_same(&other.ready)
            && *viewer == other.request.viewer
            && *forwarded == other.request.forwarded
            && *discreet == other.request.discreet
            && *trusted == other.request.trusted
            && *variables == other.variables
    }
}

/// Cheap, and good enough to find candidates: [`Following::is_same`] decides.
impl Hash for Following {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.ready.hash(state);
        let identity = self.request.viewer.identity();
        identity.map(|identity| identity.player).hash(state);
        crate::traffic::hash_variables(&self.variables, state);
    }
}
