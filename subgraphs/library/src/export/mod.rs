//! Exports: everything a household has put in, as a file of its own.
//!
//! `gather` says what there is and in which order, [`form`] how our own file writes it, `table`
//! how tables do. The file is kept in parts until it is fetched (`file`); the hub's door of
//! downloads asks for one part after another, wherever this subgraph runs.

mod error;
pub mod file;
pub mod form;
mod gather;
pub mod graphql;
mod service;
mod table;

pub use error::ExportError;
pub use service::{Exports, Link};
