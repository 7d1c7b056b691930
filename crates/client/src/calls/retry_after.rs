//! The delay that a response asks for: in `Retry-After`, in the headers of Azure, or in the text of its body.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode};

/// The longest delay that is honored. A service would not ask for more than a day, and with this bound, sums cannot
/// overflow.
pub(crate) const MAX_RETRY_AFTER: Duration = Duration::from_secs(24 * 3600);

/// The part of a body in which a delay is looked for, in bytes.
const MAX_TEXT: usize = 4096;

/// The headers of Azure that contain milliseconds. They are more exact than `Retry-After`
/// (<https://learn.microsoft.com/en-us/azure/azure-functions/durable/durable-functions-http-api>,
/// <https://learn.microsoft.com/en-us/rest/api/cosmos-db/common-cosmosdb-rest-response-headers>).
const MILLISECONDS: [&str; 2] = ["retry-after-ms", "x-ms-retry-after-ms"];

/// The phrases before a delay in a text, in lower case.
const PHRASES: [&str; 8] = [
    "again in",
    "again after",
    "retry in",
    "retry after",
    "retryafter",
    "retry_after",
    "retry-after",
    "retryafterseconds",
];

/// Returns the delay that a response requests. A throttled response or an unavailable service may also write it into
/// the body.
pub(crate) fn requested_delay(
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
) -> Option<Duration> {
    let in_text = || {
        let may_be_in_text =
            matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
        may_be_in_text.then(|| delay_in_text(body)).flatten()
    };
    retry_after(headers).or_else(in_text)
}

/// Returns the delay in the headers of a response: milliseconds, or `Retry-After` in seconds or as a date (RFC 9110,
/// section 10.2.3). Some servers write fractions. A date is compared with the response's own `Date`, so a wrong clock on
/// this machine does not matter; without `Date` it is ignored.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let milliseconds = MILLISECONDS.iter().find_map(|name| number(text(name)?));
    if let Some(milliseconds) = milliseconds {
        return Some(bounded(milliseconds / 1000.0));
    }
    let value = text("retry-after")?;
    if let Some(seconds) = number(value) {
        return Some(bounded(seconds));
    }
    let until = httpdate::parse_http_date(value).ok()?;
    let now: SystemTime = httpdate::parse_http_date(text("date")?).ok()?;
    Some(until.duration_since(now).unwrap_or_default().min(MAX_RETRY_AFTER))
}

/// Reads a number without a sign or an exponent, such as `57` or `1.5`.
fn number(text: &str) -> Option<f64> {
    let is_digit = |byte: u8| byte.is_ascii_digit() || byte == b'.';
    let starts = text.as_bytes().first().is_some_and(u8::is_ascii_digit);
    if starts && text.bytes().all(is_digit) { text.parse().ok() } else { None }
}

fn bounded(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or(MAX_RETRY_AFTER).min(MAX_RETRY_AFTER)
}

/// Returns the delay in a text such as `Try again in 12 seconds.`, or in JSON such as `"retryAfter": 12`.
fn delay_in_text(body: &[u8]) -> Option<Duration> {
    let text = String::from_utf8_lossy(&body[..body.len().min(MAX_TEXT)]).to_ascii_lowercase();
    PHRASES.iter().find_map(|phrase| {
        text.match_indices(phrase).find_map(|(at, _)| delay_at(&text[at + phrase.len()..]))
    })
}

/// Reads a number and its unit at the start of a text.
fn delay_at(text: &str) -> Option<Duration> {
    let filler = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ':' | '=' | '~' | '_');
    let text = text
        .trim_start_matches(filler)
        .trim_start_matches("inseconds")
        .trim_start_matches("seconds")
        .trim_start_matches(filler);
    let text = text.strip_prefix("about ").unwrap_or(text);
    let end =
        text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ':')).unwrap_or(text.len());
    let value = text[..end].trim_end_matches(['.', ':']);
    if value.contains(':') {
        return clock_time(value).map(bounded);
    }
    if text[end..].starts_with(['-', '/']) {
        return None; // a date
    }
    let value = number(value)?;
    let after = text[end..].trim_start_matches(|c: char| c.is_whitespace() || c == '"');
    let unit: String = after.chars().take_while(char::is_ascii_alphabetic).collect();
    let seconds = match unit.as_str() {
        "ms" | "msec" | "millisecond" | "milliseconds" => value / 1000.0,
        "m" | "min" | "mins" | "minute" | "minutes" => value * 60.0,
        "h" | "hr" | "hrs" | "hour" | "hours" => value * 3600.0,
        "d" | "day" | "days" => value * 86_400.0,
        "" | "s" | "sec" | "secs" | "second" | "seconds" => value,
        _ => return None,
    };
    Some(bounded(seconds))
}

/// Reads a length of time in the form `00:00:12` or `00:12`, in seconds.
fn clock_time(text: &str) -> Option<f64> {
    let parts = text.split(':').map(number).collect::<Option<Vec<_>>>()?;
    (parts.len() <= 3).then(|| parts.iter().fold(0.0, |sum, part| sum * 60.0 + part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: &str = "Tue, 21 Jul 2020 04:10:58 GMT";

    fn delay(headers: &[(&'static str, &str)]) -> Option<f64> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        retry_after(&map).map(|delay| delay.as_secs_f64())
    }

    #[test]
    fn reads_seconds_and_dates() {
        for (value, date, seconds) in [
            ("57", NOW, Some(57.0)),
            (" 57 ", NOW, Some(57.0)),
            ("1.5", NOW, Some(1.5)),
            ("0.25", NOW, Some(0.25)),
            ("Tue, 21 Jul 2020 04:11:55 GMT", NOW, Some(57.0)),
            ("Tuesday, 21-Jul-20 04:11:55 GMT", NOW, Some(57.0)), // RFC 850, which RFC 9110 requires
            ("Tue, 21 Jul 2020 04:00:00 GMT", NOW, Some(0.0)),    // in the past
            ("Tue, 21 Jul 2020 04:11:55 GMT", "", None),          // nothing to compare with
            ("Tue, 21 Jul 2020 04:11:55 GMT", "odd", None),
            ("Fri, 31 Dec 9999 23:59:59 GMT", NOW, Some(86_400.0)),
            ("18446744073709551615", NOW, Some(86_400.0)), // sums must not overflow
            ("", NOW, None),
            ("-1", NOW, None),
            (".5", NOW, None),
            ("1.5.5", NOW, None),
            ("1e3", NOW, None),
            ("soon", NOW, None),
            ("18446744073709551616", NOW, Some(86_400.0)), // larger than u64
            (&"9".repeat(400), NOW, Some(86_400.0)),       // larger than f64
            ("+1", NOW, None),
            ("18446744073709551616 s", NOW, None),
        ] {
            assert_eq!(
                delay(&[("retry-after", value), ("date", date)]),
                seconds,
                "{value:?} {date:?}"
            );
        }
        assert_eq!(delay(&[]), None);
    }

    #[test]
    fn milliseconds_take_precedence() {
        for (headers, seconds) in [
            (&[("retry-after-ms", "1500")][..], Some(1.5)),
            (&[("x-ms-retry-after-ms", "250.5")], Some(0.2505)),
            (&[("retry-after-ms", "20"), ("retry-after", "1")], Some(0.02)),
            (&[("retry-after-ms", "soon"), ("retry-after", "7")], Some(7.0)),
            (&[("x-ms-retry-after-ms", "-1")], None),
            (&[("retry-after-ms", "99999999999999")], Some(86_400.0)),
        ] {
            assert_eq!(delay(headers), seconds, "{headers:?}");
        }
    }

    #[test]
    fn reads_the_delay_in_the_text_of_a_throttled_response() {
        let none = HeaderMap::new();
        let throttled = StatusCode::TOO_MANY_REQUESTS;
        for (body, seconds) in [
            (r#"{"message":"Rate limit is exceeded. Try again in 12 seconds."}"#, Some(12.0)),
            ("Try again in 12.", Some(12.0)),
            ("TRY AGAIN IN 1.5 SECONDS", Some(1.5)),
            ("please try again after 2 minutes", Some(120.0)),
            ("retry after 800ms", Some(0.8)),
            ("Retry in about 3 s", Some(3.0)),
            ("try again in 1 hour", Some(3600.0)),
            (r#"{"retryAfter": 9}"#, Some(9.0)),
            (r#"{"retry_after":"0.5"}"#, Some(0.5)),
            (r#"{"retryAfterSeconds":4}"#, Some(4.0)),
            ("try again in a moment, or try again in 5 seconds", Some(5.0)),
            ("try again in 99999999999999999999 days", Some(86_400.0)),
            ("Try again in 00:00:12.", Some(12.0)),
            ("retry after 1:02:03.5 hours", Some(3723.5)),
            (r#"{"retryAfter":"00:01:30"}"#, Some(90.0)),
            (r#"{"retryAfter":"2026-11-26T21:00:30Z"}"#, None),
            ("try again after 11/26/2026 or later", None),
            ("try again in 1:2:3:4", None),
            ("Try again in 1 day", Some(86_400.0)),
            ("Retry after 2 hrs", Some(7200.0)),
            ("retry after 5 attempts", None),
            ("try again later", None),
            ("try again in -5 seconds", None),
            ("429", None),
            ("", None),
        ] {
            let found = requested_delay(throttled, &none, body.as_bytes());
            assert_eq!(found.map(|delay| delay.as_secs_f64()), seconds, "{body}");
        }
        let body = b"Try again in 12 seconds.";
        assert!(requested_delay(StatusCode::SERVICE_UNAVAILABLE, &none, body).is_some());
        assert_eq!(requested_delay(StatusCode::BAD_REQUEST, &none, body), None);
        let mut header = HeaderMap::new();
        header.insert("retry-after", "3".parse().unwrap());
        let found = requested_delay(throttled, &header, body);
        assert_eq!(found, Some(Duration::from_secs(3)), "a header is meant for programs");
    }

    proptest! {
        #[test]
        fn no_header_panics(text in "[ -~]{0,40}") {
            let mut headers = HeaderMap::new();
            for name in ["retry-after", "date", "retry-after-ms"] {
                headers.insert(name, text.parse().unwrap());
            }
            retry_after(&headers);
        }

        #[test]
        fn no_text_panics(body in "(again in|retry|after|é|[0-9.]| |\"|:){0,30}") {
            requested_delay(StatusCode::TOO_MANY_REQUESTS, &HeaderMap::new(), body.as_bytes());
        }
    }
}
