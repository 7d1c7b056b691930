//! A stream of the events of a running future. The last item is its result.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use futures_core::Stream;

/// The events of a run as a stream. Polling the stream drives the run; the last item is the result.
#[must_use = "a stream does nothing until it is polled"]
pub struct EventStream<I> {
    queue: Arc<Mutex<VecDeque<I>>>,
    running: Option<Pin<Box<dyn Future<Output = I> + Send>>>,
}

/// The queue that a run adds its events to.
pub(crate) struct Sink<I>(Arc<Mutex<VecDeque<I>>>);

impl<I> Sink<I> {
    pub(crate) fn put(&self, item: I) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_back(item);
    }
}

impl<I> EventStream<I> {
    pub(crate) fn new<F>(run: impl FnOnce(Sink<I>) -> F) -> Self
    where
        F: Future<Output = I> + Send + 'static,
    {
        let queue = Arc::new(Mutex::new(VecDeque::new()));
        let running = Box::pin(run(Sink(Arc::clone(&queue))));
        Self { queue, running: Some(running) }
    }

    fn queued(&self) -> Option<I> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }
}

impl<I> Unpin for EventStream<I> {}

impl<I> Stream for EventStream<I> {
    type Item = I;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<I>> {
        if let Some(item) = self.queued() {
            return Poll::Ready(Some(item));
        }
        if let Some(running) = &mut self.running
            && let Poll::Ready(last) = running.as_mut().poll(context)
        {
            self.running = None;
            self.queue.lock().unwrap_or_else(PoisonError::into_inner).push_back(last);
        }
        match (self.queued(), &self.running) {
            (Some(item), _) => Poll::Ready(Some(item)),
            (None, Some(_)) => Poll::Pending,
            (None, None) => Poll::Ready(None),
        }
    }
}

impl<I> fmt::Debug for EventStream<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream").finish_non_exhaustive()
    }
}
