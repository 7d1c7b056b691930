//! The times of `--since` and `--until`: a span back from now, a day, or a moment. Days are those of UTC, as the service counts
//! them.

use std::str::FromStr;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

/// A time as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// This long before now.
    Ago(Duration),
    /// A day of UTC.
    Day(Date),
    At(Timestamp),
}

const SECONDS_PER_DAY: u64 = 24 * 3600;

/// The smallest step of the service's clock, and of `SystemTime` on Windows.
const CLOCK_STEP: Duration = Duration::from_nanos(100);

impl When {
    /// Returns the moment from which records count.
    pub(crate) fn start(self, now: SystemTime) -> SystemTime {
        match self {
            Self::Ago(span) => {
                let start = now.checked_sub(span).unwrap_or(SystemTime::UNIX_EPOCH);
                start.max(SystemTime::UNIX_EPOCH)
            }
            Self::Day(day) => midnight(day),
            Self::At(moment) => moment.into(),
        }
    }

    /// Returns the last moment whose records count: a day counts to its end.
    pub(crate) fn end(self, now: SystemTime) -> SystemTime {
        match self {
            Self::Day(day) => midnight(day) + Duration::from_secs(SECONDS_PER_DAY) - CLOCK_STEP,
            other => other.start(now),
        }
    }
}

fn midnight(day: Date) -> SystemTime {
    let midnight = Offset::UTC.to_timestamp(day.to_datetime(jiff::civil::Time::midnight()));
    midnight.unwrap_or(Timestamp::UNIX_EPOCH).into()
}

impl FromStr for When {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if let Some(span) = span(text) {
            return Ok(Self::Ago(span));
        }
        // Other years would not be in the log, and their times cannot be calculated on every system.
        let is_possible = |year: i16| (1970..=9000).contains(&year);
        if let Ok(day) = Date::strptime("%Y-%m-%d", text)
            && is_possible(day.year())
        {
            return Ok(Self::Day(day));
        }
        if let Ok(moment) = text.parse::<Timestamp>()
            && is_possible(Offset::UTC.to_datetime(moment).year())
        {
            return Ok(Self::At(moment));
        }
        Err(
            "not a time: use a span such as 12h, 7d or 2w, a day in UTC such as 2026-11-20, or a time with its zone such as 2026-11-20T18:00:00Z",
        )
    }
}

/// Parses a span such as `12h`.
fn span(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let seconds = match unit {
        "m" => 60,
        "h" => 3600,
        "d" => SECONDS_PER_DAY,
        "w" => 7 * SECONDS_PER_DAY,
        _ => return None,
    };
    let number: u16 = number.parse().ok()?;
    Some(Duration::from_secs(u64::from(number) * seconds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::text_layout::exact_timestamp;

    #[test]
    fn a_time_is_a_span_a_day_or_a_moment() {
        let now: Timestamp = "2026-11-27T10:30:00Z".parse().unwrap();
        for (text, start, end) in [
            ("7d", "2026-11-20T10:30:00Z", "2026-11-20T10:30:00Z"),
            (" 12h ", "2026-11-26T22:30:00Z", "2026-11-26T22:30:00Z"),
            ("2w", "2026-11-13T10:30:00Z", "2026-11-13T10:30:00Z"),
            ("90m", "2026-11-27T09:00:00Z", "2026-11-27T09:00:00Z"),
            ("0d", "2026-11-27T10:30:00Z", "2026-11-27T10:30:00Z"),
            ("65535w", "1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
            ("2026-11-20", "2026-11-20T00:00:00Z", "2026-11-20T23:59:59.9999999Z"),
            ("2026-11-20T18:00:00Z", "2026-11-20T18:00:00Z", "2026-11-20T18:00:00Z"),
            ("2026-11-20T18:00+02:00", "2026-11-20T16:00:00Z", "2026-11-20T16:00:00Z"),
        ] {
            let when: When = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(exact_timestamp(when.start(now.into())), start, "{text}");
            assert_eq!(exact_timestamp(when.end(now.into())), end, "{text}");
        }
        for text in [
            "",
            "d",
            "7",
            "7 days",
            "-7d",
            "1.5h",
            "70000d",
            "7é",
            "é",
            "yesterday",
            "2026-11-31",
            "20.11.2026",
            "0001-01-01",
            "-9999-01-01",
            "9999-12-31T00:00:00Z",
            "2026-11-20T18:00",
        ] {
            assert!(text.parse::<When>().is_err(), "{text}");
        }
    }
}
