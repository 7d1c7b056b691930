//! The error of an attempt that exceeded its time limit.

use std::fmt;
use std::time::Duration;

/// The time limit of the attempt.
#[derive(Debug)]
pub(crate) struct TimedOut(pub(crate) Duration);

impl fmt::Display for TimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "timed out after {} s", self.0.as_secs_f32())
    }
}

impl std::error::Error for TimedOut {}
