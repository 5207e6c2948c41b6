//! Runs a plan: fetches, in the order and at the same time as the plan says, into one tree of
//! data, which is then shown in the document's own shape.

mod blame;
pub mod merge;
mod paths;
pub mod project;
mod representations;

use crate::{
    schema::Types,
    steps::{Change, Entities, Fetch, Rewrite, RewriteSegment, Step, Target},
    traffic::{Failed, Traffic},
};
use async_graphql::{
    Name, PathSegment, Response, ServerError, Value, Variables, indexmap::IndexMap,
};
use blame::blame;
use djinn_kernel::Viewer;
use djinn_subgraph_kit::{Call, ClientAddress, Forwarded, RequestId, Subgraph};
use futures_util::future::{BoxFuture, FutureExt, join_all};
use merge::{merge, rewrite};
use paths::{Place, find_mut, path_of};
use representations::{Representations, Wanted};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::time::Instant;

/// The subgraphs, by name.
pub type Subgraphs = HashMap<String, Arc<dyn Subgraph>>;

/// One request while it runs.
pub struct Execution<'a> {
    /// The way to the subgraphs.
    pub traffic: &'a Traffic,
    /// Whether an answer may be shared with the same question of the same viewer.
    pub share: bool,
    /// Which object types are of which types.
    pub types: &'a Types,
    /// The request's variables, checked.
    pub variables: &'a Variables,
    /// Who is asking.
    pub viewer: &'a Viewer,
    /// Which request it is.
    pub request_id: &'a RequestId,
    /// What of the client's headers goes on to subgraphs of other owners.
    pub forwarded: &'a Forwarded,
    /// Where the request comes from.
    pub client: Option<ClientAddress>,
    /// When all has to be done.
    pub deadline: Instant,
}

/// What has been found so far.
#[derive(Debug)]
pub struct Found {
    /// The data, in the plan's shape.
    pub data: Value,
    /// What went wrong, with paths into the answer.
    pub errors: Vec<ServerError>,
}

impl Default for Found {
    fn default() -> Self {
        Self {
            data: Value::Object(IndexMap::new()),
            errors: Vec::new(),
        }
    }
}

/// An error is repeated for every place its entity stands at, up to this many.
const MOST_PLACES: usize = 100;

impl Execution<'_> {
    /// Runs `step` on what has been found before.
    pub async fn run(&self, step: Option<&Step>, found: Found) -> Found {
        let Some(step) = step else { return found };
        let state = Mutex::new(found);
        self.step(step, &state).await;
        state.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn step<'s>(&'s self, step: &'s Step, state: &'s Mutex<Found>) -> BoxFuture<'s, ()> {
        match step {
            Step::Sequence(steps) => async move {
                for step in steps {
                    self.step(step, state).await;
                }
            }
            .boxed(),
            Step::Parallel(steps) => join_all(steps.iter().map(|step| self.step(step, state)))
                .map(|_| ())
                .boxed(),
            Step::Fetch(fetch) => self.fetch(fetch, state).boxed(),
        }
    }

    async fn fetch(&self, fetch: &Fetch, state: &Mutex<Found>) {
        let mut call = self.call(fetch);
        match &fetch.target {
            Target::Root {
                path,
                keys,
                rewrites,
            } => {
                let outcome = self.ask(&fetch.subgraph, call).await;
                let mut found = lock(state);
                let mut places = Vec::new();
                paths::walk(&found.data, path, self.types, &mut |_, trail| {
                    places.push(Place::new(trail));
                });
                match outcome {
                    Ok(response) => self.merge_root(&mut found, response, path, &places, rewrites),
                    Err(failed) => {
                        for place in places.iter().take(MOST_PLACES) {
                            let base = path_of(&found.data, path, place);
                            for key in keys {
                                let mut at = base.clone();
                                at.push(PathSegment::Field(key.clone()));
                                rename_in_path(&mut at, base.len(), rewrites);
                                found.errors.push(failed.error(at));
                            }
                        }
                    }
                }
            }
            Target::Entities(groups) => {
                let gathered: Vec<Representations> = {
                    let found = lock(state);
                    groups
                        .iter()
                        .map(|group| Representations::gather(group, &found.data, self.types))
                        .collect()
                };
                if gathered.iter().all(Representations::is_empty) {
                    return;
                }
                let mut places = Vec::with_capacity(groups.len());
                for (group, representations) in groups.iter().zip(gathered) {
                    call.variables
                        .insert(group.variable.clone(), Value::List(representations.values));
                    places.push(representations.places);
                }
                let outcome = self.ask(&fetch.subgraph, call).await;
                self.merge_entities(&mut lock(state), outcome, groups, &places);
            }
        }
    }

    /// The call that a fetch makes, as far as it does not depend on data.
    pub fn call(&self, fetch: &Fetch) -> Call {
        let mut variables = Variables::default();
        for name in &fetch.variables {
            if let Some(value) = self.variables.get(name) {
                variables.insert(name.clone(), value.clone());
            }
        }
        Call {
            query: Arc::clone(&fetch.query),
            operation_name: None,
            variables,
            viewer: self.viewer.clone(),
            request_id: self.request_id.clone(),
            forwarded: self.forwarded.clone(),
            client: self.client,
        }
    }

    async fn ask(&self, name: &str, call: Call) -> Result<Response, Failed> {
        self.traffic
            .ask(name, call, self.share, self.deadline)
            .await
    }

    /// Merges what came back for a root fetch.
    fn merge_root(
        &self,
        found: &mut Found,
        response: Response,
        path: &[crate::steps::Segment],
        places: &[Place],
        rewrites: &[Rewrite],
    ) {
        let mut data = response.data;
        for one in rewrites {
            rewrite(&mut data, one, self.types);
        }
        for error in response.errors {
            for place in places.iter().take(MOST_PLACES) {
                let mut at = path_of(&found.data, path, place);
                let base = at.len();
                at.extend(error.path.iter().cloned());
                rename_in_path(&mut at, base, rewrites);
                found.errors.push(moved(&error, at));
            }
        }
        let Some((last, others)) = places.split_last() else {
            return;
        };
        for place in others {
            if let Some(target) = find_mut(&mut found.data, path, place) {
                merge(target, data.clone(), self.types);
            }
        }
        if let Some(target) = find_mut(&mut found.data, path, last) {
            merge(target, data, self.types);
        }
    }

    /// Takes a subscription's event as the root data.
    pub fn merge_event(&self, found: &mut Found, event: Response, rewrites: &[Rewrite]) {
        self.merge_root(found, event, &[], &[Place::new(&[])], rewrites);
    }

    fn merge_entities(
        &self,
        found: &mut Found,
        outcome: Result<Response, Failed>,
        groups: &[Entities],
        places: &[Vec<Wanted>],
    ) {
        let response = match outcome {
            Ok(response) => response,
            Err(failed) => {
                for (group, wanted) in groups.iter().zip(places) {
                    for one in wanted.iter().take(MOST_PLACES) {
                        let at = path_of(&found.data, &group.paths[one.path], &one.place);
                        found.errors.push(failed.error(at));
                    }
                }
                return;
            }
        };
        let mut lists = match response.data {
            Value::Object(lists) => lists,
            _ => IndexMap::new(),
        };
        report(found, &response.errors, &lists, groups, places);
        for (group, wanted) in groups.iter().zip(places) {
            let Some(Value::List(mut entities)) = lists.swap_remove(group.key.as_str()) else {
                continue;
            };
            for entity in &mut entities {
                for one in &group.after {
                    rewrite(entity, one, self.types);
                }
            }
            let mut uses = vec![0_usize; entities.len()];
            for one in wanted {
                if let Some(count) = uses.get_mut(one.representation) {
                    *count += 1;
                }
            }
            for one in wanted {
                let Some(entity) = entities.get_mut(one.representation) else {
                    continue;
                };
                let Some(target) = find_mut(&mut found.data, &group.paths[one.path], &one.place)
                else {
                    continue;
                };
                // Most entities stand at one place only: those move instead of being copied.
                uses[one.representation] -= 1;
                let entity = if uses[one.representation] == 0 {
                    std::mem::take(entity)
                } else {
                    entity.clone()
                };
                merge(target, entity, self.types);
            }
        }
    }
}

/// An error of entity 3 belongs wherever that entity stands in the answer.
fn report(
    found: &mut Found,
    errors: &[ServerError],
    lists: &IndexMap<Name, Value>,
    groups: &[Entities],
    places: &[Vec<Wanted>],
) {
    let came: Vec<(&str, &[Value])> = groups
        .iter()
        .map(|group| match lists.get(group.key.as_str()) {
            Some(Value::List(entities)) => (group.key.as_str(), entities.as_slice()),
            _ => (group.key.as_str(), &[][..]),
        })
        .collect();
    for blamed in blame(errors, &came) {
        let group = &groups[blamed.group];
        let theirs = places[blamed.group].iter().filter(|one| {
            blamed
                .entity
                .is_none_or(|entity| one.representation == entity)
        });
        for one in theirs.take(MOST_PLACES) {
            let mut at = path_of(&found.data, &group.paths[one.path], &one.place);
            let base = at.len();
            at.extend(blamed.rest.iter().cloned());
            rename_in_path(&mut at, base, &group.after);
            found.errors.push(moved(blamed.error, at));
        }
    }
}

fn lock(state: &Mutex<Found>) -> MutexGuard<'_, Found> {
    // Held only between awaits, on one task: it is never contended.
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The same error at another place; the subgraph's own locations mean nothing to the client.
fn moved(error: &ServerError, path: Vec<PathSegment>) -> ServerError {
    let mut error = error.clone();
    error.locations.clear();
    error.path = path;
    error
}

/// The planner may have asked for a field under a name of its own; the client knows the other.
fn rename_in_path(path: &mut [PathSegment], base: usize, rewrites: &[Rewrite]) {
    for one in rewrites {
        let Change::Rename(to) = &one.change else {
            continue;
        };
        let mut keys = path[base..].iter_mut().filter_map(|segment| match segment {
            PathSegment::Field(name) => Some(name),
            PathSegment::Index(_) => None,
        });
        let leads_there = one.path.iter().all(|segment| match segment {
            RewriteSegment::Key(key) => keys.next().is_some_and(|found| found == key),
            RewriteSegment::Types(_) => true,
        });
        if leads_there && let Some(last) = keys.next().filter(|last| **last == one.key) {
            last.clear();
            last.push_str(to);
        }
    }
}
