//! Where each field comes from: the planner, behind our own words.
//!
//! The only folder that names the planner crate. Everything else walks [`crate::steps::Step`]s.

mod apart;
mod convert;

use crate::{
    aliases::Aliases,
    overrides::{Shares, Side},
    planning_document::Names,
    public,
    requirements::Requirements,
    schema::Types,
    steps::Plan,
    subgraph_order::{self, Renamed},
};
use ahash::{HashMap, HashSet};
use convert::Convert;
use graphql_tools::static_graphql::{query, schema};
use hive_router_query_planner::{
    ast::normalization::{error::NormalizationError, normalize_operation},
    graph::PlannerOverrideContext,
    planner::Planner as HivePlanner,
    state::supergraph_state::SupergraphDefinition,
    utils::cancellation::CancellationToken,
};
use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

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
    shares: Shares,
    labels: std::collections::HashSet<String>,
    names: Names,
    requirements: Requirements,
    renamed: Renamed,
    /// Where to look when the planner finds no way, and who looks there, once it was needed.
    apart: Option<schema::Document>,
    again: OnceLock<Option<HivePlanner>>,
}

/// Planning takes around a millisecond. Far beyond it, the document is the problem.
const PATIENCE: Duration = Duration::from_secs(2);

impl Planner {
    /// Reads a supergraph.
    pub fn new(supergraph: &schema::Document) -> Result<Self, String> {
        let requirements = Requirements::new(supergraph);
        let (supergraph, renamed) = subgraph_order::sorted(supergraph.clone());
        let inner = HivePlanner::new_from_supergraph(&supergraph, Default::default())
            .map_err(|error| error.to_string())?;
        let shares = Shares::new(
            inner
                .supergraph
                .progressive_overrides
                .percentages
                .iter()
                .copied(),
        );
        let names = names(&inner);
        Ok(Self {
            apart: apart::supergraph(&supergraph),
            again: OnceLock::new(),
            names,
            requirements,
            renamed,
            inner,
            shares,
            labels: std::collections::HashSet::new(),
        })
    }

    /// Puts overrides with these labels of their own (not `percent(…)`) in force; none is
    /// otherwise. The first label that the supergraph does not have is returned instead.
    pub fn activate(&mut self, labels: impl IntoIterator<Item = String>) -> Result<(), String> {
        let labels: std::collections::HashSet<String> = labels.into_iter().collect();
        let known = &self.inner.supergraph.progressive_overrides.flags;
        if let Some(unknown) = labels.iter().find(|label| !known.contains(*label)) {
            return Err(unknown.clone());
        }
        self.labels = labels;
        Ok(())
    }

    /// What documents are rewritten by.
    pub const fn names(&self) -> &Names {
        &self.names
    }

    /// How the shares of progressive overrides are dealt out.
    pub fn shares(&self) -> &Shares {
        &self.shares
    }

    /// The public schema: nothing inaccessible, nothing of the federation, and with introspection.
    pub fn public_schema(&self) -> Arc<schema::Document> {
        Arc::new(public::schema(&self.inner.consumer_schema.document))
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

    /// A subgraph's own name, of the planner's.
    fn own<'n>(&self, name: &'n str) -> &'n str {
        self.renamed.own(apart::own(name))
    }

    /// Plans a document that has been validated and holds no introspection, for the requests of one
    /// side.
    pub fn plan(
        &self,
        document: &query::Document,
        operation: Option<&str>,
        side: Side,
    ) -> Result<Plan, Unplannable> {
        let lost = match self.plan_by(&self.inner, document, operation, side) {
            Err(Unplannable::Bug(lost)) => lost,
            found => return found,
        };
        let Some(again) = self.again() else {
            return Err(Unplannable::Bug(lost));
        };
        tracing::debug!(lost, "planning once more, with requirements apart");
        self.plan_by(again, document, operation, side)
            .map_err(|error| match error {
                Unplannable::Bug(again) => Unplannable::Bug(format!("{lost}; and again: {again}")),
                other => other,
            })
    }

    fn again(&self) -> Option<&HivePlanner> {
        let again = self.again.get_or_init(|| {
            let made = HivePlanner::new_from_supergraph(self.apart.as_ref()?, Default::default());
            made.inspect_err(|error| tracing::error!(%error, "there is no second way to plan"))
                .ok()
        });
        again.as_ref()
    }

    fn plan_by(
        &self,
        planner: &HivePlanner,
        document: &query::Document,
        operation: Option<&str>,
        side: Side,
    ) -> Result<Plan, Unplannable> {
        let normal =
            normalize_operation(&planner.supergraph, document, operation).map_err(|error| {
                match error {
                    NormalizationError::SpecifiedOperationNotFound { .. }
                    | NormalizationError::OperationNotFound => Unplannable::NoOperation,
                    other => Unplannable::Bug(other.to_string()),
                }
            })?;
        let patience = CancellationToken::with_timeout(PATIENCE);
        let plan = planner
            .plan_from_normalized_operation(
                &normal.operation,
                PlannerOverrideContext::new(self.labels.clone(), self.shares.value(side)),
                &patience,
            )
            .map_err(|error| match error {
                hive_router_query_planner::planner::PlannerError::CancellationError(_) => {
                    Unplannable::TooLong
                }
                other => Unplannable::Bug(other.to_string()),
            })?;
        match plan.node {
            Some(node) => Convert(self).plan(node),
            None => Ok(Plan {
                source: None,
                step: None,
            }),
        }
    }
}

fn names(planner: &HivePlanner) -> Names {
    let definitions = &planner.supergraph.definitions;
    let fields = definitions
        .values()
        .flat_map(|definition| definition.fields().keys().cloned());
    let veils: HashSet<&str> = definitions
        .iter()
        .filter(|(_, definition)| {
            let joins = definition.join_types();
            joins.iter().any(|join| join.is_interface_object)
        })
        .map(|(name, _)| name.as_str())
        .collect();
    let behind = definitions
        .iter()
        .filter(|(_, definition)| match definition {
            SupergraphDefinition::Object(object) => object
                .join_implements
                .iter()
                .any(|implements| veils.contains(implements.interface.as_str())),
            _ => false,
        });
    Names {
        aliases: Aliases::new(fields),
        behind: behind.map(|(name, _)| name.clone()).collect(),
    }
}
