//! The client's own limit. Decides when the next request may leave, so that all calls together stay under a rate that
//! the caller chose, before the service has to refuse any.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// What may leave at once after a silence: as much as this time allows, and at least one more. Without it a caller
/// that is a moment late would lose the moment for good.
const CREDIT: Duration = Duration::from_millis(100);

/// A rate below one a day is a slip of the pen; and no sum with this overflows.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// Spaces requests evenly.
#[derive(Debug)]
pub(crate) struct RateLimit {
    interval: Duration,
    /// When the next request was to leave, had all left in time.
    next: Mutex<Option<Instant>>,
}

impl RateLimit {
    /// `None` for what is no rate, and outside of one request a day to one a nanosecond.
    pub(crate) fn per_second(requests: f64) -> Option<Self> {
        let interval = Duration::try_from_secs_f64(requests.recip()).ok()?;
        (!interval.is_zero() && interval <= LONGEST)
            .then(|| Self { interval, next: Mutex::new(None) })
    }

    /// Takes the next turn, and says how long to wait for it. A turn that is then not used is lost, and nobody leaves
    /// in its place: the rate is a bound.
    pub(crate) fn turn(&self, now: Instant) -> Duration {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let credit = CREDIT.max(self.interval);
        let earliest = now.checked_sub(credit).unwrap_or(now);
        let turn = next.map_or(now, |next| next.max(earliest));
        *next = Some(turn + self.interval);
        turn.saturating_duration_since(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn a_rate_is_a_positive_number_of_some_size() {
        const DAY: u64 = 24 * 3600;
        for (rate, interval) in [
            (0.0, None),
            (-0.0, None),
            (-1.0, None),
            (f64::NAN, None),
            (f64::INFINITY, None),
            (f64::MIN_POSITIVE, None),
            (1e-300, None),
            (1e-19, None), // an interval that a duration holds, and no clock
            (0.99 / DAY as f64, None),
            (1.0 / DAY as f64, Some(Duration::from_secs(DAY))),
            (0.5, Some(Duration::from_secs(2))),
            (1000.0, Some(Duration::from_millis(1))),
            (1e9, Some(Duration::from_nanos(1))),
            (1e300, None),
        ] {
            let pace = RateLimit::per_second(rate);
            assert_eq!(pace.map(|pace| pace.interval), interval, "{rate}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn requests_that_come_together_leave_one_after_another() {
        let (pace, now) = (RateLimit::per_second(4.0).unwrap(), Instant::now());
        let waits: Vec<u128> = (0..5).map(|_| pace.turn(now).as_millis()).collect();
        assert_eq!(waits, [0, 250, 500, 750, 1000]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_silence_gives_little_credit() {
        let (pace, start) = (RateLimit::per_second(4.0).unwrap(), Instant::now());
        pace.turn(start);
        let later = start + MINUTE;
        let waits: Vec<u128> = (0..4).map(|_| pace.turn(later).as_millis()).collect();
        assert_eq!(waits, [0, 0, 250, 500]);

        // Of a high rate a tenth of a second's worth goes at once.
        let pace = RateLimit::per_second(100.0).unwrap();
        pace.turn(start);
        let at_once = (0..50).take_while(|_| pace.turn(later).is_zero());
        assert_eq!(at_once.count(), 11);
    }

    /// A caller that is always a little late still gets its rate.
    #[tokio::test(start_paused = true)]
    async fn being_late_costs_nothing() {
        let (pace, start) = (RateLimit::per_second(100.0).unwrap(), Instant::now());
        let mut now = start;
        for _ in 0..1000 {
            now += pace.turn(now) + Duration::from_millis(3);
        }
        let took = now - start;
        assert!(took < Duration::from_millis(10_010), "{took:?}");
    }
}
