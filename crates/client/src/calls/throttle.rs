//! One customer's throttle. Decides that a 429 slows every call of the client for that customer, not only the
//! one that met it: the service counts all of them
//! (<https://learn.microsoft.com/en-us/partner-center/developer/api-throttling-guidance>).

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// When each throttled customer may be called again.
#[derive(Debug, Default)]
pub(crate) struct Throttle(Mutex<HashMap<Box<str>, Instant>>);

impl Throttle {
    /// How long a call for this customer has to wait now.
    pub(crate) fn wait(&self, customer: &str, now: Instant) -> Duration {
        let mut throttle = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match throttle.get(customer) {
            Some(opens) if *opens > now => *opens - now,
            Some(_) => {
                throttle.remove(customer);
                Duration::ZERO
            }
            None => Duration::ZERO,
        }
    }

    /// Closes the gate for so long. A gate that is closed for longer stays so.
    pub(crate) fn close(&self, customer: &str, now: Instant, wait: Duration) {
        let mut throttle = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let opens = throttle.entry(customer.into()).or_insert(now);
        *opens = (*opens).max(now + wait);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_closed_gate_is_one_customer_s_and_opens_by_itself() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        let (a, b) = ("a", "b");
        throttle.close(a, now, Duration::from_secs(57));
        throttle.close(a, now, Duration::from_secs(3));
        assert_eq!(throttle.wait(a, now + Duration::from_secs(10)), Duration::from_secs(47));
        assert_eq!(throttle.wait(b, now), Duration::ZERO);
        assert_eq!(throttle.wait(a, now + Duration::from_secs(57)), Duration::ZERO);
        assert!(throttle.0.lock().unwrap().is_empty(), "an open gate takes no room");
    }
}
