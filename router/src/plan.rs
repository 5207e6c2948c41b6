//! Where each field comes from: the planner, behind our own words.
//!
//! The only file that names the planner crate. Everything else walks [`Step`]s, which hold no more
//! than execution needs, prepared once and shared by all requests with the same document.

use crate::schema::Types;
use ahash::{HashMap, HashSet};
use async_graphql::Name;
use graphql_tools::static_graphql::{query, schema};
use hive_router_query_planner::{
    ast::{
        normalization::{error::NormalizationError, normalize_operation},
        selection_item::SelectionItem,
    },
    graph::PlannerOverrideContext,
    planner::{
        Planner as HivePlanner,
        plan_nodes::{
            BatchFetchNode, FetchNode, FetchNodePathSegment, FetchRewrite, FlattenNodePath,
            FlattenNodePathSegment, PlanNode,
        },
    },
    state::supergraph_state::SupergraphDefinition,
    utils::cancellation::CancellationToken,
};
use std::{sync::Arc, time::Duration};

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
    /// Depending on a Boolean variable.
    If {
        /// The variable.
        variable: String,
        /// When it is true.
        then: Option<Box<Self>>,
        /// When it is not.
        otherwise: Option<Box<Self>>,
    },
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
#[derive(Debug)]
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

/// The document cannot be planned.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Unplannable {
    /// There is no operation of that name.
    #[error("the document has no such operation")]
    NoOperation,
    /// It took too long: the supergraph has too many ways to answer it.
    #[error("the operation took too long to plan")]
    TooLong,
    /// A disagreement between validation and the planner: ours to mend.
    #[error("{0}")]
    Bug(String),
}

/// The planner for one supergraph.
pub struct Planner {
    inner: HivePlanner,
}

/// Planning takes around a millisecond. Far beyond it, the document is the problem.
const PATIENCE: Duration = Duration::from_secs(2);

impl Planner {
    /// Reads a supergraph.
    pub fn new(supergraph: &schema::Document) -> Result<Self, String> {
        let inner = HivePlanner::new_from_supergraph(supergraph, Default::default())
            .map_err(|error| error.to_string())?;
        Ok(Self { inner })
    }

    /// The public schema: nothing inaccessible, nothing of the federation, and with introspection.
    pub fn public_schema(&self) -> Arc<schema::Document> {
        Arc::clone(&self.inner.consumer_schema.document)
    }

    /// Every subgraph's name in the supergraph, with the URL it gives.
    pub fn subgraphs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.inner.supergraph.subgraph_endpoint_map.iter().map(|(name, url)| (name.as_str(), url.as_str()))
    }

    /// Which object types are of which types, inaccessible ones included: plans name them.
    pub fn types(&self) -> Types {
        let mut possible: HashMap<String, HashSet<String>> = HashMap::default();
        for (name, definition) in &self.inner.supergraph.definitions {
            match definition {
                SupergraphDefinition::Object(object) => {
                    possible.entry(name.clone()).or_default().insert(name.clone());
                    for implements in &object.join_implements {
                        possible.entry(implements.interface.clone()).or_default().insert(name.clone());
                    }
                }
                SupergraphDefinition::Union(union) => possible
                    .entry(name.clone())
                    .or_default()
                    .extend(union.union_members.iter().map(|member| member.member.clone())),
                _ => {}
            }
        }
        Types(possible)
    }

    /// Plans a document that has been validated and holds no introspection.
    pub fn plan(&self, document: &query::Document, operation: Option<&str>) -> Result<Plan, Unplannable> {
        let normal = normalize_operation(&self.inner.supergraph, document, operation).map_err(|error| match error {
            NormalizationError::SpecifiedOperationNotFound { .. } | NormalizationError::OperationNotFound => {
                Unplannable::NoOperation
            }
            other => Unplannable::Bug(other.to_string()),
        })?;
        let patience = CancellationToken::with_timeout(PATIENCE);
        let plan = self
            .inner
            .plan_from_normalized_operation(&normal.operation, PlannerOverrideContext::default(), &patience)
            .map_err(|error| match error {
                hive_router_query_planner::planner::PlannerError::CancellationError(_) => Unplannable::TooLong,
                other => Unplannable::Bug(other.to_string()),
            })?;
        match plan.node {
            Some(node) => convert_plan(node),
            None => Ok(Plan { source: None, step: None }),
        }
    }
}

fn convert_plan(node: PlanNode) -> Result<Plan, Unplannable> {
    match node {
        PlanNode::Subscription(node) => {
            Ok(Plan { source: Some(convert_fetch(node.primary, Vec::new())), step: None })
        }
        PlanNode::Sequence(sequence) if matches!(sequence.nodes.first(), Some(PlanNode::Subscription(_))) => {
            let mut nodes = sequence.nodes.into_iter();
            let Some(PlanNode::Subscription(first)) = nodes.next() else { unreachable!("matched above") };
            let rest = nodes.map(convert).collect::<Result<Vec<_>, _>>()?;
            Ok(Plan {
                source: Some(convert_fetch(first.primary, Vec::new())),
                step: (!rest.is_empty()).then_some(Step::Sequence(rest)),
            })
        }
        other => Ok(Plan { source: None, step: Some(convert(other)?) }),
    }
}

fn convert(node: PlanNode) -> Result<Step, Unplannable> {
    let all = |nodes: Vec<PlanNode>| nodes.into_iter().map(convert).collect::<Result<Vec<_>, _>>();
    let some = |node: Option<Box<PlanNode>>| node.map(|node| convert(*node).map(Box::new)).transpose();
    Ok(match node {
        PlanNode::Sequence(sequence) => Step::Sequence(all(sequence.nodes)?),
        PlanNode::Parallel(parallel) => Step::Parallel(all(parallel.nodes)?),
        PlanNode::Condition(condition) => Step::If {
            variable: condition.condition,
            then: some(condition.if_clause)?,
            otherwise: some(condition.else_clause)?,
        },
        PlanNode::Fetch(fetch) => Step::Fetch(convert_fetch(fetch, Vec::new())),
        PlanNode::Flatten(flatten) => match *flatten.node {
            PlanNode::Fetch(fetch) => Step::Fetch(convert_fetch(fetch, path(&flatten.path))),
            other => return Err(Unplannable::Bug(format!("a flatten holds {other}"))),
        },
        PlanNode::BatchFetch(batch) => Step::Fetch(convert_batch(batch)),
        PlanNode::Subscription(_) | PlanNode::Defer(_) => {
            return Err(Unplannable::Bug("a subscription inside a plan".to_owned()));
        }
    })
}

fn convert_fetch(fetch: FetchNode, at: Vec<Segment>) -> Fetch {
    let keys = fetch
        .operation
        .document
        .operation
        .selection_set
        .items
        .iter()
        .filter_map(|item| match item {
            SelectionItem::Field(field) => Some(field.selection_identifier().to_owned()),
            _ => None,
        })
        .collect();
    let target = match fetch.requires {
        None => Target::Root { path: at, keys, rewrites: rewrites(fetch.output_rewrites) },
        Some(requires) => Target::Entities(vec![Entities {
            key: "_entities".to_owned(),
            variable: Name::new("representations"),
            paths: vec![at],
            requires: needs(&requires.items),
            before: rewrites(fetch.input_rewrites),
            after: rewrites(fetch.output_rewrites),
        }]),
    };
    Fetch {
        subgraph: fetch.service_name.into(),
        query: fetch.operation.document_str.into(),
        variables: fetch.variable_usages.into_iter().flatten().map(Name::new).collect(),
        target,
    }
}

fn convert_batch(batch: BatchFetchNode) -> Fetch {
    let entities = batch.entity_batch.aliases.into_iter().map(|alias| Entities {
        key: alias.alias,
        variable: Name::new(alias.representations_variable_name),
        paths: alias.merge_paths.iter().map(path).collect(),
        requires: needs(&alias.requires.items),
        before: rewrites(alias.input_rewrites),
        after: rewrites(alias.output_rewrites),
    });
    Fetch {
        subgraph: batch.service_name.into(),
        query: batch.operation.document_str.into(),
        variables: batch.variable_usages.into_iter().flatten().map(Name::new).collect(),
        target: Target::Entities(entities.collect()),
    }
}

/// Lists need no segment of their own: every list on the way is descended into.
fn path(path: &FlattenNodePath) -> Vec<Segment> {
    path.as_slice()
        .iter()
        .filter_map(|segment| match segment {
            FlattenNodePathSegment::Field(name) => Some(Segment::Field(name.clone())),
            FlattenNodePathSegment::TypeCondition(types) => Some(Segment::Types(types.iter().cloned().collect())),
            FlattenNodePathSegment::List => None,
        })
        .collect()
}

fn needs(items: &[SelectionItem]) -> Vec<Need> {
    items
        .iter()
        .filter_map(|item| match item {
            SelectionItem::Field(field) => Some(Need::Field {
                from: field.name.clone(),
                to: Name::new(field.alias.as_ref().unwrap_or(&field.name)),
                inner: needs(&field.selections.items),
            }),
            SelectionItem::InlineFragment(fragment) => Some(Need::On {
                name: fragment.type_condition.clone(),
                inner: needs(&fragment.selections.items),
            }),
            SelectionItem::FragmentSpread(_) => None,
        })
        .collect()
}

fn rewrites(rewrites: Option<Vec<FetchRewrite>>) -> Vec<Rewrite> {
    rewrites.into_iter().flatten().filter_map(rewrite).collect()
}

fn rewrite(rewrite: FetchRewrite) -> Option<Rewrite> {
    let (mut path, change) = match rewrite {
        FetchRewrite::KeyRenamer(rename) => (rename.path, Change::Rename(Name::new(rename.rename_key_to))),
        FetchRewrite::ValueSetter(set) => (set.path, Change::Set(set.set_value_to)),
    };
    let FetchNodePathSegment::Key(key) = path.pop()? else { return None };
    let path = path
        .into_iter()
        .map(|segment| match segment {
            FetchNodePathSegment::Key(key) => RewriteSegment::Key(key),
            FetchNodePathSegment::TypenameEquals(types) => RewriteSegment::Types(types.into_iter().collect()),
        })
        .collect();
    Some(Rewrite { path, key, change })
}
