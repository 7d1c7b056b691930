//! Whether a failed attempt is made again, and after how long. One pure function decides it, from what came
//! back, how often and how long it was tried, and what kind of operation it is.
//!
//! | what came back | reads, deletes, replaces | create, add, bulk policy update | any other POST and PATCH |
//! |---|---|---|---|
//! | could not connect: nothing was sent | again | again | again |
//! | no whole answer: it may have arrived | again | again, under the same `MS-RequestId` | no |
//! | 408, 502, 504: a gateway gave up waiting | again | again, under the same `MS-RequestId` | no |
//! | 429: throttled | again | again | again |
//! | 503: refused for now | again | again | no |
//! | 500 and other 5xx | again | no: it may be half done | no |
//! | 401 | once, with a new token | once, with a new token | once, with a new token |
//! | anything else | no | no | no |
//!
//! "Again" is bounded four ways: by attempts, by the call's deadline, by the client's retry budget
//! ([`RetryBudget`]), and by a wait that would outlast the deadline, which fails at once and says so.
//!
//! `MS-RequestId` is what makes a repeat safe: the documents call it the idempotency key, and ask to repeat a
//! call that timed out under the same one (<https://learn.microsoft.com/en-us/partner-center/developer/headers>).
//! All attempts of a call share it.
//!
//! The wait is drawn from zero to a bound that doubles (full jitter), so that clients which failed together do
//! not return together. `Retry-After` is a floor under it.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode};

/// How a call is tried again: see the table in the crate's documentation. The defaults suit a service that
/// throttles: 5 attempts within 5 minutes, waits of up to 0.5 s, 1 s, 2 s, 4 s, never more than 30 s unless the
/// service asks for it.
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
    /// One attempt only; a 401 still gets a second one, with a new token.
    pub fn never() -> Self {
        Self { max_attempts: 1, ..Self::default() }
    }

    /// How often a request is sent at most; 0 counts as 1.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// The bound of the first wait; each next bound is twice as long.
    pub fn initial_delay(mut self, wait: Duration) -> Self {
        self.initial_delay = wait;
        self
    }

    /// The bound that no wait outgrows, unless the service asks for more with `Retry-After`.
    pub fn max_delay(mut self, wait: Duration) -> Self {
        self.max_delay = wait;
        self
    }

    /// How long a call may take in all: attempts, waits, and the wait for a throttled customer. The time in which it
    /// waits for its turn at the client's own rate does not count
    /// ([`ClientBuilder::requests_per_second`](crate::ClientBuilder::requests_per_second)).
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    pub(crate) fn time_left(&self, elapsed: Duration) -> Duration {
        self.deadline.saturating_sub(elapsed)
    }
}

/// Whether repeating the whole request is harmless without an idempotency key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// A read, a delete or a replace: doing it twice is doing it once.
    Idempotent,
    /// It starts a job or makes something: only the request id keeps a repeat from doing it again.
    Once,
    /// Nobody knows, nor whether the service keeps its promise about request ids there.
    Unknown,
}

/// What an attempt ended with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AttemptOutcome {
    /// The service could not be reached; nothing was sent.
    Nothing,
    /// The request went out and no whole answer came back.
    Lost,
    /// An answer, and what it asks to wait.
    Answer(StatusCode, Option<Duration>),
}

impl AttemptOutcome {
    /// What is wrong with it, as a trace says it (`error.type`); `None` for a success.
    pub(crate) fn problem(&self) -> Option<&str> {
        match self {
            Self::Nothing => Some("not_connected"),
            Self::Lost => Some("interrupted"),
            Self::Answer(status, _) if status.is_success() => None,
            Self::Answer(status, _) => Some(status.as_str()),
        }
    }
}

/// What to do after an attempt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Decision {
    /// The result stands.
    Stop,
    /// Drop the token and send once more, at once.
    NewToken,
    /// Send again after this long.
    Again(Duration),
    /// It would be worth sending again, but the wait, this long, outlasts the deadline.
    TooLong(Duration),
}

impl Decision {
    /// The wait, where there is one.
    pub(crate) fn wait(self) -> Option<Duration> {
        match self {
            Self::Again(wait) | Self::TooLong(wait) => Some(wait),
            Self::Stop | Self::NewToken => None,
        }
    }
}

/// What is known of the call so far.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CallProgress {
    /// How often it was sent, this attempt included.
    pub(crate) attempts: u32,
    /// Since the call began, without the waits for its turn.
    pub(crate) elapsed: Duration,
    /// Whether a token was dropped for a 401 already.
    pub(crate) new_token: bool,
    /// A number from 0 to 1, drawn anew each time.
    pub(crate) random: f64,
}

impl Retry {
    /// The decision of this module.
    pub(crate) fn decide(
        &self,
        effect: Effect,
        came: AttemptOutcome,
        so_far: CallProgress,
    ) -> Decision {
        let worth = match came {
            AttemptOutcome::Answer(StatusCode::UNAUTHORIZED, _) => {
                return if so_far.new_token { Decision::Stop } else { Decision::NewToken };
            }
            AttemptOutcome::Nothing | AttemptOutcome::Answer(StatusCode::TOO_MANY_REQUESTS, _) => {
                true
            }
            _ if effect == Effect::Unknown => false,
            AttemptOutcome::Lost => true,
            AttemptOutcome::Answer(status, _) => {
                matches!(status.as_u16(), 408 | 502 | 503 | 504)
                    || (status.is_server_error() && effect == Effect::Idempotent)
            }
        };
        if !worth || so_far.attempts >= self.max_attempts {
            return Decision::Stop;
        }
        let asked = match came {
            AttemptOutcome::Answer(_, Some(wait)) => wait,
            _ => Duration::ZERO,
        };
        let doublings = so_far.attempts.saturating_sub(1).min(30) as i32;
        let bound =
            Duration::try_from_secs_f64(self.initial_delay.as_secs_f64() * 2_f64.powi(doublings));
        let bound = bound.unwrap_or(self.max_delay).min(self.max_delay).min(LONGEST_ASKED);
        let drawn = bound.mul_f64(so_far.random.clamp(0.0, 1.0));
        let wait = if asked.is_zero() { drawn } else { asked + drawn.min(self.initial_delay) };
        if wait >= self.time_left(so_far.elapsed) {
            Decision::TooLong(wait)
        } else {
            Decision::Again(wait)
        }
    }
}

/// No service means more than a day, and no sum with it overflows.
const LONGEST_ASKED: Duration = Duration::from_secs(24 * 3600);

/// What an answer asks to wait: `Retry-After` in seconds or as a date (RFC 9110, 10.2.3). A date is read
/// against the answer's own `Date`, so that a wrong clock on this machine does no harm; without one it says nothing.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let asked = text("retry-after")?;
    if !asked.is_empty() && asked.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds = asked.parse().unwrap_or(u64::MAX); // more than any number holds
        return Some(Duration::from_secs(seconds).min(LONGEST_ASKED));
    }
    let until = httpdate::parse_http_date(asked).ok()?;
    let now: SystemTime = httpdate::parse_http_date(text("date")?).ok()?;
    Some(until.duration_since(now).unwrap_or_default().min(LONGEST_ASKED))
}

/// How many repeats a client may have on its hands: a bucket that repeats empty and successes fill again. When
/// the service is down, this is what keeps a thousand calls from becoming five thousand.
///
/// 500 tokens; a repeat takes 5, or 10 after an answer that got lost; a success gives 1 back. The numbers are
/// those of the AWS SDKs' standard retry mode.
#[derive(Debug)]
pub(crate) struct RetryBudget(Mutex<u32>);

impl RetryBudget {
    const FULL: u32 = 500;

    pub(crate) fn full() -> Self {
        Self(Mutex::new(Self::FULL))
    }

    /// Takes what a repeat costs; `false` if there is too little.
    pub(crate) fn take(&self, came: AttemptOutcome) -> bool {
        let cost = if came == AttemptOutcome::Lost { 10 } else { 5 };
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match left.checked_sub(cost) {
            Some(rest) => {
                *left = rest;
                true
            }
            None => false,
        }
    }

    /// A call went well.
    pub(crate) fn refill(&self) {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *left = (*left + 1).min(Self::FULL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FRESH: CallProgress =
        CallProgress { attempts: 1, elapsed: Duration::ZERO, new_token: false, random: 1.0 };

    fn answer(status: u16) -> AttemptOutcome {
        AttemptOutcome::Answer(StatusCode::from_u16(status).unwrap(), None)
    }

    /// The table at the top of this file, row by row.
    #[test]
    fn what_is_sent_again() {
        let again = Decision::Again(Duration::from_millis(500));
        for (came, idempotent, once, unknown) in [
            (AttemptOutcome::Nothing, again, again, again),
            (AttemptOutcome::Lost, again, again, Decision::Stop),
            (answer(408), again, again, Decision::Stop),
            (answer(429), again, again, again),
            (answer(502), again, again, Decision::Stop),
            (answer(503), again, again, Decision::Stop),
            (answer(504), again, again, Decision::Stop),
            (answer(500), again, Decision::Stop, Decision::Stop),
            (answer(501), again, Decision::Stop, Decision::Stop),
            (answer(401), Decision::NewToken, Decision::NewToken, Decision::NewToken),
            (answer(400), Decision::Stop, Decision::Stop, Decision::Stop),
            (answer(403), Decision::Stop, Decision::Stop, Decision::Stop),
            (answer(404), Decision::Stop, Decision::Stop, Decision::Stop),
            (answer(409), Decision::Stop, Decision::Stop, Decision::Stop),
            (answer(200), Decision::Stop, Decision::Stop, Decision::Stop),
            (answer(202), Decision::Stop, Decision::Stop, Decision::Stop),
            (answer(204), Decision::Stop, Decision::Stop, Decision::Stop),
            (answer(307), Decision::Stop, Decision::Stop, Decision::Stop),
        ] {
            assert_eq!(
                Retry::default().decide(Effect::Idempotent, came, FRESH),
                idempotent,
                "{came:?}"
            );
            assert_eq!(Retry::default().decide(Effect::Once, came, FRESH), once, "{came:?}");
            assert_eq!(Retry::default().decide(Effect::Unknown, came, FRESH), unknown, "{came:?}");
        }
    }

    #[test]
    fn a_401_is_repeated_once() {
        let so_far = CallProgress { new_token: true, attempts: 2, ..FRESH };
        assert_eq!(
            Retry::default().decide(Effect::Idempotent, answer(401), so_far),
            Decision::Stop
        );
        // Also where nothing else is ever repeated.
        assert_eq!(Retry::never().decide(Effect::Once, answer(401), FRESH), Decision::NewToken);
    }

    #[test]
    fn waits_double_up_to_the_longest_and_jitter_is_full() {
        let wait = |attempts, random| {
            let retry = Retry::default().max_attempts(20);
            match retry.decide(
                Effect::Idempotent,
                AttemptOutcome::Lost,
                CallProgress { attempts, random, ..FRESH },
            ) {
                Decision::Again(wait) => wait.as_millis(),
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
    fn no_setting_panics() {
        let forever = Retry::default()
            .initial_delay(Duration::MAX)
            .max_delay(Duration::MAX)
            .deadline(Duration::MAX);
        let decision = forever.decide(Effect::Once, AttemptOutcome::Nothing, FRESH);
        assert_eq!(decision, Decision::Again(Duration::from_secs(86_400)));
    }

    #[test]
    fn attempts_and_deadline_end_it() {
        let retry = Retry::default().max_attempts(3).deadline(Duration::from_secs(10));
        let at = |attempts, elapsed| {
            let so_far =
                CallProgress { attempts, elapsed: Duration::from_millis(elapsed), ..FRESH };
            retry.decide(Effect::Idempotent, AttemptOutcome::Lost, so_far)
        };
        assert_eq!(at(2, 0), Decision::Again(Duration::from_secs(1)));
        assert_eq!(at(3, 0), Decision::Stop);
        assert_eq!(at(2, 9_000), Decision::TooLong(Duration::from_secs(1)));
        assert_eq!(at(2, 99_000), Decision::TooLong(Duration::from_secs(1)));
    }

    #[test]
    fn retry_after_is_a_floor_and_the_deadline_its_ceiling() {
        let asked = |seconds| {
            let came = AttemptOutcome::Answer(
                StatusCode::TOO_MANY_REQUESTS,
                Some(Duration::from_secs(seconds)),
            );
            Retry::default().decide(Effect::Once, came, CallProgress { random: 0.0, ..FRESH })
        };
        assert_eq!(
            asked(57),
            Decision::Again(Duration::from_secs(57)),
            "more than the longest of our own"
        );
        assert_eq!(asked(301), Decision::TooLong(Duration::from_secs(301)));
    }

    #[test]
    fn retry_after_is_read_in_both_forms() {
        const NOW: &str = "Tue, 21 Jul 2020 04:10:58 GMT";
        for (asked, date, seconds) in [
            ("57", NOW, Some(57)),
            (" 57 ", NOW, Some(57)),
            ("Tue, 21 Jul 2020 04:11:55 GMT", NOW, Some(57)),
            ("Tuesday, 21-Jul-20 04:11:55 GMT", NOW, Some(57)), // RFC 850, as RFC 9110 asks to read
            ("Tue, 21 Jul 2020 04:00:00 GMT", NOW, Some(0)),    // a time that has passed
            ("Tue, 21 Jul 2020 04:11:55 GMT", "", None),        // from when on?
            ("Tue, 21 Jul 2020 04:11:55 GMT", "odd", None),
            ("Fri, 31 Dec 9999 23:59:59 GMT", NOW, Some(86_400)),
            ("18446744073709551615", NOW, Some(86_400)), // no sum with it overflows
            ("", NOW, None),
            ("-1", NOW, None),
            ("1.5", NOW, None),
            ("soon", NOW, None),
            ("18446744073709551616", NOW, Some(86_400)), // too long for any number
            ("+1", NOW, None),
            ("18446744073709551616 s", NOW, None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("retry-after", asked.parse().unwrap());
            headers.insert("date", date.parse().unwrap());
            let wait = retry_after(&headers).map(|wait| wait.as_secs());
            assert_eq!(wait, seconds, "{asked:?} {date:?}");
        }
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }

    #[test]
    fn the_budget_ends_repeats_and_successes_fill_it() {
        let budget = RetryBudget::full();
        assert_eq!((0..200).filter(|_| budget.take(AttemptOutcome::Nothing)).count(), 100);
        (0..10).for_each(|_| budget.refill());
        assert!(budget.take(AttemptOutcome::Lost) && !budget.take(AttemptOutcome::Nothing));
        (0..1000).for_each(|_| budget.refill());
        assert_eq!((0..200).filter(|_| budget.take(AttemptOutcome::Lost)).count(), 50);
    }

    proptest! {
        #[test]
        fn no_wait_outlasts_the_deadline_and_no_attempt_the_limit(
            attempts in 1_u32..100, elapsed in 0_u64..1_000, asked in proptest::option::of(0_u64..10_000),
            random in 0.0..=1.0_f64, status in 400_u16..600, limit in 1_u32..10,
        ) {
            let retry = Retry::default().max_attempts(limit);
            let status = StatusCode::from_u16(status).unwrap();
            let came = AttemptOutcome::Answer(status, asked.map(Duration::from_secs));
            let so_far = CallProgress { attempts, elapsed: Duration::from_secs(elapsed), new_token: true, random };
            if let Decision::Again(wait) = retry.decide(Effect::Idempotent, came, so_far) {
                prop_assert!(attempts < limit);
                prop_assert!(Duration::from_secs(elapsed) + wait < Duration::from_secs(300));
                prop_assert!(asked.is_none_or(|asked| wait >= Duration::from_secs(asked)));
            }
        }

        #[test]
        fn no_header_panics(text in "[ -~]{0,40}") {
            let mut headers = HeaderMap::new();
            headers.insert("retry-after", text.parse().unwrap());
            headers.insert("date", text.parse().unwrap());
            retry_after(&headers);
        }
    }
}
