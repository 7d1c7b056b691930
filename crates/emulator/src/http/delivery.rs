//! The delivery of a response: its delay, how much of the body is sent, and how fast.
//!
//! The engine plans the delivery; the server and [`InProcess`](crate::InProcess) carry it out.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::Response;

/// The response to a request, and how it is delivered.
#[derive(Debug)]
#[non_exhaustive]
pub struct Delivery {
    /// The delay before the response, in real time. The request takes effect before the delay.
    pub delay: Duration,
    /// `None` if the connection is closed without a response.
    pub response: Option<Response<Bytes>>,
    /// How the body is sent.
    pub pacing: Pacing,
}

/// How a response body is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pacing {
    /// The whole body is sent without a pause.
    #[default]
    Whole,
    /// The connection is closed after the given number of bytes, although a longer body was declared. A shorter
    /// body is sent completely.
    Truncated {
        /// The number of bytes that are sent.
        bytes: usize,
    },
    /// The body is sent in pieces, with a pause between them.
    Slow {
        /// The size of a piece in bytes. 0 counts as 1.
        piece: usize,
        /// The pause between two pieces.
        pause: Duration,
    },
}

/// A response that a fault rule cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeliveryError {
    /// The connection was closed without a response.
    Closed,
    /// The connection was closed within the body.
    Truncated {
        /// The number of bytes that were sent.
        bytes: usize,
        /// The declared length.
        declared: usize,
    },
}

impl Delivery {
    /// Creates a delivery without delay or interruption.
    pub(crate) fn complete(response: Response<Bytes>) -> Self {
        Self { delay: Duration::ZERO, response: Some(response), pacing: Pacing::Whole }
    }

    /// Returns the response, as a client receives it.
    ///
    /// # Errors
    /// If the connection is closed before the response, or within its body.
    pub fn response(self) -> Result<Response<Bytes>, DeliveryError> {
        let response = self.response.ok_or(DeliveryError::Closed)?;
        let declared = response.body().len();
        match self.pacing {
            Pacing::Truncated { bytes } if bytes < declared => {
                Err(DeliveryError::Truncated { bytes, declared })
            }
            _ => Ok(response),
        }
    }

    /// Returns the time from the request to the last byte of the response.
    pub(crate) fn duration(&self) -> Duration {
        let body = self.response.as_ref().map_or(0, |response| response.body().len());
        let pauses = match self.pacing {
            Pacing::Slow { piece, pause } => {
                let pieces = body.div_ceil(piece.max(1)).saturating_sub(1);
                pause.saturating_mul(u32::try_from(pieces).unwrap_or(u32::MAX))
            }
            _ => Duration::ZERO,
        };
        self.delay.saturating_add(pauses)
    }
}

impl fmt::Display for DeliveryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed => f.write_str("the emulator closed the connection without a response"),
            Self::Truncated { bytes, declared } => {
                write!(f, "the emulator closed the connection after {bytes} of {declared} bytes")
            }
        }
    }
}

impl std::error::Error for DeliveryError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn truncated_bodies_fail_and_slow_bodies_take_time() {
        let second = Duration::from_secs(1);
        let slow = |piece| Pacing::Slow { piece, pause: second };
        for (body, pacing, broken, seconds) in [
            ("four", Pacing::Whole, None, 0),
            (
                "four",
                Pacing::Truncated { bytes: 3 },
                Some(DeliveryError::Truncated { bytes: 3, declared: 4 }),
                0,
            ),
            ("four", Pacing::Truncated { bytes: 4 }, None, 0),
            ("", Pacing::Truncated { bytes: 0 }, None, 0),
            ("four", slow(1), None, 3),
            ("four", slow(0), None, 3),
            ("four", slow(3), None, 1),
            ("four", slow(4), None, 0),
            ("", slow(1), None, 0),
        ] {
            let delivery = Delivery { pacing, ..Delivery::complete(Response::new(body.into())) };
            assert_eq!(delivery.duration(), second * seconds, "{body} {pacing:?}");
            assert_eq!(delivery.response().err(), broken, "{body} {pacing:?}");
        }
    }
}
