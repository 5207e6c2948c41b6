//! The same question of the same viewer, asked while it is under way, is asked once.

use super::Failed;
use ahash::{HashMap, RandomState};
use async_graphql::{Response, Value, Variables};
use djinn_subgraph_kit::Call;
use futures_util::{
    FutureExt,
    future::{BoxFuture, Shared, WeakShared},
};
use std::{
    hash::{BuildHasher, Hash, Hasher},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

type Carried = BoxFuture<'static, Result<Arc<Response>, Failed>>;

/// The questions under way to one subgraph.
#[derive(Default)]
pub struct Flights {
    under_way: Arc<Mutex<UnderWay>>,
    hash: RandomState,
}

#[derive(Default)]
struct UnderWay {
    by_hash: HashMap<u64, Vec<Flight>>,
    last: u64,
}

struct Flight {
    serial: u64,
    /// What anybody had been told when it was asked.
    told: u64,
    call: Arc<Call>,
    /// Weak: once nobody waits any more, it is not asked to its end.
    outcome: WeakShared<Carried>,
}

/// A question under way, to be waited for. Whoever stops waiting does not stop it for the others.
pub struct Joined {
    outcome: Shared<Carried>,
    /// Whether somebody else had asked before.
    pub joined: bool,
}

impl Joined {
    /// What comes of it.
    pub async fn outcome(self) -> Result<Response, Failed> {
        let shared = self.outcome.await?;
        // Copied for all but one of those who waited.
        Ok(Arc::try_unwrap(shared).unwrap_or_else(|shared| {
            let mut response = Response::new(shared.data.clone());
            response.errors.clone_from(&shared.errors);
            response
        }))
    }
}

impl Flights {
    /// Joins the same question, if one is under way that was asked after all that anybody has been
    /// `told`; or else starts it.
    pub fn join(&self, call: Call, told: u64, start: impl FnOnce(Arc<Call>) -> Carried) -> Joined {
        let hash = self.hash_of(&call);
        let mut under_way = lock(&self.under_way);
        let same = under_way.by_hash.get(&hash).into_iter().flatten();
        let found = same
            .filter(|flight| flight.told == told && is_same(&flight.call, &call))
            .find_map(|flight| flight.outcome.upgrade());
        if let Some(outcome) = found {
            return Joined {
                outcome,
                joined: true,
            };
        }
        under_way.last += 1;
        let landing = Landing {
            under_way: Arc::clone(&self.under_way),
            hash,
            serial: under_way.last,
        };
        let call = Arc::new(call);
        let work = start(Arc::clone(&call));
        let outcome = async move {
            // Gone with the last who waits, or as soon as the answer is there: an answer is never
            // kept for anybody who asks later.
            let _landing = landing;
            work.await
        }
        .boxed()
        .shared();
        if let Some(weak) = outcome.downgrade() {
            let serial = under_way.last;
            under_way.by_hash.entry(hash).or_default().push(Flight {
                serial,
                told,
                call,
                outcome: weak,
            });
        }
        Joined {
            outcome,
            joined: false,
        }
    }

    /// Cheap, and good enough to find candidates: [`is_same`] decides.
    fn hash_of(&self, call: &Call) -> u64 {
        let mut hasher = self.hash.build_hasher();
        call.query.hash(&mut hasher);
        call.viewer
            .identity()
            .map(|identity| identity.player)
            .hash(&mut hasher);
        hash_variables(&call.variables, &mut hasher);
        hasher.finish()
    }
}

/// The same for the same variables, and mostly another for others.
pub fn hash_variables(variables: &Variables, hasher: &mut impl Hasher) {
    for (name, value) in variables.iter() {
        name.hash(hasher);
        match value {
            Value::String(text) => text.hash(hasher),
            Value::Number(number) => number.hash(hasher),
            Value::Boolean(truth) => truth.hash(hasher),
            Value::List(items) => items.len().hash(hasher),
            _ => {}
        }
    }
}

/// Whether two calls ask the same for the same viewer, scopes, ceiling and credential included.
fn is_same(one: &Call, other: &Call) -> bool {
    // Taken apart, so that a new field cannot be forgotten here.
    let Call {
        query,
        operation_name,
        variables,
        viewer,
        request_id: _,
        forwarded,
        // Whence somebody asks bounds how often they may, not what they see.
        client: _,
    } = one;
    *query == other.query
        && *operation_name == other.operation_name
        && *viewer == other.viewer
        && *forwarded == other.forwarded
        && *variables == other.variables
}

struct Landing {
    under_way: Arc<Mutex<UnderWay>>,
    hash: u64,
    serial: u64,
}

impl Drop for Landing {
    fn drop(&mut self) {
        let mut under_way = lock(&self.under_way);
        if let Some(flights) = under_way.by_hash.get_mut(&self.hash) {
            flights.retain(|flight| flight.serial != self.serial);
            if flights.is_empty() {
                under_way.by_hash.remove(&self.hash);
            }
        }
    }
}

fn lock(under_way: &Mutex<UnderWay>) -> MutexGuard<'_, UnderWay> {
    under_way.lock().unwrap_or_else(PoisonError::into_inner)
}
