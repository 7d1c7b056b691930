//! The duration of jobs.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How long jobs take. A job is queued, then processing, and then registers its devices one by one.
///
/// The speed of the real service is not documented. With the defaults, a job of 40 devices takes 2 seconds, and a job of
/// any size at most 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    /// The time a job is `queued`.
    pub queued: Duration,
    /// The time a job is `processing` before its first device.
    pub processing: Duration,
    /// The time for each device.
    pub per_device: Duration,
    /// The maximum time for a job. Each device of a large job takes less time to meet it. `Duration::MAX` means no
    /// limit.
    pub at_most: Duration,
}

impl Pace {
    /// Returns a pace with which a job is finished as soon as it is accepted.
    #[must_use]
    pub const fn instant() -> Self {
        Self {
            queued: Duration::ZERO,
            processing: Duration::ZERO,
            per_device: Duration::ZERO,
            at_most: Duration::MAX,
        }
    }

    /// Returns a pace with which a job stays `processing` forever.
    pub(crate) fn hanging(self) -> Self {
        Self { processing: Duration::MAX, ..self }
    }

    /// Returns a pace with which everything takes `factor` times as long.
    pub(crate) fn scaled(self, factor: f64) -> Self {
        let scale = |time: Duration| {
            Duration::try_from_secs_f64(time.as_secs_f64() * factor).unwrap_or(Duration::MAX)
        };
        Self {
            queued: scale(self.queued),
            processing: scale(self.processing),
            per_device: scale(self.per_device),
            at_most: scale(self.at_most),
        }
    }

    /// Returns the pace for a job with this number of devices. Only the time per device is reduced to meet the limit.
    pub(crate) fn for_devices(self, devices: usize) -> Self {
        let devices = u32::try_from(devices).unwrap_or(u32::MAX).max(1);
        let available = self.at_most.saturating_sub(self.queued.saturating_add(self.processing));
        Self { per_device: self.per_device.min(available / devices), ..self }
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
    fn devices_take_less_time_in_a_large_job() {
        let micros = |devices: usize| Pace::default().for_devices(devices).per_device.as_micros();
        for (devices, expected) in
            [(0, 30_000), (1, 30_000), (40, 30_000), (140, 30_000), (280, 15_000), (20_000, 210)]
        {
            assert_eq!(micros(devices), expected, "{devices}");
        }
        let slow = Pace { queued: Duration::MAX, processing: Duration::MAX, ..Pace::default() };
        assert_eq!(slow.for_devices(1).per_device, Duration::ZERO);
        let twice = Pace::default().scaled(2.0);
        assert_eq!(
            (twice.queued.as_millis(), twice.for_devices(280).per_device.as_millis()),
            (600, 30)
        );
        assert_eq!(Pace { at_most: Duration::MAX, ..twice }.scaled(2.0).at_most, Duration::MAX);
        let unlimited = Pace { at_most: Duration::MAX, ..Pace::default() };
        assert_eq!(unlimited.for_devices(20_000), unlimited);
    }
}
