//! Progress notifications: at most ten a second, always growing, the last one always sent.

use rmcp::{
    Peer, RoleServer,
    model::{ProgressNotificationParam, ProgressToken},
};
use std::{future, time::Duration};
use tokio::time::{Instant, sleep_until};

/// The least time between two notifications.
const APART: Duration = Duration::from_millis(100);

/// Reports how far one call is, if its client wants to know.
pub(crate) struct Progress {
    to: Option<(Peer<RoleServer>, ProgressToken)>,
    next: Instant,
    pending: Option<Report>,
    /// Stages count from zero again; the protocol wants one number that grows.
    base: f64,
    last: f64,
    sent: f64,
}

/// One state of the work.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Report {
    pub(crate) done: f64,
    pub(crate) total: Option<f64>,
    pub(crate) message: Option<String>,
}

impl Progress {
    pub(crate) fn new(peer: Peer<RoleServer>, token: Option<ProgressToken>) -> Self {
        Self {
            to: token.map(|token| (peer, token)),
            next: Instant::now(),
            pending: None,
            base: 0.0,
            last: 0.0,
            sent: -1.0,
        }
    }

    /// Takes a new state; an older one that is still waiting is dropped.
    pub(crate) fn note(&mut self, report: Report) {
        if report.done < self.last {
            self.base += self.last;
        }
        self.last = report.done;
        let done = self.base + report.done;
        if done > self.sent {
            self.pending = Some(Report {
                done,
                total: report.total.map(|total| self.base + total),
                ..report
            });
        }
    }

    /// Ends when a waiting state may be sent; never, when none is waiting.
    pub(crate) async fn due(&self) {
        if self.pending.is_some() && self.to.is_some() {
            sleep_until(self.next).await;
        } else {
            future::pending::<()>().await;
        }
    }

    /// Sends the waiting state now.
    pub(crate) async fn send(&mut self) {
        let (Some(report), Some((peer, token))) = (self.pending.take(), self.to.as_ref()) else {
            return;
        };
        self.sent = report.done;
        self.next = Instant::now() + APART;
        let mut param = ProgressNotificationParam::new(token.clone(), report.done);
        param.total = report.total;
        param.message = report.message;
        if let Err(error) = peer.notify_progress(param).await {
            // The client is gone; its call will be cancelled.
            tracing::debug!(%error, "a progress notification was not delivered");
        }
    }
}
