//! Why a socket's task was woken: by an event, or by anything else.

use futures_util::task::AtomicWaker;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Wake, Waker},
};

/// Wakes a task and leaves word that it did.
///
/// One event wakes thousands of sockets, and each waits for much more: for what its client says, its
/// timer, the end of its credential, that of the hub. All that rings the bell, and is looked at only
/// after it has.
#[derive(Debug, Default)]
pub struct Bell {
    rang: AtomicBool,
    task: AtomicWaker,
}

impl Bell {
    /// Whether it rang since this was asked last. From now on it wakes `task`.
    pub fn rang(&self, task: &Waker) -> bool {
        // In this order: it may ring in between.
        self.task.register(task);
        self.rang.swap(false, Ordering::AcqRel)
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.rang.store(true, Ordering::Release);
        self.task.wake();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_rings_wakes_the_task_and_is_heard_once() {
        let task = Arc::new(Bell::default());
        let (bell, waker) = (Arc::new(Bell::default()), Waker::from(Arc::clone(&task)));
        assert!(!bell.rang(&waker));
        Waker::from(Arc::clone(&bell)).wake();
        assert!(task.rang(Waker::noop()), "the task was not woken");
        assert!(bell.rang(&waker));
        assert!(!bell.rang(&waker));
    }

    #[test]
    fn a_bell_that_rang_before_anybody_asked_is_heard() {
        let bell = Arc::new(Bell::default());
        bell.wake_by_ref();
        assert!(bell.rang(Waker::noop()));
    }
}
