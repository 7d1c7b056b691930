//! The spans of audit records: the days that the service still has, and the windows of one call.

use super::utc_day::UtcDay;

/// How far back audit records may be requested. The service keeps 90 days, and refuses an older first day
/// (<https://learn.microsoft.com/en-us/partner-center/developer/get-a-record-of-partner-center-activity-by-user>). One day is left
/// out, because the service may count to the hour.
pub(crate) const MAX_AGE: u16 = 89;

/// The longest window of one call in days
/// (<https://learn.microsoft.com/en-us/rest/api/partner-center/audit-operations/gets-audit-records>).
pub(crate) const MAX_WINDOW: u16 = 30;

/// Checks a span of days. Its last day is at most `today`.
pub(crate) fn span(first: UtcDay, last: UtcDay, today: UtcDay) -> Result<(UtcDay, UtcDay), String> {
    let oldest = today.days_before(MAX_AGE);
    if first > last {
        return Err(format!("the first day, {first}, is after the last day, {last}"));
    }
    if first > today {
        return Err(format!("the first day, {first}, is in the future: today is {today} in UTC"));
    }
    if first < oldest {
        return Err(format!(
            "the service keeps audit records for 90 days: start at {oldest} or later, not at {first}"
        ));
    }
    Ok((first, last.min(today)))
}

/// Splits a span into windows of at most 30 days, newest first. Each day is in one window.
pub(crate) fn windows(first: UtcDay, last: UtcDay) -> Vec<(UtcDay, UtcDay)> {
    let mut windows = Vec::new();
    let mut end = last;
    while first <= end {
        let start = first.max(end.days_before(MAX_WINDOW - 1));
        windows.push((start, end));
        let before = start.days_before(1);
        if before == start {
            break; // the first day of the calendar
        }
        end = before;
    }
    windows
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> UtcDay {
        text.parse().unwrap()
    }

    fn texts(first: &str, last: &str) -> Vec<String> {
        let windows = windows(day(first), day(last));
        windows.iter().map(|(start, end)| format!("{start} {end}")).collect()
    }

    #[test]
    fn a_span_is_split_into_windows_newest_first() {
        for (first, last, expected) in [
            ("2026-11-27", "2026-11-27", vec!["2026-11-27 2026-11-27"]),
            ("2026-10-29", "2026-11-27", vec!["2026-10-29 2026-11-27"]),
            ("2026-10-28", "2026-11-27", vec!["2026-10-29 2026-11-27", "2026-10-28 2026-10-28"]),
            (
                "2026-08-30",
                "2026-11-27",
                vec!["2026-10-29 2026-11-27", "2026-09-29 2026-10-28", "2026-08-30 2026-09-28"],
            ),
            ("2024-02-28", "2024-03-01", vec!["2024-02-28 2024-03-01"]),
            ("2026-11-28", "2026-11-27", vec![]),
        ] {
            assert_eq!(texts(first, last), expected, "{first} {last}");
        }
    }

    #[test]
    fn the_service_has_the_last_ninety_days() {
        let today = day("2026-11-27");
        let of = |first, last| span(day(first), day(last), today);
        assert_eq!(of("2026-11-01", "2026-11-02"), Ok((day("2026-11-01"), day("2026-11-02"))));
        assert_eq!(of("2026-11-27", "2027-01-01"), Ok((today, today)));
        assert_eq!(of("2026-08-30", "2026-11-27"), Ok((day("2026-08-30"), today)));
        for (first, last, expected) in [
            ("2026-08-29", "2026-11-27", "start at 2026-08-30 or later, not at 2026-08-29"),
            ("2026-11-02", "2026-11-01", "is after the last day"),
            ("2026-11-28", "2026-11-29", "is in the future"),
        ] {
            let problem = of(first, last).unwrap_err();
            assert!(problem.contains(expected), "{problem}");
        }
    }

    proptest! {
        #[test]
        fn each_day_is_in_one_window(start in 0_u64..60_000, length in 0_u64..400) {
            let nth = |n: u64| UtcDay::of(SystemTime::UNIX_EPOCH + Duration::from_secs(n * 86_400));
            let windows = windows(nth(start), nth(start + length));
            let mut days = Vec::new();
            for (first, last) in &windows {
                let mut current = *last;
                let mut count = 0;
                while current >= *first {
                    days.push(current);
                    count += 1;
                    current = current.days_before(1);
                }
                prop_assert!((1..=30).contains(&count));
            }
            let expected: Vec<_> = (start..=start + length).rev().map(nth).collect();
            prop_assert_eq!(days, expected);
            prop_assert_eq!(windows.len() as u64, length / 30 + 1);
        }
    }
}
