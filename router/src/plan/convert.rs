//! From the planner's plan to ours.

use super::{Planner, Unplannable};
use crate::steps::{
    Change, Entities, Fetch, Need, Plan, Rewrite, RewriteSegment, Segment, Step, Target,
};
use async_graphql::Name;
use hive_router_query_planner::{
    ast::selection_item::SelectionItem,
    planner::plan_nodes::{
        BatchFetchNode, FetchNode, FetchNodePathSegment, FetchRewrite, FlattenNodePath,
        FlattenNodePathSegment, PlanNode,
    },
};
use std::sync::Arc;

/// Plans of one planner.
pub struct Convert<'p>(pub &'p Planner);

impl Convert<'_> {
    /// A whole plan.
    pub fn plan(&self, node: PlanNode) -> Result<Plan, Unplannable> {
        match node {
            PlanNode::Subscription(node) => Ok(Plan {
                source: Some(self.fetch(node.primary, Vec::new())),
                step: None,
            }),
            PlanNode::Sequence(sequence)
                if matches!(sequence.nodes.first(), Some(PlanNode::Subscription(_))) =>
            {
                let mut nodes = sequence.nodes.into_iter();
                let Some(PlanNode::Subscription(first)) = nodes.next() else {
                    unreachable!("matched above")
                };
                let rest = nodes
                    .map(|node| self.step(node))
                    .collect::<Result<Vec<_>, _>>()?;
                Ok(Plan {
                    source: Some(self.fetch(first.primary, Vec::new())),
                    step: (!rest.is_empty()).then_some(Step::Sequence(rest)),
                })
            }
            other => Ok(Plan {
                source: None,
                step: Some(self.step(other)?),
            }),
        }
    }

    fn step(&self, node: PlanNode) -> Result<Step, Unplannable> {
        let all = |nodes: Vec<PlanNode>| {
            nodes
                .into_iter()
                .map(|node| self.step(node))
                .collect::<Result<Vec<_>, _>>()
        };
        Ok(match node {
            PlanNode::Sequence(sequence) => Step::Sequence(all(sequence.nodes)?),
            PlanNode::Parallel(parallel) => Step::Parallel(all(parallel.nodes)?),
            PlanNode::Fetch(fetch) => Step::Fetch(self.fetch(fetch, Vec::new())),
            PlanNode::Flatten(flatten) => match *flatten.node {
                PlanNode::Fetch(fetch) => Step::Fetch(self.fetch(fetch, path(&flatten.path))),
                other => return Err(Unplannable::Bug(format!("a flatten holds {other}"))),
            },
            PlanNode::BatchFetch(batch) => Step::Fetch(self.batch(batch)),
            PlanNode::Subscription(_) | PlanNode::Defer(_) | PlanNode::Condition(_) => {
                return Err(Unplannable::Bug(
                    "a subscription or a condition inside a plan".to_owned(),
                ));
            }
        })
    }

    fn fetch(&self, fetch: FetchNode, at: Vec<Segment>) -> Fetch {
        let subgraph = self.0.own(&fetch.service_name);
        let items = &fetch.operation.document.operation.selection_set.items;
        let mut keys = Vec::new();
        keys_of(items, &mut keys);
        let target = match fetch.requires {
            None => Target::Root {
                path: at,
                keys,
                rewrites: rewrites(fetch.output_rewrites),
            },
            Some(requires) => {
                let after = rewrites(fetch.output_rewrites);
                Target::Entities(vec![Entities {
                    key: "_entities".to_owned(),
                    variable: Name::new("representations"),
                    paths: vec![at],
                    requires: self.needs(
                        subgraph,
                        &requires.items,
                        entity_fields(items, "_entities"),
                    ),
                    before: rewrites(fetch.input_rewrites),
                    keys: entity_keys(items, "_entities", &after),
                    after,
                }])
            }
        };
        Fetch {
            subgraph: subgraph.into(),
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

    fn batch(&self, batch: BatchFetchNode) -> Fetch {
        let subgraph = self.0.own(&batch.service_name);
        let items = &batch.operation.document.operation.selection_set.items;
        let entities = batch.entity_batch.aliases.into_iter().map(|alias| {
            let after = rewrites(alias.output_rewrites);
            Entities {
                requires: self.needs(
                    subgraph,
                    &alias.requires.items,
                    entity_fields(items, &alias.alias),
                ),
                keys: entity_keys(items, &alias.alias, &after),
                key: alias.alias,
                variable: Name::new(alias.representations_variable_name),
                paths: alias.merge_paths.iter().map(path).collect(),
                before: rewrites(alias.input_rewrites),
                after,
            }
        });
        Fetch {
            subgraph: subgraph.into(),
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

    /// What the plan says goes into a representation, and what the fields asked for require besides.
    fn needs(
        &self,
        subgraph: &str,
        planned: &[SelectionItem],
        asked: Vec<(String, String)>,
    ) -> Vec<Need> {
        let mut all = needs(planned);
        self.0.requirements.complete(subgraph, &asked, &mut all);
        all
    }
}

/// Type and name of the fields that a fetch asks of its entities.
fn entity_fields(items: &[SelectionItem], key: &str) -> Vec<(String, String)> {
    fn collect(items: &[SelectionItem], of: &str, found: &mut Vec<(String, String)>) {
        for item in items {
            match item {
                SelectionItem::Field(field) => found.push((of.to_owned(), field.name.clone())),
                SelectionItem::InlineFragment(inline) => {
                    collect(&inline.selections.items, &inline.type_condition, found);
                }
                SelectionItem::FragmentSpread(_) => {}
            }
        }
    }
    let mut found = Vec::new();
    for item in items {
        match item {
            SelectionItem::Field(field) if field.selection_identifier() == key => {
                collect(&field.selections.items, "", &mut found);
            }
            _ => {}
        }
    }
    found
}

/// What a fetch asks of its entities, under the keys that this has once the answer is rewritten.
fn entity_keys(items: &[SelectionItem], key: &str, after: &[Rewrite]) -> Arc<[String]> {
    let mut keys = Vec::new();
    for item in items {
        match item {
            SelectionItem::Field(field) if field.selection_identifier() == key => {
                keys_of(&field.selections.items, &mut keys);
            }
            _ => {}
        }
    }
    for one in after {
        let own = |segment: &RewriteSegment| matches!(segment, RewriteSegment::Types(_));
        if let Change::Rename(to) = &one.change
            && one.path.iter().all(own)
        {
            for key in keys.iter_mut().filter(|key| **key == one.key) {
                *key = to.to_string();
            }
        }
    }
    keys.sort_unstable();
    keys.dedup();
    keys.into()
}

/// What a selection set asks for, also inside fragments.
fn keys_of(items: &[SelectionItem], keys: &mut Vec<String>) {
    for item in items {
        match item {
            SelectionItem::Field(field) => keys.push(field.selection_identifier().to_owned()),
            SelectionItem::InlineFragment(inline) => keys_of(&inline.selections.items, keys),
            SelectionItem::FragmentSpread(_) => {}
        }
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
