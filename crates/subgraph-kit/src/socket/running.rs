//! An operation from its opening to its end.

use futures_util::{Stream, future::BoxFuture, ready, stream::BoxStream};
use std::{
    pin::Pin,
    task::{Context, Poll},
};

/// What an operation has to say.
pub enum Said<E> {
    /// A response.
    Next(E),
    /// It cannot be run.
    Error(String),
    /// Nothing more.
    Complete,
}

/// An operation. By itself rather than put together of streams: each of those would be another place
/// on the heap that every event of every socket passes.
pub enum Running<E> {
    /// It is being opened. Boxed by itself: what is needed only until it runs is given back then.
    Opening(BoxFuture<'static, Result<BoxStream<'static, E>, String>>),
    /// It runs.
    Open(BoxStream<'static, E>),
    /// It has said its last word.
    Over,
}

impl<E> Stream for Running<E> {
    type Item = Said<E>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Said<E>>> {
        loop {
            match &mut *self {
                Self::Opening(opening) => match ready!(opening.as_mut().poll(cx)) {
                    Ok(responses) => *self = Self::Open(responses),
                    Err(errors) => {
                        *self = Self::Over;
                        return Poll::Ready(Some(Said::Error(errors)));
                    }
                },
                Self::Open(responses) => {
                    return Poll::Ready(Some(match ready!(responses.as_mut().poll_next(cx)) {
                        Some(response) => Said::Next(response),
                        None => {
                            *self = Self::Over;
                            Said::Complete
                        }
                    }));
                }
                Self::Over => return Poll::Ready(None),
            }
        }
    }
}
