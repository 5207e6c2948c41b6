//! What is told while a long tool runs: at most ten times a second, progress that always grows, the
//! last one always sent.

use crate::turn::Turn;
use djinn_operations::{Growing, Report};
use rmcp::model::{ProgressNotificationParam, ProgressToken};
use std::{future, time::Duration};
use tokio::time::{Instant, sleep_until};

/// The least time between two notifications.
const APART: Duration = Duration::from_millis(100);

/// Reports how far one call is, if its client wants to know.
pub(crate) struct Progress<'a> {
    turn: &'a Turn<'a>,
    token: Option<ProgressToken>,
    next: Instant,
    pending: Option<Report>,
    /// The protocol wants one number that grows.
    growing: Growing,
}

impl<'a> Progress<'a> {
    pub(crate) fn new(turn: &'a Turn<'a>) -> Self {
        Self {
            token: turn.context.meta.get_progress_token(),
            turn,
            next: Instant::now(),
            pending: None,
            growing: Growing::default(),
        }
    }

    /// Takes a new state; an older one that is still waiting is dropped.
    pub(crate) fn note(&mut self, report: Report) {
        self.pending = self.growing.note(report).or(self.pending.take());
    }

    /// Ends when a waiting state may be sent; never, when none is waiting.
    pub(crate) async fn due(&self) {
        if self.pending.is_some() && (self.token.is_some() || self.turn.talkative) {
            sleep_until(self.next).await;
        } else {
            future::pending::<()>().await;
        }
    }

    /// Sends the waiting state now.
    pub(crate) async fn send(&mut self) {
        let Some(report) = self.pending.take() else {
            return;
        };
        self.next = Instant::now() + APART;
        if let Some(message) = &report.message {
            self.turn.tell(message).await;
        }
        let Some(token) = &self.token else { return };
        let mut param = ProgressNotificationParam::new(token.clone(), report.done);
        param.total = report.total;
        param.message = report.message;
        if let Err(error) = self.turn.context.peer.notify_progress(param).await {
            // The client is gone; its call will be cancelled.
            tracing::debug!(%error, "a progress notification was not delivered");
        }
    }
}
