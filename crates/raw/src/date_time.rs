//! Times in the formats of the service, and their conversion to `SystemTime`.

use std::borrow::Cow;
use std::fmt;
use std::time::{Duration, SystemTime};

use jiff::civil::DateTime;
use jiff::fmt::temporal::Pieces;
use jiff::tz::Offset;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A time as the exact text on the wire.
///
/// The documents show three forms: seconds without a zone (`2017-07-25T10:00:00`), seven digits with an offset
/// (`2017-08-09T14:43:26.0092288-07:00`), and the year 1 for "none" (`0001-01-01T00:00:00`). Two texts of the same instant
/// are not equal: compare [`to_system_time`](Self::to_system_time).
#[derive(Clone, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(transparent))]
pub struct PartnerDateTime(Box<str>);

impl PartnerDateTime {
    /// Creates a time from any text.
    pub fn new(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// Returns the exact text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the instant, or `None` if the text is the year 1 (the service's "none") or not a time.
    ///
    /// A text without a zone is UTC, according to the documents
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources>).
    /// Digits after the nanosecond are ignored.
    #[must_use]
    pub fn to_system_time(&self) -> Option<SystemTime> {
        let text = &*cut_past_nanoseconds(self.0.trim());
        let pieces = Pieces::parse(text).ok()?;
        let civil = DateTime::from_parts(pieces.date(), pieces.time().unwrap_or_default());
        let offset = match pieces.to_numeric_offset() {
            Some(offset) => offset,
            None if pieces.time_zone_annotation().is_some() => return None,
            None => Offset::UTC,
        };
        let instant = offset.to_timestamp(civil).ok()?;
        // .NET's DateTime.MinValue, in any zone, is within a day of the first second of the year 1.
        const YEAR_ONE_SECOND_DAY: i64 = -62_135_510_400;
        if instant.as_second() < YEAR_ONE_SECOND_DAY {
            return None;
        }
        let nanos = instant.as_nanosecond();
        let distance = Duration::new(
            u64::try_from(nanos.unsigned_abs() / 1_000_000_000).ok()?,
            (nanos.unsigned_abs() % 1_000_000_000) as u32,
        );
        if nanos < 0 {
            SystemTime::UNIX_EPOCH.checked_sub(distance)
        } else {
            SystemTime::UNIX_EPOCH.checked_add(distance)
        }
    }
}

/// Returns the text with at most nine digits of a second, the limit of jiff.
fn cut_past_nanoseconds(text: &str) -> Cow<'_, str> {
    let Some((whole, rest)) = text.split_once('.') else { return text.into() };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if digits <= 9 {
        text.into()
    } else {
        format!("{whole}.{}{}", &rest[..9], &rest[digits..]).into()
    }
}

impl fmt::Display for PartnerDateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for PartnerDateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl Serialize for PartnerDateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for PartnerDateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<f64> {
        let time = PartnerDateTime::new(text).to_system_time()?;
        Some(match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => after.as_secs_f64(),
            Err(before) => -before.duration().as_secs_f64(),
        })
    }

    #[test]
    fn reads_every_documented_form() {
        assert_eq!(seconds("2017-07-25T10:00:00"), Some(1_500_976_800.0));
        assert_eq!(seconds("2017-07-25T10:00:00Z"), Some(1_500_976_800.0));
        assert_eq!(seconds("2017-07-25T03:00:00-07:00"), Some(1_500_976_800.0));
        assert_eq!(seconds("2017-07-25T10:00:00.5000000"), Some(1_500_976_800.5));
        assert_eq!(seconds("2017-08-09T14:43:26.0092288-07:00"), Some(1_502_315_006.009_228_8));
        assert_eq!(seconds("1969-12-31T23:59:59.5Z"), Some(-0.5));
    }

    #[test]
    fn ignores_digits_after_the_nanosecond() {
        for text in [
            "2017-07-25T10:00:00.5000000009",
            "2017-07-25T10:00:00.500000000999Z",
            "2017-07-25T03:00:00.500000000999999999999-07:00",
        ] {
            assert_eq!(seconds(text), Some(1_500_976_800.5), "{text}");
        }
        assert_eq!(seconds("2017-07-25T10:00:00.50000000000x"), None);
    }

    #[test]
    fn the_year_one_is_none() {
        for text in
            ["0001-01-01T00:00:00", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000-07:00"]
        {
            assert_eq!(seconds(text), None, "{text}");
        }
    }

    #[test]
    fn a_zone_is_never_ignored() {
        // A named zone, and an offset that moves the time out of the supported range.
        for text in ["2017-07-25T10:00:00[America/New_York]", "9999-12-30T21:59:59-05:00"] {
            assert_eq!(seconds(text), None, "{text}");
        }
        assert_eq!(seconds("2017-07-25T03:00:00-07:00[x/y]"), Some(1_500_976_800.0));
    }

    #[test]
    fn other_text_is_preserved_but_not_a_time() {
        let odd = PartnerDateTime::new("tomorrow");
        assert_eq!(odd.to_system_time(), None);
        assert_eq!(odd.as_str(), "tomorrow");
        assert_eq!(serde_json::to_string(&odd).unwrap(), "\"tomorrow\"");
    }
}
