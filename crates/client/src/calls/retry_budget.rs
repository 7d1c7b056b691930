//! The retry budget of a client.

use std::sync::{Mutex, PoisonError};

use crate::calls::retry::AttemptOutcome;

/// A token bucket that retries drain and successes refill. When the service is down, it keeps a thousand calls from
/// becoming five thousand requests.
///
/// The bucket has room for 500 tokens and starts full. A retry costs 5, or 10 if the response was lost; a successful
/// call returns 1. These are the token costs that the AWS SDKs used in their standard retry mode (smithy-rs now calls
/// them legacy).
#[derive(Debug)]
pub(crate) struct RetryBudget(Mutex<u32>);

impl RetryBudget {
    const CAPACITY: u32 = 500;

    pub(crate) fn full() -> Self {
        Self(Mutex::new(Self::CAPACITY))
    }

    /// Takes the cost of a retry. Returns `false` if too few tokens are left.
    pub(crate) fn take(&self, outcome: AttemptOutcome) -> bool {
        let cost = if outcome == AttemptOutcome::Interrupted { 10 } else { 5 };
        let mut tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match tokens.checked_sub(cost) {
            Some(rest) => {
                *tokens = rest;
                true
            }
            None => false,
        }
    }

    /// Adds the token for a successful call.
    pub(crate) fn refill(&self) {
        let mut tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *tokens = (*tokens + 1).min(Self::CAPACITY);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_drain_it_and_successes_refill_it() {
        let budget = RetryBudget::full();
        assert_eq!((0..200).filter(|_| budget.take(AttemptOutcome::NotConnected)).count(), 100);
        (0..10).for_each(|_| budget.refill());
        assert!(
            budget.take(AttemptOutcome::Interrupted) && !budget.take(AttemptOutcome::NotConnected)
        );
        (0..1000).for_each(|_| budget.refill());
        assert_eq!((0..200).filter(|_| budget.take(AttemptOutcome::Interrupted)).count(), 50);
    }
}
