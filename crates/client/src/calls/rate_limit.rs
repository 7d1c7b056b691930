//! The client's own rate limit: spaces requests so that all calls together stay below a rate that the caller chose,
//! before the service has to refuse any.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The burst allowed after idle time: as many requests as fit into this time, and at least one more. Without a burst, a
/// caller that is slightly late could never catch up.
const BURST: Duration = Duration::from_millis(100);

/// The longest interval between requests. A lower rate is certainly a typo, and with this bound, sums cannot overflow.
const MAX_INTERVAL: Duration = Duration::from_secs(24 * 3600);

/// Spaces requests evenly.
#[derive(Debug)]
pub(crate) struct RateLimit {
    interval: Duration,
    /// The next free slot; `None` before the first request.
    next: Mutex<Option<Instant>>,
}

impl RateLimit {
    /// Creates a limit, or returns `None` unless the rate is between one request a day and one a nanosecond.
    pub(crate) fn per_second(requests: f64) -> Option<Self> {
        let interval = Duration::try_from_secs_f64(requests.recip()).ok()?;
        (!interval.is_zero() && interval <= MAX_INTERVAL)
            .then(|| Self { interval, next: Mutex::new(None) })
    }

    /// Reserves the next slot and returns how long to wait for it. A slot that is not used stays empty: the rate is an
    /// upper bound.
    pub(crate) fn reserve(&self, now: Instant) -> Duration {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let burst = BURST.max(self.interval);
        let earliest = now.checked_sub(burst).unwrap_or(now);
        let slot = next.map_or(now, |next| next.max(earliest));
        *next = Some(slot + self.interval);
        slot.saturating_duration_since(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn accepts_rates_from_one_a_day_to_one_a_nanosecond() {
        const DAY: u64 = 24 * 3600;
        for (rate, interval) in [
            (0.0, None),
            (-0.0, None),
            (-1.0, None),
            (f64::NAN, None),
            (f64::INFINITY, None),
            (f64::MIN_POSITIVE, None),
            (1e-300, None),
            (1e-19, None), // a `Duration` can represent the interval, but an `Instant` cannot
            (0.99 / DAY as f64, None),
            (1.0 / DAY as f64, Some(Duration::from_secs(DAY))),
            (0.5, Some(Duration::from_secs(2))),
            (1000.0, Some(Duration::from_millis(1))),
            (1e9, Some(Duration::from_nanos(1))),
            (1e300, None),
        ] {
            let limit = RateLimit::per_second(rate);
            assert_eq!(limit.map(|limit| limit.interval), interval, "{rate}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn spaces_simultaneous_requests() {
        let (limit, now) = (RateLimit::per_second(4.0).unwrap(), Instant::now());
        let waits: Vec<u128> = (0..5).map(|_| limit.reserve(now).as_millis()).collect();
        assert_eq!(waits, [0, 250, 500, 750, 1000]);
    }

    #[tokio::test(start_paused = true)]
    async fn allows_a_short_burst_after_idle_time() {
        let (limit, start) = (RateLimit::per_second(4.0).unwrap(), Instant::now());
        limit.reserve(start);
        let later = start + MINUTE;
        let waits: Vec<u128> = (0..4).map(|_| limit.reserve(later).as_millis()).collect();
        assert_eq!(waits, [0, 0, 250, 500]);

        // At a high rate, the burst is as many requests as fit into a tenth of a second.
        let limit = RateLimit::per_second(100.0).unwrap();
        limit.reserve(start);
        let immediate = (0..50).take_while(|_| limit.reserve(later).is_zero());
        assert_eq!(immediate.count(), 11);
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_that_is_always_late_gets_the_full_rate() {
        let (limit, start) = (RateLimit::per_second(100.0).unwrap(), Instant::now());
        let mut now = start;
        for _ in 0..1000 {
            now += limit.reserve(now) + Duration::from_millis(3);
        }
        let took = now - start;
        assert!(took < Duration::from_millis(10_010), "{took:?}");
    }
}
