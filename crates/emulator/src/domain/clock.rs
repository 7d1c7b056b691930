//! The emulated time, and the formats in which the service writes a time.
//!
//! The service uses four formats: an HTTP date, seconds without a zone, seven digits with an offset, and the year 1 for
//! "none". Each response uses the documented one.
//!
//! All times are UTC, as documented, although the examples in the documents show Seattle time.

use std::time::{Duration, SystemTime};

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use partner_center_devices_raw::types::PartnerDateTime;
use serde::{Deserialize, Serialize};

/// A moment, in ticks of 100 ns since the start. Moments from a world file may be before the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Moment(i64);

const TICKS_PER_SECOND: i64 = 10_000_000;

/// The ticks from the year 1 to the Unix epoch.
const TICKS_BEFORE_UNIX: i64 = 621_355_968_000_000_000;

impl Moment {
    /// Returns the next tick.
    pub(crate) fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    pub(crate) fn earlier(self, by: Duration) -> Self {
        Self(self.0.saturating_sub(Self::from(by).0))
    }

    pub(crate) fn later(self, by: Duration) -> Self {
        Self(self.0.saturating_add(Self::from(by).0))
    }

    /// Returns a number that is greater for an earlier moment.
    pub(crate) fn newest_first(self) -> u64 {
        !self.0.cast_unsigned() ^ (1 << 63)
    }
}

impl From<Duration> for Moment {
    fn from(at: Duration) -> Self {
        Self(i64::try_from(at.as_nanos() / 100).unwrap_or(i64::MAX))
    }
}

/// Converts between the time since the start and dates.
#[derive(Clone, Copy)]
pub(crate) struct Clock {
    epoch: Timestamp,
}

impl Clock {
    /// Creates a clock that shows `epoch` at the start, rounded down to 100 ns, the precision of responses. An `epoch`
    /// out of range becomes the Unix epoch.
    pub(crate) fn new(epoch: SystemTime) -> Self {
        let epoch = Timestamp::try_from(epoch).unwrap_or(Timestamp::UNIX_EPOCH);
        let excess = SignedDuration::from_nanos(i64::from(epoch.subsec_nanosecond() % 100));
        Self { epoch: epoch.checked_sub(excess).unwrap_or(epoch) }
    }

    fn instant(self, Moment(ticks): Moment) -> Timestamp {
        let since =
            SignedDuration::new(ticks / TICKS_PER_SECOND, (ticks % TICKS_PER_SECOND) as i32 * 100);
        self.epoch.checked_add(since).unwrap_or(Timestamp::MAX)
    }

    fn civil(self, at: impl Into<Moment>) -> DateTime {
        self.instant(at.into()).to_zoned(TimeZone::UTC).datetime()
    }

    /// Formats a moment for a world file: `2017-07-25T17:00:00.0092288Z`.
    pub(crate) fn format(self, at: Moment) -> String {
        self.instant(at).to_string()
    }

    /// Parses a date and time with a zone. Returns `None` for any other text.
    pub(crate) fn parse(self, text: &str) -> Option<Moment> {
        let since = text.parse::<Timestamp>().ok()?.duration_since(self.epoch);
        Some(Moment(i64::try_from(since.as_nanos().div_euclid(100)).ok()?))
    }

    /// Returns the day of a moment, in UTC.
    pub(crate) fn day(self, at: impl Into<Moment>) -> Date {
        self.civil(at).date()
    }

    /// Returns the start of a day in UTC.
    pub(crate) fn start_of(self, day: Date) -> Moment {
        let start = day.to_zoned(TimeZone::UTC).map_or(Timestamp::MAX, |start| start.timestamp());
        let since = start.duration_since(self.epoch).as_nanos().div_euclid(100);
        Moment(i64::try_from(since).unwrap_or(if since < 0 { i64::MIN } else { i64::MAX }))
    }

    /// Returns the ticks since the year 1, as .NET counts them.
    pub(crate) fn dotnet_ticks(self, at: Moment) -> i64 {
        let ticks = i64::try_from(self.instant(at).as_nanosecond().div_euclid(100));
        ticks.unwrap_or(i64::MAX).saturating_add(TICKS_BEFORE_UNIX)
    }

    /// Formats seven digits and `Z`: `2017-06-15T22:56:05.0589308Z`.
    pub(crate) fn audit_ticks(self, at: Moment) -> String {
        let civil = self.civil(at);
        let ticks = civil.subsec_nanosecond() / 100;
        format!("{}.{ticks:07}Z", civil.strftime("%Y-%m-%dT%H:%M:%S"))
    }

    /// Returns whole seconds since the Unix epoch, for tokens.
    pub(crate) fn unix_seconds(self, at: Duration) -> i64 {
        self.epoch.checked_add(at).unwrap_or(Timestamp::MAX).as_second()
    }

    /// Formats an HTTP date: `Tue, 25 Jul 2017 17:52:41 GMT`.
    pub(crate) fn http_date(self, at: Duration) -> String {
        self.civil(at).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }

    /// Formats seconds without a zone: `2017-07-25T10:00:00`.
    pub(crate) fn seconds(self, at: impl Into<Moment>) -> PartnerDateTime {
        PartnerDateTime::new(self.civil(at).strftime("%Y-%m-%dT%H:%M:%S").to_string())
    }

    /// Formats seven digits and an offset: `2017-08-09T21:43:26.0092288+00:00`.
    pub(crate) fn ticks(self, at: impl Into<Moment>) -> PartnerDateTime {
        let civil = self.civil(at);
        let ticks = civil.subsec_nanosecond() / 100;
        PartnerDateTime::new(format!("{}.{ticks:07}+00:00", civil.strftime("%Y-%m-%dT%H:%M:%S")))
    }

    /// Formats a time for the management endpoints: `2017-07-25T10:00:00.123Z`.
    pub(crate) fn milliseconds(self, at: impl Into<Moment>) -> String {
        let civil = self.civil(at);
        let milliseconds = civil.subsec_nanosecond() / 1_000_000;
        format!("{}.{milliseconds:03}Z", civil.strftime("%Y-%m-%dT%H:%M:%S"))
    }

    /// Returns the value for "none": `0001-01-01T00:00:00`.
    pub(crate) fn none() -> PartnerDateTime {
        PartnerDateTime::new("0001-01-01T00:00:00")
    }
}

/// The emulated time since the start: the real time while the clock was running, plus the time it was advanced by.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct EmulatedTime {
    now: Duration,
    /// The last real time that was observed.
    real: Duration,
    mode: ClockMode,
}

/// Controls whether time passes by itself (running) or only when it is advanced (manual).
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

    /// Advances a running clock to the real time. Time never goes back.
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
    fn audit_records_have_the_ticks_of_dotnet() {
        let clock = Clock::new(SystemTime::UNIX_EPOCH + Duration::from_secs(1_501_004_361));
        // The id of a documented record ends in the ticks of its date.
        let at = clock.parse("2020-09-02T23:26:19.7753934Z").unwrap();
        assert_eq!(clock.dotnet_ticks(at), 637_346_859_797_753_934);
        assert_eq!(clock.audit_ticks(at), "2020-09-02T23:26:19.7753934Z");
        assert_eq!(clock.audit_ticks(Moment::default()), "2017-07-25T17:39:21.0000000Z");
    }

    #[test]
    fn a_day_starts_at_midnight_in_utc() {
        let clock = Clock::new(SystemTime::UNIX_EPOCH + Duration::from_secs(1_501_004_361));
        for text in ["2017-07-25T00:00:00Z", "2017-07-25T23:59:59.9999999Z"] {
            let day = clock.day(clock.parse(text).unwrap());
            assert_eq!(clock.format(clock.start_of(day)), "2017-07-25T00:00:00Z");
        }
        let (early, late) = (Moment(-1), Moment(1));
        assert!(early.newest_first() > late.newest_first());
        assert_eq!(late.earlier(Duration::from_nanos(200)), early);
    }

    #[test]
    fn time_passes_if_running_or_when_advanced_and_never_goes_back() {
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
    fn parses_what_it_formats_even_before_the_start() {
        let start = SystemTime::UNIX_EPOCH + Duration::new(1_501_004_361, 123_456_789);
        let clock = Clock::new(start);
        for text in [
            "2017-07-25T17:39:21.1234567Z",
            "2017-07-25T17:39:21Z",
            "2017-08-09T21:43:26.0092288Z",
            "1969-12-31T23:59:59.9999999Z",
        ] {
            assert_eq!(clock.format(clock.parse(text).unwrap()), text);
        }
        let zone = clock.parse("2017-08-09T14:43:26.0092288-07:00");
        assert_eq!(zone, clock.parse("2017-08-09T21:43:26.0092288Z"));
        assert_eq!(clock.parse("2017-07-25T17:39:21.1234567Z"), Some(Moment::default()));
        for other in ["", "2017-08-09", "2017-08-09T14:43:26", "soon"] {
            assert_eq!(clock.parse(other), None, "{other}");
        }
    }

    #[test]
    fn clamps_times_out_of_range() {
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
