//! Decides how an instant is written. The service has four ways, and each answer keeps to the documented
//! one: an HTTP date, seconds without a zone, seven digits with an offset, and the year 1 for "none".
//!
//! All of them are UTC, as the documents say, although their examples show the clock of Seattle.

use std::time::{Duration, SystemTime};

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use partner_center_devices_raw::types::PartnerDateTime;
use serde::{Deserialize, Serialize};

/// A moment, in ticks of 100 ns since the start. What a world file holds may have been before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(i64);

/// How many ticks a second has.
const TICKS: i64 = 10_000_000;

impl From<Duration> for Moment {
    fn from(at: Duration) -> Self {
        Self(i64::try_from(at.as_nanos() / 100).unwrap_or(i64::MAX))
    }
}

/// Turns the time since the start into the time of the world.
#[derive(Clone, Copy)]
pub(crate) struct Clock {
    epoch: Timestamp,
}

impl Clock {
    /// A clock that shows `epoch` at the start, in whole ticks: no answer shows less. A time that no calendar has
    /// becomes the Unix epoch.
    pub(crate) fn new(epoch: SystemTime) -> Self {
        let epoch = Timestamp::try_from(epoch).unwrap_or(Timestamp::UNIX_EPOCH);
        let less = SignedDuration::from_nanos(i64::from(epoch.subsec_nanosecond() % 100));
        Self { epoch: epoch.checked_sub(less).unwrap_or(epoch) }
    }

    fn instant(self, Moment(ticks): Moment) -> Timestamp {
        let since = SignedDuration::new(ticks / TICKS, (ticks % TICKS) as i32 * 100);
        self.epoch.checked_add(since).unwrap_or(Timestamp::MAX)
    }

    fn civil(self, at: impl Into<Moment>) -> DateTime {
        self.instant(at.into()).to_zoned(TimeZone::UTC).datetime()
    }

    /// `2017-07-25T17:00:00.0092288Z`, as a world file has it.
    pub(crate) fn stamp(self, at: Moment) -> String {
        self.instant(at).to_string()
    }

    /// Reads a date and time with a zone; `None` for any other text.
    pub(crate) fn read_stamp(self, text: &str) -> Option<Moment> {
        let since = text.parse::<Timestamp>().ok()?.duration_since(self.epoch);
        Some(Moment(i64::try_from(since.as_nanos().div_euclid(100)).ok()?))
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
    pub(crate) fn seconds(self, at: impl Into<Moment>) -> PartnerDateTime {
        PartnerDateTime::new(self.civil(at).strftime("%Y-%m-%dT%H:%M:%S").to_string())
    }

    /// `2017-08-09T21:43:26.0092288+00:00`
    pub(crate) fn ticks(self, at: impl Into<Moment>) -> PartnerDateTime {
        let civil = self.civil(at);
        let ticks = civil.subsec_nanosecond() / 100;
        PartnerDateTime::new(format!("{}.{ticks:07}+00:00", civil.strftime("%Y-%m-%dT%H:%M:%S")))
    }

    /// `2017-07-25T10:00:00.123Z`, for the emulator's own endpoints.
    pub(crate) fn milliseconds(self, at: impl Into<Moment>) -> String {
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
pub(crate) struct EmulatedTime {
    now: Duration,
    /// The last real time that was seen.
    real: Duration,
    mode: ClockMode,
}

/// Whether time passes by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ClockMode {
    #[default]
    Running,
    Manual,
}

impl EmulatedTime {
    pub(crate) fn now(self) -> Duration {
        self.now
    }

    pub(crate) fn mode(self) -> ClockMode {
        self.mode
    }

    /// Takes note of the real time. It never goes back.
    pub(crate) fn observe(&mut self, real: Duration) {
        if self.mode == ClockMode::Running {
            self.advance(real.saturating_sub(self.real));
        }
        self.real = self.real.max(real);
    }

    pub(crate) fn advance(&mut self, by: Duration) {
        self.now = self.now.saturating_add(by);
    }

    pub(crate) fn set_mode(&mut self, mode: ClockMode) {
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
        let mut time = EmulatedTime::default();
        time.observe(seconds(5));
        time.observe(seconds(4));
        assert_eq!(time.now(), seconds(5));
        time.set_mode(ClockMode::Manual);
        time.observe(seconds(100));
        assert_eq!(time.now(), seconds(5));
        time.advance(seconds(2));
        time.set_mode(ClockMode::Running);
        time.observe(seconds(101));
        assert_eq!(time.now(), seconds(8));
        time.advance(Duration::MAX);
        assert_eq!(time.now(), Duration::MAX);
    }

    #[test]
    fn a_stamp_is_read_as_it_is_written_also_before_the_start() {
        let start = SystemTime::UNIX_EPOCH + Duration::new(1_501_004_361, 123_456_789);
        let clock = Clock::new(start);
        for text in [
            "2017-07-25T17:39:21.1234567Z",
            "2017-07-25T17:39:21Z",
            "2017-08-09T21:43:26.0092288Z",
            "1969-12-31T23:59:59.9999999Z",
        ] {
            assert_eq!(clock.stamp(clock.read_stamp(text).unwrap()), text);
        }
        let zone = clock.read_stamp("2017-08-09T14:43:26.0092288-07:00");
        assert_eq!(zone, clock.read_stamp("2017-08-09T21:43:26.0092288Z"));
        assert_eq!(clock.read_stamp("2017-07-25T17:39:21.1234567Z"), Some(Moment::default()));
        for other in ["", "2017-08-09", "2017-08-09T14:43:26", "soon"] {
            assert_eq!(clock.read_stamp(other), None, "{other}");
        }
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
