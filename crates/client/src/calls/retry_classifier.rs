//! Your own rule for the attempts that are repeated. The limits of [`Retry`](crate::Retry) apply to it too.

use http::StatusCode;
use partner_center_devices_raw::Operation;

use crate::calls::request_kind::{RepeatSafety, RequestKind};
use crate::calls::retry::AttemptOutcome;

/// The rule for which failed attempts are repeated, instead of the table in the crate documentation. Set it with
/// [`ClientBuilder::retry_classifier`](crate::ClientBuilder::retry_classifier). A closure is one.
///
/// ```
/// use partner_center_devices::{Client, FailedAttempt};
///
/// // Never repeats a request that may have changed something.
/// let careful = |attempt: &FailedAttempt| attempt.default() && (!attempt.was_sent() || attempt.is_idempotent());
/// let client = Client::builder().token("a-token".to_owned()).retry_classifier(careful).build()?;
/// # Ok::<(), partner_center_devices::Error>(())
/// ```
pub trait RetryClassifier: Send + Sync + 'static {
    /// Returns true if the attempt is repeated. It is not called for a success, for a 401, which is repeated once with a
    /// new token, or after the last attempt that [`Retry`](crate::Retry) allows.
    fn is_retryable(&self, attempt: &FailedAttempt) -> bool;
}

impl<F: Fn(&FailedAttempt) -> bool + Send + Sync + 'static> RetryClassifier for F {
    fn is_retryable(&self, attempt: &FailedAttempt) -> bool {
        self(attempt)
    }
}

/// An attempt that failed.
#[derive(Clone, Copy, Debug)]
pub struct FailedAttempt {
    kind: RequestKind,
    outcome: AttemptOutcome,
    attempts: u32,
    default: bool,
}

impl FailedAttempt {
    pub(crate) fn new(
        kind: RequestKind,
        outcome: AttemptOutcome,
        attempts: u32,
        default: bool,
    ) -> Self {
        Self { kind, outcome, attempts, default }
    }

    /// Returns the operation; `None` for a custom request.
    #[must_use]
    pub fn operation(&self) -> Option<Operation> {
        self.kind.operation()
    }

    /// Returns the status of the response, if there was a complete one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self.outcome {
            AttemptOutcome::Response(status, _) => Some(status),
            _ => None,
        }
    }

    /// Returns true if the request may have been sent; false if there was no connection.
    #[must_use]
    pub fn was_sent(&self) -> bool {
        !self.outcome.is_unconnected()
    }

    /// Returns true if several requests have the same effect as one. Otherwise a repeat relies on its `MS-RequestId`.
    #[must_use]
    pub fn is_idempotent(&self) -> bool {
        self.kind.repeat_safety() == RepeatSafety::Idempotent
    }

    /// Returns how often the request was tried, including this attempt.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Returns true if the client would repeat the attempt by itself.
    #[must_use]
    pub fn default(&self) -> bool {
        self.default
    }
}
