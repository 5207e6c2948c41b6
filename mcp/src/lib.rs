//! An MCP server made of GraphQL operation files.
//!
//! A file in, a tool, resource, prompt or completion out; the directives are documented in
//! `djinn-operations` (`src/prelude.graphql`). Both protocol eras are served from one endpoint:
//! sessions up to 2025-11-25, and the stateless 2026-07-28.
//!
//! - [`service`]: streamable HTTP at `/mcp`, and at `/mcp/{key}` for clients that can send no
//!   header.
//! - [`serve_pipes`]: the same over a process's own pipes.
//! - [`describe`]: the tools as a client lists them, for a golden file.
//!
//! Invariants: no rule and no domain word here; arguments are checked before anything is sent
//! upstream; the client's key is never passed on, a call runs as the key's owner.

mod answer;
mod ask;
mod call;
mod follow;
mod http;
mod oauth;
mod pipes;
mod progress;
mod prompt;
mod resource;
mod server;
mod toolbox;
mod turn;
mod watch;

pub use crate::http::{HttpConfig, KeyCheck, service};
pub use oauth::Issued;
pub use pipes::serve_pipes;
pub use rmcp::transport::stdio;
pub use server::About;
pub use toolbox::describe;
