//! Decides how an answer comes to the client: after how long, how much of it, and how fast. The state machine
//! says it, and the hosts (a socket, or a call in the process) do it.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::Response;

/// What becomes of a request: an answer, or none, and how it is to be delivered.
#[derive(Debug)]
#[non_exhaustive]
pub struct Delivery {
    /// How long the client waits first, in real time. What the request does is done before.
    pub delay: Duration,
    /// `None` if the connection is closed without a byte.
    pub response: Option<Response<Bytes>>,
    /// How the body is sent.
    pub pacing: Pacing,
}

/// How the body of an answer is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pacing {
    /// At once.
    #[default]
    Whole,
    /// The connection is closed after so many bytes of the declared length. A body that has no more is whole.
    Truncated {
        /// How many bytes are sent.
        bytes: usize,
    },
    /// In pieces.
    Slow {
        /// Bytes of each piece; 0 is taken as 1.
        piece: usize,
        /// The time between two pieces.
        pause: Duration,
    },
}

/// A connection that was closed on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeliveryError {
    /// Without a byte of an answer.
    Closed,
    /// Within the body.
    Truncated {
        /// How many bytes were sent.
        bytes: usize,
        /// How many were declared.
        of: usize,
    },
}

impl Delivery {
    /// An answer that is delivered at once and whole.
    pub(crate) fn complete(response: Response<Bytes>) -> Self {
        Self { delay: Duration::ZERO, response: Some(response), pacing: Pacing::Whole }
    }

    /// What a client has in the end.
    ///
    /// # Errors
    /// If the connection is closed before the answer, or within its body.
    pub fn response(self) -> Result<Response<Bytes>, DeliveryError> {
        let response = self.response.ok_or(DeliveryError::Closed)?;
        let of = response.body().len();
        match self.pacing {
            Pacing::Truncated { bytes } if bytes < of => {
                Err(DeliveryError::Truncated { bytes, of })
            }
            _ => Ok(response),
        }
    }

    /// How long the whole delivery takes.
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
            Self::Closed => f.write_str("the emulator closed the connection without an answer"),
            Self::Truncated { bytes, of } => {
                write!(f, "the emulator closed the connection after {bytes} of {of} bytes")
            }
        }
    }
}

impl std::error::Error for DeliveryError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_cut_or_takes_its_time() {
        let second = Duration::from_secs(1);
        let slow = |piece| Pacing::Slow { piece, pause: second };
        for (body, pacing, broken, seconds) in [
            ("four", Pacing::Whole, None, 0),
            (
                "four",
                Pacing::Truncated { bytes: 3 },
                Some(DeliveryError::Truncated { bytes: 3, of: 4 }),
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
            let answer = Delivery { pacing, ..Delivery::complete(Response::new(body.into())) };
            assert_eq!(answer.duration(), second * seconds, "{body} {pacing:?}");
            assert_eq!(answer.response().err(), broken, "{body} {pacing:?}");
        }
    }
}
