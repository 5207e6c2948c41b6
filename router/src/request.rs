//! One request, whichever door it came through.

use async_graphql::Variables;
use djinn_kernel::Viewer;
use djinn_subgraph_kit::{ClientAddress, Forwarded, RequestId};

/// One GraphQL request.
#[derive(Debug, Clone)]
pub struct GraphRequest {
    /// The document.
    pub query: String,
    /// Which of its operations; the only one when absent.
    pub operation_name: Option<String>,
    /// The variables, as they were sent.
    pub variables: Variables,
    /// Who is asking.
    pub viewer: Viewer,
    /// The request's name in logs, traces and errors.
    pub request_id: RequestId,
    /// Whether this caller may ask for the schema.
    pub introspection: bool,
    /// What of the client's headers goes on to subgraphs of other owners.
    pub forwarded: Forwarded,
    /// Where the request comes from; nothing, when the hub itself asks.
    pub client: Option<ClientAddress>,
    /// Whether what is not there and what this caller may not see are answered alike.
    pub discreet: bool,
    /// Whether the document is one of those that are known beforehand: only then its operation's
    /// name is fit for a metric or a trace.
    pub trusted: bool,
}

impl GraphRequest {
    /// A request of `viewer` with nothing but a document.
    pub fn new(query: impl Into<String>, viewer: Viewer, request_id: RequestId) -> Self {
        Self {
            query: query.into(),
            operation_name: None,
            variables: Variables::default(),
            viewer,
            request_id,
            introspection: false,
            forwarded: Forwarded::default(),
            client: None,
            discreet: false,
            trusted: false,
        }
    }

    /// The same with variables.
    #[must_use]
    pub fn variables(mut self, variables: Variables) -> Self {
        self.variables = variables;
        self
    }
}
