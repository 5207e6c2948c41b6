//! What one request may ask, and how much one caller.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which documents those may run who have not signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AnonymousDocuments {
    /// Any.
    Any,
    /// Those the hub knows beforehand: the web app's, and those in `schema/operations`.
    #[default]
    Trusted,
}

/// Bounds on what one request may ask. Each refusal names its limit.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Limits {
    /// How deep a query may nest.
    pub depth: usize,
    /// How many aliases it may use.
    pub aliases: usize,
    /// How many fields it may ask at the root.
    pub root_fields: usize,
    /// How many tokens it may have.
    pub tokens: usize,
    /// How many directives it may use.
    pub directives: usize,
    /// How many of them on one field or fragment.
    pub directives_at_once: usize,
    /// What it may cost, by `@cost` and `@listSize` in the schema: about one for each object it
    /// may answer with.
    pub cost: u64,
    /// How many objects it may answer with, those that cost nothing included.
    pub objects: u64,
    /// How large a request may be, in bytes. An import carries its file in the request.
    pub body_bytes: usize,
    /// The same for those who have not signed in.
    pub anonymous_body_bytes: usize,
    /// How long the body of a request may take to arrive, in seconds.
    pub body_seconds: u64,
    /// How large the headers of a request may be together with its address, in bytes.
    pub header_bytes: usize,
    /// How long they may take to arrive, in seconds. Also how long a connection may rest between
    /// two requests.
    pub header_seconds: u64,
    /// How large a message may be that comes by a socket, in bytes. An import goes by POST.
    pub message_bytes: usize,
    /// How many requests a second one login, one API key, or one address without either may send:
    /// every request, and every operation on a socket. 0 for no limit.
    pub requests_per_second: u32,
    /// How many of them at once after a rest.
    pub requests_at_once: u32,
    /// How many connections one address may have open, trusted proxies aside. 0 for no limit.
    pub connections_per_address: usize,
    /// How many sockets one login or API key may have open. 0 for no limit.
    pub sockets_per_caller: usize,
    /// How many sockets one address may have open that have not signed in. 0 for no limit.
    pub sockets_per_address: usize,
    /// How many operations may run on one socket.
    pub operations_per_socket: usize,
    /// How long a request may take, in seconds.
    pub timeout_seconds: u64,
    /// How long one subgraph may take to answer a question, in seconds; what it has not answered by
    /// then is missing from the answer. A change has all the time of its request.
    pub subgraph_seconds: u64,
    /// Whether those who have not signed in may read the schema. They need `anonymous_documents`
    /// to be `any` as well.
    pub anonymous_introspection: bool,
    /// What those who have not signed in may run at `/graphql`: `trusted` documents (the web app's,
    /// and the operation files), or `any`.
    pub anonymous_documents: AnonymousDocuments,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 12,
            aliases: 30,
            root_fields: 20,
            tokens: 2000,
            directives: 50,
            directives_at_once: 10,
            cost: 1_000,
            objects: 50_000,
            body_bytes: 12 * 1024 * 1024,
            anonymous_body_bytes: 1024 * 1024,
            body_seconds: 120,
            header_bytes: 32 * 1024,
            header_seconds: 10,
            message_bytes: 64 * 1024,
            requests_per_second: 50,
            requests_at_once: 200,
            connections_per_address: 256,
            sockets_per_caller: 20,
            sockets_per_address: 100,
            operations_per_socket: 50,
            timeout_seconds: 30,
            subgraph_seconds: 5,
            anonymous_introspection: false,
            anonymous_documents: AnonymousDocuments::Trusted,
        }
    }
}
