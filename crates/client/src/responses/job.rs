//! Waiting for a job. Polls start quickly and slow down. `Retry-After` can slow them further, an unknown state is polled
//! again, and a deadline limits the total time.

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;
use partner_center_devices_raw::BoxFuture;
use partner_center_devices_raw::types::BatchTrackingId;
use tokio::time::{Instant, Sleep};

use crate::calls::call::Call;
use crate::calls::raw_response::RawResponse;
use crate::calls::retry_after::retry_after;
use crate::resources::batch_upload::BatchUpload;
use crate::responses::error::{Error, ErrorKind, Sent};
use crate::responses::models::BatchUploadDetails;

/// The shortest delay between two polls, regardless of the settings.
const MIN_DELAY: Duration = Duration::from_millis(100);

/// How long the service may need to know a job that it accepted. Until then, it answers 404.
const KNOWN_WITHIN: Duration = Duration::from_secs(60);

/// The longest delay between two polls of a job that is not known yet.
const MAX_UNKNOWN_DELAY: Duration = Duration::from_secs(5);

/// How long the service may not know a job that is looked up by its id. The process that it was accepted in may have
/// ended a moment ago.
const LOOKED_UP_WITHIN: Duration = Duration::from_secs(10);

/// The longest `Retry-After` that is respected. A longer one would end the polling of a job that may finish soon.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(5 * 60);

/// The time that the last poll may take after the deadline.
const GRACE_PERIOD: Duration = Duration::from_secs(10);

/// The settings for waiting for a [`Job`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[must_use]
pub struct Wait {
    initial_delay: Duration,
    max_delay: Duration,
    deadline: Duration,
}

impl Default for Wait {
    /// Polls after half a second, then more and more slowly up to every 15 seconds, for at most one hour. Registration
    /// usually takes minutes, sometimes hours.
    fn default() -> Self {
        Self {
            initial_delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(15),
            deadline: Duration::from_secs(3600),
        }
    }
}

impl Wait {
    /// Sets the delay before the second poll. The first poll is immediate, unless the service asked for a delay when it
    /// accepted the job. No delay is shorter than 0.1 seconds.
    pub fn initial_delay(mut self, delay: Duration) -> Self {
        self.initial_delay = delay;
        self
    }

    /// Sets the longest delay between two polls. A longer `Retry-After` of the service still applies, up to five minutes.
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// Sets how long to wait in total. The response to the last poll may arrive up to ten seconds later. The job
    /// continues after the deadline. A poll that waits for the client's own rate limit
    /// ([`ClientBuilder::requests_per_second`](crate::ClientBuilder::requests_per_second)) is limited by it too.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Returns the delays between the polls if the service asks for no longer ones: 0.5, 0.75, 1.1, 1.7 … 15 s by default. The
    /// iterator has no end.
    pub fn delays(&self) -> impl Iterator<Item = Duration> + use<> {
        let Self { initial_delay, max_delay, .. } = *self;
        (0..60).chain(std::iter::repeat(60)).map(move |polls: i32| {
            // Each delay is 1.5 times the previous one.
            let grown = initial_delay.as_secs_f64() * 1.5_f64.powi(polls);
            let delay = Duration::try_from_secs_f64(grown).unwrap_or(max_delay).min(max_delay);
            delay.max(MIN_DELAY)
        })
    }

    /// Returns the next step after poll number `polls` (from 1), `elapsed` after the first one.
    fn decide(
        &self,
        is_finished: bool,
        polls: u32,
        elapsed: Duration,
        retry_after: Duration,
    ) -> Step {
        if is_finished {
            return Step::Finish;
        }
        if elapsed >= self.deadline {
            return Step::TimeOut;
        }
        let place = polls.saturating_sub(1).min(60) as usize;
        let delay = self.delays().nth(place).unwrap_or(self.max_delay);
        let delay = delay.max(retry_after.min(MAX_RETRY_AFTER));
        // The last poll is at the deadline.
        Step::Poll(delay.min(self.deadline - elapsed))
    }
}

/// The next step of waiting.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    Finish,
    TimeOut,
    /// Poll again after this delay.
    Poll(Duration),
}

/// A job of the service: an upload, or an assignment of policies.
///
/// - `job.await` waits until the job finishes, with the default [`Wait`];
/// - [`statuses`](Self::statuses) yields the status of each poll;
/// - [`status`](Self::status) polls once.
///
/// Dropping any of them stops the waiting, not the job. Store the [`tracking_id`](Self::tracking_id) to continue later
/// with [`Customer::job`](crate::Customer::job).
#[derive(Clone)]
pub struct Job {
    upload: BatchUpload,
    /// The service asked not to be polled before this time.
    not_before: Option<Instant>,
    /// When the service accepted the job, if that was a call of this process.
    accepted_at: Option<Instant>,
}

impl Job {
    pub(crate) fn new(upload: BatchUpload) -> Self {
        Self { upload, not_before: None, accepted_at: None }
    }

    /// Creates a job that the service just accepted. `retry_after` is the delay it asked for.
    pub(crate) fn accepted(upload: BatchUpload, retry_after: Option<Duration>) -> Self {
        let now = Instant::now();
        let not_before = retry_after.map(|delay| now + delay.min(MAX_RETRY_AFTER));
        Self { upload, not_before, accepted_at: Some(now) }
    }

    /// Returns the tracking id, which identifies the job.
    #[must_use]
    pub fn tracking_id(&self) -> &BatchTrackingId {
        self.upload.tracking_id()
    }

    /// Polls once.
    pub fn status(&self) -> Call<BatchUploadDetails> {
        self.upload.get()
    }

    /// Waits until the job finishes. If the service accepted the job less than a minute ago in this process, a 404 means
    /// that it does not know the job yet, so the job is polled again. A job that was looked up by its id is polled again
    /// for ten seconds, because another process may have created it just before.
    ///
    /// # Errors
    /// If a poll fails, or if the deadline passes ([`ErrorKind::StillRunning`]). The job continues in both cases.
    pub async fn wait(&self, wait: Wait) -> Result<BatchUploadDetails, Error> {
        let mut statuses = self.statuses(wait);
        loop {
            match std::future::poll_fn(|context| Pin::new(&mut statuses).poll_next(context)).await {
                Some(Ok(status)) if status.is_finished() => return Ok(status),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error),
                None => return Err(self.deadline_passed()),
            }
        }
    }

    /// Returns the statuses as a stream that ends when the job finishes. The last item is a finished status or an error.
    pub fn statuses(&self, wait: Wait) -> Statuses {
        Statuses { job: self.clone(), wait, clock: None, polls: 0, state: WaitState::Start }
    }

    fn deadline_passed(&self) -> Error {
        let detail =
            format!("the deadline for waiting passed (tracking id {})", self.tracking_id());
        Error::new(ErrorKind::StillRunning, "get_batch_job_status", Sent::Answered)
            .with_detail(detail)
    }
}

impl IntoFuture for Job {
    type Output = Result<BatchUploadDetails, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.wait(Wait::default()).await })
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job").field("tracking_id", self.tracking_id()).finish_non_exhaustive()
    }
}

/// The statuses of a job, as a stream.
#[must_use = "a stream does nothing until it is polled"]
pub struct Statuses {
    job: Job,
    wait: Wait,
    /// Starts with the first poll of the stream.
    clock: Option<Clock>,
    polls: u32,
    state: WaitState,
}

/// The time since the waiting started, and a timer for the deadline, which also limits the polls themselves.
struct Clock {
    started: Instant,
    end: Pin<Box<Sleep>>,
}

enum WaitState {
    Start,
    Poll,
    Polling(BoxFuture<'static, Result<(BatchUploadDetails, RawResponse), Error>>),
    Sleeping(Pin<Box<Sleep>>),
    TimedOut,
    Done,
}

impl Stream for Statuses {
    type Item = Result<BatchUploadDetails, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            match &mut this.state {
                WaitState::Start => this.state = this.start(),
                WaitState::Poll => this.state = this.poll_job(),
                WaitState::Polling(polling) => {
                    let Poll::Ready(result) = polling.as_mut().poll(context) else {
                        if let Some(clock) = &mut this.clock {
                            ready!(clock.end.as_mut().poll(context));
                        }
                        this.state = WaitState::TimedOut;
                        continue;
                    };
                    if let Some(delay) = this.unknown_delay(&result) {
                        this.state = sleep(delay);
                        continue;
                    }
                    this.state = this.after_poll(&result);
                    return Poll::Ready(Some(result.map(|(status, _)| status)));
                }
                WaitState::Sleeping(sleep) => {
                    ready!(sleep.as_mut().poll(context));
                    this.state = WaitState::Poll;
                }
                WaitState::TimedOut => {
                    this.state = WaitState::Done;
                    return Poll::Ready(Some(Err(this.job.deadline_passed())));
                }
                WaitState::Done => return Poll::Ready(None),
            }
        }
    }
}

impl Statuses {
    /// Starts the clock, and waits first if the service asked for that when it accepted the job.
    fn start(&mut self) -> WaitState {
        let (now, deadline) = (Instant::now(), self.wait.deadline);
        self.clock = Some(Clock { started: now, end: Box::pin(tokio::time::sleep(deadline)) });
        let delay = self.job.not_before.map(|time| time.duration_since(now));
        match delay.filter(|delay| !delay.is_zero()) {
            None => WaitState::Poll,
            Some(delay) => sleep(delay.min(deadline)),
        }
    }

    fn poll_job(&mut self) -> WaitState {
        self.polls += 1;
        if let Some(clock) = &mut self.clock
            && clock.started.elapsed() >= self.wait.deadline
        {
            // The last poll starts at the deadline, and its response needs some time.
            clock.end.as_mut().reset(Instant::now() + GRACE_PERIOD);
        }
        WaitState::Polling(self.job.status().with_raw().into_future())
    }

    /// Returns the delay before the next poll if the job is so new that the service may not know it yet.
    fn unknown_delay(
        &self,
        result: &Result<(BatchUploadDetails, RawResponse), Error>,
    ) -> Option<Duration> {
        let Err(error) = result else { return None };
        let elapsed = self.clock.as_ref().map_or(Duration::ZERO, |clock| clock.started.elapsed());
        let may_be_unknown = match self.job.accepted_at {
            Some(accepted_at) => accepted_at.elapsed() < KNOWN_WITHIN,
            None => elapsed < LOOKED_UP_WITHIN,
        };
        if error.kind() != ErrorKind::NotFound || !may_be_unknown {
            return None;
        }
        match self.wait.decide(false, self.polls, elapsed, Duration::ZERO) {
            Step::Poll(delay) => Some(delay.min(MAX_UNKNOWN_DELAY)),
            Step::Finish | Step::TimeOut => None,
        }
    }

    fn after_poll(&self, result: &Result<(BatchUploadDetails, RawResponse), Error>) -> WaitState {
        let Ok((status, raw)) = result else { return WaitState::Done };
        let elapsed = self.clock.as_ref().map_or(Duration::ZERO, |clock| clock.started.elapsed());
        let delay = retry_after(raw.headers()).unwrap_or_default();
        match self.wait.decide(status.is_finished(), self.polls, elapsed, delay) {
            Step::Finish => WaitState::Done,
            Step::TimeOut => WaitState::TimedOut,
            Step::Poll(delay) => sleep(delay),
        }
    }
}

fn sleep(delay: Duration) -> WaitState {
    WaitState::Sleeping(Box::pin(tokio::time::sleep(delay)))
}

impl fmt::Debug for Statuses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Statuses")
            .field("job", &self.job)
            .field("polls", &self.polls)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_up_to_the_maximum() {
        let wait = Wait::default();
        let delays: Vec<u128> = (1..=12)
            .map(|polls| match wait.decide(false, polls, Duration::ZERO, Duration::ZERO) {
                Step::Poll(delay) => delay.as_millis(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(
            delays,
            [500, 750, 1125, 1687, 2531, 3796, 5695, 8542, 12814, 15000, 15000, 15000]
        );
    }

    #[test]
    fn extreme_settings_neither_flood_nor_panic() {
        let delay =
            |wait: Wait, polls| match wait.decide(false, polls, Duration::ZERO, Duration::ZERO) {
                Step::Poll(delay) => delay,
                other => panic!("{other:?}"),
            };
        assert_eq!(delay(Wait::default().initial_delay(Duration::ZERO), 9), MIN_DELAY);
        assert_eq!(delay(Wait::default().max_delay(Duration::ZERO), 1), MIN_DELAY);
        let extreme = Wait::default()
            .initial_delay(Duration::MAX)
            .max_delay(Duration::MAX)
            .deadline(Duration::MAX);
        assert_eq!(delay(extreme, 60), Duration::MAX);
    }

    #[test]
    fn stops_when_finished_or_at_the_deadline() {
        let (wait, none) = (Wait::default().deadline(Duration::from_secs(10)), Duration::ZERO);
        assert_eq!(wait.decide(true, 1, Duration::from_secs(99), none), Step::Finish);
        assert_eq!(wait.decide(false, 9, Duration::from_secs(10), none), Step::TimeOut);
        assert_eq!(
            wait.decide(false, 9, Duration::from_secs(9), none),
            Step::Poll(Duration::from_secs(1))
        );
        assert_eq!(
            wait.decide(false, u32::MAX, Duration::ZERO, none),
            Step::Poll(Duration::from_secs(10))
        );
    }

    #[test]
    fn respects_a_longer_retry_after() {
        let wait = Wait::default().deadline(Duration::from_secs(60));
        for (retry_after, polls, elapsed, delay) in [
            (0, 1, 0, 500),        // no Retry-After
            (7, 1, 0, 7_000),      // longer than the initial delay
            (1, 3, 0, 1_125),      // shorter than the grown delay
            (40, 1, 0, 40_000),    // longer than the maximum
            (3600, 1, 50, 10_000), // past the deadline: a last poll at the deadline
            (u64::MAX, 1, 0, 60_000),
        ] {
            assert_eq!(
                wait.decide(
                    false,
                    polls,
                    Duration::from_secs(elapsed),
                    Duration::from_secs(retry_after)
                ),
                Step::Poll(Duration::from_millis(delay)),
                "{retry_after} {polls} {elapsed}"
            );
        }
    }

    #[test]
    fn an_absurd_retry_after_does_not_stop_the_polling() {
        for seconds in [301, 99_999_999, u64::MAX] {
            let delay = Duration::from_secs(seconds);
            let step = Wait::default().decide(false, 1, Duration::ZERO, delay);
            assert_eq!(step, Step::Poll(MAX_RETRY_AFTER), "{seconds}");
        }
    }
}
