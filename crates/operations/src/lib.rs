//! GraphQL operation files: loaded, checked against the API schema, and described.
//!
//! A file holds one operation (and its fragments). MCP tools, REST paths and trusted documents
//! are all such files; this crate knows what is in them and nothing about how they are served.
//!
//! - [`Catalogue`]: every operation of a set of files, and what is wrong with the others.
//! - [`Operation`]: the document to send, JSON Schemas of what goes in and comes out, and the
//!   `@mcp…` and `@rest` directives. `src/prelude.graphql` declares and documents those.
//! - [`Live`]: a catalogue that follows a folder. [`Derived`]: what somebody makes of one.
//! - [`Check`]: arguments held against their schema, before anything is sent.
//! - [`Graph`]: the port through which an adapter runs a document.
//!
//! Invariant: no domain word here. A bad file is reported by file and line, and only it is left
//! out.

mod address;
mod ask;
mod catalogue;
mod check;
mod comment;
mod content;
mod derived;
mod directive;
mod document;
mod flat;
mod folder;
mod graph;
mod input;
mod live;
mod merge;
mod operation;
mod output;
mod path;
mod problem;
mod rest;
mod role;
mod strip;
pub mod template;

pub use ask::{Ask, Asked, Question};
pub use catalogue::{Catalogue, Problem};
pub use check::Check;
pub use content::{Content, ContentKind, Piece};
pub use derived::Derived;
pub use directive::{
    CONFIRM, Complete, Growing, Lookup, Prompt, Report, Resource, Start, Tool, Word,
};
pub use document::id;
pub use flat::flat;
pub use folder::{Folder, read_folder};
pub use graph::{Base, Caller, Graph, GraphAnswer, GraphDown, GraphError};
pub use live::Live;
pub use operation::{Kind, Operation, Output, Shape, Variable};
pub use path::Path;
pub use problem::{problems, written};
pub use rest::{Location, Method, Route, Segment};

/// The declarations of the `@mcp…` and `@rest` directives, as GraphQL.
pub const PRELUDE: &str = include_str!("prelude.graphql");
