//! The `Retry-After` header.

use std::time::{Duration, SystemTime};

use http::HeaderMap;

/// The longest delay that is honored. A service would not ask for more than a day, and with this bound, sums cannot
/// overflow.
pub(crate) const MAX_RETRY_AFTER: Duration = Duration::from_secs(24 * 3600);

/// Returns the delay that a response requests: `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3). A date
/// is compared with the response's own `Date`, so a wrong clock on this machine does not matter; without `Date` it is
/// ignored.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let value = text("retry-after")?;
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds = value.parse().unwrap_or(u64::MAX); // too large for any integer type
        return Some(Duration::from_secs(seconds).min(MAX_RETRY_AFTER));
    }
    let until = httpdate::parse_http_date(value).ok()?;
    let now: SystemTime = httpdate::parse_http_date(text("date")?).ok()?;
    Some(until.duration_since(now).unwrap_or_default().min(MAX_RETRY_AFTER))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_seconds_and_dates() {
        const NOW: &str = "Tue, 21 Jul 2020 04:10:58 GMT";
        for (value, date, seconds) in [
            ("57", NOW, Some(57)),
            (" 57 ", NOW, Some(57)),
            ("Tue, 21 Jul 2020 04:11:55 GMT", NOW, Some(57)),
            ("Tuesday, 21-Jul-20 04:11:55 GMT", NOW, Some(57)), // RFC 850, which RFC 9110 requires
            ("Tue, 21 Jul 2020 04:00:00 GMT", NOW, Some(0)),    // in the past
            ("Tue, 21 Jul 2020 04:11:55 GMT", "", None),        // nothing to compare with
            ("Tue, 21 Jul 2020 04:11:55 GMT", "odd", None),
            ("Fri, 31 Dec 9999 23:59:59 GMT", NOW, Some(86_400)),
            ("18446744073709551615", NOW, Some(86_400)), // sums must not overflow
            ("", NOW, None),
            ("-1", NOW, None),
            ("1.5", NOW, None),
            ("soon", NOW, None),
            ("18446744073709551616", NOW, Some(86_400)), // larger than u64
            ("+1", NOW, None),
            ("18446744073709551616 s", NOW, None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("retry-after", value.parse().unwrap());
            headers.insert("date", date.parse().unwrap());
            let wait = retry_after(&headers).map(|wait| wait.as_secs());
            assert_eq!(wait, seconds, "{value:?} {date:?}");
        }
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }

    proptest! {
        #[test]
        fn no_header_panics(text in "[ -~]{0,40}") {
            let mut headers = HeaderMap::new();
            headers.insert("retry-after", text.parse().unwrap());
            headers.insert("date", text.parse().unwrap());
            retry_after(&headers);
        }
    }
}
