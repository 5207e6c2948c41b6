//! Runs a plan: fetches, in the order and at the same time as the plan says, into one tree of
//! data, which is then shown in the document's own shape.

mod blame;
mod errors;
mod failures;
pub mod merge;
mod paths;
pub mod project;
mod representations;

use crate::{
    error::coded,
    schema::Types,
    steps::{Change, Entities, Fetch, Rewrite, RewriteSegment, Segment, Step, Target},
    traffic::{Failed, Traffic},
};
use async_graphql::{
    Name, PathSegment, Response, ServerError, Value, Variables, indexmap::IndexMap,
};
use blame::blame;
use djinn_kernel::{Code, Viewer};
use djinn_subgraph_kit::{Call, ClientAddress, Forwarded, RequestId, Subgraph};
use errors::{Errors, MOST, Measured};
use failures::Failures;
use futures_util::future::{BoxFuture, FutureExt, join_all};
use merge::{mark_absent, merge, rewrite};
use paths::{Place, find_mut, path_of};
use representations::{Representations, Wanted};
use std::{
    collections::{HashMap, HashSet},
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
    pub errors: Errors,
    /// What went wrong for whole objects.
    pub failures: Failures,
}

impl Default for Found {
    fn default() -> Self {
        Self {
            data: Value::Object(IndexMap::new()),
            errors: Errors::default(),
            failures: Failures::default(),
        }
    }
}

/// An error is repeated for every place its entity stands at, up to this many; the others are counted.
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
                    Ok(response) => {
                        let missing = lost(&response, path, keys);
                        if !missing.is_empty() {
                            self.warn(&fetch.subgraph, "fields that were asked for");
                            found.fail_root(&broken(), path, &places, &missing, rewrites);
                        }
                        self.merge_root(&mut found, response, path, &places, rewrites);
                    }
                    Err(failed) => {
                        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
                        let error = failed.error(Vec::new());
                        found.fail_root(&error, path, &places, &keys, rewrites);
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
                let whole = self.merge_entities(&mut lock(state), outcome, groups, &places);
                if !whole {
                    self.warn(&fetch.subgraph, "the entities that were asked for");
                }
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

    /// Its owner has to know: the client only hears that something is missing.
    fn warn(&self, subgraph: &str, what: &str) {
        tracing::warn!(request_id = %self.request_id, subgraph, "the answer lacks {what}, and says no error");
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
        path: &[Segment],
        places: &[Place],
        rewrites: &[Rewrite],
    ) {
        let mut data = response.data;
        for one in rewrites {
            rewrite(&mut data, one, self.types);
        }
        for error in &response.errors {
            let measured = Measured::new(error);
            for place in places.iter().take(MOST_PLACES) {
                found.errors.push_at(&measured, || {
                    let mut at = path_of(&found.data, path, place);
                    let base = at.len();
                    at.extend(error.path.iter().cloned());
                    rename_in_path(&mut at, base, rewrites);
                    at
                });
            }
            let others = places.len().saturating_sub(MOST_PLACES);
            found.errors.leave_out(others);
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

    /// Says whether everything came that was asked for, or an error in its stead.
    fn merge_entities(
        &self,
        found: &mut Found,
        outcome: Result<Response, Failed>,
        groups: &[Entities],
        places: &[Vec<Wanted>],
    ) -> bool {
        let response = match outcome {
            Ok(response) => response,
            Err(failed) => {
                let error = Arc::new(failed.error(Vec::new()));
                for (group, wanted) in groups.iter().zip(places) {
                    found.fail(&error, group, wanted.iter());
                }
                return true;
            }
        };
        let mut lists = match response.data {
            Value::Object(lists) => lists,
            _ => IndexMap::new(),
        };
        let told = report(found, &response.errors, &lists, groups, places);
        let mut whole = true;
        for (index, (group, wanted)) in groups.iter().zip(places).enumerate() {
            let asked = wanted.iter().map(|one| one.representation + 1).max();
            let mut entities = match lists.swap_remove(group.key.as_str()) {
                // By another count nobody knows which is which.
                Some(Value::List(entities)) if Some(entities.len()) == asked => entities,
                _ => {
                    whole &= told.fail_others(found, index, group, wanted, |_| true);
                    continue;
                }
            };
            let is_none = |entity: &Value| !matches!(entity, Value::Object(_) | Value::Null);
            if entities.iter().any(is_none) {
                whole &= told.fail_others(found, index, group, wanted, |one| {
                    is_none(&entities[one.representation])
                });
            }
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
                if *entity == Value::Null {
                    mark_absent(target);
                    continue;
                }
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
        whole
    }
}

impl Found {
    /// The same error at every place of a root fetch, for each of the keys.
    fn fail_root(
        &mut self,
        error: &ServerError,
        path: &[Segment],
        places: &[Place],
        keys: &[&str],
        rewrites: &[Rewrite],
    ) {
        let error = Measured::new(error);
        for place in places.iter().take(MOST_PLACES) {
            let base = path_of(&self.data, path, place);
            for key in keys {
                self.errors.push_at(&error, || {
                    let mut at = base.clone();
                    at.push(PathSegment::Field((*key).to_owned()));
                    rename_in_path(&mut at, base.len(), rewrites);
                    at
                });
            }
        }
        let others = places.len().saturating_sub(MOST_PLACES);
        self.errors.leave_out(others.saturating_mul(keys.len()));
    }

    /// The same error for whole entities.
    fn fail<'w>(
        &mut self,
        error: &Arc<ServerError>,
        group: &Entities,
        wanted: impl Iterator<Item = &'w Wanted>,
    ) {
        if self.failures.are_cut() {
            self.errors.leave_out(wanted.count());
            return;
        }
        for (index, one) in wanted.enumerate() {
            if index < MOST_PLACES {
                self.failures.push(error, &group.keys, || {
                    path_of(&self.data, &group.paths[one.path], &one.place)
                });
            } else {
                self.errors.leave_out(1);
            }
            self.mark_absent(group, one);
        }
    }

    /// What is missing of this object is missing for a reason that is known.
    fn mark_absent(&mut self, group: &Entities, one: &Wanted) {
        if let Some(object) = find_mut(&mut self.data, &group.paths[one.path], &one.place) {
            mark_absent(object);
        }
    }
}

/// Of which entities a subgraph itself says that something went wrong.
#[derive(Default)]
struct Told {
    /// Of all of a group.
    groups: HashSet<usize>,
    /// Of one, by group and representation.
    entities: HashSet<(usize, usize)>,
}

impl Told {
    /// An error for those that did not come and of which nothing is said; says whether there are
    /// none.
    fn fail_others(
        &self,
        found: &mut Found,
        index: usize,
        group: &Entities,
        wanted: &[Wanted],
        did_not_come: impl Fn(&Wanted) -> bool,
    ) -> bool {
        if self.groups.contains(&index) {
            return true;
        }
        let mut others = wanted
            .iter()
            .filter(|one| {
                did_not_come(one) && !self.entities.contains(&(index, one.representation))
            })
            .peekable();
        let none = others.peek().is_none();
        found.fail(&Arc::new(broken()), group, others);
        none
    }
}

/// An error of entity 3 belongs wherever that entity stands in the answer.
fn report(
    found: &mut Found,
    errors: &[ServerError],
    lists: &IndexMap<Name, Value>,
    groups: &[Entities],
    places: &[Vec<Wanted>],
) -> Told {
    let mut told = Told::default();
    if errors.is_empty() {
        return told;
    }
    let came: Vec<(&str, &[Value])> = groups
        .iter()
        .map(|group| match lists.get(group.key.as_str()) {
            Some(Value::List(entities)) => (group.key.as_str(), entities.as_slice()),
            _ => (group.key.as_str(), &[][..]),
        })
        .collect();
    // No more than can be told: to find out whom an error is about takes time.
    let (errors, others) = errors.split_at(errors.len().min(MOST));
    found.errors.leave_out(others.len());
    for blamed in blame(errors, &came) {
        let known = |group: usize, entity: usize| {
            let mut places = places[group].iter();
            places.any(|one| one.representation == entity)
        };
        let Some(group) = blamed.group else {
            let error = Arc::new(placeless(blamed.error));
            for (index, (group, wanted)) in groups.iter().zip(places).enumerate() {
                told.groups.insert(index);
                found.fail(&error, group, wanted.iter());
            }
            continue;
        };
        // An entity that nobody asked for is as good as none.
        let entity = blamed.entity.filter(|entity| known(group, *entity));
        match entity {
            Some(entity) => told.entities.insert((group, entity)),
            None => told.groups.insert(group),
        };
        let theirs = places[group]
            .iter()
            .filter(|one| entity.is_none_or(|entity| one.representation == entity));
        let group = &groups[group];
        if entity.is_none() || blamed.rest.is_empty() {
            found.fail(&Arc::new(placeless(blamed.error)), group, theirs);
            continue;
        }
        let error = Measured::new(blamed.error);
        for (index, one) in theirs.enumerate() {
            if index < MOST_PLACES {
                found.errors.push_at(&error, || {
                    let mut at = path_of(&found.data, &group.paths[one.path], &one.place);
                    let base = at.len();
                    at.extend(blamed.rest.iter().cloned());
                    rename_in_path(&mut at, base, &group.after);
                    at
                });
            } else {
                found.errors.leave_out(1);
            }
            found.mark_absent(group, one);
        }
    }
    told
}

/// Those of the keys that an answer to a root fetch neither has nor explains.
fn lost<'k>(response: &Response, path: &[Segment], keys: &'k [String]) -> Vec<&'k str> {
    if !path.is_empty() {
        // Elsewhere than at the root, what is asked may depend on the object's type.
        return Vec::new();
    }
    if response.data == Value::Null && !response.errors.is_empty() {
        // One of them took everything, where a field must not be null.
        return Vec::new();
    }
    let has = |key: &str| match &response.data {
        Value::Object(data) => data.contains_key(key),
        _ => false,
    };
    let explained = |key: &str| {
        response
            .errors
            .iter()
            .any(|error| match error.path.first() {
                Some(PathSegment::Field(field)) => field == key,
                _ => true,
            })
    };
    let keys = keys.iter().map(String::as_str);
    keys.filter(|key| !has(key) && !explained(key)).collect()
}

/// A subgraph answered, but not what its schema promises.
fn broken() -> ServerError {
    coded(
        Code::Internal,
        "A part of the hub did not answer as it should; this part of the answer is missing.",
    )
}

/// The error without the place that the subgraph gives it.
fn placeless(error: &ServerError) -> ServerError {
    let mut error = error.clone();
    error.path.clear();
    error
}

fn lock(state: &Mutex<Found>) -> MutexGuard<'_, Found> {
    // Held only between awaits, on one task: it is never contended.
    state.lock().unwrap_or_else(PoisonError::into_inner)
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
