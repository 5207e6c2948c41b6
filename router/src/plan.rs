//! Where each field comes from: the planner, behind our own words.
//!
//! The only file that names the planner crate. Everything else walks [`Step`]s.

use crate::{
    schema::Types,
    steps::{Change, Entities, Fetch, Need, Plan, Rewrite, RewriteSegment, Segment, Step, Target},
};
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
        self.inner
            .supergraph
            .subgraph_endpoint_map
            .iter()
            .map(|(name, url)| (name.as_str(), url.as_str()))
    }

    /// Which object types are of which types, inaccessible ones included: plans name them.
    pub fn types(&self) -> Types {
        let mut possible: HashMap<String, HashSet<String>> = HashMap::default();
        for (name, definition) in &self.inner.supergraph.definitions {
            match definition {
                SupergraphDefinition::Object(object) => {
                    possible
                        .entry(name.clone())
                        .or_default()
                        .insert(name.clone());
                    for implements in &object.join_implements {
                        possible
                            .entry(implements.interface.clone())
                            .or_default()
                            .insert(name.clone());
                    }
                }
                SupergraphDefinition::Union(union) => {
                    let members = union
                        .union_members
                        .iter()
                        .map(|member| member.member.clone());
                    possible.entry(name.clone()).or_default().extend(members);
                }
                _ => {}
            }
        }
        Types(possible)
    }

    /// Plans a document that has been validated and holds no introspection.
    pub fn plan(
        &self,
        document: &query::Document,
        operation: Option<&str>,
    ) -> Result<Plan, Unplannable> {
        let normal =
            normalize_operation(&self.inner.supergraph, document, operation).map_err(|error| {
                match error {
                    NormalizationError::SpecifiedOperationNotFound { .. }
                    | NormalizationError::OperationNotFound => Unplannable::NoOperation,
                    other => Unplannable::Bug(other.to_string()),
                }
            })?;
        let patience = CancellationToken::with_timeout(PATIENCE);
        let plan = self
            .inner
            .plan_from_normalized_operation(
                &normal.operation,
                PlannerOverrideContext::default(),
                &patience,
            )
            .map_err(|error| match error {
                hive_router_query_planner::planner::PlannerError::CancellationError(_) => {
                    Unplannable::TooLong
                }
                other => Unplannable::Bug(other.to_string()),
            })?;
        match plan.node {
            Some(node) => convert_plan(node),
            None => Ok(Plan {
                source: None,
                step: None,
            }),
        }
    }
}

fn convert_plan(node: PlanNode) -> Result<Plan, Unplannable> {
    match node {
        PlanNode::Subscription(node) => Ok(Plan {
            source: Some(convert_fetch(node.primary, Vec::new())),
            step: None,
        }),
        PlanNode::Sequence(sequence)
            if matches!(sequence.nodes.first(), Some(PlanNode::Subscription(_))) =>
        {
            let mut nodes = sequence.nodes.into_iter();
            let Some(PlanNode::Subscription(first)) = nodes.next() else {
                unreachable!("matched above")
            };
            let rest = nodes.map(convert).collect::<Result<Vec<_>, _>>()?;
            Ok(Plan {
                source: Some(convert_fetch(first.primary, Vec::new())),
                step: (!rest.is_empty()).then_some(Step::Sequence(rest)),
            })
        }
        other => Ok(Plan {
            source: None,
            step: Some(convert(other)?),
        }),
    }
}

fn convert(node: PlanNode) -> Result<Step, Unplannable> {
    let all = |nodes: Vec<PlanNode>| {
        nodes
            .into_iter()
            .map(convert)
            .collect::<Result<Vec<_>, _>>()
    };
    let some =
        |node: Option<Box<PlanNode>>| node.map(|node| convert(*node).map(Box::new)).transpose();
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
        None => Target::Root {
            path: at,
            keys,
            rewrites: rewrites(fetch.output_rewrites),
        },
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
        variables: fetch
            .variable_usages
            .into_iter()
            .flatten()
            .map(Name::new)
            .collect(),
        target,
    }
}

fn convert_batch(batch: BatchFetchNode) -> Fetch {
    let entities = batch
        .entity_batch
        .aliases
        .into_iter()
        .map(|alias| Entities {
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
        variables: batch
            .variable_usages
            .into_iter()
            .flatten()
            .map(Name::new)
            .collect(),
        target: Target::Entities(entities.collect()),
    }
}

/// Lists need no segment of their own: every list on the way is descended into.
fn path(path: &FlattenNodePath) -> Vec<Segment> {
    path.as_slice()
        .iter()
        .filter_map(|segment| match segment {
            FlattenNodePathSegment::Field(name) => Some(Segment::Field(name.clone())),
            FlattenNodePathSegment::TypeCondition(types) => {
                Some(Segment::Types(types.iter().cloned().collect()))
            }
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
        FetchRewrite::KeyRenamer(rename) => {
            (rename.path, Change::Rename(Name::new(rename.rename_key_to)))
        }
        FetchRewrite::ValueSetter(set) => (set.path, Change::Set(set.set_value_to)),
    };
    let FetchNodePathSegment::Key(key) = path.pop()? else {
        return None;
    };
    let path = path
        .into_iter()
        .map(|segment| match segment {
            FetchNodePathSegment::Key(key) => RewriteSegment::Key(key),
            FetchNodePathSegment::TypenameEquals(types) => {
                RewriteSegment::Types(types.into_iter().collect())
            }
        })
        .collect();
    Some(Rewrite { path, key, change })
}
