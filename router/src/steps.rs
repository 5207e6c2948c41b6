//! A plan in our own words: no more than execution needs, prepared once and shared by all requests
//! with the same document.

use ahash::HashSet;
use async_graphql::Name;
use std::sync::Arc;

/// How one operation is answered.
#[derive(Debug)]
pub struct Plan {
    /// The one upstream stream, when the operation is a subscription.
    pub source: Option<Fetch>,
    /// What to do: after each event of `source`, or once. Nothing, when the router knows the
    /// whole answer itself.
    pub step: Option<Step>,
}

/// One step of a plan.
#[derive(Debug)]
pub enum Step {
    /// One after the other: each needs what the former found.
    Sequence(Vec<Self>),
    /// At the same time.
    Parallel(Vec<Self>),
    /// Ask one subgraph.
    Fetch(Fetch),
}

/// One request to one subgraph.
#[derive(Debug)]
pub struct Fetch {
    /// Whom.
    pub subgraph: Arc<str>,
    /// What.
    pub query: Arc<str>,
    /// The operation's own variables that it needs.
    pub variables: Vec<Name>,
    /// Where the answer goes.
    pub target: Target,
}

/// Where a fetch's answer goes.
#[derive(Debug)]
pub enum Target {
    /// Merged at a path; the root, when the path is empty.
    Root {
        /// The place.
        path: Vec<Segment>,
        /// The root fields asked for, as they are called in the answer.
        keys: Vec<String>,
        /// Done to the answer first.
        rewrites: Vec<Rewrite>,
    },
    /// Entities, each merged into the object that it belongs to.
    Entities(Vec<Entities>),
}

/// One `_entities` field of a fetch.
#[derive(Debug)]
pub struct Entities {
    /// The field's name in the answer.
    pub key: String,
    /// The variable that takes the representations.
    pub variable: Name,
    /// Where the objects are.
    pub paths: Vec<Vec<Segment>>,
    /// What a representation holds.
    pub requires: Vec<Need>,
    /// Done to each object before its representation is taken.
    pub before: Vec<Rewrite>,
    /// Done to each entity that comes back.
    pub after: Vec<Rewrite>,
    /// What is asked of an entity, of whatever type, as it is called in the data.
    pub keys: Arc<[String]>,
}

/// One segment of a path to objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// A field, as it is called in the data.
    Field(String),
    /// Only objects of these types, or of types that implement them.
    Types(HashSet<String>),
}

/// One part of a representation.
#[derive(Debug, Clone)]
pub enum Need {
    /// A field.
    Field {
        /// Its key in our data, which differs from `to` when the planner had to alias it.
        from: String,
        /// Its key in the representation.
        to: Name,
        /// What is needed of it, when it is an object.
        inner: Vec<Self>,
    },
    /// Only if the object is of this type.
    On {
        /// The type, an object or an abstract one.
        name: String,
        /// The parts.
        inner: Vec<Self>,
    },
}

/// A change to data that the planner asks for.
#[derive(Debug)]
pub struct Rewrite {
    /// Where.
    pub path: Vec<RewriteSegment>,
    /// The key at the end of the path.
    pub key: String,
    /// What.
    pub change: Change,
}

/// One segment of a rewrite's path.
#[derive(Debug, PartialEq, Eq)]
pub enum RewriteSegment {
    /// A key.
    Key(String),
    /// Only objects of these types.
    Types(HashSet<String>),
}

/// What a rewrite does to its key.
#[derive(Debug)]
pub enum Change {
    /// Calls it something else.
    Rename(Name),
    /// Gives it a fixed value, if it is there.
    Set(String),
}
