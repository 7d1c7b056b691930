//! Points in time, as journals and reports store them.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::Serialize;

/// A point in time with millisecond precision. Displayed and serialized in RFC 3339.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(pub(crate) i64); // milliseconds since 1970-01-01 UTC

impl Timestamp {
    /// Returns the system's current time.
    pub(crate) fn now() -> Self {
        SystemTime::now().into()
    }

    /// Returns the time.
    #[must_use]
    pub fn time(self) -> SystemTime {
        let distance = Duration::from_millis(self.0.unsigned_abs());
        let time = if self.0 < 0 {
            UNIX_EPOCH.checked_sub(distance)
        } else {
            UNIX_EPOCH.checked_add(distance)
        };
        time.unwrap_or(UNIX_EPOCH)
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        let millis = |distance: Duration| i64::try_from(distance.as_millis()).unwrap_or(i64::MAX);
        Self(match time.duration_since(UNIX_EPOCH) {
            Ok(after) => millis(after),
            Err(before) => -millis(before.duration()),
        })
    }
}

impl Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// RFC 3339 in UTC, always with three fractional digits, so timestamps sort the same as text.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(time) => write!(f, "{time:.3}"),
            Err(_) => f.write_str("a time out of range"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    #[test]
    fn timestamps_sort_the_same_as_text() {
        let times = [1_000, 1_010, 1_019, 1_020, 1_100, 1_101, 2_000].map(Timestamp);
        let texts = times.map(|time| time.to_string());
        assert!(texts.is_sorted(), "{texts:?}");
        assert_eq!(texts[1], "1970-01-01T00:00:01.010Z");
    }
}
