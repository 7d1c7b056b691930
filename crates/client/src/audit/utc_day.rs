//! Days of UTC, in which the service counts the days of audit records.

use std::fmt;
use std::str::FromStr;
use std::time::SystemTime;

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan as _};

/// A day in UTC, such as 2026-11-27.
///
/// ```
/// # use partner_center_devices::UtcDay;
/// # use std::time::SystemTime;
/// let day: UtcDay = "2026-11-27".parse()?;
/// assert!(day > UtcDay::of(SystemTime::UNIX_EPOCH));
/// # Ok::<_, partner_center_devices::InvalidDay>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UtcDay(Date);

/// The error for a text that is not a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidDay(());

impl fmt::Display for InvalidDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a day, which is written as year-month-day: 2026-11-27")
    }
}

impl std::error::Error for InvalidDay {}

impl UtcDay {
    /// Returns the day of a time.
    #[must_use]
    pub fn of(time: SystemTime) -> Self {
        match Timestamp::try_from(time) {
            Ok(instant) => Self(Offset::UTC.to_datetime(instant).date()),
            Err(_) if time < SystemTime::UNIX_EPOCH => Self(Date::MIN),
            Err(_) => Self(Date::MAX),
        }
    }

    /// Returns the current day, by the clock of this machine.
    #[must_use]
    pub fn today() -> Self {
        Self::of(SystemTime::now())
    }

    /// Returns the day this many days before, or the first day of the calendar.
    #[must_use]
    pub fn days_before(self, days: u16) -> Self {
        Self(self.0.saturating_sub(i32::from(days).days()))
    }
}

impl FromStr for UtcDay {
    type Err = InvalidDay;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Date::strptime("%Y-%m-%d", text.trim()).map(Self).map_err(|_| InvalidDay(()))
    }
}

impl fmt::Display for UtcDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for UtcDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn reads_and_writes_days() {
        for text in ["2026-11-27", "2024-02-29", "0001-01-01"] {
            assert_eq!(text.parse::<UtcDay>().unwrap().to_string(), text);
        }
        for text in ["", "2026-11", "2025-02-29", "27.11.2026", "2026-11-27T00:00:00", "11/27/2026"]
        {
            assert_eq!(text.parse::<UtcDay>(), Err(InvalidDay(())), "{text}");
        }
    }

    #[test]
    fn a_day_has_the_times_of_utc() {
        let day = |seconds| UtcDay::of(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(day(0).to_string(), "1970-01-01");
        assert_eq!(day(86_399), day(0));
        assert_eq!(day(86_400).to_string(), "1970-01-02");
        assert_eq!(day(86_400).days_before(1), day(0));
        let first = "-9999-01-01".parse::<UtcDay>();
        assert!(first.is_err() || first.unwrap().days_before(1) == first.unwrap());
        assert_eq!(UtcDay(Date::MIN).days_before(1), UtcDay(Date::MIN));
    }
}
