//! Errors of subgraphs that know nothing of our codes.

use async_graphql::{ErrorExtensionValues, Response, Value};
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

/// As good as no code: what servers say of an exception nobody has caught, and of a document that
/// does not fit their schema. The client's fitted ours; the one they were sent is the router's.
const FAULTS: [&str; 6] = [
    "INTERNAL",
    "INTERNAL_ERROR",
    "INTERNAL_SERVER_ERROR",
    "GRAPHQL_PARSE_FAILED",
    "GRAPHQL_VALIDATION_FAILED",
    "OPERATION_RESOLUTION_FAILURE",
];
/// The longest code there is.
const LONGEST_CODE: usize = 64;
/// What else passes of an error's extensions, if it is no list and no object. Servers put traces,
/// requests and whole configurations there under names that nobody can list.
const PASSING: [&str; 2] = ["field", "retryAfter"];

impl Frankness {
    /// Does it to one answer.
    pub fn apply(self, response: &mut Response) {
        for error in &mut response.errors {
            let said = error.extensions.take().unwrap_or_default();
            let mut passing = ErrorExtensionValues::default();
            for name in PASSING {
                match said.get(name) {
                    None | Some(Value::List(_) | Value::Object(_)) => {}
                    Some(plain) => passing.set(name, plain.clone()),
                }
            }
            match said.get("code") {
                Some(Value::String(code)) if is_own(code) => passing.set("code", code.as_str()),
                // Errors without a code are hidden where they leave.
                _ if self == Self::Hidden => {}
                _ => passing.set("code", Code::SubgraphError.as_str()),
            }
            error.extensions = Some(passing);
        }
    }
}

/// Whether it is a code, and one that somebody has chosen for clients.
fn is_own(code: &str) -> bool {
    let form = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    (1..=LONGEST_CODE).contains(&code.len()) && code.bytes().all(form) && !FAULTS.contains(&code)
}
