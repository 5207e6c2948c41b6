//! One request, whichever door it came through.

use async_graphql::Variables;
use djinn_kernel::Viewer;
use djinn_subgraph_kit::RequestId;

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
        }
    }

    /// The same with variables.
    #[must_use]
    pub fn variables(mut self, variables: Variables) -> Self {
        self.variables = variables;
        self
    }
}
