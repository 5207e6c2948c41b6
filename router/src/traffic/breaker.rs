//! Gives a subgraph that fails a rest: who asks meanwhile hears so at once.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// So many failures in a row …
const FAILURES: u32 = 3;
/// … over at least this long open it. A handful of connections that break in the same moment, as
/// they do when a process is replaced by another, are no reason to stop asking.
const SPAN: Duration = Duration::from_millis(300);
/// It stays open for so long; then one question finds out whether the subgraph is back.
pub const REST: Duration = Duration::from_secs(1);

/// The breaker of one subgraph.
pub struct Breaker {
    subgraph: String,
    state: Mutex<State>,
}

#[derive(Debug, Clone, Copy)]
enum State {
    /// Questions pass.
    Closed {
        /// Failures since the last answer.
        failures: u32,
        /// When the first of them was asked.
        since: Option<Instant>,
    },
    /// None passes until then.
    Open { until: Instant },
    /// One is finding out.
    HalfOpen,
}

/// Whether a question may pass.
pub enum Pass<'b> {
    /// It may.
    Go,
    /// Once whoever holds this has found out that the subgraph is back.
    Try(Trial<'b>),
    /// It may not.
    No,
}

impl Breaker {
    /// Closed.
    pub fn new(subgraph: &str) -> Self {
        let breaker = Self {
            subgraph: subgraph.to_owned(),
            state: Mutex::new(State::Closed {
                failures: 0,
                since: None,
            }),
        };
        breaker.show(0.0);
        breaker
    }

    /// Whether a question may pass now.
    pub fn pass(&self) -> Pass<'_> {
        let mut state = self.lock();
        match *state {
            State::Closed { .. } => Pass::Go,
            State::Open { until } if Instant::now() >= until => {
                self.turn(&mut state, State::HalfOpen);
                Pass::Try(Trial {
                    breaker: self,
                    over: false,
                })
            }
            State::Open { .. } | State::HalfOpen => Pass::No,
        }
    }

    /// The subgraph answered in GraphQL, whatever it said.
    pub fn answered(&self) {
        if let State::Closed { failures, since } = &mut *self.lock() {
            (*failures, *since) = (0, None);
        }
    }

    /// It did not, although asked at `asked`.
    pub fn failed(&self, asked: Instant) {
        let mut state = self.lock();
        // Whatever was under way when it opened says nothing new.
        let State::Closed { failures, since } = &mut *state else {
            return;
        };
        *failures += 1;
        let first = since.map_or(asked, |since| since.min(asked));
        *since = Some(first);
        let now = Instant::now();
        if *failures >= FAILURES && now.duration_since(first) >= SPAN {
            tracing::warn!(subgraph = self.subgraph, "the breaker opens");
            self.turn(&mut state, State::Open { until: now + REST });
        }
    }

    fn turn(&self, state: &mut State, to: State) {
        *state = to;
        self.show(match to {
            State::Closed { .. } => 0.0,
            State::HalfOpen => 1.0,
            State::Open { .. } => 2.0,
        });
    }

    /// 0 closed, 1 finding out, 2 open.
    fn show(&self, state: f64) {
        metrics::gauge!("djinn_router_breaker_state", "subgraph" => self.subgraph.clone())
            .set(state);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Finds out whether a subgraph is back. Dropped without a finding, it leaves that to the next.
pub struct Trial<'b> {
    breaker: &'b Breaker,
    over: bool,
}

impl Trial<'_> {
    /// It is.
    pub fn good(mut self) {
        tracing::info!(subgraph = self.breaker.subgraph, "the breaker closes");
        self.end(State::Closed {
            failures: 0,
            since: None,
        });
    }

    /// It is not.
    pub fn bad(mut self) {
        self.end(State::Open {
            until: Instant::now() + REST,
        });
    }

    fn end(&mut self, state: State) {
        self.over = true;
        self.breaker.turn(&mut self.breaker.lock(), state);
    }
}

impl Drop for Trial<'_> {
    fn drop(&mut self) {
        if !self.over {
            self.end(State::Open {
                until: Instant::now(),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::advance;

    fn goes(breaker: &Breaker) -> bool {
        matches!(breaker.pass(), Pass::Go)
    }

    async fn open() -> Breaker {
        let breaker = Breaker::new("library");
        let asked = Instant::now();
        advance(SPAN).await;
        for _ in 0..FAILURES {
            assert!(goes(&breaker));
            breaker.failed(asked);
        }
        breaker
    }

    #[tokio::test(start_paused = true)]
    async fn failures_in_a_row_open_it_for_a_while() {
        let breaker = open().await;
        assert!(matches!(breaker.pass(), Pass::No));
        advance(REST / 2).await;
        assert!(matches!(breaker.pass(), Pass::No));
        advance(REST / 2).await;
        assert!(matches!(breaker.pass(), Pass::Try(_)));
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_in_between_keeps_it_closed() {
        let breaker = Breaker::new("library");
        for _ in 0..FAILURES * 3 {
            let asked = Instant::now();
            advance(SPAN).await;
            breaker.failed(asked);
            breaker.failed(asked);
            breaker.answered();
        }
        assert!(goes(&breaker));
    }

    #[tokio::test(start_paused = true)]
    async fn connections_that_break_in_the_same_moment_do_not_open_it() {
        let breaker = Breaker::new("library");
        for _ in 0..100 {
            breaker.failed(Instant::now());
        }
        assert!(goes(&breaker));
        advance(SPAN).await;
        breaker.failed(Instant::now());
        assert!(!goes(&breaker));
    }

    #[tokio::test(start_paused = true)]
    async fn one_finds_out_and_the_others_wait_for_the_finding() {
        let breaker = open().await;
        advance(REST).await;
        let Pass::Try(trial) = breaker.pass() else {
            panic!("nobody may find out")
        };
        assert!(matches!(breaker.pass(), Pass::No));
        trial.bad();
        advance(REST / 2).await;
        assert!(matches!(breaker.pass(), Pass::No));
        advance(REST / 2).await;
        let Pass::Try(trial) = breaker.pass() else {
            panic!("nobody may find out")
        };
        trial.good();
        assert!(goes(&breaker));
        breaker.failed(Instant::now());
        assert!(goes(&breaker), "it counts from nothing again");
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_leaves_while_finding_out_leaves_it_to_the_next() {
        let breaker = open().await;
        advance(REST).await;
        drop(breaker.pass());
        assert!(matches!(breaker.pass(), Pass::Try(_)));
    }
}
