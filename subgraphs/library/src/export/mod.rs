//! Exports: everything a household has put in, as a file of its own.
//!
//! `gather` says what there is, `order` in which order, `games` reads it piece by piece, [`form`]
//! says how our own file writes it, `table` how tables do. The file is kept in parts until it is
//! fetched (`file`); the hub's door of downloads asks for one part after another, wherever this
//! subgraph runs.

mod error;
pub mod file;
pub mod form;
mod games;
mod gather;
pub mod graphql;
mod order;
mod service;
mod table;

pub use error::ExportError;
pub use gather::without_copies;
pub use service::{Exports, Link};
pub use table::is_marked;
