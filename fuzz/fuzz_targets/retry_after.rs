//! The delay that a response requests. The first line of the input is its `Retry-After`, the second its `Date`.
#![no_main]

use std::time::Duration;

use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue};
use libfuzzer_sys::fuzz_target;
use partner_center_devices::fuzzing::retry_after;

const DAY: Duration = Duration::from_secs(24 * 3600);

fuzz_target!(|text: &str| {
    let (asked, date) = text.split_once('\n').unwrap_or((text, ""));
    let Some(wait) = read(asked, date) else { return };
    assert!(wait <= Some(DAY));

    let asked = asked.trim_matches([' ', '\t']);
    let date = date.trim_matches([' ', '\t']);
    assert_eq!(read(&format!("  {asked}\t"), &format!("\t{date} ")), Some(wait), "blanks");

    let is_number = !asked.is_empty() && asked.bytes().all(|byte| byte.is_ascii_digit());
    if is_number {
        // A number too large for any type is also more than a day.
        let expected = asked.parse().map_or(DAY, |seconds| Duration::from_secs(seconds).min(DAY));
        assert_eq!(wait, Some(expected));
        return;
    }
    let dates = (httpdate::parse_http_date(asked), httpdate::parse_http_date(date));
    if let (Ok(until), Ok(now)) = dates {
        assert_eq!(wait, Some(until.duration_since(now).unwrap_or_default().min(DAY)));
        // The current form of HTTP dates means the same as the obsolete ones.
        let (until, now) = (httpdate::fmt_http_date(until), httpdate::fmt_http_date(now));
        assert_eq!(read(&until, &now), Some(wait));
    } else {
        assert_eq!(wait, None, "{asked:?} is neither a number nor a date");
    }
});

/// Returns `None` if the text is not a valid header value.
fn read(asked: &str, date: &str) -> Option<Option<Duration>> {
    let mut headers = HeaderMap::new();
    headers.insert(RETRY_AFTER, HeaderValue::from_str(asked).ok()?);
    headers.insert(DATE, HeaderValue::from_str(date).ok()?);
    Some(retry_after(&headers))
}
