//! A response body that is sent slowly, or cut off before its end.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use super::delivery::{DeliveryError, Pacing};

/// How long the connection stays open after the last byte of a truncated body, so that the byte is sent.
const FLUSH_TIME: Duration = Duration::from_millis(20);

/// A body that follows a [`Pacing`].
pub(super) struct PacedBody {
    /// The bytes that are still to be sent.
    unsent: Bytes,
    /// The declared length, minus the bytes sent so far.
    declared: u64,
    chunk_size: usize,
    /// The time after each chunk.
    pause: Duration,
    waiting: Option<Pin<Box<Sleep>>>,
    /// The error at the end, if the body is truncated.
    error: Option<DeliveryError>,
}

impl PacedBody {
    pub(super) fn new(mut body: Bytes, pacing: Pacing) -> Self {
        let total = body.len();
        let (chunk_size, pause, error) = match pacing {
            Pacing::Truncated { bytes } if bytes < total => {
                body.truncate(bytes);
                (total, FLUSH_TIME, Some(DeliveryError::Truncated { bytes, declared: total }))
            }
            Pacing::Slow { piece, pause } => (piece.max(1), pause, None),
            Pacing::Whole | Pacing::Truncated { .. } => (total, Duration::ZERO, None),
        };
        // Without a byte to send, the head still has to be sent before the error.
        let waiting = (body.is_empty() && error.is_some()).then(|| Box::pin(sleep(pause)));
        Self { unsent: body, declared: total as u64, chunk_size, pause, waiting, error }
    }
}

impl Body for PacedBody {
    type Data = Bytes;
    type Error = DeliveryError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, DeliveryError>>> {
        if let Some(waiting) = &mut self.waiting {
            ready!(waiting.as_mut().poll(context));
            self.waiting = None;
        }
        if self.unsent.is_empty() {
            return Poll::Ready(self.error.take().map(Err));
        }
        let length = self.chunk_size.min(self.unsent.len());
        let chunk = self.unsent.split_to(length);
        self.declared -= chunk.len() as u64;
        if !self.is_end_stream() && !self.pause.is_zero() {
            self.waiting = Some(Box::pin(sleep(self.pause)));
        }
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }

    fn is_end_stream(&self) -> bool {
        self.unsent.is_empty() && self.error.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.declared)
    }
}
