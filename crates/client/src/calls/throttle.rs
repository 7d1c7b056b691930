//! The throttle of a customer: a 429 delays every call of the client for that customer, because the service counts
//! them together (<https://learn.microsoft.com/en-us/partner-center/developer/api-throttling-guidance>).

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The default for the longest throttle. A single absurd `Retry-After` does not shut out a customer for a day.
pub(crate) const MAX_THROTTLE: Duration = Duration::from_secs(3600);

/// The throttled customers, each with the time at which its throttle ends.
#[derive(Debug)]
pub(crate) struct Throttle {
    ends: Mutex<HashMap<Box<str>, Instant>>,
    /// The longest throttle.
    max: Duration,
}

impl Throttle {
    pub(crate) fn new(max: Duration) -> Self {
        Self { ends: Mutex::default(), max }
    }

    /// Ends the throttle of a customer now.
    pub(crate) fn reset(&self, customer: &str) {
        self.ends.lock().unwrap_or_else(PoisonError::into_inner).remove(customer);
    }

    /// Returns true if no customer is throttled.
    pub(crate) fn is_empty(&self) -> bool {
        self.ends.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Returns how long a call for this customer has to wait.
    pub(crate) fn remaining(&self, customer: &str, now: Instant) -> Duration {
        let mut ends = self.ends.lock().unwrap_or_else(PoisonError::into_inner);
        match ends.get(customer) {
            Some(end) if *end > now => *end - now,
            Some(_) => {
                ends.remove(customer);
                Duration::ZERO
            }
            None => Duration::ZERO,
        }
    }

    /// Throttles the customer for at least this long, up to the maximum. A longer throttle stays.
    pub(crate) fn start(&self, customer: &str, now: Instant, wait: Duration) {
        let mut ends = self.ends.lock().unwrap_or_else(PoisonError::into_inner);
        let end = ends.entry(customer.into()).or_insert(now);
        *end = (*end).max(now + wait.min(self.max));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn applies_to_one_customer_and_ends_by_itself() {
        let (throttle, now) = (Throttle::new(MAX_THROTTLE), Instant::now());
        let (a, b) = ("a", "b");
        throttle.start(a, now, Duration::from_secs(57));
        throttle.start(a, now, Duration::from_secs(3));
        assert_eq!(throttle.remaining(a, now + Duration::from_secs(10)), Duration::from_secs(47));
        assert_eq!(throttle.remaining(b, now), Duration::ZERO);
        assert_eq!(throttle.remaining(a, now + Duration::from_secs(57)), Duration::ZERO);
        assert!(throttle.is_empty(), "an ended throttle uses no memory");
    }

    #[tokio::test(start_paused = true)]
    async fn has_a_maximum_and_can_be_reset() {
        let (throttle, now) = (Throttle::new(Duration::from_secs(60)), Instant::now());
        throttle.start("a", now, Duration::from_secs(99_999));
        throttle.start("b", now, Duration::from_secs(99_999));
        assert_eq!(throttle.remaining("a", now), Duration::from_secs(60));
        throttle.reset("a");
        assert_eq!(throttle.remaining("a", now), Duration::ZERO);
        assert_eq!(throttle.remaining("b", now), Duration::from_secs(60));
    }
}
