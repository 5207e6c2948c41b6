//! Words every part of Game Djinn uses, and nothing that touches the world.
//!
//! Ids, who is asking ([`Viewer`]), the family ceiling, error [`Code`]s and their [`Reason`]s,
//! events that cross subgraphs, pages of lists, and the ports for time, ids and randomness.
//!
//! Invariant: no I/O here, and nothing of ours below it. A word belongs here only when at least
//! two subgraphs must agree on it.

pub mod clock;
pub mod code;
pub mod event;
pub mod family;
pub mod fault;
pub mod ids;
pub mod page;
pub mod reason;
pub mod text;
pub mod trace;
pub mod viewer;

pub use clock::{Clock, Entropy, Ids};
pub use code::Code;
pub use event::Event;
pub use family::{Board, Ceiling, Esrb, FamilyView, Rated, Unrated};
pub use fault::{Doing, Fault};
pub use reason::Reason;
pub use trace::TraceParent;
pub use viewer::{Role, Scope, Viewer};
