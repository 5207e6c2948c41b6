//! The federation router: one graph out of several subgraphs, here or elsewhere.
//!
//! In the order of a request: [`door`] (HTTP, WebSocket, server-sent events) → [`Router`] →
//! `prepare` (tokens, parse, [`Limits`], validation, plan; once per document) → `variables` →
//! `execute` (fetch, merge) → `execute::project` (the answer in the document's own shape).
//!
//! Invariant: no domain word here. Only `plan.rs` names the planner crate.

mod authenticator;
pub mod door;

mod engine;
mod error;
mod execute;
mod introspect;
mod limits;
mod plan;
mod prepare;
mod request;
mod response;
mod router;
mod schema;
mod shape;
mod size;
mod steps;
mod validate;
mod variables;

pub use authenticator::{Authenticator, Seen};
pub use limits::Limits;
pub use request::GraphRequest;
pub use response::GraphResponse;
pub use router::{InvalidSupergraph, Router, RouterPorts};
