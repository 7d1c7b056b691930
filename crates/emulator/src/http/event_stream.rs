//! The stream behind `GET /_emulator/events`: an event after each change, so that a page need not ask again and again.
//!
//! An event says only that something changed. The page then reads what it shows, with its own filters.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame};
use tokio::sync::watch;
use tokio::time::sleep;

use crate::in_process::InProcess;

/// The shortest time between two events. Changes within it share one event.
const MIN_PAUSE: Duration = Duration::from_millis(100);

/// The time between two events while only time changes the state, such as the progress of a job.
const TICK: Duration = Duration::from_millis(500);

/// The longest time without a byte. A proxy or a browser could close a silent connection.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

const EVENT: &[u8] = b"data: changed\n\n";
const COMMENT: &[u8] = b": nothing changed\n\n";

/// The next bytes and the source of those after them; `None` at the end.
type Next = Pin<Box<dyn Future<Output = Option<(Bytes, Source)>> + Send>>;

/// A body that never ends, until the emulator stops or the client leaves.
pub(super) struct EventStream {
    next: Next,
}

struct Source {
    service: InProcess,
    changes: watch::Receiver<()>,
    /// True if the state changed with time before the last event. The end of a job is one more event.
    was_changing: bool,
    stopped: watch::Receiver<()>,
}

impl EventStream {
    /// Creates a stream that starts with these bytes and ends when the sender of `stopped` is dropped.
    pub(super) fn new(first: Bytes, service: InProcess, stopped: watch::Receiver<()>) -> Self {
        let source = Source { changes: service.changes(), service, was_changing: false, stopped };
        Self { next: Box::pin(async move { Some((first, source)) }) }
    }
}

impl Source {
    async fn next(mut self) -> Option<(Bytes, Self)> {
        tokio::select! {
            _ = self.stopped.changed() => return None,
            () = sleep(MIN_PAUSE) => {}
        }
        let is_changing = self.service.changes_with_time();
        let ticks = is_changing || self.was_changing;
        self.was_changing = is_changing;
        let (pause, then) = if ticks { (TICK, EVENT) } else { (KEEP_ALIVE, COMMENT) };
        let bytes = tokio::select! {
            _ = self.stopped.changed() => return None,
            changed = self.changes.changed() => {
                changed.ok()?;
                EVENT
            }
            () = sleep(pause) => then,
        };
        Some((Bytes::from_static(bytes), self))
    }
}

impl Body for EventStream {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let next = ready!(self.next.as_mut().poll(context));
        let Some((bytes, source)) = next else { return Poll::Ready(None) };
        self.next = Box::pin(source.next());
        Poll::Ready(Some(Ok(Frame::data(bytes))))
    }
}
