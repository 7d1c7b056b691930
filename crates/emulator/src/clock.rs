//! Decides how an instant is written. The service has four ways, and each answer keeps to the documented
//! one: an HTTP date, seconds without a zone, seven digits with an offset, and the year 1 for "none".
//!
//! All of them are UTC, as the documents say, although their examples show the clock of Seattle.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use partner_center_devices_raw::types::PartnerDateTime;
use serde::{Deserialize, Serialize};

/// Turns the time since the start into the time of the world.
#[derive(Clone, Copy)]
pub(crate) struct Clock {
    epoch: Timestamp,
}

impl Clock {
    /// A clock that shows `epoch` at the start. A time that no calendar has becomes the Unix epoch.
    pub(crate) fn new(epoch: SystemTime) -> Self {
        Self { epoch: Timestamp::try_from(epoch).unwrap_or(Timestamp::UNIX_EPOCH) }
    }

    fn civil(self, at: Duration) -> DateTime {
        let instant = self.epoch.checked_add(at).unwrap_or(Timestamp::MAX);
        instant.to_zoned(TimeZone::UTC).datetime()
    }

    /// Whole seconds since the Unix epoch, as tokens have them.
    pub(crate) fn unix_seconds(self, at: Duration) -> i64 {
        self.epoch.checked_add(at).unwrap_or(Timestamp::MAX).as_second()
    }

    /// `Tue, 25 Jul 2017 17:52:41 GMT`
    pub(crate) fn http_date(self, at: Duration) -> String {
        self.civil(at).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }

    /// `2017-07-25T10:00:00`
    pub(crate) fn seconds(self, at: Duration) -> PartnerDateTime {
        PartnerDateTime::new(self.civil(at).strftime("%Y-%m-%dT%H:%M:%S").to_string())
    }

    /// `2017-08-09T21:43:26.0092288+00:00`
    pub(crate) fn ticks(self, at: Duration) -> PartnerDateTime {
        let civil = self.civil(at);
        let ticks = civil.subsec_nanosecond() / 100;
        PartnerDateTime::new(format!("{}.{ticks:07}+00:00", civil.strftime("%Y-%m-%dT%H:%M:%S")))
    }

    /// `2017-07-25T10:00:00.123Z`, for the emulator's own endpoints.
    pub(crate) fn milliseconds(self, at: Duration) -> String {
        let civil = self.civil(at);
        let milliseconds = civil.subsec_nanosecond() / 1_000_000;
        format!("{}.{milliseconds:03}Z", civil.strftime("%Y-%m-%dT%H:%M:%S"))
    }

    /// `0001-01-01T00:00:00`
    pub(crate) fn none() -> PartnerDateTime {
        PartnerDateTime::new("0001-01-01T00:00:00")
    }
}

/// The emulator's time since its start: what has passed while it ran, and what it was advanced by.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Time {
    now: Duration,
    /// The last real time that was seen.
    real: Duration,
    mode: Mode,
}

/// Whether time passes by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Mode {
    #[default]
    Running,
    Manual,
}

impl Time {
    pub(crate) fn now(self) -> Duration {
        self.now
    }

    pub(crate) fn mode(self) -> Mode {
        self.mode
    }

    /// Takes note of the real time. It never goes back.
    pub(crate) fn pass(&mut self, real: Duration) {
        if self.mode == Mode::Running {
            self.advance(real.saturating_sub(self.real));
        }
        self.real = self.real.max(real);
    }

    pub(crate) fn advance(&mut self, by: Duration) {
        self.now = self.now.saturating_add(by);
    }

    pub(crate) fn set_mode(&mut self, mode: Mode) {
        self.mode = mode;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_the_documented_forms() {
        let clock = Clock::new(SystemTime::UNIX_EPOCH + Duration::from_secs(1_501_004_361));
        let at = Duration::from_nanos(9_228_899);
        assert_eq!(clock.http_date(at), "Tue, 25 Jul 2017 17:39:21 GMT");
        assert_eq!(clock.seconds(at).as_str(), "2017-07-25T17:39:21");
        assert_eq!(clock.ticks(at).as_str(), "2017-07-25T17:39:21.0092288+00:00");
        assert_eq!(clock.milliseconds(at), "2017-07-25T17:39:21.009Z");
        assert_eq!(Clock::none().to_system_time(), None);
    }

    #[test]
    fn time_passes_by_itself_or_by_hand_and_never_back() {
        let seconds = Duration::from_secs;
        let mut time = Time::default();
        time.pass(seconds(5));
        time.pass(seconds(4));
        assert_eq!(time.now(), seconds(5));
        time.set_mode(Mode::Manual);
        time.pass(seconds(100));
        assert_eq!(time.now(), seconds(5));
        time.advance(seconds(2));
        time.set_mode(Mode::Running);
        time.pass(seconds(101));
        assert_eq!(time.now(), seconds(8));
        time.advance(Duration::MAX);
        assert_eq!(time.now(), Duration::MAX);
    }

    #[test]
    fn no_time_is_too_far() {
        assert_eq!(
            Clock::new(SystemTime::UNIX_EPOCH).seconds(Duration::MAX).as_str(),
            "9999-12-30T22:00:00"
        );
        let before = SystemTime::UNIX_EPOCH - Duration::from_millis(500);
        assert_eq!(
            Clock::new(before).ticks(Duration::ZERO).as_str(),
            "1969-12-31T23:59:59.5000000+00:00"
        );
    }
}
