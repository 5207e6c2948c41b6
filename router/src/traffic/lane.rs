//! The way to one subgraph: its time, its breaker, its places, and a second try.

use super::{
    Failed,
    breaker::{Breaker, Pass, Trial},
    share::Flights,
};
use crate::{limits::Limits, trace};
use ahash::AHasher;
use async_graphql::{Response, Variables};
use djinn_subgraph_kit::{Call, RequestId, Subgraph, Unreachable};
use futures_util::{FutureExt, stream::BoxStream};
use std::{
    hash::{Hash, Hasher},
    panic::AssertUnwindSafe,
    sync::Arc,
    time::Duration,
};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::{Instant, sleep, timeout},
};

/// What finds out whether a subgraph is back: every GraphQL server answers it, and at once.
const PROBE: &str = "{ __typename }";
/// How long it may take to answer that.
const PROBE_TIME: Duration = Duration::from_secs(1);
/// Before the second try, at least, and at most twice as long.
const BACK_OFF: Duration = Duration::from_millis(40);

/// The way to one subgraph.
pub struct Lane {
    /// The questions under way.
    pub flights: Flights,
    subgraph: Arc<dyn Subgraph>,
    breaker: Breaker,
    places: Semaphore,
    /// How long a read may take.
    patience: Duration,
}

/// Why one try brought nothing.
enum Trouble {
    /// It was not asked: the breaker is open, or too many questions are under way.
    NotAsked(&'static str),
    /// It was, in vain.
    Unreachable(Unreachable),
    /// It panicked.
    Panicked,
}

impl Lane {
    /// To this subgraph, within these limits.
    pub fn new(subgraph: Arc<dyn Subgraph>, limits: &Limits) -> Self {
        // Silence must be noticed before the request's own end, or nobody would ever blame it.
        let most = limits.request_time().mul_f32(0.9);
        Self {
            flights: Flights::default(),
            breaker: Breaker::new(subgraph.name()),
            places: Semaphore::new(limits.subgraph_in_flight.clamp(1, Semaphore::MAX_PERMITS)),
            patience: limits.subgraph_time_of(subgraph.name()).min(most),
            subgraph,
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.subgraph.name()
    }

    /// Asks what changes nothing, and once more if the connection broke or brought nonsense, as it
    /// does when a process is replaced.
    pub async fn read(&self, call: &Call) -> Result<Response, Failed> {
        let asked = Instant::now();
        let trouble = match self.once(call.clone(), self.patience, 1).await {
            Ok(response) => return Ok(response),
            Err(trouble) => trouble,
        };
        let pause = jittered(BACK_OFF, &call.request_id);
        let left = self.patience.saturating_sub(asked.elapsed() + pause);
        let again = matches!(
            trouble,
            Trouble::Unreachable(Unreachable::Connection(_) | Unreachable::Garbage(_))
        );
        if !again || left.is_zero() {
            return Err(self.blame(trouble, &call.request_id));
        }
        sleep(pause).await;
        metrics::counter!("djinn_router_retries_total", "subgraph" => self.name().to_owned())
            .increment(1);
        self.once(call.clone(), left, 2)
            .await
            .map_err(|trouble| self.blame(trouble, &call.request_id))
    }

    /// Asks for a change, never twice: nobody knows how far a first try got. It may take as long as
    /// the request.
    pub async fn write(&self, call: Call, deadline: Instant) -> Result<Response, Failed> {
        let request_id = call.request_id.clone();
        let left = deadline.saturating_duration_since(Instant::now());
        self.once(call, left, 1)
            .await
            .map_err(|trouble| self.blame(trouble, &request_id))
    }

    /// Opens a subscription.
    pub async fn subscribe(&self, call: Call) -> Result<BoxStream<'static, Response>, Failed> {
        let request_id = call.request_id.clone();
        let opening = async {
            let _place = self.enter(&call).await?;
            let asked = Instant::now();
            let (origin, span) = trace::fetch(self.name(), 1, &call);
            let opening = origin.run(span, self.subgraph.subscribe(call));
            let opened = timeout(self.patience, opening).await;
            let opened = opened.unwrap_or(Err(Unreachable::Timeout));
            match opened {
                Ok(_) => self.breaker.answered(),
                Err(Unreachable::Refused(_)) => {}
                Err(_) => self.breaker.failed(asked),
            }
            opened.map_err(Trouble::Unreachable)
        };
        opening
            .await
            .map_err(|trouble| self.blame(trouble, &request_id))
    }

    async fn once(&self, call: Call, patience: Duration, attempt: u8) -> Result<Response, Trouble> {
        let _place = self.enter(&call).await?;
        let asked = Instant::now();
        let (origin, span) = trace::fetch(self.name(), attempt, &call);
        let work = origin.run(span.clone(), self.subgraph.execute(call));
        let work = AssertUnwindSafe(work).catch_unwind();
        let mut hurried = false;
        let outcome = match timeout(patience, work).await {
            Ok(Ok(Ok(response))) => Ok(response),
            Ok(Ok(Err(reason))) => Err(Trouble::Unreachable(reason)),
            Ok(Err(_)) => Err(Trouble::Panicked),
            Err(_) => {
                hurried = patience < self.patience;
                Err(Trouble::Unreachable(Unreachable::Timeout))
            }
        };
        match &outcome {
            // A panic is an answer: the process is there.
            Ok(_) | Err(Trouble::Panicked) => self.breaker.answered(),
            // Whoever came with little time left has found out nothing about the subgraph.
            Err(_) if hurried => {}
            // Nor has whoever asked what it does not answer; it would be in everybody's way.
            Err(Trouble::Unreachable(Unreachable::Refused(_))) => {}
            Err(_) => self.breaker.failed(asked),
        }
        let name = match &outcome {
            Ok(_) => "ok",
            Err(trouble) => trouble.name(),
        };
        span.record("outcome", name);
        if outcome.is_err() {
            span.record("error", name);
        }
        metrics::histogram!("djinn_router_fetch_seconds", "subgraph" => self.name().to_owned())
            .record(asked.elapsed().as_secs_f64());
        self.count(name);
        outcome
    }

    /// A place among those who ask, if the breaker lets anybody pass and one is free.
    async fn enter(&self, call: &Call) -> Result<SemaphorePermit<'_>, Trouble> {
        let outcome = match self.breaker.pass() {
            Pass::Go => Ok(()),
            Pass::Try(trial) => self.find_out(trial, call).await,
            Pass::No => Err("open"),
        };
        let place = outcome.and_then(|()| self.places.try_acquire().map_err(|_| "full"));
        place.map_err(|why| {
            self.count(why);
            Trouble::NotAsked(why)
        })
    }

    /// A question of its own: the client's may be a slow one, or a mutation.
    async fn find_out(&self, trial: Trial<'_>, call: &Call) -> Result<(), &'static str> {
        let probe = Call {
            query: PROBE.into(),
            operation_name: None,
            variables: Variables::default(),
            ..call.clone()
        };
        let work = AssertUnwindSafe(self.subgraph.execute(probe)).catch_unwind();
        match timeout(PROBE_TIME, work).await {
            Ok(Ok(Ok(_) | Err(Unreachable::Refused(_))) | Err(_)) => {
                trial.good();
                Ok(())
            }
            Ok(Ok(Err(_))) | Err(_) => {
                trial.bad();
                Err("open")
            }
        }
    }

    fn count(&self, outcome: &'static str) {
        metrics::counter!("djinn_router_fetches_total", "subgraph" => self.name().to_owned(), "outcome" => outcome)
            .increment(1);
    }

    /// Says once why, in the log; the client hears less.
    fn blame(&self, trouble: Trouble, request_id: &RequestId) -> Failed {
        match trouble {
            Trouble::NotAsked(why) => {
                tracing::debug!(%request_id, subgraph = self.name(), why, "not asked");
                Failed::Unavailable
            }
            Trouble::Unreachable(reason) => {
                tracing::warn!(%request_id, subgraph = self.name(), "subgraph unavailable: {reason}");
                Failed::Unavailable
            }
            Trouble::Panicked => {
                tracing::error!(%request_id, subgraph = self.name(), "a resolver panicked");
                Failed::Panicked
            }
        }
    }
}

/// A little longer than `least`, differently for each request, so that those that failed at once
/// do not come back at once.
pub fn jittered(least: Duration, request: &RequestId) -> Duration {
    let mut hasher = AHasher::default();
    request.hash(&mut hasher);
    least + least.mul_f64((hasher.finish() % 1000) as f64 / 1000.0)
}

impl Trouble {
    fn name(&self) -> &'static str {
        match self {
            Self::NotAsked(why) => why,
            Self::Panicked => "panic",
            Self::Unreachable(Unreachable::Timeout) => "timeout",
            Self::Unreachable(Unreachable::Connection(_)) => "connection",
            Self::Unreachable(Unreachable::Garbage(_)) => "garbage",
            Self::Unreachable(Unreachable::Refused(_)) => "refused",
        }
    }
}
