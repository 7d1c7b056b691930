//! Decides how long a job takes.

use std::time::Duration;

/// How long jobs take. A job waits, then gets ready, then does its devices one by one, in order.
///
/// Nobody documents how quick the service is; the defaults make a job of 40 devices take 2 seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// How long a job is `queued`.
    pub queued: Duration,
    /// How long it is `processing` before its first device.
    pub processing: Duration,
    /// How long each device takes.
    pub per_device: Duration,
}

impl Pace {
    /// A job is done as soon as it is accepted.
    #[must_use]
    pub const fn instant() -> Self {
        Self { queued: Duration::ZERO, processing: Duration::ZERO, per_device: Duration::ZERO }
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            queued: Duration::from_millis(300),
            processing: Duration::from_millis(500),
            per_device: Duration::from_millis(30),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forty_devices_take_two_seconds() {
        let pace = Pace::default();
        assert_eq!(pace.queued + pace.processing + 40 * pace.per_device, Duration::from_secs(2));
    }
}
