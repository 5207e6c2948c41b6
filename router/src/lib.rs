//! The federation router: one graph out of several subgraphs, here or elsewhere.
//!
//! In the order of a request: [`door`] (HTTP, WebSocket, server-sent events) → [`Router`] →
//! `prepare` (tokens, parse, [`Limits`], validation, plan; once per document) → `variables` →
//! `execute` (fetch through `traffic`, merge) → `execute::project` (the answer in the document's own shape).
//!
//! Invariant: no domain word here. Only `plan/` names the planner crate.

mod aliases;
mod authenticator;
mod composed;
mod cost;
mod discreet;
mod documents;
pub mod door;

mod engine;
mod error;
mod execute;
mod features;
mod introspect;
mod left_out;
mod limits;
mod overrides;
mod plan;
mod planning_document;
mod prepare;
mod public;
mod request;
mod requirements;
mod response;
mod router;
mod schema;
mod shape;
mod steps;
mod subgraph_order;
mod subscription;
mod supergraph;
pub mod trace;
mod traffic;
mod validate;
mod variables;
mod ways;

pub use authenticator::{Authenticator, Seen};
pub use documents::{AnonymousDocuments, Documents};
pub use features::AccessRules;
pub use limits::Limits;
pub use request::GraphRequest;
pub use response::GraphResponse;
pub use router::{Router, RouterPorts};
pub use subscription::GraphEvent;
pub use supergraph::{InvalidSupergraph, Listed, Supergraph};
