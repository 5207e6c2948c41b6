//! What comes next on a socket.

use super::{Connection, Session, bell::Bell, running::Said};
use axum::extract::ws::{Message, WebSocket};
use futures_util::StreamExt;
use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};
use tokio::time::Sleep;

/// What came next.
pub enum Heard<E> {
    /// The hub is going away.
    Stopped,
    /// The credential is good no longer.
    Revoked,
    /// It is time to look after the socket.
    Timer,
    /// The client said something, or nothing more.
    Message(Option<Result<Message, axum::Error>>),
    /// An operation did, by its id.
    Said(Arc<str>, Said<E>),
}

/// Who is asked what comes next, and in which order.
pub struct Turns {
    bell: Arc<Bell>,
    /// Rings it.
    rings: Waker,
    /// Whether there may be something besides events: the bell rang, and not all who may have rung it
    /// have said since that they wait.
    rang: bool,
    /// Whether the client had the last turn.
    client: bool,
}

impl Turns {
    /// Everybody is asked to begin with.
    pub fn new() -> Self {
        let bell = Arc::new(Bell::default());
        Self {
            rings: Waker::from(Arc::clone(&bell)),
            bell,
            rang: true,
            client: false,
        }
    }

    /// What comes next from anywhere.
    pub fn next<S: Session>(
        &mut self,
        cx: &mut Context<'_>,
        stopped: Pin<&mut impl Future<Output = ()>>,
        timer: Pin<&mut Sleep>,
        socket: &mut WebSocket,
        connection: &mut Connection<S>,
    ) -> Poll<Heard<S::Event>> {
        let Connection {
            running, revoked, ..
        } = connection;
        let aside = &mut Context::from_waker(&self.rings);
        self.rang |= self.bell.rang(cx.waker());
        // Before the messages: whoever talks without a pause must not outlive their credential.
        if self.rang {
            if stopped.poll(aside).is_ready() {
                return Poll::Ready(Heard::Stopped);
            }
            if timer.poll(aside).is_ready() {
                return Poll::Ready(Heard::Timer);
            }
            if revoked.as_mut().poll(aside).is_ready() {
                return Poll::Ready(Heard::Revoked);
            }
        }
        // By turns, so that neither side can starve the other.
        for _ in 0..2 {
            self.client = !self.client;
            if self.client {
                if self.rang
                    && let Poll::Ready(message) = socket.poll_next_unpin(aside)
                {
                    return Poll::Ready(Heard::Message(message));
                }
            } else if let Poll::Ready(Some((id, what))) = running.poll_next_unpin(cx) {
                return Poll::Ready(Heard::Said(id, what));
            }
        }
        self.rang = false;
        Poll::Pending
    }
}
