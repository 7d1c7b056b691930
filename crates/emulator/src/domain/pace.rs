//! Decides how long a job takes.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How long jobs take. A job waits, then gets ready, then does its devices one by one, in order.
///
/// Nobody documents how quick the service is; the defaults make a job of 40 devices take 2 seconds, and one of
/// any size at most 5, so that nobody waits for an emulator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    /// How long a job is `queued`.
    pub queued: Duration,
    /// How long it is `processing` before its first device.
    pub processing: Duration,
    /// How long each device takes.
    pub per_device: Duration,
    /// How long a job takes at most: in a large one each device takes less. `Duration::MAX` is no limit.
    pub at_most: Duration,
}

impl Pace {
    /// A job is done as soon as it is accepted.
    #[must_use]
    pub const fn instant() -> Self {
        Self {
            queued: Duration::ZERO,
            processing: Duration::ZERO,
            per_device: Duration::ZERO,
            at_most: Duration::MAX,
        }
    }

    /// A job that begins and then gets no further.
    pub(crate) fn hanging(self) -> Self {
        Self { processing: Duration::MAX, ..self }
    }

    /// Everything takes `factor` times as long.
    pub(crate) fn by(self, factor: f64) -> Self {
        let by = |time: Duration| {
            Duration::try_from_secs_f64(time.as_secs_f64() * factor).unwrap_or(Duration::MAX)
        };
        Self {
            queued: by(self.queued),
            processing: by(self.processing),
            per_device: by(self.per_device),
            at_most: by(self.at_most),
        }
    }

    /// The pace of a job of so many devices. Only their time gives way to the limit.
    pub(crate) fn of_job(self, devices: usize) -> Self {
        let devices = u32::try_from(devices).unwrap_or(u32::MAX).max(1);
        let left = self.at_most.saturating_sub(self.queued.saturating_add(self.processing));
        Self { per_device: self.per_device.min(left / devices), ..self }
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            queued: Duration::from_millis(300),
            processing: Duration::from_millis(500),
            per_device: Duration::from_millis(30),
            at_most: Duration::from_secs(5),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_takes_less_in_a_large_job() {
        let micros = |devices: usize| Pace::default().of_job(devices).per_device.as_micros();
        for (devices, expected) in
            [(0, 30_000), (1, 30_000), (40, 30_000), (140, 30_000), (280, 15_000), (20_000, 210)]
        {
            assert_eq!(micros(devices), expected, "{devices}");
        }
        let slow = Pace { queued: Duration::MAX, processing: Duration::MAX, ..Pace::default() };
        assert_eq!(slow.of_job(1).per_device, Duration::ZERO);
        let twice = Pace::default().by(2.0);
        assert_eq!((twice.queued.as_millis(), twice.of_job(280).per_device.as_millis()), (600, 30));
        assert_eq!(Pace { at_most: Duration::MAX, ..twice }.by(2.0).at_most, Duration::MAX);
        let unlimited = Pace { at_most: Duration::MAX, ..Pace::default() };
        assert_eq!(unlimited.of_job(20_000), unlimited);
    }
}
