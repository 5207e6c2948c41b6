//! Errors of subgraphs that know nothing of our codes.

use async_graphql::{Response, Value};
use djinn_kernel::Code;

/// What a client is told of errors that another owner's subgraph has not meant for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frankness {
    /// Errors without a code of their own are hidden, and go to the log only: a message that nobody
    /// has written for clients may hold a query, a path or a name.
    Hidden,
    /// They are told, as [`Code::SubgraphError`].
    Told,
}

/// What servers of the field's most used kind say of an exception nobody has caught; as good as no
/// code.
const UNCAUGHT: &str = "INTERNAL_SERVER_ERROR";

impl Frankness {
    /// Does it to one answer.
    pub fn apply(self, response: &mut Response) {
        for error in &mut response.errors {
            let extensions = error.extensions.get_or_insert_default();
            let own = match extensions.get("code") {
                Some(Value::String(code)) => code != UNCAUGHT,
                _ => false,
            };
            match self {
                _ if own => {}
                // Errors without a code are hidden where they leave.
                Self::Hidden => extensions.unset("code"),
                Self::Told => extensions.set("code", Code::SubgraphError.as_str()),
            }
        }
    }
}
