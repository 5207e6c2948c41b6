//! One event, shown.

use crate::GraphResponse;
use std::{
    ops::Deref,
    sync::{Arc, OnceLock},
};

/// One event of a subscription: made once, however many hear of it.
#[derive(Debug, Clone)]
pub struct GraphEvent(Arc<Shown>);

#[derive(Debug)]
struct Shown {
    response: GraphResponse,
    json: OnceLock<String>,
}

impl GraphEvent {
    /// As JSON, written when somebody first asks.
    pub fn json(&self) -> &str {
        let write = || serde_json::to_string(&self.0.response).unwrap_or_default();
        self.0.json.get_or_init(write)
    }

    /// The response by itself.
    pub fn into_response(self) -> GraphResponse {
        match Arc::try_unwrap(self.0) {
            Ok(shown) => shown.response,
            Err(shared) => shared.response.clone(),
        }
    }
}

impl From<GraphResponse> for GraphEvent {
    fn from(response: GraphResponse) -> Self {
        Self(Arc::new(Shown {
            response,
            json: OnceLock::new(),
        }))
    }
}

/// Its JSON.
impl AsRef<str> for GraphEvent {
    fn as_ref(&self) -> &str {
        self.json()
    }
}

impl Deref for GraphEvent {
    type Target = GraphResponse;

    fn deref(&self) -> &GraphResponse {
        &self.0.response
    }
}
