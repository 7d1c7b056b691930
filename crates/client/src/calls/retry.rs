//! The retry rules: whether a failed attempt is repeated, and after which delay. [`Retry::decide`] is a pure function
//! of the outcome, the attempts so far, the elapsed time and the kind of the request.
//!
//! | outcome | reads, deletes, replaces | create, add, bulk policy update | custom POST and PATCH |
//! |---|---|---|---|
//! | could not connect, so nothing was sent | retry | retry | retry |
//! | the certificate of the server is not trusted | stop | stop | stop |
//! | a proxy refused the connection (403, 407, 451) | stop | stop | stop |
//! | incomplete response: the request may have arrived | retry | retry with the same `MS-RequestId` | stop |
//! | 408, 502, 504: a gateway timed out | retry | retry with the same `MS-RequestId` | stop |
//! | 429: throttled | retry | retry | retry |
//! | 503: temporarily unavailable | retry | retry | stop |
//! | 500 and other 5xx | retry | stop: the work may be half done | stop |
//! | 501: not implemented | stop | stop | stop |
//! | a response that is not from the service, or too large | stop | stop | stop |
//! | 401 | once, with a new token, and once more for demanded claims | the same | the same |
//! | 401 because multi-factor authentication is missing | stop | stop | stop |
//! | anything else | stop | stop | stop |
//!
//! Four limits apply: the number of attempts, the deadline of the call, the retry budget of the client, and a delay
//! that would pass the deadline, which fails immediately with a matching error.
//!
//! A repeat is safe because of `MS-RequestId`: the service documents it as the idempotency key and asks clients to
//! repeat a call that timed out with the same id (<https://learn.microsoft.com/en-us/partner-center/developer/headers>).
//! All attempts of a call share it.
//!
//! The delay is random between zero and a bound that doubles each time (full jitter), so clients that failed together
//! do not return together. `Retry-After` is added as a minimum.

use std::time::Duration;

use http::StatusCode;

use crate::calls::request_kind::RepeatSafety;
use crate::calls::retry_after::MAX_RETRY_AFTER;

/// The retry settings of a call. The crate documentation has the table of retry rules.
///
/// The defaults suit a service that throttles: 5 attempts within 5 minutes, with delays of up to 0.5 s, 1 s, 2 s and
/// 4 s. A delay exceeds 30 s only if the service asks for it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[must_use]
pub struct Retry {
    max_attempts: u32,
    initial_delay: Duration,
    max_delay: Duration,
    deadline: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            max_attempts: 5,
            initial_delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(30),
            deadline: Duration::from_secs(300),
        }
    }
}

impl Retry {
    /// Disables retries. A 401 is still repeated, with a new token.
    pub fn never() -> Self {
        Self { max_attempts: 1, ..Self::default() }
    }

    /// Sets the maximum number of times a request is sent. 0 counts as 1.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// Sets the upper bound of the first delay. Each further bound is twice as long.
    pub fn initial_delay(mut self, delay: Duration) -> Self {
        self.initial_delay = delay;
        self
    }

    /// Sets the upper bound of every delay. A longer `Retry-After` of the service still applies.
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// Sets how long a call may take in total: attempts, delays and the wait for a throttled customer. Waits for the
    /// client's own rate limit
    /// ([`ClientBuilder::requests_per_second`](crate::ClientBuilder::requests_per_second)) do not count.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Returns how long a call may take in total.
    pub(crate) fn time_limit(&self) -> Duration {
        self.deadline
    }

    /// Returns the next step after an attempt.
    pub(crate) fn decide(
        &self,
        safety: RepeatSafety,
        outcome: AttemptOutcome,
        progress: Progress,
    ) -> Decision {
        let is_retryable = match outcome {
            AttemptOutcome::Response(StatusCode::UNAUTHORIZED, _) => {
                return if progress.token_refreshed {
                    Decision::Stop
                } else {
                    Decision::RefreshToken
                };
            }
            // A new token of the same sign-in would be refused too.
            AttemptOutcome::MfaRequired => return Decision::Stop,
            AttemptOutcome::NotConnected
            | AttemptOutcome::Response(StatusCode::TOO_MANY_REQUESTS, _) => true,
            // The service will not have the operation a second later.
            AttemptOutcome::Response(StatusCode::NOT_IMPLEMENTED, _) => false,
            // A web filter or the sign-in page of a network answers each request. A certificate and the rules of a proxy
            // stay the same.
            AttemptOutcome::Unusable | AttemptOutcome::Untrusted | AttemptOutcome::ProxyRefused => {
                false
            }
            _ if safety == RepeatSafety::Unknown => false,
            AttemptOutcome::Interrupted => true,
            AttemptOutcome::Response(status, _) => {
                matches!(status.as_u16(), 408 | 502 | 503 | 504)
                    || (status.is_server_error() && safety == RepeatSafety::Idempotent)
            }
        };
        if is_retryable { self.within_limits(outcome, progress) } else { Decision::Stop }
    }

    /// Repeats an attempt if the limits allow it.
    pub(crate) fn within_limits(&self, outcome: AttemptOutcome, progress: Progress) -> Decision {
        if progress.attempts >= self.max_attempts {
            return Decision::Stop;
        }
        let delay = self.delay(outcome, progress);
        if delay >= self.deadline.saturating_sub(progress.elapsed) {
            Decision::DeadlineTooClose(delay)
        } else {
            Decision::Retry(delay)
        }
    }

    fn delay(&self, outcome: AttemptOutcome, progress: Progress) -> Duration {
        let doublings = progress.attempts.saturating_sub(1).min(30) as i32;
        let bound =
            Duration::try_from_secs_f64(self.initial_delay.as_secs_f64() * 2_f64.powi(doublings));
        let bound = bound.unwrap_or(self.max_delay).min(self.max_delay).min(MAX_RETRY_AFTER);
        let jittered = bound.mul_f64(progress.random.clamp(0.0, 1.0));
        match outcome {
            AttemptOutcome::Response(_, Some(retry_after)) if !retry_after.is_zero() => {
                retry_after + jittered.min(self.initial_delay)
            }
            _ => jittered,
        }
    }
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AttemptOutcome {
    /// The service could not be reached; nothing was sent.
    NotConnected,
    /// The certificate of the server is not trusted, or the server does not accept that of this machine; the service
    /// received no request.
    Untrusted,
    /// A proxy refused the connection, and would refuse the next one too; nothing was sent.
    ProxyRefused,
    /// The request was sent, but no complete response came back.
    Interrupted,
    /// A response came back that is not from the service, or is too large to be read.
    Unusable,
    /// A 401 that requires multi-factor authentication.
    MfaRequired,
    /// A response, with its `Retry-After`.
    Response(StatusCode, Option<Duration>),
}

impl AttemptOutcome {
    /// Returns the value of `error.type` in traces; `None` for a success.
    pub(crate) fn error_type(&self) -> Option<&str> {
        match self {
            Self::NotConnected => Some("not_connected"),
            Self::Untrusted => Some("untrusted_certificate"),
            Self::ProxyRefused => Some("proxy_refused"),
            Self::Interrupted => Some("interrupted"),
            Self::Unusable => Some("unusable"),
            Self::MfaRequired => Some("401"),
            Self::Response(status, _) if status.is_success() => None,
            Self::Response(status, _) => Some(status.as_str()),
        }
    }

    pub(crate) fn is_success(&self) -> bool {
        matches!(self, Self::Response(status, _) if status.is_success())
    }

    /// Returns true if there was no connection: the request was not sent.
    pub(crate) fn is_unconnected(&self) -> bool {
        matches!(self, Self::NotConnected | Self::Untrusted | Self::ProxyRefused)
    }

    /// Returns true if the service may have done the work without confirming it: the response was lost, a gateway timed
    /// out, or the service failed in the middle.
    pub(crate) fn may_have_taken_effect(&self) -> bool {
        match self {
            Self::NotConnected | Self::Untrusted | Self::ProxyRefused | Self::MfaRequired => false,
            Self::Interrupted | Self::Unusable => true,
            Self::Response(status, _) => {
                *status == StatusCode::REQUEST_TIMEOUT
                    || (status.is_server_error() && *status != StatusCode::SERVICE_UNAVAILABLE)
            }
        }
    }
}

/// The next step after an attempt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Decision {
    /// Return the result.
    Stop,
    /// Drop the token and send again immediately.
    RefreshToken,
    /// Send again after this delay.
    Retry(Duration),
    /// Return the result: a retry would help, but its delay would pass the deadline.
    DeadlineTooClose(Duration),
}

impl Decision {
    /// Returns the delay before a retry, even if the deadline is too close for it.
    pub(crate) fn delay(self) -> Option<Duration> {
        match self {
            Self::Retry(delay) | Self::DeadlineTooClose(delay) => Some(delay),
            Self::Stop | Self::RefreshToken => None,
        }
    }
}

/// The state of a call after an attempt.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Progress {
    /// How often the request was sent, this attempt included.
    pub(crate) attempts: u32,
    /// The time since the call started, without waits for the client's own rate limit.
    pub(crate) elapsed: Duration,
    /// True if a token was already dropped because of a 401.
    pub(crate) token_refreshed: bool,
    /// A new random number from 0 to 1.
    pub(crate) random: f64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FRESH: Progress =
        Progress { attempts: 1, elapsed: Duration::ZERO, token_refreshed: false, random: 1.0 };

    fn response(status: u16) -> AttemptOutcome {
        AttemptOutcome::Response(StatusCode::from_u16(status).unwrap(), None)
    }

    /// Checks the table at the top of this file, row by row.
    #[test]
    fn follows_the_retry_table() {
        let retry = Decision::Retry(Duration::from_millis(500));
        for (outcome, idempotent, once, unknown) in [
            (AttemptOutcome::NotConnected, retry, retry, retry),
            (AttemptOutcome::Untrusted, Decision::Stop, Decision::Stop, Decision::Stop),
            (AttemptOutcome::ProxyRefused, Decision::Stop, Decision::Stop, Decision::Stop),
            (AttemptOutcome::Unusable, Decision::Stop, Decision::Stop, Decision::Stop),
            (AttemptOutcome::Interrupted, retry, retry, Decision::Stop),
            (response(408), retry, retry, Decision::Stop),
            (response(429), retry, retry, retry),
            (response(502), retry, retry, Decision::Stop),
            (response(503), retry, retry, Decision::Stop),
            (response(504), retry, retry, Decision::Stop),
            (response(500), retry, Decision::Stop, Decision::Stop),
            (response(501), Decision::Stop, Decision::Stop, Decision::Stop),
            (response(505), retry, Decision::Stop, Decision::Stop),
            (response(401), Decision::RefreshToken, Decision::RefreshToken, Decision::RefreshToken),
            (response(400), Decision::Stop, Decision::Stop, Decision::Stop),
            (response(403), Decision::Stop, Decision::Stop, Decision::Stop),
            (response(404), Decision::Stop, Decision::Stop, Decision::Stop),
            (response(409), Decision::Stop, Decision::Stop, Decision::Stop),
            (response(200), Decision::Stop, Decision::Stop, Decision::Stop),
            (response(202), Decision::Stop, Decision::Stop, Decision::Stop),
            (response(204), Decision::Stop, Decision::Stop, Decision::Stop),
            (response(307), Decision::Stop, Decision::Stop, Decision::Stop),
        ] {
            assert_eq!(
                Retry::default().decide(RepeatSafety::Idempotent, outcome, FRESH),
                idempotent,
                "{outcome:?}"
            );
            assert_eq!(
                Retry::default().decide(RepeatSafety::NeedsRequestId, outcome, FRESH),
                once,
                "{outcome:?}"
            );
            assert_eq!(
                Retry::default().decide(RepeatSafety::Unknown, outcome, FRESH),
                unknown,
                "{outcome:?}"
            );
        }
    }

    #[test]
    fn retries_401_once_with_a_new_token() {
        let progress = Progress { token_refreshed: true, attempts: 2, ..FRESH };
        assert_eq!(
            Retry::default().decide(RepeatSafety::Idempotent, response(401), progress),
            Decision::Stop
        );
        let mfa = AttemptOutcome::MfaRequired;
        let decision = Retry::default().decide(RepeatSafety::Idempotent, mfa, FRESH);
        assert_eq!(decision, Decision::Stop, "a new token would not help");
        // Even without other retries.
        assert_eq!(
            Retry::never().decide(RepeatSafety::NeedsRequestId, response(401), FRESH),
            Decision::RefreshToken
        );
    }

    #[test]
    fn delays_double_up_to_the_maximum_with_full_jitter() {
        let wait = |attempts, random| {
            let retry = Retry::default().max_attempts(20);
            match retry.decide(
                RepeatSafety::Idempotent,
                AttemptOutcome::Interrupted,
                Progress { attempts, random, ..FRESH },
            ) {
                Decision::Retry(wait) => wait.as_millis(),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(
            [1, 2, 3, 4, 7, 8, 19].map(|n| wait(n, 1.0)),
            [500, 1000, 2000, 4000, 30_000, 30_000, 30_000]
        );
        assert_eq!((wait(3, 0.5), wait(3, 0.0)), (1000, 0));
    }

    #[test]
    fn extreme_settings_do_not_panic() {
        let extreme = Retry::default()
            .initial_delay(Duration::MAX)
            .max_delay(Duration::MAX)
            .deadline(Duration::MAX);
        let decision =
            extreme.decide(RepeatSafety::NeedsRequestId, AttemptOutcome::NotConnected, FRESH);
        assert_eq!(decision, Decision::Retry(Duration::from_secs(86_400)));
    }

    #[test]
    fn stops_at_the_attempt_limit_and_the_deadline() {
        let retry = Retry::default().max_attempts(3).deadline(Duration::from_secs(10));
        let at = |attempts, elapsed| {
            let progress = Progress { attempts, elapsed: Duration::from_millis(elapsed), ..FRESH };
            retry.decide(RepeatSafety::Idempotent, AttemptOutcome::Interrupted, progress)
        };
        assert_eq!(at(2, 0), Decision::Retry(Duration::from_secs(1)));
        assert_eq!(at(3, 0), Decision::Stop);
        assert_eq!(at(2, 9_000), Decision::DeadlineTooClose(Duration::from_secs(1)));
        assert_eq!(at(2, 99_000), Decision::DeadlineTooClose(Duration::from_secs(1)));
    }

    #[test]
    fn waits_at_least_retry_after_and_within_the_deadline() {
        let retry_after = |seconds| {
            let outcome = AttemptOutcome::Response(
                StatusCode::TOO_MANY_REQUESTS,
                Some(Duration::from_secs(seconds)),
            );
            Retry::default().decide(
                RepeatSafety::NeedsRequestId,
                outcome,
                Progress { random: 0.0, ..FRESH },
            )
        };
        assert_eq!(
            retry_after(57),
            Decision::Retry(Duration::from_secs(57)),
            "longer than max_delay"
        );
        assert_eq!(retry_after(301), Decision::DeadlineTooClose(Duration::from_secs(301)));
    }

    proptest! {
        #[test]
        fn stays_within_the_deadline_and_the_attempt_limit(
            attempts in 1_u32..100, elapsed in 0_u64..1_000, retry_after in proptest::option::of(0_u64..10_000),
            random in 0.0..=1.0_f64, status in 400_u16..600, limit in 1_u32..10,
        ) {
            let retry = Retry::default().max_attempts(limit);
            let status = StatusCode::from_u16(status).unwrap();
            let outcome = AttemptOutcome::Response(status, retry_after.map(Duration::from_secs));
            let progress = Progress { attempts, elapsed: Duration::from_secs(elapsed), token_refreshed: true, random };
            if let Decision::Retry(wait) = retry.decide(RepeatSafety::Idempotent, outcome, progress) {
                prop_assert!(attempts < limit);
                prop_assert!(Duration::from_secs(elapsed) + wait < Duration::from_secs(300));
                prop_assert!(retry_after.is_none_or(|seconds| wait >= Duration::from_secs(seconds)));
            }
        }
    }
}
